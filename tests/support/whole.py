"""The whole program on a filled practice: every address of the table of doors with ids that are there."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid5

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, inspect, text
from werkzeug.routing import Rule

from app import create_app
from app.platform.caller import Caller
from app.platform.clock import FixedClock
from app.platform.db import db
from app.practice.actions import staff as actions
from app.practice.facts.staff import Role
from app.practice.store import practice as practices
from app.web.doors import Door, Doors
from app.web.objects import KINDS, Row
from app.web.sample.tour import STORIES
from app.web.sampling import fill_sample
from config import load
from tests.support import make
from tests.support.web import Browser, equipped, token_of, write_keys

NOBODYS = uuid5(UUID(int=0), "nobody's")
TABLES = {"alert": "alert", "answer": "patient_answer", "own form": "kept_form", "printed list": "printed_list"}
"""Where a row of a kind is found that is not simply a row of its table."""
WORDS = {"filename": "css/tracker.css", "payer": "aetna", "reference": "x", "code": "x", "name": "payers"}
LEFT_BY_READING = (
    "audit_",  # who saw what is written down
    "staff_session",  # when a browser was last seen
    "job_run",
    "sign_in_",  # counts of tries
)
"""Beginnings of the names of tables in which reading leaves a trace, as it must."""


@dataclass(frozen=True)
class Whole:
    """A program on a filled practice of its own."""

    app: Flask
    clock: FixedClock

    def enter(self, *roles: Role, email: str = "whole@example.test") -> FlaskClient:
        """Make a person with these roles and sign in. Returns the browser."""
        with self.app.app_context():
            caller = equipped(Caller(db.session(), make.PRACTICE_ID, self.clock, via="test"))
            password = actions.add_staff(caller, email, "Whole Example", frozenset(roles))
        browser = self.app.test_client()
        form = {"email": email, "password": password, "csrf_token": token_of(browser)}
        answer = browser.post("/sign-in", data=form)
        assert answer.status_code == 302, answer.text
        return browser

    def doors(self, *methods: str) -> list[tuple[Door, str]]:
        """Every row of the table with one of these methods, and its address with ids that are there."""
        table: Doors = self.app.extensions["cleared_doors"]
        rules = {rule.rule: rule for rule in self.app.url_map.iter_rules()}
        with self.app.app_context():
            rows = [door for (method, _), door in sorted(table.rows.items()) if method in methods]
            return [(door, self._address(rules[door.address], door)) for door in rows]

    def _address(self, rule: Rule, door: Door) -> str:
        values: dict[str, Any] = {}
        wanted: Any = None
        for name, kind in reversed(door.objects):
            values[name] = wanted or _some(kind, name)
            row = KINDS.get(kind)
            of = row.of if isinstance(row, Row) else None
            wanted = _value(f'SELECT "{of}" FROM "{row.table}" WHERE id = :id', id=values[name]) if of else None
        for name, converter in rule._converters.items():
            if name not in values:
                values[name] = min(getattr(converter, "items", {"x"}))
        built: tuple[str, str] | None = rule.build(values)
        assert built is not None, door
        return built[1]

    def digest(self) -> dict[str, str]:
        """A digest of every table but those in which reading leaves its trace."""
        with self.app.app_context(), db.engine.connect() as connection:
            names = [name for name in inspect(connection).get_table_names() if not name.startswith(LEFT_BY_READING)]
            return {
                name: hashlib.sha256(
                    "\n".join(sorted(map(repr, connection.execute(text(f'SELECT * FROM "{name}"'))))).encode()
                ).hexdigest()
                for name in names
            }


def _some(kind: str, name: str) -> Any:
    row = KINDS.get(kind)
    table = row.table if isinstance(row, Row) else TABLES.get(kind)
    if table is None:
        return WORDS.get(name, NOBODYS)
    return _value(f'SELECT id FROM "{table}" WHERE practice_id = :practice LIMIT 1', practice=make.PRACTICE_ID)


def _value(statement: str, **named: Any) -> UUID:
    with db.engine.connect() as connection:
        given: Mapping[str, Any] = {
            name: value.bytes if isinstance(value, UUID) else value for name, value in named.items()
        }
        found = connection.execute(text(statement), given).scalar()
    return NOBODYS if found is None else UUID(bytes=bytes(found))


@contextmanager
def whole_program(folder: Path, **settings: str) -> Iterator[Whole]:
    """A program on an SQLite database of its own, whose practice is the sample, filled with its stories."""
    write_keys(folder / "keys.json")
    given = {"CLEARED_HOME": str(folder), "DATABASE_URL": f"sqlite:///{folder}/whole.sqlite"}
    clock = make.clock()
    if _FILLED:
        (folder / "whole.sqlite").write_bytes(_FILLED[0])
    app = create_app(load({**given, "PUBLIC_BASE_URL": "http://localhost", **settings}), clock)
    app.test_client_class = Browser
    opened: list[Any] = []
    with app.app_context():
        event.listen(db.engine, "connect", lambda connection, _record: opened.append(connection))
        if not _FILLED:
            _fill(clock)
            _FILLED.append((folder / "whole.sqlite").read_bytes())
    yield Whole(app, clock)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    for connection in opened:  # a request that a browser broke off may still hold one
        connection.close()


_FILLED: list[bytes] = []
"""The database of the filled practice, once it was made: the next program begins with a copy."""


def _fill(clock: FixedClock) -> None:
    caller = equipped(Caller(db.session(), make.PRACTICE_ID, clock, via="test"))
    practices.save_practice(caller.session, make.PRACTICE_ID, replace(make.practice(), sample=True))
    caller.session.commit()
    with patch("app.web.sample.building.PEOPLE", len(STORIES)):
        assert fill_sample(caller)
    db.session.remove()
    db.engine.dispose()  # SQLite moves its log into the file when the last connection closes
