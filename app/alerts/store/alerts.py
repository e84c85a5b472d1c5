"""Alerts, open and closed: what sweeping reads and writes of them. What pages ask for stands in `inbox.py`."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from app.alerts.facts.alerts import Alert, ClosedBy
from app.alerts.models.alerts import AlertRow, WatchRow
from app.alerts.rules.codes import link_code
from app.alerts.rules.packing import pack_basis, unpack_basis, watch_id
from app.alerts.store import rapid
from app.deadlines.facts import Reason, Subject
from app.platform import sight
from app.platform.db import keyring_of
from app.platform.rows import chunks
from app.values.scope import EVERYTHING, Scope

_A, _W = AlertRow, WatchRow
_ALL: tuple[Any, ...] = tuple(_A.__table__.c)
_FIXED = ("id", "code", "watch_id", "subject_kind", "subject_key", "reason", "opened_at")
_PLAIN = (
    "step", "zone", "clears", "told_at", "due_on", "due_at", "site_id", "patient_id", "owner_id", "urgent", "level",
    "escalate_at", "acknowledged_at", "acknowledged_by", "snoozed_until", "closed_at", "closed_by", "version",
)  # fmt: skip
_CHANGES = (*_PLAIN, "basis", "counts")


def add(session: Session, practice_id: UUID, alerts: Sequence[Alert]) -> None:
    """Open alerts. Two of one subject and reason are never open at once (the database refuses it)."""
    rapid.insert(session, practice_id, _A, (*_FIXED, *_CHANGES), ((*_fixed(one), *_changes(one)) for one in alerts))


def change(session: Session, practice_id: UUID, alerts: Sequence[Alert]) -> None:
    """Write alerts that are on file as given."""
    ordered = sorted(alerts, key=_by_id)
    rapid.update(session, practice_id, _A, _CHANGES, ((*_changes(one), one.id) for one in ordered))


def close(session: Session, practice_id: UUID, alert_ids: Collection[UUID], why: ClosedBy, now: datetime) -> None:
    """Close open alerts."""
    for ids in chunks(list(alert_ids)):
        session.execute(
            update(_A)
            .where(_A.practice_id == practice_id, _A.id.in_(ids), _A.closed_at.is_(None))
            .values(closed_at=now, closed_by=why, escalate_at=None, snoozed_until=None, version=_A.version + 1)
            .execution_options(synchronize_session=False)
        )


def open_of(session: Session, practice_id: UUID, watch_ids: Collection[UUID]) -> dict[UUID, Alert]:
    """Read the open alerts of what is watched, by its id."""
    found: dict[UUID, Alert] = {}
    for ids in chunks(list(watch_ids)):
        chosen = select(*_ALL).where(_A.practice_id == practice_id, _A.watch_id.in_(ids), _A.closed_at.is_(None))
        found.update((row.watch_id, alert_of(row)) for row in session.execute(chosen))
    return found


def open_for(session: Session, practice_id: UUID, reason: Reason, after: UUID | None, limit: int) -> tuple[Alert, ...]:
    """Read open alerts of one reason in the order of their ids, from behind one of them on."""
    chosen = select(*_ALL).where(_A.practice_id == practice_id, _A.reason == reason, _A.closed_at.is_(None))
    if after is not None:
        chosen = chosen.where(_A.id > after)
    return tuple(alert_of(row) for row in session.execute(chosen.order_by(_A.id).limit(limit)))


def _in_sight(practice_id: UUID, scope: Scope) -> tuple[ColumnElement[bool], ...]:
    """Make the condition that an alert is in sight: by its patient; where it has none, by its site, if any."""
    if not scope.limited:
        return ()
    of_nobody = and_(_A.patient_id.is_(None), *sight.of_sites(scope, _A.site_id))
    return (or_(of_nobody, *sight.of_patients(practice_id, scope, _A.patient_id)),)


def by_ids(
    session: Session, practice_id: UUID, alert_ids: Collection[UUID], scope: Scope = EVERYTHING
) -> dict[UUID, Alert]:
    """Read some alerts, as far as they are in sight."""
    found: dict[UUID, Alert] = {}
    for ids in chunks(list(alert_ids)):
        chosen = select(*_ALL).where(_A.practice_id == practice_id, _A.id.in_(ids), *_in_sight(practice_id, scope))
        found.update((row.id, alert_of(row)) for row in session.execute(chosen))
    return found


def held(session: Session, practice_id: UUID, alert_id: UUID, scope: Scope = EVERYTHING) -> Alert | None:
    """Read one alert in sight and hold it for writing; None: there is no such alert."""
    mine = (_A.practice_id == practice_id, _A.id == alert_id, *_in_sight(practice_id, scope))
    row = session.execute(select(*_ALL).where(*mine).with_for_update()).one_or_none()
    return None if row is None else alert_of(row)


def by_code(session: Session, practice_id: UUID, code: str, scope: Scope = EVERYTHING) -> Alert | None:
    """Find an alert in sight by the code of its short link."""
    named = (_A.practice_id == practice_id, _A.code == code.strip().upper(), *_in_sight(practice_id, scope))
    row = session.execute(select(*_ALL).where(*named)).one_or_none()
    return None if row is None else alert_of(row)


def link_of(session: Session, practice_id: UUID, alert_ids: Sequence[UUID]) -> str:
    """The path that a message's link leads to: the alert's own, or the list where it tells of several or none."""
    return f"/a/{code_of(session, practice_id, alert_ids[0])}" if len(alert_ids) == 1 else "/alerts"


def code_of(session: Session, practice_id: UUID, alert_id: UUID) -> str:
    """Make the code of an alert's short link of its id, by a blind index: asked for without a query."""
    return link_code(keyring_of(session).blind("alert", practice_id, alert_id.hex))


