"""What a role may do, and what a change of people must not do."""

import hashlib
from collections.abc import Iterable

from app.practice.facts.practice import Practice, Provider, Site
from app.practice.facts.staff import Permission, Role, Staff

_READ = frozenset({Permission.SEE_SCHEDULE, Permission.SEE_CASES, Permission.SEE_RULES, Permission.BREAK_GLASS})
_WORK = _READ | {Permission.WORK}
"""Reads, assigns and asks about visits, and reads the texts of patients."""
_COORDINATE = _WORK | {
    Permission.EDIT_CASES,
    Permission.EDIT_RULES,
    Permission.IMPORT,
    Permission.ANSWER_ASKS,
    Permission.ADD_DENIALS,
}
_MAY = {
    Role.COORDINATOR: _COORDINATE,
    Role.SCHEDULER: _WORK,
    Role.MANAGER: _COORDINATE
    | {Permission.ACCEPT_RISK, Permission.SEE_REPORTS, Permission.EXPORT, Permission.REVIEW_ACCESS},
    Role.PROVIDER: frozenset(
        {Permission.SEE_CASES, Permission.SEE_RULES, Permission.BREAK_GLASS, Permission.ANSWER_ASKS}
    ),
    Role.BILLER: _READ | {Permission.ADD_DENIALS},
    # An administrator sees no patient unless the person has another role too.
    Role.ADMINISTRATOR: frozenset(
        {Permission.SETTINGS, Permission.SEE_AUDIT, Permission.SEE_RULES, Permission.REVIEW_ACCESS}
    ),
}


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """Collect what a person with these roles may do."""
    return frozenset(permission for role in roles for permission in _MAY[role])


def last_administrator(people: Iterable[Staff], changed: Staff) -> bool:
    """Say whether a change would leave nobody who may sign in and is an administrator.

    Takes     the people on file; one of them (by id) as the change would leave them.
    """
    after = [changed if one.id == changed.id else one for one in people]
    return not any(one.active and Role.ADMINISTRATOR in one.roles for one in after)


def version_of(fact: Practice | Site | Provider | Staff) -> str:
    """Name the state of a record, so that a form can tell whether somebody was quicker: 16 letters and digits."""
    told = (
        (fact.id, fact.name, fact.email, sorted(fact.roles), fact.active, _sight(fact))
        if isinstance(fact, Staff)
        else fact
    )
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def _sight(staff: Staff) -> tuple[list[str] | None, str | None]:
    sites = None if staff.sites is None else sorted(site.hex for site in staff.sites)
    return sites, staff.provider_npi
