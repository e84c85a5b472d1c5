"""Messages to payers by FHIR: what was sent, and how far it has come."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import app.platform.db

revision: str = "0040_pas"
down_revision: str | None = "0039_payer_answers"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_ACTS = ("submit", "inquire")
_STATES = ("sending", "answered", "unclear", "not_sent", "refused")


def upgrade() -> None:
    """Make the table of messages."""
    op.create_table(
        "pas_exchange",
        _id("practice_id"),
        _id("id"),
        _id("case_id"),
        _choice("act", "pas_act", _ACTS),
        sa.Column("system", sa.String(), nullable=False),
        _choice("state", "pas_state", _STATES),
        _instant("at", nullable=False),
        _id("by_id", nullable=True),
        _instant("done_at", nullable=True),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("request", app.platform.db.SealedText(), nullable=False),
        sa.Column("answer", app.platform.db.SealedText(), nullable=True),
        _id("document_id", nullable=True),
        sa.ForeignKeyConstraint(
            ["practice_id", "case_id"],
            ["authorization.practice_id", "authorization.id"],
            name=op.f("fk_pas_exchange_practice_id_case_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_pas_exchange")),
    )
    op.create_index("ix_pas_exchange_case", "pas_exchange", ["practice_id", "case_id", "id"])
    op.create_index("ix_pas_exchange_state", "pas_exchange", ["practice_id", "state", "at"])


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("pas_exchange")


def _id(name: str, *, nullable: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, app.platform.db.Uuid16(length=16), nullable=nullable)


def _instant(name: str, *, nullable: bool) -> sa.Column[str]:
    return sa.Column(name, app.platform.db.UtcDateTime(timezone=True), nullable=nullable)


def _choice(name: str, kind: str, values: tuple[str, ...]) -> sa.Column[str]:
    enum = sa.Enum(*values, name=f"is_{kind}", native_enum=False, create_constraint=True, length=40)
    return sa.Column(name, enum, nullable=False)
