"""Requests while they are being written: the only queries over them."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from app.casework.facts.requests import RequestDraft
from app.casework.models.requests import RequestDraftRow
from app.platform import sight
from app.platform.db import keyring_of
from app.values.scope import EVERYTHING, Scope

_D = RequestDraftRow
_TYPED = "request_draft.typed"


def draft(session: Session, practice_id: UUID, draft_id: UUID, hold: bool = False) -> RequestDraft | None:
    """Read one draft; None: there is none of this id. `hold` keeps others from writing it meanwhile."""
    statement = select(_D).where(_D.practice_id == practice_id, _D.id == draft_id)
    if hold:
        statement = statement.with_for_update()
    row = session.scalar(statement.execution_options(populate_existing=True))
    return None if row is None else _read(session, row)


def being_written(
    session: Session,
    practice_id: UUID,
    limit: int,
    after: UUID | None = None,
    patient_id: UUID | None = None,
    scope: Scope = EVERYTHING,
) -> tuple[RequestDraft, ...]:
    """List drafts of which no case was made and that nobody discarded, newest first.

    Takes     how many at most; the last id of the page before; only those of one patient; whose patients are in sight.
    """
    wanted = [_D.practice_id == practice_id, _D.case_version.is_(None), _D.discarded_at.is_(None)]
    wanted += sight.of_patients(practice_id, scope, _D.patient_id)
    if after is not None:
        wanted.append(_D.id < after)
    if patient_id is not None:
        wanted.append(_D.patient_id == patient_id)
    rows = session.scalars(select(_D).where(*wanted).order_by(_D.id.desc()).limit(limit))
    return tuple(_read(session, row) for row in rows)


def add(session: Session, practice_id: UUID, new: RequestDraft) -> None:
    """Keep a new draft."""
    session.execute(insert(_D), [_stored(session, practice_id, new)])


def save(session: Session, practice_id: UUID, changed: RequestDraft) -> None:
    """Write a draft that is on file as given."""
    values = _stored(session, practice_id, changed)
    mine = (_D.practice_id == practice_id, _D.id == changed.id)
    session.execute(update(_D).where(*mine).values(values).execution_options(synchronize_session=False))


def remove(session: Session, practice_id: UUID, draft_ids: Sequence[UUID]) -> None:
    """Remove drafts: they were sent."""
    gone = delete(_D).where(_D.practice_id == practice_id, _D.id.in_(draft_ids))
    session.execute(gone.execution_options(synchronize_session=False))


def forget_discarded(session: Session, practice_id: UUID, before: datetime) -> int:
    """Remove drafts that were discarded at this instant or before. Returns how many."""
    gone = delete(_D).where(_D.practice_id == practice_id, _D.discarded_at <= before).returning(_D.id)
    return len(session.execute(gone.execution_options(synchronize_session=False)).all())


def _stored(session: Session, practice_id: UUID, one: RequestDraft) -> dict[str, Any]:
    typed = json.dumps({name: list(values) for name, values in one.typed.items()})
    return {
        "practice_id": practice_id,
        "id": one.id,
        "patient_id": one.patient_id,
        "by_id": one.by_id,
        "saved_at": one.saved_at,
        "typed": keyring_of(session).seal(_TYPED, practice_id, one.id, typed),
        "version": one.version,
        "case_version": one.case_version,
        "discarded_at": one.discarded_at,
    }


def _read(session: Session, row: RequestDraftRow) -> RequestDraft:
    typed = json.loads(keyring_of(session).unseal(_TYPED, row.practice_id, row.id, row.typed))
    return RequestDraft(
        row.id,
        row.patient_id,
        {name: tuple(values) for name, values in typed.items()},
        row.version,
        row.saved_at,
        row.by_id,
        row.case_version,
        row.discarded_at,
    )
