"""Admin, Messages: how the practice names itself in patients' texts."""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.alerts.actions import text_page as actions
from app.alerts.facts.outbox import Language
from app.alerts.facts.text_page import PracticeTextsStart
from app.alerts.forms.texts import PracticeTextsForm, read_practice_texts
from app.alerts.views.practice_texts import practice_texts_page
from app.practice.access import current_caller, needs, say
from app.practice.facts.staff import Permission

practice_text_pages = Blueprint("practice_text_pages", __name__, url_prefix="/admin/messages")


@practice_text_pages.get("")
@needs(Permission.SETTINGS)
def edit() -> str:
    """Show how the practice names itself, and every text as it will read."""
    return _page(actions.start_practice_texts(current_caller()), None)


@practice_text_pages.post("")
@needs(Permission.SETTINGS)
def save() -> Response | tuple[str, int]:
    """Write how the practice names itself; where somebody was quicker, show both and ask which to keep."""
    caller = current_caller()
    form = read_practice_texts(request.form)
    if form.texts is None:
        return _page(actions.start_practice_texts(caller), form), 422
    try:
        actions.save_practice_texts(caller, form.texts, request.form.get("version", ""))
    except actions.StaleTextsError:
        return _page(actions.start_practice_texts(caller), form, stale=True), 409
    say("Saved. Patients' texts name the practice like this from now on.")
    return redirect(url_for(".edit"), 303)


def _page(start: PracticeTextsStart, form: PracticeTextsForm | None, stale: bool = False) -> str:
    typed: Mapping[str, str] | None = None if form is None else form.typed
    version = request.form.get("version", start.version) if form is not None and not stale else start.version
    return render_template(
        "alerts/practice_texts.html",
        page=practice_texts_page(start, typed),
        errors={} if form is None else form.errors,
        version=version,
        stale=stale,
        languages=[(Language.ENGLISH.value, "English"), (Language.SPANISH.value, "Spanish")],
    )
