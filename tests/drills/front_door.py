"""The ground of the drills at the front door: the real program on a fresh database, people, and browsers of theirs."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app import create_app
from app.platform.caller import Caller
from app.platform.clock import FixedClock
from app.platform.db import db
from app.practice.facts.staff import Role
from config import load
from tests.drills import scene
from tests.support import make
from tests.support.factors import Person, add_person, caller_in, code_of, show_code, show_password
from tests.support.passwords import REAL
from tests.support.web import TOKEN, Browser, write_keys

__all__ = ["REAL", "Person", "World", "front_door"]
BEHIND = ("/settings", "/keys", "/sign-in/own", "/stay", "/day?text=t", "/admin/users", "/sign-in/set-up")
"""Pages that open to everybody who has signed in, or to administrators."""


@dataclass
class World:
    """The program, its clock, how long guessers go on, and the numbers that people are called by."""

    app: Flask
    clock: FixedClock
    hours: int = 24
    numbers: Any = field(default_factory=lambda: count(1))

    def person(self, *roles: Role, with_app: bool = False) -> Person:
        """Put a new person on file."""
        email = f"person{next(self.numbers)}@example.test"
        return add_person(self.app, self.clock, *(roles or (Role.ADMINISTRATOR,)), email=email, with_app=with_app)

    def browser(self, address: str = "192.0.2.1") -> FlaskClient:
        """A browser on a network, in which nobody has signed in."""
        browser = self.app.test_client()
        browser.environ_base["REMOTE_ADDR"] = address
        return browser

    def enter(self, person: Person, address: str = "192.0.2.1") -> FlaskClient:
        """Sign a person in, with the app's code where there is one; a minute later, so that the code is a new one."""
        browser = self.browser(address)
        self.pass_time(seconds=60)
        answer = show_password(browser, person)
        if answer.location == "/sign-in/factor":
            answer = show_code(browser, code_of(person.secret, self.clock.now()))
        assert answer.status_code == 302, answer.text
        return browser

    def pass_time(self, seconds: float) -> None:
        """Let the server's clock go on."""
        self.clock.instant += make.NOW.resolution * int(seconds * 1_000_000)

    @contextmanager
    def caller(self) -> Iterator[Caller]:
        """A caller on the program's database, as the command line is."""
        with self.app.app_context():
            yield caller_in(self.app, self.clock)

    def copy(self, browser: FlaskClient) -> FlaskClient:
        """A thief's browser with the cookie that another browser has now."""
        thief = self.browser("203.0.113.66")
        cookie = browser.get_cookie("cleared")
        if cookie is not None:
            thief.set_cookie("cleared", cookie.value)
        return thief


def opens(browser: FlaskClient) -> list[str]:
    """Say which pages behind the door a browser is shown, or that it may change something there."""
    opened = [address for address in BEHIND if browser.get(address).status_code in (200, 204, 403)]
    token = TOKEN.search(browser.get("/settings").text) or TOKEN.search(browser.get("/sign-in").text)
    form = {"csrf_token": token[1] if token else "", "theme": "dark", "density": "compact"}
    answer = browser.post("/settings", data=form)
    saved = answer.status_code == 303 and not re.match("/sign-in", answer.location or "")
    return opened + ["POST /settings"] * saved


@contextmanager
def front_door(kind: str, hours: int = 24) -> Iterator[World]:
    """Open the program on a fresh database of a kind (`sqlite`, `postgres`); all of it goes at the end.

    `hours`: how long, by the server's clock, those who guess go on.
    """
    with TemporaryDirectory(prefix="cleared-door-") as name, scene.database(kind, Path(name), practices=True) as url:
        folder, clock, opened = Path(name), make.clock(), []
        write_keys(folder / "keys.json")
        settings = {"CLEARED_HOME": name, "DATABASE_URL": url, "PUBLIC_BASE_URL": "http://localhost"}
        app = create_app(load(settings), clock)
        app.test_client_class = Browser
        with app.app_context():
            event.listen(db.engine, "connect", lambda connection, _record: opened.append(connection))
        yield World(app, clock, hours)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        for connection in opened:
            with suppress(Exception):
                connection.close()
