"""Send a request by FHIR, and ask where it stands: claimed and committed, then called, then written down.

The call itself is made by whoever stands above (the mailroom, which also files the answer), never inside a transaction.
A message that was claimed and of which nothing is known since is in doubt: it is asked for and never sent again.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.audit.actions import record as audit
from app.authorizations import store as authorization_store
from app.authorizations.actions import StaleAuthorizationError, move
from app.authorizations.facts import UNSENT, AuthorizationRecord, Status
from app.casework.actions.cosmetic import CosmeticRequestError
from app.casework.actions.entries import add_entry
from app.casework.actions.pas_bundles import written
from app.casework.actions.sending import Sending, send_request, today_of
from app.casework.actions.steering import set_next
from app.casework.facts.cases import CaseNotFoundError
from app.casework.facts.entries import Contact, Entry, EntryKind, Outcome
from app.casework.facts.pas import (
    IN_DOUBT,
    PasAct,
    PasExchange,
    PasRefusedError,
    PasStanding,
    PasState,
    trace_of,
)
from app.casework.facts.payer_answers import Answer as Answered
from app.casework.facts.payer_answers import PayerRequest, RequestChannel
from app.casework.rules.asked import USUAL_WAIT_DAYS
from app.casework.store import pas as store
from app.casework.store import payer_answers as traces
from app.gateways.access import gateways_of
from app.gateways.facts import Answer, PasSystem
from app.gateways.facts import Outcome as Sent
from app.platform.caller import Caller
from app.platform.changes import announced
from app.platform.ids import new_id
from app.practice.store import practice as practice_store

CHANNEL = "FHIR (PAS)"
LEFT_FOR = timedelta(minutes=3)
"""How long a call may be on its way; longer than all its time-outs together."""
OPEN = frozenset({Status.SUBMITTED, Status.MORE_INFO})
STATES = {
    Sent.ACCEPTED: PasState.ANSWERED,
    Sent.REFUSED: PasState.REFUSED,
    Sent.LATER: PasState.NOT_SENT,
    Sent.UNCLEAR: PasState.UNCLEAR,
}
ASK_WHETHER = "Ask the payer by FHIR whether the request arrived"
SEND_ANEW = "Send the request: the payer's system has not got it"
MEND = "Mend the request: the payer's system refused it"
NO_SYSTEM = "No system that takes requests by FHIR is set up for this payer."
NOT_RELEASED = "This practice came from a backup and sends nothing until an administrator releases it."
ON_ITS_WAY = "This request is on its way to the payer. Look again in three minutes."
IS_IN_DOUBT = "It is not known whether this request reached the payer. Ask the payer before you send it again."
SENT_ALREADY = "This request has gone to the payer already."
NOTHING_PENDS = "Nothing of this case is pending with the payer: there is nothing to ask."


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that is on file. `fresh`: it is ours to send now; else somebody did, or does."""

    exchange: PasExchange
    fresh: bool


def system_of(caller: Caller, payer: str) -> tuple[str, PasSystem] | None:
    """Find the system that takes a payer's requests, by its key in the rules."""
    systems = gateways_of(caller.session).pas
    return next(((name, one) for name, one in systems.items() if payer in one.payers), None)


def read_standing(caller: Caller, case_id: UUID) -> PasStanding | None:
    """Say what a person may do by FHIR on a case now; None: no system is set up for its payer."""
    found = authorization_store.record_of(caller.session, caller.practice_id, case_id)
    system = system_of(caller, found[0].payer) if found is not None else None
    if found is None or system is None:
        return None
    latest = store.latest(caller.session, caller.practice_id, case_id)
    submitted = latest.get(PasAct.SUBMIT)
    may_send = found[0].status in UNSENT and (submitted is None or submitted.state not in IN_DOUBT)
    may_ask = _asks_for(caller, found[0], submitted) is None
    return PasStanding(system[0], found[1], submitted, latest.get(PasAct.INQUIRE), may_send, may_ask)


