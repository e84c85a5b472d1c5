"""Tables of payer rules: every rule set ever used, what a practice confirmed, what payers said for patients."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.db import JsonText, Model, choice
from app.platform.sealed import Sealed
from app.policies.facts.answers import BasisKind, Need
from app.policies.facts.records import RuleAct
from app.values.insurance import Channel

_PRACTICE = ["practice_id"], ["practice.id"]


class RuleSetRow(Model):
    """A rule set that has passed the loader's checks, by the hash of its content. Never changed, never deleted."""

    __tablename__ = "rule_set"
    __table_args__ = (PrimaryKeyConstraint("version"),)
    version: Mapped[str]
    content: Mapped[str] = mapped_column(Text)


class RuleSetInForceRow(Model):
    """From when a rule set was in force at a practice; the latest is in force. `files` is the hash of its files."""

    __tablename__ = "rule_set_in_force"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(*_PRACTICE),
        ForeignKeyConstraint(["version"], ["rule_set.version"]),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    version: Mapped[str]
    files: Mapped[str]
    shipped: Mapped[bool]
    since: Mapped[datetime]


class PayerRow(Model):
    """A payer that a file named and the library does not know."""

    __tablename__ = "payer"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(*_PRACTICE),
        UniqueConstraint("practice_id", "key", name="uq_payer_key"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    key: Mapped[str]
    name: Mapped[str]


class PayerMatchRow(Model):
    """What a person said of a payer's name in files: the same as a payer of the library, or (`payer` empty) its own.

    `folded` is the name without case, spaces and punctuation. `local` is the key that the name stood under; `moved`
    names the rows that were moved from it to `payer`, so that the match can be taken back.
    """

    __tablename__ = "payer_match"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(*_PRACTICE),
        UniqueConstraint("practice_id", "local", name="uq_payer_match_local"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    folded: Mapped[str]
    name: Mapped[str]
    local: Mapped[str]
    payer: Mapped[str | None]
    matched_at: Mapped[datetime]
    user_id: Mapped[UUID | None]
    moved: Mapped[Any] = mapped_column(JsonText, nullable=True)


class PayerChoiceRow(Model):
    """Whether the practice works with a payer. A payer that a file brought counts as on until a person says no."""

    __tablename__ = "payer_choice"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(*_PRACTICE),
        UniqueConstraint("practice_id", "payer", name="uq_payer_choice_payer"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    payer: Mapped[str]
    turned_on: Mapped[bool]
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID | None]


class RuleActionRow(Model):
    """One thing that a person did with practice rules, under the id of the form: done twice, it counts once.

    What an action made holds until another undoes it; nothing is removed.
    """

    __tablename__ = "rule_action"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(*_PRACTICE),
        ForeignKeyConstraint(["practice_id", "undoes"], ["rule_action.practice_id", "rule_action.id"]),
        UniqueConstraint("practice_id", "undoes", name="uq_rule_action_undoes"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    kind: Mapped[RuleAct] = mapped_column(choice(RuleAct))
    at: Mapped[datetime]
    by: Mapped[UUID | None]
    undoes: Mapped[UUID | None]


class PracticeRuleRow(Model):
    """What the practice confirmed of a payer. Appended; ended by rows of its own."""

    __tablename__ = "practice_rule"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(*_PRACTICE),
        CheckConstraint("begins <= ends", name="begins_before_it_ends"),
        Index("ix_practice_rule_payer", "practice_id", "payer"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    payer: Mapped[str]
    codes: Mapped[Any] = mapped_column(JsonText)
    need: Mapped[Need] = mapped_column(choice(Need))
    begins: Mapped[date]
    ends: Mapped[date]
    basis: Mapped[Sealed]
    source_day: Mapped[date | None]
    bounds: Mapped[Any] = mapped_column(JsonText)
    routine: Mapped[bool]
    corrects: Mapped[bool]
    recorded_on: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID | None]


class PracticeRuleEndRow(Model):
    """The last day on which a practice rule answers, for one of its codes or for all (`code` None)."""

    __tablename__ = "practice_rule_end"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "rule_id"], ["practice_rule.practice_id", "practice_rule.id"]),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    rule_id: Mapped[UUID]
    code: Mapped[str | None]
    last_day: Mapped[date]
    reason: Mapped[Sealed]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID | None]


class PracticeRuleOriginRow(Model):
    """Where a practice rule came from: the action that made it, the kind of its basis, the rule that it replaces."""

    __tablename__ = "practice_rule_origin"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "id"], ["practice_rule.practice_id", "practice_rule.id"]),
        ForeignKeyConstraint(["practice_id", "action_id"], ["rule_action.practice_id", "rule_action.id"]),
        ForeignKeyConstraint(["practice_id", "replaces"], ["practice_rule.practice_id", "practice_rule.id"]),
        Index("ix_practice_rule_origin_action", "practice_id", "action_id"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    action_id: Mapped[UUID]
    basis_kind: Mapped[BasisKind | None] = mapped_column(choice(BasisKind))
    replaces: Mapped[UUID | None]


class PracticeRuleEndOriginRow(Model):
    """The action that ended a practice rule."""

    __tablename__ = "practice_rule_end_origin"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "id"], ["practice_rule_end.practice_id", "practice_rule_end.id"]),
        ForeignKeyConstraint(["practice_id", "action_id"], ["rule_action.practice_id", "rule_action.id"]),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    action_id: Mapped[UUID]


class PatientAnswerRow(Model):
    """What a payer said for one patient. Appended, never changed."""

    __tablename__ = "patient_answer"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patient.practice_id", "patient.id"]),
        CheckConstraint("begins <= ends", name="begins_before_it_ends"),
        Index("ix_patient_answer_patient", "practice_id", "patient_id"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    patient_id: Mapped[UUID]
    payer: Mapped[str]
    names: Mapped[Any] = mapped_column(JsonText)
    need: Mapped[Need] = mapped_column(choice(Need))
    begins: Mapped[date]
    ends: Mapped[date]
    said_on: Mapped[date]
    reference: Mapped[Sealed]
    channel: Mapped[Channel | None] = mapped_column(choice(Channel))
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID | None]
