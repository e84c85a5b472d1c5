"""Patients: the only queries over them. Names and birth dates are opened only where a person is to be named."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, exists, func, insert, select, update
from sqlalchemy.orm import Session, aliased

from app.patients.facts import FormerNumber, Patient, PatientDetails, PatientForJudging, Wish
from app.patients.models import FormerNumberRow, PatientRow, PatientSearchKeyRow, PatientWishRow
from app.patients.rows import SEALED, UNSEALED, opened_details, stored_details
from app.patients.rules import Key, keys_of
from app.platform import sight
from app.platform.db import keyring_of
from app.platform.rows import as_day, as_uuid, chunks, raw, rows_of
from app.platform.sealed import Keyring
from app.values.scope import EVERYTHING, Scope

_JUDGED = (PatientRow.id, PatientRow.birth_date, PatientRow.no_coverage_on, PatientRow.version)


def for_judging(
    session: Session, practice_id: UUID, patient_ids: Sequence[UUID] | None = None
) -> Mapping[UUID, PatientForJudging]:
    """Read what judging needs of the patients named, or of all; in the order of their ids."""
    if patient_ids is None:
        return {patient.id: patient for patient in in_patient_order(session, practice_id)}
    return {
        patient.id: patient
        for chunk in chunks(patient_ids)
        for patient in _for_judging(session, _judged(practice_id).where(PatientRow.id.in_(chunk)))
    }


def in_patient_order(
    session: Session, practice_id: UUID, after: UUID | None = None, until: UUID | None = None
) -> Iterator[PatientForJudging]:
    """Stream what judging needs of the patients after one id up to another (included), in the order of their ids."""
    statement = _judged(practice_id)
    if after is not None:
        statement = statement.where(PatientRow.id > after)
    if until is not None:
        statement = statement.where(PatientRow.id <= until)
    return _for_judging(session, statement)


def count(session: Session, practice_id: UUID) -> int:
    """Count the patients."""
    return session.scalar(select(func.count()).where(PatientRow.practice_id == practice_id)) or 0


def shards(session: Session, practice_id: UUID, pieces: int) -> list[tuple[UUID | None, UUID | None]]:
    """Cut the patients into pieces of about equal size: pairs of `after` and `until` for the streaming readers."""
    mine = PatientRow.practice_id == practice_id
    size = session.scalar(select(func.count()).select_from(PatientRow).where(mine)) or 0
    cuts: list[UUID | None] = [None]
    for piece in range(1, pieces):
        place = size * piece // pieces
        cut = session.scalar(select(PatientRow.id).where(mine).order_by(PatientRow.id).offset(place).limit(1))
        if cut is not None and cut != cuts[-1]:
            cuts.append(cut)
    return list(zip(cuts, [*cuts[1:], None], strict=True))


def opened(session: Session, practice_id: UUID, patient_ids: Sequence[UUID]) -> Mapping[UUID, Patient]:
    """Open the names, record numbers and birth dates of the patients named."""
    keyring = keyring_of(session)
    columns = (PatientRow.id, PatientRow.mrn, PatientRow.last_name, PatientRow.first_name, PatientRow.birth_date)
    found: dict[UUID, Patient] = {}
    for chunk in chunks(patient_ids):
        statement = select(*columns, PatientRow.no_coverage_on).where(
            PatientRow.practice_id == practice_id, PatientRow.id.in_(chunk)
        )
        for row in session.execute(statement):
            birth = unsealed_birth(keyring, practice_id, row.id, row.birth_date)
            mrn, last, first = (
                keyring.unseal(f"patient.{column}", practice_id, row.id, sealed)
                for column, sealed in (("mrn", row.mrn), ("last_name", row.last_name), ("first_name", row.first_name))
            )
            found[row.id] = Patient(row.id, mrn, last, first, birth, row.no_coverage_on is not None)
    return found


def unsealed_birth(keyring: Keyring, practice_id: UUID, patient_id: UUID, sealed: bytes | None) -> date | None:
    """Open a birth date that `for_judging` gave out."""
    if sealed is None:
        return None
    return date.fromisoformat(keyring.unseal("patient.birth_date", practice_id, patient_id, sealed))


def by_mrn(session: Session, practice_id: UUID, mrn: str, scope: Scope = EVERYTHING) -> UUID | None:
    """Find a patient in sight by medical record number. Letters' case and the space around it do not matter."""
    return by_mrns(session, practice_id, [mrn], scope).get(mrn)


def in_sight(session: Session, practice_id: UUID, patient_id: UUID, scope: Scope) -> bool:
    """Say whether a patient is on file and in sight."""
    mine = (PatientRow.practice_id == practice_id, PatientRow.id == patient_id)
    return bool(session.scalar(select(exists().where(*mine, *sight.of_patients(practice_id, scope, PatientRow.id)))))


