"""Bring a file in: File, Match columns, Check, Confirm. Every step is a form and a page; no address names a patient."""

from collections.abc import Mapping
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.imports.actions import drafts as actions
from app.imports.actions.confirming import AlreadyConfirmedError, confirm
from app.imports.actions.rejects import refused_table
from app.imports.facts import WORKING, Draft, DraftState, FileRefusedError, Kind
from app.imports.forms import LARGEST_MIB, UploadForm, read_cancel, read_cells, read_columns, read_upload
from app.imports.views.checking import STEPS, check_page, done_page
from app.imports.views.files import desk_page, person
from app.imports.views.matching import columns_page
from app.imports.views.progress import progress_page
from app.practice.access import current_caller, current_practice, needs, say
from app.practice.facts.staff import Permission

import_pages = Blueprint("import_pages", __name__)
GONE = "That file is no longer under way: it was discarded, or its 24 hours are over. Bring it in again."
CHANGED = "Someone has changed this file since you opened the page. Read it as it stands now, then repeat the step."
NEXT = (("types", "type_pages.list"), ("payers", "payer_name_pages.list"), ("questions", "question_pages.list"))
EVERY = 3  # seconds between two looks at a long file
Answer = str | AnyResponse | tuple[str, int]


@import_pages.errorhandler(actions.DraftGoneError)
def gone(_error: actions.DraftGoneError) -> AnyResponse:
    """Lead whoever asks for a draft that is no more to the list."""
    say(GONE)
    return redirect(url_for("import_pages.list"), 303)


@import_pages.get("/imports", endpoint="list")
@needs(Permission.IMPORT)
def show_all() -> tuple[str, int]:
    """Show the kinds of files, what is under way and what was brought in."""
    return desk(UploadForm("", None)), 200


@import_pages.post("/imports")
@needs(Permission.IMPORT)
def upload() -> Answer:
    """Take a file. What is no table, or has no rows, is told beside the field."""
    form = read_upload(request.form, request.files.get("file"))
    if not form.errors:
        try:
            draft_id = actions.begin(current_caller(), form.name, form.content, form.kind)
            return redirect(url_for("import_pages.show", draft_id=draft_id), 303)
        except FileRefusedError as error:
            form.errors["file"] = error.sentence
    return desk(form), 422


@import_pages.get("/imports/<uuid:draft_id>")
@needs(Permission.IMPORT)
def show(draft_id: UUID) -> Answer:
    """Show a file under way at the step where it stands."""
    draft = actions.read_draft(current_caller(), draft_id)
    if draft.state is DraftState.MATCHING:
        return redirect(url_for("import_pages.columns", draft_id=draft_id), 303)
    if draft.state in WORKING or draft.state is DraftState.FAILED:
        return _progress(draft)
    if draft.state is DraftState.DONE:
        page = done_page(draft, actions.people_of(current_caller()), _zone())
        undo = url_for("import_undo_pages.show", run_id=draft.run_id) if draft.run_id else None
        return render_template("imports/done.html", page=page, places=_places(), undo=undo)
    return _check(draft)


@import_pages.get("/imports/<uuid:draft_id>/columns")
@needs(Permission.IMPORT)
def columns(draft_id: UUID) -> Answer:
    """Show which column each header is taken for."""
    draft = actions.read_draft(current_caller(), draft_id)
    if draft.state in WORKING or draft.state is DraftState.DONE:
        return redirect(url_for("import_pages.show", draft_id=draft_id), 303)
    asked = request.args.get("kind", "")
    kind = Kind(asked) if asked in tuple(Kind) else draft.kind
    guessed, doubts = ((), frozenset()) if kind is None else actions.columns_of(current_caller(), draft, kind)
    return render_template(
        "imports/columns.html", page=columns_page(draft, kind, guessed, doubts), errors={}, steps=STEPS
    )


@import_pages.post("/imports/<uuid:draft_id>/columns")
@needs(Permission.IMPORT)
def match(draft_id: UUID) -> Answer:
    """Take the columns as chosen."""
    draft = actions.read_draft(current_caller(), draft_id)
    form = read_columns(request.form, draft.head["header"])
    if form.kind is None or form.errors:
        page = columns_page(draft, form.kind or draft.kind, form.columns, frozenset())
        return render_template("imports/columns.html", page=page, errors=form.errors, steps=STEPS), 422
    try:
        actions.match_columns(current_caller(), draft_id, _version(), form.kind, form.columns)
    except actions.DraftChangedError as error:
        if error.draft.state in WORKING or error.draft.state is DraftState.DONE:
            return _as_it_stands(draft_id)
        page = columns_page(error.draft, form.kind, form.columns, frozenset())
        return render_template("imports/columns.html", page=page, errors={"columns": CHANGED}, steps=STEPS), 409
    return redirect(url_for("import_pages.show", draft_id=draft_id), 303)


