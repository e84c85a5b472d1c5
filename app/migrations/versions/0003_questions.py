"""Open questions and the visits that they hold; given answers."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import app.platform.db

revision: str = "0003_questions"
down_revision: str | None = "0002_verdict_history"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KINDS = (
    "need",
    "unmet",
    "class",
    "coverage",
    "participation",
    "group",
    "type",
    "approval",
    "referral",
    "row",
)
BADGES = ("blocked", "not_checked", "waiting", "at_risk", "cleared", "accepted_risk", "self_pay")


def _choice(name: str, values: Sequence[str]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _id(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, app.platform.db.Uuid16(length=16), nullable=nullable)


def upgrade() -> None:
    """Make the tables, and have every stored verdict judged again: their questions are not stored yet."""
    op.create_table(
        "question",
        _id("practice_id"),
        _id("id"),
        sa.Column("kind", _choice("is_question_kind", KINDS), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_question_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_question")),
    )
    op.create_index("ix_question_size", "question", ["practice_id", "visits", "id", "kind"])
    op.create_index("ix_question_kind", "question", ["practice_id", "kind", "visits", "id"])
    op.create_index("ix_question_first_day", "question", ["practice_id", "first_day"])
    op.create_table(
        "visit_question",
        _id("practice_id"),
        _id("question_id"),
        sa.Column("day", sa.Date(), nullable=False),
        _id("visit_id"),
        sa.ForeignKeyConstraint(
            ["practice_id", "question_id"],
            ["question.practice_id", "question.id"],
            name=op.f("fk_visit_question_practice_id_question_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "visit_id"],
            ["visit.practice_id", "visit.id"],
            name=op.f("fk_visit_question_practice_id_visit_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "question_id", "day", "visit_id", name=op.f("pk_visit_question")),
    )
    op.create_index("ix_visit_question_visit", "visit_question", ["practice_id", "visit_id"])
    op.create_table(
        "question_answer",
        _id("practice_id"),
        _id("id"),
        _id("question_id"),
        sa.Column("kind", _choice("is_question_kind", KINDS), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("answered_at", app.platform.db.UtcDateTime(timezone=True), nullable=False),
        _id("answered_by", nullable=True),
        sa.Column("record", sa.String(), nullable=True),
        sa.Column("counts", app.platform.db.JsonText(), nullable=True),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_question_answer_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_question_answer")),
    )
    op.create_index("ix_question_answer_question", "question_answer", ["practice_id", "question_id", "answered_at"])
    op.create_index("ix_question_answer_answered_at", "question_answer", ["practice_id", "answered_at"])
    op.create_table(
        "answered_visit",
        _id("practice_id"),
        _id("answer_id"),
        _id("visit_id"),
        sa.Column("before", _choice("is_badge", BADGES), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "answer_id"],
            ["question_answer.practice_id", "question_answer.id"],
            name=op.f("fk_answered_visit_practice_id_answer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "visit_id"],
            ["visit.practice_id", "visit.id"],
            name=op.f("fk_answered_visit_practice_id_visit_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "answer_id", "visit_id", name=op.f("pk_answered_visit")),
    )
    op.execute("UPDATE visit_verdict SET changes_on = '2000-01-01'")


def downgrade() -> None:
    """Remove them. Verdicts are judged again, since an older program does not read what is asked of them."""
    op.drop_table("answered_visit")
    op.drop_table("question_answer")
    op.drop_table("visit_question")
    op.drop_table("question")
    op.execute("UPDATE visit_verdict SET changes_on = '2000-01-01'")
