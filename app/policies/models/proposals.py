"""Tables of rule sets that were put forward, and of what was done with them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.db import Model, choice
from app.platform.sealed import Sealed
from app.policies.facts.proposals import Origin, ProposalAct


class RuleProposalRow(Model):
    """A rule set that was put forward. Never changed: what became of it are acts."""

    __tablename__ = "rule_proposal"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id"], ["practice.id"]),
        ForeignKeyConstraint(["version"], ["rule_set.version"]),
        Index("ix_rule_proposal_files", "practice_id", "files"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    version: Mapped[str]
    files: Mapped[str]
    origin: Mapped[Origin] = mapped_column(choice(Origin))
    folder: Mapped[str | None]
    at: Mapped[datetime]
    by: Mapped[UUID | None]


class RuleProposalActRow(Model):
    """One act with a proposal or with the rules in force, under the id of the form: done twice, it counts once."""

    __tablename__ = "rule_proposal_act"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id"], ["practice.id"]),
        ForeignKeyConstraint(["practice_id", "proposal_id"], ["rule_proposal.practice_id", "rule_proposal.id"]),
        ForeignKeyConstraint(["practice_id", "in_force_id"], ["rule_set_in_force.practice_id", "rule_set_in_force.id"]),
        CheckConstraint("(kind = 'restore') = (proposal_id IS NULL)", name="of_a_proposal"),
        CheckConstraint("kind NOT IN ('accept', 'restore') OR in_force_id IS NOT NULL", name="puts_in_force"),
        CheckConstraint("kind <> 'reject' OR reason IS NOT NULL", name="says_why"),
        Index("ix_rule_proposal_act_proposal", "practice_id", "proposal_id"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    proposal_id: Mapped[UUID | None]
    kind: Mapped[ProposalAct] = mapped_column(choice(ProposalAct))
    basis: Mapped[str]
    in_force_id: Mapped[UUID | None]
    reason: Mapped[Sealed | None]
    at: Mapped[datetime]
    by: Mapped[UUID | None]
