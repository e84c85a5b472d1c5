"""Clinical facts with their dates and sources, and what is asked of providers."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import app.platform.db

revision: str = "0026_clinical"
down_revision: str | None = "0025_case_life"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KINDS = (
    "diagnosis", "measure", "score", "trial", "lab", "finding", "medications", "contraindication", "history", "response",
    "prior_use", "therapy", "prescriber",
)  # fmt: skip
SOURCES = ("document", "provider", "claim", "call", "patient")


def upgrade() -> None:
    """Make the tables."""
    _facts()
    _asks()


def _id(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, app.platform.db.Uuid16(length=16), nullable=nullable)


def _instant(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, app.platform.db.UtcDateTime(timezone=True), nullable=nullable)


def _choice(name: str, check: str, values: Sequence[str]) -> sa.Column[str]:
    kind = sa.Enum(*values, name=check, native_enum=False, create_constraint=True, length=40)
    return sa.Column(name, kind, nullable=False)


def _of(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["practice_id", column],
        [f"{other}.practice_id", f"{other}.id"],
        name=op.f(f"fk_{table}_practice_id_{column}"),
    )


def _facts() -> None:
    op.create_table(
        "clinical_fact",
        _id("practice_id"),
        _id("id"),
        _id("patient_id"),
        _choice("kind", "is_fact_kind", KINDS),
        sa.Column("dated", sa.Date(), nullable=True),
        _choice("source", "is_source_kind", SOURCES),
        _id("document_id", nullable=True),
        sa.Column("page", sa.Integer(), nullable=True),
        _id("person_id", nullable=True),
        sa.Column("content", app.platform.db.SealedText(), nullable=False),
        _instant("recorded_at"),
        _id("recorded_by", nullable=True),
        _id("corrects", nullable=True),
        _id("ask_id", nullable=True),
        _instant("ended_at", nullable=True),
        _id("ended_by", nullable=True),
        sa.CheckConstraint("page >= 1", name=op.f("ck_clinical_fact_pages_begin_at_one")),
        _of("clinical_fact", "patient_id", "patient"),
        _of("clinical_fact", "corrects", "clinical_fact"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_clinical_fact")),
    )
    op.create_index("ix_clinical_fact_patient", "clinical_fact", ["practice_id", "patient_id", "id"])


def _asks() -> None:
    op.create_table(
        "provider_ask",
        _id("practice_id"),
        _id("id"),
        _id("patient_id"),
        _id("case_id", nullable=True),
        _id("asked_by", nullable=True),
        _id("asked_of"),
        _instant("asked_at"),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("content", app.platform.db.SealedText(), nullable=False),
        _id("answered_by", nullable=True),
        _instant("answered_at", nullable=True),
        sa.Column("answer", app.platform.db.SealedText(), nullable=True),
        _instant("withdrawn_at", nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answer IS NULL)", name=op.f("ck_provider_ask_answered_with_answer")
        ),
        _of("provider_ask", "patient_id", "patient"),
        _of("provider_ask", "case_id", "authorization"),
        _of("provider_ask", "asked_of", "staff"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_provider_ask")),
    )
    op.create_index("ix_provider_ask_patient", "provider_ask", ["practice_id", "patient_id"])
    op.create_index("ix_provider_ask_case", "provider_ask", ["practice_id", "case_id"])
    op.create_index("ix_provider_ask_open", "provider_ask", ["practice_id", "asked_of", "answered_at", "withdrawn_at"])


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("provider_ask")
    op.drop_table("clinical_fact")
