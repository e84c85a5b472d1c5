"""An evening before a day, told as a person's task: plans are asked in one batch, and what they answer turns visits."""

import io
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from app.authorizations import store as authorization_store
from app.coverage.store import coverages as coverage_store
from app.eligibility.facts.asking import Route
from app.eligibility.jobs.asking import ask_payers
from app.eligibility.jobs.sentinel import watch_plans
from app.eligibility.store import asking as asking_store
from app.gateways.clearinghouse.folder import FolderClearinghouse
from app.gateways.clearinghouse.settings import ClearinghouseSettings
from app.gateways.facts import Gateways
from app.mailroom.jobs.incoming import take_incoming
from app.platform.caller import Caller
from app.platform.changes import Changed, announce, announced
from app.platform.db import db
from app.practice.actions import staff as people
from app.practice.facts.staff import Role
from app.standards.x12.eligibility.questions import read_270
from app.standards.x12.reader import transactions
from tests.support import make
from tests.support.browsers import arrived
from tests.support.desk import PAYER, TODAY, Booking, Desk
from tests.support.edi import edi
from tests.support.walking import Walk
from tests.support.web import EMAIL, equipped

pytestmark = pytest.mark.browser
TOMORROW = TODAY + timedelta(days=1)
SAYS = {
    "Abara": ["EB*1**30**PPO GOLD"],
    "Brandt": ["EB*6**30"],
    "Castillo": ["REF*6P*G-2", "EB*1**30**PPO GOLD"],
}
"""What the plan answers about each of tomorrow's patients: active, inactive, and another group than before."""


class Evening:
    """A practice with tomorrow's visits, and a clearinghouse of two folders at whose other end the tests sit."""

    def __init__(self, app, clock, folder: Path) -> None:
        self.clock, self.out, self.back = clock, folder / "out", folder / "in"
        for one in (self.out, self.back):
            one.mkdir()
        own = ClearinghouseSettings("main", "CLINIC", "HOUSE", out=self.out, incoming=self.back)
        self.gateways = Gateways(clearinghouses={"main": FolderClearinghouse(own)})
        app.extensions["cleared_gateways"] = self.gateways
        self.caller = equipped(Caller(db.session(), make.PRACTICE_ID, clock, via="test"))
        self.caller.session.info["gateways"] = self.gateways
        desk = Desk(self.caller).furnish()
        hours = enumerate(SAYS, 8)
        desk.book(*(Booking(hour, last, "Robin", "approved", day=TOMORROW) for hour, last in hours))
        asking_store.save_route(self.caller.session, make.PRACTICE_ID, Route(PAYER, "60054"))
        self.caller.session.commit()
        self._in_groups()
        desk.imported().judge()
        self.password = people.add_staff(self.caller, EMAIL, "Kim Example", frozenset({Role.COORDINATOR}))

    def _in_groups(self) -> None:
        """Let coverages and approvals name a group."""
        with announced(self.caller) as session:
            patients = [make.an_id(10_000 + number) for number in range(1, len(SAYS) + 1)]
            covers = coverage_store.records_of(session, make.PRACTICE_ID, patients)
            of_group = [replace(one, group_number="G-1") for some in covers.values() for one in some]
            coverage_store.change_coverages(session, make.PRACTICE_ID, of_group)
            cases = authorization_store.records_of(session, make.PRACTICE_ID, patients)
            granted = [replace(one, group_number="G-1") for some in cases.values() for one in some]
            authorization_store.change_authorizations(session, make.PRACTICE_ID, granted, [])
            announce(session, Changed(frozenset(patients)))

    def plan_answers(self) -> int:
        """Send what waits; at the other end, answer every request of the one file. Returns how many there were."""
        ask_payers(self.caller)
        (file,) = self.out.glob("*.x12")
        asked = [one for sent in transactions(io.BytesIO(file.read_bytes())) for one in read_270(sent)["requests"]]
        lines = ["BHT*0022*11*ANSWER1*20260302*1800", "HL*1**20*1", "NM1*PR*2*ACME HEALTH*****PI*60054"]
        lines += ["HL*2*1*21*1", "NM1*1P*2*SAMPLE DERMATOLOGY*****XX*1003000126"]
        for number, one in enumerate(asked, 3):
            who = one["subscriber"]
            says = SAYS[who["last_name"].title()]
            lines += [f"HL*{number}*2*22*0", f"TRN*2*{one['trace'][0]}*9012345678"]
            lines += [f"NM1*IL*1*{who['last_name']}*{who['first_name']}****MI*{who['member_id']}"]
            lines += [*(line for line in says if line.startswith("REF")), "DMG*D8*19800517"]
            lines += [line for line in says if not line.startswith("REF")]
        answer = edi("\n".join(lines), set_id="271", version="005010X279A1", functional="HB")
        (self.back / "answers.x12").write_bytes(answer)
        long_ago = self.clock.now().timestamp() - 60
        os.utime(self.back / "answers.x12", (long_ago, long_ago))
        return len(asked)

    def jobs_run(self) -> None:
        """Let the jobs take in what came and watch the plans."""
        take_incoming(self.caller)
        watch_plans(self.caller)
        self.caller.session.rollback()


@pytest.fixture
def evening(web_app, web_clock, tmp_path):
    with web_app.app_context():
        yield Evening(web_app, web_clock, tmp_path)


def test_the_evening_before(chromium, served, evening, tmp_path):
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    walk = Walk(page, "evening", True, tmp_path)
    page.goto(served)
    walk.given("a coordinator who signs in").type("email", EMAIL).type("password", evening.password).press("Enter")
    arrived(page, "Today - Cleared")
    _ask(walk, page)
    assert evening.plan_answers() == len(SAYS)
    evening.jobs_run()
    _read(walk, page)
    page.goto(f"{served}/schedule?day={TOMORROW.isoformat()}")
    walk.then("the visit of the inactive plan is blocked, and says why", "Schedule")
    for last, words in (("Abara", "Cleared"), ("Brandt", "Blocked"), ("Castillo", "Blocked"), ("Brandt", "inactive")):
        expect(_row(page, last).get_by_text(words, exact=words != "inactive")).to_be_visible()
    page.goto(f"{served}/eligibility/changes")
    walk.then("the change of group is listed with its visit and a request", "Plan changes").says("Castillo")
    expect(page.get_by_text("Abara")).to_have_count(0)
    expect(page.get_by_text("Blocked").first).to_be_visible()
    context.close()


def _ask(walk, page):
    walk.when("she opens tomorrow's coverages").press("g", "e").then("all are active, as last asked", "Eligibility")
    expect(page.get_by_role("row").filter(has_text="The plan says active")).to_have_count(len(SAYS))
    walk.when("she asks about all of them").push("Tick all of this page").push("Check selected")
    walk.then("it is said how many are asked about", "Eligibility").says("3 coverages")


def _read(walk, page):
    walk.when("the plans have answered").press("g", "e").then("one is inactive", "Eligibility")
    expect(_row(page, "Brandt").get_by_text("The plan says inactive")).to_be_visible()
    expect(_row(page, "Castillo").get_by_text("group")).to_be_visible()


def _row(page, last):
    return page.get_by_role("row").filter(has_text=last)
