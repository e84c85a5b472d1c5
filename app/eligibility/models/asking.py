"""Tables of asking payers: how each is asked, files of requests, and the requests themselves."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.eligibility.facts.asking import AskState, Detail
from app.platform.db import Model, choice
from app.platform.sealed import Sealed


class PayerRouteRow(Model):
    """How one payer is asked about coverage."""

    __tablename__ = "payer_route"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "payer"),
        ForeignKeyConstraint(["practice_id"], ["practice.id"]),
    )
    practice_id: Mapped[UUID]
    payer: Mapped[str]
    payer_id: Mapped[str]
    clearinghouse: Mapped[str | None]
    detail: Mapped[Detail] = mapped_column(choice(Detail))
    procedures: Mapped[bool]
    version: Mapped[int]


class EligibilityBatchRow(Model):
    """One file of requests, its bytes sealed: the same bytes go again where it is not clear that they arrived.

    `claimed_at`: since when somebody is sending it. `reply`: what came back at once and waits to be taken.
    """

    __tablename__ = "eligibility_batch"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id"], ["practice.id"]),
        UniqueConstraint("practice_id", "control", name="uq_eligibility_batch_control"),
        Index("ix_eligibility_batch_state", "practice_id", "state", "id"),
        CheckConstraint("control >= 1 AND control <= 999999999", name="control_has_nine_digits"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    clearinghouse: Mapped[str]
    control: Mapped[int]
    state: Mapped[AskState] = mapped_column(choice(AskState))
    made_at: Mapped[datetime]
    asks: Mapped[int]
    tries: Mapped[int]
    claimed_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    code: Mapped[str | None]
    content: Mapped[Sealed]
    reply: Mapped[Sealed | None]


class EligibilityAskRow(Model):
    """One request about one coverage. The database refuses a second one about the same coverage on one day."""

    __tablename__ = "eligibility_ask"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "batch_id"], ["eligibility_batch.practice_id", "eligibility_batch.id"]),
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patient.practice_id", "patient.id"]),
        ForeignKeyConstraint(["practice_id", "coverage_id"], ["coverage.practice_id", "coverage.id"]),
        UniqueConstraint("practice_id", "coverage_id", "asked_on", name="uq_eligibility_ask_once_a_day"),
        UniqueConstraint("practice_id", "trace", name="uq_eligibility_ask_trace"),
        Index("ix_eligibility_ask_batch", "practice_id", "batch_id"),
        Index("ix_eligibility_ask_patient", "practice_id", "patient_id"),
        Index("ix_eligibility_ask_state", "practice_id", "state", "asked_on"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    batch_id: Mapped[UUID]
    number: Mapped[int]
    patient_id: Mapped[UUID]
    coverage_id: Mapped[UUID]
    trace: Mapped[str]
    asked_on: Mapped[date]
    service_day: Mapped[date]
    state: Mapped[AskState] = mapped_column(choice(AskState))
    ended_at: Mapped[datetime | None]
    code: Mapped[str | None]
