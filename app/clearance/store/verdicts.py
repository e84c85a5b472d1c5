"""Stored verdicts: read for pages, compared and replaced by judging."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from app.clearance.facts.reasons import Badge
from app.clearance.facts.stored import Stored, VisitVerdict
from app.clearance.models import VisitVerdictRow
from app.clearance.store import questions
from app.platform.rows import as_day, as_uuid, batches, chunks, known_day, known_instant, raw, rows_of
from app.values.fact import fact

_COLUMNS = tuple(column.name for column in VisitVerdictRow.__table__.columns)
_REPLACED = tuple(name for name in _COLUMNS if name not in ("practice_id", "id"))
_BADGE = _COLUMNS.index("badge")
_BADGES = {badge.value: badge for badge in Badge}
_STORED = (
    VisitVerdictRow.badge,
    VisitVerdictRow.content,
    VisitVerdictRow.changes_on,
    VisitVerdictRow.as_of,
    VisitVerdictRow.starts_at,
    VisitVerdictRow.site_id,
    VisitVerdictRow.rules_version,
    VisitVerdictRow.shown_since,
)


def stored_of(session: Session, practice_id: UUID, patient_ids: Collection[UUID]) -> dict[UUID, dict[UUID, Stored]]:
    """Read what is stored, by patient and visit."""
    found: dict[UUID, dict[UUID, Stored]] = {}
    row = VisitVerdictRow
    stored = select(*raw(row.patient_id, row.id, *_STORED)).where(row.practice_id == practice_id)
    for ids in chunks(list(patient_ids)):
        for one in rows_of(session, stored.where(row.patient_id.in_(ids))):
            found.setdefault(as_uuid(one[0]), {})[as_uuid(one[1])] = _stored(one)
    return found


def in_patient_order(
    session: Session, practice_id: UUID, after: UUID | None = None, until: UUID | None = None
) -> Iterator[tuple[UUID, dict[UUID, Stored]]]:
    """Stream what is stored by patient, for a run over the whole book, in the order of the patients' ids."""
    row = VisitVerdictRow
    statement = (
        select(*raw(row.patient_id, row.id, *_STORED)).where(row.practice_id == practice_id).order_by(row.patient_id)
    )
    if after is not None:
        statement = statement.where(row.patient_id > after)
    if until is not None:
        statement = statement.where(row.patient_id <= until)
    rows = (row for batch in batches(session, statement) for row in batch)
    for patient_id, found in groupby(rows, key=itemgetter(0)):
        yield as_uuid(patient_id), {as_uuid(one[1]): _stored(one) for one in found}


def _stored(row: Sequence[Any]) -> Stored:
    _patient, _visit, badge, content, changes_on, as_of, starts_at, site_id, rules_version, shown_since = row
    return Stored(
        _BADGES[badge],
        bytes(content),
        as_day(changes_on),
        known_day(as_of),
        known_instant(starts_at),
        as_uuid(site_id),
        rules_version,
        known_instant(shown_since),
    )


def save(session: Session, practice_id: UUID, verdicts: Sequence[VisitVerdict], now: datetime) -> None:
    """Store verdicts, replacing those of the same visits; one that is new is shown from `now` on."""
    _write(session, _dated(session, map(row_maker(session, practice_id), verdicts), now), replacing=True)


Row = tuple[Any, ...]
"""A verdict as the driver takes it, in the order of the table's columns."""


def row_maker(session: Session, practice_id: UUID) -> Callable[[VisitVerdict], Row]:
    """Give what makes a verdict's row for the session's driver.

    A million rows through SQLAlchemy's own conversion cost more than judging them.
    """
    if session.get_bind().dialect.name == "postgresql":
        return lambda one: (
            practice_id, one.id, one.patient_id, one.site_id, one.day, one.starts_at, one.badge.value, one.as_of,
            one.changes_on, one.rules_version, one.content, one.shown_since,
        )  # fmt: skip
    practice = practice_id.bytes
    return lambda one: (
        practice, one.id.bytes, one.patient_id.bytes, one.site_id.bytes, _text(one.day), _instant(one.starts_at),
        one.badge.value, _text(one.as_of), _text(one.changes_on), one.rules_version, one.content,
        _instant(one.shown_since),
    )  # fmt: skip


def _dated(session: Session, rows: Iterable[Row], now: datetime) -> list[Row]:
    """Say of new answers since when they are shown; the last column of a row tells."""
    since = now if session.get_bind().dialect.name == "postgresql" else _instant(now)
    return [row if row[-1] is not None else (*row[:-1], since) for row in rows]


@lru_cache(maxsize=50_000)
def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


@lru_cache(maxsize=50_000)
def _instant(instant: datetime | None) -> str | None:
    return None if instant is None else f"{instant:%Y-%m-%d %H:%M:%S.%f}"


def _write(session: Session, rows: Sequence[Row], replacing: bool) -> None:
    """Insert rows; where a verdict stands already, replace it or leave it."""
    if not rows:
        return
    mark = "%s" if session.get_bind().dialect.name == "postgresql" else "?"
    replaced = ", ".join(f"{name} = excluded.{name}" for name in _REPLACED)
    then = f"(practice_id, id) DO UPDATE SET {replaced}" if replacing else "DO NOTHING"
    marks = ", ".join(mark for _ in _COLUMNS)
    statement = f"INSERT INTO visit_verdict ({', '.join(_COLUMNS)}) VALUES ({marks}) ON CONFLICT {then}"  # noqa: S608
    session.connection().exec_driver_sql(statement, list(rows))


