"""Tables of practices, sites, providers and participation."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.db import Model, choice
from app.practice.facts.practice import Network

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
    second_factor: Mapped[bool]
    restored_at: Mapped[datetime | None]


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


class SkippedStepRow(Model):
    """A step of the first hour that the practice goes without."""

    __tablename__ = "skipped_step"
    __table_args__ = (PrimaryKeyConstraint("practice_id", "step"), ForeignKeyConstraint(*_PRACTICE))
    practice_id: Mapped[UUID]
    step: Mapped[str]
    skipped_at: Mapped[datetime]
