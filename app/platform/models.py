"""Tables of what runs by itself: the runs of jobs, and the watchdog's alarms."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, PrimaryKeyConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.db import JsonText, Model

_PRACTICE = ["practice_id"], ["practice.id"]
FAILED = "(incident IS NOT NULL OR failed > 0)"
"""What the index of failed runs holds: a query that says it in the same words may use it."""


class JobRunRow(Model):
    """One run of a job; runs in a row that found nothing, or broke, share one row."""

    __tablename__ = "job_run"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(*_PRACTICE),
        CheckConstraint("began_at <= ended_at", name="began_before_it_ended"),
        CheckConstraint("times >= 1", name="at_least_once"),
        CheckConstraint("found >= 0 AND done >= 0 AND failed >= 0", name="counts_not_negative"),
        Index("ix_job_run_latest", "practice_id", "name", "ended_at"),
        Index("ix_job_run_ended", "practice_id", "ended_at"),
        Index(
            "ix_job_run_failed",
            "practice_id",
            "ended_at",
            sqlite_where=text(FAILED),
            postgresql_where=text(FAILED),
        ),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    name: Mapped[str]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    times: Mapped[int]
    found: Mapped[int]
    done: Mapped[int]
    failed: Mapped[int]
    incident: Mapped[str | None]


class WatchdogAlarmRow(Model):
    """Reminders stood still: at most one open alarm a practice, so that two web workers raise it once."""

    __tablename__ = "watchdog_alarm"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(*_PRACTICE),
        CheckConstraint("behind >= 0 AND attempts >= 0", name="counts_not_negative"),
        Index(
            "uq_watchdog_alarm_open",
            "practice_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    since: Mapped[datetime]
    found_at: Mapped[datetime]
    behind: Mapped[int]
    told: Mapped[Any] = mapped_column(JsonText)
    attempts: Mapped[int]
    next_try_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class KeyCheckRow(Model):
    """A key that belongs to this database, by its name (`sealing-1`), and what it makes of a fixed text; no key.

    `replaced_at`: another key took over; nothing new is written under this one. `retired_at`: nothing is left under it.
    """

    __tablename__ = "key_check"
    __table_args__ = (PrimaryKeyConstraint("key"),)
    key: Mapped[str]
    value: Mapped[bytes] = mapped_column(LargeBinary(16))
    since: Mapped[datetime]
    replaced_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]
