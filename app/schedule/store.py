"""Visits and their service lines, visit types, and when a schedule was brought in: the only queries over them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, delete, func, insert, select, tuple_, update
from sqlalchemy.orm import Session, aliased

from app.platform import sight
from app.platform.db import keyring_of
from app.platform.ids import new_id
from app.platform.rows import CHUNK, as_uuid, chunks, raw, rows_of
from app.schedule.facts import LineSource, Visit, VisitRecord, VisitStatus, VisitType
from app.schedule.models import ScheduleImportRow, ServiceLineRow, VisitRow, VisitTypeMappingRow
from app.schedule.rows import facts_in, lines_stored, visit_in, visit_stored
from app.schedule.rules.packing import read_type_line
from app.schedule.rules.types import type_key
from app.values.scope import EVERYTHING, Scope

_V, _L = VisitRow, ServiceLineRow
_VISIT = (
    _V.id, _V.patient_id, _V.reference, _V.site_id, _V.starts_at, _V.day, _V.status, _V.lines, _V.line_ids,
    _V.named_members, _V.referrals, _V.version,
)  # fmt: skip
BOOKED = VisitStatus.BOOKED


def of_patients(
    session: Session, practice_id: UUID, patient_ids: Sequence[UUID], scope: Scope = EVERYTHING
) -> Mapping[UUID, tuple[Visit, ...]]:
    """Read every visit in sight, of any status, of the patients named, each patient's in the order of judging."""
    seen = _in_sight(practice_id, scope)
    return {
        patient_id: visits
        for chunk in chunks(patient_ids)
        for patient_id, visits in _by_patient(
            session, practice_id, _of_all(practice_id).where(_V.patient_id.in_(chunk), *seen)
        )
    }


def in_patient_order(
    session: Session,
    practice_id: UUID,
    after: UUID | None = None,
    until: UUID | None = None,
    statuses: Collection[VisitStatus] = (),
) -> Iterator[tuple[UUID, tuple[Visit, ...]]]:
    """Stream the visits of the patients after one id up to another (included), patient by patient in that order.

    `statuses` keeps to some statuses; empty: all.
    """
    statement = _of_all(practice_id)
    if statuses:
        statement = statement.where(_V.status.in_(statuses))
    if after is not None:
        statement = statement.where(_V.patient_id > after)
    if until is not None:
        statement = statement.where(_V.patient_id <= until)
    return _by_patient(session, practice_id, statement)


def visit_by_reference(session: Session, practice_id: UUID, reference: str) -> Visit | None:
    """Read one visit by the practice system's id."""
    statement = _selected(practice_id).where(_V.reference == reference)
    return next(_visits(session, practice_id, statement), None)


def visits_by_ids(
    session: Session, practice_id: UUID, visit_ids: Sequence[UUID], scope: Scope = EVERYTHING
) -> Mapping[UUID, Visit]:
    """Read the visits named by our ids, as far as they are in sight."""
    seen = _in_sight(practice_id, scope)
    return {
        visit.id: visit
        for chunk in chunks(visit_ids)
        for visit in _visits(session, practice_id, _selected(practice_id).where(_V.id.in_(chunk), *seen))
    }


def visits_between(
    session: Session,
    practice_id: UUID,
    first: date,
    last: date,
    site_id: UUID | None = None,
    status: VisitStatus | None = None,
) -> tuple[Visit, ...]:
    """Read the visits of days (the sites' dates, both included), by start, then reference."""
    statement = _filtered(_selected(practice_id), first, last, site_id, status)
    return tuple(_visits(session, practice_id, statement.order_by(_V.starts_at, _V.reference)))


def listed(
    session: Session,
    practice_id: UUID,
    first: date,
    last: date,
    site_id: UUID | None = None,
    status: VisitStatus | None = None,
    after: tuple[date, datetime, str] | None = None,
    limit: int = 50,
) -> tuple[Visit, ...]:
    """Read one page of the visits of some days, by day, start and reference, after the last one of the page before."""
    statement = _filtered(_selected(practice_id), first, last, site_id, status)
    if after is not None:
        statement = statement.where(tuple_(_V.day, _V.starts_at, _V.reference) > after)
    return tuple(_visits(session, practice_id, statement.order_by(_V.day, _V.starts_at, _V.reference).limit(limit)))


def booked_by_day(session: Session, practice_id: UUID, first: date, last: date) -> dict[tuple[UUID, date], int]:
    """Count the booked visits of some days, both included, by site and day."""
    counted: Any = select(_V.site_id, _V.day, func.count()).where(_V.practice_id == practice_id)
    found = session.execute(_filtered(counted, first, last, None, BOOKED).group_by(_V.site_id, _V.day))
    return {(row[0], row[1]): row[2] for row in found}


