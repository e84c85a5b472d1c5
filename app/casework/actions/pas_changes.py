"""Change or cancel a request that the payer has, by FHIR: claimed and committed, then called, then followed.

What the case asks for changes once the payer has the change, never before; a cancellation changes nothing until the
payer confirms it.
"""

import hashlib
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.authorizations import store as authorization_store
from app.authorizations.actions import StaleAuthorizationError, change_authorization
from app.authorizations.facts import AuthorizationRecord, Status
from app.casework.actions.deciding import decide
from app.casework.actions.entries import add_entry
from app.casework.actions.pas import Claimed
from app.casework.actions.pas_bundles import written_change
from app.casework.actions.pas_grounds import CHANNEL, held, kept, refuse_doubt, system_for
from app.casework.actions.pas_papers import opened, papers_chosen
from app.casework.facts.cases import CaseNotFoundError
from app.casework.facts.decisions import Decided, Decision
from app.casework.facts.entries import Contact, Entry, EntryKind, Outcome
from app.casework.facts.pas import GoesAlong, PasAct, PasExchange, PasRefusedError, PasState, trace_of
from app.casework.facts.payer_answers import Answer, PayerAnswer, PayerRequest, RequestChannel
from app.casework.rules.pas_changes import (
    PasChange,
    asked_after,
    cancels,
    faults_of,
    is_asked,
    items_after,
    span_after,
    told,
)
from app.casework.rules.pas_thread import OPEN, PasThread, may_change, thread_of
from app.casework.store import pas as store
from app.casework.store import payer_answers as traces
from app.clearance.actions.opening import saw
from app.platform.caller import Caller
from app.platform.changes import announced
from app.platform.ids import new_id
from app.standards.fhir.pas_facts import SentDocument, SentLine
from app.standards.fhir.pas_update import sent_documents, sent_lines

NOT_NOW = "This request cannot be changed by FHIR now: the payer has not got it, or has decided it."
CANCEL_SENT = "Cancellation of the whole request sent. It counts once the payer confirms it."
CHANGE_SENT = "Change sent."
INFORMATION_SENT = "Sent to the payer by FHIR what it asked for."


@dataclass(frozen=True, slots=True)
class Changeable:
    """A request that the payer has, as it has it: the case with its version, its lines, and how much was sent along."""

    record: AuthorizationRecord
    version: int
    lines: tuple[SentLine, ...]
    sent_bytes: int
    largest: int


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message exactly as it left: its size, the SHA-256 of its bytes as they are kept, its lines and documents."""

    exchange: PasExchange
    size: int
    sha256: str
    lines: tuple[SentLine, ...] = ()
    documents: tuple[SentDocument, ...] = ()


def read_sent(caller: Caller, case_id: UUID, exchange_id: UUID) -> SentMessage:
    """Open what was sent, and note who saw it. Raises CaseNotFoundError where the case has no such message."""
    exchange = store.exchange(caller.session, caller.practice_id, exchange_id)
    found = authorization_store.record_of(caller.session, caller.practice_id, case_id)
    if exchange is None or found is None or exchange.case_id != case_id:
        raise CaseNotFoundError
    saw(caller, "casework.pas_seen", [found[0].patient_id, case_id])
    content = exchange.request
    sha256 = hashlib.sha256(content).hexdigest()
    if exchange.act is PasAct.SUBMIT_X12:
        return SentMessage(exchange, len(content), sha256)
    return SentMessage(exchange, len(content), sha256, sent_lines(content), sent_documents(content))


def read_changeable(caller: Caller, case_id: UUID) -> Changeable:
    """Read what a change of a request starts from. Raises CaseNotFoundError; PasRefusedError."""
    found = authorization_store.record_of(caller.session, caller.practice_id, case_id)
    if found is None:
        raise CaseNotFoundError
    record, version = found
    _name, system = system_for(caller, record)
    earlier = _earlier(caller, caller.session, record)
    return Changeable(record, version, sent_lines(earlier.request), _sent_bytes(earlier), system.largest)


def look_at_change(
    caller: Caller, case_id: UUID, version: int, change: PasChange
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Say what a change would say, and what is wrong with it; nothing is kept.

    Raises    CaseNotFoundError; PasRefusedError; StaleAuthorizationError.
    """
    found = read_changeable(caller, case_id)
    if found.version != version:
        raise StaleAuthorizationError(found.record, found.version)
    papers = papers_chosen(caller, found.record, change.papers)
    faults = faults_of(found.lines, change)
    return (() if faults else told(found.lines, change, papers)), faults