@import_pages.post("/imports/<uuid:draft_id>/rows")
@needs(Permission.IMPORT)
def correct(draft_id: UUID) -> Answer:
    """Take cells of refused rows as written anew."""
    draft = actions.read_draft(current_caller(), draft_id)
    cells = read_cells(request.form, draft.summary or {})
    if not cells:
        say("No cell was changed. Write the cells anew, then check again.")
        return redirect(url_for("import_pages.show", draft_id=draft_id, _anchor="correct"), 303)
    try:
        actions.correct_rows(current_caller(), draft_id, _version(), cells)
    except actions.DraftChangedError as error:
        return _changed(error.draft, request.form)
    say("The cells are written anew in this import and checked again. Your file itself stays as it is.")
    return redirect(url_for("import_pages.show", draft_id=draft_id), 303)


@import_pages.post("/imports/<uuid:draft_id>/check")
@needs(Permission.IMPORT)
def check(draft_id: UUID) -> Answer:
    """Check a file again against what is on file now."""
    try:
        actions.check_again(current_caller(), draft_id, _version())
    except actions.DraftChangedError:
        return _as_it_stands(draft_id)
    return redirect(url_for("import_pages.show", draft_id=draft_id), 303)


@import_pages.post("/imports/<uuid:draft_id>/confirm", endpoint="confirm")
@needs(Permission.IMPORT)
def write(draft_id: UUID) -> Answer:
    """Write what the check showed. A second confirmation is told who was first; a double click comes to the same."""
    caller = current_caller()
    draft = actions.found_draft(caller, draft_id)
    cancel = read_cancel(request.form.get("gone", "keep"), request.form.getlist("cancel"), draft.summary or {})
    try:
        confirm(caller, draft_id, _version(), cancel)
    except AlreadyConfirmedError as error:
        if error.draft.ended_by != caller.user_id:
            say(f"{person(actions.people_of(caller), error.draft.ended_by)} has confirmed this file before you.")
    except actions.DraftChangedError as error:
        return _changed(error.draft, {})
    return redirect(url_for("import_pages.show", draft_id=draft_id), 303)


@import_pages.post("/imports/<uuid:draft_id>/discard")
@needs(Permission.IMPORT)
def discard(draft_id: UUID) -> AnyResponse:
    """Remove a file under way; nothing of it was written."""
    try:
        actions.discard(current_caller(), draft_id, _version())
    except actions.DraftChangedError:
        return _as_it_stands(draft_id)
    say("The file was discarded. Nothing of it was written.")
    return redirect(url_for("import_pages.list"), 303)


@import_pages.get("/imports/<uuid:draft_id>/refused.csv")
@needs(Permission.IMPORT)
def refused(draft_id: UUID) -> Response:
    """Give out the refused rows as they came, each with its problem and fix."""
    content = refused_table(current_caller(), draft_id)
    headers = {"Content-Disposition": "attachment; filename=refused-rows.csv", "Cache-Control": "no-store"}
    return Response(content, mimetype="text/csv; charset=utf-8", headers=headers)


def _zone() -> ZoneInfo:
    return ZoneInfo(current_practice().zone)


def _places() -> dict[str, str | None]:
    """The addresses of the pages to go on with, as far as the program has them and the person may open them."""
    return {name: url_for(endpoint) if endpoint in current_app.view_functions else None for name, endpoint in NEXT}


def _version() -> int:
    typed = request.form.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def desk(form: UploadForm) -> str:
    """Show the kinds of files, what is under way and what was brought in, with the form as it was sent."""
    after = request.args.get("after", "")
    try:
        last = UUID(hex=after) if after else None
    except ValueError:
        last = None
    page = desk_page(actions.read_desk(current_caller(), last), _zone())
    return render_template("imports/list.html", page=page, form=form, largest=LARGEST_MIB, places=_places())


def _check(draft: Draft, typed: Mapping[str, str] | None = None, errors: Mapping[str, str] | None = None) -> str:
    page = check_page(draft, actions.people_of(current_caller()), _zone(), typed)
    return render_template("imports/check.html", page=page, errors=errors or {}, steps=STEPS, places=_places())


def _progress(draft: Draft) -> Response:
    page = progress_page(draft)
    answer = Response(render_template("imports/progress.html", page=page, steps=STEPS))
    if page.working:
        answer.headers["Refresh"] = str(EVERY)
    return answer


def _changed(draft: Draft, typed: Mapping[str, str]) -> Answer:
    """Show a check that someone has changed meanwhile, with what was typed."""
    if draft.state is not DraftState.CHECKED:
        return _as_it_stands(draft.id)
    return _check(draft, typed, {"check": CHANGED}), 409


def _as_it_stands(draft_id: UUID) -> AnyResponse:
    say(CHANGED)
    return redirect(url_for("import_pages.show", draft_id=draft_id), 303)
