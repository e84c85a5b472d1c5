"""A case that is not sent: go on writing it, and record that it went to the payer."""

from collections.abc import Mapping
from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.authorizations.actions import KnownNumberError, StaleAuthorizationError
from app.authorizations.facts import AuthorizationRecord
from app.authorizations.rules.moves import IllegalMoveError
from app.authorizations.rules.settling import RefusedValueError
from app.casework.actions import requests as actions
from app.casework.actions import sending
from app.casework.actions.cosmetic import CosmeticRequestError
from app.casework.actions.requests import RequestSentError
from app.casework.actions.sending import Sending
from app.casework.facts.cases import CaseNotFoundError
from app.casework.forms.request_sending import SendingForm, read_sending
from app.casework.forms.typed import in_order
from app.casework.routes.request_blueprint import request_pages
from app.casework.routes.request_form import answer_of_case
from app.casework.views.request_sending import FIELDS, offered_ways, sending_page
from app.platform.ids import new_id
from app.practice.access import current_caller, needs, say
from app.practice.facts.staff import Permission

SENT = "This request is recorded as sent already."
STALE = "Somebody changed this case while you were typing. Look at it below, and send it again"
KNOWN = "Another request of this patient has this reference already"
_FIELD_OF = {"requested_on": "on", "submitted_by_channel": "way", "representative": "person"}


@request_pages.get("/cases/<uuid:case_id>/request")
@needs(Permission.EDIT_CASES)
def edit(case_id: UUID) -> Response:
    """Go on writing a case that is not sent."""
    record = _unsent(case_id)
    if isinstance(record, Response):
        return record
    return redirect(url_for(".write", patient_id=record[0].patient_id, draft_id=case_id))


@request_pages.get("/cases/<uuid:case_id>/send")
@needs(Permission.EDIT_CASES)
def send(case_id: UUID) -> str | Response:
    """Ask how a request went to the payer."""
    return _page(case_id, None)


@request_pages.post("/cases/<uuid:case_id>/send")
@needs(Permission.EDIT_CASES)
def sent(case_id: UUID) -> Response | tuple[str, int]:
    """Record that a request went to the payer; a form that is sent twice records it once."""
    caller = current_caller()
    record = _unsent(case_id)
    if isinstance(record, Response):
        return record
    start = actions.start_request(caller, record[0].patient_id, case_id)
    form = read_sending(request.form, start.today, offered_ways(answer_of_case(start)[1]))
    if not form.typed.good or form.on is None or form.channel is None:
        return _answered(case_id, form, 422)
    told = Sending(
        form.key or new_id(), form.on, form.channel, form.reference, form.person, form.words, form.told, form.ask_on
    )
    try:
        sending.send_request(caller, case_id, form.version, told)
    except StaleAuthorizationError:
        form.typed.errors["way"] = STALE
        return _answered(case_id, form, 409)
    except (IllegalMoveError, CosmeticRequestError) as refused:
        form.typed.errors["way"] = refused.sentence
        return _answered(case_id, form, 422)
    except RefusedValueError as fault:
        form.typed.errors[_FIELD_OF.get(fault.field, "way")] = fault.sentence
        return _answered(case_id, form, 422)
    except KnownNumberError:
        form.typed.errors["reference"] = KNOWN
        return _answered(case_id, form, 422)
    undo = url_for("case_pages.undo", case_id=case_id, event_id=told.key)
    say("Recorded that the payer was notified." if form.told else "Recorded as sent.", undo=undo)
    return redirect(url_for("case_pages.show", case_id=case_id), 303)


def _answered(case_id: UUID, form: SendingForm, status: int) -> tuple[str, int]:
    page = _page(case_id, form)
    assert isinstance(page, str)
    return page, status


def _unsent(case_id: UUID) -> tuple[AuthorizationRecord, int] | Response:
    try:
        return sending.read_unsent(current_caller(), case_id)
    except CaseNotFoundError:
        abort(404)
    except RequestSentError:
        say(SENT)
        return redirect(url_for("case_pages.show", case_id=case_id), 303)


def _page(case_id: UUID, form: SendingForm | None) -> str | Response:
    found = _unsent(case_id)
    if isinstance(found, Response):
        return found
    record, version = found
    start = actions.start_request(current_caller(), record.patient_id, case_id)
    lacks, answer = answer_of_case(start)
    typed: Mapping[str, str] | None = None if form is None else form.typed.values
    errors = {} if form is None else in_order(form.errors, FIELDS)
    page = sending_page(start, record, answer, lacks, typed, errors)
    key = (form.key if form is not None else None) or new_id()
    return render_template("casework/request_send.html", page=page, errors=errors, version=version, key=key)