def claim_submit(caller: Caller, case_id: UUID, version: int, key: UUID) -> Claimed:
    """Keep a request that is about to go to its payer, and move its case to submitted; one transaction, committed.

    Takes     the case; the version that the person saw; the id that the form carries, which becomes that of the bundle.
    Returns   the message. The same form sent twice is claimed once.
    Raises    CaseNotFoundError; PasRefusedError with what keeps it from going; StaleAuthorizationError and
              IllegalMoveError (authorizations/actions.py).
    """
    with announced(caller) as session:
        record, now_version = _held(caller, session, case_id)
        known = store.exchange(session, caller.practice_id, key)
        if known is not None:
            return Claimed(known, fresh=False)
        name, system = _system(caller, record)
        _refuse_doubt(caller, store.latest(session, caller.practice_id, case_id).get(PasAct.SUBMIT))
        if record.status not in UNSENT:
            raise PasRefusedError(SENT_ALREADY)
        if now_version != version:
            raise StaleAuthorizationError(record, now_version)
        content = written(caller, record, key, key, system, inquiry=False)
        exchange = _kept(caller, session, key, case_id, PasAct.SUBMIT, name, content)
        today = today_of(caller)
        sending = Sending(key, today, CHANNEL, ask_on=today + timedelta(days=USUAL_WAIT_DAYS))
        try:
            send_request(caller, case_id, version, sending)
        except CosmeticRequestError as cosmetic:
            raise PasRefusedError(f"{cosmetic.sentence}.") from None
        sent = PayerRequest(key, case_id, RequestChannel.PAS, trace_of(key), exchange.at, payer_id=system.payer_id)
        traces.note_trace(session, caller.practice_id, sent)
    return Claimed(exchange, fresh=True)


def claim_inquiry(caller: Caller, case_id: UUID, key: UUID) -> Claimed:
    """Keep an inquiry that is about to go to the payer. A person asks; nothing asks by itself.

    Raises    CaseNotFoundError; PasRefusedError where nothing is pending, or the request is still on its way.
    """
    with announced(caller) as session:
        record, _version = _held(caller, session, case_id)
        known = store.exchange(session, caller.practice_id, key)
        if known is not None:
            return Claimed(known, fresh=False)
        name, system = _system(caller, record)
        submitted = store.latest(session, caller.practice_id, case_id).get(PasAct.SUBMIT)
        refused = _asks_for(caller, record, submitted)
        if refused is not None or submitted is None:
            raise PasRefusedError(refused or NOTHING_PENDS)
        content = written(caller, record, key, submitted.id, system, inquiry=True)
        exchange = _kept(caller, session, key, case_id, PasAct.INQUIRE, name, content)
    return Claimed(exchange, fresh=True)


def write_down(caller: Caller, exchange_id: UUID, answer: Answer) -> PasExchange:
    """Write down what came of a call. A request that clearly was not taken is ready to be sent again.

    Returns   the message as it stands then. What was written down before stays.
    """
    with announced(caller) as session:
        exchange = store.exchange(session, caller.practice_id, exchange_id, hold=True)
        assert exchange is not None
        if exchange.state not in IN_DOUBT:
            return exchange
        state = STATES[answer.outcome]
        content = answer.content if state is PasState.ANSWERED else None
        store.settle(session, caller.practice_id, exchange_id, state, caller.clock.now(), answer.code, content)
        audit(
            caller, "casework.pas_settled", [exchange.case_id, exchange_id], act=exchange.act.value, state=state.value
        )
        if exchange.act is PasAct.SUBMIT:
            _follow(caller, session, exchange, state)
        after = store.exchange(session, caller.practice_id, exchange_id)
        assert after is not None
    return after


def give_up(caller: Caller, limit: int = 20) -> int:
    """Mark messages of which nothing is known since they were about to leave: they are in doubt. Returns how many."""
    before = caller.clock.now() - LEFT_FOR
    left = store.left_sending(caller.session, caller.practice_id, before, limit)
    for exchange_id in left:
        write_down(caller, exchange_id, Answer(Sent.UNCLEAR, code="no-answer"))
    return len(left)


def note_filed(caller: Caller, exchange_id: UUID, document_id: UUID, has_it: bool | None) -> None:
    """Note that the mailroom has the answer of a message, and what it tells of a request that is in doubt.

    Takes     `has_it`: the payer has the request (True), knows none (False), or does not say (None).
    """
    with announced(caller) as session:
        exchange = store.exchange(session, caller.practice_id, exchange_id, hold=True)
        assert exchange is not None
        store.note_filed(session, caller.practice_id, exchange_id, document_id)
        submitted = store.latest(session, caller.practice_id, exchange.case_id).get(PasAct.SUBMIT)
        audit(caller, "casework.pas_filed", [exchange.case_id, exchange_id])
        if exchange.act is PasAct.SUBMIT:
            _follow_answer(caller, session, exchange, document_id)
            return
        if submitted is None or has_it is None or submitted.state not in IN_DOUBT:
            return
        state = PasState.ANSWERED if has_it else PasState.NOT_SENT
        code = None if has_it else "not-found"
        store.settle(session, caller.practice_id, submitted.id, state, caller.clock.now(), code)
        if not has_it:
            _follow(caller, session, submitted, state)


