"""The durable worker of long files: takes up what waits in the database, and what a process left half-way.

It works from the state of each draft alone, so it may run twice, late, and after a crash.
"""

from dataclasses import replace
from uuid import UUID

from app.imports.actions.checking import check
from app.imports.actions.confirming import carry_out, noted
from app.imports.facts import WORKING, Draft, DraftState, Report
from app.imports.store import drafts, runs
from app.platform.caller import Caller
from app.platform.db import writing
from app.platform.incidents import describe, new_incident
from app.platform.logs import log


def work(caller: Caller) -> int:
    """Work on every draft that waits, oldest first. One that breaks is marked, and stops no other. Returns how many."""
    done = 0
    for draft_id in drafts.at_work(caller.session, caller.practice_id):
        try:
            done += _work_on(caller, draft_id)
        except Exception as error:
            caller.session.rollback()
            incident = new_incident()
            log().error("import stopped", incident=incident, what=describe(error))
            _mark_failed(caller, draft_id, incident)
    return done


def _work_on(caller: Caller, draft_id: UUID) -> bool:
    draft = drafts.draft_of(caller.session, caller.practice_id, draft_id)
    if draft is None or draft.state not in WORKING:
        return False
    if draft.state in (DraftState.TO_CONFIRM, DraftState.CONFIRMING):
        return carry_out(caller, draft_id)
    begun = _changed(caller, draft, state=DraftState.CHECKING, done=0)
    if begun is None:
        return False
    edits = drafts.edits_of(caller.session, caller.practice_id, draft_id)
    checked = check(caller, begun, edits, lambda done: noted(caller, begun, done))
    values = {"state": DraftState.CHECKED, "summary": checked.summary, "refused": checked.refused, "done": draft.rows}
    return _changed(caller, begun, **values) is not None


def _changed(caller: Caller, draft: Draft, **values: object) -> Draft | None:
    with writing(caller.session) as session:
        changed = drafts.change_draft(session, caller.practice_id, draft, caller.clock.now(), **values)
    return replace(draft, version=draft.version + 1) if changed else None


def _mark_failed(caller: Caller, draft_id: UUID, incident: str) -> None:
    draft = drafts.draft_of(caller.session, caller.practice_id, draft_id)
    if draft is not None and draft.state in WORKING:
        writes = draft.state is DraftState.CONFIRMING
        summary = {**(draft.summary or {}), "incident": incident, "written": writes}
        if writes:
            _list_as_run(caller, draft)
        _changed(caller, draft, state=DraftState.FAILED, summary=summary)


def _list_as_run(caller: Caller, draft: Draft) -> None:
    """List what stopped half-way among the imports, so that it can be undone like any other."""
    report = Report(draft.id.hex, draft.kind, rows=draft.done)
    with writing(caller.session) as session:
        now = caller.clock.now()
        runs.note_run(session, caller.practice_id, report, draft.sha256, now, draft.ended_by, draft.run_id)
