"""Payers that the practice works with, and what was done with its own rules: together, in place of one, undone."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import app.platform.db

revision: str = "0006_payer_choices"
down_revision: str | None = "0005_import_undo"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_ID = app.platform.db.Uuid16(length=16)


def _choice(name: str, *members: str) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "payer_choice",
        sa.Column("practice_id", _ID, nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.Column("payer", sa.String(), nullable=False),
        sa.Column("turned_on", sa.Boolean(), nullable=False),
        sa.Column("changed_at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_by", _ID, nullable=True),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_payer_choice_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_payer_choice")),
        sa.UniqueConstraint("practice_id", "payer", name="uq_payer_choice_payer"),
    )
    op.create_table(
        "rule_action",
        sa.Column("practice_id", _ID, nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.Column("kind", _choice("is_rule_act", "routine", "record", "version", "end", "undo"), nullable=False),
        sa.Column("at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", _ID, nullable=True),
        sa.Column("undoes", _ID, nullable=True),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_rule_action_practice_id")),
        sa.ForeignKeyConstraint(
            ["practice_id", "undoes"],
            ["rule_action.practice_id", "rule_action.id"],
            name=op.f("fk_rule_action_practice_id_undoes"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_rule_action")),
        sa.UniqueConstraint("practice_id", "undoes", name="uq_rule_action_undoes"),
    )
    op.create_table(
        "practice_rule_origin",
        sa.Column("practice_id", _ID, nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.Column("action_id", _ID, nullable=False),
        sa.Column("basis_kind", _choice("is_basis_kind", "list", "tool", "call", "letter", "claims"), nullable=True),
        sa.Column("replaces", _ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["practice_id", "action_id"],
            ["rule_action.practice_id", "rule_action.id"],
            name=op.f("fk_practice_rule_origin_practice_id_action_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "id"],
            ["practice_rule.practice_id", "practice_rule.id"],
            name=op.f("fk_practice_rule_origin_practice_id_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "replaces"],
            ["practice_rule.practice_id", "practice_rule.id"],
            name=op.f("fk_practice_rule_origin_practice_id_replaces"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_practice_rule_origin")),
    )
    op.create_index("ix_practice_rule_origin_action", "practice_rule_origin", ["practice_id", "action_id"])
    op.create_table(
        "practice_rule_end_origin",
        sa.Column("practice_id", _ID, nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.Column("action_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "action_id"],
            ["rule_action.practice_id", "rule_action.id"],
            name=op.f("fk_practice_rule_end_origin_practice_id_action_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "id"],
            ["practice_rule_end.practice_id", "practice_rule_end.id"],
            name=op.f("fk_practice_rule_end_origin_practice_id_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_practice_rule_end_origin")),
    )


def downgrade() -> None:
    """Remove them."""
    op.drop_table("practice_rule_end_origin")
    op.drop_table("practice_rule_origin")
    op.drop_table("rule_action")
    op.drop_table("payer_choice")
