"""A program that asks the API with a token."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from app.api.actions.tokens import make_token
from app.api.facts.tokens import ApiScope, Token
from app.platform.caller import Caller
from app.platform.clock import FixedClock
from app.platform.db import db
from app.platform.wall import of_practice
from tests.support import make
from tests.support.web import equipped

_numbers = count(1)
EVERY = frozenset(ApiScope)


@dataclass
class Program:
    """One program with its token."""

    client: FlaskClient
    token: Token
    secret: str

    def headers(self, more: dict[str, str] | None = None) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}"} | (more or {})

    def get(self, address: str, **query: Any) -> TestResponse:
        return self.client.get(f"/api/v1{address}", query_string=query, headers=self.headers())

    def post(self, address: str, body: Any, key: str | None = None, **headers: str) -> TestResponse:
        return self.send("POST", address, body, key, **headers)

    def send(self, method: str, address: str, body: Any, key: str | None = None, **headers: str) -> TestResponse:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        given |= {"Idempotency-Key": key} if key is not None else {}
        return self.client.open(f"/api/v1{address}", method=method, json=body, headers=self.headers(given))


def a_key() -> str:
    """A fresh Idempotency-Key."""
    return f"test-key-{next(_numbers):012}"


def program(
    app: Flask,
    clock: FixedClock,
    scopes: Collection[ApiScope] = EVERY,
    sites: Collection[UUID] | None = None,
    per_minute: int = 3000,
    practice_id: UUID = make.PRACTICE_ID,
    name: str | None = None,
) -> Program:
    """Make a token, and a program that asks with it."""
    with app.app_context():
        caller = equipped(Caller(db.session(), practice_id, clock, via="test"))
        expires = clock.now() + timedelta(days=30)
        made = make_token(caller, name or f"program-{next(_numbers)}", scopes, sites, expires, per_minute)
    return Program(app.test_client(), *made)


def ids_on_file(asks: Program) -> dict[str, list[str]]:
    """Ids that are on file, by the name that they have in addresses."""
    visits = asks.get("/visits", **{"from": "2026-03-02", "to": "2026-03-02"}).json["items"]
    patients = [one["patient_id"] for one in visits]
    approvals = [one["id"] for one in asks.get("/authorizations").json["items"]]
    coverages = [asks.get(f"/patients/{one}/coverages").json["items"][0]["id"] for one in patients[:4]]
    return {
        "visit_id": [one["id"] for one in visits],
        "patient_id": patients[:4],
        "coverage_id": coverages,
        "authorization_id": approvals,
    }


def rows(app: Flask, statement: str) -> list[Any]:
    """What is on file at the practice of the tests, by a statement of SQL."""
    with app.app_context():
        session = of_practice(db.session(), make.PRACTICE_ID)
        return list(session.execute(text(statement)).all())
