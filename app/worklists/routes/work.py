"""Work on ticked visits: assign, mark self-pay, ask a coordinator, and take each back."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.platform.ids import new_id
from app.practice.access import current_caller, may, needs, say
from app.practice.facts.staff import Permission
from app.values.wording import counted
from app.worklists.actions import asking, work
from app.worklists.facts import ScheduleQuery
from app.worklists.forms.query import ScheduleForm
from app.worklists.forms.work import AskForm, WorkForm, read_answer, read_ask, read_back, read_visits, read_work
from app.worklists.routes.schedule import show_schedule
from app.worklists.views.addresses import write_query
from app.worklists.views.asking import ask_page

visit_work_pages = Blueprint("visit_work_pages", __name__)
NOT_ON_FILE = "These visits are no longer on file."
PAGES = {
    "self_pay": "visit_work_pages.self_pay",
    "ask": "visit_work_pages.ask_several",
    "start": "visit_start_pages.show",
}
"""What is chosen for ticked visits and goes on to a page of its own."""
ONLY_WITH_CASES = frozenset({"self_pay", "start"})


@visit_work_pages.post("/schedule/work")
@needs(Permission.WORK)
def do() -> Response | tuple[str, int]:
    """Do what was chosen with the ticked visits; all but an assignment goes on to a page of its own."""
    form = read_work(request.form)
    if form.do in ONLY_WITH_CASES and not may(Permission.EDIT_CASES):
        abort(403)
    if form.errors:
        return _list_again(form, 422)
    if form.do == "assign":
        return _assigned(form)
    visits = [str(one) for one in form.seen]
    return redirect(url_for(PAGES[form.do], visit=visits, back=text_of_list(form.back)), 303)


def _assigned(form: WorkForm) -> Response | tuple[str, int]:
    try:
        done = work.assign(current_caller(), form.seen, form.owner)
    except work.PersonNotFoundError:
        form.errors["owner"] = "This person cannot be given visits. Choose another."
        return _list_again(form, 422)
    except work.TakenError as taken:
        form.errors["ticks"] = (
            f"{counted(len(taken.visits), 'ticked visit')} got another owner after this page was loaded. Nothing was "
            "changed. The list shows whose they are now: untick them to keep that, or assign again to replace it."
        )
        return _list_again(form, 409)
    to = next((one.name for one in work.people(current_caller()) if one.id == form.owner), "nobody")
    if done.step_id is None:
        say(f"The ticked visits were assigned to {to} already.")
    else:
        say(f"{counted(done.visits, 'visit')} assigned to {to}.", _undo("undo", done.step_id, form.back))
    return redirect(address_of_list(form.back), 303)


def _list_again(form: WorkForm, status: int) -> tuple[str, int]:
    page, _errors = show_schedule(ScheduleForm(form.back), form.errors, form.seen, {"owner": form.typed_owner})
    return page, status


@visit_work_pages.get("/schedule/self-pay")
@needs(Permission.EDIT_CASES)
def self_pay() -> str | Response:
    """Ask once whether the visits really leave insurance."""
    visits, back = read_visits(request.args.getlist("visit")), read_back(request.args.get("back", ""))
    page = ask_page(asking.read_visits(current_caller(), visits), g.staff.id, g.permissions)
    if not page.visits:
        say(NOT_ON_FILE)
        return redirect(address_of_list(back), 303)
    address = address_of_list(back)
    return render_template("worklists/self_pay.html", page=page, back=text_of_list(back), back_address=address)


@visit_work_pages.post("/schedule/self-pay")
@needs(Permission.EDIT_CASES)
def save_self_pay() -> Response:
    """Take the visits out of insurance."""
    back = read_back(request.form.get("back", ""))
    done = work.mark_self_pay(current_caller(), read_visits(request.form.getlist("visit")))
    if done.step_id is None:
        say("Nothing was changed: none of these visits is booked and asked of insurance.")
    else:
        say(_marked(done), _undo("undo_self_pay", done.step_id, back))
    return redirect(address_of_list(back), 303)


def _marked(done: work.Done) -> str:
    """What was done; and that papers now wait for a signature."""
    said = f"{counted(done.visits, 'visit')} marked self-pay."
    if done.to_sign:
        said += f" Papers to sign were opened for {counted(done.to_sign, 'visit')}: see Estimates and consents."
    return said


@visit_work_pages.get("/schedule/ask")
@needs(Permission.WORK)
def ask_several() -> str | Response:
    """Ask about several visits at once."""
    back = read_back(request.args.get("back", ""))
    return _ask_form(read_visits(request.args.getlist("visit")), back, None)


@visit_work_pages.get("/visits/<uuid:visit_id>/ask")
@needs(Permission.WORK)
def ask(visit_id: UUID) -> str | Response:
    """Ask about one visit, and show what was asked and answered before."""
    return _ask_form((visit_id,), read_back(request.args.get("back", "")), visit_id)


@visit_work_pages.post("/schedule/ask")
@needs(Permission.WORK)
def save_ask() -> Response | tuple[str, int]:
    """Ask, and go back to the list."""
    form, back = read_ask(request.form), read_back(request.form.get("back", ""))
    visits = read_visits(request.form.getlist("visit"))
    if form.errors:
        single = visits[0] if len(visits) == 1 else None
        page = _ask_form(visits, back, single, form)
        return (page, 422) if isinstance(page, str) else (NOT_ON_FILE, 404)
    done = asking.ask(current_caller(), form.step or new_id(), visits, form.note, form.of_owner)
    if done.step_id is None:
        say(NOT_ON_FILE)
    else:
        say(f"Asked about {counted(done.visits, 'visit')}.", _undo("undo", done.step_id, back))
    return redirect(address_of_list(back, visits[0] if visits else None), 303)


def _ask_form(
    visits: tuple[UUID, ...], back: ScheduleQuery, single: UUID | None, form: AskForm | None = None
) -> str | Response:
    page = ask_page(asking.read_visits(current_caller(), visits), g.staff.id, g.permissions)
    if not page.visits:
        if single is not None:
            abort(404)
        say(NOT_ON_FILE)
        return redirect(address_of_list(back), 303)
    back = back if back.day is not None else replace(back, day=page.visits[0].day)
    return render_template(
        "worklists/ask.html",
        page=page,
        form=form or AskForm("", True, new_id()),
        back=text_of_list(back),
        back_address=address_of_list(back, page.visits[0].visit_id),
    )


@visit_work_pages.post("/asks/<uuid:ask_id>/answer")
@needs(Permission.WORK)
def answer(ask_id: UUID) -> Response | tuple[str, int]:
    """Answer a question, and go back to where it was read."""
    form = read_answer(request.form)
    if form.errors:
        return _answer_again(ask_id, form.answer, form.errors, 422)
    try:
        visit_id = asking.answer(current_caller(), ask_id, form.answer, g.permissions)
    except asking.AskNotFoundError:
        abort(404)
    except asking.AnsweredError:
        sentence = (
            "Somebody else has answered this already; both answers are shown. Send yours as a question of its own."
        )
        return _answer_again(ask_id, form.answer, {f"answer-{ask_id}": sentence}, 409)
    say("Answered.")
    return redirect(url_for("visit_work_pages.ask", visit_id=visit_id), 303)


def _answer_again(ask_id: UUID, text: str, errors: dict[str, str], status: int) -> tuple[str, int]:
    visit_id = asking.visit_of_ask(current_caller(), ask_id)
    if visit_id is None:
        abort(404)
    page = ask_page(asking.read_visits(current_caller(), (visit_id,)), g.staff.id, g.permissions)
    shown = render_template(
        "worklists/ask.html",
        page=replace(page, typed={ask_id: text}, errors={f"answer-{ask_id}": next(iter(errors.values()))}),
        form=AskForm("", True, new_id()),
        back="",
        back_address=address_of_list(ScheduleQuery(day=page.visits[0].day), visit_id),
    )
    return shown, status


@visit_work_pages.post("/schedule/work/<uuid:step_id>/undo")
@needs(Permission.WORK)
def undo(step_id: UUID) -> Response:
    """Take an assignment or a question back."""
    return _undone(work.undo, step_id)


@visit_work_pages.post("/schedule/self-pay/<uuid:step_id>/undo")
@needs(Permission.EDIT_CASES)
def undo_self_pay(step_id: UUID) -> Response:
    """Bring visits back to who paid before."""
    return _undone(work.undo_self_pay, step_id)


def _undone(action: Any, step_id: UUID) -> Response:
    try:
        say(f"Taken back for {counted(action(current_caller(), step_id), 'visit')}.")
    except work.CannotUndoError:
        say("This was taken back already, or is older than 24 hours. Nothing was changed.")
    return redirect(address_of_list(read_back(request.args.get("back", ""))), 303)


def address_of_list(query: ScheduleQuery, visit: UUID | None = None) -> str:
    """The address of the list that somebody came from, at one of its visits."""
    anchor = f"v-{visit}" if visit is not None else None
    return url_for("schedule_pages.day", _anchor=anchor, **write_query(query))  # type: ignore[arg-type]


def text_of_list(query: ScheduleQuery) -> str:
    """The list that somebody came from, as forms carry it."""
    return urlencode(write_query(query))


def _undo(endpoint: str, step_id: UUID, back: ScheduleQuery) -> str:
    return url_for(f"visit_work_pages.{endpoint}", step_id=step_id, back=text_of_list(back))
