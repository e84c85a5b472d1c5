"""Hand a list of cases out as a file."""

from urllib.parse import urlencode

from flask import Blueprint, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework.actions.exporting import export_cases
from app.casework.facts.exporting import MOST_ROWS, Format
from app.casework.forms.casebook import read_back, read_query, write_query
from app.casework.views.casebook import VIEW_WORDS
from app.casework.views.spreadsheet import as_csv, as_xlsx, sheet_of
from app.practice.access import current_caller, fresh, needs
from app.practice.facts.staff import Permission

case_export_pages = Blueprint("case_export_pages", __name__)
_TYPES = {
    Format.CSV: ("text/csv; charset=utf-8", as_csv),
    Format.XLSX: ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
}


@case_export_pages.get("/cases/export")
@needs(Permission.EXPORT)
@fresh
def ask() -> str:
    """Say what the file will hold, and ask for its kind."""
    return _form(urlencode(write_query(read_query(request.args).query)), None)


@case_export_pages.post("/cases/export")
@needs(Permission.EXPORT)
@fresh
def give() -> Response | tuple[str, int]:
    """Hand the file to the browser, never to be kept by it."""
    back, kind = request.form.get("back", ""), request.form.get("format", "")
    if kind not in Format.__members__.values():
        return _form(back, "Choose what kind of file you want"), 422
    book, cut = export_cases(current_caller(), read_back(back), Format(kind))
    content_type, write = _TYPES[Format(kind)]
    answer = make_response(write(sheet_of(book, cut)))
    answer.headers["Content-Type"] = content_type
    answer.headers["Content-Disposition"] = f'attachment; filename="cases-{book.today.isoformat()}.{kind}"'
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _form(back: str, error: str | None) -> str:
    query = read_back(back)
    return render_template(
        "casework/cases_export.html",
        view=VIEW_WORDS[query.view],
        narrowed=query.narrowed,
        most=MOST_ROWS,
        back=back,
        back_address=url_for("casebook_pages.listing", **write_query(query)),  # type: ignore[arg-type]
        errors={"format": error} if error else {},
    )
