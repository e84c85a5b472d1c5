"""The first hour of a practice: one next step at a time, found from what is on file."""

from collections.abc import Collection
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import exists, select

from app.audit.actions import record
from app.platform.caller import Caller
from app.platform.db import writing
from app.practice.access import current_caller, current_practice, may
from app.practice.facts.staff import Permission
from app.practice.store import practice as store
from app.web.models import all_tables
from app.web.navigation import link


@dataclass(frozen=True, slots=True)
class Step:
    """One step. It is done when one of these tables holds something, or when `empty` holds nothing any more."""

    name: str
    sentence: str
    label: str
    endpoint: str
    done_by: tuple[str, ...] = ()
    empty: str | None = None
    may_skip: bool = False


STEPS = (
    Step(
        "payers",
        "Turn on the payers that your practice works with. Their rules then answer for your visits.",
        "Choose payers",
        "rules_pages.payers",
        ("payer_choice", "coverage"),
    ),
    Step(
        "schedule", "Bring in your schedule: CSV or XLSX, as it is.", "Import schedule", "import_pages.list", ("visit",)
    ),
    Step(
        "coverage",
        "Bring in patients and coverage, so that each visit finds its payer.",
        "Import coverage",
        "import_pages.list",
        ("coverage",),
    ),
    Step(
        "log",
        "Bring in your old authorization log, as it really looks: what is approved already then counts.",
        "Import the log",
        "import_pages.list",
        ("authorization",),
        may_skip=True,
    ),
    Step(
        "routine",
        "Confirm once whether your payers need approval for the usual services. Most visits wait for this alone.",
        "Confirm routine services",
        "rules_pages.routine",
        ("practice_rule",),
        may_skip=True,
    ),
    Step(
        "questions",
        "Answer what is still not known, the biggest first. One answer holds for every visit that waits for it.",
        "Answer questions",
        "question_pages.list",
        ("question_answer",),
        empty="question",
        may_skip=True,
    ),
)
"""In the order of the hour."""

TABLES = ("payer_choice", "coverage", "visit", "authorization", "practice_rule", "question", "question_answer")


@dataclass(frozen=True, slots=True)
class NextStep:
    """The next step as a page shows it. `skip`: the name under which it may be gone without, or None."""

    number: int
    of: int
    sentence: str
    label: str
    address: str
    skip: str | None


def add_first_hour(app: Flask) -> None:
    """Give the templates `next_step()`."""
    app.jinja_env.globals["next_step"] = lambda: next_step(current_caller()) if not current_practice().sample else None


def next_step(caller: Caller) -> NextStep | None:
    """Find the next step of the first hour, in two queries; None when all are done, and for whoever may not import."""
    if not may(Permission.IMPORT):
        return None
    found, skipped = on_file(caller), store.skipped_steps(caller.session, caller.practice_id)
    for number, step in enumerate(STEPS, 1):
        if step.name in skipped or _done(step, found):
            continue
        address = link(step.endpoint)
        if address is None:
            return None
        skip = step.name if step.may_skip else None
        return NextStep(number, len(STEPS), step.sentence, step.label, address, skip)
    return None


def _done(step: Step, found: Collection[str]) -> bool:
    nothing_left = step.empty is not None and step.empty not in found
    return nothing_left or any(table in found for table in step.done_by)


def on_file(caller: Caller) -> frozenset[str]:
    """Name those of the first hour's tables that hold something of the practice, in one query."""
    tables = all_tables().tables
    asked = [
        exists().where(tables[name].columns.practice_id == caller.practice_id).correlate(None).label(name)
        for name in TABLES
    ]
    row = caller.session.execute(select(*asked)).one()
    return frozenset(name for name, there in row._mapping.items() if there)


def skip_step(caller: Caller, name: str) -> bool:
    """Note that the practice goes without a step. Returns False for one that cannot be skipped."""
    if name not in {step.name for step in STEPS if step.may_skip}:
        return False
    with writing(caller.session) as session:
        store.skip_step(session, caller.practice_id, name, caller.clock.now())
        record(caller, "web.step_skipped", step=name)
    return True
