"""What claims came to whose service rested on a rule: for the scorecard of rules that denials followed."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import app.platform.db

revision: str = "0044_scorecard"
down_revision: str | None = "0043_booking"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_NEEDS = (
    "not_covered", "cosmetic", "required", "required_when_unmet", "notification", "voluntary", "unknown",
    "not_required",
)  # fmt: skip
_OUTCOMES = ("paid", "authorization", "coverage", "other")
_COUNTS = ("paid", "authorization_denied", "coverage_denied", "other_denied")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "remittance_outcome",
        _id("practice_id"),
        _id("claim_id"),
        sa.Column("position", sa.Integer(), nullable=False),
        _text("rule"),
        _choice("need", "need", _NEEDS),
        _text("code"),
        _choice("outcome", "outcome", _OUTCOMES),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "claim_id"],
            ["remittance_claim.practice_id", "remittance_claim.id"],
            name=op.f("fk_remittance_outcome_practice_id_claim_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "claim_id", "position", name=op.f("pk_remittance_outcome")),
    )
    op.create_table(
        "rule_tally",
        _id("practice_id"),
        _text("rule"),
        _choice("need", "need", _NEEDS),
        _text("code"),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _COUNTS),
        sa.CheckConstraint(" AND ".join(f"{name} >= 0" for name in _COUNTS), name=op.f("ck_rule_tally_counted")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_rule_tally_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "rule", "need", "code", name=op.f("pk_rule_tally")),
    )


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("rule_tally")
    op.drop_table("remittance_outcome")


def _id(name: str) -> sa.Column[bytes]:
    return sa.Column(name, app.platform.db.Uuid16(length=16), nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _choice(name: str, kind: str, values: tuple[str, ...]) -> sa.Column[str]:
    enum = sa.Enum(*values, name=f"is_{kind}", native_enum=False, create_constraint=True, length=40)
    return sa.Column(name, enum, nullable=False)
