"""Write an audit line inside the caller's transaction, and check the chain of a practice."""

from collections.abc import Iterable
from uuid import UUID

from app.audit import store
from app.audit.facts import AuditEntry, AuditError
from app.audit.rules import ZERO_MAC, Detail, clean_details, mac_of
from app.platform.caller import Caller
from app.platform.ids import new_id


def record(caller: Caller, action: str, subjects: Iterable[UUID] = (), **details: Detail) -> None:
    """Write who did or saw what, in the transaction that is open: either both stand or neither.

    Takes     the caller; the action as `room.verb` (`schedule.moved`, `clearance.seen`); the ids of the patients,
              visits or other rows that it was about; details that are ids, numbers or single words, never PHI.
    Raises    AuditError when the line cannot be written; the action then fails.
    """
    key = _audit_key(caller)
    clean = clean_details(details)
    sequence, before = store.head(caller.session, caller.practice_id)
    entry = AuditEntry(
        new_id(), sequence + 1, caller.clock.now(), caller.user_id, caller.via, action, tuple(subjects), clean
    )
    store.append(caller.session, caller.practice_id, entry, mac_of(key, caller.practice_id, before, entry))


def first_broken(caller: Caller) -> int | None:
    """Check the whole chain of a practice. Returns the number of the first line that is not as written, or None.

    A cut tail answers the number of the first line that is missing.
    """
    key = _audit_key(caller)
    expected, before = 1, ZERO_MAC
    for entry, mac in store.entries(caller.session, caller.practice_id):
        if entry.sequence != expected or mac_of(key, caller.practice_id, before, entry) != mac:
            return expected
        expected, before = expected + 1, mac
    return None if store.head(caller.session, caller.practice_id) == (expected - 1, before) else expected


def _audit_key(caller: Caller) -> bytes:
    key = caller.session.info.get("audit_key")
    if not isinstance(key, bytes) or len(key) < 32:
        raise AuditError("the audit key is missing: open the session through the program")
    return key