def lost(session: Session, practice_id: UUID, now: datetime, limit: int) -> tuple[Alert, ...]:
    """Find open alerts that lost their cause: it is watched no longer, or no step of it is reached any more."""
    watched = (_W.practice_id == _A.practice_id) & (_W.id == _A.watch_id)
    gone = or_(_W.id.is_(None), _W.told.is_(None) & or_(_W.next_at.is_(None), _W.next_at > now))
    chosen = (
        select(*_ALL)
        .outerjoin(_W, watched)
        .where(_A.practice_id == practice_id, _A.closed_at.is_(None), gone)
        .order_by(_A.told_at, _A.id)
        .limit(limit)
    )
    return tuple(alert_of(row) for row in session.execute(chosen))


def told_after(session: Session, practice_id: UUID, now: datetime, limit: int) -> tuple[Alert, ...]:
    """Find open alerts that were told later than now, by a clock that stood wrong."""
    ahead = (_A.practice_id == practice_id, _A.told_at > now, _A.closed_at.is_(None))
    chosen = select(*_ALL).where(*ahead).order_by(_A.told_at, _A.id).limit(limit)
    return tuple(alert_of(row) for row in session.execute(chosen))


def woken(session: Session, practice_id: UUID, now: datetime, limit: int) -> tuple[Alert, ...]:
    """Find alerts whose snooze is over."""
    chosen = select(*_ALL).where(_A.practice_id == practice_id, _A.snoozed_until <= now).order_by(_A.id).limit(limit)
    return tuple(alert_of(row) for row in session.execute(chosen))


def unanswered(session: Session, practice_id: UUID, now: datetime, limit: int) -> tuple[Alert, ...]:
    """Find alerts that nobody acknowledged in time."""
    chosen = select(*_ALL).where(_A.practice_id == practice_id, _A.escalate_at <= now).order_by(_A.id).limit(limit)
    return tuple(alert_of(row) for row in session.execute(chosen))


def alert_of(row: Any) -> Alert:
    """Make an alert of its row."""
    return Alert(
        subject=Subject(row.subject_kind, row.subject_key),
        basis=unpack_basis(row.basis),
        counts=row.counts,
        id=row.id,
        code=row.code,
        reason=row.reason,
        opened_at=row.opened_at,
        **{name: getattr(row, name) for name in _PLAIN},
    )


def _fixed(one: Alert) -> tuple[Any, ...]:
    watched = watch_id(one.subject, one.reason)
    return one.id, one.code, watched, one.subject.kind, one.subject.key, one.reason, one.opened_at


def _changes(one: Alert) -> tuple[Any, ...]:
    return (*(getattr(one, name) for name in _PLAIN), pack_basis(one.basis), dict(one.counts))


def _by_id(one: Alert) -> UUID:
    return one.id
