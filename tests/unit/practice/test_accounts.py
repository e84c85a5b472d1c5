"""What follows of a change of a person, how long codes last, and how they are compared."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.practice.facts.accounts import CodeKind, CodeWay, OneTimeCode
from app.practice.facts.staff import Role, Staff
from app.practice.rules.accounts import (
    MOST_ASKED,
    MOST_ASKED_FROM_ONE_SOURCE,
    administrators,
    digest_of,
    ends_sessions,
    lasts,
    may_ask,
    may_send_reset,
    raises_rights,
)
from tests.support import make

JO = Staff(make.an_id(1), make.PRACTICE_ID, "jo@example.test", "Jo", frozenset({Role.SCHEDULER}))
SITE, OTHER = make.an_id(2), make.an_id(3)


@pytest.mark.parametrize(
    ("changed", "ends", "raises"),
    [
        ({"name": "Jo Park"}, False, False),
        ({"roles": frozenset({Role.MANAGER})}, True, True),
        ({"roles": frozenset({Role.BILLER})}, True, True),
        ({"roles": frozenset()}, True, False),
        ({"sites": frozenset({SITE})}, True, False),
        ({"provider_npi": make.NPI}, True, True),
        ({"email": "jo.park@example.test"}, True, False),
        ({"active": False}, True, False),
    ],
)
def test_other_rights_sight_or_address_end_sessions_and_more_of_them_are_a_rise(changed, ends, raises):
    after = replace(JO, **changed)
    assert ends_sessions(JO, after) is ends
    assert raises_rights(JO, after) is raises


@pytest.mark.parametrize(
    ("before", "after", "raises"),
    [
        (frozenset({SITE}), None, True),
        (frozenset({SITE}), frozenset({OTHER}), True),
        (frozenset({SITE, OTHER}), frozenset({SITE}), False),
        (None, frozenset({SITE}), False),
    ],
)
def test_more_sites_in_sight_are_a_rise_of_rights(before, after, raises):
    assert raises_rights(replace(JO, sites=before), replace(JO, sites=after)) is raises


def test_who_comes_back_keeps_nothing_and_loses_nothing():
    assert not ends_sessions(replace(JO, active=False), JO)


def test_administrators_are_those_who_may_sign_in():
    kim = replace(JO, roles=frozenset({Role.ADMINISTRATOR}))
    assert administrators([JO, kim, replace(kim, active=False)]) == [kim]


def test_codes_last_as_long_as_their_way_allows():
    assert {lasts(CodeKind.INVITATION, way) for way in CodeWay} == {timedelta(hours=72)}
    assert lasts(CodeKind.RESET, CodeWay.EMAIL) == timedelta(minutes=15)
    assert lasts(CodeKind.RESET, CodeWay.PRINTED) == timedelta(hours=24)


def test_a_code_stands_until_it_is_used_ended_or_too_old():
    code = OneTimeCode(
        make.an_id(4),
        make.PRACTICE_ID,
        JO.id,
        CodeKind.RESET,
        CodeWay.EMAIL,
        make.NOW,
        make.NOW + timedelta(minutes=15),
    )
    assert code.stands(make.NOW)
    assert not code.stands(make.NOW + timedelta(minutes=15))
    assert not replace(code, used_at=make.NOW).stands(make.NOW)
    assert not replace(code, ended_at=make.NOW).stands(make.NOW)
    assert not may_send_reset(code, make.NOW + timedelta(minutes=14))
    assert may_send_reset(code, make.NOW + timedelta(minutes=15))
    assert may_send_reset(None, make.NOW)


def test_capitals_hyphens_and_spaces_of_a_typed_code_do_not_matter():
    assert digest_of("abcd-2345") == digest_of(" ABCD 2345 ") != digest_of("abcd-2346")


def test_who_asks_too_often_waits():
    assert may_ask(MOST_ASKED - 1, MOST_ASKED_FROM_ONE_SOURCE - 1)
    assert not may_ask(MOST_ASKED, 0)
    assert not may_ask(0, MOST_ASKED_FROM_ONE_SOURCE)
