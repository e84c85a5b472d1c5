"""Work on ticked cases: assign, say what comes next, put aside, write one call down; and take each back."""

from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework.actions import entries, several
from app.casework.actions.calling import read_ticked
from app.casework.actions.casebook import owners, practice_today
from app.casework.facts.casebook import CaseQuery
from app.casework.facts.entries import ENTRY_FIELDS, EntryKind
from app.casework.forms.casebook import CasebookForm, read_back, write_query
from app.casework.forms.entry import EntryForm, read_entry
from app.casework.forms.several import CaseWorkForm, read_case_work, read_cases
from app.casework.forms.typed import in_order
from app.casework.routes.casebook import show_casebook
from app.casework.views.calling import call_page
from app.casework.views.composer import OUTCOMES
from app.platform.ids import new_id
from app.practice.access import current_caller, current_practice, may, needs, say
from app.practice.facts.staff import Permission
from app.values.times import time_words
from app.values.wording import counted, long_day

case_work_pages = Blueprint("case_work_pages", __name__)
NOT_ON_FILE = "These cases are no longer on file."
_EDITS = frozenset({"next", "call"})


@case_work_pages.post("/cases/work")
@needs(Permission.WORK)
def do() -> Response | tuple[str, int]:
    """Do what was chosen with the ticked cases; a call goes on to a page of its own."""
    form = read_case_work(request.form, practice_today(current_caller()))
    if form.do in _EDITS and not may(Permission.EDIT_CASES):
        abort(403)
    if form.errors:
        return _list_again(form, 422)
    if form.do == "call":
        return redirect(url_for(".call", case=[str(one) for one in form.seen], back=_text(form.back)), 303)
    try:
        return _done(form)
    except several.OwnerNotFoundError:
        form.errors["owner"] = "This person cannot be given cases. Choose another."
        return _list_again(form, 422)
    except several.SteeredError as other:
        form.errors["ticks"] = (
            f"{counted(len(other.cases), 'ticked case')} got another owner or next action after this page was loaded. "
            "Nothing was changed. The list shows how they stand now: untick them to keep that, or do it again to "
            "replace it."
        )
        return _list_again(form, 409)


def _done(form: CaseWorkForm) -> Response:
    caller = current_caller()
    if form.do == "assign":
        done = several.assign(caller, form.seen, form.owner)
        to = next((one.name for one in owners(caller) if one.id == form.owner), "nobody")
        words = f"assigned to {to}"
    elif form.do == "next":
        assert form.step is not None, "the form was read without errors"
        done, words = several.set_next(caller, form.seen, *form.step), "given a next action"
    else:
        done = several.snooze(caller, form.seen, form.until)
        words = f"snoozed until {long_day(form.until)}" if form.until else "brought back"
    if done.step_id is None:
        say("Nothing was changed: the ticked cases stand so already.")
    else:
        say(f"{counted(done.cases, 'case')} {words}.", _undo(done.step_id, form.back))
    return redirect(_list(form.back), 303)


def _list_again(form: CaseWorkForm, status: int) -> tuple[str, int]:
    return show_casebook(CasebookForm(form.back), form.errors, form.seen, form.typed), status


@case_work_pages.post("/cases/steps/<uuid:step_id>/undo")
@needs(Permission.WORK)
def undo(step_id: UUID) -> Response:
    """Take a step on several cases back."""
    try:
        say(f"Taken back for {counted(several.undo(current_caller(), step_id), 'case')}.")
    except several.CannotUndoError:
        say("This was taken back already, or is older than 24 hours. Nothing was changed.")
    return redirect(_list(read_back(request.args.get("back", ""))), 303)


@case_work_pages.get("/cases/call")
@needs(Permission.EDIT_CASES)
def call() -> str | Response:
    """Write down one call about several cases."""
    return _call_form(read_cases(request.args.getlist("case")), read_back(request.args.get("back", "")), None)


@case_work_pages.post("/cases/call")
@needs(Permission.EDIT_CASES)
def save_call() -> Response | tuple[str, int]:
    """Save the call on every case; a form that is sent twice counts once."""
    caller, back = current_caller(), read_back(request.form.get("back", ""))
    cases = read_cases(request.form.getlist("case"))
    form = read_entry(request.form, EntryKind.CALL, caller.clock.now(), ZoneInfo(current_practice().zone))
    ticked = read_ticked(caller, cases)
    if not form.typed.good or not ticked:
        page = _call_form(cases, back, form)
        return (page, 422) if isinstance(page, str) else (NOT_ON_FILE, 404)
    if entries.note(caller, [one.record.id for one in ticked], form.key or new_id(), form.noted):
        say(f"One call saved on {counted(len(ticked), 'case')}.")
    return redirect(_list(back), 303)


def _call_form(cases: tuple[UUID, ...], back: CaseQuery, form: EntryForm | None) -> str | Response:
    caller = current_caller()
    ticked = read_ticked(caller, cases)
    if not ticked:
        say(NOT_ON_FILE)
        return redirect(_list(back), 303)
    now = caller.clock.now().astimezone(ZoneInfo(current_practice().zone))
    typed = form.typed.values if form is not None else {"started": time_words(now.time())}
    faults = in_order(form.errors, ENTRY_FIELDS) if form is not None else {}
    key = form.key if form is not None and form.key is not None else new_id()
    page = call_page(ticked, key, {name: typed.get(name, "") for name in ENTRY_FIELDS}, faults)
    return render_template(
        "casework/several_call.html", page=page, outcomes=OUTCOMES, back=_text(back), back_address=_list(back)
    )


def _list(query: CaseQuery) -> str:
    return url_for("casebook_pages.listing", **write_query(query))  # type: ignore[arg-type]


def _text(query: CaseQuery) -> str:
    return urlencode(write_query(query))


def _undo(step_id: UUID, back: CaseQuery) -> str:
    return url_for(".undo", step_id=step_id, back=_text(back))
