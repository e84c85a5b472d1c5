"""Drill `sessions`: cookies from before, after and beside what ends a session, on the real program: none opens."""

from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from random import Random
from typing import Any
from unittest.mock import patch

from app.practice.actions import factors, own_sessions, signing_in
from app.practice.store import sessions, staff
from app.web import proofs, signin
from tests.drills.front_door import BEHIND, World, front_door, opens
from tests.drills.session_tricks import TRICKS, without_a_factor

ALONE = frozenset({"/sign-in/set-up", "/stay"})
"""What opens to somebody who must set up a second factor first."""


def drill(
    rounds: int, seed: int, db: str = "sqlite", plant: str | None = None, only: Collection[str] = TRICKS
) -> dict[str, Any]:
    """Play every trick (or `only` some) so many times, each with other dice. Returns the answer of the drill."""
    dice = Random(seed)
    taken: list[str] = []
    with front_door(db) as world, planted(plant):
        control = _control(world)
        for name in only:
            trick = TRICKS[name]
            for _ in range(rounds):
                opened = set(opens(trick(world, dice)))
                if trick is without_a_factor:
                    opened -= ALONE
                taken += [f"{name}: {page}" for page in sorted(opened)]
    return {
        "drill": "sessions",
        "seed": seed,
        "plant": plant,
        "tricks": len(only),
        "tries": rounds * len(only) * (len(BEHIND) + 1),
        "taken": len(taken),
        "first": taken[:3],
        "control": control,
        "passed": not taken and control,
    }


def _control(world: World) -> bool:
    """See that a browser that is signed in is shown every page, so that a drill without sessions does not pass."""
    browser = world.enter(world.person(with_app=True))
    return len(opens(browser)) == len(BEHIND) + 1


PLANTS = ("same-id", "never-idle", "never-old", "sign-out-keeps", "changes-keep", "no-set-up", "password-is-enough")


@contextmanager
def planted(plant: str | None) -> Iterator[None]:
    """Put a bad design in place of the program's own."""

    def same_id(session: Any, caller: Any, current: Any, factor: Any = None, fresh: bool = True) -> Any:
        sessions.end_staff_session(session, caller.practice_id, current.id)
        now = caller.clock.now()
        renewed = replace(current, seen_at=now, fresh_at=now, factor=factor or current.factor)
        sessions.add_staff_session(session, caller.practice_id, renewed)
        return current.id

    over = signin.session_ended
    holes: dict[str | None, list[tuple[Any, str, Any]]] = {
        None: [],
        "same-id": [(module, "take_over", same_id) for module in (signing_in, factors, own_sessions)],
        "never-idle": [(signin, "session_ended", lambda one, now: over(replace(one, seen_at=now), now))],
        "never-old": [(signin, "session_ended", lambda one, now: over(replace(one, began_at=now), now))],
        "sign-out-keeps": [(sessions, "end_staff_session", lambda *_given: None)],
        "changes-keep": [(staff, "end_sessions_of", lambda *_given: None)],
        "no-set-up": [(proofs, "must_set_up", lambda *_given: False)],
        "password-is-enough": [(factors, "own_factors", lambda *_given: ())],
    }
    with ExitStack() as stack:
        for module, name, instead in holes[plant]:
            stack.enter_context(patch.object(module, name, instead))
        yield