@fact
class Difference:
    """A verdict that differs from what was stored: the new row (None: no longer booked), and what was stored."""

    id: UUID
    row: Row | None
    before: Stored | None
    asking: questions.Asking | None = None

    @property
    def badge(self) -> Badge | None:
        """The new badge; None where none is shown."""
        return None if self.row is None else _BADGES[self.row[_BADGE]]

    @property
    def alike(self) -> bool:
        """Say whether the answer stays as it was: its row says since when it is shown."""
        return self.row is not None and self.row[-1] is not None


def replace(
    session: Session, practice_id: UUID, differences: Sequence[Difference], now: datetime
) -> tuple[Difference, ...]:
    """Store what a long run found, but only where the stored verdict is still the one that was compared with.

    A visit that had none and got one in the meantime keeps it.

    Returns   the differences that replaced or removed a stored verdict.
    """
    row = VisitVerdictRow
    standing = {}
    for ids in chunks([one.id for one in differences]):
        found = session.execute(
            select(row.id, row.badge, row.content, row.shown_since).where(
                row.practice_id == practice_id, row.id.in_(ids)
            )
        )
        standing.update({entry.id: tuple(entry)[1:] for entry in found})
    replaced = [
        one for one in differences if one.before is not None and standing.get(one.id) == _compared_with(one.before)
    ]
    new = [one for one in differences if one.before is None and one.id not in standing]
    fresh = [one.row for one in new if one.row is not None]
    _write(session, _dated(session, [one.row for one in replaced if one.row is not None], now), replacing=True)
    _write(session, _dated(session, fresh, now), replacing=False)
    drop(session, practice_id, [one.id for one in replaced if one.row is None])
    questions.keep(session, practice_id, [one.asking for one in (*replaced, *new) if one.asking is not None])
    return tuple(replaced)


def _compared_with(before: Stored) -> tuple[Badge, bytes, datetime]:
    return before.badge, before.content, before.shown_since


def drop(session: Session, practice_id: UUID, visit_ids: Collection[UUID]) -> None:
    """Remove the verdicts of visits that are no longer booked."""
    for ids in chunks(list(visit_ids)):
        session.execute(
            delete(VisitVerdictRow).where(VisitVerdictRow.practice_id == practice_id, VisitVerdictRow.id.in_(ids))
        )


def mark_stale(session: Session, practice_id: UUID, patient_ids: Collection[UUID], day: date) -> None:
    """Say of patients' verdicts that they hold no longer: from `day` on nothing shows them before they are judged."""
    for ids in chunks(list(patient_ids)):
        session.execute(
            update(VisitVerdictRow)
            .where(VisitVerdictRow.practice_id == practice_id, VisitVerdictRow.patient_id.in_(ids))
            .values(changes_on=day)
        )


def mark_all_stale(session: Session, practice_id: UUID, day: date) -> None:
    """Say of every verdict that it holds no longer: pages judge what they show, a job the rest."""
    session.execute(update(VisitVerdictRow).where(VisitVerdictRow.practice_id == practice_id).values(changes_on=day))


def stale_patients(
    session: Session, practice_id: UUID, sites: Mapping[UUID, date], limit: int, days: tuple[date, date] | None = None
) -> tuple[UUID, ...]:
    """Find patients with a verdict past its last day, by each site's own day; within days of service where given."""
    if not sites:
        return ()
    row = VisitVerdictRow
    due = or_(*[(row.site_id == site) & (row.changes_on <= today) for site, today in sites.items()])
    statement = select(row.patient_id).distinct().where(row.practice_id == practice_id, due).limit(limit)
    if days is not None:
        statement = statement.where(row.day.between(*days))
    return tuple(session.scalars(statement))


def contents_from(session: Session, practice_id: UUID, day: date) -> Iterator[bytes]:
    """Stream the packed lines of every booked visit from a day on, in no order."""
    row = VisitVerdictRow
    statement = select(*raw(row.content)).where(row.practice_id == practice_id, row.day >= day)
    return (one[0] for batch in batches(session, statement) for one in batch)


def judged_visits(session: Session, practice_id: UUID, days: tuple[date, date]) -> frozenset[UUID]:
    """Find the visits of some days that have a verdict."""
    row = VisitVerdictRow
    return frozenset(session.scalars(select(row.id).where(row.practice_id == practice_id, row.day.between(*days))))


def listed(
    session: Session,
    practice_id: UUID,
    days: tuple[date, date],
    site_id: UUID | None,
    badges: Collection[Badge],
    after: tuple[date, datetime, UUID] | None,
    limit: int,
) -> tuple[VisitVerdict, ...]:
    """List verdicts in the order of the schedule: by day, start and id, from the place after a given one on."""
    row = VisitVerdictRow
    statement = (
        select(row)
        .where(row.practice_id == practice_id, row.day.between(*days))
        .order_by(row.day, row.starts_at, row.id)
        .limit(limit)
    )
    if site_id is not None:
        statement = statement.where(row.site_id == site_id)
    if badges:
        statement = statement.where(row.badge.in_(badges))
    if after is not None:
        day, starts_at, visit_id = after
        later = (row.starts_at > starts_at) | ((row.starts_at == starts_at) & (row.id > visit_id))
        statement = statement.where(row.day >= day, (row.day > day) | later)
    return tuple(
        VisitVerdict(**{name: getattr(found, name) for name in _COLUMNS if name != "practice_id"})
        for found in session.scalars(statement)
    )
