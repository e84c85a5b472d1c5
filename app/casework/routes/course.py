"""The page of a case's units: approved, used, booked and left, and how far it carries the care that is planned."""

from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, render_template, request

from app.casework.actions.course import read_course
from app.casework.facts.cases import CaseNotFoundError
from app.casework.forms.course import GAPS, PATTERNS, read_cadence
from app.casework.views.course import course_words
from app.practice.access import current_caller, current_practice, needs
from app.practice.facts.staff import Permission

course_pages = Blueprint("course_pages", __name__, url_prefix="/cases/<uuid:case_id>")


@course_pages.get("/units")
@needs(Permission.SEE_CASES)
def show(case_id: UUID) -> tuple[str, int]:
    """Show a case's units and its run-out; the address may hold a cadence that is walked behind the booked visits."""
    caller = current_caller()
    form = read_cadence(request.args, caller.clock.today(ZoneInfo(current_practice().zone)))
    try:
        course = read_course(caller, case_id, form.cadence)
    except CaseNotFoundError:
        abort(404)
    page = render_template(
        "casework/units.html", page=course_words(course), form=form, patterns=_choices(PATTERNS), gaps=_choices(GAPS)
    )
    return page, 422 if form.errors else 200


def _choices(table: object) -> list[tuple[str, str]]:
    assert isinstance(table, dict)
    return [(key, words) for key, (words, _value) in table.items()]
