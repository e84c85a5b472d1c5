"""Write an answer of the API, and do once what a request under a key asks."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, request

from app.api.access import secret_of_request
from app.api.actions.once import do_once
from app.api.facts.once import Answered
from app.api.facts.problems import Kind, ProblemError, changed_since, not_valid
from app.api.rules.once import is_key, once_of
from app.api.views.written import digest_tag, json_of, version_in
from app.practice.access import current_caller


def answer(body: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Answer with a body."""
    made = Response(json_of(body), status, content_type="application/json")
    made.headers.update(headers or {})
    return made


def single(body: Mapping[str, Any], tag: str | None = None) -> Response:
    """Answer with one resource and its ETag: that of its version, else a digest of what is shown."""
    made = answer(body)
    made.headers["ETag"] = tag or digest_tag(made.get_data())
    return made


def answered(body: Mapping[str, Any], status: int, **headers: str) -> Answered:
    """Make the answer that is kept under a key."""
    return Answered(status, json_of(body).decode(), headers)


def once(effect: Callable[[], Answered]) -> Response:
    """Do once what this request asks under its Idempotency-Key. Raises ProblemError."""
    key = request.headers.get("Idempotency-Key")
    if key is None or not is_key(key):
        raise not_valid(
            {"Idempotency-Key": "Send 16 to 128 letters, digits, dashes or dots, new for each thing to do."}
        )
    condition = request.headers.get("If-Match", "")
    named = once_of(secret_of_request(), key, request.method, request.path, request.get_data(), condition)
    done = do_once(current_caller(), named, effect)
    made = Response(done.body.encode(), done.status, content_type="application/json")
    made.headers.update(done.headers)
    return made


def version_asked() -> int:
    """Read the version that a change was decided on, from If-Match.

    Raises    ProblemError: 428 without it; 412 when it is no version of ours, which none on file can equal.
    """
    tag = request.headers.get("If-Match")
    if tag is None:
        raise ProblemError(Kind.VERSION_NEEDED, "Send the ETag of what was read as If-Match.")
    version = version_in(tag)
    if version is None:
        raise changed_since()
    return version
