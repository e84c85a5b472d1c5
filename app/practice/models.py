"""Tables of practices, sites, providers, participation, and the people who sign in."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.db import JsonText, Model, choice
from app.platform.sealed import Sealed
from app.practice.facts import Density, Network, Theme

_PRACTICE = ["practice_id"], ["practice.id"]


class PracticeRow(Model):
    """One practice. Every other table of its data names it."""

    __tablename__ = "practice"
    __table_args__ = (PrimaryKeyConstraint("id"),)
    id: Mapped[UUID]
    name: Mapped[str]
    zone: Mapped[str]
    state: Mapped[str | None]
    group_npi: Mapped[str | None]
    sample: Mapped[bool]
    set_up: Mapped[bool]


class SiteRow(Model):
    """One place of work, known by its name or its code."""

    __tablename__ = "site"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(*_PRACTICE),
        UniqueConstraint("practice_id", "name", name="uq_site_name"),
        UniqueConstraint("practice_id", "code", name="uq_site_code"),
        CheckConstraint("fresh_days >= 0", name="fresh_days_not_negative"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    name: Mapped[str]
    code: Mapped[str | None]
    zone: Mapped[str]
    state: Mapped[str | None]
    fresh_days: Mapped[int]
    unreviewed: Mapped[bool]


class ProviderRow(Model):
    """One person who renders or bills services, known by the NPI."""

    __tablename__ = "provider"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(*_PRACTICE),
        UniqueConstraint("practice_id", "npi", name="uq_provider_npi"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    npi: Mapped[str]
    name: Mapped[str | None]
    group_npi: Mapped[str | None]
    unreviewed: Mapped[bool]


class ParticipationRow(Model):
    """The practice's word on a provider in a payer's network. A later word adds a row; nothing is overwritten."""

    __tablename__ = "participation"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(*_PRACTICE),
        CheckConstraint("begins <= ends", name="begins_before_it_ends"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    payer: Mapped[str]
    plan: Mapped[str | None]
    provider_npi: Mapped[str]
    network: Mapped[Network] = mapped_column(choice(Network))
    begins: Mapped[date | None]
    ends: Mapped[date | None]


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
    locked_until: Mapped[datetime | None]


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


class SkippedStepRow(Model):
    """A step of the first hour that the practice goes without."""

    __tablename__ = "skipped_step"
    __table_args__ = (PrimaryKeyConstraint("practice_id", "step"), ForeignKeyConstraint(*_PRACTICE))
    practice_id: Mapped[UUID]
    step: Mapped[str]
    skipped_at: Mapped[datetime]
