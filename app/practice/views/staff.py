"""The people who sign in, in words."""

from collections.abc import Iterable

from app.practice.facts.staff import Role

ROLES = {
    Role.COORDINATOR: "Coordinator: keeps approvals and rules, answers questions, imports",
    Role.SCHEDULER: "Scheduler: sees visits and asks",
    Role.MANAGER: "Manager: all of a coordinator, accepts risk, sees reports",
    Role.PROVIDER: "Provider: sees own cases and the rules",
    Role.BILLER: "Biller: sees visits, cases and the rules",
    Role.ADMINISTRATOR: "Administrator: users, sites, providers; no patient without another role",
}
"""What each role is for, in the order of the list."""


def role_words(roles: Iterable[Role]) -> str:
    """Name roles in the order of the list."""
    held = frozenset(roles)
    return ", ".join(role.value.capitalize() for role in ROLES if role in held)
