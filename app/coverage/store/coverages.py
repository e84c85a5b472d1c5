"""Coverages: the only queries over them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from app.coverage.facts import (
    CheckResult,
    Coverage,
    CoverageEvent,
    CoverageRecord,
    NetworkAnswer,
    PlanTurn,
    Turned,
)
from app.coverage.models import CoverageEventRow, CoverageRow
from app.coverage.rules import taken_over, turns_of
from app.patients import store as patients
from app.patients.rules import Key, member_keys
from app.platform.changes import Changed, announce
from app.platform.db import keyring_of
from app.platform.rows import as_day, as_uuid, chunks, in_order, raw, rows_of
from app.platform.sealed import Keyring
from app.values.insurance import Benefit, Known, Line, PlanKind, Rank
from app.values.members import MemberKey
from app.values.spans import DateSpan

_JUDGED = (
    CoverageRow.id, CoverageRow.patient_id, CoverageRow.rank, CoverageRow.payer, CoverageRow.payer_name,
    CoverageRow.member_whole, CoverageRow.member_base, CoverageRow.member_cut, CoverageRow.begins, CoverageRow.ends,
    CoverageRow.line, CoverageRow.plan, CoverageRow.plan_id, CoverageRow.plan_kind, CoverageRow.state,
    CoverageRow.benefit, CoverageRow.group_number, CoverageRow.checked_on, CoverageRow.result, CoverageRow.network,
    CoverageRow.referral_required, CoverageRow.other_primary, CoverageRow.source, CoverageRow.reference,
    CoverageRow.verified, CoverageRow.version, CoverageRow.other_payer,
)  # fmt: skip
_RANKS = {one.value: one for one in Rank}
_LINES = {one.value: one for one in Line}
_KINDS = {one.value: one for one in PlanKind}
_BENEFITS = {one.value: one for one in Benefit}
_RESULTS = {one.value: one for one in CheckResult}
_NETWORKS = {one.value: one for one in NetworkAnswer}
_KNOWN = {one.value: one for one in Known}
_OPEN = DateSpan()


def of_patients(
    session: Session, practice_id: UUID, patient_ids: Sequence[UUID]
) -> Mapping[UUID, tuple[Coverage, ...]]:
    """Read the coverages of the patients named, in the order of their ids; who has none is left out."""
    return {
        patient_id: coverages
        for chunk in chunks(patient_ids)
        for patient_id, coverages in _grouped(
            session, practice_id, _judged(practice_id).where(CoverageRow.patient_id.in_(chunk))
        )
    }


def in_patient_order(
    session: Session, practice_id: UUID, after: UUID | None = None, until: UUID | None = None
) -> Iterator[tuple[UUID, tuple[Coverage, ...]]]:
    """Stream the coverages of the patients after one id up to another (included), patient by patient in that order."""
    statement = _judged(practice_id)
    if after is not None:
        statement = statement.where(CoverageRow.patient_id > after)
    if until is not None:
        statement = statement.where(CoverageRow.patient_id <= until)
    return _grouped(session, practice_id, statement)


def records_of(session: Session, practice_id: UUID, patient_ids: Sequence[UUID]) -> Mapping[UUID, list[CoverageRecord]]:
    """Read all that is on file of the patients' coverages, member ids opened, as an import compares it."""
    keyring = keyring_of(session)
    found: dict[UUID, list[CoverageRecord]] = {}
    for chunk in chunks(patient_ids):
        rows = session.scalars(
            select(CoverageRow)
            .where(CoverageRow.practice_id == practice_id, CoverageRow.patient_id.in_(chunk))
            .order_by(CoverageRow.patient_id, CoverageRow.natural_key)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        for row in rows:
            found.setdefault(row.patient_id, []).append(_record(keyring, row))
    return {patient_id: list(in_order(group)) for patient_id, group in found.items()}


def on_file(session: Session, practice_id: UUID, patient_id: UUID, hold: bool = False) -> dict[CoverageRecord, int]:
    """Read a patient's coverages with their versions, in the order of their ids; `hold` keeps them for writing."""
    statement = select(CoverageRow).where(CoverageRow.practice_id == practice_id, CoverageRow.patient_id == patient_id)
    if hold:
        statement = statement.with_for_update()
    keyring = keyring_of(session)
    rows = session.scalars(statement.execution_options(populate_existing=True)).all()
    return {_record(keyring, row): row.version for row in sorted(rows, key=lambda row: row.id.int)}


def _record(keyring: Keyring, row: CoverageRow) -> CoverageRecord:
    values: dict[str, Any] = {name: getattr(row, name) for name in _RECORD}
    for name in _SEALED:
        values[name] = _opened(keyring, row.practice_id, row.id, name, values[name])
    return CoverageRecord(**values)


def _opened(keyring: Keyring, practice_id: UUID, row_id: UUID, name: str, sealed: bytes | None) -> str | None:
    return None if sealed is None else keyring.unseal(f"coverage.{name}", practice_id, row_id, sealed)


def add_event(session: Session, practice_id: UUID, event: CoverageEvent) -> None:
    """Add what a person changed on a coverage."""
    values = {field.name: getattr(event, field.name) for field in fields(CoverageEvent)}
    values["changes"] = keyring_of(session).seal(_CHANGES, practice_id, event.id, json.dumps(dict(event.changes)))
    session.add(CoverageEventRow(practice_id=practice_id, **values))
    session.flush()


def latest_events(session: Session, practice_id: UUID, patient_id: UUID, limit: int) -> tuple[CoverageEvent, ...]:
    """Read the latest of what people changed on a patient's coverages, newest first."""
    rows = session.scalars(
        select(CoverageEventRow)
        .where(CoverageEventRow.practice_id == practice_id, CoverageEventRow.patient_id == patient_id)
        .order_by(CoverageEventRow.id.desc())
        .limit(limit)
    )
    keyring = keyring_of(session)
    return tuple(_event(keyring, row) for row in rows)


def _event(keyring: Keyring, row: CoverageEventRow) -> CoverageEvent:
    values: dict[str, Any] = {field.name: getattr(row, field.name) for field in fields(CoverageEvent)}
    values["changes"] = json.loads(keyring.unseal(_CHANGES, row.practice_id, row.id, row.changes))
    return CoverageEvent(**values)


def patients_of_payers(session: Session, practice_id: UUID, payers: Sequence[str]) -> frozenset[UUID]:
    """Find the patients who have a coverage of one of these payers."""
    statement = select(CoverageRow.patient_id).where(
        CoverageRow.practice_id == practice_id, CoverageRow.payer.in_(payers)
    )
    return frozenset(session.scalars(statement.distinct()))


def add_coverages(session: Session, practice_id: UUID, records: Sequence[CoverageRecord]) -> None:
    """Add coverages. Two of one patient never share rank, payer, member and begin (the database refuses it)."""
    if records:
        keyring = keyring_of(session)
        _announce_taken_over(session, practice_id, records)
        session.connection().execute(
            insert(CoverageRow), [_stored(keyring, practice_id, one) | {"version": 1} for one in records]
        )
        patients.add_keys(session, practice_id, _found_under(records))


def _found_under(records: Sequence[CoverageRecord]) -> Iterator[tuple[UUID, Key]]:
    return ((one.patient_id, key) for one in records for key in member_keys(one.member_id))


def change_coverages(session: Session, practice_id: UUID, records: Sequence[CoverageRecord]) -> None:
    """Write coverages that are on file as given, and count the edit; what names another plan by it is announced."""
    if not records:
        return
    keyring = keyring_of(session)
    _announce_turned(session, practice_id, records)
    rows = [_stored(keyring, practice_id, one) for one in records]
    names = [name for name in rows[0] if name not in ("practice_id", "id", "patient_id")]
    statement = (
        update(CoverageRow)
        .where(CoverageRow.practice_id == practice_id, CoverageRow.id == bindparam("coverage_id"))
        .values({name: bindparam(f"new_{name}") for name in names} | {"version": CoverageRow.version + 1})
    )
    session.connection().execute(
        statement, [{"coverage_id": row["id"]} | {f"new_{name}": row[name] for name in names} for row in rows]
    )
    patients.add_keys(session, practice_id, _found_under(records))


def _announce_turned(session: Session, practice_id: UUID, records: Sequence[CoverageRecord]) -> None:
    """Tell who listens which of these coverages will name another plan than they do."""
    keyring, new = keyring_of(session), {one.id: one for one in records}
    turned: list[Turned] = []
    for chunk in chunks(list(new)):
        statement = select(CoverageRow).where(CoverageRow.practice_id == practice_id, CoverageRow.id.in_(chunk))
        for row in session.scalars(statement.execution_options(populate_existing=True)):
            before = _record(keyring, row)
            turns = turns_of(before, new[row.id])
            if turns and before.verified:
                turned.append(Turned(before, new[row.id], turns))
    if turned:
        announce(session, Changed(turned=tuple(turned)))


def _announce_taken_over(session: Session, practice_id: UUID, records: Sequence[CoverageRecord]) -> None:
    """Tell who listens which of these new coverages take the place of another one of their patient."""
    keyring, before = keyring_of(session), dict[UUID, list[CoverageRecord]]()
    for chunk in chunks([one.patient_id for one in records]):
        statement = select(CoverageRow).where(CoverageRow.practice_id == practice_id, CoverageRow.verified)
        for row in session.scalars(statement.where(CoverageRow.patient_id.in_(chunk))):
            before.setdefault(row.patient_id, []).append(_record(keyring, row))
    turned = [
        Turned(old, new, (PlanTurn.ADDED, *turns_of(old, new)))
        for new in records
        if (old := taken_over(before.get(new.patient_id, ()), new)) is not None
    ]
    if turned:
        announce(session, Changed(turned=tuple(turned)))


def drop_unverified(session: Session, practice_id: UUID, coverage_ids: Sequence[UUID]) -> None:
    """Remove coverages that only a schedule row named, once a checked or typed one takes their place."""
    for chunk in chunks(coverage_ids):
        session.execute(
            delete(CoverageRow).where(
                CoverageRow.practice_id == practice_id, CoverageRow.id.in_(chunk), CoverageRow.verified.is_(False)
            )
        )


_RECORD = [field.name for field in fields(CoverageRecord)]
_SEALED = ("member_id", "source", "reference", "subscriber_relationship")
_CHANGES = "coverage_event.changes"


def _stored(keyring: Keyring, practice_id: UUID, record: CoverageRecord) -> dict[str, object]:
    member = keyring.member_key(practice_id, record.member_id)
    begins = "" if record.begins is None else record.begins.isoformat()
    values: dict[str, Any] = {name: getattr(record, name) for name in _RECORD}
    for name in _SEALED:
        if values[name] is not None:
            values[name] = keyring.seal(f"coverage.{name}", practice_id, record.id, values[name])
    return values | {
        "practice_id": practice_id,
        "natural_key": f"{record.rank}|{record.payer}|{member.whole.hex()}|{begins}",
        "member_whole": member.whole,
        "member_base": member.base,
        "member_cut": member.cut,
        "other_primary": record.other_primary,
    }


def _judged(practice_id: UUID) -> Select[Any]:
    """By patient only: ordered by id too, SQLite reads one patient's rows by passing through those of the practice."""
    return select(*raw(*_JUDGED)).where(CoverageRow.practice_id == practice_id).order_by(CoverageRow.patient_id)


def _grouped(
    session: Session, practice_id: UUID, statement: Select[Any]
) -> Iterator[tuple[UUID, tuple[Coverage, ...]]]:
    keyring = keyring_of(session)
    current: bytes | UUID | None = None
    patient_id = UUID(int=0)
    group: list[Coverage] = []
    for row in rows_of(session, statement):
        if row[1] != current:
            if group:
                yield patient_id, in_order(group)
            current, patient_id, group = row[1], as_uuid(row[1]), []
        group.append(_coverage(keyring, practice_id, patient_id, row))
    if group:
        yield patient_id, in_order(group)


def _coverage(keyring: Keyring, practice_id: UUID, patient_id: UUID, row: Sequence[Any]) -> Coverage:
    (
        coverage_id, _, rank, payer, payer_name, whole, base, cut, begins, ends, line, plan, plan_id, kind, state,
        benefit, group, checked_on, result, network, referral, other_primary, source, reference, verified, version,
        other_payer,
    ) = row  # fmt: skip
    own_id = as_uuid(coverage_id)
    return Coverage(
        own_id,
        patient_id,
        _RANKS[rank],
        payer,
        payer_name,
        MemberKey(whole, base, cut),
        _OPEN if begins is None and ends is None else DateSpan(as_day(begins), as_day(ends)),
        _LINES.get(line),
        plan,
        plan_id,
        _KINDS.get(kind),
        state,
        _BENEFITS[benefit],
        group,
        as_day(checked_on),
        _RESULTS.get(result),
        _NETWORKS.get(network),
        _KNOWN.get(referral),
        bool(other_primary),
        _opened(keyring, practice_id, own_id, "source", source),
        _opened(keyring, practice_id, own_id, "reference", reference),
        bool(verified),
        version,
        other_payer,
    )
