"""Tables of coverages and of what happened to them. The member id is sealed; three blind indexes compare it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.coverage.facts import Answered, CheckResult, Method, NetworkAnswer
from app.platform.db import Model, choice
from app.platform.sealed import Sealed
from app.values.insurance import Benefit, Known, Line, PlanKind, Rank


class CoverageRow(Model):
    """One coverage of a patient with the last answer. `natural_key` is rank, payer, member and begin, for imports."""

    __tablename__ = "coverage"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patient.practice_id", "patient.id"]),
        UniqueConstraint("practice_id", "patient_id", "natural_key", name="uq_coverage_natural_key"),
        Index("ix_coverage_payer", "practice_id", "payer", "patient_id"),
        CheckConstraint("begins <= ends", name="begins_before_it_ends"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    patient_id: Mapped[UUID]
    natural_key: Mapped[str]
    rank: Mapped[Rank] = mapped_column(choice(Rank))
    payer: Mapped[str]
    payer_name: Mapped[str]
    member_id: Mapped[Sealed]
    member_whole: Mapped[bytes] = mapped_column(LargeBinary(16))
    member_base: Mapped[bytes] = mapped_column(LargeBinary(16))
    member_cut: Mapped[bytes] = mapped_column(LargeBinary(16))
    begins: Mapped[date | None]
    ends: Mapped[date | None]
    line: Mapped[Line | None] = mapped_column(choice(Line))
    plan: Mapped[str | None]
    plan_id: Mapped[str | None]
    plan_kind: Mapped[PlanKind | None] = mapped_column(choice(PlanKind))
    state: Mapped[str | None]
    benefit: Mapped[Benefit] = mapped_column(choice(Benefit))
    group_number: Mapped[str | None]
    subscriber_relationship: Mapped[Sealed | None]
    checked_on: Mapped[date | None]
    result: Mapped[CheckResult | None] = mapped_column(choice(CheckResult))
    network: Mapped[NetworkAnswer | None] = mapped_column(choice(NetworkAnswer))
    referral_required: Mapped[Known | None] = mapped_column(choice(Known))
    other_primary: Mapped[bool]
    other_payer: Mapped[str | None]
    source: Mapped[Sealed | None]
    reference: Mapped[Sealed | None]
    rx_bin: Mapped[str | None]
    rx_pcn: Mapped[str | None]
    rx_group: Mapped[str | None]
    verified: Mapped[bool]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}


class CoverageEventRow(Model):
    """What a person changed on a coverage, when and from where. Rows are added, never changed.

    `changes`, sealed as one, holds the old and new value of each column; of the member id only that it changed. The
    coverage itself may be gone: one that only a schedule named gives way to a checked one.
    """

    __tablename__ = "coverage_event"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patient.practice_id", "patient.id"], ondelete="CASCADE"),
        Index("ix_coverage_event_patient", "practice_id", "patient_id", "id"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    patient_id: Mapped[UUID]
    coverage_id: Mapped[UUID]
    at: Mapped[datetime]
    via: Mapped[str]
    user_id: Mapped[UUID | None]
    changes: Mapped[Sealed]


class EligibilityCheckRow(Model):
    """One asking of a plan about a coverage. Rows are added; only that a check was taken back is written later.

    `said`, sealed as one, holds plan, benefits and words. The coverage itself may be gone: one that only a schedule
    named gives way to a checked one.
    """

    __tablename__ = "eligibility_check"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patient.practice_id", "patient.id"]),
        UniqueConstraint("practice_id", "coverage_id", "digest", name="uq_eligibility_check_answer"),
        UniqueConstraint("practice_id", "document_id", "record_number", name="uq_eligibility_check_record"),
        Index("ix_eligibility_check_coverage", "practice_id", "coverage_id", "answered_on", "at", "id"),
        Index("ix_eligibility_check_patient", "practice_id", "patient_id"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    patient_id: Mapped[UUID]
    coverage_id: Mapped[UUID]
    method: Mapped[Method] = mapped_column(choice(Method))
    result: Mapped[Answered] = mapped_column(choice(Answered))
    answered_on: Mapped[date]
    at: Mapped[datetime]
    service_day: Mapped[date | None]
    user_id: Mapped[UUID | None]
    document_id: Mapped[UUID | None]
    record_number: Mapped[int | None]
    reference: Mapped[Sealed | None]
    said: Mapped[Sealed]
    digest: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    taken_back_at: Mapped[datetime | None]
