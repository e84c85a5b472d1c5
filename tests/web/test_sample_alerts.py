"""The sample's alerts: once it is filled the bell has what a clinic's bell has, at any hour, and nothing is sent."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from app.alerts.actions.handling import Narrowed, bell_count, inbox
from app.alerts.actions.sweeping import sweep
from app.alerts.actions.watching import keep_watch
from app.alerts.facts.alerts import Alert
from app.alerts.facts.outbox import State, Way
from app.alerts.store import outbox
from app.deadlines.facts import Reason
from app.platform.caller import Caller
from app.practice.facts.staff import Staff
from app.practice.store import practice as practices
from app.practice.store import staff as staffing
from app.web.sample.clinic import Person
from app.web.sample.clock_work import ASKED, DENIED, LATE, case_of
from app.web.sample.desk_work import FIRST
from app.web.sample.stories.clocks import CLOSED, ENDING
from app.web.sample.tour import STORIES
from app.web.sampling import fill_sample
from app.web.wiring import wire
from tests.support import make

SUNDAY_NIGHT = datetime(2026, 6, 7, 23, 30, tzinfo=ZoneInfo(make.ZONE)).astimezone(UTC)


@pytest.fixture
def sample(session: Session, monkeypatch: pytest.MonkeyPatch) -> Iterator[Caller]:
    """Someone of a sample practice, filled with its stories on a Sunday night."""
    monkeypatch.setattr("app.web.sample.building.PEOPLE", len(STORIES))
    wire()
    with session.begin():
        practices.save_practice(session, make.PRACTICE_ID, replace(make.practice(), sample=True))
    caller = Caller(session, make.PRACTICE_ID, make.clock(SUNDAY_NIGHT), via="test")
    assert fill_sample(caller)
    yield caller


def first(caller: Caller) -> Staff:
    """Whoever tries the sample."""
    people = staffing.staff_of(caller.session, caller.practice_id)
    return next(one for one in people if one.email == FIRST.email)


def alerts(caller: Caller) -> tuple[Alert, ...]:
    """The open alerts of whoever tries the sample."""
    return inbox(caller, Narrowed(first(caller).id)).alerts


def of_story(caller: Caller, story: str) -> dict[Reason, Alert]:
    """The open alerts of a story's case, by reason."""
    key = case_of(caller, story).hex
    return {one.reason: one for one in alerts(caller) if one.subject.key == key}


def test_the_bell_has_an_example_of_each_kind_of_clock(sample: Caller) -> None:
    assert Reason.APPROVAL_ENDS in of_story(sample, ENDING)
    assert Reason.ANSWER_OWED in of_story(sample, LATE)
    assert Reason.INFORMATION_OWED in of_story(sample, ASKED)
    assert {Reason.PEER_TO_PEER, Reason.APPEAL} <= set(of_story(sample, DENIED))
    assert Reason.APPEAL not in of_story(sample, CLOSED)
    found = Counter(one.reason for one in alerts(sample))
    assert {Reason.UNITS_LOW, Reason.RENEWAL_DUE} <= set(found)
    assert bell_count(sample.session, sample.practice_id, first(sample)) == found.total()


def test_the_approval_that_ends_in_two_weeks_names_the_visits_after_it(sample: Caller) -> None:
    ending = of_story(sample, ENDING)[Reason.APPROVAL_ENDS]
    assert ending.due_on == date(2026, 6, 21)
    assert ending.counts["visits_after"] == 2
    assert ending.owner_id == first(sample).id


def test_messages_wait_in_the_outbox_at_any_hour_and_hold_no_name(sample: Caller) -> None:
    found = outbox.page(sample.session, sample.practice_id)
    mine = [one for one in found if one.message.recipient_id == first(sample).id]
    assert {one.message.way for one in mine} == {Way.SMS, Way.EMAIL}
    assert {one.state for one in found} == {State.PENDING}
    people = [Person(number) for number in range(1, len(STORIES) + 1)]
    words = {name for one in people for name in (one.first, one.last, one.mrn)} | {one.payer.name for one in STORIES}
    assert not [value for one in found for value in one.message.fields.values() if words & set(value.split())]


def test_the_next_sweep_finds_nothing_new(sample: Caller) -> None:
    before = outbox.page(sample.session, sample.practice_id)
    assert (keep_watch(sample), sweep(sample)) == (0, 0)
    assert outbox.page(sample.session, sample.practice_id) == before


def test_filled_anew_it_has_the_same_alerts_again(sample: Caller) -> None:
    before = Counter(one.reason for one in alerts(sample))
    assert fill_sample(sample, again=True)
    assert Counter(one.reason for one in alerts(sample)) == before
