"""Tables of who verified which rule of the library when, what rests on it, and what the practice corrected of it."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.db import Model, choice
from app.platform.sealed import Sealed
from app.policies.facts.answers import BasisKind


class RuleVerificationRow(Model):
    """A person of the practice found a rule of the library to be as it is written, on a day and in a way.

    `content` is the hash of the rule as it stood: a rule that says otherwise since is not verified. Who and when stand
    with the action.
    """

    __tablename__ = "rule_verification"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "action_id"], ["rule_action.practice_id", "rule_action.id"]),
        Index("ix_rule_verification_payer", "practice_id", "payer", "ref"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    action_id: Mapped[UUID]
    payer: Mapped[str]
    ref: Mapped[str]
    content: Mapped[str]
    verified_on: Mapped[date]
    how: Mapped[BasisKind] = mapped_column(choice(BasisKind))
    note: Mapped[Sealed]


class RuleInUseRow(Model):
    """How many booked visits and open cases rest on a rule of the library: derived, counted anew by a job."""

    __tablename__ = "rule_in_use"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "ref"),
        ForeignKeyConstraint(["practice_id"], ["practice.id"]),
        CheckConstraint("visits >= 0 AND cases >= 0", name="counted"),
    )
    practice_id: Mapped[UUID]
    ref: Mapped[str]
    visits: Mapped[int]
    cases: Mapped[int]


class CorrectedRuleRow(Model):
    """A rule of the library that a practice's rule corrected, as it stood then: its hash and the rule set's version."""

    __tablename__ = "corrected_rule"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "rule_id", "ref"),
        ForeignKeyConstraint(["practice_id", "rule_id"], ["practice_rule.practice_id", "practice_rule.id"]),
    )
    practice_id: Mapped[UUID]
    rule_id: Mapped[UUID]
    ref: Mapped[str]
    content: Mapped[str]
    version: Mapped[str]


class PatientAnswerOriginRow(Model):
    """The action that made an answer for a patient, and the answer that it goes on from, where there is one."""

    __tablename__ = "patient_answer_origin"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "id"], ["patient_answer.practice_id", "patient_answer.id"]),
        ForeignKeyConstraint(["practice_id", "action_id"], ["rule_action.practice_id", "rule_action.id"]),
        ForeignKeyConstraint(["practice_id", "renews"], ["patient_answer.practice_id", "patient_answer.id"]),
        Index("ix_patient_answer_origin_action", "practice_id", "action_id"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    action_id: Mapped[UUID]
    renews: Mapped[UUID | None]
