"""Record what was performed at a visit, and open a request for what is not covered while the payer still takes it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from app.audit.actions import record
from app.authorizations import store as authorization_store
from app.authorizations.actions import KnownNumberError, add_authorization, change_authorization
from app.authorizations.facts import UNSENT, Authorization, AuthorizationRecord, Counting, Item, Kind, Status
from app.casework.actions.cosmetic import cosmetic_of
from app.casework.facts.performed import Compared, Performance, Performed, Record
from app.casework.rules.performed import compare, left_out
from app.casework.store import performed as store
from app.clearance.actions.answering import VisitNotFoundError
from app.clearance.actions.judging import without_canceled
from app.clearance.actions.opening import Opener, saw
from app.clearance.actions.world import World
from app.clearance.rules.candidates import GRANTED
from app.clearance.rules.leads import stated_window
from app.clearance.rules.redacting import without_diagnoses
from app.coverage.facts import CoverageRecord
from app.coverage.store import coverages as coverage_store
from app.deadlines.actions import own_case
from app.deadlines.rules.calendar import zone_of
from app.deadlines.rules.retro import Window, window_of
from app.platform.caller import Caller
from app.platform.changes import Changed, announce, announced
from app.schedule import store as schedule_store
from app.schedule.facts import Visit, VisitStatus

DONE = frozenset({VisitStatus.BOOKED, VisitStatus.DONE})


class StalePerformanceError(Exception):
    """Somebody recorded the visit meanwhile: nothing is saved."""


class NotPerformedError(Exception):
    """The visit was canceled, the patient did not come, or its day lies ahead: nothing can have been performed."""


def read_performance(caller: Caller, visit_id: UUID, tried: Sequence[Performed] | None = None) -> Performance:
    """Read what was performed at a visit beside what was planned and approved, and note who read it.

    Takes     the visit; services to compare instead of those on record.
    Raises    VisitNotFoundError.
    """
    found = _performance(caller, visit_id, tried)
    if not caller.reads("diagnosis"):
        shown = tuple(replace(one, verdict=without_diagnoses(one.verdict)) for one in found.compared)
        found = replace(found, compared=shown)
    saw(caller, "casework.performed_seen", [found.opened.patient.id, visit_id])
    return found


def record_performed(
    caller: Caller, visit_id: UUID, lines: Sequence[Performed], version: int, key: UUID
) -> Performance:
    """Record what was performed at a visit, in place of what was recorded; sent twice it counts once.

    Where a service is not covered, a request of kind retro is opened in draft under `key`, whose next action is due on
    the last day on which the payer still takes it. A request that was opened before and not sent follows the record.

    Raises    VisitNotFoundError; NotPerformedError; StalePerformanceError.
    """
    with announced(caller) as session:
        on_file = store.record_of(session, caller.practice_id, visit_id)
        found = _performance(caller, visit_id, lines)
        visit = found.opened.answer.lines[0].visit
        if visit.status not in DONE or visit.day > found.today:
            raise NotPerformedError
        if on_file.lines == tuple(lines):
            return found
        if on_file.version != version:
            raise StalePerformanceError
        case_id = _request(caller, found, visit, on_file, key)
        by = caller.clock.now(), caller.user_id
        store.keep(session, caller.practice_id, (visit_id, visit.patient_id), lines, by, version, case_id)
        announce(session, Changed(frozenset({visit.patient_id})))
        record(caller, "casework.performed_recorded", [visit.patient_id, visit_id], services=len(lines))
        return replace(found, record=Record(tuple(lines), version + 1, *by, case_id))


def _performance(caller: Caller, visit_id: UUID, tried: Sequence[Performed] | None) -> Performance:
    session, practice_id = caller.session, caller.practice_id
    visit = schedule_store.visits_by_ids(session, practice_id, [visit_id]).get(visit_id)
    opener = Opener(caller)
    opened = opener.panel({visit_id: visit.patient_id}).get(visit_id) if visit is not None else None
    if visit is None or opened is None or opened.beside is None:
        raise VisitNotFoundError
    today = opener.world.today(visit.site_id)
    found = Performance(opened, today, store.record_of(session, practice_id, visit_id))
    lines = found.record.lines if tried is None else tuple(tried)
    if not lines:
        return found
    file = without_canceled(opened.beside.file)
    compared = compare(file, visit, lines, opener.world.at(today))
    open_ = [one for one in compared if not one.covered]
    return replace(
        found,
        compared=compared,
        left_out=left_out(visit, lines),
        window=_window(visit, open_, opener.world) if open_ else None,
        parent=_parent(compared),
    )


def _window(visit: Visit, open_: Sequence[Compared], world: World) -> Window:
    """The payer's window for the services that are not covered, as the alert of the request counts it."""
    coverage = open_[0].verdict.coverage
    payer = coverage.payer if coverage is not None else ""
    items = tuple(Item((one.performed.code,)) for one in open_)
    asked = Authorization(visit.id, visit.patient_id, payer, "", Status.DRAFT, items=items)
    stated = stated_window(asked, world.book, visit.day)
    zone = zone_of(world.zone(visit.site_id).key)
    return window_of(visit.starts_at, visit.day, stated[0] if stated is not None else None, zone)