def claim_change(caller: Caller, case_id: UUID, version: int, key: UUID, change: PasChange) -> Claimed:
    """Keep a change that is about to go to the payer; one transaction, committed. The same form is claimed once.

    Raises    CaseNotFoundError; PasRefusedError; StaleAuthorizationError.
    """
    return _claimed(caller, (case_id, version), key, PasAct.UPDATE, change)


def claim_cancel(caller: Caller, case_id: UUID, version: int, key: UUID, note: str | None = None) -> Claimed:
    """Keep a cancellation of the whole request that is about to go to the payer. Raises as `claim_change`."""
    return _claimed(caller, (case_id, version), key, PasAct.CANCEL, PasChange(note=note))


def _claimed(caller: Caller, case: tuple[UUID, int], key: UUID, act: PasAct, change: PasChange) -> Claimed:
    with announced(caller) as session:
        record, version = held(caller, session, case[0])
        known = store.exchange(session, caller.practice_id, key)
        if known is not None:
            return Claimed(known, fresh=False)
        if version != case[1]:
            raise StaleAuthorizationError(record, version)
        name, system = system_for(caller, record)
        earlier = _earlier(caller, session, record)
        lines, papers = sent_lines(earlier.request), papers_chosen(caller, record, change.papers)
        if act is PasAct.CANCEL:
            change = replace(change, lines=cancels(lines))
        elif faults := faults_of(lines, change):
            raise PasRefusedError(*faults)
        made = opened(caller, papers, system, _sent_bytes(earlier) if papers else 0)
        content = written_change(caller, key, system, earlier.request, change, made)
        exchange = kept(caller, session, (key, record.id, act), name, content, len(made))
        add_entry(caller, _entry(caller, exchange, record, _words(act, lines, change, papers)))
        sent = PayerRequest(key, record.id, RequestChannel.PAS, trace_of(key), exchange.at, payer_id=system.payer_id)
        traces.note_trace(session, caller.practice_id, sent)
    return Claimed(exchange, fresh=True)


def _earlier(caller: Caller, session: Session, record: AuthorizationRecord) -> PasExchange:
    """Open the message that a change builds on: the latest that the payer has."""
    thread = _thread(caller, session, record.id)
    refuse_doubt(caller, thread.doubt)
    if thread.taken is None or not may_change(thread, record.status):
        raise PasRefusedError(NOT_NOW)
    earlier = store.exchange(session, caller.practice_id, thread.taken.id)
    assert earlier is not None
    return earlier


def _thread(caller: Caller, session: Session, case_id: UUID) -> PasThread:
    return thread_of(store.messages(session, caller.practice_id, case_id))


def _sent_bytes(earlier: PasExchange) -> int:
    return sum(one.size for one in sent_documents(earlier.request))


def _words(act: PasAct, lines: tuple[SentLine, ...], change: PasChange, papers: tuple[GoesAlong, ...]) -> str:
    if act is PasAct.CANCEL:
        return " ".join((CANCEL_SENT, *told((), replace(change, lines=()), papers)))
    return " ".join((CHANGE_SENT, *told(lines, change, papers)))


def _entry(caller: Caller, exchange: PasExchange, record: AuthorizationRecord, words: str) -> Entry:
    return Entry(
        id=exchange.id,
        case_id=record.id,
        patient_id=record.patient_id,
        kind=EntryKind.REQUEST_SENT,
        at=exchange.at,
        by_id=caller.user_id,
        words=words,
        contact=Contact(line=CHANNEL, outcome=Outcome.SUBMITTED),
    )


