"""People who are invited and choose their passwords, as their browsers do it."""

import re
from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.gateways.facts import Gateways
from app.gateways.recording import RecordingMail
from app.platform.caller import Caller
from app.platform.db import db
from tests.support import make
from tests.support.web import TOKEN, equipped, token_of

CODE = re.compile(r'class="secret">([^<]+)<')
VERSION = re.compile(r'name="version" value="([^"]+)"')
LINK = re.compile(r"http://localhost/choose-password#([0-9a-f]{64})")
GOOD = "four unlike words: lamp, river, otter, chalk"
JO = {"name": "Jo Park", "email": "jo@example.test", "roles": ["scheduler"], "sight": "all"}


def with_mail(app: Flask) -> RecordingMail:
    """Give a program a way out for e-mail that keeps what it is given."""
    mail = RecordingMail()
    app.extensions["cleared_gateways"] = Gateways(mail=mail, base_url="http://localhost")
    return mail


def acting_in(app: Flask, clock: Any, work: Callable[[Caller], Any]) -> Any:
    """Do something as the practice, outside the browser, with the program's ways out."""
    with app.app_context():
        from_test = equipped(Caller(db.session(), make.PRACTICE_ID, clock, via="test"))
        from_test.session.info["gateways"] = app.extensions["cleared_gateways"]
        return work(from_test)


def send(browser: FlaskClient, address: str, form: dict[str, Any], page: str | None = None) -> TestResponse:
    """Post a form with the token of its page, and with the page's version where it has one."""
    shown = browser.get(page or address).text
    version, token = VERSION.search(shown), TOKEN.search(shown)
    assert token, f"{page or address} holds no form"
    extra = {"version": version[1]} if version else {}
    return browser.post(address, data=extra | {"csrf_token": token[1]} | form)


def choose(browser: FlaskClient, code: str, password: str = GOOD) -> TestResponse:
    """Choose a password by a code."""
    form = {"code": code, "password": password, "password_again": password}
    return send(browser, "/choose-password", form)


def enter(browser: FlaskClient, email: str, password: str) -> TestResponse:
    """Sign in with an address and a password."""
    return browser.post("/sign-in", data={"email": email, "password": password, "csrf_token": token_of(browser)})
