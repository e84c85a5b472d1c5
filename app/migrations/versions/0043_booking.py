"""What a patient pays for: estimates, consents and notices."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import app.platform.db

revision: str = "0043_booking"
down_revision: str | None = "0042_verifications"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_STATES = ("open", "given", "signed", "declined", "withdrawn")


def upgrade() -> None:
    """Make the tables of papers."""
    op.create_table(
        "booking_paper",
        _id("practice_id"),
        _id("id"),
        _id("visit_id"),
        _id("patient_id"),
        _choice("kind", "paper_kind", ("consent", "notice")),
        _choice("language", "language", ("en", "es")),
        _choice("state", "paper_state", _STATES),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        _id("made_by", nullable=True),
        sa.Column("given_on", sa.Date(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("signed_by", app.platform.db.SealedText(), nullable=True),
        _id("document_id", nullable=True),
        sa.Column("paid_before", app.platform.db.JsonText(), nullable=True),
        sa.Column("changed_at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'signed' OR (signed_on IS NOT NULL AND signed_by IS NOT NULL)",
            name=op.f("ck_booking_paper_signed_by_whom"),
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_booking_paper_version_from_one")),
        _to("booking_paper", "visit_id", "visit"),
        _to("booking_paper", "patient_id", "patient"),
        _to("booking_paper", "document_id", "document"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_booking_paper")),
    )
    op.create_index("ix_booking_paper_visit", "booking_paper", ["practice_id", "visit_id"])
    op.create_index("ix_booking_paper_patient", "booking_paper", ["practice_id", "patient_id"])
    op.create_index("ix_booking_paper_state", "booking_paper", ["practice_id", "state", "visit_id"])
    op.create_table(
        "booking_paper_line",
        _id("practice_id"),
        _id("id"),
        _id("paper_id"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("words", app.platform.db.SealedText(), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("cents >= 0", name=op.f("ck_booking_paper_line_cents_from_zero")),
        _to("booking_paper_line", "paper_id", "booking_paper"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_booking_paper_line")),
    )
    op.create_index("ix_booking_paper_line_paper", "booking_paper_line", ["practice_id", "paper_id", "position"])


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("booking_paper_line")
    op.drop_table("booking_paper")


def _id(name: str, *, nullable: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, app.platform.db.Uuid16(length=16), nullable=nullable)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_practice_id_{column}")
    return sa.ForeignKeyConstraint(["practice_id", column], [f"{other}.practice_id", f"{other}.id"], name=name)


def _choice(name: str, kind: str, values: tuple[str, ...]) -> sa.Column[str]:
    enum = sa.Enum(*values, name=f"is_{kind}", native_enum=False, create_constraint=True, length=40)
    return sa.Column(name, enum, nullable=False)
