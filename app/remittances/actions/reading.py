"""Read claims for pages: the list, one claim, what hangs on a visit or a case, what was denied lately."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from app.clearance.actions.opening import saw
from app.patients import store as patient_store
from app.patients.facts import Patient
from app.platform.caller import Caller
from app.policies.actions.basics import today_of
from app.practice.store import practice as practice_store
from app.remittances.actions.tying import candidates_of
from app.remittances.facts.claims import Category, ClaimLine, ClaimQuery, KeptClaim, Place, ReadClaim, Show
from app.remittances.store import listing as store
from app.schedule import store as schedule_store
from app.schedule.facts import Visit

PAGE_SIZE, BESIDE, SUGGESTED, TODAY = 50, 10, 12, 5
NEAR, LATELY = timedelta(days=14), timedelta(days=30)


class ClaimNotFoundError(Exception):
    """There is no such claim."""


@dataclass(frozen=True, slots=True)
class Claims:
    """One page of the list. `people` by id; `counts` as far as counted; `next`: where the next page begins."""

    query: ClaimQuery
    lines: tuple[ClaimLine, ...]
    people: Mapping[UUID, Patient]
    counts: Mapping[Show, int]
    next: Place | None
    today: date


@dataclass(frozen=True, slots=True)
class OpenedClaim:
    """One claim. `visits` by id are those of its lines; `suggested`: visits that a person may tie it to, with their
    patients in `people`."""

    kept: KeptClaim
    people: Mapping[UUID, Patient]
    visits: Mapping[UUID, Visit]
    suggested: tuple[Visit, ...]
    zone: ZoneInfo


def read_claims(caller: Caller, query: ClaimQuery) -> Claims:
    """Read one page of the claims in sight, with a fixed number of queries, and note whom it shows."""
    session, practice_id = caller.session, caller.practice_id
    found = store.page(session, practice_id, query, PAGE_SIZE + 1, caller.scope)
    lines = found[:PAGE_SIZE]
    people = _people(caller, [one.patient_id for one in lines])
    # Whoever sees a part of the practice gets no counts: each row would be asked whether it is in sight.
    kinds = () if caller.scope.limited else (Show.DENIED, Show.WAITING)
    counts = {one: store.counted(session, practice_id, ClaimQuery(show=one)) for one in kinds}
    saw(caller, "remittances.claims_seen", list(people))
    last = lines[-1] if len(found) > PAGE_SIZE else None
    place = None if last is None else Place(last.denied, last.paid_on, last.id)
    return Claims(query, lines, people, counts, place, today_of(caller))


def read_kept(caller: Caller, claim_id: UUID) -> OpenedClaim:
    """Open one claim, and note who read it. Raises ClaimNotFoundError."""
    session, practice_id = caller.session, caller.practice_id
    kept = store.kept(session, practice_id, claim_id)
    if kept is None:
        raise ClaimNotFoundError
    ids = dict.fromkeys(one for one in (kept.to.visit_id, *(line.to.visit_id for line in kept.lines)) if one)
    visits = schedule_store.visits_by_ids(session, practice_id, list(ids), caller.scope)
    suggested = _suggested(caller, kept) if kept.to.why is not None else ()
    people = _people(caller, [kept.to.patient_id, *(one.patient_id for one in suggested)])
    saw(caller, "remittances.claim_seen", [*people, claim_id])
    zone = ZoneInfo(practice_store.practice_of(session, practice_id).zone)
    return OpenedClaim(kept, people, visits, suggested, zone)


def claims_of_visit(caller: Caller, visit_id: UUID) -> tuple[ClaimLine, ...]:
    """The claims of a visit; the page that shows them has noted that its patient is read."""
    return store.of_visit(caller.session, caller.practice_id, visit_id, BESIDE)


def claims_of_case(caller: Caller, case_id: UUID) -> tuple[ClaimLine, ...]:
    """The claims of which a line rested on the approval of a case, as `claims_of_visit`."""
    return store.of_case(caller.session, caller.practice_id, case_id, BESIDE)


def claims_of_patient(caller: Caller, patient_id: UUID) -> tuple[ClaimLine, ...]:
    """The claims of a patient that came last, as `claims_of_visit`."""
    return store.of_patient(caller.session, caller.practice_id, patient_id, BESIDE)


def denied_lately(caller: Caller) -> Claims | None:
    """The claims denied for want of authorization in the last 30 days, the newest first; None: none."""
    today = today_of(caller)
    query = ClaimQuery(Show.DENIED, Category.AUTHORIZATION, first=today - LATELY)
    found = store.page(caller.session, caller.practice_id, query, TODAY, caller.scope)
    if not found:
        return None
    count = store.counted(caller.session, caller.practice_id, query, caller.scope)
    people = _people(caller, [one.patient_id for one in found])
    saw(caller, "remittances.claims_seen", list(people))
    return Claims(query, found, people, {Show.DENIED: count}, None, today)


def visit_named(caller: Caller, reference: str) -> Visit | None:
    """Find a visit in sight by the practice system's number."""
    found = schedule_store.visit_by_reference(caller.session, caller.practice_id, reference)
    if found is None:
        return None
    return schedule_store.visits_by_ids(caller.session, caller.practice_id, [found.id], caller.scope).get(found.id)


def _people(caller: Caller, ids: list[UUID | None]) -> Mapping[UUID, Patient]:
    named = list(dict.fromkeys(one for one in ids if one is not None))
    return patient_store.opened(caller.session, caller.practice_id, named)


def _suggested(caller: Caller, kept: KeptClaim) -> tuple[Visit, ...]:
    """Visits near the days of service, of the patient where one is known, else of those whom the claim may be about."""
    day = _day(kept.claim)
    if day is None:
        return ()
    patient = kept.to.patient_id
    patients = [patient] if patient is not None else [one.patient_id for one in candidates_of(caller, kept.claim)]
    found = schedule_store.of_patients(caller.session, caller.practice_id, patients, caller.scope)
    near = [one for visits in found.values() for one in visits if abs(one.day - day) <= NEAR]
    return tuple(sorted(near, key=lambda one: (abs(one.day - day), one.starts_at, one.reference))[:SUGGESTED])


def _day(claim: ReadClaim) -> date | None:
    return next((one for one in (claim.begins, *(line.begins for line in claim.lines)) if one is not None), None)


def without_place(query: ClaimQuery) -> ClaimQuery:
    """The first page of a query."""
    return replace(query, after=None)


def visit_in_sight(caller: Caller, visit_id: UUID) -> bool:
    """Say whether a visit is on file and in sight."""
    return bool(schedule_store.visits_by_ids(caller.session, caller.practice_id, [visit_id], caller.scope))