def _held(caller: Caller, session: Session, case_id: UUID) -> tuple[AuthorizationRecord, int]:
    found = authorization_store.record_of(session, caller.practice_id, case_id, hold=True)
    if found is None:
        raise CaseNotFoundError
    return found


def _system(caller: Caller, record: AuthorizationRecord) -> tuple[str, PasSystem]:
    system = system_of(caller, record.payer)
    if system is None:
        raise PasRefusedError(NO_SYSTEM)
    practice = practice_store.practice_of(caller.session, caller.practice_id)
    if practice.restored_at is not None:
        raise PasRefusedError(NOT_RELEASED)
    return system


def _refuse_doubt(caller: Caller, submitted: PasExchange | None) -> None:
    if submitted is not None and submitted.state in IN_DOUBT:
        raise PasRefusedError(ON_ITS_WAY if _is_on_its_way(caller, submitted) else IS_IN_DOUBT)


def _is_on_its_way(caller: Caller, submitted: PasExchange) -> bool:
    return submitted.state is PasState.SENDING and caller.clock.now() - submitted.at < LEFT_FOR


def _asks_for(caller: Caller, record: AuthorizationRecord, submitted: PasExchange | None) -> str | None:
    """Say why the payer may not be asked now; None: it may."""
    if submitted is None:
        return NOTHING_PENDS
    if submitted.state in IN_DOUBT:
        return ON_ITS_WAY if _is_on_its_way(caller, submitted) else None
    return None if submitted.state is PasState.ANSWERED and record.status in OPEN else NOTHING_PENDS


def _kept(
    caller: Caller, session: Session, key: UUID, case_id: UUID, act: PasAct, system: str, content: bytes
) -> PasExchange:
    exchange = PasExchange(key, case_id, act, system, PasState.SENDING, caller.clock.now(), caller.user_id, content)
    store.add(session, caller.practice_id, exchange)
    audit(caller, "casework.pas_claimed", [case_id, key], act=act.value, system=system)
    return exchange


def _follow(caller: Caller, session: Session, submitted: PasExchange, state: PasState) -> None:
    """Let the case follow what became of its request: in doubt, it is asked for; not taken, it is ready again."""
    today = today_of(caller)
    if state is PasState.UNCLEAR:
        set_next(caller, [submitted.case_id], ASK_WHETHER, today)
        return
    if state is PasState.ANSWERED:
        return
    record, version = _held(caller, session, submitted.case_id)
    if record.status is Status.SUBMITTED:
        step = MEND if state is PasState.REFUSED else SEND_ANEW
        _ready_again(caller, (record, version), step, today)


def _follow_answer(caller: Caller, session: Session, submitted: PasExchange, document_id: UUID) -> None:
    """Let a case be ready again whose request the payer answered with an error: it did not take it up."""
    answers = traces.answers_of(session, caller.practice_id, submitted.case_id)
    if any(one.document_id == document_id and one.answer is Answered.REJECTED for one in answers):
        now = caller.clock.now()
        store.settle(session, caller.practice_id, submitted.id, PasState.REFUSED, now, "rejected")
        _follow(caller, session, submitted, PasState.REFUSED)


def _ready_again(caller: Caller, case: tuple[AuthorizationRecord, int], step: str, today: date) -> None:
    record, version = case
    event_id = new_id()
    changes = {"requested_on": None, "submitted_by_channel": None, "next_action": step, "next_action_on": today}
    move(caller, record.id, version, Status.READY, changes, event_id=event_id)
    add_entry(
        caller,
        Entry(
            id=new_id(),
            case_id=record.id,
            patient_id=record.patient_id,
            kind=EntryKind.PORTAL,
            at=caller.clock.now(),
            by_id=caller.user_id,
            contact=Contact(line=CHANNEL, outcome=Outcome.NOT_FOUND),
            event_id=event_id,
            next_action=step,
            next_action_on=today,
        ),
    )
