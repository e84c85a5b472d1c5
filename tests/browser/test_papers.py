"""A coordinator adds the chart note, writes the letter and makes the packet; every page is accessible at three widths.

With `PICTURES` set, screenshots go to the test's own folder; the packet always does.
"""

import hashlib
import io
import re

import pypdf
import pytest
from playwright.sync_api import expect

from app.platform.caller import Caller
from app.platform.db import db
from app.policies.actions.library import refresh_rules
from app.practice.actions import staff as actions
from app.practice.facts.staff import Role
from tests.browser.test_pages import too_wide
from tests.support import make, papers
from tests.support.browsers import arrived, faults_of
from tests.support.desk import Booking, Desk
from tests.support.web import EMAIL, equipped
from tests.web.clinical.conftest import CASE, PAYER_FILE, RULES, request
from tests.web.clinical.test_criteria import a_note, fill_chart

pytestmark = pytest.mark.browser
CODE = f"A-{CASE.hex[-6:].upper()}"
SCAN = papers.pdf("Visit of 02/20/2026", "BSA 12 percent, topical steroids failed")
BLANK = papers.pdf("Acme prior authorization form", change=papers.with_form("Patient", "Born", "Drug"))
FORMS = f"""
forms:
  - id: biologics
    title: Acme form for biologics
    sha256: {hashlib.sha256(BLANK).hexdigest()}
    pages: 1
    fields: {{Patient: patient_name, Born: patient_birth_date, Drug: drug}}
"""


@pytest.fixture
def password(web_app, web_clock, tmp_path):
    """A coordinator's password, and a draft for a drug whose criteria are proven by a note on file."""
    directory = tmp_path / "rules" / "acme"
    directory.mkdir(parents=True)
    (directory / "payer.yaml").write_text(PAYER_FILE + FORMS)
    (directory / "dupilumab.yaml").write_text(RULES)
    with web_app.app_context():
        desk = Desk(equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))).furnish()
        refresh_rules(desk.caller, tmp_path / "rules")
        desk.book(Booking(8, "Dubois", "Henri", "office"))
        request(desk)
        a_note(desk)
        fill_chart(desk)
        return actions.add_staff(desk.caller, EMAIL, "Kim Example", frozenset({Role.COORDINATOR}))


class Walk:
    """One browser; looks at each page that it comes to at three widths."""

    def __init__(self, chromium, served, folder):
        self.page = chromium.new_page()
        self.served, self.folder = served, folder
        self.faults: dict[str, list[str]] = {}

    def look(self, name):
        """Note what of a page is not accessible, or wider than the screen."""
        for width in (320, 390, 1280):
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.screenshot(path=self.folder / f"{name}-{width}.png", full_page=True)
            found = faults_of(self.page) + (["wider than the screen"] if too_wide(self.page) else [])
            self.faults |= {f"{name} at {width}": found} if found else {}

    def press(self, name):
        """Press a button."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def sign_in(self, password):
        """Sign in, and open the documents of the case."""
        self.page.goto(self.served)
        self.page.get_by_label("E-mail address").fill(EMAIL)
        self.page.get_by_label("Password").fill(password)
        self.press("Sign in")
        arrived(self.page, "Today - Cleared")
        self.page.goto(f"{self.served}/cases/{CASE}/documents")

    def add_note(self):
        """Add the chart note; a form without a file comes back."""
        self.press("Add document")
        arrived(self.page, f"Error: Documents of case {CODE} - Cleared")
        self.look("refused")
        self.page.get_by_label("File", exact=True).set_input_files(upload("Visit.pdf", SCAN))
        self.page.get_by_label("Kind").select_option("Chart note")
        self.page.get_by_label("Date on the document").fill("2/20")
        self.press("Add document")
        expect(self.page.get_by_text("Document added to the case.")).to_be_visible()
        self.look("documents")

    def write_letter(self):
        """Save the letter as the program wrote it from the facts."""
        self.page.get_by_role("link", name="Write Letter of medical necessity").click()
        expect(self.page.get_by_label("Letter")).to_have_value(re.compile("Your criteria are met as follows"))
        self.look("letter")
        self.press("Save letter")

    def make_packet(self):
        """Make the packet with the payer's form, whose blank file is asked for. Returns its PDF."""
        self.page.get_by_role("link", name="Make the packet").click()
        self.page.get_by_label("Fax number").fill("800-555-0100")
        self.page.get_by_label("Form of the payer").select_option("Acme form for biologics")
        self.press("Make the packet")
        expect(self.page.get_by_role("link", name="Choose the blank form")).to_be_visible()
        self.look("packet")
        self.page.get_by_label("Blank form").set_input_files(upload("form.pdf", BLANK))
        self.press("Make the packet")
        expect(self.page.get_by_text("Packet made: 7 pages.")).to_be_visible()
        self.look("made")
        with self.page.expect_download() as download:
            self.page.get_by_role("link", name=f"Request packet {CODE}", exact=True).click()
        packet = self.folder / "packet.pdf"
        download.value.save_as(packet)
        return packet.read_bytes()


def upload(name, content):
    """A file as a person chooses it."""
    return {"name": name, "mimeType": "application/pdf", "buffer": content}


def test_a_packet_is_made_from_documents_letter_and_form(chromium, served, password, tmp_path):
    walk = Walk(chromium, served, tmp_path)
    walk.sign_in(password)
    walk.add_note()
    walk.write_letter()
    reader = pypdf.PdfReader(io.BytesIO(walk.make_packet()))
    walk.page.close()
    words = " ".join(" ".join(one.extract_text() for one in reader.pages).split())
    met = "At least 10% of the body surface is affected"
    for said in ("Dubois, Henri", met, "Document 1 of 2: Acme form for biologics", "Dupixent"):
        assert said in words
    assert walk.faults == {}
