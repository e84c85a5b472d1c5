"""Drill `rule-changes`: what a set of rules would change is what judging everybody twice says, and what was said stays.

Each run changes the real rule files at random, as far as the strict loader takes them, and compares the list of visits
and cases that the change would turn with brute force over the whole sample practice and a crowd beside it.
"""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock
from zoneinfo import ZoneInfo

from sqlalchemy.engine import make_url

from app.authorizations import store as authorization_store
from app.authorizations.actions import change_authorization
from app.clearance.actions.keeping import rejudge_stale
from app.clearance.facts.reasons import Badge
from app.clearance.rules.packing import unpack
from app.clearance.store import verdicts as verdict_store
from app.patients import store as patient_store
from app.platform.caller import Caller
from app.platform.clock import FixedClock
from app.platform.db import writing
from app.platform.sessions import engine_of, session_on
from app.platform.wall import of_practice
from app.policies.actions.library import SHIPPED
from app.policies.files.directory import files_of
from app.practice.store import practice as practice_store
from app.rule_changes.actions import impact as actions
from app.rule_changes.actions import impact_search
from app.rule_changes.actions.replay import replay
from app.rule_changes.rules.impact_reach import Reach, reach_of
from app.rule_changes.rules.replay import kept_answer
from app.schedule import store as schedule_store
from app.web.sample.filling import POLICIES
from app.web.sampling import fill_sample
from app.web.wiring import wire
from tests.drills.scene import database
from tests.support import make
from tests.support.changing_rules import Changer
from tests.support.rule_brute import Stands, compiled, differing, everybody
from tests.support.rule_crowd import Crowd
from tests.support.rule_files import put_in_force

RUNS, CROWD, EACH_DAY = 200, 80, 40
ENOUGH = 50  # runs from which on some changes must have turned visits and cases
NOTHING: frozenset[str] = frozenset()


def _without_closed_lists(reach: Reach) -> Reach:
    return replace(reach, payers=NOTHING)


def _codes_alone(reach: Reach) -> Reach:
    return replace(reach, drugs={}, every_drug=NOTHING, names=False)


def _without_shared_lists(reach: Reach) -> Reach:
    return replace(reach, every_code=NOTHING, every_drug=NOTHING, names=False)


PLANTS = {
    "ignore-closed-lists": _without_closed_lists,
    "follow-codes-only": _codes_alone,
    "ignore-shared-lists": _without_shared_lists,
}
"""Searches that are too narrow, to be caught."""
ASK_NOTHING = "ask-no-rules"
PLANTED = (*PLANTS, ASK_NOTHING)


