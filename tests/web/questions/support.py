"""A practice of which much is not known, for the pages of questions."""

import re
from dataclasses import replace
from datetime import date
from html import unescape

from app.authorizations import store as authorization_store
from app.authorizations.facts import AuthorizationEvent, AuthorizationRecord, Counting, Item, Status
from app.coverage.facts import NetworkAnswer
from app.coverage.store import coverages as coverage_store
from app.practice.store import practice as practice_store
from app.values.insurance import Known, Line, PlanKind
from tests.support import make
from tests.support.desk import PAYER, RIVERA, Booking

ROW = re.compile(r'<tr id="q-([0-9a-f-]{36})">(.*?)</tr>', re.DOTALL)
SENTENCE = re.compile(r'<th scope="row" class="asked">(.*?)</th>')
VISITS = re.compile(r'<td class="number" data-label="Visits">([\d,]+)</td>')
OPEN = (
    Booking(8, "Abbott", "Lena", "unknown"),
    Booking(8.5, "Bauer", "Otto", "unknown"),
    Booking(9, "Castillo", "Marisol", "unknown"),
    Booking(9.5, "Dubois", "Henri", "stale"),
    Booking(10, "Eriksen", "Astrid", "unmapped"),
    Booking(10.5, "Fontaine", "Claire", "unmapped"),
    Booking(11, "Greene", "Walter", "office"),
)
"""Three visits wait for a need, two for a visit type, one for a coverage, and one for nothing."""


ALL_KINDS = (
    *OPEN,
    Booking(11.5, "Haddad", "Samira", "needed"),
    Booking(12, "Ibarra", "Tomás", "office"),
    Booking(12.5, "Jensen", "Karl", "office"),
    Booking(13, "Kowalski", "Ewa", "needed"),
    Booking(13.5, "Lindqvist", "Per", "weak"),
    Booking(14, "Moreau", "Anne", "hospital"),
)
"""With `every_kind`: at least one question of each kind that a form answers."""


def every_kind(desk):
    """Put a practice on file that asks every kind of question."""
    desk.book(*ALL_KINDS)
    provider = next(one for one in practice_store.providers(desk.session, desk.practice_id) if one.npi == RIVERA)
    practice_store.add_provider(desk.session, desk.practice_id, replace(provider, group_npi=None))
    practice = practice_store.practice_of(desk.session, desk.practice_id)
    practice_store.save_practice(desk.session, practice.id, replace(practice, group_npi=None))
    approve(desk, 8, number=None, ends=None, items=(Item(("96910", "96912")),))
    insure(desk, 9, plan_kind=PlanKind.HMO, network=NetworkAnswer.UNKNOWN)
    insure(desk, 10, plan_kind=PlanKind.HMO, referral_required=Known.UNKNOWN)
    approve(desk, 11, provider_group=make.GROUP_NPI)
    insure(desk, 13, payer="medicare_ffs", payer_name="Medicare", line=Line.MEDICARE)
    desk.judge()
    return desk


def approve(desk, which, /, **changes):
    """Put an approval of light therapy on file for a patient of the desk, by its number."""
    row = AuthorizationRecord(
        make.an_id(60_500 + which), make.an_id(10_000 + which), f"K{which}", PAYER, "Acme Health", Status.APPROVED,
        "approved", items=(Item(("96910", "96912"), None, Counting.UNITS, 36),), number=f"PA-{which}",
        begins=date(2026, 1, 1), ends=date(2026, 6, 30), decided_on=date(2026, 1, 5),
    )  # fmt: skip
    logged = AuthorizationEvent(make.an_id(61_500 + which), row.id, desk.caller.clock.now(), "import", None, {})
    authorization_store.add_authorizations(desk.session, desk.practice_id, [replace(row, **changes)], [logged])
    desk.session.commit()


def insure(desk, which, /, **changes):
    """Change the coverage of a patient of the desk."""
    patient = make.an_id(10_000 + which)
    (record,) = coverage_store.records_of(desk.session, desk.practice_id, [patient])[patient]
    coverage_store.change_coverages(desk.session, desk.practice_id, [replace(record, **changes)])
    desk.session.commit()


def rows_of(page):
    """Read the list: id by sentence with its visits, in the page's order."""
    return {
        unescape(SENTENCE.search(row).group(1)): (found, int(VISITS.search(row).group(1).replace(",", "")))
        for found, row in ROW.findall(page.text)
    }
