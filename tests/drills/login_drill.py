"""Drill `login`: guessing, floods, replayed codes and enumeration at the front door of the real program."""

from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from random import Random
from typing import Any
from unittest.mock import patch

from app.platform.passwords import password_matches
from app.practice.actions import signing_in, throttling
from app.practice.rules.throttle import CHECKS, Counted
from app.practice.store import factors
from tests.drills import login_tricks as tricks
from tests.drills.front_door import World, front_door

TRICKS: dict[str, Callable[[World, Random], list[str]]] = {
    trick.__name__: trick
    for trick in (
        tricks.one_account_one_source,
        tricks.one_account_many_sources,
        tricks.many_accounts_one_source,
        tricks.flood,
        tricks.flood_of_one_source,
        tricks.replayed_code,
        tricks.old_codes,
        tricks.guessed_codes,
        tricks.told_by_words,
        tricks.told_by_work,
    )
}


def drill(
    seed: int, db: str = "sqlite", plant: str | None = None, hours: int = 24, only: Collection[str] = tuple(TRICKS)
) -> dict[str, Any]:
    """Play every trick (or `only` some), each at a door of its own, guessing for so many hours of its clock."""
    dice, faults = Random(seed), []
    for name in only:
        with front_door(db, hours) as world, planted(plant):
            faults += [f"{name}: {fault}" for fault in TRICKS[name](world, dice)]
    return {
        "drill": "login",
        "seed": seed,
        "plant": plant,
        "tricks": len(only),
        "faults": len(faults),
        "first": faults[:5],
        "passed": not faults,
    }


PLANTS = ("no-lock", "lock-everybody", "no-places", "no-share", "replay", "compare-known-only")


@contextmanager
def planted(plant: str | None) -> Iterator[None]:
    """Put a bad design in place of the program's own."""

    def only_known(stored: str | None, password: str) -> bool:
        return stored is not None and password_matches(stored, password)

    def anywhere(taken: dict[int, Any], known: bool, source: bytes) -> int | None:
        return next(place for place in range(1, 1000) if place not in taken)

    def first_come(taken: dict[int, Any], known: bool, source: bytes) -> int | None:
        return next((place for place in range(1, CHECKS + 1) if place not in taken), None)

    def never_taken(session: Any, practice_id: Any, factor_id: Any, step: int, at: Any) -> bool:
        return True

    everybody = (Counted.PAIR, Counted.PERSON, Counted.SOURCE)
    holes: dict[str | None, list[tuple[Any, str, Any]]] = {
        None: [],
        "no-lock": [(throttling, "is_locked", lambda *_given: False)],
        "lock-everybody": [(throttling, "keys_counted", lambda known: everybody)],
        "no-places": [(throttling, "free_place", anywhere)],
        "no-share": [(throttling, "free_place", first_come)],
        "replay": [(factors, "take_step", never_taken), (factors, "use_recovery_code", lambda *_given: True)],
        "compare-known-only": [(signing_in, "password_matches", only_known)],
    }
    with ExitStack() as stack:
        for module, name, instead in holes[plant]:
            stack.enter_context(patch.object(module, name, instead))
        yield