def applied(caller: Caller, session: Session, exchange_id: UUID, document_id: UUID | None = None) -> None:
    """Let the case ask for what the payer has now; what it waited for counts as sent. In the transaction that is open.

    Takes     the change that the payer has; the document that its answer became (None: it was asked for).
    """
    exchange = store.exchange(session, caller.practice_id, exchange_id)
    assert exchange is not None
    if exchange.act is not PasAct.UPDATE:
        return
    record, version = held(caller, session, exchange.case_id)
    changes = _asked(caller, session, record, exchange)
    if changes:
        version = _changed(caller, record, version, changes)
    if record.status is Status.MORE_INFO and not _asks_again(caller, session, exchange, document_id):
        decide(caller, record.id, version, new_id(), Decided(Decision.INFO_SENT, words=INFORMATION_SENT))


def _changed(caller: Caller, record: AuthorizationRecord, version: int, changes: dict[str, Any]) -> int:
    """Change a case, and give its version after that."""
    change_authorization(caller, record.id, version, changes)
    after = authorization_store.record_of(caller.session, caller.practice_id, record.id)
    assert after is not None
    return after[1]


def _asked(caller: Caller, session: Session, record: AuthorizationRecord, update: PasExchange) -> dict[str, Any]:
    """What a change makes of the case: what it asks for; while it is open its items and days too."""
    before = _before(caller, session, update)
    if before is None:
        return {}
    now = sent_lines(update.request)
    requested = asked_after(record.requested, sent_lines(before.request), now)
    if requested is None or requested == record.requested:
        return {}
    if record.status not in OPEN:
        return {"requested": requested}
    begins, ends = span_after(requested)
    return {"requested": requested, "items": items_after(record.items, requested), "begins": begins, "ends": ends}


def _before(caller: Caller, session: Session, update: PasExchange) -> PasExchange | None:
    """Open the message that a change was built on: the latest that the payer had when it left."""
    known = store.messages(session, caller.practice_id, update.case_id)
    place = next(at for at, one in enumerate(known) if one.id == update.id)
    acts = (PasAct.SUBMIT, PasAct.UPDATE)
    found = next((one for one in known[place + 1 :] if one.act in acts and one.state is PasState.ANSWERED), None)
    return None if found is None else store.exchange(session, caller.practice_id, found.id)


def _asks_again(caller: Caller, session: Session, exchange: PasExchange, document_id: UUID | None) -> bool:
    """Say whether the answer to what was sent asks for more once again."""
    answers = traces.answers_of(session, caller.practice_id, exchange.case_id)
    mine = [one for one in answers if one.document_id == document_id]
    return any(one.answer is Answer.PENDED and one.event_id is not None for one in mine)


def as_asked(caller: Caller, session: Session, case: AuthorizationRecord, answer: PayerAnswer) -> AuthorizationRecord:
    """Give a case as the request stood that an answer is for, so that no count of another one is taken for granted.

    The answer to the latest change is held against that change. Where a change is or may be with the payer and the
    answer does not name it, nothing of what was asked is taken as granted unless the answer itself names it.
    """
    changes = [one for one in _thread(caller, session, case.id).changes if one.act is PasAct.UPDATE]
    if not changes:
        return case
    latest = store.exchange(session, caller.practice_id, changes[0].id)
    assert latest is not None
    if latest.trace in answer.traces:
        before = _before(caller, session, latest)
        lines = None if before is None else asked_after(case.requested, *_both(before, latest))
        if lines is not None:
            return replace(case, requested=lines, items=items_after(case.items, lines))
        if is_asked(case.requested, sent_lines(latest.request)):
            return case  # a line was taken back, and the case says so already
    return replace(case, items=())


def _both(before: PasExchange, latest: PasExchange) -> tuple[tuple[SentLine, ...], tuple[SentLine, ...]]:
    return sent_lines(before.request), sent_lines(latest.request)
