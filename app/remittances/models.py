"""Tables of remittances. What names a patient is sealed; codes and amounts are plain, since lists rest on them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.clearance.facts.reasons import Badge, Check
from app.platform.db import JsonText, Model, choice
from app.platform.sealed import Sealed
from app.policies.facts.answers import Need
from app.remittances.facts.claims import Category, ClaimState
from app.remittances.facts.scores import Outcome


class RemittanceRow(Model):
    """One check or transfer of a payer. `digest` is a blind index of all that it says; amounts in cents."""

    __tablename__ = "remittance"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id"], ["practice.id"]),
        UniqueConstraint("practice_id", "digest", name="uq_remittance_digest"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    digest: Mapped[bytes] = mapped_column(LargeBinary(16))
    amount: Mapped[int | None] = mapped_column(BigInteger)
    method: Mapped[str | None]
    paid_on: Mapped[date | None]
    trace: Mapped[Sealed | None]
    payer: Mapped[str | None]
    payee_npi: Mapped[str | None]
    taken_at: Mapped[datetime]


class RemittanceClaimRow(Model):
    """One claim of a remittance. `content` is the claim as read; `digest` tells whether it came before.

    `chain` is a blind index of payer and control number, under which reversals and corrections follow; `said_*` is what
    Cleared showed of the visit when it began; `denied`: it stands, and something of it was denied.
    """

    __tablename__ = "remittance_claim"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "remittance_id"], ["remittance.practice_id", "remittance.id"]),
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patient.practice_id", "patient.id"]),
        ForeignKeyConstraint(["practice_id", "visit_id"], ["visit.practice_id", "visit.id"]),
        UniqueConstraint("practice_id", "digest", name="uq_remittance_claim_digest"),
        Index("ix_remittance_claim_chain", "practice_id", "chain"),
        Index("ix_remittance_claim_list", "practice_id", "denied", "paid_on", "id"),
        Index(
            "ix_remittance_claim_waits",
            "practice_id",
            "denied",
            "paid_on",
            "id",
            sqlite_where=text("why IS NOT NULL"),
            postgresql_where=text("why IS NOT NULL"),
        ),
        Index("ix_remittance_claim_patient", "practice_id", "patient_id", "id"),
        Index("ix_remittance_claim_visit", "practice_id", "visit_id"),
        Index("ix_remittance_claim_remittance", "practice_id", "remittance_id"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    remittance_id: Mapped[UUID]
    digest: Mapped[bytes] = mapped_column(LargeBinary(16))
    chain: Mapped[bytes] = mapped_column(LargeBinary(16))
    content: Mapped[Sealed]
    payer_control: Mapped[Sealed | None]
    status: Mapped[str | None]
    state: Mapped[ClaimState] = mapped_column(choice(ClaimState))
    charge: Mapped[int | None] = mapped_column(BigInteger)
    paid: Mapped[int | None] = mapped_column(BigInteger)
    paid_on: Mapped[date]
    begins: Mapped[date | None]
    ends: Mapped[date | None]
    categories: Mapped[Any] = mapped_column(JsonText)
    denied: Mapped[bool]
    patient_id: Mapped[UUID | None]
    visit_id: Mapped[UUID | None]
    why: Mapped[str | None]
    said_badge: Mapped[Badge | None] = mapped_column(choice(Badge))
    said_check: Mapped[Check | None] = mapped_column(choice(Check))
    said_since: Mapped[datetime | None]
    document_id: Mapped[UUID]
    number: Mapped[int]
    taken_at: Mapped[datetime]


class RemittanceLineRow(Model):
    """One service line of a claim: codes and amounts, what it is tied to, and which practice rules its denial ended."""

    __tablename__ = "remittance_line"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "claim_id", "position"),
        ForeignKeyConstraint(["practice_id", "claim_id"], ["remittance_claim.practice_id", "remittance_claim.id"]),
        ForeignKeyConstraint(["practice_id", "visit_id"], ["visit.practice_id", "visit.id"]),
        ForeignKeyConstraint(["practice_id", "authorization_id"], ["authorization.practice_id", "authorization.id"]),
        Index("ix_remittance_line_visit", "practice_id", "visit_id"),
        Index("ix_remittance_line_case", "practice_id", "authorization_id"),
    )
    practice_id: Mapped[UUID]
    claim_id: Mapped[UUID]
    position: Mapped[int]
    code: Mapped[str | None]
    charge: Mapped[int | None] = mapped_column(BigInteger)
    paid: Mapped[int | None] = mapped_column(BigInteger)
    begins: Mapped[date | None]
    adjustments: Mapped[Any] = mapped_column(JsonText)
    remarks: Mapped[Any] = mapped_column(JsonText)
    categories: Mapped[Any] = mapped_column(JsonText)
    visit_id: Mapped[UUID | None]
    authorization_id: Mapped[UUID | None]
    said_badge: Mapped[Badge | None] = mapped_column(choice(Badge))
    said_check: Mapped[Check | None] = mapped_column(choice(Check))
    said_since: Mapped[datetime | None]
    ended: Mapped[Any] = mapped_column(JsonText)


class RemittanceDenialRow(Model):
    """That a claim that stands was denied for a reason: for finding claims by it, in the order of the list."""

    __tablename__ = "remittance_denial"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "claim_id", "category"),
        ForeignKeyConstraint(["practice_id", "claim_id"], ["remittance_claim.practice_id", "remittance_claim.id"]),
        Index("ix_remittance_denial_list", "practice_id", "category", "paid_on", "claim_id"),
    )
    practice_id: Mapped[UUID]
    claim_id: Mapped[UUID]
    category: Mapped[Category] = mapped_column(choice(Category))
    paid_on: Mapped[date]


class RemittanceOutcomeRow(Model):
    """What a line of a claim tells of the rule that had been shown for it; `counted`: it stands in `rule_tally`."""

    __tablename__ = "remittance_outcome"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "claim_id", "position"),
        ForeignKeyConstraint(["practice_id", "claim_id"], ["remittance_claim.practice_id", "remittance_claim.id"]),
    )
    practice_id: Mapped[UUID]
    claim_id: Mapped[UUID]
    position: Mapped[int]
    rule: Mapped[str]
    need: Mapped[Need] = mapped_column(choice(Need))
    code: Mapped[str]
    outcome: Mapped[Outcome] = mapped_column(choice(Outcome))
    counted: Mapped[bool]


class RuleTallyRow(Model):
    """How many lines of standing claims followed a rule, by what it said and by code; kept with the outcomes."""

    __tablename__ = "rule_tally"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "rule", "need", "code"),
        ForeignKeyConstraint(["practice_id"], ["practice.id"]),
        CheckConstraint(
            "paid >= 0 AND authorization_denied >= 0 AND coverage_denied >= 0 AND other_denied >= 0", name="counted"
        ),
    )
    practice_id: Mapped[UUID]
    rule: Mapped[str]
    need: Mapped[Need] = mapped_column(choice(Need))
    code: Mapped[str]
    paid: Mapped[int]
    authorization_denied: Mapped[int]
    coverage_denied: Mapped[int]
    other_denied: Mapped[int]
