"""Tables of the people who sign in, their browsers, their wishes and their kept forms."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.db import JsonText, Model, choice
from app.platform.sealed import Sealed
from app.practice.facts.staff import Density, Factor, Theme
from app.practice.models.practice import _PRACTICE


class StaffRow(Model):
    """One person who may sign in. The address is a work address of the practice's staff, not a patient's."""

    __tablename__ = "staff"
    __table_args__ = (
        PrimaryKeyConstraint("id"),
        UniqueConstraint("practice_id", "id"),
        UniqueConstraint("email", name="uq_staff_email"),
        ForeignKeyConstraint(*_PRACTICE),
        CheckConstraint("failures >= 0", name="failures_not_negative"),
    )
    id: Mapped[UUID]
    practice_id: Mapped[UUID]
    email: Mapped[str]
    name: Mapped[str]
    roles: Mapped[Any] = mapped_column(JsonText, nullable=False)
    active: Mapped[bool]
    password_hash: Mapped[str]
    failures: Mapped[int]
    all_sites: Mapped[bool]
    provider_npi: Mapped[str | None]
    must_change: Mapped[bool]
    signed_in_at: Mapped[datetime | None]


class StaffSightRow(Model):
    """One of the sites in the sight of a person who does not see them all."""

    __tablename__ = "staff_sight"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "staff_id", "site_id"),
        ForeignKeyConstraint(["practice_id", "staff_id"], ["staff.practice_id", "staff.id"]),
        ForeignKeyConstraint(["practice_id", "site_id"], ["site.practice_id", "site.id"]),
        Index("ix_staff_sight_site", "practice_id", "site_id"),
    )
    practice_id: Mapped[UUID]
    staff_id: Mapped[UUID]
    site_id: Mapped[UUID]


class StaffSessionRow(Model):
    """One signed-in browser. The cookie holds its id; ending it here ends it everywhere."""

    __tablename__ = "staff_session"
    __table_args__ = (
        PrimaryKeyConstraint("id"),
        UniqueConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "staff_id"], ["staff.practice_id", "staff.id"]),
    )
    id: Mapped[UUID]
    practice_id: Mapped[UUID]
    staff_id: Mapped[UUID]
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    fresh_at: Mapped[datetime]
    factor: Mapped[Factor | None] = mapped_column(choice(Factor))
    agent: Mapped[str]
    source: Mapped[str | None]


class StaffLookRow(Model):
    """How one person wants the pages; without a row they are as the program comes."""

    __tablename__ = "staff_look"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "staff_id"),
        ForeignKeyConstraint(["practice_id", "staff_id"], ["staff.practice_id", "staff.id"]),
    )
    practice_id: Mapped[UUID]
    staff_id: Mapped[UUID]
    theme: Mapped[Theme] = mapped_column(choice(Theme))
    density: Mapped[Density] = mapped_column(choice(Density))
    single_keys: Mapped[bool]


class KeptFormRow(Model):
    """A form that came when its person was signed out, sealed until the person decides, at most twelve hours."""

    __tablename__ = "kept_form"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "staff_id"], ["staff.practice_id", "staff.id"]),
        CheckConstraint("files >= 0", name="files_not_negative"),
        Index("ix_kept_form_staff", "practice_id", "staff_id"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    staff_id: Mapped[UUID]
    path: Mapped[str]
    typed: Mapped[Sealed]
    files: Mapped[int]
    saved_at: Mapped[datetime]
