"""The schedule page: which visits of some days can go ahead?"""

import pytest

from app.platform.caller import Caller
from app.platform.db import db
from app.practice.facts import Role
from tests.support import make
from tests.support.desk import DAY, Desk
from tests.support.web import equipped


@pytest.fixture
def desk(web_app, web_clock):
    """A practice with sites, people and a payer, and nobody booked yet."""
    with web_app.app_context():
        yield Desk(equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))).furnish()


def test_the_day_shows_each_visit_with_badge_and_reason(desk, sign_in):
    desk.book(*DAY)
    desk.imported().judge()
    page = sign_in(Role.SCHEDULER).get("/schedule")
    assert page.status_code == 200
    open("/tmp/schedule.html", "w").write(page.text)
