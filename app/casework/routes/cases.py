"""The page of a case: where it stands, what happened, who owns it and what comes next."""

from dataclasses import replace
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.authorizations.actions import AuthorizationNotFoundError, KnownNumberError, UndoRefusedError
from app.authorizations.facts import Kind
from app.authorizations.rules.moves import IllegalMoveError
from app.authorizations.views import kind_words
from app.casework.actions import entries as writing_down
from app.casework.actions import steering
from app.casework.actions.beside import read_beside
from app.casework.actions.cases import read_case
from app.casework.actions.deciding import undo_change
from app.casework.actions.entries import EntryNotFoundError, TooLateError
from app.casework.actions.following import begin_follower
from app.casework.facts.cases import CaseFile, CaseNotFoundError
from app.casework.facts.entries import EntryKind
from app.casework.forms.approval import read_id
from app.casework.forms.entry import FIELDS, EntryForm, read_entry
from app.casework.forms.steering import OwnerForm, StepForm, read_owner, read_step
from app.casework.forms.typed import in_order
from app.casework.views.beside import beside_words
from app.casework.views.case_first import FOLLOWERS
from app.casework.views.case_page import case_page
from app.casework.views.changed import changed_words
from app.casework.views.composer import COMPOSED, OUTCOMES, CameBack, composer, step_words
from app.deadlines.actions import PersonNotFoundError
from app.platform.ids import new_id
from app.practice.access import current_caller, current_practice, may, needs, say
from app.practice.facts.staff import Permission

case_pages = Blueprint("case_pages", __name__, url_prefix="/cases/<uuid:case_id>")
UNDONE_LATE = "This cannot be taken back any more: it is older than a day, or something followed. Correct it instead."
GONE = "What you wanted to correct was taken back or corrected meanwhile. Write a new entry."
NOBODY = "This person may not sign in any more. Choose somebody else"


@case_pages.get("")
@needs(Permission.SEE_CASES)
def show(case_id: UUID) -> str:
    """Show one case. `write` opens the composer for a kind of entry, `corrects` with an entry that is written anew."""
    return _page(read(case_id))


@case_pages.post("/entries/<kind>")
@needs(Permission.EDIT_CASES)
def write(case_id: UUID, kind: str) -> Response | tuple[str, int]:
    """Write a call, portal visit, fax or note down; a form that is sent twice counts once."""
    if kind not in COMPOSED:
        abort(404)
    caller, case = current_caller(), read(case_id)
    documents = [one.id for one in case.documents]
    form = read_entry(request.form, EntryKind(kind), caller.clock.now(), ZoneInfo(current_practice().zone), documents)
    if not form.typed.good:
        return _page(case, form), 422
    try:
        fresh = writing_down.note(caller, [case_id], form.key or new_id(), form.noted)
    except EntryNotFoundError:
        form.typed.errors["words"] = GONE
        form.noted = replace(form.noted, corrects=None)
        return _page(read(case_id), form), 409
    contact = form.noted.contact
    answer = COMPOSED[kind].answers.get(contact.outcome) if contact is not None and contact.outcome else None
    if fresh:
        say(f"{COMPOSED[kind].label} saved." + (" Now record the payer's answer." if answer else ""))
    if answer is not None:
        return redirect(url_for("decision_pages.show", case_id=case_id, what=answer), 303)
    return redirect(url_for(".show", case_id=case_id), 303)


@case_pages.post("/entries/<uuid:entry_id>/take-back")
@needs(Permission.EDIT_CASES)
def take_back(case_id: UUID, entry_id: UUID) -> Response:
    """Strike an entry that was written within a day."""
    try:
        writing_down.take_entry_back(current_caller(), case_id, entry_id)
        say("Entry taken back. It stays readable, struck through.")
    except EntryNotFoundError:
        abort(404)
    except TooLateError:
        say(UNDONE_LATE)
    return redirect(url_for(".show", case_id=case_id), 303)


