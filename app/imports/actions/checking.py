"""Say what would come of a draft: a dry run over its rows as they are matched and corrected now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.imports.actions.pieces import Run
from app.imports.actions.places import places_of
from app.imports.actions.running import take_table
from app.imports.facts import Draft, Edits, Refused, Report, Table
from app.imports.intake.guessing import matched_of
from app.imports.intake.headers import Matched
from app.imports.rules.packing import edited
from app.imports.rules.summary import summarize
from app.imports.store import drafts, runs
from app.patients import store as patients
from app.platform.caller import Caller
from app.practice.store import practice
from app.schedule import store as schedule

Step = Callable[[int], None]
"""Told how many rows are done."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: the part that a page shows, and every refused row."""

    summary: Mapping[str, Any]
    refused: list[Refused]


def table_as_edited(caller: Caller, draft: Draft, edits: Edits) -> tuple[Table, Matched]:
    """Open the rows of a draft as they are corrected and matched now."""
    assert draft.kind is not None
    assert draft.columns is not None
    table = drafts.table_of(caller.session, caller.practice_id, draft.id)
    return edited(table, edits), matched_of(draft.kind, draft.columns, table.header)


def check(caller: Caller, draft: Draft, edits: Edits, step: Step = lambda _done: None) -> Checked:
    """Say what would come of a draft. Nothing is written. The caller's session holds no transaction afterwards."""
    table, matched = table_as_edited(caller, draft, edits)
    report = Report(draft.id.hex, draft.kind, dry_run=True)
    run = Run(caller, True, lambda _report, done, _rows: step(done))
    read = take_table(run, report, table, matched, places_of(caller))
    summary = summarize(report, table, matched.places, read.rows)
    summary["before"] = _brought_before(caller, draft)
    summary["gone"] = _gone(caller, summary["vanished"])
    caller.session.rollback()
    return Checked(summary, report.refused)


def _brought_before(caller: Caller, draft: Draft) -> list[str | None] | None:
    """Say when, and by whom, a file of the same bytes was brought in last."""
    run = runs.last_of(caller.session, caller.practice_id, draft.sha256)
    return None if run is None else [run.ended_at.isoformat(), None if run.user_id is None else run.user_id.hex]


def _gone(caller: Caller, references: list[str]) -> list[dict[str, Any]]:
    """Say of the visits that a file no longer has when and whose they are."""
    found = schedule.records(caller.session, caller.practice_id, references)
    people = patients.details(caller.session, caller.practice_id, [one.visit.patient_id for one in found.values()])
    zones = {site.id: site.zone for site in practice.sites(caller.session, caller.practice_id)}
    visits = sorted((record.visit for record in found.values()), key=lambda visit: (visit.starts_at, visit.reference))
    return [
        {
            "reference": visit.reference,
            "starts_at": visit.starts_at.isoformat(),
            "zone": zones[visit.site_id],
            "patient": visit.patient_id.hex,
            "name": f"{people[visit.patient_id].last_name}, {people[visit.patient_id].first_name}",
        }
        for visit in visits
    ]
