"""Codes of authenticator apps and what holds guessing back, over many instants and orders."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.practice.facts.factors import FailureCount, StaffFactor
from app.practice.facts.staff import Factor
from app.practice.rules.browsers import browser_words
from app.practice.rules.factors import (
    accepted_step,
    app_address,
    bare,
    grouped,
    is_app_code,
    may_remove,
    must_set_up,
    recovery_parts,
)
from app.practice.rules.throttle import (
    CHECKS,
    CHECKS_OF_ONE_SOURCE,
    CHECKS_OF_STRANGERS,
    Counted,
    free_place,
    is_locked,
    keys_counted,
    with_failure,
    without_failure,
)
from tests.support import make
from tests.support.factors import code_of

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""The key of RFC 6238, appendix B: 12345678901234567890."""

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_the_codes_of_the_standard_are_taken(seconds, code):
    at = make.NOW.fromtimestamp(seconds, tz=make.NOW.tzinfo)
    assert accepted_step(SECRET, code, at, None) == seconds // 30
    assert code_of(SECRET, at) == code


@given(
    moments=some.lists(some.integers(0, 600), min_size=1, max_size=12),
    shown=some.lists(some.integers(-3, 3), min_size=12, max_size=12),
)
def test_no_code_is_taken_twice_nor_one_older_than_a_code_taken(moments, shown):
    last, taken = None, []
    for second, steps in zip(sorted(moments), shown, strict=False):
        at = make.NOW + timedelta(seconds=second)
        step = accepted_step(SECRET, code_of(SECRET, at, steps), at, last)
        if step is not None:
            assert abs(step - int(at.timestamp()) // 30) <= 1
            taken.append(step)
            last = step
    assert taken == sorted(set(taken))


@given(steps=some.integers(-20, 20), second=some.integers(0, 10**9))
def test_a_code_is_good_in_its_step_and_one_beside_it(steps, second):
    at = make.NOW + timedelta(seconds=second)
    found = accepted_step(SECRET, code_of(SECRET, at, steps), at, None)
    if abs(steps) <= 1:
        assert found is not None
    else:  # two codes may be alike by chance, a step apart or more
        assert found is None or code_of(SECRET, at, steps) in {code_of(SECRET, at, near) for near in (-1, 0, 1)}


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "12 34 5", "-", "0x1234"])
def test_what_is_no_code_is_none(typed):
    assert accepted_step(SECRET, typed, make.NOW, None) is None
    assert not is_app_code(typed) or bare(typed).isdecimal()


@pytest.mark.parametrize("typed", ["{} {}", " {}{} ", "{}-{}"])
def test_a_code_may_be_typed_in_groups(typed):
    code = code_of(SECRET, make.NOW)
    assert accepted_step(SECRET, typed.format(code[:3], code[3:]), make.NOW, None) is not None


def test_a_recovery_code_is_split_into_its_label_and_the_rest():
    assert recovery_parts(" K7MF-q4x2-tw9b ") == ("k7", "mfq4x2tw9b")
    assert recovery_parts("k7mf-q4x2-tw9") is None
    assert recovery_parts("k7mf-q4x2-tw90") is None  # no zero: it would be taken for an o
    assert grouped("k7mfq4x2tw9b") == "k7mf-q4x2-tw9b"


def test_the_address_for_the_app_names_the_practice_and_the_person():
    address = app_address(SECRET, "kim@example.test", "Lake: <Side> & Co")
    assert address.startswith("otpauth://totp/")
    assert f"secret={SECRET}" in address
    assert "kim" in address
    assert "issuer=Cleared%20Lake%20Side" in address


def _factor(number, confirmed=True):
    at = make.NOW if confirmed else None
    return StaffFactor(make.an_id(number), make.an_id(1), Factor.TOTP, "App", make.NOW, at, secret=SECRET)


@pytest.mark.parametrize(
    ("others", "required", "may"), [([], True, False), ([], False, True), ([2], True, True), ([-3], True, False)]
)
def test_the_last_factor_stays_where_one_is_required(others, required, may):
    mine = [_factor(9), *(_factor(abs(number), confirmed=number > 0) for number in others)]
    assert may_remove(mine, mine[0], required) is may


def test_whoever_showed_no_factor_must_set_one_up_where_the_practice_asks_for_it():
    assert must_set_up(True, None)
    assert not must_set_up(False, None)
    assert not must_set_up(True, Factor.RECOVERY)


def _failures(kind, count):
    found, at = None, make.NOW
    for _ in range(count):
        found = with_failure(kind, found, at)
        at = max(at + MINUTE, (found.locked_until or at))
    return found


@pytest.mark.parametrize(
    ("kind", "free", "longest"),
    [
        (Counted.BROWSER, 5, 60),
        (Counted.PAIR, 5, 24 * 60),
        (Counted.PERSON, 20, 60),
        (Counted.SOURCE, 50, 60),
    ],
)
def test_a_key_is_locked_after_its_free_failures_for_15_minutes_and_then_longer_up_to_its_limit(kind, free, longest):
    assert _failures(kind, free - 1).locked_until is None
    first = _failures(kind, free)
    assert first.locked_until - first.last_at == 15 * MINUTE
    late = _failures(kind, free + 12)
    assert late.locked_until - late.last_at == longest * MINUTE


@given(some.sampled_from(Counted), some.lists(some.integers(0, 40), max_size=80))
def test_a_stranger_never_locks_a_person_out_of_new_browsers_for_more_than_an_hour_at_a_time(kind, gaps):
    count, at = None, make.NOW
    for gap in gaps:
        at += gap * MINUTE
        was = count
        count = with_failure(kind, count, at)
        if is_locked(was, at):
            assert count == was  # guessing on while it is locked prolongs nothing
        if count.locked_until is not None and kind is not Counted.PAIR:
            assert count.locked_until - at <= 60 * MINUTE


def test_two_days_without_failures_begin_anew():
    old = _failures(Counted.PAIR, 7)
    later = with_failure(Counted.PAIR, old, old.last_at + timedelta(days=2))
    assert (later.failures, later.locked_until) == (1, None)


def test_a_right_attempt_takes_back_its_own_failure_of_a_network_and_all_of_a_person():
    assert without_failure(Counted.PERSON, FailureCount(7, make.NOW)).failures == 0
    assert without_failure(Counted.SOURCE, FailureCount(7, make.NOW)).failures == 6
    assert without_failure(Counted.SOURCE, _failures(Counted.SOURCE, 50)).locked_until is None
    assert without_failure(Counted.SOURCE, FailureCount(0, make.NOW)).failures == 0


def test_what_is_guessed_elsewhere_counts_nothing_against_a_known_browser():
    assert set(keys_counted(known=True)) & set(keys_counted(known=False)) == set()


@given(some.lists(some.tuples(some.booleans(), some.sampled_from([b"a", b"b", b"c"])), max_size=40))
def test_never_more_passwords_are_compared_at_once_and_strangers_leave_a_place(asked):
    taken = {}
    for known, source in asked:
        place = free_place(taken, known, source)
        if place is not None:
            assert place not in taken
            taken[place] = (known, source)
    strangers = [source for known, source in taken.values() if not known]
    assert len(taken) <= CHECKS
    assert len(strangers) <= CHECKS_OF_STRANGERS
    assert all(strangers.count(source) <= CHECKS_OF_ONE_SOURCE for source in strangers)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15", "Safari on macOS"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("<script>", "A browser"),
        ("", "A browser"),
    ],
)
def test_a_browser_is_named_as_its_owner_would(agent, words):
    assert browser_words(agent) == words
