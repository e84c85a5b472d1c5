"""What the practice system's appointment types stand for: the list, and one type."""

from collections.abc import Mapping

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.practice.access import current_caller, needs, say
from app.practice.facts.staff import Permission
from app.schedule import actions, views
from app.schedule.actions import SeenType, TypeChangedError
from app.schedule.facts import MOST_LINES, VisitType
from app.schedule.forms import TypeForm, read_type
from app.values.wording import counted

type_pages = Blueprint("type_pages", __name__, url_prefix="/schedule/types")


@type_pages.get("", endpoint="list")
@needs(Permission.IMPORT)
def show_all() -> str:
    """List the types that visits name, those without a meaning first."""
    return render_template("schedule/types.html", types=views.types_page(actions.read_types(current_caller())))


@type_pages.get("/<key>")
@needs(Permission.IMPORT)
def edit(key: str) -> str:
    """Show what one type stands for."""
    seen = _known(key)
    return _page(seen, views.typed_of(seen.meaning), {}, _version(seen.meaning))


@type_pages.post("/<key>")
@needs(Permission.IMPORT)
def save(key: str) -> Response | tuple[str, int]:
    """Store what one type stands for; a form that comes twice stores it once."""
    seen, caller = _known(key), current_caller()
    form = read_type(request.form, actions.drugs_of(caller))
    if form.errors:
        return _page(seen, form.typed, form.errors, form.version), 422
    name = seen.meaning.name if seen.meaning is not None else seen.name
    try:
        changed = actions.map_type(caller, VisitType(name, form.lines), form.version)
    except TypeChangedError as error:
        return _stale(seen, form, error), 409
    say(f"The visit type is mapped. {counted(changed, 'visit')} got {'its' if changed == 1 else 'their'} lines.")
    return redirect(url_for("type_pages.list"), 303)


def _version(meaning: VisitType | None) -> int:
    return 0 if meaning is None else meaning.version


def _known(key: str) -> SeenType:
    seen = next((one for one in actions.read_types(current_caller()) if one.key == key), None)
    if seen is None:
        abort(404)
    return seen


def _stale(seen: SeenType, form: TypeForm, error: TypeChangedError) -> str:
    both = (views.stands_for(error.now), views.stands_for(VisitType(seen.name, form.lines)))
    return _page(seen, form.typed, {}, _version(error.now), both)


def _page(
    seen: SeenType,
    typed: Mapping[str, str],
    errors: Mapping[str, str],
    version: int,
    both: tuple[tuple[str, ...], tuple[str, ...]] | None = None,
) -> str:
    return render_template(
        "schedule/type.html",
        seen=seen,
        typed=typed,
        errors=errors,
        summary=views.summary_of(errors),
        version=version,
        both=both,
        last=MOST_LINES,
        open_rows=views.rows_open(typed),
        classes=views.CLASS_CHOICES,
        bills=views.BILL_CHOICES,
        drugs=views.drug_choices(actions.drugs_of(current_caller())),
    )
