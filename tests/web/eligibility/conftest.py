"""What tests of the eligibility pages stand on."""

import pytest

from app.platform.caller import Caller
from app.platform.db import db
from tests.support import make
from tests.support.desk import Desk
from tests.support.web import equipped


@pytest.fixture
def desk(web_app, web_clock):
    """A practice with sites, people and a payer, and nobody booked yet."""
    with web_app.app_context():
        yield Desk(equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))).furnish()
