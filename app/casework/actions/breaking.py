"""Break-glass: open a patient out of sight for an hour, with a reason that is kept and looked at."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from app.audit.actions import record
from app.coverage.store import coverages as coverage_store
from app.patients import store as patient_store
from app.patients.rules import birth_key, member_keys
from app.platform.caller import Caller
from app.platform.db import writing
from app.practice.store import openings
from app.values.members import member_forms

LASTS = timedelta(hours=1)
CANDIDATES = 20


class NobodyFoundError(Exception):
    """Nobody of the practice has this number, or more than one person has."""


@dataclass(frozen=True, slots=True)
class Sought:
    """Who is to be opened: by record number, else by member id with the birth date; both as they are on file, whole."""

    mrn: str = ""
    member_id: str = ""
    born: date | None = None


def break_glass(caller: Caller, sought: Sought, reason: str) -> UUID:
    """Open a patient of the practice for an hour, or find one who is in sight already, of whom nothing is noted.

    Takes     who is sought; why, in the person's words. One transaction with its audit line, which keeps the reason.
    Returns   the patient's id.
    Raises    NobodyFoundError, and then the attempt stands in the audit log.
    """
    assert caller.user_id is not None
    with writing(caller.session) as session:
        found = _found(caller, sought)
        if found is None:
            record(replace(caller, reason=reason), "practice.patient_not_found")
        elif not patient_store.in_sight(session, caller.practice_id, found, caller.scope):
            now = caller.clock.now()
            openings.open_patient(session, caller.practice_id, caller.user_id, found, now, now + LASTS)
            record(replace(caller, reason=reason), "practice.patient_opened", [found])
    if found is None:
        raise NobodyFoundError
    return found


def opened_until(caller: Caller, patient_id: UUID) -> datetime | None:
    """When a patient whom the caller opened goes out of sight again; None: not opened."""
    if caller.user_id is None or patient_id not in caller.scope.opened:
        return None
    now = caller.clock.now()
    return openings.opened_now(caller.session, caller.practice_id, caller.user_id, now).get(patient_id)


def _found(caller: Caller, sought: Sought) -> UUID | None:
    session, practice_id = caller.session, caller.practice_id
    if sought.mrn:
        return patient_store.by_mrn(session, practice_id, sought.mrn)
    if not sought.member_id or sought.born is None:
        return None
    born = birth_key(sought.born)
    keys = [(key, born) for key in sorted(member_keys(sought.member_id))]
    ids = {one for pair in keys for one in patient_store.found_under(session, practice_id, pair, CANDIDATES)}
    people = patient_store.opened(session, practice_id, sorted(ids))
    coverages = coverage_store.records_of(session, practice_id, sorted(ids))
    whole = member_forms(sought.member_id).whole
    fitting = [
        one
        for one, person in people.items()
        if person.birth_date == sought.born
        and any(row.member_id and member_forms(row.member_id).whole == whole for row in coverages.get(one, ()))
    ]
    return fitting[0] if len(fitting) == 1 else None
