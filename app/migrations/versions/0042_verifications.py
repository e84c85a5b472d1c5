"""When a rule was last verified with its payer and by whom, what rests on it, and what was corrected of the library."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import app.platform.db
from app.platform.widening import set_choices

revision: str = "0042_verifications"
down_revision: str | None = "0041_rule_proposals"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BEFORE = ("routine", "record", "version", "end", "undo")
AFTER = ("routine", "record", "version", "end", "verify", "undo")
_KINDS = ("list", "tool", "call", "letter", "claims")


def upgrade() -> None:
    """Make the tables, and let a verification be an action that can be undone."""
    set_choices(op.get_bind(), "rule_action", "ck_rule_action_is_rule_act", "kind", AFTER)
    op.create_table(
        "rule_verification",
        _id("practice_id"),
        _id("id"),
        _id("action_id"),
        _text("payer"),
        _text("ref"),
        _text("content"),
        sa.Column("verified_on", sa.Date(), nullable=False),
        sa.Column("how", _choice("is_basis_kind", *_KINDS), nullable=False),
        sa.Column("note", app.platform.db.SealedText(), nullable=False),
        _of("rule_verification", "action_id", "rule_action"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_rule_verification")),
    )
    op.create_index("ix_rule_verification_payer", "rule_verification", ["practice_id", "payer", "ref"])
    op.create_table(
        "rule_in_use",
        _id("practice_id"),
        _text("ref"),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.CheckConstraint("visits >= 0 AND cases >= 0", name=op.f("ck_rule_in_use_counted")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_rule_in_use_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "ref", name=op.f("pk_rule_in_use")),
    )
    op.create_table(
        "corrected_rule",
        _id("practice_id"),
        _id("rule_id"),
        _text("ref"),
        _text("content"),
        _text("version"),
        _of("corrected_rule", "rule_id", "practice_rule"),
        sa.PrimaryKeyConstraint("practice_id", "rule_id", "ref", name=op.f("pk_corrected_rule")),
    )
    op.create_table(
        "patient_answer_origin",
        _id("practice_id"),
        _id("id"),
        _id("action_id"),
        sa.Column("renews", app.platform.db.Uuid16(length=16), nullable=True),
        _of("patient_answer_origin", "id", "patient_answer"),
        _of("patient_answer_origin", "action_id", "rule_action"),
        _of("patient_answer_origin", "renews", "patient_answer"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_patient_answer_origin")),
    )
    op.create_index("ix_patient_answer_origin_action", "patient_answer_origin", ["practice_id", "action_id"])


def downgrade() -> None:
    """Take the tables away, and the actions that only verified."""
    for table in ("patient_answer_origin", "corrected_rule", "rule_in_use", "rule_verification"):
        op.drop_table(table)
    op.execute(
        sa.text(
            "DELETE FROM rule_action WHERE undoes IN (SELECT id FROM rule_action AS done WHERE done.kind = 'verify')"
        )
    )
    op.execute(sa.text("DELETE FROM rule_action WHERE kind = 'verify'"))
    set_choices(op.get_bind(), "rule_action", "ck_rule_action_is_rule_act", "kind", BEFORE)


def _id(name: str) -> sa.Column[bytes]:
    return sa.Column(name, app.platform.db.Uuid16(length=16), nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _choice(name: str, *members: str) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=40)


def _of(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_practice_id_{column}")
    return sa.ForeignKeyConstraint(["practice_id", column], [f"{other}.practice_id", f"{other}.id"], name=name)
