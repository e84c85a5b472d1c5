"""Use cases of authorizations: log one, move it, correct it, follow it up, take a change back. Each keeps an event."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.audit.actions import record
from app.authorizations import store
from app.authorizations.facts import AuthorizationEvent, AuthorizationRecord, Kind, Status
from app.authorizations.rules.changes import CORRECTS, WHY, changes_of
from app.authorizations.rules.follow import following
from app.authorizations.rules.history import undone_by
from app.authorizations.rules.items import key_of
from app.authorizations.rules.moves import refuse_illegal
from app.authorizations.rules.settling import moved, refuse_faults, settled
from app.platform.caller import Caller
from app.platform.changes import Changed, announce, announced
from app.platform.ids import new_id
from app.practice.store.practice import practice_of

UNDO_FOR = timedelta(hours=24)
MISTAKE, UNDONE = "mistake", "undone"
CORRECTIONS = frozenset({MISTAKE, "duplicate", UNDONE})
"""Words that mark a change as a correction of what was logged wrongly: it may set any state."""


class AuthorizationNotFoundError(Exception):
    """No authorization has this id."""


class EventNotFoundError(Exception):
    """The authorization has no event with this id."""


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


@dataclass(frozen=True, slots=True)
class _Mark:
    """What an event says beside fields: which change of its authorization it is, why, its id, and what it corrects."""

    step: int
    why: str | None = None
    event_id: UUID | None = None
    corrects: UUID | None = None

    @property
    def told(self) -> dict[str, list[str | None]]:
        why: dict[str, list[str | None]] = {WHY: [None, self.why]} if self.why else {}
        return why | ({CORRECTS: [None, str(self.corrects)]} if self.corrects else {})


def add_authorization(caller: Caller, new: AuthorizationRecord) -> bool:
    """Log one authorization, in whatever state it is; its id, made by who asks, lets a form sent twice log it once.

    Returns   False when it is on file already under this id.
    Raises    KnownNumberError; RefusedValueError where its values cannot stand together.
    """
    new = settled(new)
    new = replace(new, natural_key=key_of(new))
    refuse_faults(None, new)
    with announced(caller) as session:
        if store.record_of(session, caller.practice_id, new.id) is not None:
            return False
        _refuse_known(session, caller.practice_id, new)
        store.add_authorizations(session, caller.practice_id, [new], [_event(caller, None, new, _Mark(1))])
        announce(session, Changed(frozenset({new.patient_id})))
        record(caller, "authorizations.added", [new.patient_id, new.id])
    return True


def move(
    caller: Caller,
    authorization_id: UUID,
    version: int,
    to: Status,
    changes: Mapping[str, Any] | None = None,
    why: str | None = None,
    event_id: UUID | None = None,
) -> AuthorizationRecord:
    """Take a case to another state, or record more in the one in which it is.

    Sending keeps what was asked, line by line, and its day; a decision has a day. A yes with neither number nor
    reference is a spoken one. Days that are not given are the practice's today; units used stay with their codes.

    Takes     its id; the version that the person saw; the state; new values by the field names of AuthorizationRecord;
              one word that says why; the id that the event gets: a move that is made twice under it is made once.
    Returns   what is on file now.
    Raises    AuthorizationNotFoundError; StaleAuthorizationError; IllegalMoveError; RefusedValueError, which names the
              field; KnownNumberError.
    """
    with announced(caller) as session:
        old = _fresh(caller, session, authorization_id, version, event_id)
        if old is None:
            return _held(caller, session, authorization_id)[0]
        refuse_illegal(old, to)
        new = moved(old, to, changes or {}, caller.clock.today(_zone(caller, session)))
        return _write(caller, session, old, new, _Mark(version + 1, why, event_id))


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
              whole); `why`: one word kept with the change (one of CORRECTIONS lets any state follow any); the id that
              the change gets, for taking it back.
    Returns   what is on file now. Values that change nothing leave no trace.
    Raises    AuthorizationNotFoundError; StaleAuthorizationError; KnownNumberError; IllegalMoveError;
              RefusedValueError where the values cannot stand together.
    """
    with announced(caller) as session:
        old = _fresh(caller, session, authorization_id, version, event_id)
        if old is None:
            return _held(caller, session, authorization_id)[0]
        to = changes.get("status", old.status)
        if to is not old.status and why not in CORRECTIONS:
            refuse_illegal(old, to)
        return _write(caller, session, old, _replaced(old, changes), _Mark(version + 1, why, event_id))


