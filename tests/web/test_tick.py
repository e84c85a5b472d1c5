"""One step of the sample: a payer answers, a visit moves, a coverage changes, and the badges turn."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from app.clearance.actions.answering import check_visit
from app.clearance.facts.reasons import Badge, Check
from app.clearance.rules.badges import badge_of_visit
from app.patients.store import by_mrn
from app.platform.caller import Caller
from app.practice.store import practice as practices
from app.schedule.store import of_patients
from app.web.opening import OpeningError
from app.web.sample.filling import mrn_of
from app.web.sample.ticking import Played
from app.web.sample.tour import STORIES
from app.web.sampling import fill_sample, tick_sample
from app.web.wiring import wire
from tests.support import make
from tests.support.commands import Ran


@pytest.fixture
def sample(session: Session, monkeypatch: pytest.MonkeyPatch) -> Iterator[Caller]:
    """A filled sample: the stories' patients and twenty ordinary ones."""
    monkeypatch.setattr("app.web.sample.building.PEOPLE", len(STORIES) + 20)
    wire()
    with session.begin():
        practices.save_practice(session, make.PRACTICE_ID, replace(make.practice(), sample=True))
    caller = Caller(session, make.PRACTICE_ID, make.clock(), via="test")
    assert fill_sample(caller)
    yield caller


def badge(caller: Caller, visit_id: str) -> Badge:
    """What a visit shows now."""
    return badge_of_visit([line.badge for line in check_visit(caller, visit_id).lines])


def reasons(caller: Caller, played: Played) -> Counter[Check]:
    """The checks that name the reasons of a patient's lines."""
    patient = by_mrn(caller.session, caller.practice_id, played.mrn)
    assert patient is not None
    visits = of_patients(caller.session, caller.practice_id, [patient])[patient]
    lines = [line for visit in visits for line in check_visit(caller, visit.reference).lines]
    return Counter(line.reason.check for line in lines if line.reason)


def test_a_step_plays_an_answer_a_move_and_a_change_and_each_turns_a_badge(sample: Caller) -> None:
    assert badge(sample, "S-APPROVAL-2") is Badge.WAITING
    answer, move, change = tick_sample(sample)
    assert answer.mrn == mrn_of("S-APPROVAL-2")
    assert badge(sample, "S-APPROVAL-2") is Badge.CLEARED
    assert reasons(sample, move)[Check.DATES] >= 1
    assert reasons(sample, change)[Check.COVERAGE] >= 1


def test_the_next_step_is_about_other_patients(sample: Caller) -> None:
    first, second = tick_sample(sample), tick_sample(sample)
    assert len(first) == len(second) == 3
    assert {(one.sentence, one.mrn) for one in first}.isdisjoint((one.sentence, one.mrn) for one in second)


def test_a_real_practice_has_no_steps(caller: Caller) -> None:
    with pytest.raises(OpeningError, match="filled sample"):
        tick_sample(caller)


def test_the_command_says_what_happened(manage: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.web.sample.building.PEOPLE", len(STORIES) + 20)
    assert manage("sample", "fill").code == 0
    played = manage("sample", "tick")
    assert played.code == 0
    assert len(played.out.splitlines()) == 3