def drill(seed: int, db: str, runs: int = RUNS, crowd: int = CROWD, plant: str | None = None) -> dict[str, Any]:
    """Run the drill.

    Takes     the seed of the dice; which database; how many changes; how many patients beside the sample's; a bad
              search, to be caught.
    Returns   how many visits and cases turned, in how many runs the list was wrong and how; how many answers that were
              shown before rules changed were given again, and which not; `passed`.
    """
    wire()
    with TemporaryDirectory(prefix="cleared-drill-") as name, database(db, Path(name), practices=True) as url:
        engine = engine_of(make_url(url))
        try:
            with session_on(engine, make.keys()) as session, planted(plant):
                caller = Caller(of_practice(session, make.PRACTICE_ID), make.PRACTICE_ID, make.clock(), via="drill")
                dice = Random(seed)
                changer = furnish(caller, dice, crowd)
                answer = {"drill": "rule-changes", "seed": seed, "db": db} | _run(caller, changer, dice, runs)
                again = _replay(caller, changer, dice, max(3, runs // 20), Path(name) / "rules")
                tried = bool(again["visits_turned_by_rules_in_force"]) or runs < ENOUGH
                return answer | again | {"passed": answer["passed"] and tried and not again["not_the_same"]}
        finally:
            engine.dispose()


@contextmanager
def planted(plant: str | None) -> Iterator[None]:
    """Let a bad search take the place of the program's own, where one is named."""
    if plant is None:
        yield
        return
    if plant == ASK_NOTHING:  # passes over everybody, as if both sets had answered alike
        with mock.patch.object(impact_search, "answered_alike", lambda *_given: True):
            yield
        return
    narrow = PLANTS[plant]
    with mock.patch.object(actions, "reach_of", lambda *given: narrow(reach_of(*given))):
        yield


@contextmanager
def looking_through_all(always: bool) -> Iterator[None]:
    """Let the search look through all visits, as it does in a large practice, though this one is small."""
    if not always:
        yield
        return
    with mock.patch.multiple(impact_search, FEW=0, MANY=0):
        yield


def furnish(caller: Caller, dice: Random, crowd: int) -> Changer:
    """Fill the sample practice, put a crowd beside it, and take up its rule files."""
    with writing(caller.session) as session:
        made = replace(make.practice(), sample=True, state=None, group_npi=None)
        practice_store.save_practice(session, caller.practice_id, made)
    fill_sample(caller)
    files = files_of(SHIPPED) | files_of(POLICIES)
    beside = Changer(files, dice, [], [], [])
    people = Crowd(caller, beside.policies, dice, crowd)
    return Changer(files, dice, people.codes, people.drugs, people.payers)


def _run(caller: Caller, changer: Changer, dice: Random, runs: int) -> dict[str, Any]:
    before: Stands = everybody(caller)
    visits = cases = quiet = 0
    kinds: Counter[str] = Counter()
    wrong: dict[int, list[str]] = {}
    began = time.perf_counter()
    for run in range(runs):
        policies, done = changer.change(dice.choice((1, 2, 3, 4)))
        kinds.update(done)
        with looking_through_all(bool(run % 2)):
            found = actions.impact_of(caller, policies)
        caller.session.rollback()
        faults = differing(before, everybody(caller, compiled(policies), before), found)
        if faults:
            wrong[run] = [*done, *faults[:5]]
        visits, cases = visits + len(found.visits), cases + len(found.cases)
        quiet += not (found.visits or found.cases)
    return {
        "runs": runs,
        "visits": len(before.visits),
        "cases": len(before.cases),
        "visits_turned": visits,
        "cases_turned": cases,
        "runs_that_turn_nothing": quiet,
        "kinds": dict(sorted(kinds.items())),
        "wrong": len(wrong),
        "first_wrong": {str(run): told for run, told in list(wrong.items())[:3]},
        "seconds": round(time.perf_counter() - began, 1),
        "passed": not wrong and (runs < ENOUGH or (bool(visits) and bool(cases))),
    }


def _replay(caller: Caller, changer: Changer, dice: Random, rounds: int, folder: Path) -> dict[str, Any]:
    """Put changes in force day by day, then give again what visits showed on each of these days."""
    began = time.perf_counter()
    said: dict[date, dict[str, tuple[Badge, bytes]]] = {}
    zone = ZoneInfo(practice_store.practice_of(caller.session, caller.practice_id).zone)
    turned: set[str] = set()
    for _round in range(rounds):
        rejudge_stale(caller)
        today = caller.clock.today(zone)
        said[today] = _shown(caller)
        _later(caller, hours=12)  # rules and decisions may come on the same day, or on the next
        changer.change(dice.choice((8, 12)))
        changer.keep()
        _write(changer, folder)
        put_in_force(caller, folder)
        rejudge_stale(caller)  # where a list that all payers share differs, no verdict holds
        after = _shown(caller)
        turned |= {one for one, answer in said[today].items() if after.get(one) != answer}
        _decide(caller, dice)
        _later(caller, hours=36)
    wrong, answers = _again(caller, dice, said, turned)
    return {
        "rule_sets": rounds + 1,
        "visits_turned_by_rules_in_force": len(turned),
        "answers_given_again": answers,
        "not_the_same": len(wrong),
        "first_not_the_same": wrong[:3],
        "seconds_of_replay": round(time.perf_counter() - began, 1),
    }


def _again(
    caller: Caller, dice: Random, said: dict[date, dict[str, tuple[Badge, bytes]]], turned: set[str]
) -> tuple[list[str], int]:
    """Give answers of every day again: of all visits that rules turned, and some others. Returns the wrong ones."""
    wrong, answers = [], 0
    for day, shown in said.items():
        others = sorted(shown.keys() - turned)
        for reference in [*sorted(shown.keys() & turned), *dice.sample(others, min(EACH_DAY, len(others)))]:
            answers += 1
            found = replay(caller, reference, day)
            badge, content = shown[reference]
            kept = (badge, tuple(map(kept_answer, unpack(content))))
            if not found.equal or (found.further == 0 and (found.badge, found.kept) != kept):
                wrong.append(f"{reference} on {day}: {[one.fields for one in found.differences]}")
    return wrong, answers


def _decide(caller: Caller, dice: Random) -> None:
    """Let people end some approvals earlier, as they do in the program: what was on file before is told by events."""
    people = [one.id for one in patient_store.in_patient_order(caller.session, caller.practice_id)]
    rows = authorization_store.of_patients(caller.session, caller.practice_id, people)
    standing = [row for some in rows.values() for row in some if row.ends is not None and row.begins is not None]
    for row in dice.sample(standing, min(5, len(standing))):
        change_authorization(caller, row.id, row.version, {"ends": row.begins})


def _later(caller: Caller, hours: int) -> None:
    clock = caller.clock
    assert isinstance(clock, FixedClock)
    clock.instant += timedelta(hours=hours)


def _write(changer: Changer, folder: Path) -> None:
    for name, content in changer.files().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _shown(caller: Caller) -> dict[str, tuple[Badge, bytes]]:
    """What every booked visit shows now, by its id of the import."""
    session, practice_id = caller.session, caller.practice_id
    people = [one.id for one in patient_store.in_patient_order(session, practice_id)]
    stored = verdict_store.stored_of(session, practice_id, people)
    visits = schedule_store.of_patients(session, practice_id, people)
    found = {
        visit.reference: (stored[patient][visit.id].badge, stored[patient][visit.id].content)
        for patient, booked in visits.items()
        for visit in booked
        if visit.id in stored.get(patient, {})
    }
    session.rollback()
    return found
