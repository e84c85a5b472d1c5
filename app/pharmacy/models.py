"""Tables of how drugs come to a visit. They hang on an authorization: while they are there, it stays."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.pharmacy.facts import SupplyPlan, SupplyStep
from app.platform.db import Model, choice
from app.platform.sealed import Sealed


class DrugSupplyRow(Model):
    """Who brings the drug of a case. `id` is the authorization's; `version` counts its hands."""

    __tablename__ = "drug_supply"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "id"], ["authorization.practice_id", "authorization.id"]),
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patient.practice_id", "patient.id"]),
        Index("ix_drug_supply_patient", "practice_id", "patient_id"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    patient_id: Mapped[UUID]
    plan: Mapped[SupplyPlan] = mapped_column(choice(SupplyPlan))
    set_at: Mapped[datetime]
    set_by: Mapped[UUID | None]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}


class SupplyMarkRow(Model):
    """One step of a drug's way that was done. Rows are added, and taken back once; what came belongs to `received`."""

    __tablename__ = "supply_mark"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "supply_id"], ["drug_supply.practice_id", "drug_supply.id"]),
        ForeignKeyConstraint(["practice_id", "for_visit"], ["visit.practice_id", "visit.id"]),
        CheckConstraint("doses >= 1", name="doses_from_one"),
        CheckConstraint(
            "step = 'received' OR (lot IS NULL AND ndc IS NULL AND doses IS NULL AND for_visit IS NULL)",
            name="only_what_was_received_came",
        ),
        Index("ix_supply_mark_supply", "practice_id", "supply_id", "id"),
        Index("ix_supply_mark_visit", "practice_id", "for_visit"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    supply_id: Mapped[UUID]
    step: Mapped[SupplyStep] = mapped_column(choice(SupplyStep))
    done_on: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID | None]
    lot: Mapped[Sealed | None]
    ndc: Mapped[str | None]
    doses: Mapped[int | None]
    for_visit: Mapped[UUID | None]
    taken_back_at: Mapped[datetime | None]
    taken_back_by: Mapped[UUID | None]