def by_mrns(session: Session, practice_id: UUID, mrns: Sequence[str], scope: Scope = EVERYTHING) -> Mapping[str, UUID]:
    """Find patients in sight by medical record number, or one from before a merge; an unknown number is left out."""
    wanted: dict[bytes, list[str]] = {}
    for mrn in mrns:
        wanted.setdefault(mrn_index(keyring_of(session), practice_id, mrn), []).append(mrn)
    indexes, found = sorted(wanted), dict[str, UUID]()
    for start in range(0, len(indexes), 400):
        some = indexes[start : start + 400]
        for row, owner in ((FormerNumberRow, FormerNumberRow.patient_id), (PatientRow, PatientRow.id)):
            mine = (row.practice_id == practice_id, row.mrn_index.in_(some))
            seen = sight.of_patients(practice_id, scope, owner)
            for index, patient_id in session.execute(select(row.mrn_index, owner).where(*mine, *seen)):
                found.update(dict.fromkeys(wanted[bytes(index)], patient_id))
    return found


def add_former_number(session: Session, practice_id: UUID, former: FormerNumber) -> None:
    """Keep a number under which a patient was known; one that is kept already goes on to name whom it names now."""
    keyring = keyring_of(session)
    index = mrn_index(keyring, practice_id, former.mrn)
    mine = (FormerNumberRow.practice_id == practice_id, FormerNumberRow.mrn_index == index)
    row = session.scalar(select(FormerNumberRow).where(*mine))
    if row is None:
        sealed = keyring.seal("patient_former_number.mrn", practice_id, former.id, former.mrn)
        named = {"patient_id": former.patient_id, "at": former.at}
        row = FormerNumberRow(practice_id=practice_id, id=former.id, mrn=sealed, mrn_index=index, **named)
        session.add(row)
    row.patient_id = former.patient_id
    session.flush()


def mrn_index(keyring: Keyring, practice_id: UUID, mrn: str) -> bytes:
    """Make the blind index of a medical record number."""
    return keyring.blind("mrn", practice_id, mrn.strip().upper())


def details(session: Session, practice_id: UUID, patient_ids: Sequence[UUID]) -> Mapping[UUID, PatientDetails]:
    """Open all that is on file of the patients named, as an import compares it, and hold them for writing."""
    return _read(session, practice_id, patient_ids, _all_of(practice_id).with_for_update())


def seen(session: Session, practice_id: UUID, patient_ids: Sequence[UUID]) -> Mapping[UUID, PatientDetails]:
    """Open all that is on file of the patients named, for a page; holds nobody."""
    return _read(session, practice_id, patient_ids, _all_of(practice_id))


def _read(
    session: Session, practice_id: UUID, patient_ids: Sequence[UUID], statement: Select[Any]
) -> dict[UUID, PatientDetails]:
    found = (row for ids in chunks(patient_ids) for row in session.execute(statement.where(PatientRow.id.in_(ids))))
    return {row.id: opened_details(keyring_of(session), practice_id, row) for row in found}


def on_file(session: Session, practice_id: UUID, patient_id: UUID) -> tuple[PatientDetails, int] | None:
    """Open all that is on file of one patient, with the version; holds nobody."""
    row = session.execute(_all_of(practice_id).where(PatientRow.id == patient_id)).one_or_none()
    return None if row is None else (opened_details(keyring_of(session), practice_id, row), row.version)


def _all_of(practice_id: UUID) -> Select[Any]:
    columns = (getattr(PatientRow, name) for name in ("id", *SEALED, *UNSEALED, "version"))
    return select(*columns).where(PatientRow.practice_id == practice_id)


def wishes_of(session: Session, practice_id: UUID, patient_id: UUID) -> tuple[Wish, ...]:
    """Read what a patient wished, newest first."""
    rows = session.scalars(
        select(PatientWishRow)
        .where(PatientWishRow.practice_id == practice_id, PatientWishRow.patient_id == patient_id)
        .order_by(PatientWishRow.id.desc())
    )
    return tuple(Wish(**{field.name: getattr(row, field.name) for field in fields(Wish)}) for row in rows)


def add_wish(session: Session, practice_id: UUID, wish: Wish) -> None:
    """Add what a patient wished."""
    session.add(PatientWishRow(practice_id=practice_id, **asdict(wish)))
    session.flush()