def ids_naming(session: Session, practice_id: UUID, days: tuple[date, date], npi: str) -> Select[UUID]:
    """Select the ids of the visits of some days that name a provider, who renders or bills. For other rooms' lists."""
    return select(_V.id).where(_V.practice_id == practice_id, _V.day.between(*days), _V.lines.contains(f'"{npi}"'))


def booked_from(session: Session, practice_id: UUID, first: date) -> Select[Any]:
    """Select the ids and days of the visits that are booked on a day or later. For other rooms' lists."""
    days: Any = select(_V.id, _V.day)
    return days.where(_V.practice_id == practice_id, _V.day >= first, _V.status == BOOKED)  # type: ignore[no-any-return]


def records(session: Session, practice_id: UUID, references: Sequence[str]) -> Mapping[str, VisitRecord]:
    """Read visits with where their lines came from, by the practice system's ids, and hold them for writing.

    An unknown one is left out.
    """
    wanted = sorted(set(references))
    found: dict[str, Visit] = {}
    for start in range(0, len(wanted), CHUNK):
        statement = _selected(practice_id).where(_V.reference.in_(wanted[start : start + CHUNK])).with_for_update()
        found.update((visit.reference, visit) for visit in _visits(session, practice_id, statement))
    return _with_sources(session, practice_id, found)


def records_of_type(session: Session, practice_id: UUID, key: str) -> Mapping[str, VisitRecord]:
    """Read the visits that have a line of one visit type, and hold them for writing."""
    statement = (
        select(_V.reference)
        .join(_L, (_L.practice_id == _V.practice_id) & (_L.visit_id == _V.id))
        .where(_L.practice_id == practice_id, _L.type_key == key)
    )
    return records(session, practice_id, session.scalars(statement.distinct()).all())


def _with_sources(session: Session, practice_id: UUID, visits: Mapping[str, Visit]) -> dict[str, VisitRecord]:
    keyring, sources = keyring_of(session), dict[UUID, LineSource]()
    for chunk in chunks([visit.id for visit in visits.values()]):
        statement = select(_L.id, _L.source_place, _L.row_facts, _L.row_referral).where(
            _L.practice_id == practice_id, _L.visit_id.in_(chunk)
        )
        for line_id, place, facts, referral in session.execute(statement):
            sources[line_id] = LineSource(place, facts_in(keyring, practice_id, line_id, facts, referral))
    return {
        reference: VisitRecord(visit, tuple(sources[line.id] for line in visit.lines))
        for reference, visit in visits.items()
    }


def add_visits(session: Session, practice_id: UUID, new: Sequence[VisitRecord]) -> None:
    """Add visits with their lines. Two of one practice never share a reference (the database refuses it)."""
    if new:
        keyring = keyring_of(session)
        rows = [visit_stored(keyring, practice_id, one.visit) | {"version": 1} for one in new]
        session.connection().execute(insert(_V), rows)
        session.connection().execute(insert(_L), lines_stored(keyring, practice_id, new))


def change_visits(session: Session, practice_id: UUID, changed: Sequence[VisitRecord]) -> None:
    """Write visits that are on file as given, lines included, and count the edit. Lines that are gone are removed."""
    if not changed:
        return
    keyring = keyring_of(session)
    rows = [visit_stored(keyring, practice_id, one.visit) for one in changed]
    names = [name for name in rows[0] if name not in ("practice_id", "id", "reference")]
    statement = (
        update(_V)
        .where(_V.practice_id == practice_id, _V.id == bindparam("visit_id"))
        .values({name: bindparam(f"new_{name}") for name in names} | {"version": _V.version + 1})
    )
    session.connection().execute(
        statement, [{"visit_id": row["id"]} | {f"new_{name}": row[name] for name in names} for row in rows]
    )
    for chunk in chunks([one.visit.id for one in changed]):
        session.execute(delete(_L).where(_L.practice_id == practice_id, _L.visit_id.in_(chunk)))
    session.connection().execute(insert(_L), lines_stored(keyring, practice_id, changed))


def visit_types(session: Session, practice_id: UUID) -> Mapping[str, VisitType]:
    """Read what the practice's visit types stand for, by key."""
    rows = session.scalars(select(VisitTypeMappingRow).where(VisitTypeMappingRow.practice_id == practice_id))
    return {row.type_key: VisitType(row.name, tuple(map(read_type_line, row.lines)), row.version) for row in rows}


