"""One step of time in the sample: a payer answers, a visit moves, a coverage changes; each is an import."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from app.audit.actions import record
from app.imports.actions.running import import_files
from app.imports.facts import Kind, Outcome
from app.platform.caller import Caller
from app.platform.db import writing
from app.practice.store import practice
from app.values.wording import short_day
from app.web.sample.building import build
from app.web.sample.filling import SampleError, filled_on, write_file
from app.web.sample.tables import Row, Tables

ANSWERED = frozenset({"pending", "more info asked", "in appeal"})
MOVED_BY = timedelta(days=125)
"""Further than any approval of the sample lasts: the visit is short of it at once."""
LIGHT = "96910"


@dataclass(frozen=True)
class Played:
    """One thing that happened: in a sentence, and the chart number of whom it happened to."""

    sentence: str
    mrn: str


@dataclass(frozen=True)
class _Event:
    kind: Kind
    row: Row
    sentence: str


def tick(caller: Caller) -> tuple[Played, ...]:
    """Play the next payer's answer, the next moved visit and the next change of coverage.

    Returns   what happened; fewer than three when the sample has no more of a kind to tell.
    Raises    SampleError for a real practice, and for a sample that is not filled.
    """
    here = practice.practice_of(caller.session, caller.practice_id)
    filled = filled_on(caller) if here.sample else None
    if filled is None:
        raise SampleError("only a filled sample practice has steps to play")
    today, tables = caller.clock.today(ZoneInfo(here.zone)), build(filled)
    played = []
    for events in (_answers(tables, today), _moves(tables, today), _changes(tables, today)):
        event = next((one for one in events if _import(caller, one, dry_run=True)), None)
        if event is not None:
            _import(caller, event, dry_run=False)
            played.append(Played(event.sentence, event.row["patient_mrn"]))
    with writing(caller.session):
        record(caller, "sample.ticked", steps=len(played))
    return tuple(played)


def _answers(tables: Tables, today: date) -> Iterator[_Event]:
    """Requests that the payer has not decided: it approves them."""
    for row in tables.authorizations:
        if row["status"] in ANSWERED:
            name = row.get("number") or row["reference"].replace("REF-", "") + "-A"
            decided = {"begins": today - timedelta(days=3), "ends": today + timedelta(days=150), "decided_on": today}
            days = {column: day.isoformat() for column, day in decided.items()}
            answer = row | {"status": "approved", "number": name} | days
            yield _Event(Kind.AUTHORIZATIONS, answer, f"{row['payer']} approved request {name}.")


def _moves(tables: Tables, today: date) -> Iterator[_Event]:
    """Approved light treatments ahead: the patient moves one beyond the approval's last day."""
    approved = {
        row["patient_mrn"]
        for row in tables.authorizations
        if LIGHT in row["codes"] and row.get("ends", "") > f"{today}"
    }
    for row in tables.schedule:
        day = date.fromisoformat(row["starts_at"][:10])
        ordinary = row["visit_id"].startswith("V-") and row["patient_mrn"] in approved
        if row.get("code") == LIGHT and ordinary and day > today:
            new = day + MOVED_BY
            moved = row | {"starts_at": new.isoformat() + row["starts_at"][10:]}
            sentence = f"Visit {row['visit_id']} was moved from {short_day(day)} to {short_day(new)}."
            yield _Event(Kind.SCHEDULE, moved, sentence)


def _changes(tables: Tables, today: date) -> Iterator[_Event]:
    """Patients with a visit ahead: the plan answers that the coverage is inactive."""
    booked = [row for row in tables.schedule if row["visit_id"].startswith("V-") and row["status"] == "booked"]
    ahead = {row["patient_mrn"] for row in booked if row["starts_at"][:10] > today.isoformat()}
    for row in tables.coverage:
        if row["patient_mrn"] in ahead and row["result"] == "active":
            changed = row | {"result": "inactive", "checked_on": today.isoformat()}
            yield _Event(Kind.COVERAGE, changed, f"{row['payer']} answered that a coverage is inactive.")


def _import(caller: Caller, event: _Event, dry_run: bool) -> bool:
    """Bring in one row. Returns whether it changes what is on file."""
    with tempfile.TemporaryDirectory(prefix="cleared-sample-") as folder:
        path = write_file(Path(folder) / "step.csv", event.kind, [event.row])
        (report,) = import_files(caller, [path], event.kind, dry_run)
    if report.error is not None or report.refused:
        raise SampleError(f"a step of the sample was not taken: {event.kind}")
    return report.counts[Outcome.UPDATED] > 0
