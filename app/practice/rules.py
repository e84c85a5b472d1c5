"""What a role may do, when a signed-in browser must sign in again, and when sign-in is locked."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from app.practice.facts import Permission, Practice, Provider, Role, Site, Staff, StaffSession

IDLE_LIMIT = timedelta(minutes=15)
ABSOLUTE_LIMIT = timedelta(hours=12)
FORMS_LAST = timedelta(hours=12)
"""How long a form that came too late is kept, and an ended session is still known, to find its person by it."""
FREE_FAILURES = 5
LOCK = timedelta(minutes=15)

_READ = frozenset({Permission.SEE_SCHEDULE, Permission.SEE_CASES, Permission.SEE_RULES})
_COORDINATE = _READ | {Permission.EDIT_CASES, Permission.EDIT_RULES, Permission.IMPORT}
_MAY = {
    Role.COORDINATOR: _COORDINATE,
    Role.SCHEDULER: _READ,
    Role.MANAGER: _COORDINATE | {Permission.ACCEPT_RISK, Permission.SEE_REPORTS},
    Role.PROVIDER: frozenset({Permission.SEE_CASES, Permission.SEE_RULES}),
    Role.BILLER: _READ,
    # An administrator sees no patient unless the person has another role too.
    Role.ADMINISTRATOR: frozenset({Permission.SETTINGS, Permission.SEE_AUDIT, Permission.SEE_RULES}),
}


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """Collect what a person with these roles may do."""
    return frozenset(permission for role in roles for permission in _MAY[role])


def version_of(fact: Practice | Site | Provider | Staff) -> str:
    """Name the state of a record, so that a form can tell whether somebody was quicker: 16 letters and digits."""
    told = (fact.id, fact.name, sorted(fact.roles), fact.active) if isinstance(fact, Staff) else fact
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def last_administrator(people: Iterable[Staff], changed: Staff) -> bool:
    """Say whether a change would leave nobody who may sign in and is an administrator.

    Takes     the people on file; one of them (by id) as the change would leave them.
    """
    after = [changed if one.id == changed.id else one for one in people]
    return not any(one.active and Role.ADMINISTRATOR in one.roles for one in after)


def session_ended(session: StaffSession, now: datetime) -> bool:
    """Say whether a signed-in browser must sign in again: 15 minutes unused, or 12 hours old."""
    return now - session.seen_at >= IDLE_LIMIT or now - session.began_at >= ABSOLUTE_LIMIT


def lock_after(failures: int, now: datetime) -> datetime | None:
    """Say until when sign-in is locked after so many failures in a row.

    Returns   None up to five; then 15 minutes, doubled with each further failure, at most a day.
    """
    beyond = failures - FREE_FAILURES
    return None if beyond < 0 else now + min(LOCK * 2 ** min(beyond, 10), timedelta(days=1))
