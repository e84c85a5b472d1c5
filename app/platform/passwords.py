"""Passwords: Argon2id, and what a new one must be."""

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()  # Argon2id with the parameters of RFC 9106, low memory


@cache
def _nobody() -> str:
    return _hasher().hash(secrets.token_urlsafe(16))


def password_fault(password: str) -> str | None:
    """Say what is wrong with a new password, or None."""
    if len(password) < SHORTEST:
        return f"Enter a password of at least {SHORTEST} characters; this one has {len(password)}."
    return None


def hash_password(password: str) -> str:
    """Hash a password for storing."""
    return _hasher().hash(password)


def password_matches(stored: str | None, password: str) -> bool:
    """Check a password. Without a stored hash the same work is done, so that time does not tell who exists."""
    try:
        return _hasher().verify(stored or _nobody(), password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def make_password() -> str:
    """Make a password that can be typed: 80 random bits in four groups."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))
