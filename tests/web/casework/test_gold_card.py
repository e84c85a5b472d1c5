"""Gold cards: approvals counted by provider and service, and exemptions only with the payer's notice on file."""

import io
import struct
import zlib
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text

from app.authorizations import store as authorization_store
from app.authorizations.facts import AuthorizationRecord, Counting, Item, Status
from app.casework.store import notices
from app.policies.store import practice as rule_store
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.desk import CHEN, PAYER, PAYER_NAME, RIVERA, Booking
from tests.web.casework.support import errors_of, fields_of, words_of

AT = "/gold-card"


def a_picture() -> bytes:
    """Make a PNG of one white pixel."""

    def part(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(b"\0\xff")) + part(b"IEND", b"")


PNG = a_picture()


@pytest.fixture
def texan(desk):
    """A practice in Texas with ten decisions of its payer."""
    desk.session.execute(text("UPDATE site SET state = 'TX'"))
    desk.session.commit()
    desk.book(Booking(8, "Dubois", "Henri", "none"))
    base = AuthorizationRecord(
        make.an_id(70_000), make.an_id(10_001), "A", PAYER, PAYER_NAME, Status.APPROVED, "approved",
        items=(Item(("96910",), None, Counting.UNITS, 36),), provider_npi=RIVERA, decided_on=date(2026, 1, 5),
    )  # fmt: skip
    rows = [replace(base, id=make.an_id(70_000 + n), natural_key=f"A{n}", number=f"N{n}") for n in range(9)]
    rows.append(replace(base, id=make.an_id(70_009), natural_key="A9", number="N9", status=Status.DENIED))
    rows.append(replace(base, id=make.an_id(70_010), natural_key="B0", number="N10", provider_npi=CHEN))
    rows.append(replace(base, id=make.an_id(70_011), natural_key="B1", number="N11", decided_on=date(2024, 1, 5)))
    authorization_store.add_authorizations(desk.session, make.PRACTICE_ID, rows, [])
    desk.session.commit()
    return desk


def send(browser, file=(PNG, "notice.png"), **typed):
    """Record an exemption."""
    form = fields_of(browser.get(f"{AT}?payer={PAYER}"), AT) | {
        "npis": RIVERA, "codes": "96910", "begins": "03/02/2026", "until": "12/31/2026", "letter_on": "02/20/2026",
        "reference": "GC-1",
    } | typed  # fmt: skip
    if file is not None:
        form["file"] = (io.BytesIO(file[0]), file[1])
    return browser.post(AT, data=form, content_type="multipart/form-data")


def test_decisions_are_counted_by_provider_and_service_and_only_in_the_laws_time(texan, sign_in):
    text = words_of(sign_in(Role.MANAGER).get(f"{AT}?payer={PAYER}"))
    assert "90% approved of at least 5 requests, by provider and service, since Sun 03/02/2025" in text
    assert f"Dr. Rivera {RIVERA} 96910 9 0 1 90% Reached by our count. Only the payer's notice exempts." in text
    assert f"Dr. Chen {CHEN} 96910 1 0 0 100% 4 more requests needed" in text


def test_where_no_law_is_known_the_page_says_so(desk, sign_in):
    text = words_of(sign_in(Role.MANAGER).get(f"{AT}?payer={PAYER}"))
    assert "No law on gold cards is known for the states of your sites." in text


def test_an_exemption_is_a_practice_rule_with_the_notice_beside_it(texan, sign_in):
    browser = sign_in(Role.MANAGER)
    answer = send(browser)
    assert answer.status_code == 303, errors_of(answer)
    texan.session.rollback()
    (notice,) = notices.listed(texan.session, make.PRACTICE_ID)
    kept = next(one for one in rule_store.kept_rules(texan.session, make.PRACTICE_ID) if one.id == notice.rule_id)
    assert (kept.rule.providers, kept.rule.codes) == (frozenset({RIVERA}), frozenset({"96910"}))
    page = browser.get(f"{AT}?payer={PAYER}")
    assert f"Dr. Rivera ({RIVERA}) 96910 03/02/2026 to 12/31/2026 Holds" in words_of(page)
    given = browser.get(f"{AT}/notices/{notice.id}")
    assert given.data == PNG
    assert given.headers["Content-Disposition"].startswith("attachment")
    assert given.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("file", "typed", "says"),
    [
        (None, {}, "Choose the payer's letter"),
        ((b"MZ not a letter", "notice.pdf"), {}, ""),
        ((PNG, "n.png"), {"npis": "123"}, "NPIs have 10 digits"),
        ((PNG, "n.png"), {"codes": "?"}, "Codes must be CPT or HCPCS"),
        ((PNG, "n.png"), {"until": "03/03/2027"}, "To must be at most 12 months after"),
        ((PNG, "n.png"), {"letter_on": "t+1"}, "Date of the letter must be today or before"),
    ],
)
def test_without_a_notice_or_with_what_cannot_be_nobody_is_exempt(texan, sign_in, file, typed, says):
    browser = sign_in(Role.MANAGER)
    answer = send(browser, file, **typed)
    assert answer.status_code == 422
    assert any(one.startswith(says) for one in errors_of(answer))
    texan.session.rollback()
    assert notices.listed(texan.session, make.PRACTICE_ID) == ()
    assert not any(one.rule.providers for one in rule_store.kept_rules(texan.session, make.PRACTICE_ID))
