"""Ids made by the program: UUIDv7 (RFC 9562), so that a row's id is known before it is stored and sorts by time."""

import os
from uuid import UUID

from app.platform.clock import milliseconds


def new_id() -> UUID:
    """Make an id: 48 bits of milliseconds, then random bits; nothing in it can be counted or guessed."""
    value = (milliseconds() & (2**48 - 1)) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


def secret_id() -> UUID:
    """Make an id that is itself a secret, such as a session's: 128 random bits, of which none tells the time."""
    return UUID(bytes=os.urandom(16))
