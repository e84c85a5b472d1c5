"""Tell what a visit showed before, on what basis, and what we would answer now for a day that is past."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from app.audit.actions import record
from app.authorizations import store as authorization_store
from app.authorizations.facts import Authorization
from app.clearance.actions.answering import VisitNotFoundError, check_known_visit
from app.clearance.facts.answered import AnsweredVisit
from app.clearance.facts.history import AcceptedRisk, By, PastVerdict
from app.clearance.facts.reasons import Badge
from app.clearance.facts.stored import VisitVerdict
from app.clearance.facts.verdicts import LineVerdict
from app.clearance.rules.packing import StoredLine, unpack
from app.clearance.rules.recalling import recall
from app.clearance.store import history, risks
from app.coverage import store as coverage_store
from app.coverage.facts import Coverage
from app.platform.caller import Caller
from app.platform.db import writing
from app.practice import store as practice_store
from app.practice.facts import Site
from app.schedule import store as schedule_store
from app.schedule.facts import Visit

SHOWN = 20  # stretches on one page


@dataclass(frozen=True, slots=True)
class Stretch:
    """One answer of a visit from `since` until `until` (None: it is shown now).

    `kept` is what was stored of each line; `lines` the same called back as lists do, empty where that is no longer
    possible. `by` is what replaced it (None: nothing has), `by_name` who where a person did; `risk` who let it through.
    """

    since: datetime
    until: datetime | None
    as_of: date
    badge: Badge
    rules_version: str
    kept: tuple[StoredLine, ...]
    lines: tuple[LineVerdict, ...]
    by: By | None
    by_name: str | None
    risk: AcceptedRisk | None


@dataclass(frozen=True, slots=True)
class DayShown:
    """What a visit showed on one day of its site, the first first, and what we would answer now as of that day."""

    day: date
    stretches: tuple[Stretch, ...]
    now: AnsweredVisit


@dataclass(frozen=True, slots=True)
class VisitHistory:
    """What a visit shows and showed, the latest first. `older` True: more is kept than is given here.

    `approvals` are those of the patient by id; `today` is the day that it is at the site.
    """

    visit: Visit
    today: date
    zone: ZoneInfo
    sites: Mapping[UUID, Site]
    approvals: Mapping[UUID, Authorization]
    stretches: tuple[Stretch, ...]
    older: bool
    shown_on: DayShown | None = None


@dataclass(frozen=True, slots=True)
class _Known:
    """What is read once for all stretches of a visit."""

    visit: Visit
    coverages: tuple[Coverage, ...]
    approvals: tuple[Authorization, ...]
    risks: tuple[AcceptedRisk, ...]
    names: Mapping[UUID, str]


def visit_history(caller: Caller, visit_id: UUID, shown_on: date | None = None) -> VisitHistory:
    """Tell what a visit showed, and on one day where that is asked; a fixed number of queries.

    Raises    VisitNotFoundError. The reading is noted.
    """
    session, practice_id = caller.session, caller.practice_id
    visit = schedule_store.visits_by_ids(session, practice_id, [visit_id]).get(visit_id)
    if visit is None:
        raise VisitNotFoundError
    known = _known(caller, visit)
    sites = {site.id: site for site in practice_store.sites(session, practice_id)}
    zone = ZoneInfo(sites[visit.site_id].zone)
    now = history.shown_now(session, practice_id, visit_id)
    past = history.of_visit(session, practice_id, visit_id, SHOWN + 1)
    shown = [_present(now, known)] if now is not None else []
    found = VisitHistory(
        visit=visit,
        today=caller.clock.today(zone),
        zone=zone,
        sites=sites,
        approvals={row.id: row for row in known.approvals},
        stretches=(*shown, *(_past(one, known) for one in past[:SHOWN])),
        older=len(past) > SHOWN,
    )
    if shown_on is not None:
        found = replace(found, shown_on=_on_day(caller, found, known, now, shown_on))
    with writing(session):
        record(caller, "clearance.history_seen", [visit.patient_id, visit.id])
    return found


def _known(caller: Caller, visit: Visit) -> _Known:
    session, practice_id, patient = caller.session, caller.practice_id, visit.patient_id
    return _Known(
        visit,
        coverage_store.of_patients(session, practice_id, [patient]).get(patient, ()),
        authorization_store.of_patients(session, practice_id, [patient]).get(patient, ()),
        risks.of_visits(session, practice_id, [visit.id]).get(visit.id, ()),
        {one.id: one.name for one in practice_store.staff_of(session, practice_id)},
    )


def _on_day(caller: Caller, found: VisitHistory, known: _Known, now: VisitVerdict | None, day: date) -> DayShown:
    """The stretches that touch a day of the site, whole days counted in its zone."""
    begins = datetime.combine(day, time(), found.zone)
    ends = datetime.combine(day + timedelta(days=1), time(), found.zone)
    past = history.between(caller.session, caller.practice_id, found.visit.id, begins, ends, SHOWN)
    stretches = [_past(one, known) for one in past]
    if now is not None and now.shown_since is not None and now.shown_since < ends:
        stretches.append(_present(now, known))
    return DayShown(day, tuple(stretches), check_known_visit(caller, found.visit, day))


def _present(now: VisitVerdict, known: _Known) -> Stretch:
    assert now.shown_since is not None, "it was read from the table"
    kept, lines = _recalled(now.content, now.as_of, known)
    risk = _risk_at(known.risks, now.shown_since) if now.badge is Badge.ACCEPTED_RISK else None
    return Stretch(now.shown_since, None, now.as_of, now.badge, now.rules_version, kept, lines, None, None, risk)


def _past(one: PastVerdict, known: _Known) -> Stretch:
    kept, lines = _recalled(one.content, one.as_of, known)
    name = known.names.get(one.by.user_id) if one.by.user_id is not None else None
    risk = _risk_at(known.risks, one.shown_since) if one.badge is Badge.ACCEPTED_RISK else None
    return Stretch(
        one.shown_since, one.shown_until, one.as_of, one.badge, one.rules_version, kept, lines, one.by, name, risk
    )


def _recalled(content: bytes, as_of: date, known: _Known) -> tuple[tuple[StoredLine, ...], tuple[LineVerdict, ...]]:
    return unpack(content), recall(known.visit, content, known.coverages, known.approvals, as_of) or ()


def _risk_at(ever: Sequence[AcceptedRisk], at: datetime) -> AcceptedRisk | None:
    """The risk that stood at an instant; of two that touch it the one accepted later."""
    return next(
        (one for one in ever if one.accepted_at <= at and (one.ended_at is None or at <= one.ended_at)),
        None,
    )
