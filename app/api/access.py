"""Who asks the API: a token, and nothing else. A browser's cookie opens nothing here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, g, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.api.actions.tokens import use_token
from app.api.facts.problems import Kind, ProblemError
from app.api.facts.tokens import ApiScope, Rate, Token
from app.api.problems import asked_of_api
from app.api.rules.tokens import permissions_of_scopes, scopes_of, sight_of
from app.platform.caller import Caller
from app.platform.clock import Clock

View = TypeVar("View", bound=Callable[..., Any])
MARK = "cleared_operation"


class UnscopedViewError(Exception):
    """A view of the API does not say which scope opens it; the program does not start."""


@dataclass(frozen=True, slots=True)
class Operation:
    """What a view of the API asks of a request, for the guard and for the description.

    `scope` None: any token. `creates`: an Idempotency-Key is needed. `changes`: If-Match is needed. `conflicts`: what
    is on file may not allow it. `takes`: the types of a body that is no JSON.
    """

    scope: ApiScope | None
    creates: bool = False
    changes: bool = False
    conflicts: bool = False
    takes: tuple[str, ...] = ()


def opened_by(
    scope: ApiScope | None,
    creates: bool = False,
    changes: bool = False,
    conflicts: bool = False,
    takes: tuple[str, ...] = (),
) -> Callable[[View], View]:
    """Open a view to tokens that have a scope; None: to every token."""

    def mark(view: View) -> View:
        setattr(view, MARK, Operation(scope, creates, changes, conflicts, takes))
        return view

    return mark


def operation_of(view: Any) -> Operation | None:
    """What a view asks; None: it is no view of the API."""
    found = getattr(view, MARK, None)
    return found if isinstance(found, Operation) else None


def let_in(app: Flask, session: Session, clock: Clock, source: str | None) -> None:
    """Let the token of this request in, count it, and make its Caller; else raise ProblemError.

    Raises    401 when there is no token in force; 429 when it asks too often; 403 when it lacks the view's scope.
    """
    used = use_token(session, secret_of_request(), clock.now())
    if used is None:
        raise ProblemError(Kind.UNKNOWN_CALLER, "Send a token that is in force: Authorization: Bearer cleared_...")
    token, g.rate = used
    if g.rate.over:
        raise ProblemError(
            Kind.TOO_MANY,
            f"The token may ask {g.rate.limit} times a minute. Wait as Retry-After says.",
            headers={"Retry-After": str(g.rate.seconds)},
        )
    g.token, g.permissions = token, permissions_of_scopes(scopes_of(token))
    g.caller = Caller(
        session,
        token.practice_id,
        clock,
        token.id,
        via=f"api:{token.name}",
        scope=sight_of(token),
        source=source,
        browser=token.id,
    )
    operation = operation_of(app.view_functions[request.endpoint or ""])
    if operation is not None and operation.scope is not None and operation.scope not in scopes_of(token):
        raise ProblemError(Kind.MISSING_SCOPE, f"The token needs the scope {operation.scope.value}.")
    if request.method in ("POST", "PATCH", "PUT"):
        _read_content(operation.takes if operation is not None else ())


def _read_content(takes: tuple[str, ...]) -> None:
    """Refuse a content of another type than the view takes, and JSON that cannot be read."""
    if request.mimetype not in (takes or ("application/json",)):
        raise ProblemError(Kind.WRONG_TYPE, f"Send the content as {' or '.join(takes) or 'application/json'}.")
    if takes:
        return
    try:
        request.get_json()
    except RecursionError:
        raise ProblemError(Kind.UNREADABLE, "The JSON is nested too deeply.") from None


def secret_of_request() -> str:
    """The secret that this request shows; empty when it shows none."""
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if kind.lower() == "bearer" else ""


def current_token() -> Token:
    """The token that asks."""
    token = g.token
    assert isinstance(token, Token)
    return token


def has(scope: ApiScope) -> bool:
    """Say whether the token that asks has a scope: for fields of an answer."""
    return scope in scopes_of(current_token())


def keep_tokens(app: Flask) -> None:
    """Say on every answer of the API how its token stands in this minute.

    Raises    UnscopedViewError when a view of the API does not say what opens it.
    """
    _refuse_unscoped(app)

    @app.after_request
    def told(response: Response) -> Response:
        rate = g.get("rate")
        if isinstance(rate, Rate) and asked_of_api(request.path):
            response.headers["RateLimit-Policy"] = f'"token";q={rate.limit};w=60'
            response.headers["RateLimit"] = f'"token";r={rate.left};t={rate.seconds}'
        return response


def _refuse_unscoped(app: Flask) -> None:
    bare = sorted(
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint.split(".")[0].endswith("_api") and operation_of(app.view_functions[rule.endpoint]) is None
    )
    if bare:
        raise UnscopedViewError("These views of the API need @opened_by(...): " + ", ".join(bare))
