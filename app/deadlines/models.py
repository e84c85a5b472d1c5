"""Tables of what the clocks of a case run from. They hang on an authorization: while they are there, it stays.

Each row says who recorded it and when. What is recorded twice is corrected in place; the audit log keeps every hand.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from app.deadlines.facts import AppealOutcome, TalkOutcome
from app.platform.db import Model, choice
from app.platform.sealed import Sealed

_OF_AN_AUTHORIZATION = ["authorization.practice_id", "authorization.id"]
_OF_A_PERSON = ["staff.practice_id", "staff.id"]


class CaseReceiptRow(Model):
    """When the payer received a request. `id` is the authorization's; `extension_on` the day of the payer's notice."""

    __tablename__ = "case_receipt"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "id"], _OF_AN_AUTHORIZATION),
        CheckConstraint("extension_on >= received_on", name="extended_after_receipt"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    received_on: Mapped[date]
    received_at: Mapped[datetime | None]
    urgent: Mapped[bool]
    extension_on: Mapped[date | None]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID | None]


class InformationRequestRow(Model):
    """What the payer asked for. Due at an instant, else on a whole day, else on no day that we know."""

    __tablename__ = "information_request"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "authorization_id"], _OF_AN_AUTHORIZATION),
        CheckConstraint("due_at >= asked_at", name="due_after_it_was_asked"),
        CheckConstraint("answered_at >= asked_at", name="answered_after_it_was_asked"),
        Index("ix_information_request_authorization", "practice_id", "authorization_id"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    authorization_id: Mapped[UUID]
    asked_at: Mapped[datetime]
    due_on: Mapped[date | None]
    due_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID | None]


class PeerToPeerRow(Model):
    """A call between physicians that the payer offered, until when, for when it was booked, and when it was held."""

    __tablename__ = "peer_to_peer"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "authorization_id"], _OF_AN_AUTHORIZATION),
        CheckConstraint("closes_at >= offered_at", name="closes_after_it_was_offered"),
        CheckConstraint("held_at >= offered_at", name="held_after_it_was_offered"),
        CheckConstraint("booked_for >= offered_at", name="booked_after_it_was_offered"),
        CheckConstraint("outcome IS NULL OR held_at IS NOT NULL", name="outcome_of_a_call_that_was_held"),
        Index("ix_peer_to_peer_authorization", "practice_id", "authorization_id"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    authorization_id: Mapped[UUID]
    offered_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    held_at: Mapped[datetime | None]
    booked_for: Mapped[datetime | None]
    provider_id: Mapped[UUID | None]
    payer_line: Mapped[Sealed | None]
    payer_person: Mapped[Sealed | None]
    reference: Mapped[Sealed | None]
    outcome: Mapped[TalkOutcome | None] = mapped_column(choice(TalkOutcome))
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID | None]


class AppealLevelRow(Model):
    """One level of appeal: the denial that opened it, the last day of its own window, and what came of it."""

    __tablename__ = "appeal_level"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "authorization_id"], _OF_AN_AUTHORIZATION),
        UniqueConstraint("practice_id", "authorization_id", "level", "denied_on", name="uq_appeal_level_denied_on"),
        CheckConstraint("level >= 1", name="level_from_one"),
        CheckConstraint("window_ends >= denied_on", name="window_ends_after_the_denial"),
        CheckConstraint("filed_on >= denied_on", name="filed_after_the_denial"),
        CheckConstraint(
            "decided_on IS NULL OR (filed_on IS NOT NULL AND decided_on >= filed_on)", name="decided_after_it_was_filed"
        ),
        CheckConstraint("outcome IS NULL OR decided_on IS NOT NULL", name="outcome_of_a_decided_level"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    authorization_id: Mapped[UUID]
    level: Mapped[int]
    denied_on: Mapped[date]
    window_ends: Mapped[date]
    filed_on: Mapped[date | None]
    decided_on: Mapped[date | None]
    external: Mapped[bool] = mapped_column(server_default=false())
    reference: Mapped[Sealed | None]
    outcome: Mapped[AppealOutcome | None] = mapped_column(choice(AppealOutcome))
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID | None]


class CaseOwnerRow(Model):
    """Whose a case is. `id` is the authorization's; `owner_id` NULL: nobody's any more. `version` counts its hands."""

    __tablename__ = "case_owner"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "id"], _OF_AN_AUTHORIZATION),
        ForeignKeyConstraint(["practice_id", "owner_id"], _OF_A_PERSON),
        Index("ix_case_owner_owner", "practice_id", "owner_id"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    owner_id: Mapped[UUID | None]
    by_id: Mapped[UUID | None]
    at: Mapped[datetime]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}
