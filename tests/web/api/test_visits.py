"""The API's visits: the verdict of the contract, paged, only for tokens."""

import pytest
from flask import Flask

from app.clearance.actions.answering import Asking, clear_visits
from app.clearance.views.shapes import visit_shape
from app.platform.caller import Caller
from app.platform.clock import FixedClock
from app.platform.db import db
from tests.support import make
from tests.support.desk import DAY, TODAY, Desk
from tests.support.web import equipped
from tests.web.api.support import program


@pytest.fixture
def desk(web_app: Flask, web_clock: FixedClock) -> None:
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
        desk = Desk(caller).furnish()
        desk.book(*DAY)
        desk.imported().judge()


def test_a_verdict_is_that_which_the_command_line_prints(web_app: Flask, web_clock: FixedClock, desk: None) -> None:
    answer = program(web_app, web_clock).get("/visits", **{"from": TODAY, "to": TODAY})
    assert answer.status_code == 200, answer.text
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
        printed = [visit_shape(one) for one in clear_visits(caller, Asking(TODAY, TODAY))]
    found = sorted(
        (one["verdict"] for one in answer.json["items"]), key=lambda one: (one["starts_at"], one["visit_id"])
    )
    assert len(found) == len(DAY)
    assert found == printed
