"""Acknowledge what clearinghouses brought (TA1, 999): each document once, whatever comes twice or half-way.

That a clearinghouse brought a document is noted in the transaction that keeps it. What it is answered is made once and
kept with its numbers in one transaction, and sent from there: its claim is committed first, and whoever comes after a
crash sends the same bytes under the same name. So none is lost and none doubled.
"""

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.audit.actions import record as audit
from app.gateways.access import gateways_of
from app.gateways.facts import Acknowledges, Answer, Clearinghouse, Outcome, Parties, Sends
from app.mailroom.facts import Acknowledgement, AnswerKind, AnswerState, MailState
from app.mailroom.files.answering import Owed, owed_for
from app.mailroom.files.opening import UnopenedError
from app.mailroom.rules.acknowledging import wanted_of, written
from app.mailroom.store import answers as store
from app.mailroom.store import documents
from app.platform.alone import alone
from app.platform.caller import Caller
from app.platform.db import writing
from app.platform.ids import new_id
from app.platform.pieces import DamagedContentError
from app.platform.runs import Ran
from app.practice.store import practice as practice_store
from app.standards.x12.acknowledgements.facts import GroupAnswer, InterchangeAnswer
from app.standards.x12.writing import Cover, Party

CLAIM_LASTS = timedelta(minutes=10)
AT_ONCE = 20
MOST_TRIES = 288
"""How often one goes before it counts as refused: two days of tries."""
_SENDS = {AnswerKind.TA1: Sends.ANSWER_TA1, AnswerKind.X999: Sends.ANSWER_999}


def make_acknowledgements(caller: Caller) -> Ran:
    """Make what is owed for documents that clearinghouses brought and that are read by now; each once.

    Of a clearinghouse that the settings no longer name, or that wants none, nothing is made. Safe twice, late and after
    a crash.
    """
    houses = gateways_of(caller.session).clearinghouses
    ran = Ran()
    for document_id, name, state in store.unanswered(caller.session, caller.practice_id, AT_ONCE):
        make = partial(_make, caller, document_id, (name, houses.get(name)), state)
        ran += alone(caller.session, "file not acknowledged", make)
    return ran


def _make(caller: Caller, document_id: UUID, house: tuple[str, Clearinghouse | None], state: MailState) -> Ran:
    interchanges: tuple[InterchangeAnswer, ...] = ()
    groups: tuple[GroupAnswer, ...] = ()
    name, way = house
    if way is not None and way.acknowledges is not Acknowledges.NONE:
        owed, filed = _owed(caller, document_id), state is not MailState.REFUSED
        alone_refusals = way.acknowledges is Acknowledges.REFUSALS
        interchanges, groups = wanted_of(alone_refusals, filed, owed.interchanges, owed.groups)
    caller.session.rollback()
    with writing(caller.session) as session:
        if not store.hold_source(session, caller.practice_id, document_id):
            return Ran()
        made = 0
        if way is not None:
            made += _keep(caller, session, document_id, (name, way), AnswerKind.TA1, interchanges)
            made += _keep(caller, session, document_id, (name, way), AnswerKind.X999, groups)
        store.note_answered(session, caller.practice_id, document_id, caller.clock.now())
        audit(caller, "mailroom.acknowledged", [document_id], files=made)
    return Ran(made, made)


def _owed(caller: Caller, document_id: UUID) -> Owed:
    """What is owed for a document; nothing where it cannot be gone through: its page says why it was refused."""
    mail = documents.document_of(caller.session, caller.practice_id, document_id)
    assert mail is not None
    try:
        return owed_for(documents.content_of(caller.session, caller.practice_id, mail))
    except (UnopenedError, DamagedContentError):
        return Owed()


def _keep(
    caller: Caller,
    session: Session,
    document_id: UUID,
    house: tuple[str, Clearinghouse],
    kind: AnswerKind,
    answers: tuple[InterchangeAnswer, ...] | tuple[GroupAnswer, ...],
) -> int:
    """Write the acknowledgements of one kind and keep them. Returns how many files that made: 1 or 0."""
    zone = ZoneInfo(practice_store.practice_of(session, caller.practice_id).zone)
    now, control = caller.clock.now(), store.next_control(session, caller.practice_id)
    content, count = written(answers, _cover(house[1].parties, control, now.astimezone(zone)))
    if not count:
        return 0
    refuses = any(one.status != "A" if isinstance(one, GroupAnswer) else one.fault is not None for one in answers)
    made = Acknowledgement(new_id(), document_id, kind, house[0], control, count, refuses, AnswerState.MADE, now)
    store.add(session, caller.practice_id, made, content)
    return 1


def _cover(parties: Parties, control: int, moment: datetime) -> Cover:
    us = Party(parties.sender_qualifier, parties.sender, parties.sender)
    them = Party(parties.receiver_qualifier, parties.receiver, parties.receiver)
    return Cover(us, them, control, moment, parties.usage)


def send_acknowledgements(caller: Caller) -> Ran:
    """Send the acknowledgements that wait; one that breaks holds up no other. Safe twice, late and after a crash."""
    houses = gateways_of(caller.session).clearinghouses
    if not houses:
        return Ran()
    now = caller.clock.now()
    with writing(caller.session) as session:
        claimed = store.claim(session, caller.practice_id, now, now - CLAIM_LASTS, AT_ONCE)
    ran = Ran()
    for one in claimed:
        send = partial(_send, caller, one, houses.get(one.clearinghouse))
        ran += alone(caller.session, "acknowledgement not sent", send)
    return ran


def _send(caller: Caller, one: Acknowledgement, house: Clearinghouse | None) -> Ran:
    if house is None:
        answer = Answer(Outcome.LATER, code="not-set-up")
    else:
        content = store.content_of(caller.session, caller.practice_id, one.id)
        caller.session.rollback()
        answer = house.send(content, name_of(one), _SENDS[one.kind])
    if answer.outcome is Outcome.ACCEPTED:
        state = AnswerState.SENT
    elif answer.outcome is Outcome.REFUSED or one.tries >= MOST_TRIES:
        state = AnswerState.REFUSED
    else:
        state = AnswerState.MADE
    with writing(caller.session) as session:
        store.note_state(session, caller.practice_id, one.id, state, caller.clock.now(), answer.code)
        if state is not AnswerState.MADE:
            verb = "mailroom.answer_sent" if state is AnswerState.SENT else "mailroom.answer_refused"
            audit(caller, verb, [one.document_id], kind=one.kind.value)
    return Ran(1, int(state is AnswerState.SENT))


def name_of(one: Acknowledgement) -> str:
    """What a file is called outside: its kind, its number and its id, which say nothing of whom it is about."""
    return f"{one.kind.value}-{one.control:09}-{one.id.hex}"
