"""The page of a plan year: the January list."""

from collections.abc import Collection, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.eligibility.actions.asking import ask_for
from app.eligibility.actions.plan_year import read_year
from app.eligibility.forms.plan_year import YearForm, read_year_query
from app.eligibility.forms.query import read_ids
from app.eligibility.views.listing import asked_words
from app.eligibility.views.plan_year import year_page
from app.practice.access import current_caller, needs, say
from app.practice.facts.staff import Permission

plan_year_pages = Blueprint("plan_year_pages", __name__, url_prefix="/eligibility/plan-year")


@plan_year_pages.get("")
@needs(Permission.SEE_SCHEDULE)
def show() -> tuple[str, int]:
    """Show who is checked anew for a plan year; what the address says wrongly is named and left out."""
    form = read_year_query(request.args)
    page = _page(form, all_ticked=request.args.get("ticked") == "all")
    return page, 422 if form.errors else 200


@plan_year_pages.post("/ask")
@needs(Permission.WORK)
def ask() -> Response | tuple[str, int]:
    """Ask the plans of the patients that are ticked."""
    back = {name: request.form.get(name, "") for name in ("year", "state", "payer", "begins", "after")}
    form, ticked = read_year_query(back), read_ids(request.form.getlist("tick"))
    if not ticked:
        return _page(form, {"ticks": "Tick the patients whose plans are to be asked."}), 422
    made = ask_for(current_caller(), ticked)
    if made.cannot and not made.asks:
        return _page(form, {"ticks": asked_words(made)}, ticked), 422
    say(asked_words(made), left=bool(made.cannot) or not made.asks)
    kept: dict[str, Any] = {name: value for name, value in back.items() if value}
    return redirect(url_for(".show", **kept), 303)


def _page(
    form: YearForm, more: Mapping[str, str] | None = None, ticked: Collection[UUID] = (), all_ticked: bool = False
) -> str:
    page = year_page(read_year(current_caller(), form.query), partial(url_for, ".show"))
    errors = {**form.errors, **(more or {})}
    return render_template("eligibility/plan_year.html", page=page, errors=errors, ticked=ticked, all_ticked=all_ticked)
