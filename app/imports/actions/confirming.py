"""Confirm a draft, and carry out what was confirmed: at once for a short file, by the worker for a long one.

The state stands in the database: a confirmation happens once, however often it is asked for, and what a process left
half-way is taken up again (an import is idempotent). Written is what the check showed; where what is on file has
changed meanwhile, nothing is written and the check is shown anew.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import Engine

from app.audit.actions import record
from app.imports.actions import drafts as desk
from app.imports.actions.checking import check, table_as_edited
from app.imports.actions.ledger import write
from app.imports.actions.pieces import PIECE, Run
from app.imports.actions.places import places_of
from app.imports.actions.running import take_table
from app.imports.facts import Draft, DraftState, Edits, Report
from app.imports.rules.plans import Plan
from app.imports.rules.summary import summarize
from app.imports.store import drafts, runs
from app.platform.caller import Caller
from app.platform.changes import announced
from app.platform.db import writing
from app.platform.ids import new_id
from app.platform.lock import held
from app.schedule import store as schedule
from app.schedule.facts import VisitStatus


class AlreadyConfirmedError(Exception):
    """Someone has confirmed the draft before; `draft` says who and how far it is."""

    def __init__(self, draft: Draft) -> None:
        super().__init__("confirmed before")
        self.draft = draft


def confirm(caller: Caller, draft_id: UUID, version: int, cancel: frozenset[str] | None, at_once: bool = True) -> None:
    """Confirm a draft as the page showed it.

    Takes     `cancel`: the visits gone from the file that are canceled, None for all; the others stay booked;
              `at_once` False: also a short file is left to the worker.
    Raises    DraftGoneError; DraftChangedError when it was changed since; AlreadyConfirmedError.
    """
    with writing(caller.session) as session:
        draft = desk.found_draft(caller, draft_id)
        if draft.state in (DraftState.TO_CONFIRM, DraftState.CONFIRMING, DraftState.DONE):
            raise AlreadyConfirmedError(draft)
        if draft.version != version or draft.state is not DraftState.CHECKED:
            raise desk.DraftChangedError(draft)
        edits = replace(drafts.edits_of(session, caller.practice_id, draft_id), cancel=cancel)
        values: dict[str, Any] = {
            "state": DraftState.TO_CONFIRM,
            "ended_by": caller.user_id,
            "run_id": draft.run_id or new_id(),
            "edits": edits,
        }
        drafts.change_draft(session, caller.practice_id, draft, caller.clock.now(), done=0, **values)
        record(caller, "imports.confirmed", (draft_id,), rows=draft.rows)
    if at_once and draft.rows <= desk.AT_ONCE:
        carry_out(caller, draft_id)


def carry_out(caller: Caller, draft_id: UUID) -> bool:
    """Write what was confirmed. Returns False when another import works on this practice: ask again later."""
    with alone(caller) as mine:
        if not mine:
            return False
        draft = drafts.draft_of(caller.session, caller.practice_id, draft_id)
        if draft is None or draft.state not in (DraftState.TO_CONFIRM, DraftState.CONFIRMING):
            return True
        for_person = replace(caller, user_id=draft.ended_by)
        edits = drafts.edits_of(caller.session, caller.practice_id, draft_id)
        resumed = draft.state is DraftState.CONFIRMING
        agreed = draft if resumed else _agree(for_person, draft, edits)
        if agreed is not None:
            _bring_in(for_person, agreed, edits, resumed)
    return True


def _agree(caller: Caller, draft: Draft, edits: Edits) -> Draft | None:
    """Check once more; None when something else would come of it than the page showed."""
    now = check(caller, draft, edits, lambda done: noted(caller, draft, done))
    assert draft.summary is not None
    same = now.summary["stamp"] == draft.summary["stamp"]
    with writing(caller.session) as session:
        values: dict[str, Any] = {"state": DraftState.CONFIRMING, "done": 0}
        if not same:
            values = {"state": DraftState.CHECKED, "ended_by": None, "refused": now.refused}
            values["summary"] = {**now.summary, "changed": True}
        drafts.change_draft(session, caller.practice_id, draft, caller.clock.now(), **values)
    return replace(draft, state=DraftState.CONFIRMING, version=draft.version + 1, done=0) if same else None


def _bring_in(caller: Caller, draft: Draft, edits: Edits, resumed: bool) -> None:
    table, matched = table_as_edited(caller, draft, edits)
    report = Report(draft.id.hex, draft.kind)
    assert draft.run_id is not None
    run = Run(caller, False, lambda _report, done, _rows: noted(caller, draft, done), run_id=draft.run_id)
    read = take_table(run, report, table, matched, places_of(caller))
    said = edits.cancel
    canceled = _cancel(run, [one for one in report.vanished if said is None or one in said])
    summary = summarize(report, table, matched.places, read.rows)
    if resumed and draft.summary is not None:  # a part was written before: the check tells of the whole
        summary["counts"] = draft.summary["counts"]
    summary |= {"canceled": canceled, "kept": len(report.vanished) - canceled, "resumed": resumed}
    with writing(caller.session) as session:
        now = caller.clock.now()
        runs.note_run(session, caller.practice_id, report, draft.sha256, now, caller.user_id, draft.run_id)
        values = {"state": DraftState.DONE, "summary": summary, "refused": report.refused, "done": draft.rows}
        drafts.change_draft(session, caller.practice_id, draft, now, **values)
        record(caller, "imports.ended", kind=report.kind, rows=report.rows, refused=len(report.refused))


def noted(caller: Caller, draft: Draft, done: int) -> None:
    """Note how far a long file is."""
    with writing(caller.session) as session:
        drafts.note_progress(session, caller.practice_id, draft.id, done)


def _cancel(run: Run, references: list[str]) -> int:
    """Cancel visits that are gone from the file and that a person said to cancel. Returns how many."""
    canceled = 0
    for start in range(0, len(references), PIECE):
        with announced(run.caller):
            plan = _canceled(run.caller, references[start : start + PIECE])
            if plan.writes:
                write(run.caller, plan, run.run_id)
                record(run.caller, "imports.canceled", sorted(plan.touched), visits=len(plan.changed_visits))
        canceled += len(plan.changed_visits)
    return canceled


def _canceled(caller: Caller, references: list[str]) -> Plan:
    plan = Plan()
    for before in schedule.records(caller.session, caller.practice_id, references).values():
        if before.visit.status is VisitStatus.BOOKED:
            plan.changed_visits.append(replace(before, visit=replace(before.visit, status=VisitStatus.CANCELED)))
            plan.touched.add(before.visit.patient_id)
    return plan


@contextmanager
def alone(caller: Caller) -> Iterator[bool]:
    """Keep other imports off this practice; gives False when one works on it now."""
    caller.session.rollback()
    engine = caller.session.get_bind()
    assert isinstance(engine, Engine)
    with held(engine, f"import-{caller.practice_id.hex}") as mine:
        yield mine
