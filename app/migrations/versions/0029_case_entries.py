"""What happened on a case: calls, faxes, notes, decisions."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import app.platform.db

revision: str = "0029_case_entries"
down_revision: str | None = "0028_requests"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KINDS = (
    "call", "portal", "fax", "note", "decision", "document", "request_sent", "provider_asked", "provider_answered",
    "peer_to_peer", "appeal", "delivery",
)  # fmt: skip
OUTCOMES = (
    "information", "submitted", "still_pending", "more_info_asked", "approved", "verbally_approved", "partly_approved",
    "denied", "not_required", "too_early", "not_found", "no_answer", "call_back",
)  # fmt: skip


def _id(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, app.platform.db.Uuid16(length=16), nullable=nullable)


def _instant(name: str, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, app.platform.db.UtcDateTime(timezone=True), nullable=nullable)


def _sealed(name: str) -> sa.Column[object]:
    return sa.Column(name, app.platform.db.SealedText(), nullable=True)


def _choice(name: str, kind: str, values: tuple[str, ...], nullable: bool) -> sa.Column[object]:
    closed = sa.Enum(*values, name=f"is_{kind}", native_enum=False, create_constraint=True, length=40)
    return sa.Column(name, closed, nullable=nullable)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "case_entry",
        _id("practice_id"),
        _id("id"),
        _id("case_id"),
        _id("patient_id"),
        _choice("kind", "entry_kind", KINDS, nullable=False),
        _instant("at", nullable=False),
        _id("by_id", nullable=True),
        _sealed("words"),
        _sealed("line"),
        _sealed("person"),
        _sealed("reference"),
        sa.Column("reference_index", sa.LargeBinary(length=16), nullable=True),
        _instant("started_at"),
        sa.Column("hold_minutes", sa.Integer(), nullable=True),
        _choice("outcome", "outcome", OUTCOMES, nullable=True),
        _id("document_id", nullable=True),
        _id("event_id", nullable=True),
        _sealed("next_action"),
        sa.Column("next_action_on", sa.Date(), nullable=True),
        _id("corrects", nullable=True),
        _id("shared_id", nullable=True),
        _instant("taken_back_at"),
        _id("taken_back_by", nullable=True),
        sa.CheckConstraint("hold_minutes >= 0", name=op.f("ck_case_entry_hold_not_negative")),
        sa.ForeignKeyConstraint(
            ["practice_id", "case_id"],
            ["authorization.practice_id", "authorization.id"],
            name=op.f("fk_case_entry_practice_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "patient_id"],
            ["patient.practice_id", "patient.id"],
            name=op.f("fk_case_entry_practice_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_case_entry")),
    )
    op.create_index("ix_case_entry_case", "case_entry", ["practice_id", "case_id", "id"])
    op.create_index("ix_case_entry_reference", "case_entry", ["practice_id", "reference_index"])
    op.create_index("ix_case_entry_patient", "case_entry", ["practice_id", "patient_id"])


def downgrade() -> None:
    """Take it away again."""
    op.drop_index("ix_case_entry_patient", "case_entry")
    op.drop_index("ix_case_entry_reference", "case_entry")
    op.drop_index("ix_case_entry_case", "case_entry")
    op.drop_table("case_entry")
