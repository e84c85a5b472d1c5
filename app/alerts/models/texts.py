"""Tables of texts: how the practice names itself, numbers that ended them, what came in, and what people sent."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary, PrimaryKeyConstraint, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.alerts.facts.outbox import Language
from app.alerts.facts.texts import HowStopped, Meaning
from app.platform.db import JsonText, Model, choice
from app.platform.sealed import Sealed

_PRACTICE = ["practice_id"], ["practice.id"]


class PracticeTextsRow(Model):
    """How a practice names itself in patients' texts, and its own phone. Without a row no patient is texted."""

    __tablename__ = "practice_texts"
    __table_args__ = (PrimaryKeyConstraint("practice_id"), ForeignKeyConstraint(*_PRACTICE))
    practice_id: Mapped[UUID]
    short_name: Mapped[str]
    phone: Mapped[str]
    provider_answers_stop: Mapped[bool]
    language: Mapped[Language] = mapped_column(choice(Language))


class TextStopRow(Model):
    """Texts to one number ended. Rows are kept; at most one of a number is not lifted.

    The number is sealed and found by the same blind index as a person's own number (`staff_contact.phone_key`).
    """

    __tablename__ = "text_stop"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(*_PRACTICE),
        Index(
            "uq_text_stop_number",
            "practice_id",
            "number_key",
            unique=True,
            sqlite_where=text("lifted_at IS NULL"),
            postgresql_where=text("lifted_at IS NULL"),
        ),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    number_key: Mapped[bytes] = mapped_column(LargeBinary(16))
    number: Mapped[Sealed]
    stopped_at: Mapped[datetime]
    how: Mapped[HowStopped] = mapped_column(choice(HowStopped))
    recorded_by: Mapped[UUID | None]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[UUID | None]


class TextReplyRow(Model):
    """One text that came in, sealed. `sid` is the provider's id: the same one twice is one text.

    `held`: it waits for a person, and holds further texts to its number until `read_at`.
    """

    __tablename__ = "text_reply"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(*_PRACTICE),
        UniqueConstraint("practice_id", "sid", name="uq_text_reply_sid"),
        Index("ix_text_reply_number", "practice_id", "number_key", "at"),
        Index(
            "ix_text_reply_unread",
            "practice_id",
            "number_key",
            sqlite_where=text("held AND read_at IS NULL"),
            postgresql_where=text("held AND read_at IS NULL"),
        ),
        Index("ix_text_reply_held", "practice_id", "held", "id"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    sid: Mapped[str]
    number_key: Mapped[bytes] = mapped_column(LargeBinary(16))
    number: Mapped[Sealed]
    body: Mapped[Sealed]
    at: Mapped[datetime]
    meaning: Mapped[Meaning] = mapped_column(choice(Meaning))
    staff_id: Mapped[UUID | None]
    patients: Mapped[Any] = mapped_column(JsonText, nullable=False)
    held: Mapped[bool]
    read_at: Mapped[datetime | None]
    read_by: Mapped[UUID | None]


class TextReplyPatientRow(Model):
    """Whose number a text came from: what the list asks for whoever does not see every patient. As in `patients`."""

    __tablename__ = "text_reply_patient"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "reply_id", "patient_id"),
        ForeignKeyConstraint(["practice_id", "reply_id"], ["text_reply.practice_id", "text_reply.id"]),
    )
    practice_id: Mapped[UUID]
    reply_id: Mapped[UUID]
    patient_id: Mapped[UUID]


class PatientTextRow(Model):
    """One text to a patient, under the id of its message. Not tied to the patient: an undone import keeps it."""

    __tablename__ = "patient_text"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(*_PRACTICE),
        Index("ix_patient_text_patient", "practice_id", "patient_id", "id"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    patient_id: Mapped[UUID]
    visit_id: Mapped[UUID | None]
    template: Mapped[str]
    language: Mapped[Language] = mapped_column(choice(Language))
    sent_at: Mapped[datetime]
    sent_by: Mapped[UUID | None]
    taken_back_at: Mapped[datetime | None]
