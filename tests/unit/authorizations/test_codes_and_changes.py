"""Codes as typed, numbers that are none, what a change was before, and units used that are kept."""

from dataclasses import replace
from datetime import date

import pytest

from app.authorizations.facts import AuthorizationRecord, Counting, Item, Status
from app.authorizations.intake import UnreadError, read_codes, read_count, read_number, with_count, write_codes
from app.authorizations.rules.changes import (
    changes_of,
    is_first,
    values_after,
    values_before,
    with_used_kept,
    without_words,
)
from app.authorizations.rules.items import key_of
from app.values.insurance import Channel
from tests.support import make

RECORD = AuthorizationRecord(
    make.an_id(1), make.an_id(2), "", "aetna", "Aetna", Status.APPROVED, "approved", number="PA-1",
    items=(Item(("96910",), None, Counting.UNITS, 36, 4),), begins=date(2026, 1, 1), ends=date(2026, 6, 30),
    diagnoses=("L40.0",), member_id="W1",
)  # fmt: skip
UNITS, VISITS = Counting.UNITS, Counting.VISITS


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("96910:36; 96912:10", (Item(("96910",), None, UNITS, 36), Item(("96912",), None, UNITS, 10))),
        ("96910/96912:36", (Item(("96910", "96912"), None, UNITS, 36),)),
        ("96920-96922:12", (Item(("96920",), "96922", UNITS, 12),)),
        ("j2357:12 visits", (Item(("J2357",), None, VISITS, 12),)),
        ("96910:*", (Item(("96910",), None, Counting.NOT_COUNTED),)),
        ("*:6", (Item(("*",), None, UNITS, 6),)),
        (" 96910 ,\n96912. ", (Item(("96910",)), Item(("96912",)))),
        ("", ()),
    ],
)
def test_codes_are_read_and_written_alike(text, items):
    assert read_codes(text) == items
    assert read_codes(write_codes(items)) == items


@pytest.mark.parametrize(
    "text", ["9691", "96910:0", "96910:-3", "96910:100001", "96910;96910", "96922-96920", "96910:many"]
)
def test_what_is_no_code_or_count_is_refused(text):
    with pytest.raises(UnreadError):
        read_codes(text)


def test_a_count_beside_the_codes_is_shared_between_them():
    assert with_count(read_codes("96910; 96912"), *read_count("36")) == (Item(("96910", "96912"), None, UNITS, 36),)
    assert with_count(read_codes("96920-96922"), *read_count("5 visits")) == (Item(("96920",), "96922", VISITS, 5),)
    with pytest.raises(UnreadError):
        with_count(read_codes("96910:3"), *read_count("36"))


@pytest.mark.parametrize("text", ["TBD", " t.b.d. ", "000000", "N/A", "pending", "xxxx", "-"])
def test_a_placeholder_is_no_number(text):
    assert read_number(text) is None


def test_a_number_is_kept_as_typed_but_for_spaces():
    assert read_number("  PA 10-42 ") == "PA 10-42"


CHANGES = [
    {"ends": date(2026, 12, 31)},
    {"ends": None, "no_end": True},
    {"items": (Item(("96910", "96912"), None, UNITS, 40, 4),), "diagnoses": ()},
    {"status": Status.VOIDED, "channel": Channel.MEDICAL, "site_id": make.an_id(9), "places": ("11", "22")},
    {"number": None, "reference": "R1", "provider_npi": make.NPI, "provider_binds": True},
]


@pytest.mark.parametrize("changes", CHANGES)
def test_what_was_before_a_change_is_put_back_from_its_event(changes):
    new = replace(RECORD, **changes)
    before = values_before(changes_of(RECORD, new))
    assert before is not None
    assert replace(new, **before) == RECORD


def test_a_beginning_cannot_be_put_back():
    assert values_before(changes_of(None, RECORD)) is None
    assert is_first(changes_of(None, RECORD))
    assert not is_first(changes_of(RECORD, replace(RECORD, payer="cigna", payer_name="Cigna")))


def test_what_an_old_event_kept_no_value_of_cannot_be_put_back():
    old = {"member_id": [None, None], "ends": ["2026-06-30", "2026-07-31"]}
    assert values_before(old) is None
    assert values_after(old) == {"ends": date(2026, 7, 31)}


def test_what_identifies_a_person_is_kept_and_not_shown():
    changes = changes_of(RECORD, replace(RECORD, member_id="W2", note="call back", denial_reason="no"))
    assert values_before(changes) == {"member_id": "W1", "note": None, "denial_reason": None}
    assert without_words(changes) == {name: [None, None] for name in ("member_id", "note", "denial_reason")}


def test_one_number_written_in_two_ways_is_one_key():
    assert key_of(RECORD) == key_of(replace(RECORD, number="pa 1"))


@pytest.mark.parametrize(
    ("before", "now", "used"),
    [
        ("96910/96912:36", "96910:20; 96912:16", [7, 7]),
        ("96910:36", "96900-96999:40", [7]),
        ("96920-96922:12", "96921:6; 96910:6", [7, None]),
        ("*:12", "96910:12", [7]),
        ("96910:36", "17110:2", [None]),
    ],
)
def test_units_used_are_kept_on_every_part_that_shares_a_code(before, now, used):
    old = tuple(replace(item, used=7) for item in read_codes(before))
    assert [item.used for item in with_used_kept(read_codes(now), old)] == used
