"""Clinical facts: the only queries over them."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, column, exists, select, table, update
from sqlalchemy.orm import Session

from app.clinical.facts import ClinicalFact, Source
from app.clinical.models import ClinicalFactRow
from app.platform.db import UtcDateTime, Uuid16, keyring_of
from app.platform.rows import chunks, in_order
from app.platform.sealed import Keyring

_CONTENT = "clinical_fact.content"
Facts = tuple[ClinicalFact, ...]
_DOCUMENT = table(
    "document", column("practice_id", Uuid16()), column("id", Uuid16()), column("removed_at", UtcDateTime())
)


def add_facts(session: Session, practice_id: UUID, facts: Iterable[ClinicalFact]) -> None:
    """Add facts."""
    keyring = keyring_of(session)
    for one in facts:
        content = json.dumps({"name": one.name, "values": dict(one.values), "words": one.source.words})
        session.add(
            ClinicalFactRow(
                practice_id=practice_id,
                id=one.id,
                patient_id=one.patient_id,
                kind=one.kind,
                dated=one.dated,
                source=one.source.kind,
                document_id=one.source.document_id,
                page=one.source.page,
                person_id=one.source.person,
                content=keyring.seal(_CONTENT, practice_id, one.id, content),
                recorded_at=one.recorded_at,
                recorded_by=one.recorded_by,
                corrects=one.corrects,
                ask_id=one.ask_id,
                ended_at=one.ended_at,
            )
        )
    session.flush()


def end_fact(session: Session, practice_id: UUID, fact_id: UUID, at: datetime, by_id: UUID | None) -> bool:
    """Let a fact no longer count. Returns whether it still did: of two who end it, one is told so."""
    ended = session.execute(
        update(ClinicalFactRow)
        .where(
            ClinicalFactRow.practice_id == practice_id,
            ClinicalFactRow.id == fact_id,
            ClinicalFactRow.ended_at.is_(None),
        )
        .values(ended_at=at, ended_by=by_id)
        .returning(ClinicalFactRow.id)
    )
    return ended.first() is not None


def restore_fact(session: Session, practice_id: UUID, fact_id: UUID) -> bool:
    """Let a fact count again. Returns whether it did not."""
    restored = session.execute(
        update(ClinicalFactRow)
        .where(
            ClinicalFactRow.practice_id == practice_id,
            ClinicalFactRow.id == fact_id,
            ClinicalFactRow.ended_at.is_not(None),
        )
        .values(ended_at=None, ended_by=None)
        .returning(ClinicalFactRow.id)
    )
    return restored.first() is not None


def of_patients(session: Session, practice_id: UUID, patient_ids: Sequence[UUID]) -> Mapping[UUID, Facts]:
    """Read the facts that stand, by patient, in the order of their making; who has none is left out."""
    keyring = keyring_of(session)
    found: dict[UUID, list[ClinicalFact]] = {}
    for piece in chunks(patient_ids):
        for row in session.scalars(_standing(practice_id).where(ClinicalFactRow.patient_id.in_(piece))):
            found.setdefault(row.patient_id, []).append(_fact(keyring, row))
    return {patient_id: in_order(group) for patient_id, group in found.items()}


def in_patient_order(
    session: Session, practice_id: UUID, after: UUID | None = None, until: UUID | None = None
) -> Iterator[tuple[UUID, Facts]]:
    """Stream the facts that stand of the patients after one id up to another (included), in the order of their ids."""
    statement = _standing(practice_id)
    if after is not None:
        statement = statement.where(ClinicalFactRow.patient_id > after)
    if until is not None:
        statement = statement.where(ClinicalFactRow.patient_id <= until)
    statement = statement.order_by(ClinicalFactRow.patient_id, ClinicalFactRow.id)
    keyring = keyring_of(session)
    patient_id: UUID | None = None
    facts: list[ClinicalFact] = []
    for row in session.scalars(statement.execution_options(yield_per=1000)):
        if patient_id is not None and row.patient_id != patient_id:
            yield patient_id, tuple(facts)
            facts = []
        patient_id = row.patient_id
        facts.append(_fact(keyring, row))
    if patient_id is not None:
        yield patient_id, tuple(facts)


def _standing(practice_id: UUID) -> Select[ClinicalFactRow]:
    """Facts that nobody ended and whose document, where one is their source, was not taken away."""
    gone = exists().where(
        _DOCUMENT.c.practice_id == practice_id,
        _DOCUMENT.c.id == ClinicalFactRow.document_id,
        _DOCUMENT.c.removed_at.is_not(None),
    )
    return select(ClinicalFactRow).where(
        ClinicalFactRow.practice_id == practice_id, ClinicalFactRow.ended_at.is_(None), ~gone
    )


def history_of(session: Session, practice_id: UUID, patient_id: UUID) -> Facts:
    """Read all facts of a patient, also those that no longer count, newest first."""
    rows = session.scalars(
        select(ClinicalFactRow)
        .where(ClinicalFactRow.practice_id == practice_id, ClinicalFactRow.patient_id == patient_id)
        .execution_options(populate_existing=True)
    )
    keyring = keyring_of(session)
    return in_order([_fact(keyring, row) for row in rows])[::-1]


def fact_of(session: Session, practice_id: UUID, fact_id: UUID) -> ClinicalFact | None:
    """Read one fact, also one that no longer counts."""
    row = session.scalars(
        select(ClinicalFactRow)
        .where(ClinicalFactRow.practice_id == practice_id, ClinicalFactRow.id == fact_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    return None if row is None else _fact(keyring_of(session), row)


def _fact(keyring: Keyring, row: ClinicalFactRow) -> ClinicalFact:
    content = json.loads(keyring.unseal(_CONTENT, row.practice_id, row.id, row.content))
    return ClinicalFact(
        id=row.id,
        patient_id=row.patient_id,
        kind=row.kind,
        name=content["name"],
        source=Source(row.source, row.document_id, row.page, row.person_id, content["words"]),
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
        dated=row.dated,
        values=content["values"],
        corrects=row.corrects,
        ended_at=row.ended_at,
        ask_id=row.ask_id,
    )
