"""A practice whose payer asks criteria, with a request under way."""

from datetime import date

import pytest

from app.authorizations import store as authorization_store
from app.authorizations.facts import AuthorizationRecord, Kind, Status
from app.platform.caller import Caller
from app.platform.db import db
from app.policies.actions.library import refresh_rules
from tests.support import make
from tests.support.desk import PAYER_NAME, Booking, Desk
from tests.support.web import equipped
from tests.web.casework.support import patient_id

CASE = make.an_id(60_500)
PAYER_FILE = f"""
schema: payer/1
payer: {{id: acme, name: {PAYER_NAME}, kind: commercial}}
products:
  med: {{name: Medical, line: commercial, benefit: medical}}
read_on: 2026-02-01
"""
RULES = """
schema: rules/1
payer: acme
read_on: 2026-02-01
sources:
  s: {title: "Acme dupilumab policy", url: "https://acme.example/dupilumab", kind: primary}
rules:
  - id: dupixent
    product: med
    service: drug:dupixent
    summary: "Atopic dermatitis, moderate to severe"
    approval: required
    coverage: criteria
    from: unknown
    confidence: seen
    source: s
    codes: ["J3590"]
    criteria:
      all:
        - age: {gte: 6, unit: year}
        - diagnosis: {any_of: [L20.*]}
        - bsa_percent: {gte: 10}
        - trial: {of: [tcs], count: 1, accept: [inadequate_response, intolerance], min_duration: 4 weeks}
        - documented: other causes evaluated
        - not_combined_with: [biologic]
    renewal_criteria:
      response: {measures: [EASI], at_least: 1}
    documents: [chart note of the last 6 months]
"""


@pytest.fixture
def desk(web_app, web_clock, tmp_path):
    """A furnished practice whose payer asks criteria for one drug, and a patient with a draft for it."""
    with web_app.app_context():
        yield asking_desk(web_clock, tmp_path)


def asking_desk(clock, folder) -> Desk:
    """Furnish the practice inside the application that is open; its rules lie in a folder."""
    directory = folder / "rules" / "acme"
    directory.mkdir(parents=True)
    (directory / "payer.yaml").write_text(PAYER_FILE)
    (directory / "dupilumab.yaml").write_text(RULES)
    desk = Desk(equipped(Caller(db.session(), make.PRACTICE_ID, clock, via="test"))).furnish()
    refresh_rules(desk.caller, folder / "rules")
    desk.book(Booking(8, "Dubois", "Henri", "office"))
    request(desk)
    return desk


def request(desk: Desk, number: int = 500, **said) -> AuthorizationRecord:
    """Put a request for the drug on file."""
    values = {
        "id": make.an_id(60_000 + number),
        "patient_id": patient_id(),
        "natural_key": f"D{number}",
        "payer": "acme",
        "payer_name": PAYER_NAME,
        "status": Status.DRAFT,
        "raw_status": "draft",
        "kind": Kind.INITIAL,
        "drug": "drug:dupixent",
        "diagnoses": ("L20.9",),
        "begins": date(2026, 3, 20),
    } | said
    row = AuthorizationRecord(**values)
    authorization_store.add_authorizations(desk.session, desk.practice_id, [row], [])
    desk.session.commit()
    return row
