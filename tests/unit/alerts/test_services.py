"""Which approval goes on where another ends, and which request asks for the same service."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.alerts.rules.services import covers, goes_on, is_asked, is_later, names, same_service
from app.authorizations.facts import Authorization, Counting, Item, Kind, Status
from app.schedule.facts import ServiceLine
from app.values.members import MemberKey
from tests.support import make

LIGHT = Item(("96910", "96912"), None, Counting.UNITS, 36)
RANGE = Item(("96900",), "96922", Counting.UNITS, 36)
SKIN = Item(("11102",), None, Counting.UNITS, 1)
ANN, BOB = (MemberKey(bytes([n]) * 16, bytes([n]) * 16, bytes([n]) * 16) for n in (1, 2))


def row(number: int = 1, **facts) -> Authorization:
    """Make an approval for light therapy of 2026."""
    base = {"status": Status.APPROVED, "items": (LIGHT,), "begins": date(2026, 1, 1), "ends": date(2026, 6, 30)}
    return Authorization(make.an_id(number), make.an_id(99), "acme", "Acme", **{**base, "member": ANN, **facts})


LATER = {"begins": date(2026, 7, 1), "ends": date(2026, 12, 31)}


@pytest.mark.parametrize(
    ("facts", "goes"),
    [
        ({}, True),
        ({"items": (RANGE,)}, True),
        ({"items": (SKIN,)}, False),
        ({"items": (LIGHT, SKIN)}, True),
        ({"member": None}, True),
        ({"member": BOB}, False),
        ({"ends": None}, False),
        ({"ends": None, "no_end": True}, True),
        ({"ends": date(2026, 6, 29)}, False),
        ({"ends": date(2026, 6, 30)}, True),
        ({"ends": date(2026, 7, 1)}, True),
        ({"status": Status.PARTLY_APPROVED}, True),
        ({"status": Status.SUBMITTED}, False),
        ({"status": Status.VOIDED}, False),
        ({"status": Status.DENIED}, False),
        ({"kind": Kind.REFERRAL}, False),
    ],
)
def test_only_a_granted_approval_of_all_the_services_goes_on(facts, goes):
    assert goes_on(row(), [row(), row(2, **{**LATER, **facts})]) is goes


def test_another_payers_approval_does_not_go_on():
    other = Authorization(
        make.an_id(2), make.an_id(99), "other", "Other", Status.APPROVED, items=(LIGHT,), member=ANN, **LATER
    )
    assert not goes_on(row(), [other])
    assert not same_service(row(), other)


def test_part_of_the_services_is_the_same_service_but_does_not_cover_it():
    both, light = row(items=(LIGHT, SKIN)), row(2)
    assert same_service(both, light)
    assert not covers(light, both)
    assert covers(both, light)


def test_an_approval_for_a_drug_is_known_by_the_drug_or_the_product():
    one = row(items=(), drug="drug:dupixent", ndc="00024591401")
    assert covers(row(2, items=(), drug="drug:dupixent"), one)
    assert covers(row(2, items=(), ndc="00024591402"), one)
    assert not covers(row(2, items=(), drug="drug:adbry"), one)


@pytest.mark.parametrize(
    ("facts", "asked"),
    [
        ({"status": Status.SUBMITTED}, True),
        ({"status": Status.MORE_INFO}, True),
        ({"status": Status.DRAFT}, False),
        ({"status": Status.DENIED}, False),
        ({"status": Status.SUBMITTED, "requested_on": date(2026, 6, 1)}, True),
        ({"status": Status.SUBMITTED, "requested_on": date(2026, 1, 1)}, True),
        ({"status": Status.SUBMITTED, "requested_on": date(2025, 12, 31)}, False),
        ({"status": Status.SUBMITTED, "items": (SKIN,)}, False),
    ],
)
def test_a_renewal_is_asked_for_by_a_request_that_was_sent_since_the_approval_began(facts, asked):
    assert is_asked(row(), [row(), row(2, **{"begins": None, "ends": None, **facts})]) is asked


def test_a_line_is_named_by_code_range_drug_or_product():
    assert names(row(), ServiceLine(make.an_id(1), 0, "96912"))
    assert names(row(items=(RANGE,)), ServiceLine(make.an_id(1), 0, "96920"))
    assert not names(row(), ServiceLine(make.an_id(1), 0, "11102"))
    assert not names(row(), ServiceLine(make.an_id(1), 0, None))
    assert names(row(items=(), drug="drug:a"), ServiceLine(make.an_id(1), 0, None, drug="drug:a"))
    assert names(row(items=(), ndc="00024591401"), ServiceLine(make.an_id(1), 0, None, ndc="00024591499"))


DAYS = some.one_of(some.none(), some.dates(date(2026, 1, 1), date(2026, 1, 4)))
ROWS = some.builds(
    lambda number, ends, no_end: row(number, ends=None if no_end else ends, no_end=no_end),
    some.integers(1, 4),
    DAYS,
    some.booleans(),
)


@given(ROWS, ROWS, ROWS)
def test_no_two_approvals_go_on_one_after_the_other_in_a_circle(one, two, three):
    assert not is_later(one, one)
    if one.id != two.id:
        assert not (is_later(one, two) and is_later(two, one))
    if is_later(one, two) and is_later(two, three) and one.id != three.id:
        assert is_later(one, three)
