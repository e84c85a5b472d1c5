"""The criteria of a case, and questions to providers about what is not known of them."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework.actions import charting as actions
from app.casework.facts.casebook import case_code
from app.casework.facts.cases import CaseNotFoundError
from app.casework.facts.charting import AskFile, AskStart
from app.casework.forms.asking import AskForm, read_answers, read_ask
from app.casework.views.charting import about_case, ask_choices, ask_row, full_name, item_words
from app.casework.views.criteria import criteria_block
from app.clinical.actions import asking
from app.clinical.facts import ProviderAsk
from app.platform.ids import new_id
from app.practice.access import current_caller, needs, say
from app.practice.facts.staff import Permission
from app.values.wording import short_day

criteria_pages = Blueprint("criteria_pages", __name__)
UNSEEN = "No visit of the patient with this provider is on file, so that the provider would not see it; choose another"
CLOSED = "This question was answered or taken back meanwhile. Nothing was saved."


@criteria_pages.get("/cases/<uuid:case_id>/criteria")
@needs(Permission.ANSWER_ASKS)
def show(case_id: UUID) -> str:
    """Show the criteria of a case with what proves each, and what providers were asked."""
    start = _start(case_id)
    return render_template(
        "clinical/criteria.html",
        criteria=criteria_block(start.sheet),
        name=full_name(start.patient.first_name, start.patient.last_name),
        mrn=start.patient.mrn,
        code=case_code(case_id),
        payer=start.sheet.payer_name,
        asks=[ask_row(one, start.people) for one in start.asks],
    )


@criteria_pages.get("/cases/<uuid:case_id>/ask-provider")
@needs(Permission.EDIT_CASES)
def ask(case_id: UUID) -> str:
    """Show the form of a question to a provider: all that is lacking is ticked."""
    return _ask_form(_start(case_id), None)


@criteria_pages.post("/cases/<uuid:case_id>/ask-provider")
@needs(Permission.EDIT_CASES)
def send(case_id: UUID) -> Response | tuple[str, int]:
    """Ask the provider; a form that is sent twice asks once."""
    start, caller = _start(case_id), current_caller()
    choices = {one.key: one.criterion for one in ask_choices(start)}
    people = [staff_id for staff_id, _name in start.providers]
    form = read_ask(request.form, request.form.getlist("item"), start.today, choices, people)
    if not form.typed.good or form.asked_of is None:
        return _ask_form(start, form), 422
    question = ProviderAsk(
        id=form.key or new_id(),
        patient_id=start.patient.id,
        case_id=case_id,
        asked_by=caller.user_id,
        asked_of=form.asked_of,
        asked_at=caller.clock.now(),
        items=form.items,
        due_on=form.due_on,
        note=form.note,
    )
    try:
        actions.ask_from_case(caller, question)
    except asking.ProviderNotFoundError:
        form.typed.refuse("asked_of", "This provider may not sign in any more; choose another")
        return _ask_form(start, form), 422
    except asking.OutOfSightError:
        form.typed.refuse("asked_of", UNSEEN)
        return _ask_form(start, form), 422
    say("The provider is asked, and sees it under Asked of me.")
    return redirect(url_for(".show", case_id=case_id), 303)


@criteria_pages.get("/asks")
@needs(Permission.ANSWER_ASKS)
def mine() -> str:
    """List what the reader is asked and has not answered."""
    found = actions.asks_of_mine(current_caller())
    rows = [ask_row(one, {}, full_name(patient.first_name, patient.last_name)) for one, patient in found]
    return render_template("clinical/asks.html", rows=rows)


@criteria_pages.get("/asks/<uuid:ask_id>")
@needs(Permission.ANSWER_ASKS)
def one(ask_id: UUID) -> str:
    """Show a question to a provider: the form to whoever is asked, else what came of it."""
    return _answer_form(_file(ask_id), {}, {})


@criteria_pages.post("/asks/<uuid:ask_id>")
@needs(Permission.ANSWER_ASKS)
def answer(ask_id: UUID) -> Response | tuple[str, int]:
    """Answer all of it at once."""
    file, caller = _file(ask_id), current_caller()
    form = read_answers(request.form, file.ask.items, file.today)
    if not form.typed.good:
        return _answer_form(file, request.form, form.typed.errors), 422
    try:
        actions.answer(caller, ask_id, form.replies, form.words)
        say("Answered. The case shows it at once.")
    except asking.NotAskedError:
        abort(403)
    except asking.AskClosedError:
        say(CLOSED)
    return redirect(url_for(".one", ask_id=ask_id), 303)


@criteria_pages.post("/asks/<uuid:ask_id>/withdraw")
@needs(Permission.EDIT_CASES)
def withdraw(ask_id: UUID) -> Response:
    """Take a question back that nobody answered."""
    try:
        asking.withdraw_ask(current_caller(), ask_id)
        say("The question to the provider is taken back.")
    except asking.AskNotFoundError:
        abort(404)
    except asking.AskClosedError:
        say(CLOSED)
    return redirect(url_for(".one", ask_id=ask_id), 303)


def _ask_form(start: AskStart, form: AskForm | None) -> str:
    choices = ask_choices(start)
    ticked = form.ticked if form is not None else tuple(one.key for one in choices)
    values: Mapping[str, str] = form.typed.values if form is not None else {}
    return render_template(
        "clinical/ask.html",
        choices=choices,
        ticked=ticked,
        values=values,
        errors=form.typed.errors if form is not None else {},
        providers=[("", "Choose the provider"), *((str(one), name) for one, name in start.providers)],
        able=bool(start.providers),
        key=values.get("key") or new_id(),
        case_id=start.case_id,
        code=case_code(start.case_id),
        name=full_name(start.patient.first_name, start.patient.last_name),
        mrn=start.patient.mrn,
        payer=start.sheet.payer_name,
    )


def _answer_form(file: AskFile, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    asked = file.ask
    return render_template(
        "clinical/answer.html",
        ask=asked,
        row=ask_row(asked, file.people),
        items=item_words(file),
        open=asked.open and file.mine,
        mine=file.mine,
        values=values,
        errors=errors,
        today=short_day(file.today),
        name=full_name(file.patient.first_name, file.patient.last_name),
        mrn=file.patient.mrn,
        who=file.people.get(asked.asked_of, "the provider"),
        asker=file.people.get(asked.asked_by) if asked.asked_by is not None else None,
        code=about_case(asked.case_id),
    )


def _start(case_id: UUID) -> AskStart:
    try:
        return actions.start_ask(current_caller(), case_id)
    except CaseNotFoundError:
        abort(404)


def _file(ask_id: UUID) -> AskFile:
    try:
        return actions.read_ask(current_caller(), ask_id)
    except asking.AskNotFoundError:
        abort(404)
