"""The calendar drill: eight zones, both changes of the clock, leap days, ends of years, downtime, clocks that jump.

Each reminder is told once, on its local date and outside quiet hours, as an almanac of its own says; nothing is called
ended on its last day; a jump of a year sends nothing before a person has looked.
"""

from collections import Counter
from random import Random
from typing import Any

from tests.drills import limits, reminders, years
from tests.drills.reminders import DESIGNS, ZONES

CASES = 12_000
SHOWN = 3


def run(seed: int, cases: int = CASES, plant: str | None = None, whole: bool = True) -> dict[str, Any]:
    """Run the drill.

    Takes     the seed of the dice; how many cases, two thirds of them reminders and a third limits; a planted design
              (`utc-days`, `cron-window`) in place of the program's own; whether to walk the real database as well
              through two months in all zones, else a few days in two.
    Returns   the counts, the first wrong cases, and `passed`.
    """
    dice = Random(seed)
    counts: Counter[str] = Counter()
    examples: list[str] = []
    for _ in range(cases * 2 // 3):
        _reminder(reminders.draw(dice), plant or "ours", counts, examples)
    for _ in range(cases - cases * 2 // 3):
        _limit(limits.draw(dice), counts, examples)
    zones, days = (ZONES, 62) if whole else (ZONES[4:6], 9)
    walked = years.walk(dice, zones, days)
    jumped = years.jump(dice, zones, 30 if whole else 5)
    calm = (
        counts["wrong"] == counts["early_ended"] == counts["quiet"] == 0
        and walked["wrong"] == walked["early_ended"] == walked["quiet"] == 0 < walked["texts"]
        and jumped["held"]
        and jumped["after"] == 0 < jumped["waiting"]
    )
    return {
        "drill": "calendar",
        "seed": seed,
        "plant": plant,
        "zones": len(ZONES),
        "cases": cases,
        "reminders": counts["reminders"],
        "wrong": counts["wrong"],
        "lost": counts["lost"],
        "doubled": counts["doubled"],
        "other_day": counts["other_day"],
        "quiet": counts["quiet"],
        "early_ended": counts["early_ended"],
        "database": walked,
        "jump": jumped,
        "examples": examples,
        "passed": bool(calm),
    }


def _reminder(case: reminders.Case, design: str, counts: Counter[str], examples: list[str]) -> None:
    told, right = reminders.told(case, DESIGNS[design]), reminders.expected(case)
    found = set(reminders.faults(case, told))
    if {one.step for one in right} - {one.step for one in told}:
        found.add("lost")
    counts["reminders"] += len(told)
    counts.update(found)
    if found or told != right:
        counts["wrong"] += 1
        _show(examples, f"{case.zone}, last day {_day(case.ends)}: told {told}, expected {right}")


def _limit(one: limits.Receipt, counts: Counter[str], examples: list[str]) -> None:
    if limits.is_wrong(one):
        counts["wrong"] += 1
        _show(examples, str(one))


def _show(examples: list[str], text: str) -> None:
    if len(examples) < SHOWN:
        examples.append(text)


def _day(number: int) -> str:
    return reminders.almanac.iso(number)