@case_pages.post("/undo/<uuid:event_id>")
@needs(Permission.EDIT_CASES)
def undo(case_id: UUID, event_id: UUID) -> Response:
    """Take the last change of the case back, within a day."""
    try:
        say(changed_words("Change taken back", undo_change(current_caller(), case_id, event_id)))
    except CaseNotFoundError:
        abort(404)
    except (UndoRefusedError, KnownNumberError):
        say(UNDONE_LATE)
    return redirect(url_for(".show", case_id=case_id), 303)


@case_pages.post("/follow")
@needs(Permission.EDIT_CASES)
def follow(case_id: UUID) -> Response:
    """Begin a request that follows this case: a renewal, an extension, or another; a form sent twice begins one."""
    kind, key = request.form.get("kind", ""), read_id(request.form.get("key", ""))
    if kind not in {one.value for one in FOLLOWERS} or key is None:
        abort(404)
    try:
        draft = begin_follower(current_caller(), case_id, Kind(kind), key)
    except AuthorizationNotFoundError:
        abort(404)
    except IllegalMoveError as illegal:
        say(illegal.sentence)
        return redirect(url_for(".show", case_id=case_id), 303)
    say(f"{kind_words(draft.kind)} begun in draft. Complete it and send it.")
    return redirect(url_for(".show", case_id=draft.id), 303)


@case_pages.post("/owner")
@needs(Permission.WORK)
def assign(case_id: UUID) -> Response | tuple[str, int]:
    """Give the case to a person; where somebody was quicker, show both and ask which to keep."""
    form = read_owner(request.form)
    if form.owner is None and not form.nobody:
        form.errors["owner"] = "Choose a person, or Nobody"
        return _page(read(case_id), steered=form), 422
    try:
        if steering.assign_seen(current_caller(), case_id, form.owner, form.seen):
            say("Owner set." if form.owner else "Nobody owns this case now.")
    except steering.SteeredMeanwhileError as meanwhile:
        form.now = meanwhile.owner
        form.stale = True
        return _page(read(case_id), steered=form), 409
    except PersonNotFoundError:
        form.errors["owner"] = NOBODY
        return _page(read(case_id), steered=form), 422
    return redirect(url_for(".show", case_id=case_id), 303)


@case_pages.post("/next")
@needs(Permission.EDIT_CASES)
def set_next(case_id: UUID) -> Response | tuple[str, int]:
    """Say what comes next and by when; where somebody was quicker, show both and ask which to keep."""
    caller = current_caller()
    today = caller.clock.today(ZoneInfo(current_practice().zone))
    form = read_step(request.form, today)
    if form.errors:
        return _page(read(case_id), stepped=form), 422
    try:
        if steering.set_next_seen(caller, case_id, form.step, form.seen):
            say("Next action set." if form.step[0] else "The case has no next action now.")
    except steering.SteeredMeanwhileError as meanwhile:
        form.now = step_words(meanwhile.step)
        form.stale = True
        return _page(read(case_id), stepped=form), 409
    return redirect(url_for(".show", case_id=case_id), 303)


def read(case_id: UUID) -> CaseFile:
    """Read the case of an address; one that is not on file is not found."""
    try:
        return read_case(current_caller(), case_id)
    except CaseNotFoundError:
        abort(404)


def _page(
    case: CaseFile, form: EntryForm | None = None, steered: OwnerForm | None = None, stepped: StepForm | None = None
) -> str:
    edits = may(Permission.EDIT_CASES)
    beside = beside_words(read_beside(current_caller(), case), case, g.fields)
    page = case_page(case, g.fields, edits)
    back = _back(form) if form is not None else None
    written = composer(case, request.args, new_id(), back) if edits else None
    errors: dict[str, str] = {}
    for one in (form, steered, stepped):
        errors |= in_order(one.errors, FIELDS) if one is not None else {}
    return render_template(
        "casework/case.html",
        page=page,
        composer=written,
        outcomes=OUTCOMES,
        steered=steered,
        stepped=stepped,
        errors=errors,
        key=new_id(),
        beside=beside,
    )


def _back(form: EntryForm) -> CameBack:
    errors = in_order(form.errors, FIELDS)
    return CameBack(form.kind, form.key or new_id(), form.typed.values, errors, form.noted.corrects)
