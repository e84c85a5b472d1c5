"""What of the cases stands on the page of today: due, to be answered, to be renewed, asked of me, without steering."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from app.authorizations import store as authorization_store
from app.authorizations.facts import Status
from app.casework.actions.casebook import open_lines, practice_today
from app.casework.facts.casebook import RENEWING, Queue, Which
from app.casework.facts.today import AskedAbout, CaseBlocks
from app.casework.store import casebook as store
from app.clinical.facts import ProviderAsk
from app.clinical.store import asks as ask_store
from app.patients import store as patient_store
from app.platform.caller import Caller
from app.practice.store import staff as staff_store
from app.values.scope import Scope

LOOKED_AT, SHOWN, MOST = 24, 6, 500
_TO_ANSWER = frozenset({Status.SUBMITTED, Status.IN_APPEAL, Status.APPROVED, Status.PARTLY_APPROVED})
"""Open cases of which the payer's answer, or the number of its yes, is still to be had."""


def read_case_blocks(caller: Caller, mine: bool, site_id: UUID | None) -> CaseBlocks:
    """Read the blocks with a fixed number of queries; whoever shows them notes whom they name (`named`).

    Takes     whose: the person's own cases, or everybody's; the site whose patients to keep to, None: all.
    """
    session, practice_id, today = caller.session, caller.practice_id, practice_today(caller)
    scope = _at(caller.scope, site_id)
    owner = caller.user_id if mine else None
    due = Which(Queue.OPEN, owner, due=(None, today), awake_on=today)
    renewals = Which(Queue.RENEWAL, owner, due=(None, today + timedelta(days=RENEWING)), awake_on=today)
    lacking = Which(Queue.DEFECT, owner, awake_on=today)
    asked = {"due": due, "renewals": renewals, "lacking": lacking}
    counts = store.capped(session, practice_id, asked, MOST, scope)
    rows = [
        *store.page(session, practice_id, due, LOOKED_AT, scope=scope),
        *store.page(session, practice_id, renewals, SHOWN, scope=scope),
        *store.page(session, practice_id, lacking, SHOWN, scope=scope),
    ]
    lines = open_lines(caller, rows, today)
    waiting = [line for line in lines if line.queue is Queue.OPEN]
    asks = ask_store.open_asks_of(session, practice_id, caller.user_id, caller.scope) if caller.user_id else ()
    return CaseBlocks(
        today=today,
        due=tuple(line for line in waiting if line.record.status not in _TO_ANSWER)[:SHOWN],
        answers=tuple(line for line in waiting if line.record.status in _TO_ANSWER)[:SHOWN],
        due_count=counts.get("due", 0),
        renewals=tuple(line for line in lines if line.queue is Queue.RENEWAL),
        renewal_count=counts.get("renewals", 0),
        lacking=tuple(line for line in lines if line.queue is Queue.DEFECT),
        lacking_count=counts.get("lacking", 0),
        asks=_asked_about(caller, asks),
        names={one.id: one.name for one in staff_store.staff_of(session, practice_id)},
    )


def _asked_about(caller: Caller, asks: Sequence[ProviderAsk]) -> tuple[AskedAbout, ...]:
    shown = asks[:SHOWN]
    people = patient_store.opened(caller.session, caller.practice_id, [one.patient_id for one in shown])
    cases = [one.case_id for one in shown if one.case_id is not None]
    records = authorization_store.records_by_ids(caller.session, caller.practice_id, cases)
    return tuple(
        AskedAbout(one, people[one.patient_id], records.get(one.case_id) if one.case_id is not None else None)
        for one in shown
        if one.patient_id in people
    )


def _at(scope: Scope, site_id: UUID | None) -> Scope:
    if site_id is None:
        return scope
    return Scope(frozenset({site_id}), scope.provider_npi, scope.opened, unbooked=scope.unbooked)