def _parent(compared: Sequence[Compared]) -> UUID | None:
    """The approval under which something of the visit was performed: a request for the rest follows it."""
    chosen = (one.verdict.chosen for one in compared if one.covered)
    return next((row.id for row in chosen if row is not None and row.status in GRANTED), None)


def _request(caller: Caller, found: Performance, visit: Visit, on_file: Record, key: UUID) -> UUID | None:
    """Open the request for what is not covered, or let the one that was opened follow the record."""
    open_ = _asked_for(caller, visit, [one for one in found.compared if not one.covered])
    items = tuple(Item((one.performed.code,), None, Counting.UNITS, one.performed.units) for one in open_)
    if on_file.case_id is not None:
        known = authorization_store.record_of(caller.session, caller.practice_id, on_file.case_id, hold=True)
        if known is not None and known[0].status in UNSENT and items:
            change_authorization(caller, on_file.case_id, known[1], {"items": items, **_next(found, open_)})
        return on_file.case_id
    coverage = open_[0].verdict.coverage if open_ else None
    if coverage is None:
        return None
    insured = coverage_store.on_file(caller.session, caller.practice_id, visit.patient_id)
    whose = next(one for one in insured if one.id == coverage.id)
    try:
        add_authorization(caller, replace(_draft(found, visit, whose, items, key), **_next(found, open_)))
    except KnownNumberError as known_already:
        return known_already.authorization_id
    if caller.user_id is not None:
        own_case(caller, key, caller.user_id)
    return key


def _asked_for(caller: Caller, visit: Visit, open_: Sequence[Compared]) -> list[Compared]:
    """Of services that are not covered those for which insurance is asked: no cosmetic one."""
    asked = [(one.performed.code, None) for one in open_]
    cosmetic = {one.code for one in cosmetic_of(caller, visit.patient_id, asked, visit.lines[0].diagnoses)}
    return [one for one in open_ if one.performed.code not in cosmetic]


def _draft(
    found: Performance, visit: Visit, whose: CoverageRecord, items: tuple[Item, ...], key: UUID
) -> AuthorizationRecord:
    line = visit.lines[0]
    return AuthorizationRecord(
        id=key,
        patient_id=visit.patient_id,
        natural_key="",
        payer=whose.payer,
        payer_name=whose.payer_name,
        status=Status.DRAFT,
        raw_status=Status.DRAFT.value,
        kind=Kind.RETRO,
        items=items,
        member_id=whose.member_id or None,
        plan=whose.plan,
        plan_id=whose.plan_id,
        group_number=whose.group_number,
        begins=visit.day,
        ends=visit.day,
        diagnoses=line.diagnoses,
        provider_npi=line.provider_npi or None,
        site_id=visit.site_id,
        places=(line.place,),
        parent_id=found.parent,
    )


def _next(found: Performance, open_: Sequence[Compared]) -> dict[str, Any]:
    if found.window is None:
        return {}
    codes = ", ".join(one.performed.code for one in open_)
    return {"next_action": f"Ask the payer for what was performed: {codes}", "next_action_on": found.window.act_on}
