"""A coordinator sends a request to a payer's system, asks where it stands, and the payer tells of its decision."""

import json
from uuid import UUID

import httpx
import pytest
from playwright.sync_api import expect

from app.gateways.facts import Gateways
from app.gateways.pas.https import PasHttps
from app.gateways.pas.settings import PasSettings
from app.platform.caller import Caller
from app.platform.db import db
from app.practice.actions import staff as actions
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.browsers import faults_of
from tests.support.desk import PAYER, Desk
from tests.support.pas import notification, written
from tests.support.pas_cases import CASE, SECRET, case_of, ready_case, said
from tests.support.pas_server import pas_server
from tests.support.web import EMAIL, equipped

__all__ = ["pas_server"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("page", [True], indirect=True, ids=["script"]),
]


@pytest.fixture
def desk(web_app, web_clock, pas_server):
    """A practice with a case that is ready to go to a payer's system on this machine."""
    own = PasSettings("main", f"{pas_server.url}/fhir", frozenset({PAYER}), "9012345", token="t", hook_secret=SECRET)
    web_app.extensions["cleared_gateways"] = Gateways(pas={"main": PasHttps(own)})
    with web_app.app_context():
        desk = Desk(equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))).furnish()
        ready_case(desk)
        yield desk


@pytest.fixture
def password(desk):
    """A coordinator may sign in."""
    return actions.add_staff(desk.caller, EMAIL, "Kim Example", frozenset({Role.COORDINATOR}))


def test_a_request_goes_to_the_payer_and_its_decision_comes_by_itself(page, served, password, desk, pas_server):
    member = case_of(desk.caller)[0].member_id
    page.goto(f"{served}/cases/{CASE}")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Send to the payer now").press("Enter")
    expect(page.get_by_text("The payer answered without a decision")).to_be_visible()
    key = UUID(hex=_trace(pas_server))
    pas_server.answer = written(said(key, member, "A4"))
    page.get_by_role("button", name="Ask the payer now").press("Enter")
    expect(page.get_by_text("The payer answered. What it says stands on the case.")).to_be_visible()
    assert faults_of(page) == []
    told = written(notification(said(key, member)))
    headers = {"Authorization": f"Bearer {SECRET}", "Content-Type": "application/fhir+json"}
    heard = httpx.post(f"{served}/hooks/pas/main", content=told, headers=headers, timeout=60)
    assert heard.status_code == 202
    page.reload()
    expect(page.get_by_text("AUTH-77").first).to_be_visible()
    expect(page.get_by_role("button", name="Ask the payer now")).to_have_count(0)


def _trace(server):
    """The trace of the one request that the payer has."""
    (body,) = [body for name, body in server.taken if name == "$submit"]
    return json.loads(body)["entry"][0]["resource"]["identifier"][0]["value"]
