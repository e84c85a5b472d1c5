"""The API answers as it is described, whatever a token of each kind sends (schemathesis, in this process)."""

import time

import pytest
from flask import Flask

from app.platform.caller import Caller
from app.platform.clock import FixedClock
from app.platform.db import db
from tests.drills.api_contract import ROLES, answer_of, try_role
from tests.drills.api_trying import PLANTS, drill
from tests.support import make
from tests.support.desk import DAY, Desk
from tests.support.web import equipped
from tests.web.api.support import ids_on_file, program

EXAMPLES = 3
"""Requests that fit, and as many that do not, of each operation; `scripts/drill api` asks many more."""


@pytest.fixture
def furnished(web_app: Flask, web_clock: FixedClock) -> None:
    with web_app.app_context():
        desk = Desk(equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))).furnish()
        desk.book(*DAY)
        desk.imported().judge()


KINDS = [("sqlite", role) for role in sorted(ROLES)] + [("postgresql", "everything")]


@pytest.mark.parametrize(("database_url", "role"), KINDS, indirect=["database_url"])
def test_every_operation_answers_as_described(
    web_app: Flask, web_clock: FixedClock, furnished: None, role: str
) -> None:
    began = time.monotonic()
    ids = ids_on_file(program(web_app, web_clock))
    asks = program(web_app, web_clock, ROLES[role], per_minute=100_000)
    tally = try_role(web_app, asks.secret, ids, EXAMPLES, dice=20260302)
    answer = answer_of({role: tally}, began)
    assert not answer["faults"], "\n".join(f"{key} {words}" for key, words in answer["faults"].items())
    assert answer["passed"]
    assert {200, 404, 422} & set(tally.statuses)
    assert (403 in tally.statuses) == (role != "everything")


@pytest.mark.parametrize("plant", PLANTS)
def test_a_planted_fault_is_found(plant: str) -> None:
    answer = drill(2, 1, "sqlite", plant, ("watcher",))
    assert not answer["passed"]
    assert answer["violations"]
    assert bool(answer["server_errors"]) == (plant == "breaks")
