"""What providers are asked: the only queries over it."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from app.clinical.facts import AskedItem, FactKind, ProviderAsk
from app.clinical.models import ProviderAskRow
from app.platform import sight
from app.platform.db import keyring_of
from app.platform.rows import chunks
from app.values.scope import EVERYTHING, Scope

_CONTENT, _ANSWER = "provider_ask.content", "provider_ask.answer"
MOST_OPEN = 200


def add_ask(session: Session, practice_id: UUID, ask: ProviderAsk) -> None:
    """Add what a provider is asked."""
    content = json.dumps({"items": [asdict(item) for item in ask.items], "note": ask.note})
    session.add(
        ProviderAskRow(
            practice_id=practice_id,
            id=ask.id,
            patient_id=ask.patient_id,
            case_id=ask.case_id,
            asked_by=ask.asked_by,
            asked_of=ask.asked_of,
            asked_at=ask.asked_at,
            due_on=ask.due_on,
            content=keyring_of(session).seal(_CONTENT, practice_id, ask.id, content),
        )
    )
    session.flush()


def answer_ask(
    session: Session,
    practice_id: UUID,
    ask_id: UUID,
    at: datetime,
    by_id: UUID | None,
    answers: Sequence[UUID | None],
    words: str | None,
) -> bool:
    """Note the facts that answer, item by item. Returns whether the ask was still open."""
    answer = json.dumps({"facts": [one.hex if one else None for one in answers], "words": words})
    sealed = keyring_of(session).seal(_ANSWER, practice_id, ask_id, answer)
    done = session.execute(_open_one(practice_id, ask_id).values(answered_at=at, answered_by=by_id, answer=sealed))
    return done.first() is not None


def withdraw_ask(session: Session, practice_id: UUID, ask_id: UUID, at: datetime) -> bool:
    """Take an ask back. Returns whether it was still open."""
    return session.execute(_open_one(practice_id, ask_id).values(withdrawn_at=at)).first() is not None


def _open_one(practice_id: UUID, ask_id: UUID) -> ReturningUpdate[tuple[UUID]]:
    return (
        update(ProviderAskRow)
        .where(ProviderAskRow.practice_id == practice_id, ProviderAskRow.id == ask_id, *_OPEN)
        .returning(ProviderAskRow.id)
    )


_OPEN: tuple[ColumnElement[bool], ...] = (ProviderAskRow.answered_at.is_(None), ProviderAskRow.withdrawn_at.is_(None))


def ask_of(session: Session, practice_id: UUID, ask_id: UUID) -> ProviderAsk | None:
    """Read one ask."""
    found = _asks(session, practice_id, ProviderAskRow.id == ask_id)
    return found[0] if found else None


def of_case(session: Session, practice_id: UUID, case_id: UUID) -> tuple[ProviderAsk, ...]:
    """Read what was asked for a case, newest first."""
    return _asks(session, practice_id, ProviderAskRow.case_id == case_id)[::-1]


def of_patient(session: Session, practice_id: UUID, patient_id: UUID) -> tuple[ProviderAsk, ...]:
    """Read what was asked about a patient, newest first."""
    return _asks(session, practice_id, ProviderAskRow.patient_id == patient_id)[::-1]


def open_asks_of(
    session: Session, practice_id: UUID, staff_id: UUID, scope: Scope = EVERYTHING
) -> tuple[ProviderAsk, ...]:
    """Read what one person is asked and has not answered, oldest first, MOST_OPEN at most."""
    seen = sight.of_patients(practice_id, scope, ProviderAskRow.patient_id)
    return _asks(session, practice_id, ProviderAskRow.asked_of == staff_id, *_OPEN, *seen)


def cases_asked(session: Session, practice_id: UUID, patient_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Name the cases of some patients for which a provider was asked and has not answered."""
    row = ProviderAskRow
    mine = (row.practice_id == practice_id, row.case_id.is_not(None), *_OPEN)
    return frozenset(
        one
        for ids in chunks(patient_ids)
        for one in session.scalars(select(row.case_id).where(*mine, row.patient_id.in_(ids)))
        if one is not None
    )


def _asks(session: Session, practice_id: UUID, *which: ColumnElement[bool]) -> tuple[ProviderAsk, ...]:
    rows = session.scalars(
        select(ProviderAskRow)
        .where(ProviderAskRow.practice_id == practice_id, *which)
        .order_by(ProviderAskRow.id)
        .limit(MOST_OPEN)
        .execution_options(populate_existing=True)
    )
    return tuple(_ask(session, row) for row in rows)


def _ask(session: Session, row: ProviderAskRow) -> ProviderAsk:
    keyring = keyring_of(session)
    content = json.loads(keyring.unseal(_CONTENT, row.practice_id, row.id, row.content))
    answer: dict[str, object] = {}
    if row.answer is not None:
        answer = json.loads(keyring.unseal(_ANSWER, row.practice_id, row.id, row.answer))
    facts = answer.get("facts") or []
    words = answer.get("words")
    assert isinstance(facts, list)
    return ProviderAsk(
        id=row.id,
        patient_id=row.patient_id,
        case_id=row.case_id,
        asked_by=row.asked_by,
        asked_of=row.asked_of,
        asked_at=row.asked_at,
        items=tuple(AskedItem(FactKind(one["kind"]), one["name"], one["words"]) for one in content["items"]),
        due_on=row.due_on,
        note=content["note"],
        answered_by=row.answered_by,
        answered_at=row.answered_at,
        answers=tuple(UUID(hex=one) if one else None for one in facts),
        words=str(words) if words else None,
        withdrawn_at=row.withdrawn_at,
    )
