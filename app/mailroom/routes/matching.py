"""Records that wait for a person: the list, one of them with both sides, and what can be done with it."""

from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.mailroom.actions import matching as actions
from app.mailroom.forms.matching import MatchForm, read_aside, read_choice, read_sought
from app.mailroom.views.matching import record_page, waiting_page
from app.mailroom.views.words import why_words
from app.practice.access import current_caller, current_practice, needs, say
from app.practice.facts.staff import Permission
from app.values.records import Outcome
from app.values.wording import counted

match_pages = Blueprint("match_pages", __name__, url_prefix="/mail/unmatched")
QUICKER = "Someone has dealt with this record since you opened the page. Read it as it stands now."
NOBODY = "No patient in your sight has this record number or member ID, or more than one has it"
NOT_FOUND = "What was chosen is not on file any more. Choose again."
Answer = str | Response | tuple[str, int]


@match_pages.errorhandler(actions.RecordNotFoundError)
def not_found(_error: actions.RecordNotFoundError) -> Response:
    """A record that is gone, or out of sight, is not there."""
    abort(404)


@match_pages.get("", endpoint="list")
@needs(Permission.EDIT_CASES)
def show_all() -> str:
    """List the records that wait, or those that were set aside."""
    aside = request.args.get("aside") == "yes"
    found = actions.read_waiting(current_caller(), _id_of("before"), aside)
    return render_template("mailroom/unmatched.html", page=waiting_page(found, _zone(), aside))


@match_pages.post("/again")
@needs(Permission.EDIT_CASES)
def again() -> Response:
    """Try all records that wait once more, after the file was set right."""
    settled = actions.try_again(current_caller())
    say(f"{counted(settled, 'record')} found a place." if settled else "None found a place. They wait as before.")
    return redirect(url_for(".list"), 303)


@match_pages.get("/<uuid:record_id>")
@needs(Permission.EDIT_CASES)
def show(record_id: UUID) -> Answer:
    """Show one record with both sides."""
    return _page(record_id, MatchForm({}))


@match_pages.post("/<uuid:record_id>/find")
@needs(Permission.EDIT_CASES)
def find(record_id: UUID) -> Answer:
    """Look a patient up; the address that follows holds our own id."""
    form = read_sought(request.form)
    patient = None if form.errors else actions.find_patient(current_caller(), form.sought)
    if patient is None:
        form.errors.setdefault("sought", NOBODY)
        return _page(record_id, form), 422
    return redirect(url_for(".show", record_id=record_id, patient=patient), 303)


@match_pages.post("/<uuid:record_id>/match")
@needs(Permission.EDIT_CASES)
def match(record_id: UUID) -> Answer:
    """Say what a record belongs to."""
    form = read_choice(request.form)
    if form.chosen is None:
        return _page(record_id, form), 422
    try:
        filed = actions.match(current_caller(), record_id, form.version, form.chosen)
    except actions.NotWaitingError:
        return _quicker(record_id)
    except actions.NotACandidateError:
        form.errors["chosen"] = NOT_FOUND
        return _page(record_id, form), 422
    if filed.outcome in (Outcome.MATCHED, Outcome.ALREADY, Outcome.NOTED):
        say("The record was filed where you said.")
        return redirect(url_for(".list"), 303)
    form.errors["chosen"] = f"It cannot be filed there. {why_words(filed.why) or ''}".strip()
    return _page(record_id, form), 422


@match_pages.post("/<uuid:record_id>/aside")
@needs(Permission.EDIT_CASES)
def aside(record_id: UUID) -> Answer:
    """Set a record aside that is none of ours."""
    form = read_aside(request.form)
    if form.errors:
        return _page(record_id, form), 422
    try:
        actions.set_aside(current_caller(), record_id, form.version, form.reason)
    except actions.NotWaitingError:
        return _quicker(record_id)
    say("The record was set aside.", undo=url_for(".back", record_id=record_id))
    return redirect(url_for(".list"), 303)


@match_pages.post("/<uuid:record_id>/back")
@needs(Permission.EDIT_CASES)
def back(record_id: UUID) -> Response:
    """Let a record wait again that was set aside."""
    actions.bring_back(current_caller(), record_id)
    say("The record waits again.")
    return redirect(url_for(".show", record_id=record_id), 303)


def _quicker(record_id: UUID) -> Answer:
    """Somebody was quicker; whoever sent a form twice is led on."""
    caller = current_caller()
    if actions.decided_by(caller, record_id) == caller.user_id:
        return redirect(url_for(".list"), 303)
    form = MatchForm(request.form, errors={"record": QUICKER})
    return _page(record_id, form), 409


def _page(record_id: UUID, form: MatchForm) -> str:
    found = actions.read_record(current_caller(), record_id, _id_of("patient"))
    return render_template("mailroom/record.html", page=record_page(found, _zone()), form=form)


def _zone() -> ZoneInfo:
    return ZoneInfo(current_practice().zone)


def _id_of(name: str) -> UUID | None:
    given = request.form if request.method == "POST" else request.args
    try:
        return UUID(hex=given.get(name, ""))
    except ValueError:
        return None
