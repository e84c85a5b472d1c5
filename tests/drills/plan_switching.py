"""Drill `switch-plans`: members switch plans on 1 January; the list of changes equals judging everybody twice.

The brute force judges every visit before and after with no list at all. What the sentinel lists must be exactly the
visits that stand otherwise, each once; whom nothing happened to is not on it; and a second run, also after the same
facts came in again, adds nothing.
"""

from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from sqlalchemy.engine import make_url

from app.authorizations import store as authorization_store
from app.authorizations.facts import Kind
from app.clearance.actions.judging import judge_patients
from app.clearance.actions.world import world_of
from app.clearance.facts.reasons import Badge, Check
from app.clearance.rules.badges import badge_of_visit
from app.eligibility.jobs.sentinel import watch_plans
from app.eligibility.store import sentinel as store
from app.platform.caller import Caller
from app.platform.sessions import engine_of, session_on
from app.platform.wall import of_practice
from app.values.scope import EVERYTHING
from app.web.wiring import wire
from tests.drills.scene import database
from tests.support import make
from tests.support.switching import KINDS, Switchers

Stands = dict[UUID, tuple[Badge, list[str | None]]]


def drill(seed: int, db: str, members: int = 500) -> dict[str, Any]:
    """Run the drill.

    Takes     the seed of the dice, which say what happens to each member; which database; how many members there are.
    Returns   how many visits there are, how many stand otherwise, how many were listed wrongly, missed or added by a
              second run, and `passed`.
    """
    wire()
    dice = Random(seed)
    kinds = [dice.choice(KINDS) for _member in range(members)]
    with TemporaryDirectory(prefix="cleared-drill-") as name, database(db, Path(name), practices=True) as url:
        engine = engine_of(make_url(url))
        try:
            with session_on(engine, make.keys()) as session:
                caller = Caller(of_practice(session, make.PRACTICE_ID), make.PRACTICE_ID, make.clock(), via="drill")
                return _run(caller, kinds) | {"seed": seed, "db": db}
        finally:
            engine.dispose()


def _run(caller: Caller, kinds: list[str]) -> dict[str, Any]:
    switchers = Switchers(caller, len(kinds), kinds)
    before = stands(caller, switchers.members)
    switchers.switch()
    after = stands(caller, switchers.members)
    watch_plans(caller)
    found, requests = listed(caller), _requests(caller, switchers.members)
    expected = {one: (before[one][0], after[one][0]) for one in before if before[one] != after[one]}
    watch_plans(caller)
    switchers.switch()
    watch_plans(caller)
    again = listed(caller)
    wrong = sum(expected.get(one) != badges for one, badges in found.items())
    missed = sum(one not in found for one in expected)
    added = sum(found.get(one) != badges for one, badges in again.items())
    added += abs(_requests(caller, switchers.members) - requests)
    answer = {
        "drill": "switch-plans", "members": len(kinds), "visits": len(before), "turned": len(expected),
        "requests": requests, "wrong": wrong, "missed": missed, "added": added,
    }  # fmt: skip
    return answer | {"passed": bool(expected) and not (wrong or missed or added)}


def stands(caller: Caller, members: list[UUID]) -> Stands:
    """Judge everybody from scratch: by visit its badge, and for each line the result of the check of the plan."""
    world = world_of(caller.session, caller.practice_id, caller.clock)
    found: Stands = {}
    for one in judge_patients(caller.session, caller.practice_id, world, members):
        for visit_id, answer in one.items():
            plan = [next((r.result for r in line.reasons if r.check is Check.PLAN), None) for line in answer.lines]
            found[visit_id] = (badge_of_visit([line.badge for line in answer.lines]), list(plan))
    caller.session.rollback()
    return found


def listed(caller: Caller) -> dict[UUID, tuple[Badge, Badge]]:
    """What the list of changes says, by visit: its badges before and after. A visit that is there twice fails."""
    changes = store.listed(caller.session, caller.practice_id, EVERYTHING, None, 10_000)
    visits = store.visits_of(caller.session, caller.practice_id, [one.id for one in changes])
    pairs = [(one.visit_id, (one.before, one.after)) for some in visits.values() for one in some]
    assert len(dict(pairs)) == len(pairs), "a visit is listed twice"
    return dict(pairs)


def _requests(caller: Caller, members: list[UUID]) -> int:
    records = authorization_store.records_of(caller.session, caller.practice_id, members)
    return sum(one.kind is Kind.CONTINUITY for some in records.values() for one in some)
