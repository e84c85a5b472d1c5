"""Send files of requests to clearinghouses, and take up what becomes of them.

A file is claimed, and the claim committed, before it leaves. Whoever comes after a crash sends the same bytes again,
under the same name and control number, by which the other side knows a file that it has: none is lost and none doubled.
"""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from app.audit.actions import record
from app.eligibility.facts.asking import AskState, Batch, Reply
from app.eligibility.intake.receipts import read_receipt
from app.eligibility.store import asking as store
from app.gateways.access import gateways_of
from app.gateways.facts import Answer, Clearinghouse, Outcome
from app.platform.alone import alone
from app.platform.caller import Caller
from app.platform.db import writing
from app.platform.runs import Ran
from app.values.records import Filed, RecordRef
from app.values.records import Outcome as Came

CLAIM_LASTS = timedelta(minutes=10)
ANSWERED_WITHIN = timedelta(hours=24)
"""After so long without an answer we say that the plan could not be asked."""
AT_ONCE = 20
MOST_TRIES = 288
"""How often one file goes before it counts as refused: two days of tries."""


def send_files(caller: Caller) -> Ran:
    """Send the files of requests that wait; one that breaks holds up no other. Safe twice, late and after a crash.

    Returns   how many waited, arrived, and broke.
    """
    houses = gateways_of(caller.session).clearinghouses
    if not houses:
        return Ran()
    now = caller.clock.now()
    with writing(caller.session) as session:
        claimed = store.claim(session, caller.practice_id, now, now - CLAIM_LASTS, AT_ONCE)
    ran = Ran()
    for batch in claimed:
        house = houses.get(batch.clearinghouse)
        ran += alone(caller.session, "file not sent", partial(_send, caller, batch, house))
    return ran


def _send(caller: Caller, batch: Batch, house: Clearinghouse | None) -> Ran:
    if house is None:
        answer = Answer(Outcome.LATER, code="not-set-up")
    else:
        content = store.content_of(caller.session, caller.practice_id, batch.id)
        caller.session.rollback()
        answer = house.send(content, name_of(batch))
    return Ran(1, int(_note(caller, batch, answer)))


def name_of(batch: Batch) -> str:
    """What a file is called outside: its number and its id, which say nothing of whom it asks about."""
    return f"270-{batch.control:09}-{batch.id.hex}"


def _note(caller: Caller, batch: Batch, answer: Answer) -> bool:
    with writing(caller.session) as session:
        now = caller.clock.now()
        if answer.outcome is Outcome.ACCEPTED:
            store.note_sent(session, caller.practice_id, batch.id, now, answer.content)
            record(caller, "eligibility.sent", [batch.id], count=batch.asks)
            return True
        if answer.outcome is Outcome.REFUSED or batch.tries >= MOST_TRIES:
            store.note_refused(session, caller.practice_id, batch.id, now, answer.code)
            record(caller, "eligibility.refused", [batch.id], count=batch.asks)
        else:
            store.note_tried(session, caller.practice_id, batch.id, answer.code)
        return False


def end_overdue(caller: Caller) -> int:
    """Say of requests without an answer for a day that the plan could not be asked. Returns for how many patients."""
    with writing(caller.session) as session:
        now = caller.clock.now()
        patients = store.end_overdue(session, caller.practice_id, now - ANSWERED_WITHIN, now)
        if patients:
            record(caller, "eligibility.overdue", patients, count=len(patients))
    return len(patients)


def take_acknowledgement(caller: Caller, document: Mapping[str, Any], ref: RecordRef) -> Filed:
    """Take what the other side said of a file of ours: a 999 or a TA1, as it was read.

    Returns   MATCHED where it refuses a file, or some requests of it, which then count as not asked; ALREADY where they
              were refused before; NOTED where it was taken in; UNMATCHED where no file of ours has its number;
              CONTRADICTING where it refuses a file of which answers are on file.
    """
    told = read_receipt(document)
    with writing(caller.session) as session:
        practice_id, now = caller.practice_id, caller.clock.now()
        batch = None if told is None else store.batch_of_control(session, practice_id, told.control)
        if told is None or batch is None:
            return Filed(Came.UNMATCHED, why="no_file_of_ours")
        if not told.refused and not told.sets:
            return Filed(Came.NOTED, subject_id=batch.id)
        if batch.state is AskState.REFUSED:
            return Filed(Came.ALREADY, subject_id=batch.id)
        counted = store.counts(session, practice_id, [batch.id]).get(batch.id, {})
        if told.refused and counted.get(AskState.ANSWERED):
            return Filed(Came.CONTRADICTING, subject_id=batch.id, why="answers_on_file")
        if told.refused:
            number = store.note_refused(session, practice_id, batch.id, now, told.code)
        else:
            number = store.refuse_some(session, practice_id, batch.id, told.sets, now)
        if not number:
            return Filed(Came.ALREADY, subject_id=batch.id)
        record(caller, "eligibility.refused", [batch.id, ref.document_id], count=number)
        return Filed(Came.MATCHED, subject_id=batch.id)


def replies_waiting(caller: Caller, limit: int = AT_ONCE) -> Mapping[UUID, Reply]:
    """Open what clearinghouses answered at once, for the room of documents, by the id of the file of requests."""
    return store.replies(caller.session, caller.practice_id, limit)


def reply_taken(caller: Caller, batch_id: UUID) -> None:
    """Say that the room of documents has an answer that came at once."""
    with writing(caller.session) as session:
        store.drop_reply(session, caller.practice_id, batch_id)
        record(caller, "eligibility.reply_taken", [batch_id])
