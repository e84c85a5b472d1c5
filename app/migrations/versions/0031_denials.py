"""Denials, exemptions from approval, and drugs that a pharmacy sends."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from alembic import op

import app.platform.db

revision: str = "0031_denials"
down_revision: str | None = "0030_casebook"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_PLANS = ("buy_and_bill", "specialty_pharmacy", "patient_brought")
_STEPS = ("benefit_verified", "prescription_sent", "approved", "consent_to_ship", "shipped", "received")
_MEDIA = ("application/pdf", "image/png", "image/jpeg")
_TALKS = ("overturned", "partly_overturned", "upheld", "more_info_asked")
_APPEALS = ("overturned", "partly_overturned", "upheld", "dismissed")
_WITH_LATER = {
    "peer_to_peer": ("booked_for", "provider_id", "payer_line", "payer_person", "reference", "outcome"),
    "appeal_level": ("external", "reference", "outcome"),
}


def upgrade() -> None:
    """Make the tables, and the columns of calls that are booked and of appeals that are decided."""
    _supplies()
    _denials()
    _notices()
    op.add_column("accepted_risk", _day("until"))
    op.create_index("ix_authorization_decided", "authorization", ["practice_id", "payer", "decided_on"])
    with op.batch_alter_table("peer_to_peer") as batch:
        batch.add_column(_instant("booked_for"))
        batch.add_column(_id("provider_id", nullable=True))
        batch.add_column(_sealed("payer_line"))
        batch.add_column(_sealed("payer_person"))
        batch.add_column(_sealed("reference"))
        batch.add_column(_choice("outcome", "talk_outcome", _TALKS, nullable=True))
        batch.create_check_constraint(op.f("ck_peer_to_peer_booked_after_it_was_offered"), "booked_for >= offered_at")
        batch.create_check_constraint(
            op.f("ck_peer_to_peer_outcome_of_a_call_that_was_held"), "outcome IS NULL OR held_at IS NOT NULL"
        )
    with op.batch_alter_table("appeal_level") as batch:
        batch.add_column(sa.Column("external", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(_sealed("reference"))
        batch.add_column(_choice("outcome", "appeal_outcome", _APPEALS, nullable=True))
        batch.create_check_constraint(
            op.f("ck_appeal_level_outcome_of_a_decided_level"), "outcome IS NULL OR decided_on IS NOT NULL"
        )


def _supplies() -> None:
    op.create_table(
        "drug_supply",
        _id("practice_id"),
        _id("id"),
        _id("patient_id"),
        _choice("plan", "supply_plan", _PLANS),
        _instant("set_at", nullable=False),
        _id("set_by", nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _of("drug_supply", "id", "authorization"),
        _of("drug_supply", "patient_id", "patient"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_drug_supply")),
    )
    op.create_index("ix_drug_supply_patient", "drug_supply", ["practice_id", "patient_id"])
    op.create_table(
        "supply_mark",
        _id("practice_id"),
        _id("id"),
        _id("supply_id"),
        _choice("step", "supply_step", _STEPS),
        _day("done_on", nullable=False),
        _instant("recorded_at", nullable=False),
        _id("recorded_by", nullable=True),
        _sealed("lot"),
        sa.Column("ndc", sa.String(), nullable=True),
        sa.Column("doses", sa.Integer(), nullable=True),
        _id("for_visit", nullable=True),
        _instant("taken_back_at"),
        _id("taken_back_by", nullable=True),
        sa.CheckConstraint("doses >= 1", name=op.f("ck_supply_mark_doses_from_one")),
        sa.CheckConstraint(
            "step = 'received' OR (lot IS NULL AND ndc IS NULL AND doses IS NULL AND for_visit IS NULL)",
            name=op.f("ck_supply_mark_only_what_was_received_came"),
        ),
        _of("supply_mark", "supply_id", "drug_supply"),
        _of("supply_mark", "for_visit", "visit"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_supply_mark")),
    )
    op.create_index("ix_supply_mark_supply", "supply_mark", ["practice_id", "supply_id", "id"])
    op.create_index("ix_supply_mark_visit", "supply_mark", ["practice_id", "for_visit"])


def _denials() -> None:
    op.create_table(
        "denial",
        _id("practice_id"),
        _id("id"),
        _id("authorization_id"),
        sa.Column("level", sa.Integer(), nullable=False),
        _day("denied_on", nullable=False),
        _sealed("code"),
        _sealed("words", nullable=False),
        _sealed("unmet"),
        _day("appeal_by"),
        _id("document_id", nullable=True),
        _id("corrects", nullable=True),
        _instant("recorded_at", nullable=False),
        _id("recorded_by", nullable=True),
        sa.CheckConstraint("level >= 0", name=op.f("ck_denial_level_from_zero")),
        sa.CheckConstraint("appeal_by >= denied_on", name=op.f("ck_denial_appeal_after_the_denial")),
        _of("denial", "authorization_id", "authorization"),
        _of("denial", "corrects", "denial"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_denial")),
    )
    op.create_index("ix_denial_authorization", "denial", ["practice_id", "authorization_id", "id"])


def _notices() -> None:
    op.create_table(
        "exemption_notice",
        _id("practice_id"),
        _id("id"),
        _id("rule_id"),
        sa.Column("payer", sa.String(), nullable=False),
        sa.Column("npis", app.platform.db.JsonText(), nullable=False),
        _day("letter_on", nullable=False),
        _sealed("name", nullable=False),
        _choice("media", "media_type", _MEDIA),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        _sealed("content", nullable=False),
        _instant("added_at", nullable=False),
        _id("added_by", nullable=True),
        sa.CheckConstraint("size >= 1", name=op.f("ck_exemption_notice_size_from_one")),
        _of("exemption_notice", "rule_id", "practice_rule"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_exemption_notice")),
    )


def downgrade() -> None:
    """Take them away again."""
    with op.batch_alter_table("appeal_level") as batch:
        batch.drop_constraint(op.f("ck_appeal_level_outcome_of_a_decided_level"), type_="check")
        batch.drop_constraint(op.f("ck_appeal_level_is_appeal_outcome"), type_="check")
        for name in _WITH_LATER["appeal_level"]:
            batch.drop_column(name)
    with op.batch_alter_table("peer_to_peer") as batch:
        batch.drop_constraint(op.f("ck_peer_to_peer_outcome_of_a_call_that_was_held"), type_="check")
        batch.drop_constraint(op.f("ck_peer_to_peer_booked_after_it_was_offered"), type_="check")
        batch.drop_constraint(op.f("ck_peer_to_peer_is_talk_outcome"), type_="check")
        for name in _WITH_LATER["peer_to_peer"]:
            batch.drop_column(name)
    op.drop_index("ix_authorization_decided", "authorization")
    op.drop_column("accepted_risk", "until")
    op.drop_table("exemption_notice")
    op.drop_table("denial")
    op.drop_table("supply_mark")
    op.drop_table("drug_supply")


def _id(name: str, *, nullable: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, app.platform.db.Uuid16(length=16), nullable=nullable)


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
