"""Hand each record to the room that it is for, and write down what came of it: each in a transaction of its own."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy.exc import IntegrityError, OperationalError

from app.audit.actions import record as audit
from app.casework.actions.payer_answers import take_decision
from app.casework.actions.x12_requests import FILE_REFUSED, take_refusal
from app.casework.intake.review_receipts import refused_control
from app.eligibility.actions.answers import take_answer, take_crd
from app.eligibility.actions.sending import take_acknowledgement
from app.imports.actions.feeds import take_appointment, take_person
from app.mailroom.facts import FAILED, SENT_ON, STATE_OF, MailState, Part, Record, RecordState, Sort
from app.mailroom.store import documents, records
from app.platform.caller import Caller
from app.platform.changes import announced
from app.platform.db import joined, writing
from app.platform.incidents import describe, new_incident
from app.platform.logs import log
from app.remittances.actions.taking import take_claim
from app.values.records import Filed, Outcome, RecordRef

Handler = Callable[[Caller, Part, RecordRef, UUID | None], Filed]
"""Takes the part, where it came from, and whom or what a person said that it belongs to (None: nobody was asked)."""


def _note(_caller: Caller, _part: Part, _ref: RecordRef, _chosen: UUID | None) -> Filed:
    return Filed(Outcome.NOTED)


def _decision(caller: Caller, part: Part, ref: RecordRef, chosen: UUID | None) -> Filed:
    return take_decision(caller, part.content, ref, chosen)


def _answer(caller: Caller, part: Part, ref: RecordRef, _chosen: UUID | None) -> Filed:
    return take_answer(caller, part.content, ref, _sent_on(part))


def _sent_on(part: Part) -> date | None:
    try:
        return date.fromisoformat((part.about or {})[SENT_ON])
    except (KeyError, ValueError):
        return None


def _claim(caller: Caller, part: Part, ref: RecordRef, chosen: UUID | None) -> Filed:
    return take_claim(caller, part.about or {}, part.content, ref, chosen)


def _information(caller: Caller, part: Part, ref: RecordRef, chosen: UUID | None) -> Filed:
    return Filed(Outcome.UNMATCHED, why=NO_PATIENT) if chosen is None else take_crd(caller, part.content, ref, chosen)


def _appointment(caller: Caller, part: Part, ref: RecordRef, chosen: UUID | None) -> Filed:
    return take_appointment(caller, part.content, ref, part.about, chosen)


def _person(caller: Caller, part: Part, ref: RecordRef, chosen: UUID | None) -> Filed:
    return take_person(caller, part.content, ref, chosen)


def _receipt(caller: Caller, part: Part, ref: RecordRef, _chosen: UUID | None) -> Filed:
    """A 999 or a TA1 may be about a file of ours; acknowledgements of claims are about files of other programs."""
    if part.kind not in ACKNOWLEDGEMENTS:
        return Filed(Outcome.NOTED)
    filed = take_acknowledgement(caller, part.content, ref)
    control = refused_control(part.content) if filed.outcome is Outcome.UNMATCHED else None
    refused = None if control is None else take_refusal(caller, control, FILE_REFUSED)
    if refused is not None:
        return Filed(Outcome.MATCHED, subject_id=refused)
    return replace(filed, outcome=Outcome.NOTED) if filed.outcome is Outcome.UNMATCHED else filed


ACKNOWLEDGEMENTS = frozenset({"x12.999", "x12.ta1"})
NO_PATIENT = "no_patient"
TURNS = 3
HANDLERS: Mapping[Sort, Handler] = {
    Sort.ANSWER: _answer,
    Sort.REVIEW: _decision,
    Sort.CLAIM: _claim,
    Sort.COVERAGE_INFORMATION: _information,
    Sort.APPOINTMENT: _appointment,
    Sort.PERSON: _person,
    Sort.RECEIPT: _receipt,
    Sort.MESSAGE: _note,
}
"""Who takes each sort of record."""


def file_records(caller: Caller, document_id: UUID, most: int | None = None) -> dict[RecordState, int]:
    """File every record of a document that is not filed yet, in order; `most` of them where somebody waits.

    Where it stops half-way, the next call goes on with what is left; two at once share the records between them.
    Returns   how many came to which outcome by this call.
    """
    came: dict[RecordState, int] = {}
    practice_id = caller.practice_id
    for record_id in records.to_file(caller.session, practice_id, document_id)[:most]:
        state = filed_now(caller, record_id)
        if state is not None:
            came[state] = came.get(state, 0) + 1
    with writing(caller.session) as session:
        left = records.to_file(session, practice_id, document_id)
        if not left and documents.hold(session, practice_id, document_id) is MailState.FILING:
            documents.note_done(session, practice_id, document_id)
            audit(caller, "mailroom.filed", [document_id], **{state.value: n for state, n in sorted(came.items())})
    return came


def filed_now(caller: Caller, record_id: UUID, now: RecordState = RecordState.TO_FILE) -> RecordState | None:
    """File one record that stands at a state. None: somebody else did meanwhile, or the database was too busy.

    What breaks its room is left for a person, and nothing of it stays.
    """
    for _turn in range(TURNS):
        try:
            return _file(caller, record_id, now)
        except (IntegrityError, OperationalError) as error:  # somebody wrote the same at this moment, or held it
            broke: Exception = error
        except Exception as error:  # one record that breaks its room must not keep the others back
            broke = error
            break
    log().error("record not filed", incident=new_incident(), what=describe(broke))
    return None if isinstance(broke, OperationalError) else _left(caller, record_id, now)


def _file(caller: Caller, record_id: UUID, now: RecordState) -> RecordState | None:
    with announced(caller) as session, joined(session):
        found = records.record_of(session, caller.practice_id, record_id, hold=True)
        if found is None or found.state is not now:
            return None
        filed = handed(caller, found)
        records.settle(session, caller.practice_id, record_id, STATE_OF[filed.outcome], filed, caller.clock.now())
        return STATE_OF[filed.outcome]


def _left(caller: Caller, record_id: UUID, now: RecordState) -> RecordState | None:
    """Leave a record that broke its room for a person."""
    with writing(caller.session) as session:
        found = records.record_of(session, caller.practice_id, record_id, hold=True)
        if found is None or found.state is not now:
            return None
        failed = Filed(Outcome.UNMATCHED, why=FAILED)
        records.settle(session, caller.practice_id, record_id, RecordState.UNMATCHED, failed, caller.clock.now())
    return RecordState.UNMATCHED


def handed(caller: Caller, found: Record, chosen: UUID | None = None) -> Filed:
    """Give a record to its room, in the transaction that is open."""
    assert found.part is not None
    ref = RecordRef(found.document_id, found.number)
    return HANDLERS[found.sort](caller, found.part, ref, chosen)
