"""What two people entered differently, in words."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from app.practice.facts.practice import Practice, Provider, Site
from app.practice.facts.staff import Staff
from app.practice.views.staff import role_words, sight_words

Differences = list[tuple[str, str, str]]
"""Of each field that differs: its label, what is on file now, what was entered."""


def practice_differences(now: Practice, typed: Practice) -> Differences:
    """Compare the practice's page on file with what was entered."""
    pairs = [
        ("Name", now.name, typed.name),
        ("Time zone", now.zone, typed.zone),
        ("State", now.state, typed.state),
        ("Group NPI", now.group_npi, typed.group_npi),
    ]
    return _differing(pairs)


def site_differences(now: Site, typed: Site) -> Differences:
    """Compare a site on file with what was entered."""
    pairs = [
        ("Name", now.name, typed.name),
        ("Code", now.code, typed.code),
        ("Time zone", now.zone, typed.zone),
        ("State", now.state, typed.state),
        ("Days", str(now.fresh_days), str(typed.fresh_days)),
    ]
    return _differing(pairs)


def provider_differences(now: Provider, typed: Provider) -> Differences:
    """Compare a provider on file with what was entered."""
    return _differing([("Name", now.name, typed.name), ("Group NPI", now.group_npi, typed.group_npi)])


def person_differences(
    now: Staff, typed: Staff, sites: Mapping[UUID, str], providers: Mapping[str, str]
) -> Differences:
    """Compare a person on file with what was entered. `sites`, `providers`: their names, by id and by NPI."""
    seen = [sight_words(one.sites, one.provider_npi, sites, providers) for one in (now, typed)]
    pairs: list[tuple[str, str | None, str | None]] = [
        ("Name", now.name, typed.name),
        ("E-mail address", now.email, typed.email),
        ("Roles", role_words(now.roles), role_words(typed.roles)),
        ("Sees", seen[0], seen[1]),
        ("May sign in", "Yes" if now.active else "No", "Yes" if typed.active else "No"),
    ]
    return _differing(pairs)


def _differing(pairs: Iterable[tuple[str, str | None, str | None]]) -> Differences:
    return [(label, now or "Empty", typed or "Empty") for label, now, typed in pairs if now != typed]
