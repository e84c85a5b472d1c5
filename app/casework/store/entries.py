"""What happened on cases: the only queries over entries."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.orm import Session

from app.casework.facts.entries import Contact, Entry
from app.casework.models.entries import CaseEntryRow
from app.patients.rules import number_key
from app.platform import sight
from app.platform.db import keyring_of
from app.platform.rows import chunks
from app.platform.sealed import Keyring
from app.values.scope import EVERYTHING, Scope

_E = CaseEntryRow
_SEALED = ("words", "line", "person", "reference", "next_action")
_CONTACT = [field.name for field in fields(Contact)]
_ENTRY = [field.name for field in fields(Entry) if field.name != "contact"]
MOST_FOUND = 50


def add(session: Session, practice_id: UUID, entries: Sequence[Entry]) -> None:
    """Add entries; their words are sealed, and a reference is kept so that its case is found by it."""
    if entries:
        keyring = keyring_of(session)
        session.execute(insert(_E), [_stored(keyring, practice_id, one) for one in entries])


def entry(session: Session, practice_id: UUID, entry_id: UUID) -> Entry | None:
    """Read one entry; None: there is none of this id."""
    row = session.scalar(select(_E).where(_E.practice_id == practice_id, _E.id == entry_id))
    return None if row is None else _read(keyring_of(session), row)


def of_cases(session: Session, practice_id: UUID, case_ids: Sequence[UUID], limit: int) -> tuple[Entry, ...]:
    """Read the entries of some cases, newest first, at most so many."""
    mine = (_E.practice_id == practice_id, _E.case_id.in_(case_ids))
    keyring = keyring_of(session)
    rows = session.scalars(select(_E).where(*mine).order_by(_E.at.desc(), _E.id.desc()).limit(limit))
    return tuple(_read(keyring, row) for row in rows)


def of_event(session: Session, practice_id: UUID, case_id: UUID, event_id: UUID) -> tuple[Entry, ...]:
    """Read the entries of a case that were written with one change of it, oldest first."""
    mine = (_E.practice_id == practice_id, _E.case_id == case_id, _E.event_id == event_id)
    keyring = keyring_of(session)
    return tuple(_read(keyring, row) for row in session.scalars(select(_E).where(*mine).order_by(_E.id)))


def together(session: Session, practice_id: UUID, wanted: Entry) -> tuple[Entry, ...]:
    """Read an entry and those that share its call, oldest first."""
    mine: ColumnElement[bool] = _E.id == wanted.id if wanted.shared_id is None else _E.shared_id == wanted.shared_id
    keyring = keyring_of(session)
    rows = session.scalars(select(_E).where(_E.practice_id == practice_id, mine).order_by(_E.id))
    return tuple(_read(keyring, row) for row in rows)


def take_back(session: Session, practice_id: UUID, wanted: Entry, at: datetime, by: UUID | None) -> tuple[UUID, ...]:
    """Mark an entry, and every entry that shares its call, as taken back. Returns the cases of those that were not."""
    together: ColumnElement[bool] = _E.id == wanted.id
    if wanted.shared_id is not None:
        together = _E.shared_id == wanted.shared_id
    open_ones = (_E.practice_id == practice_id, together, _E.taken_back_at.is_(None))
    changed = update(_E).where(*open_ones).values(taken_back_at=at, taken_back_by=by).returning(_E.case_id)
    return tuple(session.scalars(changed.execution_options(synchronize_session=False)))


def by_reference(session: Session, practice_id: UUID, reference: str, scope: Scope = EVERYTHING) -> tuple[UUID, ...]:
    """Find the cases in sight on which a call, portal visit or fax has this reference, the latest entry first."""
    blind = reference_index(keyring_of(session), practice_id, reference)
    seen = sight.of_patients(practice_id, scope, _E.patient_id)
    mine = (_E.practice_id == practice_id, _E.reference_index == blind, _E.taken_back_at.is_(None), *seen)
    found = session.scalars(select(_E.case_id).where(*mine).order_by(_E.id.desc()).limit(MOST_FOUND))
    return tuple(dict.fromkeys(found))


def references_of_patients(
    session: Session, practice_id: UUID, patient_ids: Sequence[UUID]
) -> Mapping[UUID, tuple[str, ...]]:
    """Read the references that stand on the patients' cases, opened: for making search keys anew."""
    keyring = keyring_of(session)
    found: dict[UUID, tuple[str, ...]] = {}
    for ids in chunks(patient_ids):
        wanted = select(_E.id, _E.patient_id, _E.reference)
        mine = (_E.practice_id == practice_id, _E.patient_id.in_(ids), _E.reference.is_not(None))
        for row in session.execute(wanted.where(*mine)).all():
            text = keyring.unseal("case_entry.reference", practice_id, row.id, row.reference)
            found[row.patient_id] = (*found.get(row.patient_id, ()), text)
    return found


def reference_index(keyring: Keyring, practice_id: UUID, reference: str) -> bytes:
    """The blind index of a reference; punctuation and case do not matter."""
    return keyring.blind("case reference", practice_id, number_key(reference)[1])


def _stored(keyring: Keyring, practice_id: UUID, one: Entry) -> dict[str, Any]:
    contact = one.contact or Contact()
    row: dict[str, Any] = {name: getattr(one, name) for name in _ENTRY}
    row |= {name: getattr(contact, name) for name in _CONTACT}
    for name in _SEALED:
        if row[name] is not None:
            row[name] = keyring.seal(f"case_entry.{name}", practice_id, one.id, row[name])
    index = None if contact.reference is None else reference_index(keyring, practice_id, contact.reference)
    return row | {"practice_id": practice_id, "reference_index": index}


def _read(keyring: Keyring, row: CaseEntryRow) -> Entry:
    values: dict[str, Any] = {name: getattr(row, name) for name in (*_ENTRY, *_CONTACT)}
    for name in _SEALED:
        if values[name] is not None:
            values[name] = keyring.unseal(f"case_entry.{name}", row.practice_id, row.id, values[name])
    contact = Contact(**{name: values.pop(name) for name in _CONTACT})
    return Entry(**values, contact=None if contact == Contact() else contact)
