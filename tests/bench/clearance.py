"""Judging: a whole book first and again, after edits, one visit in words, and whether all ways give one answer."""

import random
from dataclasses import asdict
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import select

from app.clearance.actions.answering import check_visit
from app.clearance.actions.book import rejudge_all
from app.clearance.actions.judging import PIECE, judge_patients, to_store
from app.clearance.actions.world import world_of
from app.clearance.store import verdicts as verdict_store
from app.clearance.views.shapes import visit_shape
from app.patients import store as patient_store
from app.platform.caller import Caller
from app.schedule.facts import VisitStatus
from app.schedule.models import VisitRow
from tests.bench.databases import Databases
from tests.bench.edits import EDITS, timed_edits
from tests.bench.measure import (
    alone,
    growth_exponent,
    machine,
    measured,
    rounded,
    seconds_of,
    short,
)
from tests.bench.practice import make_practice, opened
from tests.bench.yardsticks import bare_reading, orm_loop

TIMES, SEEN, ORM_LINES = 3, 200, 2000


class UnequalError(Exception):
    """Two ways to the same answer gave two answers."""


def bench(sizes: list[int], rules: int, seed: int, databases: Databases, processes: int | None) -> dict[str, Any]:
    """Run the whole bench at each size, on a fresh practice.

    Raises    UnequalError when the answers for single patients, for the whole book and after edits differ anywhere.
    """
    results = [_at_size(size, rules, seed, databases, processes) for size in sizes]
    return {
        "workload": "clearance",
        "database": databases.kind,
        "rules": rules,
        "seed": seed,
        "processes": processes or "one for each core",
        "sizes": results,
        "growth_exponent": growth_exponent([(one["size"], one["first_run"]["seconds"]) for one in results]),
        "machine": machine(),
    }


def _at_size(size: int, rules: int, seed: int, databases: Databases, processes: int | None) -> dict[str, Any]:
    """Every step in a process of its own: none is helped by what another has read before."""
    with databases.fresh() as (url, folder):
        making, made = alone(_made, url, folder, size, rules, seed)
        first = alone(whole_book, url, processes)
        second = alone(whole_book, url, processes)
        if second["changed"]:
            raise UnequalError(f"the second run changed {second['changed']} visits; it must change none")
        edits = alone(_edits, url, seed)
        after = alone(whole_book, url, processes)
        if after["changed"]:
            raise UnequalError(f"after the edits the whole book differs on {after['changed']} visits")
        rest = alone(_rest, url, seed)
    beside = rest["yardsticks"]
    return {
        "size": size,
        "made": {"seconds": rounded(making), **made},
        "first_run": first,
        "second_run": second,
        "edit": edits,
        **rest,
        "times_bare_reading": rounded(first["seconds"] / beside["bare_reading_seconds"]),
        "times_faster_than_orm_loop": rounded(
            beside["orm_microseconds_a_line"] * first["lines"] / 1e6 / first["seconds"]
        ),
    }


def _made(url: str, folder: Path, size: int, rules: int, seed: int) -> tuple[float, dict[str, int]]:
    found: list[dict[str, int]] = []
    seconds = seconds_of(lambda: found.append(make_practice(url, folder, size, rules, seed)))
    return seconds, found[0]


def whole_book(url: str, processes: int | None) -> dict[str, Any]:
    """Judge the whole book and store what differs."""
    with opened(url) as caller, measured() as found:
        done = rejudge_all(caller, processes)
    return found.shown(**asdict(done), rows_a_second=round(done.lines / found.seconds))


def _rest(url: str, seed: int) -> dict[str, Any]:
    return {"equality": equality(url), "one_visit": _one_visit(url, seed), "yardsticks": _yardsticks(url, seed)}


def _edits(url: str, seed: int) -> dict[str, Any]:
    with opened(url) as caller:
        return {"edits_of_each_kind": EDITS, **timed_edits(caller, seed)}


def equality(url: str) -> dict[str, int]:
    """Judge every patient from the readers of single patients, and compare with what the whole-book run stored."""
    lines = unequal = 0
    with opened(url) as caller:
        session, practice_id = caller.session, caller.practice_id
        world = world_of(session, practice_id, caller.clock)
        patients = [one.id for one in patient_store.in_patient_order(session, practice_id)]
        for start in range(0, len(patients), PIECE):
            piece = patients[start : start + PIECE]
            stored = verdict_store.stored_of(session, practice_id, piece)
            for judged in judge_patients(session, practice_id, world, piece):
                for verdict in to_store(judged, world.book.version):
                    lines += len(judged[verdict.id].lines)
                    kept = stored.get(verdict.patient_id, {}).pop(verdict.id, None)
                    unequal += kept is None or kept.content != verdict.content or kept.moved(verdict)
            unequal += sum(len(left) for left in stored.values())
    if unequal:
        raise UnequalError(f"{unequal} visits have another answer alone than in the whole book")
    return {"lines_compared": lines, "visits_unequal": unequal}


def _one_visit(url: str, seed: int) -> dict[str, Any]:
    """One visit with all its reasons in words: the whole action, its audit line and commit included."""
    with opened(url) as caller:
        references = _references(caller, seed)
        check_visit(caller, references[0])
        found = short(partial(_in_words, caller, reference) for reference in references)
    return {"visits": len(references), **found.milliseconds()}


def _in_words(caller: Caller, reference: str) -> None:
    visit_shape(check_visit(caller, reference))


def _references(caller: Caller, seed: int) -> list[str]:
    booked = select(VisitRow.reference).where(
        VisitRow.practice_id == caller.practice_id, VisitRow.status == VisitStatus.BOOKED
    )
    found = sorted(caller.session.scalars(booked))
    return random.Random(seed).sample(found, min(SEEN, len(found)))


def _yardsticks(url: str, seed: int) -> dict[str, Any]:
    with opened(url) as caller:
        _, rows = bare_reading(caller)
        bare = median(bare_reading(caller)[0] for _ in range(TIMES))
        seconds, lines = orm_loop(caller, ORM_LINES, seed)
    return {
        "bare_reading_seconds": rounded(bare),
        "bare_reading_rows": rows,
        "orm_loop_lines": lines,
        "orm_microseconds_a_line": rounded(seconds / lines * 1e6),
    }
