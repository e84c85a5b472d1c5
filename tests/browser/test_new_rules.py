"""Two people put new payer rules in force, after they saw which visits change, and one takes them back."""

import re

import pytest
from playwright.sync_api import expect

from app.platform.caller import Caller
from app.platform.db import db
from app.policies.actions.library import refresh_rules
from app.practice.actions import staff as actions
from app.practice.facts.staff import Role
from tests.support import desk as desks
from tests.support import make
from tests.support.browsers import arrived, faults_of
from tests.support.desk import Booking, Desk
from tests.support.web import equipped

pytestmark = pytest.mark.browser
ADA, BEN = "ada@example.test", "ben@example.test"
PAYER_FILE = """
schema: payer/1
payer: {id: acme, name: Acme Health, kind: commercial}
products:
  med: {name: Medical, line: commercial, benefit: medical}
read_on: 2026-02-01
"""
RULE = """
  - id: ID
    product: med
    service: SERVICE
    summary: "SUMMARY"
    approval: not_required
    coverage: covered
    from: unknown
    confidence: seen
    source: s
    codes: ["CODES"]
"""
RULES = """
schema: rules/1
payer: acme
read_on: 2026-02-01
sources:
  s: {title: "Acme list", url: "https://acme.example/list", kind: primary}
rules:
"""


@pytest.fixture
def people(web_app, web_clock, tmp_path, monkeypatch):
    """Rules that wait: they ask approval for biopsies, which are booked. Gives two people's passwords."""
    monkeypatch.setattr(desks, "PAYER", "acme")
    folder = tmp_path / "our rules"
    (folder / "acme").mkdir(parents=True)
    (folder / "acme" / "payer.yaml").write_text(PAYER_FILE)
    file = folder / "acme" / "minor.yaml"
    biopsy = RULE.replace("ID", "biopsy").replace("SERVICE", "biopsy").replace("CODES", "11102")
    light = RULE.replace("ID", "light").replace("SERVICE", "phototherapy").replace("CODES", "96910")
    text = RULES + biopsy.replace("SUMMARY", "Biopsy") + light.replace("SUMMARY", "Light therapy")
    file.write_text(text)
    with web_app.app_context():
        desk = Desk(equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))).furnish()
        refresh_rules(desk.caller, folder)
        desk.book(Booking(9, "Abbott", "Lena", "unknown"), Booking(10, "Kowalski", "Ewa-Katarzyna", "unknown"))
        desk.imported().judge()
        file.write_text(text.replace("approval: not_required", "approval: required"))
        refresh_rules(desk.caller, folder)
        made = (ADA, "Ada Example", Role.COORDINATOR), (BEN, "Ben Example", Role.MANAGER)
        return {email: actions.add_staff(desk.caller, email, name, frozenset({role})) for email, name, role in made}


class Person:
    """One person at one browser; looks at each page that matters on a narrow and a wide screen."""

    def __init__(self, chromium, served, folder, email, password):
        self.page = chromium.new_context().new_page()
        self.served, self.folder = served, folder
        self.faults: dict[str, list[str]] = {}
        self.page.goto(served)
        self.page.get_by_label("E-mail address").fill(email)
        self.page.get_by_label("Password").fill(password)
        self.press("Sign in")
        arrived(self.page, "Today - Cleared")

    def press(self, name):
        self.page.get_by_role("button", name=name, exact=True).click()

    def follow(self, name):
        self.page.get_by_role("link", name=name).first.click()

    def see(self, words):
        expect(self.page.get_by_text(words).first).to_be_visible()

    def look(self, name):
        """Note what of a page is not accessible, or wider than the screen."""
        for width in (320, 1280):
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.screenshot(path=self.folder / f"{name}-{width}.png", full_page=True)
            wide = self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
            found = faults_of(self.page) + (["wider than the screen"] if wide else [])
            self.faults |= {f"{name} at {width}": found} if found else {}


def test_two_people_put_new_rules_in_force_and_one_takes_them_back(chromium, served, people, tmp_path):
    ada = Person(chromium, served, tmp_path, ADA, people[ADA])
    ada.see("New payer rules wait for you to look at them.")
    ada.follow("New rules")
    ada.follow(re.compile("^Rules [0-9a-f]{12}$"))
    ada.see("11102: was not required, is required")
    ada.look("proposal")
    ada.follow("See which visits would change, and ask for them")
    ada.see("2 booked visits and 0 open cases would stand otherwise")
    ada.look("impact")
    ada.press("Ask for activation")
    ada.see("It is asked for. Another person who may change rules can accept it now.")
    ben = Person(chromium, served, tmp_path, BEN, people[BEN])
    ben.page.goto(ada.page.url)
    ben.follow("See which visits would change, and accept them")
    ben.press("Accept: put them in force")
    ben.see("The new rules are in force. 2 visits have another answer now.")
    ben.look("accepted")
    ben.press("Put the former rules back in force")
    ben.see("The former rules are in force again. 2 visits have another answer now.")
    ben.page.get_by_role("link", name=re.compile("^Rules ")).first.click()
    ben.see("Put back by Ben Example.")
    assert ada.faults | ben.faults == {}
