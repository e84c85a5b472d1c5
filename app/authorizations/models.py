"""Tables of authorizations and of what happened to them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.authorizations.facts import Kind, Status
from app.platform.db import Model, choice
from app.platform.sealed import Sealed
from app.values.insurance import Channel


class AuthorizationRow(Model):
    """One authorization as it stands; how it came to stand so is in `authorization_event`.

    `items` holds codes, counts and units used as one compact text (authorizations/rules/items.py), read in one go for a
    whole book. `raw_status` is the word that the practice's own log used. `natural_key` is a blind index of the key by
    which an import knows the authorization again. What people write down and the payer's numbers are sealed.
    """

    __tablename__ = "authorization"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "patient_id"], ["patient.practice_id", "patient.id"]),
        ForeignKeyConstraint(["practice_id", "site_id"], ["site.practice_id", "site.id"]),
        UniqueConstraint("practice_id", "patient_id", "natural_key", name="uq_authorization_natural_key"),
        Index("ix_authorization_payer", "practice_id", "payer", "patient_id"),
        Index("ix_authorization_decided", "practice_id", "payer", "decided_on"),
        Index("ix_authorization_parent", "practice_id", "parent_id"),
        CheckConstraint("begins <= ends", name="begins_before_it_ends"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    patient_id: Mapped[UUID]
    natural_key: Mapped[str]
    payer: Mapped[str]
    payer_name: Mapped[str]
    status: Mapped[Status] = mapped_column(choice(Status))
    raw_status: Mapped[str]
    kind: Mapped[Kind] = mapped_column(choice(Kind))
    items: Mapped[str]
    drug: Mapped[str | None]
    ndc: Mapped[str | None]
    member_id: Mapped[Sealed | None]
    member_whole: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    member_base: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    member_cut: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    plan: Mapped[str | None]
    plan_id: Mapped[str | None]
    group_number: Mapped[str | None]
    number: Mapped[Sealed | None]
    reference: Mapped[Sealed | None]
    begins: Mapped[date | None]
    ends: Mapped[date | None]
    no_end: Mapped[bool]
    diagnoses: Mapped[str]
    provider_npi: Mapped[str | None]
    provider_group: Mapped[str | None]
    provider_binds: Mapped[bool]
    site_id: Mapped[UUID | None]
    places: Mapped[str]
    channel: Mapped[Channel | None] = mapped_column(choice(Channel))
    urgent: Mapped[bool]
    requested_on: Mapped[date | None]
    decided_on: Mapped[date | None]
    denial_reason: Mapped[Sealed | None]
    used_on: Mapped[date | None]
    owner: Mapped[Sealed | None]
    next_action: Mapped[Sealed | None]
    next_action_on: Mapped[date | None]
    submitted_by_channel: Mapped[Sealed | None]
    representative: Mapped[Sealed | None]
    call_reference: Mapped[Sealed | None]
    note: Mapped[Sealed | None]
    requested: Mapped[str] = mapped_column(server_default="")
    parent_id: Mapped[UUID | None]
    verbal: Mapped[bool] = mapped_column(server_default=false())
    too_early_until: Mapped[date | None]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}


class AuthorizationEventRow(Model):
    """What changed on an authorization, when and from where. Rows are added, never changed.

    `changes`, sealed as one, holds the old and new value of each field; rows of before 0025 hold of some only that they
    changed. Rows stand in the order of `at`: an id may be older than its row, since forms bring it.
    """

    __tablename__ = "authorization_event"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "authorization_id"], ["authorization.practice_id", "authorization.id"]),
        Index("ix_authorization_event_authorization", "practice_id", "authorization_id", "id"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    authorization_id: Mapped[UUID]
    at: Mapped[datetime]
    via: Mapped[str]
    user_id: Mapped[UUID | None]
    changes: Mapped[Sealed]
