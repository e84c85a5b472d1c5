"""Rule sets that wait for acceptance, and what people did with them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import app.platform.db

revision: str = "0041_rule_proposals"
down_revision: str | None = "0040_pas"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_ORIGINS = ("shipped", "sample", "directory")
_ACTS = ("ask", "accept", "reject", "supersede", "restore")


def upgrade() -> None:
    """Make the tables of proposals and of acts."""
    op.create_table(
        "rule_proposal",
        _id("practice_id"),
        _id("id"),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("files", sa.String(), nullable=False),
        _choice("origin", "origin", _ORIGINS),
        sa.Column("folder", sa.String(), nullable=True),
        _instant("at"),
        _id("by", nullable=True),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_rule_proposal_practice_id")),
        sa.ForeignKeyConstraint(["version"], ["rule_set.version"], name=op.f("fk_rule_proposal_version")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_rule_proposal")),
    )
    op.create_index("ix_rule_proposal_files", "rule_proposal", ["practice_id", "files"])
    op.create_table(
        "rule_proposal_act",
        _id("practice_id"),
        _id("id"),
        _id("proposal_id", nullable=True),
        _choice("kind", "proposal_act", _ACTS),
        sa.Column("basis", sa.String(), nullable=False),
        _id("in_force_id", nullable=True),
        sa.Column("reason", app.platform.db.SealedText(), nullable=True),
        _instant("at"),
        _id("by", nullable=True),
        sa.CheckConstraint(
            "(kind = 'restore') = (proposal_id IS NULL)", name=op.f("ck_rule_proposal_act_of_a_proposal")
        ),
        sa.CheckConstraint(
            "kind NOT IN ('accept', 'restore') OR in_force_id IS NOT NULL",
            name=op.f("ck_rule_proposal_act_puts_in_force"),
        ),
        sa.CheckConstraint("kind <> 'reject' OR reason IS NOT NULL", name=op.f("ck_rule_proposal_act_says_why")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_rule_proposal_act_practice_id")),
        _of("rule_proposal_act", "proposal_id", "rule_proposal"),
        _of("rule_proposal_act", "in_force_id", "rule_set_in_force"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_rule_proposal_act")),
    )
    op.create_index("ix_rule_proposal_act_proposal", "rule_proposal_act", ["practice_id", "proposal_id"])


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("rule_proposal_act")
    op.drop_table("rule_proposal")


def _id(name: str, *, nullable: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, app.platform.db.Uuid16(length=16), nullable=nullable)


def _instant(name: str) -> sa.Column[str]:
    return sa.Column(name, app.platform.db.UtcDateTime(timezone=True), nullable=False)


def _choice(name: str, kind: str, values: tuple[str, ...]) -> sa.Column[str]:
    enum = sa.Enum(*values, name=f"is_{kind}", native_enum=False, create_constraint=True, length=40)
    return sa.Column(name, enum, nullable=False)


def _of(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["practice_id", column],
        [f"{other}.practice_id", f"{other}.id"],
        name=op.f(f"fk_{table}_practice_id_{column}"),
    )
