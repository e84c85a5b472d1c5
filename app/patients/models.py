"""Tables of patients. Every direct identifier is sealed and found by blind indexes only."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.patients.facts import ContactWay, WaySaid
from app.platform.db import Model, choice
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
    language: Mapped[Sealed | None]
    text_consent: Mapped[bool]
    no_coverage_on: Mapped[date | None]
    no_coverage_source: Mapped[str | None]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}


class PatientSearchKeyRow(Model):
    """One blind index under which a patient is found: of a part of a name, a phone number, a member id and the like.

    Keys are added and never changed: what a key finds is compared with what is on file before it is shown.
    """

    __tablename__ = "patient_search_key"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "key", "patient_id"),
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patient.practice_id", "patient.id"], ondelete="CASCADE"),
        Index("ix_patient_search_key_patient", "practice_id", "patient_id"),
        {"sqlite_with_rowid": False},
    )
    practice_id: Mapped[UUID]
    key: Mapped[bytes] = mapped_column(LargeBinary(16))
    patient_id: Mapped[UUID]


class FormerNumberRow(Model):
    """A record number under which a patient was known before a merge. `id` is that of the patient who is no more."""

    __tablename__ = "patient_former_number"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patient.practice_id", "patient.id"]),
        UniqueConstraint("practice_id", "mrn_index", name="uq_patient_former_number_mrn_index"),
        Index("ix_patient_former_number_patient", "practice_id", "patient_id"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    mrn: Mapped[Sealed]
    mrn_index: Mapped[bytes] = mapped_column(LargeBinary(16))
    patient_id: Mapped[UUID]
    at: Mapped[datetime]


class PatientWishRow(Model):
    """What a person wished, when, and who recorded it. Rows are added, never changed; the last one holds."""

    __tablename__ = "patient_wish"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patient.practice_id", "patient.id"], ondelete="CASCADE"),
        Index("ix_patient_wish_patient", "practice_id", "patient_id", "id"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    patient_id: Mapped[UUID]
    at: Mapped[datetime]
    user_id: Mapped[UUID | None]
    via: Mapped[str]
    text_consent: Mapped[bool]
    said: Mapped[WaySaid | None] = mapped_column(choice(WaySaid))
    contact: Mapped[ContactWay | None] = mapped_column(choice(ContactWay))
