"""The pages of questions: the list, one question with its form, and what its answer changed."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.authorizations.actions import (
    AuthorizationNotFoundError,
    KnownNumberError,
    StaleAuthorizationError,
    UndoRefusedError,
)
from app.coverage.facts import UnknownPayerError
from app.platform.ids import new_id
from app.policies.actions.basics import RefusedRuleError
from app.practice.access import current_caller, may, needs, say
from app.practice.actions.practice import StaleRecordError
from app.practice.facts.staff import Permission
from app.questions.actions import answering, opening, reading, recording
from app.questions.actions.coverages import CoverageNotFoundError, StaleCoverageError
from app.questions.facts.pages import OpenedQuestion
from app.questions.forms.answers import Form, read_form
from app.questions.forms.listing import read_held_place, read_list, read_visit_place
from app.questions.forms.typed import Typed
from app.questions.views.answered import answered_page, changed_sentence
from app.questions.views.listing import questions_page
from app.questions.views.opened import RULE_KINDS, approval_fields, coverage_fields, question_page
from app.questions.views.visits import write_held_place, write_visit_place

question_pages = Blueprint("question_pages", __name__, url_prefix="/questions")
_LINKED = ("rules_pages.routine", "patient_pages.show", "visit_work_pages.self_pay", "import_pages.list")
Both = tuple[tuple[str, str, str], ...]
_GONE = "This question is no longer open: no booked visit waits for it."
_TWICE = "This question was answered meanwhile. What you entered was not recorded."
_NO_UNDO = "This answer cannot be taken back any more. Record another."


@question_pages.get("", endpoint="list")
@needs(Permission.SEE_SCHEDULE)
def list_() -> tuple[str, int]:
    """List what is not known, the biggest question first."""
    form = read_list(request.args)
    found = reading.read_questions(current_caller(), form.query)
    page = questions_page(found, lambda **parts: url_for("question_pages.list", **parts))
    shown = render_template("questions/list.html", page=page, errors=form.errors, linked=_linked())
    return shown, 422 if form.errors else 200


@question_pages.get("/<uuid:question_id>")
@needs(Permission.SEE_SCHEDULE)
def answer(question_id: UUID) -> str | Response:
    """Show one question with its form. One that no visit waits for any more leads back to the list."""
    opened = _opened(question_id)
    if isinstance(opened, Response):
        return opened
    return _form(opened, None, new_id())


@question_pages.post("/<uuid:question_id>")
@needs(Permission.EDIT_CASES)
def save(question_id: UUID) -> Response | tuple[str, int]:
    """Record an answer, judge the visits that wait for it, and show what changed."""
    answer_id = _form_id()
    opened = _opened(question_id, answer_id)
    if isinstance(opened, Response):
        return opened
    if opened.asked.question.key.kind in RULE_KINDS and not may(Permission.EDIT_RULES):
        abort(403)
    typed = Typed(request.form, opened.today)
    record = read_form(Form(typed, request.form.getlist("triggers"), opened))
    if record is None:
        return _form(opened, typed, answer_id), 422
    try:
        answering.give_answer(current_caller(), question_id, answer_id, partial(record, current_caller()))
    except _REFUSALS as error:
        return _refused(question_id, error, typed, answer_id)
    return _saved(answer_id)


@question_pages.get("/answers/<uuid:answer_id>")
@needs(Permission.SEE_SCHEDULE)
def answered(answer_id: UUID) -> str:
    """Show what an answer changed."""
    try:
        found = answering.read_answered(current_caller(), answer_id, read_visit_place(request.args.get("after", "")))
    except opening.QuestionNotFoundError:
        abort(404)
    following = found.next and url_for(
        "question_pages.answered", answer_id=answer_id, after=write_visit_place(found.next)
    )
    return render_template("questions/answered.html", page=answered_page(found), next_page=following)


@question_pages.post("/answers/<uuid:answer_id>/undo")
@needs(Permission.EDIT_CASES)
def undo(answer_id: UUID) -> Response:
    """Take an answer back."""
    try:
        recording.undo_answer(current_caller(), answer_id)
    except opening.QuestionNotFoundError:
        abort(404)
    except (recording.UndoRefusedError, UndoRefusedError, AuthorizationNotFoundError, KnownNumberError):
        say(_NO_UNDO)
    else:
        say("The answer was taken back. Its visits are judged again.")
    return redirect(url_for("question_pages.list"), 303)


def _form_id() -> UUID:
    try:
        return UUID(request.form.get("form", ""))
    except ValueError:
        return new_id()


def _opened(question_id: UUID, answer_id: UUID | None = None) -> OpenedQuestion | Response:
    """Open a question; else where to go: to what this form has recorded already, to its last answer, to the list."""
    caller = current_caller()
    try:
        return opening.read_question(caller, question_id, read_held_place(request.args.get("after", "")))
    except opening.QuestionNotFoundError:
        last = answering.standing_answer(caller, question_id, answer_id)
        if last is None:
            say(_GONE)
            return redirect(url_for("question_pages.list"), 303)
        if last != answer_id:
            say(_TWICE if request.method == "POST" else _GONE)
        return redirect(url_for("question_pages.answered", answer_id=last), 303)


def _form(opened: OpenedQuestion, typed: Typed | None, form_id: UUID, both: Both | None = None) -> str:
    question = opened.asked.question
    following = opened.next and url_for(
        "question_pages.answer", question_id=question.id, after=write_held_place(opened.next)
    )
    allowed = may(Permission.EDIT_RULES if question.key.kind in RULE_KINDS else Permission.EDIT_CASES)
    return render_template(
        "questions/answer.html",
        page=question_page(opened, typed.values if typed is not None else None),
        errors=typed.errors if typed is not None else {},
        unlikely=typed.asked if typed is not None else [],
        ticks=request.form.getlist("triggers"),
        both=both,
        form_id=form_id,
        next_page=following,
        allowed=allowed,
        linked=_linked(),
    )


def _linked() -> dict[str, bool]:
    return {endpoint: endpoint in current_app.view_functions for endpoint in _LINKED}


def _saved(answer_id: UUID) -> Response:
    found = answering.read_answered(current_caller(), answer_id)
    back = url_for("question_pages.undo", answer_id=answer_id) if found.given.record is not None else None
    say(f"{changed_sentence(found.counts)}.", back)
    return redirect(url_for("question_pages.answered", answer_id=answer_id), 303)


def _refused(question_id: UUID, error: Exception, typed: Typed, form_id: UUID) -> Response | tuple[str, int]:
    """Show the form again with what the action refused, or go where the answer stands."""
    if isinstance(error, answering.AnsweredAlreadyError):
        say(_TWICE)
        return redirect(url_for("question_pages.answered", answer_id=error.answer_id), 303)
    opened = _opened(question_id)
    if isinstance(opened, Response):
        return opened
    if isinstance(error, StaleAuthorizationError):
        return _form(opened, typed, form_id, approval_fields(error.now, typed.values)), 409
    if isinstance(error, StaleCoverageError):
        return _form(opened, typed, form_id, coverage_fields(error.now, typed.values)), 409
    field, sentence = _SENTENCES[type(error)](error)
    typed.errors[field] = sentence
    return _form(opened, typed, form_id), 422


_SENTENCES: dict[type[Exception], Callable[[Any], tuple[str, str]]] = {
    RefusedRuleError: lambda error: ("reference", str(error)),
    UnknownPayerError: lambda _error: ("network", "The payer of this question is no longer on file."),
    KnownNumberError: lambda _error: ("number", "The patient has an approval with this number already."),
    AuthorizationNotFoundError: lambda _error: ("approval", "This approval is no longer on file."),
    CoverageNotFoundError: lambda _error: ("coverage", "This coverage is no longer on file. Choose another."),
    StaleRecordError: lambda _error: ("group_npi", "Somebody changed this provider meanwhile. Look at it, then save."),
}
_REFUSALS: tuple[type[Exception], ...] = (
    answering.AnsweredAlreadyError,
    opening.QuestionNotFoundError,
    StaleAuthorizationError,
    StaleCoverageError,
    *_SENTENCES,
)
