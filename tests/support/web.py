"""Fixtures: the web program on a fresh database, a browser without a page, and signing in with a role."""

import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g, has_app_context
from flask.testing import FlaskClient
from sqlalchemy import event

from app import create_app
from app.platform.caller import Caller
from app.platform.clock import FixedClock
from app.platform.db import db
from app.practice.access import signed_in
from app.practice.actions import staff as actions
from app.practice.facts.staff import Role
from app.web.doors import EVERYBODY, Door, Doors
from config import load
from tests.support import make
from tests.support.quick_apps import quick_templates

EMAIL = "kim@example.test"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def write_keys(path: Path) -> None:
    """Write `make.keys()` as a key file, so that the web reads what a test's session sealed."""
    keys = make.keys()
    content = {
        "sealing": {str(number): b64encode(key).decode() for number, key in keys.keyring.sealing.items()},
        "current": keys.keyring.current,
        "index": b64encode(keys.keyring.index_key).decode(),
        "audit": b64encode(keys.audit).decode(),
        "cookie": b64encode(keys.cookie).decode(),
    }
    path.touch(mode=0o600)
    path.write_text(json.dumps(content))


class Browser(FlaskClient):
    """A client that says of each request, as browsers do, that it comes from a page of the program."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"


@pytest.fixture
def web_clock() -> FixedClock:
    """The clock of the web program: move it with `web_clock.instant = ...`."""
    return make.clock()


@pytest.fixture
def web_app(database_url: str, tmp_path: Path, web_clock: FixedClock) -> Iterator[Flask]:
    """The web program on a fresh database; its practice is `make.PRACTICE_ID`."""
    write_keys(tmp_path / "keys.json")
    settings = load(
        {
            "CLEARED_HOME": str(tmp_path),
            "DATABASE_URL": database_url,
            "PUBLIC_BASE_URL": "http://localhost",
        }
    )
    app = create_app(settings, web_clock)
    app.test_client_class = Browser
    quick_templates(app)
    opened: list[Any] = []
    with app.app_context():
        event.listen(db.engine, "connect", lambda connection, _record: opened.append(connection))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    for connection in opened:  # a request that a browser broke off may still hold one
        connection.close()


@pytest.fixture
def client(web_app: Flask) -> FlaskClient:
    """A browser that nobody has signed in with."""
    return web_app.test_client()


def token_of(client: FlaskClient, address: str = "/sign-in") -> str:
    """Read the CSRF token of a page."""
    found = TOKEN.search(client.get(address).text)
    assert found, f"{address} holds no form"
    return found.group(1)


@pytest.fixture
def sign_in(web_app: Flask, client: FlaskClient, web_clock: FixedClock) -> Callable[..., FlaskClient]:
    """`sign_in(Role.SCHEDULER)` makes a person with these roles and signs in; returns the browser."""

    def enter(*roles: Role) -> FlaskClient:
        with web_app.app_context():
            from_test = Caller(db.session(), make.PRACTICE_ID, web_clock, via="test")
            equipped(from_test)
            password = actions.add_staff(from_test, EMAIL, "Kim Example", frozenset(roles))
        form = {"email": EMAIL, "password": password, "csrf_token": token_of(client)}
        answer = client.post("/sign-in", data=form)
        assert answer.status_code == 302, answer.text
        if has_app_context():  # a test that holds one shares `g` with its requests; the session is another now
            g.pop("csrf_token", None)
        return client

    return enter


def open_everybody(app: Flask, address: str, name: str, view: Callable[[], Any]) -> None:
    """Add a page of a test to the program, with its row in the table of doors: open to everybody who has signed in."""
    app.add_url_rule(address, name, signed_in(view))
    rows = dict(app.extensions["cleared_doors"].rows)
    rows["GET", address] = Door("GET", address, name, frozenset(), EVERYBODY, ())
    app.extensions["cleared_doors"] = Doors(rows)


def equipped(caller: Caller) -> Caller:
    """Give a caller's session the keys of the tests."""
    keys = make.keys()
    caller.session.info.update(keyring=keys.keyring, audit_key=keys.audit)
    return caller
