"""Bring in a file of the practice system: hand it in, read what would come of it, confirm it."""

from uuid import UUID

from apiflask import APIBlueprint
from flask import Response, request

from app.api.access import opened_by
from app.api.actions import imports as actions
from app.api.facts.once import Answered
from app.api.facts.tokens import ApiScope
from app.api.forms.imports import Confirmation, ImportKind
from app.api.problems import BASE
from app.api.routes.answering import answered, once, single, version_asked
from app.api.views.imports import ImportGiven, import_body
from app.api.views.written import version_tag
from app.platform.ids import new_id
from app.practice.access import current_caller

imports_api = APIBlueprint("imports_api", __name__, url_prefix=BASE, tag="Imports")
CSV, XLSX = "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@imports_api.post("/imports")
@opened_by(ApiScope.IMPORT, creates=True, takes=(CSV, XLSX))
@imports_api.input(ImportKind, location="query")
@imports_api.output(ImportGiven, status_code=202)
def hand_in(query_data: ImportKind) -> Response:
    """Hand a file in, as the body of the request: a CSV or XLSX table of schedule, coverage or authorizations.

    Nothing is written yet: the scheduler checks it, and its result says what would come of it.
    """
    caller, key = current_caller(), new_id()
    handed = actions.read_file(request.get_data())
    return once(lambda: _made(actions.hand_in(caller, handed, query_data.kind, key), 202))


@imports_api.get("/imports/<uuid:import_id>")
@opened_by(ApiScope.IMPORT)
@imports_api.output(ImportGiven)
def show(import_id: UUID) -> Response:
    """Read how far a file is, and what comes of it. It is kept for a day."""
    result = actions.read_result(current_caller(), import_id)
    return single(import_body(result), version_tag(result.draft.version))


@imports_api.post("/imports/<uuid:import_id>/confirmation")
@opened_by(ApiScope.IMPORT, creates=True, changes=True, conflicts=True)
@imports_api.input(Confirmation)
@imports_api.output(ImportGiven, status_code=202)
def confirm(import_id: UUID, json_data: Confirmation) -> Response:
    """Let a checked file be written, as its result said."""
    caller, version = current_caller(), version_asked()
    return once(lambda: _made(actions.confirm_import(caller, import_id, version, json_data.cancel_vanished), 202))


def _made(result: actions.Result, status: int) -> Answered:
    where = f"{BASE}/imports/{result.draft.id}"
    return answered(import_body(result), status, ETag=version_tag(result.draft.version), Location=where)
