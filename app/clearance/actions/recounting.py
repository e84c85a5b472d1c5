"""Tell what a visit showed before, on what basis, and what we would answer now for a day that is past."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from app.authorizations.facts import Authorization
from app.clearance.actions.answering import VisitNotFoundError, answered
from app.clearance.actions.judging import judge_file
from app.clearance.actions.opening import Opener, saw
from app.clearance.facts.answered import AnsweredVisit
from app.clearance.facts.history import AcceptedRisk, By, PastVerdict
from app.clearance.facts.opened import OpenedVisit
from app.clearance.facts.reasons import Badge
from app.clearance.facts.stored import VisitVerdict
from app.clearance.facts.verdicts import LineVerdict, PatientFile
from app.clearance.rules.packing import StoredLine, pack, unpack
from app.clearance.rules.recalling import recall
from app.clearance.store import history
from app.platform.caller import Caller
from app.practice.facts.practice import Site
from app.practice.store import staff as practice_store
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
    file: PatientFile
    judged: tuple[LineVerdict, ...]
    risks: tuple[AcceptedRisk, ...]
    names: Mapping[UUID, str]


def read_visit(caller: Caller, visit_id: UUID, shown_on: date | None = None) -> tuple[OpenedVisit, VisitHistory]:
    """Open a visit for its own page with what it showed before, and on one day where that is asked.

    The number of queries is fixed. Raises VisitNotFoundError. The reading is noted.
    """
    visit = schedule_store.visits_by_ids(caller.session, caller.practice_id, [visit_id]).get(visit_id)
    if visit is None:
        raise VisitNotFoundError
    opener = Opener(caller)
    opened = opener.panel({visit.id: visit.patient_id}).get(visit.id)
    if opened is None:
        raise VisitNotFoundError
    found = _history(opener, opened, visit, shown_on)
    saw(caller, "clearance.seen", [visit.patient_id, visit.id])
    return opened, found


def visit_history(caller: Caller, visit_id: UUID, shown_on: date | None = None) -> VisitHistory:
    """Tell what a visit showed before, and on one day where that is asked. As `read_visit`."""
    return read_visit(caller, visit_id, shown_on)[1]


def _history(opener: Opener, opened: OpenedVisit, visit: Visit, shown_on: date | None) -> VisitHistory:
    session, practice_id, beside = opener.caller.session, opener.caller.practice_id, opened.beside
    assert beside is not None, "it was opened for a panel"
    names = {one.id: one.name for one in practice_store.staff_of(session, practice_id)}
    known = _Known(visit, beside.file, opened.answer.lines, beside.risks, names)
    now = history.shown_now(session, practice_id, visit.id)
    past = history.of_visit(session, practice_id, visit.id, SHOWN + 1)
    shown = [_present(now, known)] if now is not None else []
    return VisitHistory(
        visit=visit,
        today=opened.answer.basis.as_of,
        zone=opened.answer.zone,
        sites=opened.answer.sites,
        approvals={row.id: row for row in beside.file.authorizations},
        stretches=(*shown, *(_past(one, known) for one in past[:SHOWN])),
        older=len(past) > SHOWN,
        shown_on=_on_day(opener, opened, known, now, shown_on) if shown_on is not None else None,
    )


def _on_day(opener: Opener, opened: OpenedVisit, known: _Known, now: VisitVerdict | None, day: date) -> DayShown:
    """The stretches that touch a day of the site, whole days counted in its zone."""
    zone, visit = opened.answer.zone, known.visit
    begins = datetime.combine(day, time(), zone)
    ends = datetime.combine(day + timedelta(days=1), time(), zone)
    past = history.between(opener.caller.session, opener.caller.practice_id, visit.id, begins, ends, SHOWN)
    stretches = [_past(one, known) for one in past]
    if now is not None and now.shown_since is not None and now.shown_since < ends:
        stretches.append(_present(now, known))
    world = replace(opener.world, as_of=day, todays={})
    judged = judge_file(known.file, world)[visit.id]
    return DayShown(day, tuple(stretches), answered(judged, opened.patient.mrn, world, opener.imported, known.risks))


def _present(now: VisitVerdict, known: _Known) -> Stretch:
    assert now.shown_since is not None, "it was read from the table"
    kept, lines = _recalled(now.content, now.as_of, known)
    if now.content == pack(known.judged):
        lines = known.judged  # whole, where the answer was judged just now
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
    return unpack(content), recall(known.visit, content, known.file.coverages, known.file.authorizations, as_of) or ()


def _risk_at(ever: Sequence[AcceptedRisk], at: datetime) -> AcceptedRisk | None:
    """The risk that stood at an instant; of two that touch it the one accepted later."""
    return next(
        (one for one in ever if one.accepted_at <= at and (one.ended_at is None or at <= one.ended_at)),
        None,
    )
