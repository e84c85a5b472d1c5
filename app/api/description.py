"""The description of the API (OpenAPI 3.1), made of its views: what APIFlask reads of them, and what all have alike."""

from collections.abc import Iterator, Mapping
from typing import Any

from apiflask import APIFlask
from flask import Flask

from app.api.access import Operation, operation_of
from app.api.facts.problems import STATUS, Kind
from app.api.problems import DOCS
from app.api.rules.written import ID_PATTERN

TITLE, VERSION = "Cleared", "1"
ABOUT = (
    "Data of one practice, in and out. Every request carries a token (Authorization: Bearer), which sees only what its "
    "scopes and sites let it see; what is out of sight does not exist. Reading and changing is written to the audit "
    "log under the token's name. Lists are paged by a cursor. Problems are answered as application/problem+json."
)
KEY_PATTERN = "^[A-Za-z0-9_.:~-]{16,128}$"
TAG_PATTERN = r'^"[A-Za-z0-9_-]{1,64}"$'
CHALLENGE_TEXT = "How to ask with a token."
_METHODS = ("get", "post", "patch", "put", "delete")
_ALWAYS = (Kind.UNREADABLE, Kind.UNKNOWN_CALLER, Kind.TOO_MANY, Kind.BROKEN, Kind.BUSY)


def describe(app: Flask) -> dict[str, Any]:
    """Make the description; the same on every call of one program."""
    assert isinstance(app, APIFlask)
    made: dict[str, Any] | None = app.extensions.get("cleared_api_description")
    if made is None:
        app.config.update(
            AUTO_SERVERS=False, AUTO_200_RESPONSE=False, AUTO_VALIDATION_ERROR_RESPONSE=False, AUTO_404_RESPONSE=False
        )
        app.title, app.version, app.openapi_version = TITLE, VERSION, "3.1.0"
        app.description = ABOUT
        app.security_schemes = {"token": {"type": "http", "scheme": "bearer", "description": "A token of the API."}}
        spec = app.spec
        assert isinstance(spec, dict)
        made = app.extensions["cleared_api_description"] = _completed(app, spec)
    return made


def _completed(app: Flask, spec: dict[str, Any]) -> dict[str, Any]:
    spec["components"].setdefault("schemas", {})["Problem"] = PROBLEM
    spec["components"]["headers"] = HEADERS
    for path, item in spec["paths"].items():
        for method in _METHODS:
            if method in item:
                _complete(item[method], path, method, _operation(app, path, method))
    return spec


def _operation(app: Flask, path: str, method: str) -> tuple[str, Operation]:
    for rule in app.url_map.iter_rules():
        if method.upper() in (rule.methods or set()) and _path_of(rule.rule) == path:
            found = operation_of(app.view_functions[rule.endpoint])
            assert found is not None
            return rule.endpoint, found
    raise LookupError(path)


def _path_of(rule: str) -> str:
    return rule.replace("<uuid:", "{").replace(">", "}")


def _complete(described: dict[str, Any], path: str, method: str, named: tuple[str, Operation]) -> None:
    endpoint, operation = named
    described["operationId"] = endpoint.replace("_api.", "_")
    described["security"] = [{"token": [] if operation.scope is None else [operation.scope.value]}]
    for parameter in described.get("parameters", []):
        if parameter["in"] == "path":
            parameter["schema"] = {"type": "string", "format": "uuid", "pattern": ID_PATTERN}
    described["parameters"] = [*described.get("parameters", []), *_asked_headers(operation)]
    if "requestBody" in described:
        described["requestBody"]["required"] = True
    if operation.takes:
        content = {"schema": {"type": "string", "format": "binary", "minLength": 1}}
        described["requestBody"] = {"required": True, "content": dict.fromkeys(operation.takes, content)}
    for status, answer in described["responses"].items():
        answer["headers"] = _headers(int(status), method, operation, "{" in path)
    for kind in sorted(_kinds(described, operation, "{" in path), key=lambda kind: STATUS[kind]):
        _refusal(described["responses"], kind)


def _asked_headers(operation: Operation) -> Iterator[dict[str, Any]]:
    if operation.creates:
        yield {
            "name": "Idempotency-Key",
            "in": "header",
            "required": True,
            "description": "Made anew for each thing to be done, and sent again with every repetition of the request.",
            "schema": {"type": "string", "pattern": KEY_PATTERN},
        }
    if operation.changes:
        yield {
            "name": "If-Match",
            "in": "header",
            "required": True,
            "description": "The ETag of what was read: nothing is saved if it was changed since.",
            "schema": {"type": "string", "pattern": TAG_PATTERN},
        }


def _kinds(described: Mapping[str, Any], operation: Operation, single: bool) -> set[Kind]:
    kinds = set(_ALWAYS)
    body = "requestBody" in described
    query = any(one["in"] == "query" for one in described["parameters"])
    for present, also in (
        (operation.scope is not None, (Kind.MISSING_SCOPE,)),
        (single or query or body, (Kind.NOT_FOUND,)),
        (body or query or operation.creates, (Kind.NOT_VALID,)),
        (body, (Kind.TOO_LARGE, Kind.WRONG_TYPE)),
        (operation.creates, (Kind.IN_FLIGHT, Kind.KEY_USED)),
        (operation.conflicts, (Kind.CONFLICT,)),
        (operation.changes, (Kind.CHANGED_SINCE, Kind.VERSION_NEEDED)),
    ):
        kinds |= set(also) if present else set()
    return kinds


def _refusal(responses: dict[str, Any], kind: Kind) -> None:
    status, title = STATUS[kind]
    known = responses.get(str(status))
    if known is not None:
        known["description"] += f" Or: {title.lower()} (`{kind.value}`)."
        return
    headers = {"WWW-Authenticate"} if status == 401 else {"Retry-After"} if status in (429, 503) else set()
    names = headers | ({"RateLimit", "RateLimit-Policy"} if status not in (401, 400) else set())
    responses[str(status)] = {
        "description": f"{title} (`{kind.value}`).",
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in sorted(names)},
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _headers(status: int, method: str, operation: Operation, single: bool) -> dict[str, Any]:
    names = {"RateLimit", "RateLimit-Policy"}
    names |= {"ETag"} if single and (method in ("get", "patch") or operation.changes) else set()
    names |= {"Location", "ETag"} if status in (201, 202) else set()
    return {name: {"$ref": f"#/components/headers/{name}"} for name in sorted(names)}


HEADERS: Mapping[str, Any] = {
    "RateLimit": {
        "description": "Requests left in this minute, and seconds until the next. With every answer to a token.",
        "schema": {"type": "string"},
    },
    "RateLimit-Policy": {
        "description": "Requests that the token may make in a minute.",
        "schema": {"type": "string"},
    },
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "string"}, "required": True},
    "WWW-Authenticate": {"description": CHALLENGE_TEXT, "schema": {"type": "string"}, "required": True},
    "ETag": {"description": "The version of what is shown.", "schema": {"type": "string"}},
    "Location": {"description": "Where what was made can be read.", "schema": {"type": "string"}},
}
PROBLEM: Mapping[str, Any] = {
    "type": "object",
    "description": "What was refused, and what to do (RFC 9457). No value that was sent is quoted.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {
            "type": "string",
            "enum": [f"{DOCS}#{kind.value}" for kind in Kind],
            "description": "The kind of problem, for programs.",
        },
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "description": "A sentence for each value that cannot be taken, by its place.",
        },
        "incident": {"type": "string", "description": "The number under which the log holds what broke."},
    },
}
