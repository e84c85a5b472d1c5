"""What an approval covers, said right after it was saved."""

from dataclasses import dataclass
from uuid import UUID

from app.authorizations.facts import Authorization
from app.casework.facts.chart import Chart
from app.casework.rules.outcome import outcome_of
from app.casework.views.chart import VisitRow, visit_row, why_held_not
from app.casework.views.words import person_name
from app.clearance.facts.verdicts import LineVerdict
from app.clearance.views.context import called, drug_name
from app.values.wording import counted, long_day


@dataclass(frozen=True, slots=True)
class OpenLine:
    """One booked service that no approval covers: when, what, and why."""

    visit_id: UUID
    day: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class SavedPage:
    """All that the template shows."""

    patient_id: UUID
    name: str
    mrn: str
    approval_id: UUID
    approval: str
    sentence: str
    open: tuple[OpenLine, ...]
    visits: tuple[VisitRow, ...]


def saved_page(chart: Chart, approval: Authorization) -> SavedPage:
    """Say what an approval covers of the visits that are booked from today on, and what it does not."""
    lines = [line for one in chart.visits for line in one.answer.lines]
    found = outcome_of(approval.id, lines, chart.today)
    ids = {line.visit.id for line in lines if line.chosen is not None and line.chosen.id == approval.id}
    ids |= {line.visit.id for line in found.open}
    shown = [one for one in chart.visits if one.answer.lines[0].visit.id in ids]
    return SavedPage(
        patient_id=chart.details.id,
        name=person_name(chart.details),
        mrn=chart.details.mrn,
        approval_id=approval.id,
        approval=called(approval),
        sentence=_sentence(found.visits, found.covered, found.elsewhere),
        open=tuple(_open(one, approval, chart) for one in found.open),
        visits=tuple(visit_row(one) for one in shown if one.answer.lines[0].visit.day >= chart.today),
    )


def _sentence(visits: int, covered: int, elsewhere: int) -> str:
    if not visits:
        return "Saved. No visit is booked that asks for an approval."
    other = f" {counted(elsewhere, 'visit')} covered by other approvals." if elsewhere else ""
    if covered == visits == 1:
        return "Saved. It covers the one booked visit."
    if covered == visits:
        return f"Saved. It covers all {visits} booked visits."
    return f"Saved. It covers {covered} of {counted(visits, 'booked visit')}.{other}"


def _open(one: LineVerdict, approval: Authorization, chart: Chart) -> OpenLine:
    what = one.line.code or drug_name(one.line.drug) or f"visit type {one.line.visit_type}"
    return OpenLine(one.visit.id, long_day(one.visit.day), what, why_not(one, approval, chart))


def why_not(one: LineVerdict, approval: Authorization, chart: Chart) -> str:
    """Say why a line is not covered: by the first finding on the approval held against it, or by its code alone."""
    if one.chosen is None:
        return f"{'Code' if one.line.code else 'Drug'} not in it, nor in another approval"
    words = why_held_not(one, chart.sites, chart.today)
    return words if one.chosen.id == approval.id else f"Closest is {called(one.chosen)}: {words[0].lower()}{words[1:]}"
