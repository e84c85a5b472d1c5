"""Authorizations: log them, change them, record what payers decided and what was used, and read their history."""

from uuid import UUID

from apiflask import APIBlueprint
from flask import Response

from app.api.access import has, opened_by
from app.api.actions import authorizations as actions
from app.api.facts.once import Answered
from app.api.facts.tokens import ApiScope
from app.api.forms.authorizations import AuthorizationFilters, ChangedAuthorization, Decision, NewAuthorization, Use
from app.api.problems import BASE
from app.api.routes.answering import answer, answered, once, single, version_asked
from app.api.rules.paging import read_cursor
from app.api.views.authorizations import (
    AuthorizationGiven,
    AuthorizationPage,
    Events,
    authorization_body,
    event_body,
    summary_body,
)
from app.api.views.written import page_of, version_tag
from app.authorizations.facts import AuthorizationRecord
from app.casework.actions.approvals import Under
from app.platform.ids import new_id
from app.practice.access import current_caller

authorizations_api = APIBlueprint("authorizations_api", __name__, url_prefix=BASE, tag="Authorizations")
_READ, _WRITE = ApiScope.READ_AUTHORIZATIONS, ApiScope.WRITE_AUTHORIZATIONS


@authorizations_api.get("/authorizations")
@opened_by(_READ)
@authorizations_api.input(AuthorizationFilters, location="query")
@authorizations_api.output(AuthorizationPage)
def list_all(query_data: AuthorizationFilters) -> Response:
    """List authorizations of patients in sight, in the order of their ids."""
    after = read_cursor(query_data.asked, query_data.cursor, 1)
    statuses = (query_data.status,) if query_data.status is not None else ()
    query = actions.ApprovalQuery(query_data.patient, statuses, query_data.limit)
    page = actions.list_authorizations(current_caller(), query, after)
    return answer(page_of(query_data.asked, page, [summary_body(one) for one in page.rows]))


@authorizations_api.post("/authorizations")
@opened_by(_WRITE, creates=True, conflicts=True)
@authorizations_api.input(NewAuthorization)
@authorizations_api.output(AuthorizationGiven, status_code=201)
def create(json_data: NewAuthorization) -> Response:
    """Log an authorization; its patient's visits are judged anew.

    An approved one needs a number or reference, a begin, and an end or `no_end`.
    """
    caller, key = current_caller(), new_id()
    under = Under(json_data.coverage_id, json_data.payer, json_data.member_id, json_data.new_payer)
    return once(
        lambda: _made(*actions.create_authorization(caller, key, json_data.patient_id, under, json_data.record), 201)
    )


@authorizations_api.get("/authorizations/<uuid:authorization_id>")
@opened_by(_READ)
@authorizations_api.output(AuthorizationGiven)
def show(authorization_id: UUID) -> Response:
    """Read one authorization."""
    record, version = actions.read_authorization(current_caller(), authorization_id)
    return single(authorization_body(record, has(ApiScope.READ_COVERAGE)), version_tag(version))


@authorizations_api.patch("/authorizations/<uuid:authorization_id>")
@opened_by(_WRITE, changes=True, creates=True, conflicts=True)
@authorizations_api.input(ChangedAuthorization)
@authorizations_api.output(AuthorizationGiven)
def change(authorization_id: UUID, json_data: ChangedAuthorization) -> Response:
    """Change the fields of an authorization that are sent; null clears one."""
    caller, version = current_caller(), version_asked()
    return once(lambda: _made(*actions.edit_authorization(caller, authorization_id, version, json_data.changes), 200))


@authorizations_api.get("/authorizations/<uuid:authorization_id>/events")
@opened_by(_READ)
@authorizations_api.output(Events)
def events(authorization_id: UUID) -> Response:
    """Read what happened to an authorization, oldest first."""
    found = actions.read_events(current_caller(), authorization_id)
    return single({"items": [event_body(one) for one in found]})


@authorizations_api.post("/authorizations/<uuid:authorization_id>/decision")
@opened_by(_WRITE, creates=True, changes=True, conflicts=True)
@authorizations_api.input(Decision)
@authorizations_api.output(AuthorizationGiven)
def decide(authorization_id: UUID, json_data: Decision) -> Response:
    """Record what the payer decided."""
    caller, version = current_caller(), version_asked()
    return once(lambda: _made(*actions.edit_authorization(caller, authorization_id, version, json_data.changes), 200))


@authorizations_api.post("/authorizations/<uuid:authorization_id>/uses")
@opened_by(_WRITE, creates=True, conflicts=True)
@authorizations_api.input(Use)
@authorizations_api.output(AuthorizationGiven)
def use(authorization_id: UUID, json_data: Use) -> Response:
    """Count units as used that no visit on file shows.

    Units of done visits are counted by themselves. No If-Match: uses add up in whatever order they come.
    """
    caller = current_caller()
    return once(lambda: _made(*actions.use_units(caller, authorization_id, json_data.code, json_data.units), 200))


def _made(record: AuthorizationRecord, version: int, status: int) -> Answered:
    body = authorization_body(record, has(ApiScope.READ_COVERAGE))
    tag, where = version_tag(version), f"{BASE}/authorizations/{record.id}"
    return answered(body, status, ETag=tag, **({"Location": where} if status == 201 else {}))
