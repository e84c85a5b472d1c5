"""A desk, people beside the one who is signed in, and the forms of the list as a browser sends them."""

import re
from html import unescape
from uuid import UUID

import pytest

from app.platform.caller import Caller
from app.platform.db import db
from app.platform.ids import new_id
from app.practice.facts.staff import Role, Staff
from app.practice.store import staff as practice_store
from tests.support import make
from tests.support.desk import Desk
from tests.support.web import TOKEN, equipped

LEE, PAT = make.an_id(901), make.an_id(902)
TICK = re.compile(r'name="tick" value="([0-9a-f-]{36})\.(\d+)"')


@pytest.fixture
def desk(web_app, web_clock):
    """A practice with sites, people, a payer, and two coordinators beside whoever signs in; nobody booked yet."""
    with web_app.app_context():
        made = Desk(equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))).furnish()
        for person, name in ((LEE, "Lee Example"), (PAT, "Pat Example")):
            staff = Staff(person, make.PRACTICE_ID, f"{name[:3]}@example.test", name, frozenset({Role.COORDINATOR}))
            practice_store.add_staff(made.session, made.practice_id, staff, "not a hash")
        made.session.commit()
        yield made


def plain(page):
    """Read a page's text without its marks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def ticks_of(page):
    """Read the ticks that a list offers, by visit."""
    return {UUID(visit): f"{visit}.{version}" for visit, version in TICK.findall(page.text)}


def post(browser, address, **fields):
    """Send a form with a token."""
    token = TOKEN.search(browser.get("/schedule").text).group(1)
    return browser.post(address, data={"csrf_token": token, **fields})


def undo_of(page):
    """Read where the Undo of a page's notice leads."""
    return unescape(re.search(r'<form[^>]*action="([^"]+/undo[^"]*)"', page.text).group(1))


def me_of(desk, email="kim@example.test"):
    """Find the id of whoever signed in."""
    desk.session.rollback()
    return next(one.id for one in practice_store.staff_of(desk.session, desk.practice_id) if one.email == email)


def once():
    """Make the id of a form."""
    return str(new_id())
