"""What a set of rules would change, as its page shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from app.authorizations.views import STATUS_WORDS
from app.patients.facts import Patient
from app.rule_changes.actions.reading import SHOWN
from app.rule_changes.facts.impact import CaseTurn, VisitTurn
from app.rule_changes.facts.pages import ImpactDetail
from app.rule_changes.views.impact import need_why, resting_words, summary, visit_why
from app.values.wording import clock_time, counted, long_day


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One visit that would stand otherwise; badges by name."""

    id: UUID
    when: str
    patient: str
    mrn: str
    site: str
    before: str
    after: str
    why: str


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One open case of which a need would be another."""

    id: UUID
    patient: str
    mrn: str
    payer: str
    status: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImpactPage:
    """All that the page shows of the visits and cases; `more_*`: how many are not named, in words."""

    summary: str
    resting: str | None
    visits: tuple[VisitRow, ...]
    more_visits: str | None
    cases: tuple[CaseRow, ...]
    more_cases: str | None


def impact_page(found: ImpactDetail) -> ImpactPage:
    """Put what would change into words; the first visits and cases are named."""
    impact = found.impact
    return ImpactPage(
        summary=summary(impact),
        resting=resting_words(impact) if impact.resting else None,
        visits=tuple(_visit(one, found.patients) for one in impact.visits[:SHOWN]),
        more_visits=_more(len(impact.visits), "visit"),
        cases=tuple(_case(one, found.patients) for one in impact.cases[:SHOWN]),
        more_cases=_more(len(impact.cases), "case"),
    )


def _more(count: int, thing: str) -> str | None:
    return f"and {counted(count - SHOWN, f'more {thing}')}" if count > SHOWN else None


def _visit(turn: VisitTurn, patients: Mapping[UUID, Patient]) -> VisitRow:
    patient = patients[turn.patient_id]
    when = f"{long_day(turn.starts_at.date())} {clock_time(turn.starts_at)}"
    name, mrn = _name(patient), patient.mrn
    return VisitRow(turn.visit_id, when, name, mrn, turn.site, turn.before.value, turn.after.value, visit_why(turn))


def _case(turn: CaseTurn, patients: Mapping[UUID, Patient]) -> CaseRow:
    patient = patients[turn.patient_id]
    why = tuple(need_why(one.service, one.before, one.after) for one in turn.services)
    return CaseRow(turn.case_id, _name(patient), patient.mrn, turn.payer_name, STATUS_WORDS[turn.status], why)


def _name(patient: Patient) -> str:
    return f"{patient.last_name}, {patient.first_name}"
