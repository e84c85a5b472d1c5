"""Tables of visits, their service lines, what each visit type means, and when a schedule was last brought in."""

from datetime import date, datetime
from typing import Any
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

from app.platform.db import JsonText, Model, choice
from app.platform.sealed import Sealed
from app.schedule.facts import VisitStatus


class VisitRow(Model):
    """One appointment with what is planned in it. `day` is the site's date of `starts_at`.

    `lines` holds the planned services as one text (schedule/rules.py), `line_ids` 16 bytes for each of them,
    `named_members` 48 bytes for each (the three blind indexes, zeros for none; NULL where no line names a member), and
    `referrals`, sealed, the number that each line names (NULL where none does): so that a whole book is read with one
    row a visit. The index by patient is in the order of judging; the index by day is in the order of the schedule page.
    """

    __tablename__ = "visit"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patient.practice_id", "patient.id"]),
        ForeignKeyConstraint(["practice_id", "site_id"], ["site.practice_id", "site.id"]),
        UniqueConstraint("practice_id", "reference", name="uq_visit_reference"),
        Index("ix_visit_patient", "practice_id", "patient_id", "starts_at", "reference"),
        Index("ix_visit_day", "practice_id", "day", "starts_at", "reference"),
        Index("ix_visit_day_site", "practice_id", "day", "site_id", "status"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    reference: Mapped[str]
    patient_id: Mapped[UUID]
    site_id: Mapped[UUID]
    starts_at: Mapped[datetime]
    day: Mapped[date]
    status: Mapped[VisitStatus] = mapped_column(choice(VisitStatus))
    lines: Mapped[str]
    line_ids: Mapped[bytes] = mapped_column(LargeBinary)
    named_members: Mapped[bytes | None] = mapped_column(LargeBinary)
    referrals: Mapped[Sealed | None]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}


class ServiceLineRow(Model):
    """One planned service: what it is found by, and where it came from. What it says stands in the visit's `lines`.

    `source_place` counts the rows of the visit's file from 0, in the order of the natural key; several lines share it
    where one row's visit type stands for several. `provider_npi` says who renders, empty where nobody is named: whose
    own visits a provider sees is asked here. `row_facts` keeps what such a row itself said, so that a changed
    meaning of the type is applied to it again; the number that it named is sealed beside it, in `row_referral`.
    """

    __tablename__ = "service_line"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "visit_id"], ["visit.practice_id", "visit.id"]),
        UniqueConstraint("practice_id", "visit_id", "position", name="uq_service_line_position"),
        Index("ix_service_line_type_key", "practice_id", "type_key", "visit_id"),
        Index("ix_service_line_code", "practice_id", "code", "visit_id"),
        CheckConstraint("units >= 1", name="at_least_one_unit"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    visit_id: Mapped[UUID]
    position: Mapped[int]
    code: Mapped[str | None]
    units: Mapped[int]
    type_key: Mapped[str | None]
    source_place: Mapped[int]
    provider_npi: Mapped[str]
    row_facts: Mapped[Any] = mapped_column(JsonText, nullable=True)
    row_referral: Mapped[Sealed | None]


class VisitTypeMappingRow(Model):
    """What one of the practice system's appointment types stands for. `type_key` is its name without case or space."""

    __tablename__ = "visit_type_mapping"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id"], ["practice.id"]),
        UniqueConstraint("practice_id", "type_key", name="uq_visit_type_mapping_type"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    name: Mapped[str]
    type_key: Mapped[str]
    lines: Mapped[Any] = mapped_column(JsonText, nullable=False)
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}


class ScheduleImportRow(Model):
    """The days of one site that a schedule file covered, and when it was brought in."""

    __tablename__ = "schedule_import"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "site_id"], ["site.practice_id", "site.id"]),
        Index("ix_schedule_import_at", "practice_id", "imported_at"),
        CheckConstraint("first_day <= last_day", name="first_before_last"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    site_id: Mapped[UUID]
    first_day: Mapped[date]
    last_day: Mapped[date]
    imported_at: Mapped[datetime]
