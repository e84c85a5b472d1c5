"""Second factors, recovery codes, steps and counts, as stored: once is once, also for two at the same time."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.platform.ids import new_id, secret_id
from app.platform.sealed import UnsealError
from app.practice.actions import factors as actions
from app.practice.actions import signing_in
from app.practice.actions import staff as staffing
from app.practice.actions.throttling import forget_traces
from app.practice.facts.factors import Challenge, FailureCount, KnownBrowser, Purpose, StaffFactor
from app.practice.facts.staff import Factor, Role
from app.practice.rules.factors import MOST_FACTORS
from app.practice.store import factors as store
from app.practice.store import staff as people
from app.practice.store import steps, throttle
from tests.support import make

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.fixture
def staff(caller):
    """A person on file."""
    staffing.add_staff(caller, "kim@example.test", "Kim", frozenset({Role.BILLER}))
    return people.sign_in_state(caller.session, "kim@example.test").staff


def an_app(staff, **changes):
    """An authenticator app that opens the door."""
    made = StaffFactor(new_id(), staff.id, Factor.TOTP, "App", make.NOW, make.NOW, secret=SECRET)
    return replace(made, **changes)


def a_passkey(staff, credential="Y3JlZA"):
    """A passkey that opens the door."""
    made = StaffFactor(new_id(), staff.id, Factor.PASSKEY, "Key", make.NOW, make.NOW)
    return replace(made, credential=credential, public_key=b"key", sign_count=4_000_000_000)


def test_factors_come_back_as_they_were_given_and_of_one_person_alone(caller, staff):
    app, key = an_app(staff), a_passkey(staff)
    for factor in (app, key):
        store.add_factor(caller.session, caller.practice_id, factor)
    caller.session.commit()
    assert set(store.factors_of(caller.session, caller.practice_id, staff.id)) == {app, key}
    assert store.factors_of(caller.session, caller.practice_id, make.an_id(7)) == ()
    assert store.passkey(caller.session, "Y3JlZA") == (caller.practice_id, key)
    assert store.passkey(caller.session, "other") is None


def test_two_people_never_share_a_passkey(caller, staff):
    store.add_factor(caller.session, caller.practice_id, a_passkey(staff))
    with pytest.raises(IntegrityError):
        store.add_factor(caller.session, caller.practice_id, a_passkey(staff))


def test_a_secret_that_is_copied_to_another_row_does_not_open(caller, staff):
    first, second = an_app(staff), an_app(staff)
    for factor in (first, second):
        store.add_factor(caller.session, caller.practice_id, factor)
    caller.session.flush()
    rows = caller.session.execute(text("SELECT secret FROM staff_factor")).scalars().all()
    assert SECRET.encode() not in b"".join(bytes(row) for row in rows)
    caller.session.execute(text("UPDATE staff_factor SET secret = :other"), {"other": bytes(rows[0])})
    caller.session.expire_all()
    with pytest.raises(UnsealError):
        store.factors_of(caller.session, caller.practice_id, staff.id)


def test_a_step_is_taken_once_and_none_before_it_after(caller, staff):
    app = an_app(staff)
    store.add_factor(caller.session, caller.practice_id, app)
    taken = [
        store.take_step(caller.session, caller.practice_id, app.id, step, make.NOW) for step in (100, 100, 99, 101)
    ]
    assert taken == [True, False, False, True]


def test_a_recovery_code_is_used_once(caller, staff):
    begun = signing_in.begin_session(caller, staff.id)
    session = next(iter(actions.own_factors(caller, staff.id)), None)
    assert session is None
    store.add_factor(caller.session, caller.practice_id, an_app(staff))
    caller.session.commit()
    current = signing_in.sessions_on_file.signed_in(caller.session, begun)[1]
    codes = actions.renew_codes(caller, staff, current).codes
    found = store.recovery_code(caller.session, caller.practice_id, staff.id, codes[0][:2])
    used = [store.use_recovery_code(caller.session, caller.practice_id, found.id, make.NOW) for _ in range(2)]
    assert used == [True, False]
    assert store.recovery_codes_left(caller.session, caller.practice_id, staff.id) == 9
    assert len({code[:2] for code in codes}) == 10


def test_a_person_has_ten_factors_at_most(caller, staff):
    for number in range(MOST_FACTORS):
        store.add_factor(caller.session, caller.practice_id, a_passkey(staff, f"key{number}"))
    caller.session.commit()
    with pytest.raises(actions.TooManyFactorsError):
        actions.begin_app(caller, staff)


def test_a_challenge_is_good_once_and_forgotten_when_old(caller):
    first = Challenge(secret_id(), Purpose.SIGN_IN, b"n" * 32, make.NOW)
    late = Challenge(secret_id(), Purpose.ADD, b"m" * 32, make.NOW + timedelta(minutes=9), make.an_id(1))
    steps.add_challenge(caller.session, first, make.NOW - timedelta(minutes=5))
    assert [steps.take_challenge(caller.session, first.id) for _ in range(2)] == [first, None]
    steps.add_challenge(caller.session, first, make.NOW - timedelta(minutes=5))
    steps.add_challenge(caller.session, late, late.made_at - timedelta(minutes=5))
    assert steps.take_challenge(caller.session, first.id) is None
    assert steps.take_challenge(caller.session, late.id) == late


def test_counts_are_kept_by_key_and_forgotten_after_two_days(caller):
    key, other = b"k" * 16, b"o" * 16
    assert throttle.counts_of(caller.session, [key], make.NOW)[key].failures == 0
    locked = FailureCount(5, make.NOW, make.NOW + timedelta(minutes=15))
    throttle.save_counts(caller.session, {key: locked})
    assert throttle.counts_of(caller.session, [key, other], make.NOW) == {key: locked, other: FailureCount(0, make.NOW)}
    caller.session.commit()
    later = replace(caller, clock=make.clock(make.NOW + timedelta(days=2)))
    assert [forget_traces(later) for _ in range(2)] == [2, 0]


def test_a_place_is_held_by_one_and_free_when_its_time_is_over(caller):
    ends = make.NOW + timedelta(seconds=20)
    taken = [throttle.take_place(caller.session, 1, uuid4(), False, b"s" * 16, ends) for _ in range(2)]
    assert taken == [True, False]
    assert throttle.places_taken(caller.session, make.NOW) == {1: (False, b"s" * 16)}
    assert throttle.places_taken(caller.session, ends) == {}


def test_a_known_browser_is_known_to_its_person_and_forgotten_with_their_factors(caller, staff):
    browser = KnownBrowser(new_id(), staff.id, b"h" * 32, make.NOW, make.NOW)
    for at in (make.NOW, make.NOW + timedelta(days=1)):
        steps.know_browser(caller.session, caller.practice_id, replace(browser, used_at=at))
    caller.session.commit()
    found = steps.known_browser(caller.session, caller.practice_id, staff.id, b"h" * 32)
    assert (found.made_at, found.used_at) == (make.NOW, make.NOW + timedelta(days=1))
    assert steps.known_browser(caller.session, caller.practice_id, make.an_id(3), b"h" * 32) is None
    actions.remove_all(caller, staff.id)
    assert steps.known_browser(caller.session, caller.practice_id, staff.id, b"h" * 32) is None


def test_a_session_id_is_128_random_bits_of_which_none_tells_the_time():
    ids = [secret_id().bytes for _ in range(200)]
    for bit in range(128):
        ones = sum(one[bit // 8] >> bit % 8 & 1 for one in ids)
        assert 40 < ones < 160, bit
