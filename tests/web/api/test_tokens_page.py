"""Admin > API tokens, and the same on the command line: a secret is shown once, a revoked token opens nothing."""

import json
import re
from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from app.api.rules.tokens import PREFIX
from app.practice.facts.staff import Role
from tests.support.web import TOKEN, token_of
from tests.web.api.support import rows

SECRET = re.compile(PREFIX + r"[A-Za-z0-9_-]{43}")
FORM = {
    "name": "intake-robot",
    "scopes": ["read:rules", "read:visits"],
    "sight": "all",
    "last": "t+30",
    "per_minute": "60",
}


def make_form(browser: FlaskClient, **changed: Any) -> dict[str, Any]:
    page = browser.get("/admin/tokens/new").text
    found, key = TOKEN.search(page), re.search(r'name="key" value="([^"]+)"', page)
    assert found
    assert key
    return {**FORM, **changed, "csrf_token": found[1], "key": key[1]}


def test_a_secret_is_shown_once_and_opens_what_was_ticked(sign_in: Callable[..., FlaskClient], web_app: Flask) -> None:
    browser = sign_in(Role.ADMINISTRATOR)
    made = browser.post("/admin/tokens/new", data=make_form(browser))
    assert made.status_code == 200, made.text
    secret = SECRET.search(made.text)
    assert secret
    assert made.headers["Cache-Control"] == "no-store"
    listed = browser.get("/admin/tokens").text
    assert "intake-robot" in listed
    assert not SECRET.search(listed)
    program, shown = web_app.test_client(), {"Authorization": f"Bearer {secret[0]}"}
    about = program.get("/api/v1/token", headers=shown)
    assert about.json["scopes"] == ["read:rules", "read:visits"]
    assert about.json["per_minute"] == 60
    assert about.json["expires_at"].startswith("2026-04-02")
    assert program.get("/api/v1/patients", headers=shown).status_code == 403


def test_a_form_sent_twice_makes_one_token(sign_in: Callable[..., FlaskClient], web_app: Flask) -> None:
    browser = sign_in(Role.ADMINISTRATOR)
    form = make_form(browser)
    assert browser.post("/admin/tokens/new", data=form).status_code == 200
    again = browser.post("/admin/tokens/new", data=form)
    assert (again.status_code, again.headers["Location"]) == (303, "/admin/tokens")
    taken = browser.post("/admin/tokens/new", data=make_form(browser))
    assert (taken.status_code, "was on file" in taken.text) == (422, True)
    assert len(rows(web_app, "SELECT id FROM api_token")) == 1


def test_what_is_wrong_is_said_beside_its_field(sign_in: Callable[..., FlaskClient]) -> None:
    browser = sign_in(Role.ADMINISTRATOR)
    wrong = {"name": "Intake Robot", "scopes": ["import"], "sight": "chosen", "last": "t+366"}
    page = browser.post("/admin/tokens/new", data=make_form(browser, **wrong))
    assert page.status_code == 422
    for place in ("name", "sites", "sight", "last"):
        assert f'id="{place}-error"' in page.text or f'id="{place}"' in page.text
    assert "at most a year" in page.text
    assert "only to a token that sees all sites" in page.text
    assert 'value="Intake Robot"' in page.text
    assert "Error: New token" in page.text


def test_a_revoked_token_opens_nothing(sign_in: Callable[..., FlaskClient], web_app: Flask) -> None:
    browser = sign_in(Role.ADMINISTRATOR)
    secret = SECRET.search(browser.post("/admin/tokens/new", data=make_form(browser)).text)
    assert secret
    address = re.search(r'action="(/admin/tokens/[^"]+/revoke)"', browser.get("/admin/tokens").text)
    assert address
    answer = browser.post(address[1], data={"csrf_token": token_of(browser, "/admin/tokens")})
    assert answer.status_code == 303
    assert "Revoked" in browser.get("/admin/tokens").text
    shown = {"Authorization": f"Bearer {secret[0]}"}
    assert web_app.test_client().get("/api/v1/token", headers=shown).status_code == 401


def test_only_administrators_keep_tokens(sign_in: Callable[..., FlaskClient]) -> None:
    browser = sign_in(Role.MANAGER, Role.COORDINATOR, Role.BILLER)
    for address in ("/admin/tokens", "/admin/tokens/new"):
        assert browser.get(address).status_code == 403


def test_the_command_line_makes_lists_and_revokes(manage: Callable[..., Any]) -> None:
    made = manage("tokens", "make", "night-load", "--scope", "import", "--scope", "read:rules", "--json")
    assert made.code == 0, made.err
    token = json.loads(made.out)
    assert SECRET.fullmatch(token["secret"])
    assert token["scopes"] == ["import", "read:rules"]
    listed = json.loads(manage("tokens", "list", "--json").out)
    assert listed["name"] == "night-load"
    assert "secret" not in listed
    assert manage("tokens", "make", "night-load", "--scope", "import").code == 2
    assert manage("tokens", "make", "site-load", "--scope", "import", "--site", "Nowhere").code == 2
    assert manage("tokens", "make", "old", "--scope", "import", "--until", "t+900").code == 2
    assert manage("tokens", "revoke", "night-load").code == 0
    assert "Revoked" in manage("tokens", "list").out
    assert manage("tokens", "revoke", "nobody").code == 2
