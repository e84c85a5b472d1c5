"""Tables of the API: tokens, the sites in their sight, and the first answers that were given under a key."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.db import JsonText, Model
from app.platform.sealed import Sealed


class ApiTokenRow(Model):
    """One token. `digest` is the SHA-256 of its secret. `counted` requests were made in the minute `counted_in`."""

    __tablename__ = "api_token"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id"], ["practice.id"]),
        UniqueConstraint("digest", name="uq_api_token_digest"),
        UniqueConstraint("practice_id", "name", name="uq_api_token_name"),
        CheckConstraint("made_at < expires_at", name="made_before_it_expires"),
        CheckConstraint("per_minute >= 1 AND counted >= 0", name="counts_not_negative"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    name: Mapped[str]
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    scopes: Mapped[Any] = mapped_column(JsonText, nullable=False)
    all_sites: Mapped[bool]
    per_minute: Mapped[int]
    made_at: Mapped[datetime]
    made_by: Mapped[UUID | None]
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    counted_in: Mapped[datetime | None]
    counted: Mapped[int]


class ApiTokenSightRow(Model):
    """One of the sites in the sight of a token that does not see them all."""

    __tablename__ = "api_token_sight"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "token_id", "site_id"),
        ForeignKeyConstraint(["practice_id", "token_id"], ["api_token.practice_id", "api_token.id"]),
        ForeignKeyConstraint(["practice_id", "site_id"], ["site.practice_id", "site.id"]),
        Index("ix_api_token_sight_site", "practice_id", "site_id"),
    )
    practice_id: Mapped[UUID]
    token_id: Mapped[UUID]
    site_id: Mapped[UUID]


class ApiAnswerRow(Model):
    """The first answer to a request that carried an Idempotency-Key, written with what the request did.

    `key_index` and `request_index` are blind indexes of the key, and of what was asked: the same key with another
    content is known without keeping the content. The answer itself is sealed.
    """

    __tablename__ = "api_answer"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(["practice_id", "token_id"], ["api_token.practice_id", "api_token.id"]),
        UniqueConstraint("practice_id", "token_id", "key_index", name="uq_api_answer_key"),
        Index("ix_api_answer_at", "practice_id", "at"),
        CheckConstraint("status BETWEEN 200 AND 299", name="of_what_was_done"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    token_id: Mapped[UUID]
    key_index: Mapped[bytes] = mapped_column(LargeBinary(16))
    request_index: Mapped[bytes] = mapped_column(LargeBinary(16))
    at: Mapped[datetime]
    status: Mapped[int]
    answer: Mapped[Sealed]
