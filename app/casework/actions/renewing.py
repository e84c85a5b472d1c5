"""Open a renewal in draft when its time has come, with what the renewal criteria need."""

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from app.authorizations import store as authorization_store
from app.authorizations.actions import follow_up
from app.authorizations.facts import Kind
from app.authorizations.rules.follow import following
from app.authorizations.rules.moves import IllegalMoveError
from app.casework.actions.criteria import asked_by, criteria_for
from app.casework.actions.entries import add_entry
from app.casework.actions.steering import set_next
from app.casework.facts.entries import Entry, EntryKind
from app.casework.rules.renewing import needs_words, note_id, renewal_id
from app.deadlines import store as clock_store
from app.deadlines.actions import own_case
from app.platform.caller import Caller
from app.platform.changes import announced
from app.practice.store import practice as practice_store

NEXT = "Ask for the renewal"


def open_renewal(caller: Caller, approval_id: UUID, ask_by: date | None) -> bool:
    """Open the renewal of an approval in draft, once: with its owner, its next action and a note of what it needs.

    Takes     the approval; the day by which it should be asked for.
    Returns   False where it is open already, another renewal of it was begun, or nothing may follow the approval.
    """
    session, practice_id = caller.session, caller.practice_id
    key = renewal_id(approval_id)
    found = authorization_store.record_of(session, practice_id, approval_id)
    if found is None or _is_begun(caller, approval_id, key):
        return False
    try:
        draft = following(found[0], Kind.RENEWAL, key)
    except IllegalMoveError:
        return False
    words = needs_words(criteria_for(caller, draft.patient_id, asked_by(draft)))
    today = caller.clock.today(ZoneInfo(practice_store.practice_of(session, practice_id).zone))
    owner = clock_store.cases(session, practice_id, [approval_id]).get(approval_id)
    with announced(caller):
        follow_up(caller, approval_id, Kind.RENEWAL, key)
        if owner is not None and owner.owner_id is not None:
            own_case(caller, key, owner.owner_id)
        set_next(caller, [key], NEXT, max(today, ask_by) if ask_by is not None else today)
        at = caller.clock.now()
        add_entry(caller, Entry(note_id(approval_id), key, draft.patient_id, EntryKind.NOTE, at, None, words))
    return True


def _is_begun(caller: Caller, approval_id: UUID, key: UUID) -> bool:
    """Say whether a renewal of an approval was begun, by itself or by a person, whatever became of it."""
    chain = authorization_store.chain_of(caller.session, caller.practice_id, approval_id)
    return any(one.id == key or (one.parent_id == approval_id and one.kind is Kind.RENEWAL) for one in chain)
