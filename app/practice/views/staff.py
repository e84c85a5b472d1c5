"""The people who sign in, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from app.practice.facts.accounts import OneTimeCode
from app.practice.facts.staff import Role, Staff
from app.values.wording import clock_time, listed, long_day, near_time

ROLES = {
    Role.COORDINATOR: "Coordinator: keeps approvals and rules, answers questions, imports",
    Role.SCHEDULER: "Scheduler: sees visits and asks",
    Role.MANAGER: "Manager: all of a coordinator, accepts risk, sees reports",
    Role.PROVIDER: "Provider: sees own cases and the rules",
    Role.BILLER: "Biller: sees visits, cases and the rules",
    Role.ADMINISTRATOR: "Administrator: users, sites, providers; no patient without another role",
}
"""What each role is for, in the order of the list."""


@dataclass(frozen=True, slots=True)
class When:
    """Now, and the practice's zone, in which instants are written."""

    now: datetime
    zone: ZoneInfo

    def at(self, instant: datetime) -> str:
        """Write an instant: 3:41 PM today, else with its day."""
        return near_time(instant.astimezone(self.zone), self.now.astimezone(self.zone).date())

    def until(self, instant: datetime) -> str:
        """Write until when something holds, with its day and the zone's name."""
        local = instant.astimezone(self.zone)
        return f"{long_day(local.date())} {clock_time(local)} {local:%Z}"


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person as the list shows them."""

    id: UUID
    name: str
    email: str
    roles: str
    sight: str
    may_sign_in: str
    last: str


def role_words(roles: Iterable[Role]) -> str:
    """Name roles in the order of the list."""
    held = frozenset(roles)
    return ", ".join(role.value.capitalize() for role in ROLES if role in held)


def sight_words(
    sites: frozenset[UUID] | None, npi: str | None, names: Mapping[UUID, str], providers: Mapping[str, str]
) -> str:
    """Say what is in a person's sight: the sites, and which provider the person is."""
    chosen = sorted(names[site] for site in sites or () if site in names)
    seen = "All sites" if sites is None else listed(chosen) or "No site"
    return seen if npi is None else f"{seen}; is {providers.get(npi, npi)}"


def person_lines(
    people: Iterable[Staff],
    invitations: Mapping[UUID, OneTimeCode],
    names: tuple[Mapping[UUID, str], Mapping[str, str]],
    when: When,
) -> list[PersonLine]:
    """The list of the people who may, or might once, sign in. `names`: of sites by id, of providers by NPI."""
    return [
        PersonLine(
            one.id,
            one.name,
            one.email,
            role_words(one.roles),
            sight_words(one.sites, one.provider_npi, *names),
            standing_words(one, invitations.get(one.id), when),
            "Never" if one.signed_in_at is None else when.at(one.signed_in_at),
        )
        for one in people
    ]


def standing_words(person: Staff, invitation: OneTimeCode | None, when: When) -> str:
    """Say whether a person may sign in, or how the invitation stands."""
    if person.active:
        return "Yes, after changing the password" if person.must_change else "Yes"
    if invitation is None or invitation.used_at is not None:
        return "No"
    if invitation.stands(when.now):
        return f"Invited until {when.until(invitation.expires_at)}"
    return "Invitation revoked" if invitation.ended_at is not None else "Invitation expired"
