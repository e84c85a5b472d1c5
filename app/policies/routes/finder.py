"""The finder: does this payer need approval for this service? Its address holds the question, and no patient."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.policies.actions import finding
from app.policies.actions.basics import RefusedRuleError
from app.policies.actions.searching import words_of
from app.policies.facts.finder_page import FinderForm
from app.policies.facts.searching import Kind
from app.policies.forms.finder_page import FINDER_LABELS, read_finder
from app.policies.views.finder import CHANNELS, LINES, PLACES, finder_answer, with_codes
from app.policies.views.finder_choices import choosing, code_choices, payer_choices, read_as
from app.policies.views.finder_sheet import Sheet, Told, sheet
from app.practice.access import current_caller, current_practice, needs
from app.practice.facts.staff import Permission
from app.values.wording import long_day

finder_pages = Blueprint("finder_pages", __name__)


@dataclass
class Asked:
    """What was asked, and what each payer that was named answers to it."""

    form: FinderForm
    told: list[Told]
    today: date

    @property
    def sheet(self) -> Sheet | None:
        """The answers row by row; None where there is none."""
        question = self.form.question
        return sheet(self.told, self.form, self.form.asks, question.day) if question and self.told else None


@finder_pages.get("/finder")
@needs(Permission.SEE_RULES)
def find() -> tuple[str, int]:
    """Show the form, and the answer where a question was asked, or what its words may mean."""
    asked, caller = _ask(), current_caller()
    form = asked.form
    strange = [one for one in asked.told if one.unheard_of]
    page = render_template(
        "policies/find.html",
        form=form,
        labels=FINDER_LABELS,
        answer=asked.told[0].answer if len(asked.told) == 1 else None,
        sheet=asked.sheet if len(asked.told) > 1 else None,
        choosing=choosing(form),
        code_choices=code_choices(form),
        read_as=read_as(form),
        payer_choices=payer_choices(form, {one.asked: finding.payers_meant(caller, one.asked) for one in strange}),
        payers=finding.payer_names(caller),
        places=PLACES,
        channels=CHANNELS,
        lines=LINES,
    )
    return page, 422 if form.errors else 200


@finder_pages.get("/finder/print")
@needs(Permission.SEE_RULES)
def on_paper() -> str | Response:
    """Show the answer as it goes on paper; where there is none yet, lead back to the question."""
    asked = _ask()
    if asked.sheet is None:
        return redirect(f"{url_for('finder_pages.find')}?{request.query_string.decode()}", 303)
    return render_template(
        "policies/find_print.html",
        sheet=asked.sheet,
        asks=asked.form.asks,
        read_as=read_as(asked.form),
        printed=long_day(asked.today),
        by=g.staff.name,
    )


def _ask() -> Asked:
    """Read the address, and ask the payers that it names."""
    caller = current_caller()
    today = caller.clock.today(ZoneInfo(current_practice().zone))
    form = read_finder(request.args, today, words_of(caller))
    told: list[Told] = []
    for name in ("payer", "against"):
        payer = form.typed[name]
        if form.question is None or not payer:
            continue
        try:
            found = finding.find_requirement(caller, payer, form.question)
        except RefusedRuleError as error:
            form.errors[name] = str(error)
            continue
        answer = finder_answer(found, today, form.found)
        if form.found is not None and form.found.kind is Kind.SERVICE:
            codes = finding.needs_by_code(caller, payer, form.question, form.found.codes)
            answer = with_codes(answer, codes)
        told.append(Told(found.payer.name, found, answer, payer))
    return Asked(form, [] if form.errors else told, today)
