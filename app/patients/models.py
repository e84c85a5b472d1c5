"""The table of patients. Every direct identifier is sealed; the medical record number is found by its blind index."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, LargeBinary, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.db import Model
from app.platform.sealed import Sealed


class PatientRow(Model):
    """One person.

    `no_coverage_on`: the day on which the practice said that there is no insurance; None: it did not.
    `no_coverage_source`: the kind of file that said it; the word of a coverage table outweighs that of a schedule.
    """

    __tablename__ = "patient"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id"], ["practice.id"]),
        UniqueConstraint("practice_id", "mrn_index", name="uq_patient_mrn_index"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    mrn: Mapped[Sealed]
    mrn_index: Mapped[bytes] = mapped_column(LargeBinary(16))
    last_name: Mapped[Sealed]
    first_name: Mapped[Sealed]
    birth_date: Mapped[Sealed | None]
    phone: Mapped[Sealed | None]
    email: Mapped[Sealed | None]
    address: Mapped[Sealed | None]
    language: Mapped[str | None]
    text_consent: Mapped[bool]
    no_coverage_on: Mapped[date | None]
    no_coverage_source: Mapped[str | None]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}
