"""Tokens: what opens the API, what does not, and what every answer says."""

from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from app.api.actions.tokens import revoke_token
from app.api.facts.tokens import ApiScope
from app.api.rules.tokens import PREFIX, digest_of
from app.platform.caller import Caller
from app.platform.clock import FixedClock
from app.platform.db import db
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.web import equipped
from tests.web.api.support import Program, a_key, program, rows

VISITS = "/api/v1/visits?from=2026-03-02&to=2026-03-03"


def problem_of(answer: Any, status: int, kind: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    body: dict[str, Any] = answer.json
    assert body["type"] == f"/api/v1/docs#{kind}"
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    return body


def test_a_stranger_is_told_that_a_token_is_needed(client: FlaskClient) -> None:
    answer = client.get(VISITS)
    problem_of(answer, 401, "unknown-caller")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert "Set-Cookie" not in answer.headers


NO_TOKENS = (
    "Bearer",
    "Bearer cleared_",
    f"Bearer {PREFIX}{'a' * 43}",
    "Basic a2ltOnNlY3JldA==",
    "Bearer " + "x" * 3000,
    "é",
)


def test_what_is_no_token_in_force_opens_nothing(client: FlaskClient) -> None:
    for header in NO_TOKENS:
        problem_of(client.get(VISITS, headers={"Authorization": header}), 401, "unknown-caller")


def test_the_cookie_of_a_browser_opens_nothing_here(sign_in: Any) -> None:
    browser = sign_in(Role.MANAGER)
    assert browser.get("/schedule").status_code == 200
    problem_of(browser.get(VISITS), 401, "unknown-caller")


def test_an_expired_or_revoked_token_opens_nothing(web_app: Flask, web_clock: FixedClock) -> None:
    asks = program(web_app, web_clock)
    assert asks.client.get(VISITS, headers=asks.headers()).status_code == 200
    web_clock.instant = asks.token.expires_at
    problem_of(asks.client.get(VISITS, headers=asks.headers()), 401, "unknown-caller")
    web_clock.instant = make.NOW
    with web_app.app_context():
        revoke_token(equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test")), asks.token.id)
    problem_of(asks.client.get(VISITS, headers=asks.headers()), 401, "unknown-caller")


def test_a_token_opens_only_what_its_scopes_name(web_app: Flask, web_clock: FixedClock) -> None:
    asks = program(web_app, web_clock, {ApiScope.READ_RULES})
    body = problem_of(asks.client.get(VISITS, headers=asks.headers()), 403, "missing-scope")
    assert "read:visits" in body["detail"]


def test_a_secret_is_stored_as_its_hash_only(web_app: Flask, web_clock: FixedClock) -> None:
    asks = program(web_app, web_clock)
    assert asks.secret.startswith(PREFIX)
    assert len(asks.secret) == len(PREFIX) + 43
    found = rows(web_app, "SELECT * FROM api_token")
    assert [bytes(row.digest) for row in found] == [digest_of(asks.secret)]
    assert asks.secret not in repr(found)


def test_requests_are_counted_and_too_many_wait(web_app: Flask, web_clock: FixedClock) -> None:
    asks = program(web_app, web_clock, per_minute=3)
    answers = [asks.client.get(VISITS, headers=asks.headers()) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["RateLimit"] for answer in answers][:2] == ['"token";r=2;t=60', '"token";r=1;t=60']
    problem_of(answers[3], 429, "too-many")
    assert answers[3].headers["Retry-After"] == "60"
    web_clock.instant += timedelta(seconds=60)
    assert asks.client.get(VISITS, headers=asks.headers()).status_code == 200


def test_an_unknown_address_or_method_is_a_problem_too(web_app: Flask, web_clock: FixedClock) -> None:
    asks = program(web_app, web_clock)
    problem_of(asks.get("/nothing"), 404, "not-found")
    answer = asks.client.delete(VISITS, headers=asks.headers())
    problem_of(answer, 405, "wrong-method")
    assert "GET" in answer.headers["Allow"]


def test_fields_that_are_not_known_or_not_written_right_are_named(web_app: Flask, web_clock: FixedClock) -> None:
    asks = program(web_app, web_clock)
    query = {"from": "03/02/2026", "to": "2026-02-30", "limit": "1000", "color": "red"}
    body = problem_of(asks.get("/visits", **query), 422, "not-valid")
    assert sorted(body["errors"]) == ["color", "from", "limit", "to"]
    assert "red" not in str(body)


def test_use_is_noted_on_the_token_and_in_the_log(web_app: Flask, web_clock: FixedClock) -> None:
    asks: Program = program(web_app, web_clock, name="intake-robot")
    web_clock.instant += timedelta(minutes=5)
    assert asks.get(f"/visits/{make.an_id(5)}").status_code == 404
    (used,) = rows(web_app, "SELECT last_used_at, counted FROM api_token")
    made = rows(web_app, "SELECT via, action FROM audit_entry")
    assert "15:05" in str(used.last_used_at)
    assert used.counted == 1
    assert ("test", "api.token_made") in [tuple(one) for one in made]


def test_a_key_is_never_in_an_address(web_app: Flask, web_clock: FixedClock) -> None:
    asks = program(web_app, web_clock)
    answer = asks.client.get(f"{VISITS}&access_token={asks.secret}")
    problem_of(answer, 401, "unknown-caller")
    assert a_key() != a_key()
