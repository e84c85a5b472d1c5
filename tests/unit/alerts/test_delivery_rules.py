"""How messages go on after an attempt, what codes mean, and when a way is shut."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.alerts.facts.delivery import Brake, Claim, Left, Means, Tried
from app.alerts.facts.outbox import State, Way
from app.alerts.rules.braking import capped, counted, released
from app.alerts.rules.delivery import STATUSES, halts, turn_of, turn_of_absent, turn_of_found, wait_after
from app.alerts.rules.provider_codes import KNOWN_CODES, means_of
from app.alerts.rules.ranks import ENDS, RANKS
from app.gateways.facts import Outcome
from app.gateways.twilio_codes import BUSY, SENDER, outcome_of
from tests.support import make
from tests.support.messages import a_message

NOW = make.NOW
OFF = Brake(Way.SMS, NOW)


def a_claim(attempts=1, **over):
    return Claim(a_message(1, **over), "ref", attempts, NOW, NOW, make.an_id(9))


def left(attempts=1, **over):
    return Left(a_message(1, **over), make.an_id(9), "ref", attempts, NOW, NOW, "+12025550101", b"")


@pytest.mark.parametrize(
    ("attempts", "asked", "minutes"),
    [(1, None, 1), (2, None, 2), (3, None, 5), (4, None, 15), (5, None, 60), (8, None, 60), (1, 30, 1), (1, 600, 10)],
)
def test_waits_grow_and_respect_what_the_provider_asks(attempts, asked, minutes):
    assert wait_after(attempts, asked) == timedelta(minutes=minutes)


def test_a_provider_cannot_ask_for_more_than_a_day():
    assert wait_after(1, 10**6) == timedelta(days=1)


@pytest.mark.parametrize(
    ("outcome", "way", "attempts", "state"),
    [
        (Tried.ACCEPTED, Way.SMS, 8, State.SENT),
        (Tried.REFUSED, Way.SMS, 1, State.FAILED),
        (Tried.LATER, Way.SMS, 7, State.PENDING),
        (Tried.LATER, Way.SMS, 8, State.FAILED),
        (Tried.UNCLEAR, Way.SMS, 1, State.CLAIMED),
        (Tried.UNCLEAR, Way.SMS, 8, State.CLAIMED),
        (Tried.UNCLEAR, Way.EMAIL, 1, State.PENDING),
        (Tried.UNCLEAR, Way.EMAIL, 8, State.FAILED),
    ],
)
def test_every_outcome_has_its_turn(outcome, way, attempts, state):
    assert turn_of(a_claim(attempts, way=way), outcome, NOW).state is state


def test_what_grew_stale_on_the_way_is_not_tried_again():
    expires = a_message(1).expires_at
    assert turn_of(a_claim(), Tried.LATER, expires).state is State.EXPIRED
    assert turn_of(a_claim(), Tried.LATER, expires - timedelta(seconds=1)).state is State.PENDING
    assert turn_of_absent(left(), expires).state is State.EXPIRED


def test_what_is_absent_goes_back_but_not_for_ever():
    assert turn_of_absent(left(7), NOW).state is State.PENDING
    assert (turn_of_absent(left(8), NOW).state, turn_of_absent(left(8), NOW).why) == (State.FAILED, "tries")
    assert turn_of_absent(left(), NOW).outcome is Tried.ABSENT


@pytest.mark.parametrize("status", [*STATUSES, "a new word"])
def test_what_is_found_is_at_least_sent(status):
    turn = turn_of_found(left(), "SM1", status, "30003")
    assert RANKS[turn.state] >= RANKS[State.SENT]
    assert (turn.why is not None) == (turn.state is State.UNDELIVERED)


def test_ranks_hold_every_state_and_ends_stand_above_what_is_on_its_way():
    assert set(RANKS) == set(State)
    assert min(RANKS[state] for state in ENDS) > max(RANKS[state] for state in set(State) - ENDS)


def test_every_code_that_the_gateway_knows_has_a_meaning_here():
    assert BUSY | SENDER <= KNOWN_CODES
    assert {means_of(code) for code in SENDER} == {Means.SENDER}
    assert {means_of(code) for code in BUSY} == {Means.BUSY}
    assert means_of("12345") is means_of(None) is Means.OTHER


@pytest.mark.parametrize(
    ("status", "code", "outcome"),
    [
        (429, "20429", Outcome.LATER),
        (429, None, Outcome.LATER),
        (400, "21610", Outcome.REFUSED),
        (400, "21211", Outcome.REFUSED),
        (400, "21606", Outcome.LATER),
        (401, "20003", Outcome.LATER),
        (403, None, Outcome.LATER),
        (400, None, Outcome.UNCLEAR),  # a page of somebody in between
        (400, "400", Outcome.UNCLEAR),
        (408, "20408", Outcome.UNCLEAR),
        (500, "20500", Outcome.UNCLEAR),
        (503, None, Outcome.UNCLEAR),
        (302, "30200", Outcome.UNCLEAR),
    ],
)
def test_only_what_is_clear_is_said_to_be_refused_or_later(status, code, outcome):
    assert outcome_of(status, code) is outcome


def test_a_batch_halts_when_nothing_of_ours_gets_out_or_nobody_answers():
    assert halts([(Tried.ACCEPTED, None), (Tried.LATER, "20003")])
    assert halts([(Tried.ACCEPTED, None)] + [(Tried.UNCLEAR, "no-answer")] * 8)
    assert not halts([(Tried.UNCLEAR, "no-answer")] * 7)
    assert not halts([(Tried.UNCLEAR, "no-answer")] * 7 + [(Tried.ACCEPTED, None)])
    assert halts([(Tried.REFUSED, "21211")] * 10)
    assert not halts([(Tried.REFUSED, "21211")] * 9 + [(Tried.ACCEPTED, None)])


def test_ten_failures_in_a_row_shut_a_way_and_nine_do_not():
    assert counted(OFF, [(Tried.REFUSED, "21211")] * 9, NOW).on_since is None
    shut = counted(OFF, [(Tried.REFUSED, "21211")] * 10, NOW)
    assert (shut.on_since, shut.why, shut.code) == (NOW, "in_a_row", "21211")
    mixed = [*[(Tried.REFUSED, "21211")] * 9, (Tried.ACCEPTED, None)] * 1
    assert counted(OFF, [*mixed, *mixed[:9]], NOW).on_since is None


def test_a_fifth_of_an_hour_shuts_a_way():
    good, bad = [(Tried.ACCEPTED, None)] * 4, [(Tried.REFUSED, "21211")]
    assert counted(OFF, (good + bad) * 9, NOW).on_since is None  # 45 say nothing yet
    assert counted(OFF, (good + bad) * 10, NOW).why == "share"
    later = counted(OFF, (good + bad) * 9, NOW)
    assert counted(later, (good + bad) * 9, NOW + timedelta(hours=1)).on_since is None


@pytest.mark.parametrize("results", [[(Tried.UNCLEAR, "20500")] * 99, [(Tried.REFUSED, "21610")] * 99])
def test_outages_and_opt_outs_shut_nothing(results):
    assert counted(OFF, results, NOW).on_since is None


def test_reports_of_a_carrier_that_blocks_count_and_of_a_phone_that_is_off_do_not():
    sent = counted(OFF, [(Tried.ACCEPTED, None)] * 60, NOW)
    assert counted(sent, [(Tried.CALLED_BACK, "30003")] * 60, NOW).on_since is None
    assert counted(sent, [(Tried.CALLED_BACK, "30007")] * 12, NOW).on_since == NOW
    assert counted(sent, [(Tried.CALLED_BACK, "30034")], NOW).why == "sender"


@given(some.lists(some.sampled_from([(Tried.ACCEPTED, None), (Tried.REFUSED, "21211"), (Tried.LATER, "20003")])))
def test_a_brake_that_is_on_stays_on(results):
    shut = replace(OFF, on_since=NOW, why="share")
    assert counted(shut, results, NOW + timedelta(hours=9)).on_since == NOW
    assert released(shut, NOW).on_since is None


@pytest.mark.parametrize(("hour", "day", "shut"), [(9, 99, False), (10, 10, True), (0, 100, True)])
def test_as_much_as_ever_may_leave_shuts_a_way(hour, day, shut):
    brake = capped(OFF, hour, day, 10, 100, NOW)
    assert (brake.on_since is not None, brake.why) == (shut, "too_many" if shut else None)