def seen_types(session: Session, practice_id: UUID) -> Mapping[str, tuple[UUID, int]]:
    """Read the visit types that visits name, by key: one such visit, and how many they are."""
    seen = select(_L.type_key, func.count(_L.visit_id.distinct()).label("visits")).group_by(_L.type_key)
    of_type, one = seen.where(_L.practice_id == practice_id, _L.type_key.is_not(None)).subquery(), aliased(_L)
    first = select(one.visit_id).where(one.practice_id == practice_id, one.type_key == of_type.c.type_key)
    first_one = first.order_by(one.visit_id).limit(1).scalar_subquery()
    return {
        row[0]: (row[2], row[1]) for row in session.execute(select(of_type.c.type_key, of_type.c.visits, first_one))
    }


def save_visit_type(session: Session, practice_id: UUID, meaning: VisitType) -> None:
    """Write what a visit type stands for, new or known."""
    key = type_key(meaning.name)
    row = session.scalar(
        select(VisitTypeMappingRow).where(
            VisitTypeMappingRow.practice_id == practice_id, VisitTypeMappingRow.type_key == key
        )
    )
    lines = [asdict(line) for line in meaning.lines]
    if row is None:
        session.add(
            VisitTypeMappingRow(practice_id=practice_id, id=new_id(), name=meaning.name, type_key=key, lines=lines)
        )
    else:
        row.lines = lines
    session.flush()


def booked_references(session: Session, practice_id: UUID, site_id: UUID, first: date, last: date) -> tuple[str, ...]:
    """List the references of the booked visits of one site in some days, both included, by start."""
    statement = _filtered(select(_V.reference).where(_V.practice_id == practice_id), first, last, site_id, BOOKED)
    return tuple(session.scalars(statement.order_by(_V.starts_at, _V.reference)))


def note_import(
    session: Session, practice_id: UUID, spans: Mapping[UUID, tuple[date, date]], imported_at: datetime
) -> tuple[UUID, ...]:
    """Note which days of which sites a schedule file covered. Returns the ids of the notes."""
    ids = tuple(new_id() for _ in spans)
    for note_id, (site_id, (first, last)) in zip(ids, spans.items(), strict=True):
        note = {"site_id": site_id, "first_day": first, "last_day": last, "imported_at": imported_at}
        session.add(ScheduleImportRow(practice_id=practice_id, id=note_id, **note))
    session.flush()
    return ids


def last_schedule_import(session: Session, practice_id: UUID) -> datetime | None:
    """Tell when a schedule was last brought in; None: never."""
    return session.scalar(
        select(func.max(ScheduleImportRow.imported_at)).where(ScheduleImportRow.practice_id == practice_id)
    )


def _selected(practice_id: UUID) -> Select[Any]:
    return select(*raw(*_VISIT)).where(_V.practice_id == practice_id)


def _in_sight(practice_id: UUID, scope: Scope) -> tuple[ColumnElement[bool], ...]:
    return sight.of_visits(practice_id, scope, _V.id, _V.site_id, _V.patient_id)


def _of_all(practice_id: UUID) -> Select[Any]:
    return _selected(practice_id).order_by(_V.patient_id, _V.starts_at, _V.reference)


def _filtered(
    statement: Select[Any], first: date, last: date, site_id: UUID | None, status: VisitStatus | None
) -> Select[Any]:
    statement = statement.where(_V.day >= first, _V.day <= last)
    if site_id is not None:
        statement = statement.where(_V.site_id == site_id)
    return statement if status is None else statement.where(_V.status == status)


def _by_patient(
    session: Session, practice_id: UUID, statement: Select[Any]
) -> Iterator[tuple[UUID, tuple[Visit, ...]]]:
    group: list[Visit] = []
    for visit in _visits(session, practice_id, statement):
        if group and group[0].patient_id is not visit.patient_id:
            yield group[0].patient_id, tuple(group)
            group = []
        group.append(visit)
    if group:
        yield group[0].patient_id, tuple(group)


def _visits(session: Session, practice_id: UUID, statement: Select[Any]) -> Iterator[Visit]:
    """Make visits of rows. Visits of one patient that follow each other share one id object."""
    keyring, raw_patient = keyring_of(session), None
    patient_id = UUID(int=0)
    for row in rows_of(session, statement):
        if row[1] != raw_patient:
            raw_patient, patient_id = row[1], as_uuid(row[1])
        yield visit_in(keyring, practice_id, patient_id, row)