def correct(
    caller: Caller,
    authorization_id: UUID,
    version: int,
    wrong_event: UUID,
    changes: Mapping[str, Any],
    why: str = MISTAKE,
    event_id: UUID | None = None,
) -> AuthorizationRecord:
    """Correct what an earlier event recorded wrongly; the correction points at it, and nothing is removed.

    Takes     as `change_authorization`, and the id of the event that was wrong. Any state may follow.
    Raises    as `change_authorization`, but IllegalMoveError; EventNotFoundError.
    """
    with announced(caller) as session:
        old = _fresh(caller, session, authorization_id, version, event_id)
        if old is None:
            return _held(caller, session, authorization_id)[0]
        events = store.events_of(session, caller.practice_id, authorization_id)
        if all(one.id != wrong_event for one in events):
            raise EventNotFoundError
        return _write(caller, session, old, _replaced(old, changes), _Mark(version + 1, why, event_id, wrong_event))


def follow_up(caller: Caller, parent_id: UUID, kind: Kind, key: UUID) -> AuthorizationRecord:
    """Begin a request that follows a case in its chain: a draft with what the case names, without what was decided.

    Takes     the case; the kind of the new request; its id, under which it is begun once.
    Returns   the draft, or what stands under its id.
    Raises    AuthorizationNotFoundError; IllegalMoveError where this kind cannot follow the case.
    """
    with announced(caller) as session:
        parent, _version = _held(caller, session, parent_id)
        known = store.record_of(session, caller.practice_id, key)
        if known is not None:
            return known[0]
        new = following(parent, kind, key)
        new = replace(new, natural_key=key_of(new))
        store.add_authorizations(session, caller.practice_id, [new], [_event(caller, None, new, _Mark(1))])
        announce(session, Changed(frozenset({new.patient_id})))
        record(caller, "authorizations.followed", [new.patient_id, new.id, parent.id])
        return new


def take_back(caller: Caller, event_id: UUID, authorization_id: UUID) -> AuthorizationRecord:
    """Put back what an authorization was before its last change, within 24 hours; one just logged is voided.

    What was said since of its owner and of what comes next stays.
    Raises    AuthorizationNotFoundError; UndoRefusedError; KnownNumberError.
    """
    with announced(caller) as session:
        old, version = _held(caller, session, authorization_id)
        events = store.events_of(session, caller.practice_id, authorization_id)
        at = next((one.at for one in events if one.id == event_id), None)
        before = undone_by(events, event_id)
        if at is None or before is None or at + UNDO_FOR < caller.clock.now():
            raise UndoRefusedError
        return _write(caller, session, old, replace(old, **before), _Mark(version + 1, UNDONE, None, event_id))


def _zone(caller: Caller, session: Session) -> ZoneInfo:
    return ZoneInfo(practice_of(session, caller.practice_id).zone)


def _held(caller: Caller, session: Session, authorization_id: UUID) -> tuple[AuthorizationRecord, int]:
    found = store.record_of(session, caller.practice_id, authorization_id, hold=True)
    if found is None:
        raise AuthorizationNotFoundError
    return found


def _fresh(
    caller: Caller, session: Session, authorization_id: UUID, version: int, event_id: UUID | None
) -> AuthorizationRecord | None:
    """Hold a case for a change. None: the change with this id is on file already."""
    old, now = _held(caller, session, authorization_id)
    if now != version:
        events = () if event_id is None else store.events_of(session, caller.practice_id, authorization_id)
        if any(one.id == event_id for one in events):
            return None
        raise StaleAuthorizationError(old, now)
    return old


def _replaced(old: AuthorizationRecord, changes: Mapping[str, Any]) -> AuthorizationRecord:
    new = replace(old, **changes)
    refuse_faults(old, new)
    return settled(new)


def _write(
    caller: Caller, session: Session, old: AuthorizationRecord, new: AuthorizationRecord, mark: _Mark
) -> AuthorizationRecord:
    if new == old:
        return old
    new = replace(new, natural_key=key_of(new))
    if new.natural_key != old.natural_key:
        _refuse_known(session, caller.practice_id, new)
    store.change_authorizations(session, caller.practice_id, [new], [_event(caller, old, new, mark)])
    announce(session, Changed(frozenset({new.patient_id})))
    record(caller, "authorizations.changed", [new.patient_id, new.id])
    return new


def _refuse_known(session: Session, practice_id: UUID, new: AuthorizationRecord) -> None:
    other = store.by_natural_key(session, practice_id, new.patient_id, new.natural_key)
    if other is not None and other != new.id:
        raise KnownNumberError(other)


def _event(
    caller: Caller, old: AuthorizationRecord | None, new: AuthorizationRecord, mark: _Mark
) -> AuthorizationEvent:
    changes = changes_of(old, new) | mark.told
    event_id, at = mark.event_id or new_id(), caller.clock.now()
    return AuthorizationEvent(event_id, new.id, at, caller.via, caller.user_id, changes, mark.step)
