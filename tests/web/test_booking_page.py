"""The gate at booking: class with its source, the one missing fact, estimates with consents, and Medicare's notice."""

import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest

from app.booking import store
from app.booking.facts.papers import PaperState
from app.coverage.facts import CheckResult, CoverageRecord
from app.coverage.store import coverages as coverage_store
from app.platform.caller import Caller
from app.platform.db import db
from app.practice.facts.staff import Role
from app.schedule import store as schedule_store
from app.schedule.facts import BillTo, LineSource, VisitRecord
from app.values.insurance import Rank
from tests.support import make
from tests.support.desk import PAYER, PAYER_NAME, Booking, Desk
from tests.support.web import equipped, token_of

OFFICE = Booking(10, "Fontaine", "Claire", "office")


@pytest.fixture
def desk(web_app, web_clock):
    """A practice with sites, people and a payer, and nobody booked yet."""
    with web_app.app_context():
        yield Desk(equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))).furnish()


def planned(desk, *services, line=None):
    """Book a visit with services, each a code and its diagnoses. `line`: the line of business of its coverage."""
    (visit,) = desk.book(OFFICE)
    found = schedule_store.visits_by_ids(desk.session, desk.practice_id, [visit])[visit]
    (record,) = schedule_store.records(desk.session, desk.practice_id, [found.reference]).values()
    (first,) = record.visit.lines
    booked = [
        replace(first, id=make.an_id(90_000 + place), position=place, code=code, diagnoses=diagnoses)
        for place, (code, *diagnoses) in enumerate(services)
    ]
    lines = tuple(replace(one, diagnoses=tuple(one.diagnoses)) for one in booked)
    sources = tuple(LineSource(place) for place in range(len(lines)))
    changed = VisitRecord(replace(record.visit, lines=lines), sources)
    schedule_store.change_visits(desk.session, desk.practice_id, [changed])
    if line is not None:
        coverage = CoverageRecord(
            make.an_id(91_000), found.patient_id, Rank.PRIMARY, PAYER, PAYER_NAME, "W1", begins=date(2026, 2, 1),
            line=line, checked_on=date(2026, 3, 1), result=CheckResult.ACTIVE, source="271",
        )  # fmt: skip
        coverage_store.add_coverages(desk.session, desk.practice_id, [coverage])
    desk.session.commit()
    return visit


def plain(page):
    """Read a page's text without its marks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def hidden_of(page, name):
    """Read a hidden field of the page's first form that has it."""
    return re.search(rf'name="{name}" value="([^"]*)"', page.text)[1]


def prepared(client, visit, kind="consent", **more):
    """Prepare a paper for one service, and return the address of its page."""
    form = client.get(f"/visits/{visit}/booking/prepare?kind={kind}")
    data = {
        "csrf_token": hidden_of(form, "csrf_token"),
        "key": hidden_of(form, "key"),
        "version": hidden_of(form, "version"),
        "kind": kind,
        "services": hidden_of(form, "services"),
        "words-0": "Peel of the face",
        "amount-0": "1,250.50",
        "valid_until": "t+30",
        "language": "es",
        **more,
    }
    return client.post(f"/visits/{visit}/booking/prepare", data=data)


def lines_of(desk, visit):
    """The lines of a visit as they are on file."""
    desk.session.rollback()
    return schedule_store.visits_by_ids(desk.session, desk.practice_id, [visit])[visit].lines


def test_a_cosmetic_line_stays_blocked_until_the_consent_is_signed_and_comes_back_with_undo(desk, sign_in):
    visit = planned(desk, ("15788", "L81.1"))
    client = sign_in(Role.SCHEDULER)
    words = plain(client.get(f"/visits/{visit}/booking"))
    assert "Cosmetic. 15788" in words
    assert "Service grid, Age spot or melasma treatment: cosmetic." in words
    assert "1 cosmetic service without a signed consent. Until then this part stays blocked." in words
    answer = prepared(client, visit)
    assert answer.status_code == 303
    address = answer.headers["Location"]
    page = client.get(address)
    assert "Estimate and consent" in plain(page) and "$1,250.50" in plain(page)
    assert lines_of(desk, visit)[0].bill_to is BillTo.INSURANCE
    spanish = plain(client.get(f"{address}/print"))
    assert "Presupuesto y consentimiento de pago" in spanish and "Peel of the face (15788) $1,250.50" in spanish
    signed = client.post(
        f"{address}/step",
        data={
            "csrf_token": token_of(client, address),
            "do": "sign",
            "version": hidden_of(page, "version"),
            "signed_by": "Claire Fontaine",
            "signed_on": "t",
        },
    )
    assert signed.status_code == 303
    assert lines_of(desk, visit)[0].bill_to is BillTo.SELF_PAY
    gate = plain(client.get(f"/visits/{visit}/booking"))
    assert "Self-pay" in gate and "Signed on 03/02/2026" in gate
    undo = re.search(r'action="(/booking/papers/[^"]+/back[^"]*)"', client.get(address).text)[1]
    (paper,) = store.of_visit(desk.session, desk.practice_id, visit)
    client.post(unescape(undo), data={"csrf_token": token_of(client, address), "version": paper.version})
    assert lines_of(desk, visit)[0].bill_to is BillTo.INSURANCE
    (paper,) = store.of_visit(desk.session, desk.practice_id, visit)
    assert (paper.state, paper.signed_by) == (PaperState.OPEN, None)
