"""Let a payer's answer do its work on an open request: the move of the case, its entry, its clock, what comes next."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.authorizations.facts import AuthorizationRecord
from app.authorizations.rules.numbers import real_number
from app.casework.actions.deciding import decide
from app.casework.actions.denials import record_denial
from app.casework.actions.entries import add_entry
from app.casework.actions.steering import set_next
from app.casework.facts.decisions import Decided, Decision
from app.casework.facts.denials import NewDenial
from app.casework.facts.entries import Contact, Entry, EntryKind, NextStep, Outcome
from app.casework.facts.payer_answers import Answer, PayerAnswer
from app.casework.rules.payer_answers import asks_for_more, granted_values, reasons_of, required_items, words_of
from app.casework.rules.wanted import all_wanted, due_of
from app.platform.caller import Caller
from app.platform.ids import new_id
from app.practice.store.practice import practice_of

Case = tuple[AuthorizationRecord, int]
"""A case as it is held, and its version."""
ASK_NUMBER = "Ask the payer for the authorization number"
READ_GRANT = "Read what the payer granted: its document names no code of this request"
READ_DENIAL = "Read the denial and decide on an appeal"
SEND_MORE = "Find out what the payer waits for, and send it"
LONGEST_STEP = 100
CALL_PAYER = "Call the payer: it wants to be called about this request"
SEND_AGAIN = "Correct the request and send it again: the payer did not take it up"


def apply_answer(caller: Caller, case: AuthorizationRecord, version: int, answer: PayerAnswer) -> UUID | None:
    """Let an answer do its work, in the transaction that is open.

    Returns   the change that it made on the case; None: only an entry, or what comes next, was written.
    Raises    as `decide` and `record_denial`; nothing is saved then.
    """
    return _APPLIED[answer.answer](caller, (case, version), answer)


def _granted(caller: Caller, case: Case, answer: PayerAnswer) -> UUID | None:
    old, version = case
    values = granted_values(answer, old)
    if values is None:
        return _written(caller, case, answer, None, READ_GRANT)
    step = NextStep(ASK_NUMBER, _today(caller)) if values["number"] is None else None
    values["decided_on"] = _decided_on(caller, old, answer)
    return _decided(caller, old, version, Decided(Decision.APPROVED, values, words_of(answer), next_step=step))


def _denied(caller: Caller, case: Case, answer: PayerAnswer) -> UUID | None:
    old, version = case
    reasons = reasons_of(answer)
    code = reasons[0] if reasons else None
    step = NextStep(READ_DENIAL, _today(caller))
    new = NewDenial(_decided_on(caller, old, answer), words_of(answer), code, next_step=step)
    return record_denial(caller, (old.id, version), new_id(), new).change


def _pended(caller: Caller, case: Case, answer: PayerAnswer) -> UUID | None:
    old, version = case
    if not asks_for_more(answer):
        return _written(caller, case, answer, Outcome.STILL_PENDING, None)
    step = NextStep(_to_send(answer), _today(caller))
    contact = Contact(reference=real_number(answer.number))
    due = due_of(answer.wanted)
    more = Decided(Decision.MORE_INFO, {}, words_of(answer), contact, due_on=due, next_step=step)
    return _decided(caller, old, version, more)


def _to_send(answer: PayerAnswer) -> str:
    """What to do about what the payer waits for: named where the payer names it."""
    step = f"Send the payer: {all_wanted(answer.wanted)}"
    return step if answer.wanted and len(step) <= LONGEST_STEP else SEND_MORE


def _not_required(caller: Caller, case: Case, answer: PayerAnswer) -> UUID | None:
    old, version = case
    items = required_items(answer, old)
    if not items and not old.drug:
        return _written(caller, case, answer, None, READ_GRANT)
    values: dict[str, Any] = {"items": items, "decided_on": _decided_on(caller, old, answer)}
    if real_number(answer.number) is not None:
        values["reference"] = real_number(answer.number)
    return _decided(caller, old, version, Decided(Decision.NOT_REQUIRED, values, words_of(answer)))


def _canceled(caller: Caller, case: Case, answer: PayerAnswer) -> UUID | None:
    old, version = case
    return _decided(caller, old, version, Decided(Decision.WITHDRAWN, {}, words_of(answer)))


def _call(caller: Caller, case: Case, answer: PayerAnswer) -> UUID | None:
    return _written(caller, case, answer, Outcome.CALL_BACK, CALL_PAYER)


def _rejected(caller: Caller, case: Case, answer: PayerAnswer) -> UUID | None:
    return _written(caller, case, answer, None, SEND_AGAIN)


_APPLIED: Mapping[Answer, Callable[[Caller, Case, PayerAnswer], UUID | None]] = {
    Answer.GRANTED: _granted,
    Answer.DENIED: _denied,
    Answer.PENDED: _pended,
    Answer.NOT_REQUIRED: _not_required,
    Answer.CANCELED: _canceled,
    Answer.CALL: _call,
    Answer.REJECTED: _rejected,
}


def _decided(caller: Caller, old: AuthorizationRecord, version: int, decided: Decided) -> UUID | None:
    return decide(caller, old.id, version, new_id(), decided).change


def _written(caller: Caller, case: Case, answer: PayerAnswer, outcome: Outcome | None, step: str | None) -> UUID | None:
    """Write down an answer that moves nothing, and what comes next."""
    old, _version = case
    on = _today(caller) if step is not None else None
    contact = Contact(reference=real_number(answer.number), outcome=outcome)
    entry = Entry(
        id=new_id(),
        case_id=old.id,
        patient_id=old.patient_id,
        kind=EntryKind.DECISION,
        at=caller.clock.now(),
        by_id=caller.user_id,
        words=words_of(answer),
        contact=contact,
        next_action=step,
        next_action_on=on,
    )
    add_entry(caller, entry)
    if step is not None:
        set_next(caller, [old.id], step, on)
    return None


def _decided_on(caller: Caller, old: AuthorizationRecord, answer: PayerAnswer) -> date:
    """The day of the decision: the one that the answer bears, inside sending and today; else today."""
    today = _today(caller)
    day = min(answer.issued or today, today)
    return max(day, old.requested_on) if old.requested_on is not None else day


def _today(caller: Caller) -> date:
    return caller.clock.today(ZoneInfo(practice_of(caller.session, caller.practice_id).zone))
