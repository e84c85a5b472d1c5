"""What the clocks of a case run from: receipts, information asked for, peer-to-peer, appeals, owners."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import app.platform.db

revision: str = "0011_case_clocks"
down_revision: str | None = "0010_job_runs"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_AUTHORIZATION = ["authorization.practice_id", "authorization.id"]


def _id(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, app.platform.db.Uuid16(length=16), nullable=nullable)


def _instant(name: str, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, app.platform.db.UtcDateTime(timezone=True), nullable=nullable)


def _day(name: str, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.Date(), nullable=nullable)


def _recorded() -> tuple[sa.Column[object], sa.Column[object]]:
    return _instant("recorded_at", nullable=False), _id("recorded_by", nullable=True)


def upgrade() -> None:
    """Make the tables."""
    _receipts()
    _information()
    _calls()
    _appeals()
    _owners()


def _receipts() -> None:
    op.create_table(
        "case_receipt",
        _id("practice_id"),
        _id("id"),
        _day("received_on", nullable=False),
        _instant("received_at"),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        _day("extension_on"),
        *_recorded(),
        sa.CheckConstraint("extension_on >= received_on", name=op.f("ck_case_receipt_extended_after_receipt")),
        sa.ForeignKeyConstraint(["practice_id", "id"], _AUTHORIZATION, name=op.f("fk_case_receipt_practice_id_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_case_receipt")),
    )


def _information() -> None:
    op.create_table(
        "information_request",
        _id("practice_id"),
        _id("id"),
        _id("authorization_id"),
        _instant("asked_at", nullable=False),
        _day("due_on"),
        _instant("due_at"),
        _instant("answered_at"),
        *_recorded(),
        sa.CheckConstraint("due_at >= asked_at", name=op.f("ck_information_request_due_after_it_was_asked")),
        sa.CheckConstraint("answered_at >= asked_at", name=op.f("ck_information_request_answered_after_it_was_asked")),
        sa.ForeignKeyConstraint(
            ["practice_id", "authorization_id"],
            _AUTHORIZATION,
            name=op.f("fk_information_request_practice_id_authorization_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_information_request")),
    )
    op.create_index("ix_information_request_authorization", "information_request", ["practice_id", "authorization_id"])


def _calls() -> None:
    op.create_table(
        "peer_to_peer",
        _id("practice_id"),
        _id("id"),
        _id("authorization_id"),
        _instant("offered_at", nullable=False),
        _instant("closes_at", nullable=False),
        _instant("held_at"),
        *_recorded(),
        sa.CheckConstraint("closes_at >= offered_at", name=op.f("ck_peer_to_peer_closes_after_it_was_offered")),
        sa.CheckConstraint("held_at >= offered_at", name=op.f("ck_peer_to_peer_held_after_it_was_offered")),
        sa.ForeignKeyConstraint(
            ["practice_id", "authorization_id"],
            _AUTHORIZATION,
            name=op.f("fk_peer_to_peer_practice_id_authorization_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_peer_to_peer")),
    )
    op.create_index("ix_peer_to_peer_authorization", "peer_to_peer", ["practice_id", "authorization_id"])


def _appeals() -> None:
    op.create_table(
        "appeal_level",
        _id("practice_id"),
        _id("id"),
        _id("authorization_id"),
        sa.Column("level", sa.Integer(), nullable=False),
        _day("denied_on", nullable=False),
        _day("window_ends", nullable=False),
        _day("filed_on"),
        _day("decided_on"),
        *_recorded(),
        sa.CheckConstraint("level >= 1", name=op.f("ck_appeal_level_level_from_one")),
        sa.CheckConstraint("window_ends >= denied_on", name=op.f("ck_appeal_level_window_ends_after_the_denial")),
        sa.CheckConstraint("filed_on >= denied_on", name=op.f("ck_appeal_level_filed_after_the_denial")),
        sa.CheckConstraint(
            "decided_on IS NULL OR (filed_on IS NOT NULL AND decided_on >= filed_on)",
            name=op.f("ck_appeal_level_decided_after_it_was_filed"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "authorization_id"],
            _AUTHORIZATION,
            name=op.f("fk_appeal_level_practice_id_authorization_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_appeal_level")),
        sa.UniqueConstraint("practice_id", "authorization_id", "level", "denied_on", name="uq_appeal_level_denied_on"),
    )


def _owners() -> None:
    op.create_table(
        "case_owner",
        _id("practice_id"),
        _id("id"),
        _id("owner_id", nullable=True),
        _id("by_id", nullable=True),
        _instant("at", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["practice_id", "id"], _AUTHORIZATION, name=op.f("fk_case_owner_practice_id_id")),
        sa.ForeignKeyConstraint(
            ["practice_id", "owner_id"],
            ["staff.practice_id", "staff.id"],
            name=op.f("fk_case_owner_practice_id_owner_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_case_owner")),
    )
    op.create_index("ix_case_owner_owner", "case_owner", ["practice_id", "owner_id"])


def downgrade() -> None:
    """Drop the tables."""
    for table in ("case_owner", "appeal_level", "peer_to_peer", "information_request", "case_receipt"):
        op.drop_table(table)
