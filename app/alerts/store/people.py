"""How each person is told, who is away, and who is on call. The only queries over them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from app.alerts.facts.outbox import Way
from app.alerts.facts.people import QUIET_FROM, QUIET_UNTIL, Absence, Duty, Person
from app.alerts.facts.roster import Away, OnCall
from app.alerts.models.people import (
    AbsenceRow,
    AlertPreferenceRow,
    AlertSettingRow,
    OnCallRow,
    StaffContactRow,
    StaffSiteRow,
)
from app.alerts.models.texts import TextStopRow
from app.deadlines.facts import Reason
from app.platform.db import Model, keyring_of
from app.practice.facts.staff import Staff
from app.practice.store import practice
from app.practice.store import staff as staffing
from app.values.spans import DateSpan

PHONE = "phone"
"""The purpose of the blind index of a telephone number, staff's or a patient's: of `+1` and ten digits."""
R = TypeVar("R", bound=Model)


def people(session: Session, practice_id: UUID) -> tuple[Person, ...]:
    """Read everyone who may sign in, as routing needs them, by address. Always the same number of queries."""
    zone = practice.practice_of(session, practice_id).zone
    staff = [one for one in staffing.staff_of(session, practice_id) if one.active]
    read = _Read(
        zone,
        {row.staff_id: row for row in _rows(session, practice_id, StaffContactRow)},
        {row.staff_id: row for row in _rows(session, practice_id, AlertSettingRow)},
        _by_staff(_rows(session, practice_id, AlertPreferenceRow)),
        _by_staff(_rows(session, practice_id, StaffSiteRow)),
        _by_staff(_rows(session, practice_id, AbsenceRow, AbsenceRow.removed_at.is_(None))),
        _by_staff(_rows(session, practice_id, OnCallRow, OnCallRow.removed_at.is_(None))),
        _stopped(session, practice_id),
    )
    return tuple(_person(session, practice_id, one, read) for one in staff)


def staff_with_phone(session: Session, practice_id: UUID, phone: str) -> UUID | None:
    """Find who has a number (`+1` and ten digits) on file; of several who share it, the first by id."""
    row = StaffContactRow
    key = keyring_of(session).blind(PHONE, practice_id, phone)
    found = select(row.staff_id).where(row.practice_id == practice_id, row.phone_key == key).order_by(row.staff_id)
    return session.scalars(found.limit(1)).first()


def save_person(session: Session, practice_id: UUID, person: Person) -> None:
    """Write how a person is told: contact, ways, steps, quiet hours, digest, backup and sites."""
    keyring, mine = keyring_of(session), {"practice_id": practice_id, "staff_id": person.id}
    phone = person.phone
    session.merge(
        StaffContactRow(
            **mine,
            zone=person.zone,
            phone=None if phone is None else keyring.seal("staff_contact.phone", practice_id, person.id, phone),
            phone_key=None if phone is None else keyring.blind(PHONE, practice_id, phone),
        )
    )
    session.merge(
        AlertSettingRow(
            **mine,
            thresholds={reason.value: list(days) for reason, days in person.thresholds.items()},
            quiet_from=_minute(person.quiet_from),
            quiet_until=_minute(person.quiet_until),
            quiet_weekends=person.quiet_weekends,
            digest_at=None if person.digest_at is None else _minute(person.digest_at),
            backup_id=person.backup_id,
        )
    )
    _replace(session, practice_id, AlertPreferenceRow, person.id)
    session.add_all(
        AlertPreferenceRow(**mine, reason=reason, ways=sorted(ways)) for reason, ways in person.ways.items()
    )
    _replace(session, practice_id, StaffSiteRow, person.id)
    session.add_all(StaffSiteRow(**mine, site_id=site) for site in person.sites)
    session.flush()


def absences(session: Session, practice_id: UUID, since: date, staff_id: UUID | None = None) -> tuple[Away, ...]:
    """List the absences that end on a day or later, of one person or of all, in order of time."""
    row = AbsenceRow
    whose = () if staff_id is None else (row.staff_id == staff_id,)
    statement = select(row).where(row.practice_id == practice_id, row.removed_at.is_(None), row.ends >= since, *whose)
    return tuple(
        Away(found.id, found.staff_id, _absence(found))
        for found in session.scalars(statement.order_by(row.begins, row.id))
    )


def add_absence(session: Session, practice_id: UUID, away: Away) -> None:
    """Note an absence under the id that its form carried: the same one once more is one absence."""
    if session.get(AbsenceRow, (practice_id, away.id)) is not None:
        return
    span = away.absence.span
    session.add(
        AbsenceRow(
            practice_id=practice_id,
            id=away.id,
            staff_id=away.staff_id,
            begins=span.begins,
            ends=span.ends,
            cover_id=away.absence.cover_id,
        )
    )
    session.flush()


def absence_of(session: Session, practice_id: UUID, absence_id: UUID) -> Away | None:
    """Read one absence, also one that was taken back."""
    row = session.get(AbsenceRow, (practice_id, absence_id))
    return None if row is None else Away(row.id, row.staff_id, _absence(row))


def mark_absence(session: Session, practice_id: UUID, absence_id: UUID, removed_at: datetime | None) -> None:
    """Take an absence back at an instant; None: let it hold again."""
    mine = (AbsenceRow.practice_id == practice_id, AbsenceRow.id == absence_id)
    session.execute(update(AbsenceRow).where(*mine).values(removed_at=removed_at))


def duties(session: Session, practice_id: UUID, since: datetime) -> tuple[OnCall, ...]:
    """List the duties that end after an instant, in order of time."""
    row = OnCallRow
    statement = select(row).where(row.practice_id == practice_id, row.removed_at.is_(None), row.ends_at > since)
    return tuple(_on_call(found) for found in session.scalars(statement.order_by(row.begins_at, row.id)))


def add_duty(session: Session, practice_id: UUID, one: OnCall) -> None:
    """Put a person on call under the id that the form carried: the same one once more is one duty."""
    if session.get(OnCallRow, (practice_id, one.id)) is not None:
        return
    duty = one.duty
    session.add(
        OnCallRow(
            practice_id=practice_id,
            id=one.id,
            staff_id=one.staff_id,
            begins_at=duty.begins_at,
            ends_at=duty.ends_at,
        )
    )
    session.flush()


def duty_of(session: Session, practice_id: UUID, duty_id: UUID) -> OnCall | None:
    """Read one duty, also one that was taken back."""
    row = session.get(OnCallRow, (practice_id, duty_id))
    return None if row is None else _on_call(row)


def mark_duty(session: Session, practice_id: UUID, duty_id: UUID, removed_at: datetime | None) -> None:
    """Take a duty back at an instant; None: let it hold again."""
    mine = (OnCallRow.practice_id == practice_id, OnCallRow.id == duty_id)
    session.execute(update(OnCallRow).where(*mine).values(removed_at=removed_at))


@dataclass(frozen=True, slots=True)
class _Read:
    zone: str
    contacts: Mapping[UUID, StaffContactRow]
    settings: Mapping[UUID, AlertSettingRow]
    ways: Mapping[UUID, Sequence[AlertPreferenceRow]]
    sites: Mapping[UUID, Sequence[StaffSiteRow]]
    absences: Mapping[UUID, Sequence[AbsenceRow]]
    duties: Mapping[UUID, Sequence[OnCallRow]]
    stopped: frozenset[UUID]


def _person(session: Session, practice_id: UUID, staff: Staff, read: _Read) -> Person:
    contact, setting = read.contacts.get(staff.id), read.settings.get(staff.id)
    sealed = None if contact is None else contact.phone
    phone = None if sealed is None else keyring_of(session).unseal("staff_contact.phone", practice_id, staff.id, sealed)
    return Person(
        staff.id,
        staff.name,
        staff.email,
        staff.roles,
        (contact.zone if contact else None) or read.zone,
        frozenset(row.site_id for row in read.sites.get(staff.id, ())),
        phone,
        {row.reason: frozenset(map(Way, row.ways)) for row in read.ways.get(staff.id, ())},
        {} if setting is None else {Reason(name): tuple(days) for name, days in setting.thresholds.items()},
        QUIET_FROM if setting is None else _time(setting.quiet_from),
        QUIET_UNTIL if setting is None else _time(setting.quiet_until),
        setting is None or setting.quiet_weekends,
        None if setting is None or setting.digest_at is None else _time(setting.digest_at),
        None if setting is None else setting.backup_id,
        tuple(_absence(row) for row in sorted(read.absences.get(staff.id, ()), key=lambda row: (row.begins, row.id))),
        tuple(_on_call(row).duty for row in sorted(read.duties.get(staff.id, ()), key=lambda row: row.begins_at)),
        staff.id in read.stopped,
        staff.sites,
    )


def _stopped(session: Session, practice_id: UUID) -> frozenset[UUID]:
    """Name the people whose number has ended texts."""
    contact, ended = StaffContactRow, TextStopRow
    same = (ended.practice_id == contact.practice_id) & (ended.number_key == contact.phone_key)
    mine = (contact.practice_id == practice_id, ended.lifted_at.is_(None))
    return frozenset(session.scalars(select(contact.staff_id).join(ended, same).where(*mine)))


def _rows(session: Session, practice_id: UUID, row: type[R], *which: ColumnElement[bool]) -> Sequence[R]:
    table: Any = row
    return session.scalars(select(row).where(table.practice_id == practice_id, *which)).all()


def _by_staff(rows: Iterable[R]) -> Mapping[UUID, list[R]]:
    found: defaultdict[UUID, list[R]] = defaultdict(list)
    for row in rows:
        found[row.staff_id].append(row)  # type: ignore[attr-defined]
    return found


def _replace(session: Session, practice_id: UUID, row: Any, staff_id: UUID) -> None:
    session.execute(delete(row).where(row.practice_id == practice_id, row.staff_id == staff_id))


def _absence(row: AbsenceRow) -> Absence:
    return Absence(DateSpan(row.begins, row.ends), row.cover_id)


def _on_call(row: OnCallRow) -> OnCall:
    return OnCall(row.id, row.staff_id, Duty(row.begins_at, row.ends_at))


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _time(minute: int) -> time:
    return time(minute // 60, minute % 60)
