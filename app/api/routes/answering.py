"""Write an answer of the API."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from app.api.views.written import digest_tag, json_of


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
