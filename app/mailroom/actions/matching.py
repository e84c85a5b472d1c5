"""The records that wait for a person: show both sides, let a person match one, set it aside, or take that back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.audit.actions import record as audit
from app.authorizations import store as authorization_store
from app.authorizations.facts import AuthorizationRecord
from app.casework.actions.payer_answers import OPEN
from app.coverage.facts import CoverageRecord
from app.coverage.store import coverages as coverage_store
from app.mailroom.actions.handing import filed_now, handed
from app.mailroom.facts import STATE_OF, WAITING, Mail, Record, RecordState, Sort
from app.mailroom.rules.sides import Told, told_of
from app.mailroom.store import documents, records
from app.patients import store as patient_store
from app.patients.facts import Patient
from app.patients.rules import birth_key, member_keys, name_key
from app.platform.caller import Caller
from app.platform.changes import announced
from app.platform.db import joined, writing
from app.schedule import store as schedule_store
from app.schedule.facts import Visit
from app.values.records import Filed, Outcome

PAGE, MOST, AGAIN = 50, 10, 200
MATCHED_BY_HAND = frozenset({Sort.REVIEW, Sort.CLAIM, Sort.COVERAGE_INFORMATION, Sort.APPOINTMENT, Sort.PERSON})
"""Records that a person can match with a case, a visit or a patient; others are tried again once the file is right."""


class RecordNotFoundError(Exception):
    """No record in sight has this id."""


class NotWaitingError(Exception):
    """Somebody was quicker: the record is not as the person saw it."""


class NotACandidateError(Exception):
    """What was chosen is not on file, or nothing that such a record can belong to."""


@dataclass(frozen=True, slots=True)
class WaitingList:
    """A page of records that wait, those that came last first, with their documents and patients."""

    records: tuple[Record, ...]
    mails: Mapping[UUID, Mail]
    patients: Mapping[UUID, Patient]
    more: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """What is on file of one patient whom a record may be about."""

    patient: Patient
    coverages: tuple[CoverageRecord, ...]
    cases: tuple[AuthorizationRecord, ...]
    visits: tuple[Visit, ...]


@dataclass(frozen=True, slots=True)
class OneRecord:
    """A record with its document, what it says, and the patients beside whom it is shown, the likeliest first.

    `subject`: the case that it came to, where it did. `by_hand`: whether a person can match it.
    """

    record: Record
    mail: Mail
    told: Told
    subject: AuthorizationRecord | None
    beside: tuple[Beside, ...]
    by_hand: bool


def read_waiting(caller: Caller, before: UUID | None, aside: bool = False) -> WaitingList:
    """List the records in sight that wait, or those that were set aside, from behind one of them, a page at a time."""
    session, practice_id = caller.session, caller.practice_id
    states: Sequence[RecordState] = (RecordState.SET_ASIDE,) if aside else WAITING
    found = records.waiting(session, practice_id, caller.scope, states, before, PAGE + 1)
    shown = found[:PAGE]
    patients = patient_store.opened(session, practice_id, [one.patient_id for one in shown if one.patient_id])
    mails = documents.documents_by_id(session, practice_id, [one.document_id for one in shown])
    with writing(session):
        audit(caller, "mailroom.waiting_seen", sorted(patients), count=len(shown))
    return WaitingList(shown, mails, patients, len(found) > PAGE)


def read_record(caller: Caller, record_id: UUID, patient_id: UUID | None = None) -> OneRecord:
    """Read one record with both sides, and note whose file was shown.

    Takes     a patient whom the person looked up, shown beside those that the record may be about.
    Raises    RecordNotFoundError.
    """
    session, practice_id = caller.session, caller.practice_id
    found = _found(caller, record_id)
    assert found.part is not None
    told = told_of(found.sort, found.part)
    ids = dict.fromkeys([*_named(patient_id), *_named(found.patient_id), *_likely(caller, told)])
    seen = [one for one in ids if patient_store.in_sight(session, practice_id, one, caller.scope)][:MOST]
    case = None
    if found.sort is Sort.REVIEW and found.subject_id is not None:
        case = authorization_store.record_of(session, practice_id, found.subject_id)
    mail = documents.document_of(session, practice_id, found.document_id)
    assert mail is not None
    beside = _beside(caller, seen, found.sort)
    with writing(session):
        audit(caller, "mailroom.candidates_seen", [record_id, *seen])
    by_hand = found.sort in MATCHED_BY_HAND
    return OneRecord(found, mail, told, None if case is None else case[0], beside, by_hand)


def find_patient(caller: Caller, text: str) -> UUID | None:
    """Find one patient in sight by a medical record number or a member id; None where not exactly one has it."""
    session, practice_id = caller.session, caller.practice_id
    by_mrn = patient_store.by_mrn(session, practice_id, text, caller.scope)
    if by_mrn is not None:
        return by_mrn
    keys = member_keys(text)
    found = {one for key in keys for one in patient_store.found_under(session, practice_id, [key], 2, caller.scope)}
    return next(iter(found)) if len(found) == 1 else None


def match(caller: Caller, record_id: UUID, version: int, chosen: UUID) -> Filed:
    """Say what a record belongs to: a case, a visit or a patient, by its sort; its room then takes it.

    Returns   what came of it; it may still wait, such as an answer to a request that is not open.
    Raises    RecordNotFoundError; NotWaitingError; NotACandidateError.
    """
    with announced(caller) as session, joined(session):
        found = _waiting(caller, record_id, version)
        if found.sort not in MATCHED_BY_HAND or not _is_candidate(caller, found.sort, chosen):
            raise NotACandidateError
        filed = handed(caller, found, chosen)
        now = caller.clock.now()
        records.settle(session, caller.practice_id, record_id, STATE_OF[filed.outcome], filed, now)
        if filed.outcome in (Outcome.MATCHED, Outcome.ALREADY):
            records.decide(session, caller.practice_id, found, STATE_OF[filed.outcome], caller.user_id, now, None)
        subjects = [one for one in (record_id, filed.patient_id, chosen) if one is not None]
        audit(caller, "mailroom.matched", subjects, outcome=filed.outcome.value)
    return filed


def try_again(caller: Caller) -> int:
    """Give the records in sight that wait to their rooms once more, after the file was set right; nobody is asked.

    Returns   how many wait no more. Records of sets that bear another's control numbers are left to a person.
    """
    found = records.waiting(caller.session, caller.practice_id, caller.scope, (RecordState.UNMATCHED,), None, AGAIN)
    came = [filed_now(caller, one.id, RecordState.UNMATCHED) for one in found]
    settled = sum(state is not None and state not in WAITING for state in came)
    if settled or caller.user_id is not None:
        with writing(caller.session):
            audit(caller, "mailroom.tried_again", count=settled)
    return settled


def set_aside(caller: Caller, record_id: UUID, version: int, reason: str) -> None:
    """Say that a record is not for the practice, and why. Raises RecordNotFoundError; NotWaitingError."""
    with writing(caller.session) as session:
        found = _waiting(caller, record_id, version)
        now = caller.clock.now()
        records.decide(session, caller.practice_id, found, RecordState.SET_ASIDE, caller.user_id, now, reason)
        audit(caller, "mailroom.set_aside", [record_id, *_named(found.patient_id)])


def bring_back(caller: Caller, record_id: UUID) -> None:
    """Let a record wait again that was set aside; it works once. Raises RecordNotFoundError."""
    with writing(caller.session) as session:
        found = _found(caller, record_id, hold=True)
        if found.state is not RecordState.SET_ASIDE:
            return
        records.decide(session, caller.practice_id, found, RecordState.UNMATCHED, None, None, None)
        audit(caller, "mailroom.brought_back", [record_id, *_named(found.patient_id)])


def decided_by(caller: Caller, record_id: UUID) -> UUID | None:
    """Tell who dealt with a record last; None: nobody. Raises RecordNotFoundError."""
    return _found(caller, record_id).decided_by


def _found(caller: Caller, record_id: UUID, hold: bool = False) -> Record:
    session, practice_id = caller.session, caller.practice_id
    found = records.record_of(session, practice_id, record_id, hold=hold)
    if found is None or not records.in_sight(session, practice_id, caller.scope, record_id):
        raise RecordNotFoundError
    return found


def _waiting(caller: Caller, record_id: UUID, version: int) -> Record:
    found = _found(caller, record_id, hold=True)
    if found.state not in WAITING or found.version != version:
        raise NotWaitingError
    return found


def _named(one: UUID | None) -> tuple[UUID, ...]:
    return () if one is None else (one,)


def _likely(caller: Caller, told: Told) -> Iterable[UUID]:
    """Find patients in sight whom a record may be about: by member id, else by name and birth date."""
    session, practice_id, scope = caller.session, caller.practice_id, caller.scope
    for member in told.member_ids:
        for key in sorted(member_keys(member)):
            yield from patient_store.found_under(session, practice_id, [key], MOST, scope)
    if told.last_name and told.birth_date is not None:
        keys = [name_key("last", told.last_name), birth_key(told.birth_date)]
        yield from patient_store.found_under(session, practice_id, keys, MOST, scope)


def _beside(caller: Caller, ids: Sequence[UUID], sort: Sort) -> tuple[Beside, ...]:
    session, practice_id = caller.session, caller.practice_id
    patients = patient_store.opened(session, practice_id, ids)
    coverages = coverage_store.records_of(session, practice_id, ids)
    cases = authorization_store.records_of(session, practice_id, ids) if sort is Sort.REVIEW else {}
    visits = schedule_store.of_patients(session, practice_id, ids) if sort is Sort.CLAIM else {}
    return tuple(
        Beside(
            patients[one],
            tuple(coverages.get(one, ())),
            tuple(case for case in cases.get(one, ()) if case.status in OPEN),
            tuple(sorted(visits.get(one, ()), key=lambda visit: visit.starts_at, reverse=True))[:MOST],
        )
        for one in ids
        if one in patients
    )


def _is_candidate(caller: Caller, sort: Sort, chosen: UUID) -> bool:
    """Say whether what was chosen is on file, of the right kind, and its patient in sight."""
    session, practice_id = caller.session, caller.practice_id
    patient: UUID | None = chosen
    if sort is Sort.REVIEW:
        patient = authorization_store.patients_by_id(session, practice_id, [chosen]).get(chosen)
    elif sort is Sort.CLAIM:
        visit: Any = schedule_store.visits_by_ids(session, practice_id, [chosen]).get(chosen)
        patient = chosen if visit is None else visit.patient_id
    return patient is not None and patient_store.in_sight(session, practice_id, patient, caller.scope)
