"""Record what the payer answered on a case, see before what it would do, and take the last change back."""

from dataclasses import replace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.authorizations import store as authorization_store
from app.authorizations.actions import StaleAuthorizationError, correct, move, take_back
from app.authorizations.facts import AuthorizationRecord, Status
from app.authorizations.rules.moves import WAITING
from app.authorizations.rules.requested import asked_of, compare, was_cut
from app.casework.actions.approvals import known_drug
from app.casework.actions.entries import add_entry
from app.casework.actions.watching import badges_of, turned_since
from app.casework.facts.cases import CaseNotFoundError
from app.casework.facts.decisions import Decided, Decision, Foreseen
from app.casework.facts.done import Done
from app.casework.facts.entries import Contact, Entry, EntryKind, Outcome
from app.casework.store import entries as entry_store
from app.clearance.actions.preview import preview
from app.deadlines import store as clock_store
from app.deadlines.actions import answer_information, ask_information, reopen_information
from app.deadlines.facts import Case, Information
from app.platform.caller import Caller
from app.platform.changes import announced
from app.platform.ids import new_id
from app.practice.store.practice import practice_of

STATUS_OF = {
    Decision.APPROVED: Status.APPROVED,
    Decision.VERBAL: Status.APPROVED,
    Decision.MORE_INFO: Status.MORE_INFO,
    Decision.INFO_SENT: Status.SUBMITTED,
    Decision.DENIED: Status.DENIED,
    Decision.NOT_REQUIRED: Status.NOT_REQUIRED,
    Decision.WITHDRAWN: Status.WITHDRAWN,
    Decision.DISMISSED: Status.DISMISSED,
    Decision.CLOSED: Status.CLOSED,
}
"""Where each answer takes a case; too early takes it back to ready, or leaves it unsent."""
OUTCOMES = {
    Decision.APPROVED: Outcome.APPROVED,
    Decision.VERBAL: Outcome.VERBALLY_APPROVED,
    Decision.MORE_INFO: Outcome.MORE_INFO_ASKED,
    Decision.INFO_SENT: Outcome.SUBMITTED,
    Decision.NOT_REQUIRED: Outcome.NOT_REQUIRED,
    Decision.TOO_EARLY: Outcome.TOO_EARLY,
}


def foresee(caller: Caller, case_id: UUID, version: int, key: UUID, decided: Decided) -> Foreseen | None:
    """Tell what an answer would do, and leave nothing behind. None: it is on file already. Raises as `decide`."""
    patient = _patient(caller, case_id)
    if entry_store.entry(caller.session, caller.practice_id, key) is not None:
        return None
    found: list[AuthorizationRecord] = []

    def apply(_session: Session) -> None:
        found.append(_settle(caller, case_id, version, new_id(), decided))

    turns = preview(caller, [patient], apply)
    return Foreseen(found[0], compare(found[0]), turns)


def decide(caller: Caller, case_id: UUID, version: int, key: UUID, decided: Decided) -> Done:
    """Record an answer on a case, with the entry that tells of it, its clock and what comes next, and judge its visits.

    Takes     the case and the version that the person saw; the id that the form carries, so that a form sent twice
              counts once; the answer.
    Returns   what it did; no change where it is on file already.
    Raises    CaseNotFoundError; StaleAuthorizationError, IllegalMoveError, RefusedValueError, KnownNumberError,
              EventNotFoundError (authorizations/actions.py).
    """
    patient = _patient(caller, case_id)
    if entry_store.entry(caller.session, caller.practice_id, key) is not None:
        return Done(None)
    event_id = new_id()
    before = badges_of(caller, patient)
    with announced(caller) as session:
        record = _settle(caller, case_id, version, event_id, decided)
        _clocks(caller, session, case_id, event_id, decided)
        add_entry(caller, _entry(caller, session, record, key, event_id, decided))
    return Done(event_id, turned_since(caller, patient, before))


def _patient(caller: Caller, case_id: UUID) -> UUID:
    found = authorization_store.patients_by_id(caller.session, caller.practice_id, [case_id])
    if case_id not in found:
        raise CaseNotFoundError
    return found[case_id]