def consenting(session: Session, practice_id: UUID, patient_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Name those of some patients whose last wish on record says yes to texts; what a file stated is no wish."""
    row = PatientWishRow
    last: dict[UUID, bool] = {}
    for chunk in chunks(patient_ids):
        mine = (row.practice_id == practice_id, row.patient_id.in_(chunk))
        found = session.execute(select(row.patient_id, row.text_consent).where(*mine).order_by(row.id))
        last.update((patient, consents) for patient, consents in found)
    return frozenset(patient for patient, consents in last.items() if consents)


_ADD_KEY = "INSERT INTO patient_search_key (practice_id, key, patient_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"


def add_keys(session: Session, practice_id: UUID, keys: Iterable[tuple[UUID, Key]]) -> None:
    """Let patients be found under more texts. A key that is there already stays as it is."""
    keyring = keyring_of(session)
    blinds: dict[Key, bytes] = {}
    plain = session.get_bind().dialect.name != "postgresql"  # SQLite's driver takes the bytes of an id
    ids: dict[UUID, Any] = {}
    found: dict[bytes, set[Any]] = {}
    for who, key in keys:
        blind = blinds.get(key)
        if blind is None:
            blind = blinds[key] = _blind(keyring, practice_id, key)
        if who not in ids:
            ids[who] = who.bytes if plain else who
        found.setdefault(blind, set()).add(ids[who])
    practice = practice_id.bytes if plain else practice_id
    rows = [(practice, blind, who) for blind in sorted(found) for who in found[blind]]
    if rows:
        session.connection().exec_driver_sql(_ADD_KEY if plain else _ADD_KEY.replace("?", "%s"), rows)


def found_under(
    session: Session, practice_id: UUID, keys: Collection[Key], limit: int, scope: Scope = EVERYTHING
) -> tuple[UUID, ...]:
    """Find patients in sight under every one of some keys, in the order of their ids, at most so many."""
    statement: Select[Any] | None = None
    for key in sorted(keys):
        row = aliased(PatientSearchKeyRow)
        mine = (row.practice_id == practice_id, row.key == _blind(keyring_of(session), practice_id, key))
        if statement is None:
            seen = sight.of_patients(practice_id, scope, row.patient_id)
            first, statement = row, select(row.patient_id).where(*mine, *seen)
        else:
            statement = statement.join(row, and_(*mine, row.patient_id == first.patient_id))
    return () if statement is None else tuple(session.scalars(statement.order_by(first.patient_id).limit(limit)))


def without_keys(session: Session, practice_id: UUID, after: UUID | None, limit: int) -> tuple[UUID, ...]:
    """List patients who cannot be found under anything yet, at most so many after one id, in the order of ids."""
    row, key = PatientRow, PatientSearchKeyRow
    has = exists().where(key.practice_id == row.practice_id, key.patient_id == row.id)
    statement = select(row.id).where(row.practice_id == practice_id, ~has).order_by(row.id).limit(limit)
    return tuple(session.scalars(statement if after is None else statement.where(row.id > after)))


def _blind(keyring: Keyring, practice_id: UUID, key: Key) -> bytes:
    return keyring.blind(f"find {key[0]}", practice_id, key[1])


def add_patients(session: Session, practice_id: UUID, patients: Sequence[PatientDetails]) -> None:
    """Add patients. Two of one practice never share a record number (the database refuses it)."""
    if patients:
        keyring = keyring_of(session)
        session.connection().execute(
            insert(PatientRow), [_stored(keyring, practice_id, one) | {"version": 1} for one in patients]
        )
        add_keys(session, practice_id, ((one.id, key) for one in patients for key in keys_of(one)))


def change_patients(session: Session, practice_id: UUID, patients: Sequence[PatientDetails]) -> None:
    """Write patients who are on file as given, and count the edit."""
    if not patients:
        return
    keyring = keyring_of(session)
    rows = [_stored(keyring, practice_id, one) for one in patients]
    names = [name for name in rows[0] if name not in ("practice_id", "id")]
    statement = (
        update(PatientRow)
        .where(PatientRow.practice_id == practice_id, PatientRow.id == bindparam("patient_id"))
        .values({name: bindparam(f"new_{name}") for name in names} | {"version": PatientRow.version + 1})
    )
    connection = session.connection()
    connection.execute(
        statement, [{"patient_id": row["id"]} | {f"new_{name}": row[name] for name in names} for row in rows]
    )
    add_keys(session, practice_id, ((one.id, key) for one in patients for key in keys_of(one)))


def _stored(keyring: Keyring, practice_id: UUID, patient: PatientDetails) -> dict[str, object]:
    return stored_details(keyring, practice_id, patient, mrn_index(keyring, practice_id, patient.mrn))


def _judged(practice_id: UUID) -> Select[tuple[object, ...]]:
    return select(*raw(*_JUDGED)).where(PatientRow.practice_id == practice_id).order_by(PatientRow.id)


def _for_judging(session: Session, statement: Select[tuple[object, ...]]) -> Iterator[PatientForJudging]:
    for patient_id, birth, since, version in rows_of(session, statement):
        yield PatientForJudging(as_uuid(patient_id), birth, since is not None, as_day(since), version)
