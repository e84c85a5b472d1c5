"""Make a case of a request that was written, and record that it went to the payer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.authorizations import store as authorization_store
from app.authorizations.actions import StaleAuthorizationError, add_authorization, change_authorization, move
from app.authorizations.facts import UNSENT, AuthorizationRecord, Status
from app.casework.actions.approvals import of_coverage
from app.casework.actions.cosmetic import refuse_cosmetic
from app.casework.actions.entries import add_entry
from app.casework.actions.requests import RequestSentError
from app.casework.facts.cases import CaseNotFoundError
from app.casework.facts.entries import Contact, Entry, EntryKind, Outcome
from app.casework.facts.requests import AskedLine, RequestAnswer, RequestDraft, RequestStart
from app.casework.rules.asked import items_of, next_step, requested_lines
from app.casework.rules.readiness import lacks_data, lacks_proof, state_of
from app.casework.store import requests as store
from app.deadlines.actions import own_case
from app.platform.caller import Caller
from app.platform.changes import announced
from app.practice.store.practice import practice_of


@dataclass(frozen=True, slots=True)
class Sending:
    """How a request went to the payer.

    `key`: the id that the form carries, so that a form sent twice counts once. `told`: the payer was notified, and no
    decision comes. `ask_on`: the day on which to ask where it stands.
    """

    key: UUID
    on: date
    channel: str
    reference: str | None = None
    person: str | None = None
    words: str | None = None
    told: bool = False
    ask_on: date | None = None


def make_case(
    caller: Caller,
    start: RequestStart,
    draft: RequestDraft,
    coverage: UUID,
    lines: Sequence[AskedLine],
    values: Mapping[str, Any],
    answer: RequestAnswer,
) -> AuthorizationRecord:
    """Make a case of what was written, or change the one that was made of it before.

    Its state follows from what is written and what the payer wants to see. Whoever makes it owns it, and it has a next
    action; what a person wrote there stays.
    Takes     what the form started from; the draft as kept; the coverage asked under; what is asked for; the other
              values by the field names of AuthorizationRecord; what the rules say.
    Returns   the case as it stands. Made twice of one draft, it is made once.
    Raises    KnownNumberError, RefusedValueError, StaleAuthorizationError (authorizations/actions.py),
              RequestSentError, CosmeticRequestError (the draft stays as it was kept).
    """
    filled = _filled(start, coverage, lines, values)
    empty = _empty(draft.id, start)
    status = state_of(replace(empty, **filled), answer, draft.typed.get("have", ()))
    filled |= {"status": status, "raw_status": status.value}
    with announced(caller) as session:
        refuse_cosmetic(caller, replace(empty, **filled))
        found = authorization_store.record_of(session, caller.practice_id, draft.id, hold=True)
        filled |= next_step(status, start.today, found[0] if found is not None else None)
        if found is None:
            add_authorization(caller, replace(empty, **filled))
            if caller.user_id is not None:
                own_case(caller, draft.id, caller.user_id)
        else:
            _change(caller, draft, found, filled)
        after = authorization_store.record_of(session, caller.practice_id, draft.id)
        assert after is not None
        store.save(session, caller.practice_id, replace(draft, case_version=after[1]))
    return after[0]


def lacking(
    start: RequestStart,
    coverage: UUID | None,
    lines: Sequence[AskedLine],
    values: Mapping[str, Any],
    answer: RequestAnswer,
    at_hand: Sequence[str],
) -> tuple[str, ...]:
    """Name what a case of what is written would lack before it can be sent; nothing where no case can be made yet."""
    if coverage is None or not lines:
        return ()
    record = replace(_empty(start.patient.id, start), **_filled(start, coverage, lines, values))
    return (*lacks_data(record), *lacks_proof(answer, at_hand))


def _empty(case_id: UUID, start: RequestStart) -> AuthorizationRecord:
    return AuthorizationRecord(case_id, start.patient.id, "", "", "", Status.DRAFT, Status.DRAFT.value)


def _filled(
    start: RequestStart, coverage: UUID, lines: Sequence[AskedLine], values: Mapping[str, Any]
) -> dict[str, Any]:
    row = next(one for one in start.coverages if one.id == coverage)
    drug = next((line.drug for line in lines if line.drug is not None), None)
    asked = {"items": items_of(lines), "drug": drug, "requested": requested_lines(lines, values)}
    return {**values, **of_coverage(row), **asked}


def _change(
    caller: Caller, draft: RequestDraft, found: tuple[AuthorizationRecord, int], values: Mapping[str, Any]
) -> None:
    """Change the case that was made of a draft before, unless somebody changed it otherwise meanwhile."""
    now, version = found
    if now.status not in UNSENT:
        raise RequestSentError
    if draft.case_version is not None and draft.case_version != version:
        raise StaleAuthorizationError(now, version)
    change_authorization(caller, draft.id, version, values)


def read_unsent(caller: Caller, case_id: UUID) -> tuple[AuthorizationRecord, int]:
    """Read a case that is not sent, with its version. Raises CaseNotFoundError, RequestSentError."""
    found = authorization_store.record_of(caller.session, caller.practice_id, case_id)
    if found is None:
        raise CaseNotFoundError
    if found[0].status not in UNSENT:
        raise RequestSentError
    return found


def send_request(caller: Caller, case_id: UUID, version: int, sending: Sending) -> AuthorizationRecord:
    """Record that a request went to the payer: what was asked is kept as it was sent, and the history says how.

    Takes     the case; the version that the person saw; how it went.
    Returns   the case as it stands.
    Raises    CaseNotFoundError; CosmeticRequestError; StaleAuthorizationError, IllegalMoveError, RefusedValueError,
              KnownNumberError (authorizations/actions.py).
    """
    with announced(caller) as session:
        found = authorization_store.record_of(session, caller.practice_id, case_id)
        if found is None:
            raise CaseNotFoundError
        if found[0].status in UNSENT:
            refuse_cosmetic(caller, found[0])
        to = Status.NOTIFIED if sending.told else Status.SUBMITTED
        changes: dict[str, Any] = {
            "requested_on": sending.on,
            "submitted_by_channel": sending.channel,
            "representative": sending.person,
            "next_action": "Ask the payer where it stands" if sending.ask_on else None,
            "next_action_on": sending.ask_on,
        }
        if sending.reference:
            changes["reference"] = sending.reference
        record = move(caller, case_id, version, to, changes, event_id=sending.key)
        if add_entry(caller, _entry(caller, record, sending)):
            store.remove(session, caller.practice_id, [case_id])
    return record


def _entry(caller: Caller, record: AuthorizationRecord, sending: Sending) -> Entry:
    contact = Contact(
        line=sending.channel, person=sending.person, reference=sending.reference, outcome=Outcome.SUBMITTED
    )
    return Entry(
        id=sending.key,
        case_id=record.id,
        patient_id=record.patient_id,
        kind=EntryKind.REQUEST_SENT,
        at=caller.clock.now(),
        by_id=caller.user_id,
        words=sending.words,
        contact=contact,
        event_id=sending.key,
        next_action=record.next_action,
        next_action_on=record.next_action_on,
    )


def today_of(caller: Caller) -> date:
    """The practice's day."""
    return caller.clock.today(ZoneInfo(practice_of(caller.session, caller.practice_id).zone))
