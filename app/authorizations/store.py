"""Authorizations: the only queries over them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from app.authorizations.facts import Authorization, AuthorizationEvent, AuthorizationRecord, Decisions, Kind, Status
from app.authorizations.models import AuthorizationEventRow, AuthorizationRow
from app.authorizations.rows import blind_key, by_patient, event_in, record_in, stored, stored_event
from app.authorizations.rules.chains import linked
from app.authorizations.rules.history import chronological
from app.authorizations.rules.items import key_of, unpack_items
from app.authorizations.rules.moves import DECIDED
from app.patients import store as patients
from app.patients.rules import Key, number_key
from app.platform.db import keyring_of
from app.platform.rows import chunks, in_order, raw, rows_of

_A = AuthorizationRow
_JUDGED = (
    _A.id, _A.patient_id, _A.payer, _A.payer_name, _A.status, _A.kind, _A.items, _A.drug, _A.ndc, _A.member_whole,
    _A.member_base, _A.member_cut, _A.plan, _A.plan_id, _A.group_number, _A.number, _A.reference, _A.begins, _A.ends,
    _A.no_end, _A.diagnoses, _A.provider_npi, _A.provider_group, _A.provider_binds, _A.site_id, _A.places, _A.channel,
    _A.decided_on, _A.requested_on, _A.used_on, _A.version, _A.verbal, _A.parent_id,
)  # fmt: skip


def of_patients(
    session: Session, practice_id: UUID, patient_ids: Sequence[UUID]
) -> Mapping[UUID, tuple[Authorization, ...]]:
    """Read the authorizations of the patients named, in the order of their ids; who has none is left out."""
    return {
        patient_id: found
        for chunk in chunks(patient_ids)
        for patient_id, found in _grouped(session, practice_id, _judged(practice_id).where(_A.patient_id.in_(chunk)))
    }


def in_patient_order(
    session: Session, practice_id: UUID, after: UUID | None = None, until: UUID | None = None
) -> Iterator[tuple[UUID, tuple[Authorization, ...]]]:
    """Stream the authorizations of the patients after one id up to another (included), patient by patient."""
    statement = _judged(practice_id)
    if after is not None:
        statement = statement.where(_A.patient_id > after)
    if until is not None:
        statement = statement.where(_A.patient_id <= until)
    return _grouped(session, practice_id, statement)


def patients_of_payers(session: Session, practice_id: UUID, payers: Sequence[str]) -> frozenset[UUID]:
    """Find the patients who have an authorization of one of these payers."""
    statement = select(_A.patient_id).where(_A.practice_id == practice_id, _A.payer.in_(payers))
    return frozenset(session.scalars(statement.distinct()))


def patients_in_status(session: Session, practice_id: UUID, statuses: Collection[Status]) -> frozenset[UUID]:
    """Find the patients who have an authorization in one of some states."""
    statement = select(_A.patient_id).where(_A.practice_id == practice_id, _A.status.in_(statuses))
    return frozenset(session.scalars(statement.distinct()))


def records_of(
    session: Session, practice_id: UUID, patient_ids: Sequence[UUID]
) -> Mapping[UUID, list[AuthorizationRecord]]:
    """Read all that is on file of the patients' authorizations, sealed texts opened, as an import compares it."""
    keyring = keyring_of(session)
    found: dict[UUID, list[AuthorizationRecord]] = {}
    for chunk in chunks(patient_ids):
        rows = session.scalars(
            select(_A)
            .where(_A.practice_id == practice_id, _A.patient_id.in_(chunk))
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        for row in sorted(rows, key=lambda row: row.id):  # sorted here: the database would read by id to sort
            found.setdefault(row.patient_id, []).append(record_in(keyring, row))
    return {patient_id: list(in_order(group)) for patient_id, group in found.items()}


def record_of(
    session: Session, practice_id: UUID, authorization_id: UUID, hold: bool = False
) -> tuple[AuthorizationRecord, int] | None:
    """Read all that is on file of one authorization, and its version; `hold` keeps others from writing it meanwhile."""
    statement = select(_A).where(_A.practice_id == practice_id, _A.id == authorization_id)
    if hold:
        statement = statement.with_for_update()
    row = session.scalar(statement.execution_options(populate_existing=True))
    return None if row is None else (record_in(keyring_of(session), row), row.version)


def ids_of_patients(session: Session, practice_id: UUID, patient_ids: Sequence[UUID]) -> Select[UUID]:
    """Select the ids of the authorizations of some patients, at most a few hundred. For other rooms' readers."""
    return select(_A.id).where(_A.practice_id == practice_id, _A.patient_id.in_(patient_ids))


def patients_by_id(session: Session, practice_id: UUID, authorization_ids: Sequence[UUID]) -> Mapping[UUID, UUID]:
    """Tell whose the authorizations named are: patient by authorization; an unknown one is left out."""
    return {
        row.id: row.patient_id
        for chunk in chunks(authorization_ids)
        for row in session.execute(select(_A.id, _A.patient_id).where(_A.practice_id == practice_id, _A.id.in_(chunk)))
    }


def urgent_among(session: Session, practice_id: UUID, authorization_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Name those of some authorizations that were asked for urgently."""
    urgent = (_A.practice_id == practice_id, _A.urgent.is_(True))
    return frozenset(
        one
        for chunk in chunks(authorization_ids)
        for one in session.scalars(select(_A.id).where(*urgent, _A.id.in_(chunk)))
    )


def next_actions(session: Session, practice_id: UUID, patient_ids: Sequence[UUID]) -> Mapping[UUID, date | None]:
    """Tell by which day something is to be done next on the patients' authorizations; one without it is left out."""
    given = select(_A.id, _A.next_action_on).where(_A.practice_id == practice_id, _A.next_action.is_not(None))
    return {
        row.id: row.next_action_on
        for chunk in chunks(patient_ids)
        for row in session.execute(given.where(_A.patient_id.in_(chunk)))
    }


def events_since(
    session: Session, practice_id: UUID, authorization_ids: Sequence[UUID], since: datetime
) -> Mapping[UUID, tuple[AuthorizationEvent, ...]]:
    """Read what happened to some authorizations from an instant on, oldest first; one without events is left out."""
    found: dict[UUID, list[AuthorizationEvent]] = {}
    event = AuthorizationEventRow
    for chunk in chunks(authorization_ids):
        of_them = (event.practice_id == practice_id, event.authorization_id.in_(chunk), event.at >= since)
        for one in _events(session, select(event).where(*of_them)):
            found.setdefault(one.authorization_id, []).append(one)
    return {one: tuple(events) for one, events in found.items()}


def ids_of_payer(session: Session, practice_id: UUID, payer: str) -> tuple[UUID, ...]:
    """Name the authorizations of a payer."""
    return tuple(session.scalars(select(_A.id).where(_A.practice_id == practice_id, _A.payer == payer)))


def records_by_ids(
    session: Session, practice_id: UUID, authorization_ids: Sequence[UUID]
) -> Mapping[UUID, AuthorizationRecord]:
    """Read all that is on file of some authorizations, sealed texts opened; an unknown one is left out."""
    keyring = keyring_of(session)
    return {
        row.id: record_in(keyring, row)
        for chunk in chunks(authorization_ids)
        for row in session.scalars(
            select(_A).where(_A.practice_id == practice_id, _A.id.in_(chunk)).execution_options(populate_existing=True)
        )
    }


def chain_of(session: Session, practice_id: UUID, authorization_id: UUID) -> tuple[AuthorizationRecord, ...]:
    """Read the chain of a case: what it follows, itself, and what follows any of these, the oldest first."""
    patient = select(_A.patient_id).where(_A.practice_id == practice_id, _A.id == authorization_id).scalar_subquery()
    links = session.execute(
        select(_A.id, _A.parent_id).where(_A.practice_id == practice_id, _A.patient_id == patient)
    ).all()
    found = records_by_ids(session, practice_id, list(linked([(one, up) for one, up in links], authorization_id)))
    return in_order(list(found.values()))


def decisions_of_payer(
    session: Session, practice_id: UUID, payer: str, limit: int = 200
) -> tuple[tuple[date, date], ...]:
    """Read when a payer was asked and when it answered: its latest decisions of which both days are known."""
    known = (_A.requested_on.is_not(None), _A.decided_on.is_not(None), _A.requested_on <= _A.decided_on)
    statement = (
        select(_A.requested_on, _A.decided_on)
        .where(_A.practice_id == practice_id, _A.payer == payer, _A.status.in_(sorted(DECIDED)), *known)
        .order_by(_A.decided_on.desc(), _A.id)
        .limit(limit)
    )
    return tuple((asked, decided) for asked, decided in session.execute(statement) if asked and decided)


def decisions_counted(session: Session, practice_id: UUID, payer: str, since: date) -> tuple[Decisions, ...]:
    """Count a payer's decisions since a day by provider, services, site and status; of approvals, not referrals."""
    by = (_A.provider_npi, _A.items, _A.drug, _A.site_id, _A.status)
    of_approvals = _A.kind.not_in(sorted({Kind.REFERRAL, Kind.NETWORK_EXCEPTION, Kind.APPEAL}))
    decided = (_A.decided_on >= since, _A.status.in_(sorted(DECIDED | {Status.IN_APPEAL})), of_approvals)
    statement = (
        select(*by, func.count()).where(_A.practice_id == practice_id, _A.payer == payer, *decided).group_by(*by)
    )
    rows = session.execute(statement).all()
    return tuple(Decisions(npi, unpack_items(items), drug, site, how, n) for npi, items, drug, site, how, n in rows)


def by_natural_key(session: Session, practice_id: UUID, patient_id: UUID, key: str) -> UUID | None:
    """Find a patient's authorization by its natural key."""
    known = _A.natural_key == blind_key(keyring_of(session), practice_id, key)
    return session.scalar(select(_A.id).where(_A.practice_id == practice_id, _A.patient_id == patient_id, known))


def keys_under(session: Session, practice_id: UUID, ids: Sequence[UUID], payer: str) -> Mapping[UUID, str]:
    """Tell what `natural_key` of some authorizations, as it is stored, would be if they were of another payer."""
    keyring = keyring_of(session)
    return {
        row.id: blind_key(keyring, practice_id, key_of(replace(record_in(keyring, row), payer=payer)))
        for chunk in chunks(ids)
        for row in session.scalars(select(_A).where(_A.practice_id == practice_id, _A.id.in_(chunk)))
    }


def add_authorizations(
    session: Session, practice_id: UUID, records: Sequence[AuthorizationRecord], events: Sequence[AuthorizationEvent]
) -> None:
    """Add authorizations, each with its first event. Two of a patient never share their natural key."""
    if not records:
        return
    keyring = keyring_of(session)
    session.connection().execute(insert(_A), [stored(keyring, practice_id, one) | {"version": 1} for one in records])
    patients.add_keys(session, practice_id, _found_under(records))
    add_events(session, practice_id, events)


def _found_under(records: Sequence[AuthorizationRecord]) -> Iterator[tuple[UUID, Key]]:
    for one in records:
        yield from ((one.patient_id, number_key(text)) for text in (one.number, one.reference) if text)


def change_authorizations(
    session: Session, practice_id: UUID, records: Sequence[AuthorizationRecord], events: Sequence[AuthorizationEvent]
) -> None:
    """Write authorizations that are on file as given, count the edit, and keep what they were before as events."""
    if not records:
        return
    keyring = keyring_of(session)
    rows = [stored(keyring, practice_id, one) for one in records]
    names = [name for name in rows[0] if name not in ("practice_id", "id", "patient_id")]
    statement = (
        update(_A)
        .where(_A.practice_id == practice_id, _A.id == bindparam("authorization_id"))
        .values({name: bindparam(f"new_{name}") for name in names} | {"version": _A.version + 1})
    )
    session.connection().execute(
        statement, [{"authorization_id": row["id"]} | {f"new_{name}": row[name] for name in names} for row in rows]
    )
    patients.add_keys(session, practice_id, _found_under(records))
    add_events(session, practice_id, events)


def events_of(session: Session, practice_id: UUID, authorization_id: UUID) -> tuple[AuthorizationEvent, ...]:
    """Read what happened to one authorization, oldest first."""
    mine = AuthorizationEventRow.authorization_id == authorization_id
    statement = select(AuthorizationEventRow).where(AuthorizationEventRow.practice_id == practice_id, mine)
    return _events(session, statement)


def latest_events(
    session: Session, practice_id: UUID, authorization_ids: Sequence[UUID], limit: int
) -> tuple[AuthorizationEvent, ...]:
    """Read the latest of what happened to some authorizations (of one patient), newest first."""
    mine = AuthorizationEventRow.authorization_id.in_(authorization_ids)
    statement = select(AuthorizationEventRow).where(AuthorizationEventRow.practice_id == practice_id, mine)
    newest = statement.order_by(AuthorizationEventRow.at.desc(), AuthorizationEventRow.id.desc()).limit(limit)
    return _events(session, newest)[::-1]


def _events(session: Session, statement: Select[AuthorizationEventRow]) -> tuple[AuthorizationEvent, ...]:
    keyring = keyring_of(session)
    return chronological(event_in(keyring, row) for row in session.scalars(statement))


def add_events(session: Session, practice_id: UUID, events: Sequence[AuthorizationEvent]) -> None:
    """Add events alone: for what changes rows past this room's own actions."""
    if events:
        keyring = keyring_of(session)
        rows = [stored_event(keyring, practice_id, event) for event in events]
        session.connection().execute(insert(AuthorizationEventRow), rows)


def _judged(practice_id: UUID) -> Select[Any]:
    """By patient only: ordered by id too, SQLite reads one patient's rows by passing through those of the practice."""
    return select(*raw(*_JUDGED)).where(_A.practice_id == practice_id).order_by(_A.patient_id)


def _grouped(
    session: Session, practice_id: UUID, statement: Select[Any]
) -> Iterator[tuple[UUID, tuple[Authorization, ...]]]:
    return by_patient(keyring_of(session), practice_id, rows_of(session, statement))
