"""Tables of second factors, recovery codes, sign-ins under way, and what holds guessing back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.db import Model, choice
from app.platform.sealed import Sealed
from app.practice.facts.factors import Purpose
from app.practice.facts.staff import Factor

_STAFF = ["practice_id", "staff_id"], ["staff.practice_id", "staff.id"]


class StaffFactorRow(Model):
    """One authenticator app (its secret sealed) or passkey of one person."""

    __tablename__ = "staff_factor"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(*_STAFF),
        UniqueConstraint("credential", name="uq_staff_factor_credential"),
        CheckConstraint(
            "kind = 'totp' AND secret IS NOT NULL OR kind = 'passkey' AND credential IS NOT NULL"
            " AND public_key IS NOT NULL AND sign_count IS NOT NULL",
            name="whole",
        ),
        Index("ix_staff_factor_staff", "practice_id", "staff_id"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    staff_id: Mapped[UUID]
    kind: Mapped[Factor] = mapped_column(choice(Factor))
    name: Mapped[str]
    added_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    secret: Mapped[Sealed | None]
    last_step: Mapped[int | None] = mapped_column(BigInteger)
    credential: Mapped[str | None]
    public_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    sign_count: Mapped[int | None] = mapped_column(BigInteger)


class RecoveryCodeRow(Model):
    """One recovery code of one person, hashed as passwords are, but for the letters by which it is found."""

    __tablename__ = "recovery_code"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(*_STAFF),
        UniqueConstraint("practice_id", "staff_id", "label", name="uq_recovery_code_label"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    staff_id: Mapped[UUID]
    label: Mapped[str]
    code_hash: Mapped[str]
    used_at: Mapped[datetime | None]


class SignInStepRow(Model):
    """A sign-in between the password and the second factor. The cookie holds its id alone."""

    __tablename__ = "sign_in_step"
    __table_args__ = (PrimaryKeyConstraint("id"), ForeignKeyConstraint(*_STAFF))
    id: Mapped[UUID]
    practice_id: Mapped[UUID]
    staff_id: Mapped[UUID]
    began_at: Mapped[datetime]
    tries: Mapped[int]
    next_path: Mapped[str]


class KnownBrowserRow(Model):
    """A browser in which a person has signed in before: guesses made elsewhere do not lock it."""

    __tablename__ = "known_browser"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id"),
        ForeignKeyConstraint(*_STAFF),
        UniqueConstraint("practice_id", "staff_id", "token_hash", name="uq_known_browser_token"),
    )
    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    staff_id: Mapped[UUID]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime]


class PasskeyChallengeRow(Model):
    """Random bytes that a passkey must sign. It belongs to no practice: a stranger asks before anybody is known."""

    __tablename__ = "passkey_challenge"
    __table_args__ = (PrimaryKeyConstraint("id"),)
    id: Mapped[UUID]
    purpose: Mapped[Purpose] = mapped_column(choice(Purpose))
    nonce: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    whose: Mapped[UUID | None]


class SignInCountRow(Model):
    """How often sign-in failed in a row for one key (an address, a network, a browser). It belongs to no practice.

    The key is a blind index, so that the table tells nobody which addresses were tried.
    """

    __tablename__ = "sign_in_count"
    __table_args__ = (
        PrimaryKeyConstraint("key"),
        CheckConstraint("failures >= 0", name="failures_not_negative"),
        Index("ix_sign_in_count_last_at", "last_at"),
    )
    key: Mapped[bytes] = mapped_column(LargeBinary)
    failures: Mapped[int]
    last_at: Mapped[datetime]
    locked_until: Mapped[datetime | None]


class PasswordCheckRow(Model):
    """A check of a password that is under way, in one of a few places for the whole installation.

    The place is free again after `ends_at`, whatever became of the process that held it.
    """

    __tablename__ = "password_check"
    __table_args__ = (PrimaryKeyConstraint("place"), CheckConstraint("place > 0", name="place_counts_from_one"))
    place: Mapped[int] = mapped_column(autoincrement=False)
    holder: Mapped[UUID]
    known: Mapped[bool]
    source: Mapped[bytes] = mapped_column(LargeBinary)
    ends_at: Mapped[datetime]
