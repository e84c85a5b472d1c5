"""Answer in problem details (RFC 9457) whatever the API refuses or breaks at. No answer quotes a value."""

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from apiflask import APIFlask
from apiflask.exceptions import HTTPError
from flask import Flask, Response, request
from pydantic import ValidationError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from app.api.facts.problems import STATUS, Kind, ProblemError, not_found, not_valid
from app.api.rules.paging import BadCursorError
from app.api.views.faults import sentences_of

BASE = "/api/v1"
DOCS = f"{BASE}/docs"
_OF_STATUS = {
    400: (Kind.UNREADABLE, "Send it as the description of the API says."),
    401: (Kind.UNKNOWN_CALLER, "Send a token that is in force: Authorization: Bearer cleared_..."),
    404: (Kind.NOT_FOUND, "The description of the API names every address."),
    405: (Kind.WRONG_METHOD, "The header Allow names the methods."),
    413: (Kind.TOO_LARGE, "A file may have up to 64 MB, any other content up to 2 MB."),
    415: (Kind.WRONG_TYPE, "Send application/json; a file as text/csv or application/octet-stream."),
}
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="cleared"'}
RETRY = {"Retry-After": "1"}


def asked_of_api(path: str) -> bool:
    """Say whether an address belongs to the API."""
    return path == BASE or path.startswith(f"{BASE}/")


def answer_problems(app: Flask) -> None:
    """Answer what the API refuses with a problem."""
    app.register_error_handler(ProblemError, problem_answer)
    app.register_error_handler(BadCursorError, _bad_cursor)
    if isinstance(app, APIFlask):
        app.error_processor(_not_valid)


def problem_answer(problem: ProblemError) -> Response:
    """Write a problem as an answer."""
    status, title = STATUS[problem.kind]
    body: dict[str, Any] = {
        "type": f"{DOCS}#{problem.kind.value}",
        "title": title,
        "status": status,
        "detail": problem.detail,
    }
    if problem.errors:
        body["errors"] = dict(problem.errors)
    if problem.incident is not None:
        body["incident"] = problem.incident
    answer = Response(json.dumps(body), status, content_type="application/problem+json")
    answer.headers.update(problem.headers)
    if status == 401:
        answer.headers.update(CHALLENGE)
    return answer


def expected_problem(error: HTTPException) -> Response:
    """Write one of Flask's own refusals as a problem."""
    if error.code == 404 and request.url_rule is not None:
        return problem_answer(not_found())
    kind, detail = _OF_STATUS.get(error.code or 500, _OF_STATUS[400])
    headers = {name: value for name, value in error.get_headers() if name == "Allow"}
    return problem_answer(ProblemError(kind, detail, headers=headers))


def broken_problem(error: Exception, incident: str) -> Response:
    """Write what broke as a problem: a number that the log holds, and no detail."""
    if isinstance(error, OperationalError) and _is_busy(error):
        detail = "Nothing was half-written. Send the same request again; with its Idempotency-Key it is done once."
        return problem_answer(ProblemError(Kind.BUSY, detail, headers=RETRY, incident=incident))
    detail = "Nothing was half-written. Tell your administrator the number of the incident."
    return problem_answer(ProblemError(Kind.BROKEN, detail, incident=incident))


def _is_busy(error: OperationalError) -> bool:
    """Say whether the database was busy or away, not asked for something that it does not have."""
    if isinstance(error.orig, sqlite3.OperationalError):
        return error.orig.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return True


def _not_valid(error: HTTPError) -> Any:
    cause = error.__cause__
    faults: Mapping[str, str] = sentences_of(cause) if isinstance(cause, ValidationError) else {}
    if not faults:
        return problem_answer(ProblemError(Kind.UNREADABLE, _OF_STATUS[400][1]))
    return problem_answer(not_valid(faults))


def _bad_cursor(_error: BadCursorError) -> Response:
    sentence = "Take the cursor from `next` of the page before, with the same filters; or leave it out to begin anew."
    return problem_answer(not_valid({"cursor": sentence}))
