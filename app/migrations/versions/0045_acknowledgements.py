"""What is answered to clearinghouses about their files, why a request was refused, and requests without an answer."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import app.platform.db
from app.platform.widening import set_choices

revision: str = "0045_acknowledgements"
down_revision: str | None = "0044_scorecard"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

REASONS = (
    "approval_ends", "units_low", "renewal_due", "answer_owed", "information_owed", "peer_to_peer", "retro_due", "appeal",
    "tomorrow", "coverage_changed", "eligibility_stale", "eligibility_unanswered", "import_stale", "rules_unverified",
    "denied", "approved", "import_failed", "job_late", "reply", "undelivered",
)  # fmt: skip
"""Why someone must be told: requests to plans without an answer are new among them."""
OF_REASONS = ("alert", "alert_preference")


def upgrade() -> None:
    """Make the tables and the column, and let an alert tell of requests without an answer."""
    _reasons(REASONS)
    op.add_column("eligibility_ask", sa.Column("code", sa.String(), nullable=True))
    op.create_table(
        "mail_source",
        _id("practice_id"),
        _id("document_id"),
        sa.Column("clearinghouse", sa.String(), nullable=False),
        _instant("answered_at", nullable=True),
        sa.PrimaryKeyConstraint("practice_id", "document_id", name=op.f("pk_mail_source")),
        sa.ForeignKeyConstraint(
            ["practice_id", "document_id"],
            ["mail_document.practice_id", "mail_document.id"],
            name=op.f("fk_mail_source_practice_id_document_id"),
        ),
    )
    op.create_index("ix_mail_source_answered", "mail_source", ["practice_id", "answered_at", "document_id"])
    _answers()


def _answers() -> None:
    op.create_table(
        "mail_answer",
        _id("practice_id"),
        _id("id"),
        _id("document_id"),
        _choice("kind", "answer_kind", ("ta1", "999")),
        sa.Column("clearinghouse", sa.String(), nullable=False),
        sa.Column("control", sa.Integer(), nullable=False),
        sa.Column("interchanges", sa.Integer(), nullable=False),
        sa.Column("refuses", sa.Boolean(), nullable=False),
        _choice("state", "answer_state", ("made", "sent", "refused")),
        _instant("made_at"),
        _instant("claimed_at", nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        _instant("sent_at", nullable=True),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("content", app.platform.db.SealedText(), nullable=False),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_mail_answer")),
        sa.ForeignKeyConstraint(
            ["practice_id", "document_id"],
            ["mail_source.practice_id", "mail_source.document_id"],
            name=op.f("fk_mail_answer_practice_id_document_id"),
        ),
        sa.UniqueConstraint("practice_id", "document_id", "kind", name="uq_mail_answer_kind"),
        sa.UniqueConstraint("practice_id", "control", name="uq_mail_answer_control"),
        sa.CheckConstraint(
            "control >= 1 AND control <= 999999999", name=op.f("ck_mail_answer_control_has_nine_digits")
        ),
        sa.CheckConstraint("interchanges >= 1", name=op.f("ck_mail_answer_interchanges_from_one")),
    )
    op.create_index("ix_mail_answer_state", "mail_answer", ["practice_id", "state", "control"])


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("mail_answer")
    op.drop_table("mail_source")
    op.drop_column("eligibility_ask", "code")
    # Closed, since an alert that the day's coverages are not checked may be open beside it.
    op.execute(
        sa.text(
            "UPDATE alert SET closed_at = coalesce(closed_at, opened_at), reason = 'eligibility_stale'"
            " WHERE reason = 'eligibility_unanswered'"
        )
    )
    op.execute(sa.text("DELETE FROM alert_preference WHERE reason = 'eligibility_unanswered'"))
    _reasons([one for one in REASONS if one != "eligibility_unanswered"])


def _reasons(values: Sequence[str]) -> None:
    for table in OF_REASONS:
        set_choices(op.get_bind(), table, f"ck_{table}_is_reason", "reason", values)


def _id(name: str) -> sa.Column[bytes]:
    return sa.Column(name, app.platform.db.Uuid16(length=16), nullable=False)


def _instant(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, app.platform.db.UtcDateTime(timezone=True), nullable=nullable)


def _choice(name: str, kind: str, values: tuple[str, ...]) -> sa.Column[str]:
    enum = sa.Enum(*values, name=f"is_{kind}", native_enum=False, create_constraint=True, length=40)
    return sa.Column(name, enum, nullable=False)
