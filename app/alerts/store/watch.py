"""What is watched: the only queries over it, but for marks."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from app.alerts.facts.watching import Origin, Watch
from app.alerts.models.alerts import AlertRow, WatchRow
from app.alerts.rules.packing import pack, unpack
from app.alerts.store import rapid
from app.platform.rows import chunks

_W = WatchRow
_REPLACED = ("patient_id", "origin", "content", "told", "next_at", "again_at", "derived_at")


def of_patients(session: Session, practice_id: UUID, patient_ids: Collection[UUID]) -> dict[UUID, dict[UUID, Watch]]:
    """Read what is watched of patients' facts, by patient and id."""
    found: dict[UUID, dict[UUID, Watch]] = {}
    for ids in chunks(list(patient_ids)):
        chosen = _of(practice_id).where(_W.patient_id.in_(ids), _W.origin == Origin.PATIENT)
        for row in session.execute(chosen):
            found.setdefault(row.patient_id, {})[row.id] = _watch(row)
    return found


def of_practice(session: Session, practice_id: UUID) -> dict[UUID, Watch]:
    """Read what is watched of the practice as a whole, by id."""
    return {row.id: _watch(row) for row in session.execute(_of(practice_id).where(_W.origin == Origin.PRACTICE))}


def by_ids(session: Session, practice_id: UUID, ids: Collection[UUID]) -> dict[UUID, Watch]:
    """Read what is watched under some ids."""
    found: dict[UUID, Watch] = {}
    for piece in chunks(list(ids)):
        found.update((row.id, _watch(row)) for row in session.execute(_of(practice_id).where(_W.id.in_(piece))))
    return found


def all_of_patients(session: Session, practice_id: UUID) -> Iterator[tuple[UUID, Watch]]:
    """Stream all that is watched of patients' facts in the order of patients, for the proof over the whole book."""
    chosen = _of(practice_id).where(_W.origin == Origin.PATIENT).order_by(_W.patient_id, _W.id)
    for row in session.execute(chosen.execution_options(yield_per=2000)):
        yield row.patient_id, _watch(row)


def put(session: Session, practice_id: UUID, watches: Sequence[Watch]) -> None:
    """Write what is watched, new or known."""
    replaced = ", ".join(f"{name} = excluded.{name}" for name in _REPLACED)
    rapid.insert(
        session,
        practice_id,
        _W,
        ("id", *_REPLACED),
        [_stored(one) for one in {one.id: one for one in watches}.values()],
        f"ON CONFLICT (practice_id, id) DO UPDATE SET {replaced}",
    )


def drop(session: Session, practice_id: UUID, ids: Collection[UUID]) -> None:
    """Watch some deadlines no longer."""
    for piece in chunks(list(ids)):
        session.execute(delete(_W).where(_W.practice_id == practice_id, _W.id.in_(piece)))


def due(session: Session, practice_id: UUID, now: datetime, limit: int) -> tuple[Watch, ...]:
    """Read what must be told now, the longest due first."""
    chosen = _of(practice_id).where(_W.next_at <= now).order_by(_W.next_at, _W.id).limit(limit)
    return tuple(_watch(row) for row in session.execute(chosen))


def reached(session: Session, practice_id: UUID, steps: Sequence[tuple[UUID, str | None, datetime | None]]) -> None:
    """Note the last step told of each, and when it must be looked at next."""
    ordered = sorted(steps, key=_by_id)
    rapid.update(session, practice_id, _W, ("told", "next_at"), ((told, then, one) for one, told, then in ordered))


def overtaken(session: Session, practice_id: UUID, now: datetime, limit: int) -> tuple[UUID, ...]:
    """Find patients of whom time alone may have changed something since their facts were read."""
    chosen = (
        select(_W.patient_id)
        .where(_W.practice_id == practice_id, _W.again_at <= now, _W.origin == Origin.PATIENT)
        .order_by(_W.again_at)
        .limit(limit)
    )
    return tuple(sorted({one for one in session.scalars(chosen) if one is not None}))


def old_events(session: Session, practice_id: UUID, before: datetime, limit: int) -> tuple[UUID, ...]:
    """Find events that were noted before an instant, were told, and of which no alert is open."""
    stands = select(AlertRow.id).where(
        AlertRow.practice_id == _W.practice_id, AlertRow.watch_id == _W.id, AlertRow.closed_at.is_(None)
    )
    return tuple(
        session.scalars(
            select(_W.id)
            .where(
                _W.practice_id == practice_id,
                _W.origin == Origin.EVENT,
                _W.derived_at < before,
                _W.next_at.is_(None),
                ~stands.exists(),
            )
            .limit(limit)
        )
    )


def _of(practice_id: UUID) -> Select[Any]:
    columns: tuple[Any, ...] = (
        _W.id, _W.patient_id, _W.origin, _W.content, _W.told, _W.next_at, _W.derived_at
    )  # fmt: skip
    return select(*columns).where(_W.practice_id == practice_id)


def _watch(row: Any) -> Watch:
    return Watch(row.id, unpack(row.content), row.origin, row.told, row.next_at, row.derived_at)


def _stored(one: Watch) -> tuple[Any, ...]:
    again_at = one.deadline.again_at
    again_at = again_at if again_at is not None and again_at > one.derived_at else None
    patient_id = one.deadline.patient_id
    return one.id, patient_id, one.origin, pack(one.deadline), one.told, one.next_at, again_at, one.derived_at


def _by_id(step: tuple[UUID, str | None, datetime | None]) -> UUID:
    return step[0]
