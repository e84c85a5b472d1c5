"""Change or cancel a request that the payer has: first what will be sent is shown, then it goes; and what was sent."""

from collections.abc import Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.authorizations.actions import StaleAuthorizationError
from app.authorizations.rules.moves import IllegalMoveError
from app.casework.actions.pas_changes import Changeable, look_at_change, read_changeable, read_sent
from app.casework.actions.pas_papers import offered_papers
from app.casework.facts.cases import CaseNotFoundError
from app.casework.facts.pas import PasRefusedError
from app.casework.forms.approval import read_id
from app.casework.forms.pas_change import MOST_WORDS, PasChangeForm, read_change
from app.casework.forms.request import read_version
from app.casework.rules.pas_papers import chosen_papers
from app.mailroom.actions import pas as actions
from app.mailroom.routes.pas_blueprint import STALE, pas_pages
from app.mailroom.views.pas import came_words
from app.mailroom.views.pas_change import cancel_page, change_page, sent_page
from app.platform.ids import new_id
from app.practice.access import current_caller, current_practice, needs, say
from app.practice.facts.staff import Permission

TOO_LONG = f"Words to the payer must have at most {MOST_WORDS} characters."


@pas_pages.get("/change")
@needs(Permission.EDIT_CASES)
def change(case_id: UUID) -> str | Response:
    """Ask what is to be otherwise in a request that the payer has."""
    found = _found(case_id)
    return found if isinstance(found, Response) else _form(found, None)


@pas_pages.post("/change")
@needs(Permission.EDIT_CASES)
def send_change(case_id: UUID) -> str | Response | tuple[str, int]:
    """Show what a change would send; once the person is sure, send it. A form that is sent twice goes once."""
    caller = current_caller()
    key = read_id(request.form.get("key", ""))
    if key is not None and request.form.get("sure") == "yes" and (went := _went(case_id, key)) is not None:
        return went
    found = _found(case_id)
    if isinstance(found, Response):
        return found
    form = read_change(
        request.form, request.form.getlist("part"), found.lines, found.record.urgent, caller.clock.today(_zone())
    )
    if form.key is None or form.version is None:
        abort(404)
    if not form.typed.good:
        return _form(found, form), 422
    try:
        return _looked(found, form, form.version) if not form.sure else _sent(case_id, form, form.version, form.key)
    except StaleAuthorizationError:
        say(STALE)
        return _back(case_id)
    except (PasRefusedError, IllegalMoveError) as refused:
        form.typed.errors["change"] = str(refused)
        return _form(found, form), 422


def _looked(found: Changeable, form: PasChangeForm, version: int) -> str | tuple[str, int]:
    """Show what will be sent, or what is wrong with it."""
    sentences, faults = look_at_change(current_caller(), found.record.id, version, form.change)
    if faults:
        form.typed.errors["change"] = " ".join(faults)
        return _form(found, form), 422
    return _form(found, form, sentences)


def _sent(case_id: UUID, form: PasChangeForm, version: int, key: UUID) -> Response:
    say(came_words(actions.change_by_pas(current_caller(), case_id, version, key, form.change)))
    return _back(case_id)


@pas_pages.get("/cancel")
@needs(Permission.EDIT_CASES)
def cancel(case_id: UUID) -> str | Response:
    """Show what would be taken back, before it is."""
    found = _found(case_id)
    return found if isinstance(found, Response) else _asking(found, {})


@pas_pages.post("/cancel")
@needs(Permission.EDIT_CASES)
def send_cancel(case_id: UUID) -> str | Response | tuple[str, int]:
    """Take a request back that the payer has; a form that is sent twice goes once."""
    key, version = read_id(request.form.get("key", "")), read_version(request.form.get("version", ""))
    if key is None or version is None:
        abort(404)
    note = " ".join(request.form.get("note", "").split())
    if len(note) > MOST_WORDS:
        found = _found(case_id)
        return found if isinstance(found, Response) else (_asking(found, {"note": TOO_LONG}, note), 422)
    try:
        say(came_words(actions.cancel_by_pas(current_caller(), case_id, version, key, note or None)))
    except CaseNotFoundError:
        abort(404)
    except StaleAuthorizationError:
        say(STALE)
    except (PasRefusedError, IllegalMoveError) as refused:
        say(str(refused))
    return _back(case_id)


@pas_pages.get("/sent/<uuid:message_id>")
@needs(Permission.EDIT_CASES)
def sent(case_id: UUID, message_id: UUID) -> str:
    """Show what was sent in one message, with the proof of its bytes."""
    try:
        found = read_sent(current_caller(), case_id, message_id)
    except CaseNotFoundError:
        abort(404)
    return render_template("mailroom/pas_sent.html", page=sent_page(found, _zone()))


def _found(case_id: UUID) -> Changeable | Response:
    try:
        return read_changeable(current_caller(), case_id)
    except CaseNotFoundError:
        abort(404)
    except PasRefusedError as refused:
        say(str(refused))
        return _back(case_id)


def _went(case_id: UUID, key: UUID) -> Response | None:
    """Answer a form that was sent before: what came of it stands on the case."""
    known = actions.known(current_caller(), case_id, key)
    if known is None:
        return None
    say(came_words(known))
    return _back(case_id)


def _form(found: Changeable, form: PasChangeForm | None, sentences: Sequence[str] = ()) -> str:
    papers = offered_papers(current_caller(), found.record)
    typed = None if form is None else form.typed.values
    chosen = [] if form is None else [str(one) for one in form.change.papers]
    page = change_page(found, papers, chosen_papers(papers), typed, chosen, sentences)
    errors = {} if form is None else dict(form.errors)
    key = (form.key if form is not None else None) or new_id()
    return render_template("mailroom/pas_change.html", page=page, errors=errors, version=found.version, key=key)


def _asking(found: Changeable, errors: dict[str, str], note: str = "") -> str:
    page = cancel_page(found)
    return render_template(
        "mailroom/pas_cancel.html", page=page, errors=errors, note=note, version=found.version, key=new_id()
    )


def _back(case_id: UUID) -> Response:
    return redirect(url_for("case_pages.show", case_id=case_id), 303)


def _zone() -> ZoneInfo:
    return ZoneInfo(current_practice().zone)
