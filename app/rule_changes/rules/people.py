"""Who may put rules in force, and how a person is told that a second one is needed."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from app.practice.facts.staff import Permission, Staff
from app.practice.rules.roles import permissions_of
from app.values.wording import listed

_NAMED = 5


def who_may(staff: Iterable[Staff]) -> tuple[Staff, ...]:
    """The people who may sign in and change rules, by name."""
    able = (one for one in staff if one.active and Permission.EDIT_RULES in permissions_of(one.roles))
    return tuple(sorted(able, key=lambda one: (one.name.casefold(), one.id)))


def second_people(staff: Iterable[Staff], first: UUID | None) -> tuple[Staff, ...]:
    """The people who may accept what a first one asked for."""
    return tuple(one for one in who_may(staff) if one.id != first)


def second_person_words(others: Sequence[Staff]) -> str:
    """Say that a second person must accept, and who could."""
    if not others:
        return (
            "You asked for these rules, so another person must accept them, and nobody else may change rules. An "
            "administrator must make a second person coordinator or manager (Admin, People)."
        )
    names = [one.name for one in others[:_NAMED]]
    more = len(others) - len(names)
    said = listed([*names, f"{more} more"]) if more > 0 else listed(names, "or")
    return f"You asked for these rules, so another person must accept them: {said}."
