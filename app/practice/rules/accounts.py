"""How long one-time codes last, how they are compared, and what a change of a person means."""

import hashlib
import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from app.practice.facts.accounts import CodeKind, CodeWay, OneTimeCode
from app.practice.facts.practice import Practice
from app.practice.facts.staff import Role, Staff
from app.practice.rules.roles import permissions_of

INVITATION_LASTS = timedelta(hours=72)
RESET_LASTS = timedelta(minutes=15)
PRINTED_RESET_LASTS = timedelta(hours=24)
"""A printed code is carried to somebody, perhaps at another site, who uses it when they next sit down there. It was
given by an administrator who knows the person, not sent to whoever reads a mailbox."""

BETWEEN_RESETS = timedelta(minutes=15)
"""A person gets at most one e-mail with a reset link in this time, however often it is asked for."""

ASKING = timedelta(hours=1)
MOST_ASKED, MOST_ASKED_FROM_ONE_SOURCE = 200, 10
"""How often a new password may be asked for at the door in an hour: in all, and from one network address."""

ASKED_KEPT, CODES_KEPT = timedelta(days=1), timedelta(days=30)


def lasts(kind: CodeKind, way: CodeWay) -> timedelta:
    """How long a code opens the door: 72 hours an invitation; a reset 15 minutes by e-mail, 24 hours printed."""
    if kind is CodeKind.INVITATION:
        return INVITATION_LASTS
    return PRINTED_RESET_LASTS if way is CodeWay.PRINTED else RESET_LASTS


def digest_of(typed: str) -> bytes:
    """The SHA-256 of a code as typed, whatever its capitals, hyphens and spaces. It has 118 random bits at least."""
    return hashlib.sha256(re.sub(r"[^a-z0-9]", "", typed.lower()).encode()).digest()


def may_ask(in_all: int, from_one: int) -> bool:
    """Say whether one more may ask for a new password, after so many in the last hour."""
    return in_all < MOST_ASKED and from_one < MOST_ASKED_FROM_ONE_SOURCE


def may_send_reset(last: OneTimeCode | None, now: datetime) -> bool:
    """Say whether a person may be sent a reset link, after the last one that was sent."""
    return last is None or now - last.made_at >= BETWEEN_RESETS


def own_words(practice: Practice, person: Staff) -> tuple[str, ...]:
    """Names that anybody would try as this person's password: the practice's, the person's, the address's."""
    return practice.name, person.name, person.email


def ends_sessions(before: Staff, after: Staff) -> bool:
    """Say whether a change of a person ends their sessions: other roles, sight, provider or address, or no sign-in."""
    told = [(one.roles, one.sites, one.provider_npi, one.email) for one in (before, after)]
    return told[0] != told[1] or (before.active and not after.active)


def raises_rights(before: Staff, after: Staff) -> bool:
    """Say whether a change lets a person do or see more than before."""
    more = permissions_of(after.roles) - permissions_of(before.roles)
    return bool(more or after.roles - before.roles) or _sees_more(before, after)


def _sees_more(before: Staff, after: Staff) -> bool:
    if before.sites is None:
        return before.provider_npi != after.provider_npi
    return after.sites is None or not after.sites <= before.sites or before.provider_npi != after.provider_npi


def administrators(people: Iterable[Staff]) -> list[Staff]:
    """The administrators who may sign in."""
    return [one for one in people if one.active and Role.ADMINISTRATOR in one.roles]
