"""Remittances: payments, their claims and lines, what was denied, and what Cleared had said."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from alembic import op

import app.platform.db

revision: str = "0036_remittances"
down_revision: str | None = "0035_asking"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_STATES = ("stands", "reversed", "followed", "reversal")
_BADGES = ("blocked", "not_checked", "waiting", "at_risk", "cleared", "accepted_risk", "self_pay")
_CHECKS = (
    "class", "coverage", "network", "rule", "referral", "approval", "plan", "code", "dates", "units", "diagnosis",
    "provider", "place", "channel", "drug", "spacing", "secondary", "renewal",
)  # fmt: skip
_CATEGORIES = (
    "authorization", "eligibility", "medical_necessity", "benefit", "documentation", "bundling", "timely_filing",
    "coding", "other",
)  # fmt: skip


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "remittance",
        _id("practice_id"),
        _id("id"),
        _blind("digest"),
        _cents("amount"),
        _text("method"),
        _day("paid_on"),
        _sealed("trace"),
        _text("payer"),
        _text("payee_npi"),
        _instant("taken_at", nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_remittance_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_remittance")),
        sa.UniqueConstraint("practice_id", "digest", name="uq_remittance_digest"),
    )
    _claims()
    _lines()
    op.create_table(
        "remittance_denial",
        _id("practice_id"),
        _id("claim_id"),
        _choice("category", "category", _CATEGORIES),
        _day("paid_on", nullable=False),
        _of("remittance_denial", "claim_id", "remittance_claim"),
        sa.PrimaryKeyConstraint("practice_id", "claim_id", "category", name=op.f("pk_remittance_denial")),
    )
    columns = ["practice_id", "category", "paid_on", "claim_id"]
    op.create_index("ix_remittance_denial_list", "remittance_denial", columns)


def _claims() -> None:
    table = "remittance_claim"
    op.create_table(
        table,
        _id("practice_id"),
        _id("id"),
        _id("remittance_id"),
        _blind("digest"),
        _blind("chain"),
        _sealed("content", nullable=False),
        _sealed("payer_control"),
        _text("status"),
        _choice("state", "claim_state", _STATES),
        _cents("charge"),
        _cents("paid"),
        _day("paid_on", nullable=False),
        _day("begins"),
        _day("ends"),
        _json("categories"),
        sa.Column("denied", sa.Boolean(), nullable=False),
        _id("patient_id", nullable=True),
        _id("visit_id", nullable=True),
        _text("why"),
        _choice("said_badge", "badge", _BADGES, nullable=True),
        _choice("said_check", "check", _CHECKS, nullable=True),
        _instant("said_since"),
        _id("document_id"),
        sa.Column("number", sa.Integer(), nullable=False),
        _instant("taken_at", nullable=False),
        _of(table, "remittance_id", "remittance"),
        _of(table, "patient_id", "patient"),
        _of(table, "visit_id", "visit"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_remittance_claim")),
        sa.UniqueConstraint("practice_id", "digest", name="uq_remittance_claim_digest"),
    )
    op.create_index("ix_remittance_claim_chain", table, ["practice_id", "chain"])
    op.create_index("ix_remittance_claim_list", table, ["practice_id", "denied", "paid_on", "id"])
    waits = sa.text("why IS NOT NULL")
    op.create_index(
        "ix_remittance_claim_waits",
        table,
        ["practice_id", "denied", "paid_on", "id"],
        sqlite_where=waits,
        postgresql_where=waits,
    )
    op.create_index("ix_remittance_claim_patient", table, ["practice_id", "patient_id", "id"])
    op.create_index("ix_remittance_claim_visit", table, ["practice_id", "visit_id"])
    op.create_index("ix_remittance_claim_remittance", table, ["practice_id", "remittance_id"])


def _lines() -> None:
    table = "remittance_line"
    op.create_table(
        table,
        _id("practice_id"),
        _id("claim_id"),
        sa.Column("position", sa.Integer(), nullable=False),
        _text("code"),
        _cents("charge"),
        _cents("paid"),
        _day("begins"),
        _json("adjustments"),
        _json("remarks"),
        _json("categories"),
        _id("visit_id", nullable=True),
        _id("authorization_id", nullable=True),
        _choice("said_badge", "badge", _BADGES, nullable=True),
        _choice("said_check", "check", _CHECKS, nullable=True),
        _instant("said_since"),
        _json("ended"),
        _of(table, "claim_id", "remittance_claim"),
        _of(table, "visit_id", "visit"),
        _of(table, "authorization_id", "authorization"),
        sa.PrimaryKeyConstraint("practice_id", "claim_id", "position", name=op.f("pk_remittance_line")),
    )
    op.create_index("ix_remittance_line_visit", table, ["practice_id", "visit_id"])
    op.create_index("ix_remittance_line_case", table, ["practice_id", "authorization_id"])


def downgrade() -> None:
    """Take them away again."""
    for table in ("remittance_denial", "remittance_line", "remittance_claim", "remittance"):
        op.drop_table(table)


def _id(name: str, *, nullable: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, app.platform.db.Uuid16(length=16), nullable=nullable)


def _blind(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(length=16), nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=True)


def _cents(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=True)


def _json(name: str) -> sa.Column[str]:
    return sa.Column(name, app.platform.db.JsonText(), nullable=False)


def _day(name: str, *, nullable: bool = True) -> sa.Column[date]:
    return sa.Column(name, sa.Date(), nullable=nullable)


def _instant(name: str, *, nullable: bool = True) -> sa.Column[str]:
    return sa.Column(name, app.platform.db.UtcDateTime(timezone=True), nullable=nullable)


def _sealed(name: str, *, nullable: bool = True) -> sa.Column[bytes]:
    return sa.Column(name, app.platform.db.SealedText(), nullable=nullable)


def _choice(name: str, kind: str, values: tuple[str, ...], *, nullable: bool = False) -> sa.Column[str]:
    enum = sa.Enum(*values, name=f"is_{kind}", native_enum=False, create_constraint=True, length=40)
    return sa.Column(name, enum, nullable=nullable)


def _of(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["practice_id", column],
        [f"{other}.practice_id", f"{other}.id"],
        name=op.f(f"fk_{table}_practice_id_{column}"),
    )
