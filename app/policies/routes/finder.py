"""The finder: does this payer need approval for this service? Its address holds the question, and no patient."""

from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request

from app.policies.actions import finding
from app.policies.actions.basics import RefusedRuleError
from app.policies.actions.searching import words_of
from app.policies.facts.finder_page import FinderForm
from app.policies.forms.finder_page import FINDER_LABELS, read_finder
from app.policies.views.finder import CHANNELS, LINES, PLACES, FinderAnswer, finder_answer
from app.policies.views.finder_choices import choosing, code_choices, read_as
from app.practice.access import current_caller, current_practice, needs
from app.practice.facts.staff import Permission

finder_pages = Blueprint("finder_pages", __name__)


@finder_pages.get("/finder")
@needs(Permission.SEE_RULES)
def find() -> tuple[str, int]:
    """Show the form, and the answer where a question was asked, or what its words may mean."""
    caller = current_caller()
    today = caller.clock.today(ZoneInfo(current_practice().zone))
    form = read_finder(request.args, today, words_of(caller))
    answer = None
    try:
        if form.question is not None:
            found = finding.find_requirement(caller, form.payer, form.question)
            answer = finder_answer(found, today, form.found)
    except RefusedRuleError as error:
        form.errors["payer"] = str(error)
    payers = finding.payer_names(caller)
    return _page(form, answer, payers), 422 if form.errors else 200


def _page(form: FinderForm, answer: FinderAnswer | None, payers: tuple[str, ...]) -> str:
    return render_template(
        "policies/find.html",
        form=form,
        labels=FINDER_LABELS,
        answer=answer,
        choosing=choosing(form),
        code_choices=code_choices(form),
        read_as=read_as(form),
        payers=payers,
        places=PLACES,
        channels=CHANNELS,
        lines=LINES,
    )
