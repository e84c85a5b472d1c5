"""The list of cases. All of its state is in its address."""

from collections.abc import Collection, Mapping
from functools import partial
from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from app.casework.actions import casebook as actions
from app.casework.forms.casebook import CasebookForm, read_query, write_query
from app.casework.views.casebook import casebook_page
from app.practice.access import current_caller, needs
from app.practice.facts.staff import Permission

casebook_pages = Blueprint("casebook_pages", __name__)


@casebook_pages.get("/cases")
@needs(Permission.SEE_CASES)
def listing() -> tuple[str, int]:
    """Show the cases of a view; what the address says wrongly is named and left out."""
    form = read_query(request.args)
    page = show_casebook(form, all_ticked=request.args.get("ticked") == "all")
    return page, 422 if form.errors else 200


def show_casebook(
    form: CasebookForm,
    more: Mapping[str, str] | None = None,
    ticked: Collection[UUID] = (),
    typed: Mapping[str, str] | None = None,
    all_ticked: bool = False,
) -> str:
    """Render the list that an address asks for, with `more` errors of a form on it and what was ticked and typed."""
    book = actions.read_casebook(current_caller(), form.query)
    return render_template(
        "casework/cases.html",
        page=casebook_page(
            book, partial(url_for, "casebook_pages.listing"), write_query, partial(url_for, "case_export_pages.ask")
        ),
        errors={**form.errors, **(more or {})},
        ticked=ticked,
        all_ticked=all_ticked,
        typed=typed or {},
    )
