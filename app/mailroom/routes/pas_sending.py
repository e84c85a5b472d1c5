"""A case by FHIR: send its request, ask the payer where it stands, and the block on its page."""

from uuid import UUID
from zoneinfo import ZoneInfo

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from app.authorizations.actions import StaleAuthorizationError
from app.authorizations.rules.moves import IllegalMoveError
from app.casework.actions.pas import read_standing
from app.casework.facts.cases import CaseNotFoundError
from app.casework.facts.pas import PasRefusedError
from app.casework.forms.approval import read_id
from app.casework.forms.request import read_version
from app.mailroom.actions import pas as actions
from app.mailroom.routes.pas_blueprint import STALE, pas_pages
from app.mailroom.views.pas import PasBlock, X12Block, came_words, pas_block, x12_block
from app.practice.access import current_caller, current_practice, needs, say
from app.practice.facts.staff import Permission


@pas_pages.post("/send")
@needs(Permission.EDIT_CASES)
def send(case_id: UUID) -> Response:
    """Send the request of a case to its payer's system; a form that is sent twice goes once."""
    key, version = read_id(request.form.get("key", "")), read_version(request.form.get("version", ""))
    if key is None or version is None:
        abort(404)
    with_papers = request.form.get("without") != "yes"
    try:
        say(came_words(actions.submit_by_pas(current_caller(), case_id, version, key, with_papers)))
    except CaseNotFoundError:
        abort(404)
    except StaleAuthorizationError:
        say(STALE)
    except (PasRefusedError, IllegalMoveError) as refused:
        say(str(refused))
    return redirect(url_for("case_pages.show", case_id=case_id), 303)


@pas_pages.post("/send-x12")
@needs(Permission.EDIT_CASES)
def send_x12(case_id: UUID) -> Response:
    """Send the request of a case as X12 278 through its clearinghouse; a form that is sent twice goes once."""
    key, version = read_id(request.form.get("key", "")), read_version(request.form.get("version", ""))
    if key is None or version is None:
        abort(404)
    try:
        say(came_words(actions.submit_by_x12(current_caller(), case_id, version, key)))
    except CaseNotFoundError:
        abort(404)
    except StaleAuthorizationError:
        say(STALE)
    except (PasRefusedError, IllegalMoveError) as refused:
        say(str(refused))
    return redirect(url_for("case_pages.show", case_id=case_id), 303)


@pas_pages.post("/ask")
@needs(Permission.EDIT_CASES)
def ask(case_id: UUID) -> Response:
    """Ask the payer's system where the request of a case stands."""
    key = read_id(request.form.get("key", ""))
    if key is None:
        abort(404)
    try:
        say(came_words(actions.inquire_by_pas(current_caller(), case_id, key)))
    except CaseNotFoundError:
        abort(404)
    except PasRefusedError as refused:
        say(str(refused))
    return redirect(url_for("case_pages.show", case_id=case_id), 303)


@pas_pages.app_template_global("x12_of_case")
def x12_of_case(case_id: UUID) -> X12Block | None:
    """Give the block of a case's page; None where no clearinghouse takes its payer's requests as X12."""
    caller = current_caller()
    standing = actions.x12_standing(caller, case_id)
    return None if standing is None else x12_block(standing, ZoneInfo(current_practice().zone), caller.clock.now())


@pas_pages.app_template_global("pas_of_case")
def pas_of_case(case_id: UUID) -> PasBlock | None:
    """Give the block of a case's page; None where no system takes its payer's requests by FHIR."""
    caller = current_caller()
    standing = read_standing(caller, case_id)
    return None if standing is None else pas_block(standing, ZoneInfo(current_practice().zone), caller.clock.now())
