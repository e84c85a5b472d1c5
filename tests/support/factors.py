"""Second factors for tests: an authenticator app that shares no code with the program, and people who have one."""

import base64
import hmac
import struct
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient

from app.platform.caller import Caller
from app.platform.clock import FixedClock
from app.platform.db import db
from app.practice.actions import factors, signing_in
from app.practice.actions import staff as staffing
from app.practice.facts.staff import Role
from app.practice.store import practice as practices
from app.practice.store import sessions
from app.practice.store import staff as people
from tests.support import make
from tests.support.web import EMAIL, equipped, token_of


def code_of(secret: str, instant: datetime, steps: int = 0) -> str:
    """What an authenticator app shows at an instant, or so many steps of 30 seconds later (RFC 6238, RFC 4226)."""
    counter = int(instant.timestamp()) // 30 + steps
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", counter), "sha1")
    start = digest[-1] & 0xF
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


@dataclass
class Person:
    """Somebody who may sign in: address, password, id, the app's secret and recovery codes, where there are any."""

    email: str
    password: str
    id: UUID
    secret: str = ""
    codes: tuple[str, ...] = ()


def caller_in(app: Flask, clock: FixedClock) -> Caller:
    """A caller on the program's database, inside its context."""
    return equipped(Caller(db.session(), make.PRACTICE_ID, clock, via="test"))


def add_person(app: Flask, clock: FixedClock, *roles: Role, email: str = EMAIL, with_app: bool = False) -> Person:
    """Put a person on file, with an authenticator app if asked for."""
    with app.app_context():
        caller = caller_in(app, clock)
        password = staffing.add_staff(caller, email, "Kim Example", frozenset(roles or {Role.ADMINISTRATOR}))
        assert password is not None
        state = people.sign_in_state(caller.session, email)
        assert state is not None
        person = Person(email, password, state.staff.id)
        if with_app:
            begun = signing_in.begin_session(caller, person.id)
            factors.begin_app(caller, state.staff)
            started = factors.app_begun(caller, state.staff)
            found = sessions.signed_in(caller.session, begun)
            assert started is not None and started.secret is not None and found is not None
            person.secret = started.secret
            added = factors.confirm_app(caller, state.staff, found[1], code_of(person.secret, clock.now(), -1))
            assert added is not None
            person.codes = added.codes
            signing_in.end_session(caller, added.session_id)
        return person


def require_factor(app: Flask) -> None:
    """Let the practice ask everybody for a second factor."""
    with app.app_context():
        caller_in(app, make.clock())
        practice = practices.practice_of(db.session(), make.PRACTICE_ID)
        practices.save_practice(db.session(), practice.id, replace(practice, second_factor=True))
        db.session.commit()


def show_password(client: FlaskClient, person: Person, password: str | None = None, next_path: str = ""):
    """Send address and password. Returns the answer."""
    form = {"email": person.email, "password": password or person.password, "csrf_token": token_of(client)}
    return client.post(f"/sign-in?next={next_path}" if next_path else "/sign-in", data=form)


def show_code(client: FlaskClient, code: str):
    """Send a code on the page of the second step. Returns the answer."""
    return client.post("/sign-in/factor", data={"code": code, "csrf_token": token_of(client, "/sign-in/factor")})


def is_signed_in(client: FlaskClient) -> bool:
    """Say whether a browser is signed in."""
    return client.get("/keys").status_code == 200
