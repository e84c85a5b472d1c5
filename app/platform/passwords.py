"""Passwords: Argon2id, and what the program makes itself. What a new one must be stands in password_rules.py."""

import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""What is typed from paper: none of these is taken for another."""


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()  # Argon2id with the parameters of RFC 9106, low memory


@cache
def _nobody() -> str:
    return _hasher().hash(secrets.token_urlsafe(16))


def hash_password(password: str) -> str:
    """Hash a password for storing. However its characters were composed, it is the same password (NFC)."""
    return _hasher().hash(unicodedata.normalize("NFC", password))


def password_matches(stored: str | None, password: str) -> bool:
    """Check a password. Without a stored hash the same work is done, so that time does not tell who exists."""
    try:
        return _hasher().verify(stored or _nobody(), unicodedata.normalize("NFC", password)) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def make_password() -> str:
    """Make a password that can be typed: 79 random bits in four groups."""
    return _typed(4)


def make_code() -> str:
    """Make a one-time code that can be typed from paper: 118 random bits in six groups."""
    return _typed(6)


def make_token() -> str:
    """Make a one-time code for the link of an e-mail: 256 random bits, as 64 digits and letters a to f."""
    return secrets.token_hex(32)


def _typed(groups: int) -> str:
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(groups))
