"""Log an authorization, change one, and take a change back."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.audit.actions import record
from app.authorizations import store
from app.authorizations.facts import AuthorizationEvent, AuthorizationRecord, Status
from app.authorizations.rules.changes import changes_of, is_first, values_before
from app.authorizations.rules.items import key_of
from app.platform.caller import Caller
from app.platform.changes import Changed, announce, announced
from app.platform.ids import new_id

UNDO_FOR = timedelta(hours=24)


class AuthorizationNotFoundError(Exception):
    """No authorization has this id."""


class StaleAuthorizationError(Exception):
    """Somebody changed the authorization meanwhile: nothing is saved. `now` is what is on file, `version` its count."""

    def __init__(self, now: AuthorizationRecord, version: int) -> None:
        super().__init__("the authorization was changed meanwhile")
        self.now, self.version = now, version


class KnownNumberError(Exception):
    """The patient has an authorization of this payer with this number (or reference, or codes and begin) already."""

    def __init__(self, authorization_id: UUID) -> None:
        super().__init__("an authorization with this number is on file")
        self.authorization_id = authorization_id


class UndoRefusedError(Exception):
    """The change cannot be taken back any more: it is too old, another followed, or its old values are not kept."""


def add_authorization(caller: Caller, new: AuthorizationRecord) -> bool:
    """Log one authorization; its id, made by who asks, lets a form that is sent twice log it once.

    Returns   False when it is on file already under this id.
    Raises    KnownNumberError.
    """
    new = replace(new, natural_key=key_of(new))
    with announced(caller) as session:
        if store.record_of(session, caller.practice_id, new.id) is not None:
            return False
        _refuse_known(session, caller.practice_id, new)
        store.add_authorizations(session, caller.practice_id, [new], [_event(caller, None, new)])
        announce(session, Changed(frozenset({new.patient_id})))
        record(caller, "authorizations.added", [new.patient_id, new.id])
    return True


def change_authorization(
    caller: Caller,
    authorization_id: UUID,
    version: int,
    changes: Mapping[str, Any],
    why: str | None = None,
    event_id: UUID | None = None,
) -> AuthorizationRecord:
    """Change one authorization; its visits are judged anew (`session.info["visits_changed"]` counts them).

    Takes     its id; the version that the person saw; the new values by the field names of AuthorizationRecord (items
              whole); `why`: one word kept with the change (`mistake`, `duplicate`); the id that the change gets, for
              taking it back.
    Returns   what is on file now. Values that change nothing leave no trace.
    Raises    AuthorizationNotFoundError; StaleAuthorizationError; KnownNumberError; ValueError where it would end
              before it begins.
    """
    with announced(caller) as session:
        old, now = _held(caller, session, authorization_id)
        if now != version:
            raise StaleAuthorizationError(old, now)
        return _change(caller, session, old, changes, why, event_id)


def take_back(caller: Caller, event_id: UUID, authorization_id: UUID) -> AuthorizationRecord:
    """Put back what an authorization was before its last change, within 24 hours; one just logged is voided.

    Raises    AuthorizationNotFoundError; UndoRefusedError; KnownNumberError.
    """
    with announced(caller) as session:
        old, _version = _held(caller, session, authorization_id)
        events = store.events_of(session, caller.practice_id, authorization_id)
        if not events or events[-1].id != event_id or events[-1].at + UNDO_FOR < caller.clock.now():
            raise UndoRefusedError
        changes = events[-1].changes
        before = {"status": Status.VOIDED} if is_first(changes) else values_before(changes)
        if before is None:
            raise UndoRefusedError
        return _change(caller, session, old, before, "undone")


def _held(caller: Caller, session: Session, authorization_id: UUID) -> tuple[AuthorizationRecord, int]:
    found = store.record_of(session, caller.practice_id, authorization_id, hold=True)
    if found is None:
        raise AuthorizationNotFoundError
    return found


def _change(
    caller: Caller,
    session: Session,
    old: AuthorizationRecord,
    changes: Mapping[str, Any],
    why: str | None,
    event_id: UUID | None = None,
) -> AuthorizationRecord:
    new = replace(old, **changes)
    if new.ends is not None and new.no_end:
        new = replace(new, no_end=False)
    if new.begins is not None and new.ends is not None and new.ends < new.begins:
        raise ValueError("an authorization cannot end before it begins")
    if new == old:
        return old
    new = replace(new, natural_key=key_of(new))
    if new.natural_key != old.natural_key:
        _refuse_known(session, caller.practice_id, new)
    store.change_authorizations(session, caller.practice_id, [new], [_event(caller, old, new, why, event_id)])
    announce(session, Changed(frozenset({new.patient_id})))
    record(caller, "authorizations.changed", [new.patient_id, new.id])
    return new


def _refuse_known(session: Session, practice_id: UUID, new: AuthorizationRecord) -> None:
    other = store.by_natural_key(session, practice_id, new.patient_id, new.natural_key)
    if other is not None and other != new.id:
        raise KnownNumberError(other)


def _event(
    caller: Caller,
    old: AuthorizationRecord | None,
    new: AuthorizationRecord,
    why: str | None = None,
    event_id: UUID | None = None,
) -> AuthorizationEvent:
    changes = changes_of(old, new) | ({"why": [None, why]} if why else {})
    return AuthorizationEvent(event_id or new_id(), new.id, caller.clock.now(), caller.via, caller.user_id, changes)