def _settle(caller: Caller, case_id: UUID, version: int, event_id: UUID, decided: Decided) -> AuthorizationRecord:
    """Move the case, or correct the change that was wrong. Returns it as it stands then."""
    found = authorization_store.record_of(caller.session, caller.practice_id, case_id)
    if found is None:
        raise CaseNotFoundError
    old = found[0]
    if found[1] != version:
        raise StaleAuthorizationError(*found)
    to = _status(old, decided)
    values = _values(caller, old, decided, to)
    if to is Status.APPROVED and decided.what is Decision.APPROVED and was_cut(replace(old, **values, status=to)):
        to = Status.PARTLY_APPROVED
    if decided.corrects is not None:
        values |= {"status": to, "raw_status": to.value}
        return correct(caller, case_id, version, decided.corrects, values, event_id=event_id)
    return move(caller, case_id, version, to, values, decided.why, event_id)


def _status(old: AuthorizationRecord, decided: Decided) -> Status:
    if decided.what is Decision.TOO_EARLY:
        return Status.READY if old.status in WAITING else old.status
    return STATUS_OF[decided.what]


def _values(caller: Caller, old: AuthorizationRecord, decided: Decided, to: Status) -> dict[str, Any]:
    """What changes on the case, and what comes next on it.

    What a log of the practice named is what was asked, where nothing else tells it.
    """
    step = decided.next_step
    values = known_drug(caller, decided.values)
    values |= {"next_action": step.action if step else None, "next_action_on": step.on if step else None}
    today = caller.clock.today(ZoneInfo(practice_of(caller.session, caller.practice_id).zone))
    if to is not old.status and to in (Status.APPROVED, Status.NOT_REQUIRED):
        values["decided_on"] = values.get("decided_on") or today
    if not old.requested and old.status in WAITING and decided.what is Decision.APPROVED:
        values["requested"] = asked_of(old)
    return values


def _clocks(caller: Caller, session: Session, case_id: UUID, event_id: UUID, decided: Decided) -> None:
    """Start the clock of what the payer asked for, under the id of the change, or stop those that run."""
    now = caller.clock.now()
    if decided.what is Decision.MORE_INFO:
        ask_information(caller, case_id, Information(event_id, now, decided.due_on, decided.due_at))
    if decided.what is Decision.INFO_SENT:
        case = clock_store.cases(session, caller.practice_id, [case_id]).get(case_id, Case(case_id))
        for asked in case.information:
            if asked.answered_at is None:
                answer_information(caller, asked.id, now)


def _entry(
    caller: Caller, session: Session, record: AuthorizationRecord, key: UUID, event_id: UUID, decided: Decided
) -> Entry:
    outcome = OUTCOMES.get(decided.what)
    if record.status is Status.PARTLY_APPROVED:
        outcome = Outcome.PARTLY_APPROVED
    contact = replace(decided.contact or Contact(), outcome=outcome)
    wrong = () if decided.corrects is None else _written_with(caller, session, record.id, decided.corrects)
    return Entry(
        id=key,
        case_id=record.id,
        patient_id=record.patient_id,
        kind=EntryKind.DECISION,
        at=caller.clock.now(),
        by_id=caller.user_id,
        words=decided.words,
        contact=contact,
        document_id=decided.document_id,
        event_id=event_id,
        next_action=decided.next_step.action if decided.next_step else None,
        next_action_on=decided.next_step.on if decided.next_step else None,
        corrects=wrong[0].id if wrong else None,
    )


def _written_with(caller: Caller, session: Session, case_id: UUID, event_id: UUID) -> tuple[Entry, ...]:
    return entry_store.of_event(session, caller.practice_id, case_id, event_id)


def undo_change(caller: Caller, case_id: UUID, event_id: UUID) -> Done:
    """Take the last change of a case back, within a day, with the entry that was written with it.

    Raises    CaseNotFoundError; UndoRefusedError and KnownNumberError (authorizations/actions.py).
    """
    session, practice_id = caller.session, caller.practice_id
    patient = _patient(caller, case_id)
    before = badges_of(caller, patient)
    with announced(caller):
        take_back(caller, event_id, case_id)
        for entry in entry_store.of_event(session, practice_id, case_id, event_id):
            entry_store.take_back(session, practice_id, entry, caller.clock.now(), caller.user_id)
            _clocks_back(caller, session, case_id, entry)
    return Done(event_id, turned_since(caller, patient, before))


def _clocks_back(caller: Caller, session: Session, case_id: UUID, entry: Entry) -> None:
    """Stop the clock that an answer started, or let those run again that it stopped."""
    case = clock_store.cases(session, caller.practice_id, [case_id]).get(case_id, Case(case_id))
    for asked in case.information:
        if asked.id == entry.event_id and asked.answered_at is None:
            answer_information(caller, asked.id, caller.clock.now())
        elif asked.answered_at == entry.at:
            reopen_information(caller, asked.id)
