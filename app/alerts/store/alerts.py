"""Alerts, open and closed: what sweeping reads and writes of them. What pages ask for stands in `inbox.py`."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, or_, select, update
from sqlalchemy.orm import Session

from app.alerts.facts.alerts import Alert, ClosedBy
from app.alerts.models.alerts import AlertRow, WatchRow
from app.alerts.rules.codes import link_code
from app.alerts.rules.packing import pack_basis, unpack_basis, watch_id
from app.deadlines.facts import Subject
from app.platform.db import keyring_of
from app.platform.rows import chunks

_A, _W = AlertRow, WatchRow
_CHANGES = (
    "step", "zone", "clears", "told_at", "due_on", "due_at", "site_id", "patient_id", "owner_id", "urgent", "counts",
    "level", "escalate_at", "acknowledged_at", "acknowledged_by", "snoozed_until", "closed_at", "closed_by", "version",
)  # fmt: skip


def add(session: Session, practice_id: UUID, alerts: Sequence[Alert]) -> None:
    """Open alerts. Two of one subject and reason are never open at once (the database refuses it)."""
    if alerts:
        session.connection().execute(insert(_A), [_stored(practice_id, one) for one in alerts])


def change(session: Session, practice_id: UUID, alerts: Sequence[Alert]) -> None:
    """Write alerts that are on file as given."""
    if not alerts:
        return
    statement = (
        update(_A)
        .where(_A.practice_id == practice_id, _A.id == bindparam("alert"))
        .values({name: bindparam(f"to_{name}", type_=getattr(_A, name).type) for name in (*_CHANGES, "basis")})
    )
    rows = [
        {"alert": one.id, "to_basis": pack_basis(one.basis)}
        | {f"to_{name}": getattr(one, name) for name in _CHANGES}
        | {"to_counts": dict(one.counts)}
        for one in sorted(alerts, key=_by_id)
    ]
    session.connection().execute(statement, rows)


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
        chosen = select(_A).where(_A.practice_id == practice_id, _A.watch_id.in_(ids), _A.closed_at.is_(None))
        found.update((row.watch_id, alert_of(row)) for row in session.scalars(chosen.execution_options(**_FRESH)))
    return found


def by_ids(session: Session, practice_id: UUID, alert_ids: Collection[UUID]) -> dict[UUID, Alert]:
    """Read some alerts."""
    found: dict[UUID, Alert] = {}
    for ids in chunks(list(alert_ids)):
        chosen = select(_A).where(_A.practice_id == practice_id, _A.id.in_(ids)).execution_options(**_FRESH)
        found.update((row.id, alert_of(row)) for row in session.scalars(chosen))
    return found


def held(session: Session, practice_id: UUID, alert_id: UUID) -> Alert | None:
    """Read one alert and hold it for writing; None: there is no such alert."""
    chosen = select(_A).where(_A.practice_id == practice_id, _A.id == alert_id).with_for_update()
    row = session.scalar(chosen.execution_options(**_FRESH))
    return None if row is None else alert_of(row)


def by_code(session: Session, practice_id: UUID, code: str) -> Alert | None:
    """Find an alert by the code of its short link."""
    row = session.scalar(select(_A).where(_A.practice_id == practice_id, _A.code == code.strip().upper()))
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
        select(_A)
        .outerjoin(_W, watched)
        .where(_A.practice_id == practice_id, _A.closed_at.is_(None), gone)
        .order_by(_A.id)
        .limit(limit)
    )
    return tuple(alert_of(row) for row in session.scalars(chosen.execution_options(**_FRESH)))


def told_after(session: Session, practice_id: UUID, now: datetime, limit: int) -> tuple[Alert, ...]:
    """Find open alerts that were told later than now, by a clock that stood wrong."""
    ahead = (_A.practice_id == practice_id, _A.told_at > now, _A.closed_at.is_(None))
    chosen = select(_A).where(*ahead).order_by(_A.told_at, _A.id).limit(limit)
    return tuple(alert_of(row) for row in session.scalars(chosen.execution_options(**_FRESH)))


def woken(session: Session, practice_id: UUID, now: datetime, limit: int) -> tuple[Alert, ...]:
    """Find alerts whose snooze is over."""
    chosen = select(_A).where(_A.practice_id == practice_id, _A.snoozed_until <= now).order_by(_A.id).limit(limit)
    return tuple(alert_of(row) for row in session.scalars(chosen.execution_options(**_FRESH)))


def unanswered(session: Session, practice_id: UUID, now: datetime, limit: int) -> tuple[Alert, ...]:
    """Find alerts that nobody acknowledged in time."""
    chosen = select(_A).where(_A.practice_id == practice_id, _A.escalate_at <= now).order_by(_A.id).limit(limit)
    return tuple(alert_of(row) for row in session.scalars(chosen.execution_options(**_FRESH)))


_FRESH: Mapping[str, Any] = {"populate_existing": True}


def alert_of(row: AlertRow) -> Alert:
    """Make an alert of its row."""
    return Alert(
        subject=Subject(row.subject_kind, row.subject_key),
        basis=unpack_basis(row.basis),
        **{name: getattr(row, name) for name in ("id", "code", "reason", "opened_at")},
        **{name: getattr(row, name) for name in _CHANGES},
    )


def _stored(practice_id: UUID, one: Alert) -> dict[str, Any]:
    return {
        "practice_id": practice_id,
        "id": one.id,
        "code": one.code,
        "watch_id": watch_id(one.subject, one.reason),
        "subject_kind": one.subject.kind,
        "subject_key": one.subject.key,
        "reason": one.reason,
        "basis": pack_basis(one.basis),
        "opened_at": one.opened_at,
        **{name: getattr(one, name) for name in _CHANGES},
        "counts": dict(one.counts),
    }


def _by_id(one: Alert) -> UUID:
    return one.id
