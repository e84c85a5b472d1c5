"""List reading that stands out, and let somebody responsible say what came of a look at it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from app.audit import store as audit_store
from app.audit.actions import record
from app.oversight import store
from app.oversight.actions.reading import initials_of, names_of_people
from app.oversight.facts import Case, Finding, Review
from app.platform.caller import Caller
from app.platform.db import writing
from app.practice.store import practice as practice_store

PAGE = 50
MOST_COUNTED = 1_000


class CaseNotFoundError(Exception):
    """Nothing unusual has this id."""


class OwnReadingError(Exception):
    """Nobody reviews what that person read."""


class AlreadyReviewedError(Exception):
    """Somebody was quicker; that review stands."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of unusual reading, with names of people and, where the caller may know them, initials of patients."""

    cases: Sequence[Case]
    more: bool
    waiting: int
    people: Mapping[UUID, str]
    patients: Mapping[UUID, str | None]
    zone: ZoneInfo
    now: datetime
    reason: str | None = None


def listing(caller: Caller, reviewed: bool, before: tuple[datetime, UUID] | None, knows: bool) -> Listing:
    """List what waits for a look, or what was looked at, and note whom the page showed."""
    session, practice_id = caller.session, caller.practice_id
    found = store.cases(session, practice_id, reviewed, before, PAGE + 1)
    return _listing(caller, found[:PAGE], len(found) > PAGE, knows)


def one(caller: Caller, case_id: UUID, knows: bool) -> Listing:
    """Read one, with the reason that the person gave when it was break-glass. Raises CaseNotFoundError."""
    session, practice_id = caller.session, caller.practice_id
    found = store.case_of(session, practice_id, case_id)
    if found is None:
        raise CaseNotFoundError
    line = audit_store.line_at(session, practice_id, found.unusual.sequence)
    why = audit_store.reasons_of(session, practice_id, [line.id]).get(line.id) if line is not None else None
    return _listing(caller, [found], False, knows, why if knows else None)


def review(caller: Caller, case_id: UUID, finding: Finding, note: str) -> None:
    """Write what came of a look. Raises CaseNotFoundError, OwnReadingError and AlreadyReviewedError."""
    with writing(caller.session) as session:
        found = store.case_of(session, caller.practice_id, case_id)
        if found is None or caller.user_id is None:
            raise CaseNotFoundError
        if found.unusual.by == caller.user_id:
            raise OwnReadingError
        said = Review(caller.user_id, caller.clock.now(), finding, note)
        if not store.save_review(session, caller.practice_id, case_id, said):
            raise AlreadyReviewedError
        patients = [] if found.unusual.patient_id is None else [found.unusual.patient_id]
        record(caller, "oversight.reviewed", [*patients, case_id, found.unusual.by], finding=finding)


def waiting(caller: Caller) -> int:
    """Count what waits for a look, up to a thousand."""
    return store.waiting(caller.session, caller.practice_id, MOST_COUNTED)


def _listing(caller: Caller, cases: Sequence[Case], more: bool, knows: bool, reason: str | None = None) -> Listing:
    session, practice_id = caller.session, caller.practice_id
    about = {case.unusual.patient_id for case in cases if case.unusual.patient_id is not None}
    found = Listing(
        cases,
        more,
        waiting(caller),
        names_of_people(caller),
        initials_of(caller, about, knows),
        ZoneInfo(practice_store.practice_of(session, practice_id).zone),
        caller.clock.now(),
        reason,
    )
    with writing(session):
        record(caller, "oversight.seen", sorted(about), cases=len(cases))
    return found
