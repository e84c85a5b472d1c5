"""Files under way: the only queries over them. What they hold of patients is sealed here, and opened here."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from app.imports.facts import WORKING, Draft, DraftState, Edits, Refused, Table
from app.imports.models import ImportDraftRow
from app.imports.rules.packing import (
    pack,
    pack_edits,
    pack_refused,
    pack_table,
    unpack,
    unpack_edits,
    unpack_refused,
    unpack_table,
)
from app.platform.db import keyring_of
from app.platform.sealed import Sealed

MOST = 100
"""Drafts listed at once; a practice has a handful, and each lives a day."""

_FRAME = (
    ImportDraftRow.id,
    ImportDraftRow.state,
    ImportDraftRow.kind,
    ImportDraftRow.version,
    ImportDraftRow.sha256,
    ImportDraftRow.rows,
    ImportDraftRow.done,
    ImportDraftRow.columns,
    ImportDraftRow.began_at,
    ImportDraftRow.began_by,
    ImportDraftRow.changed_at,
    ImportDraftRow.ended_by,
    ImportDraftRow.run_id,
    ImportDraftRow.head,
    ImportDraftRow.summary,
)
_PACKERS: Mapping[str, Any] = {
    "head": pack, "summary": pack, "content": pack_table, "edits": pack_edits, "refused": pack_refused,
}  # fmt: skip


def add_draft(session: Session, practice_id: UUID, draft: Draft, table: Table) -> None:
    """Keep a file under way and its rows."""
    session.add(
        ImportDraftRow(
            practice_id=practice_id,
            id=draft.id,
            state=draft.state,
            kind=draft.kind,
            version=draft.version,
            sha256=draft.sha256,
            rows=draft.rows,
            done=draft.done,
            columns=None if draft.columns is None else list(draft.columns),
            began_at=draft.began_at,
            began_by=draft.began_by,
            changed_at=draft.changed_at,
            head=_sealed(session, practice_id, draft.id, "head", draft.head),
            content=_sealed(session, practice_id, draft.id, "content", table),
        )
    )
    session.flush()


def draft_of(session: Session, practice_id: UUID, draft_id: UUID) -> Draft | None:
    """Read a file under way, without its rows; None when it was discarded, has expired or never was."""
    row = session.execute(_mine(practice_id, draft_id, *_FRAME)).one_or_none()
    return None if row is None else _draft(session, practice_id, row)


def drafts(session: Session, practice_id: UUID) -> tuple[Draft, ...]:
    """List the files under way that are not done, newest first."""
    mine = (ImportDraftRow.practice_id == practice_id, ImportDraftRow.state != DraftState.DONE)
    rows = session.execute(select(*_FRAME).where(*mine).order_by(ImportDraftRow.began_at.desc()).limit(MOST))
    return tuple(_draft(session, practice_id, row) for row in rows)


def begun_alike(session: Session, practice_id: UUID, draft: Draft, since: datetime) -> UUID | None:
    """Find a draft that the same person began of the same file since an instant, and that is not done."""
    return session.scalar(
        select(ImportDraftRow.id)
        .where(
            ImportDraftRow.practice_id == practice_id,
            ImportDraftRow.began_at >= since,
            ImportDraftRow.began_by == draft.began_by,
            ImportDraftRow.sha256 == draft.sha256,
            ImportDraftRow.kind == draft.kind,
            ImportDraftRow.state != DraftState.DONE,
        )
        .limit(1)
    )


def table_of(session: Session, practice_id: UUID, draft_id: UUID) -> Table:
    """Open the rows of a file as they came. Raises when there is no such draft."""
    sealed = session.execute(_mine(practice_id, draft_id, ImportDraftRow.content)).scalar_one()
    return unpack_table(_opened(session, practice_id, draft_id, "content", sealed))


def edits_of(session: Session, practice_id: UUID, draft_id: UUID) -> Edits:
    """Open what a person decided on a draft."""
    sealed = session.execute(_mine(practice_id, draft_id, ImportDraftRow.edits)).scalar_one()
    return unpack_edits(None if sealed is None else _opened(session, practice_id, draft_id, "edits", sealed))


def refused_of(session: Session, practice_id: UUID, draft_id: UUID) -> list[Refused]:
    """Open every refused row of the last check."""
    sealed = session.execute(_mine(practice_id, draft_id, ImportDraftRow.refused)).scalar_one()
    return unpack_refused(None if sealed is None else _opened(session, practice_id, draft_id, "refused", sealed))


def change_draft(session: Session, practice_id: UUID, draft: Draft, now: datetime, **values: Any) -> bool:
    """Change a draft as it was read: of two who change it at once, the second gets False and changes nothing.

    Takes     columns of the draft by name; `summary`, `edits` and `refused` as facts, to be sealed here.
    """
    kept = {name: _sealed(session, practice_id, draft.id, name, value) if name in _PACKERS else value
            for name, value in values.items()}  # fmt: skip
    changed = session.execute(
        update(ImportDraftRow)
        .where(
            ImportDraftRow.practice_id == practice_id,
            ImportDraftRow.id == draft.id,
            ImportDraftRow.version == draft.version,
        )
        .values(version=draft.version + 1, changed_at=now, **kept)
        .returning(ImportDraftRow.id)
    )
    return changed.one_or_none() is not None


def note_progress(session: Session, practice_id: UUID, draft_id: UUID, done: int) -> None:
    """Note how many rows the step at work has passed. It is no edit."""
    mine = (ImportDraftRow.practice_id == practice_id, ImportDraftRow.id == draft_id)
    session.execute(update(ImportDraftRow).where(*mine).values(done=done))


def at_work(session: Session, practice_id: UUID) -> tuple[UUID, ...]:
    """List the drafts that wait for a worker, or were left by one that died, oldest first."""
    mine = (ImportDraftRow.practice_id == practice_id, ImportDraftRow.state.in_(sorted(WORKING)))
    return tuple(session.scalars(select(ImportDraftRow.id).where(*mine).order_by(ImportDraftRow.changed_at)))


def drop_draft(session: Session, practice_id: UUID, draft: Draft) -> bool:
    """Remove a draft as it was read, with all that it holds. Returns False when someone has changed it since."""
    gone = session.execute(
        delete(ImportDraftRow)
        .where(
            ImportDraftRow.practice_id == practice_id,
            ImportDraftRow.id == draft.id,
            ImportDraftRow.version == draft.version,
        )
        .returning(ImportDraftRow.id)
    )
    return gone.one_or_none() is not None


def drop_begun_before(session: Session, practice_id: UUID, instant: datetime) -> int:
    """Remove the drafts that began at an instant or before, but for those being written. Returns how many."""
    gone = session.execute(
        delete(ImportDraftRow)
        .where(
            ImportDraftRow.practice_id == practice_id,
            ImportDraftRow.began_at <= instant,
            ImportDraftRow.state.not_in([DraftState.TO_CONFIRM, DraftState.CONFIRMING]),
        )
        .returning(ImportDraftRow.id)
    )
    return len(gone.all())


def _mine(practice_id: UUID, draft_id: UUID, *columns: Any) -> Select[Any]:
    return select(*columns).where(ImportDraftRow.practice_id == practice_id, ImportDraftRow.id == draft_id)


def _draft(session: Session, practice_id: UUID, row: Sequence[Any]) -> Draft:
    values: dict[str, Any] = {column.key: value for column, value in zip(_FRAME, row, strict=True)}
    columns, head, summary = values["columns"], values["head"], values["summary"]
    values["columns"] = None if columns is None else tuple(columns)
    values["head"] = unpack(_opened(session, practice_id, values["id"], "head", head))
    if summary is not None:
        values["summary"] = unpack(_opened(session, practice_id, values["id"], "summary", summary))
    return Draft(**values)


def _sealed(session: Session, practice_id: UUID, draft_id: UUID, name: str, value: Any) -> Sealed | None:
    if value is None:
        return None
    return keyring_of(session).seal_bytes(f"import_draft.{name}", practice_id, draft_id, _PACKERS[name](value))


def _opened(session: Session, practice_id: UUID, draft_id: UUID, name: str, sealed: bytes) -> bytes:
    return keyring_of(session).unseal_bytes(f"import_draft.{name}", practice_id, draft_id, sealed)
