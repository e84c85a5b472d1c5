"""The pages of questions: the list, and one question with its answer."""

from uuid import UUID

from flask import Blueprint, abort, current_app, render_template, request, url_for

from app.practice.access import current_caller, needs
from app.practice.facts import Permission
from app.questions.actions import reading
from app.questions.forms import read_list
from app.questions.views.listing import questions_page

question_pages = Blueprint("question_pages", __name__, url_prefix="/questions")


@question_pages.get("", endpoint="list")
@needs(Permission.SEE_SCHEDULE)
def list_() -> tuple[str, int]:
    """List what is not known, the biggest question first."""
    form = read_list(request.args)
    found = reading.read_questions(current_caller(), form.query)
    page = questions_page(found, lambda **parts: url_for("question_pages.list", **parts))
    routine = "rules_pages.routine" in current_app.view_functions
    answer = render_template("questions/list.html", page=page, errors=form.errors, routine_page=routine)
    return answer, 422 if form.errors else 200


@question_pages.get("/<uuid:question_id>")
@needs(Permission.SEE_SCHEDULE)
def answer(question_id: UUID) -> str:
    """Show one question. One that no visit waits for any more is not found."""
    abort(404)
