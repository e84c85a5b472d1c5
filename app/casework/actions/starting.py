"""Begin the requests that several visits need, at once: each a case in draft, owned by whoever begins it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from app.audit.actions import record
from app.authorizations import store as authorization_store
from app.authorizations.actions import add_authorization
from app.authorizations.facts import AuthorizationRecord
from app.authorizations.rules.settling import RefusedValueError
from app.casework.actions.cosmetic import CosmeticRequestError, refuse_cosmetic
from app.casework.facts.starting import Begun, Group, Starting
from app.casework.rules.starting import draft_of, sort_out
from app.clearance.actions.opening import Opener, saw
from app.clearance.facts.verdicts import LineVerdict
from app.coverage.facts import CoverageRecord
from app.coverage.store import coverages as coverage_store
from app.deadlines.actions import own_case
from app.patients import store as patient_store
from app.platform.caller import Caller
from app.platform.changes import announced
from app.schedule import store as schedule_store


def read_starting(caller: Caller, visit_ids: Collection[UUID]) -> Starting:
    """Judge some visits anew and sort out which requests they need, and note whom the page shows.

    A visit that is not on file, or out of sight, is left out. The number of queries does not grow with the visits.
    """
    found = _starting(caller, visit_ids)
    people = [one.patient.id for one in found.visits.values()]
    saw(caller, "casework.starting_seen", [*dict.fromkeys(people), *found.visits])
    return found


def start_requests(caller: Caller, visit_ids: Collection[UUID], key: UUID) -> Begun:
    """Begin a request in draft for whatever the visits need and nobody has asked for.

    Takes     the visits; the id of the form, by which a form sent twice begins each request once.
    Returns   what was begun; what was refused with a sentence. What is on file meanwhile is not begun again: patients
              are held while their visits are judged.
    """
    with announced(caller) as session:
        practice_id = caller.practice_id
        visits = schedule_store.visits_by_ids(session, practice_id, list(visit_ids), caller.scope)
        patient_store.details(session, practice_id, list({one.patient_id for one in visits.values()}))
        found = _starting(caller, visit_ids)
        coverages = _coverages(caller, found.found.begin)
        drafts = [(one, draft_of(one, coverages[one.asked.coverage_id], key, found.today)) for one in found.found.begin]
        begun, refused = _begin_each(caller, drafts)
        if begun:
            record(caller, "casework.requests_begun", [*begun, *visits], requests=len(begun))
    return Begun(tuple(begun), found.found, tuple(refused))


def _begin_each(
    caller: Caller, drafts: Sequence[tuple[Group, AuthorizationRecord]]
) -> tuple[list[UUID], list[tuple[Group, str]]]:
    """Begin requests. Returns those that were begun, and the groups that were refused with the sentence."""
    begun: list[UUID] = []
    refused: list[tuple[Group, str]] = []
    for group, new in drafts:
        try:
            if _begin(caller, new):
                begun.append(new.id)
        except (CosmeticRequestError, RefusedValueError) as fault:
            refused.append((group, fault.sentence))
    return begun, refused


def _begin(caller: Caller, new: AuthorizationRecord) -> bool:
    """Put a request on file and give it to whoever begins it. Returns False where it was begun before."""
    refuse_cosmetic(caller, new)
    if not add_authorization(caller, new):
        return False
    if caller.user_id is not None:
        own_case(caller, new.id, caller.user_id)
    return True


def _coverages(caller: Caller, groups: Sequence[Group]) -> dict[UUID, CoverageRecord]:
    """The coverages that requests are begun under, by id, member ids opened."""
    patients = list({one.asked.patient_id for one in groups})
    found = coverage_store.records_of(caller.session, caller.practice_id, patients)
    return {one.id: one for records in found.values() for one in records}


def _starting(caller: Caller, visit_ids: Collection[UUID]) -> Starting:
    session, practice_id = caller.session, caller.practice_id
    opener = Opener(caller)
    world = opener.world
    visits = schedule_store.visits_by_ids(session, practice_id, list(visit_ids), caller.scope)
    ordered = sorted(visits.values(), key=lambda one: (one.starts_at, one.reference))
    opened = opener.open({one.id: one.patient_id for one in ordered})
    patients = list({one.patient_id for one in ordered})
    on_file = authorization_store.of_patients(session, practice_id, patients)
    lines = sorted((line for one in opened.values() for line in one.answer.lines), key=_in_time)
    found = sort_out(lines, on_file, world.book.families, lambda visit: world.today(visit.site_id))
    return Starting(found, opened, caller.clock.today(ZoneInfo(world.practice.zone)))


def _in_time(line: LineVerdict) -> tuple[datetime, str, int]:
    return line.visit.starts_at, line.visit.reference, line.line.position
