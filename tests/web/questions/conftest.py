"""Fixtures of the pages of questions."""

import pytest

from app.platform.caller import Caller
from app.platform.db import db
from app.web.wiring import wire
from tests.support import make
from tests.support.desk import Desk
from tests.support.web import equipped


@pytest.fixture
def desk(web_app, web_clock):
    """A practice with sites, people and a payer, and nobody booked yet."""
    wire()
    with web_app.app_context():
        yield Desk(equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))).furnish()
