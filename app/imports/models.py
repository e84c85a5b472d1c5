"""Tables of imports: what was brought in, and which header a person matched with which column."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.imports.facts import DraftState, Kind
from app.platform.db import JsonText, Model, choice
from app.platform.sealed import Sealed


class ImportRunRow(Model):
    """One file that was brought in to its end: its kind, its bytes (SHA-256) and what came of its rows."""

    __tablename__ = "import_run"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id"], ["practice.id"]),
        Index("ix_import_run_sha256", "practice_id", "sha256"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    kind: Mapped[Kind] = mapped_column(choice(Kind))
    sha256: Mapped[str]
    ended_at: Mapped[datetime]
    user_id: Mapped[UUID | None]
    rows: Mapped[int]
    created: Mapped[int]
    updated: Mapped[int]
    unchanged: Mapped[int]
    refused: Mapped[int]


class HeaderMatchRow(Model):
    """What a person matched by hand for one set of headers: folded header to canonical column, empty to leave out.

    Headers may be a patient's row, where a file has none: `headers` is a blind index of the set, `columns` sealed.
    """

    __tablename__ = "header_match"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id"], ["practice.id"]),
        UniqueConstraint("practice_id", "headers", name="uq_header_match_headers"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    headers: Mapped[str]
    columns: Mapped[Sealed]


class ImportDraftRow(Model):
    """A file under way: nothing of it stands in the practice's tables before it is confirmed. Its content is sealed."""

    __tablename__ = "import_draft"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id"], ["practice.id"]),
        Index("ix_import_draft_began", "practice_id", "began_at"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    state: Mapped[DraftState] = mapped_column(choice(DraftState))
    kind: Mapped[Kind | None] = mapped_column(choice(Kind))
    version: Mapped[int]
    sha256: Mapped[str]
    rows: Mapped[int]
    done: Mapped[int]
    columns: Mapped[Any] = mapped_column(JsonText, nullable=True)
    began_at: Mapped[datetime]
    began_by: Mapped[UUID | None]
    changed_at: Mapped[datetime]
    ended_by: Mapped[UUID | None]
    run_id: Mapped[UUID | None]
    head: Mapped[Sealed]
    content: Mapped[Sealed]
    edits: Mapped[Sealed | None]
    summary: Mapped[Sealed | None]
    refused: Mapped[Sealed | None]


class ImportPieceRow(Model):
    """What one transaction of an import made and replaced, kept for a day so that the import can be undone.

    `counts` holds for each table how many rows were made and changed; `content` their ids and what the changed ones
    were before, sealed (imports/store/pieces.py). `restored`, once the undoing has begun, names the rows that were put
    back with their version since and the one that they had (an earlier import that left the latter finds its rows
    unchanged), and the visits that are about to be removed with the status that they had.
    """

    __tablename__ = "import_piece"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id"], ["practice.id"]),
        Index("ix_import_piece_run", "practice_id", "run_id"),
        Index("ix_import_piece_at", "practice_id", "at"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    run_id: Mapped[UUID]
    at: Mapped[datetime]
    counts: Mapped[Any] = mapped_column(JsonText, nullable=False)
    content: Mapped[Sealed]
    undone_at: Mapped[datetime | None]
    restored: Mapped[Any] = mapped_column(JsonText, nullable=True)


class ImportUndoRow(Model):
    """That an import is undone, or being undone while `ended_at` is empty. `id` is the run's.

    `done` counts by table what was removed and put back; `left` names by table the rows that stay as they are.
    """

    __tablename__ = "import_undo"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id"], ["practice.id"]),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    user_id: Mapped[UUID | None]
    done: Mapped[Any] = mapped_column(JsonText, nullable=False)
    left: Mapped[Any] = mapped_column(JsonText, nullable=False)


class FeedPersonRow(Model):
    """What feeds have told of a patient, whose id it has: for each field value, time and message of who told it last.

    Sealed as one (imports/store/feeds.py).
    """

    __tablename__ = "feed_person"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "id"], ["patient.practice_id", "patient.id"]),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    told: Mapped[Sealed]
    changed_at: Mapped[datetime]


class FeedAppointmentRow(Model):
    """What feeds have told of an appointment, by its numbers at who asked for it (placer) and who keeps it (filler).

    `visit_id` None: no visit could be made of what was told. `told` as in FeedPersonRow.
    """

    __tablename__ = "feed_appointment"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id"], ["practice.id"]),
        ForeignKeyConstraint(["practice_id", "visit_id"], ["visit.practice_id", "visit.id"]),
        UniqueConstraint("practice_id", "placer", name="uq_feed_appointment_placer"),
        UniqueConstraint("practice_id", "filler", name="uq_feed_appointment_filler"),
        Index("ix_feed_appointment_visit", "practice_id", "visit_id"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    placer: Mapped[str | None]
    filler: Mapped[str | None]
    visit_id: Mapped[UUID | None]
    told: Mapped[Sealed]
    changed_at: Mapped[datetime]
