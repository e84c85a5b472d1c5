"""An ordinary day: what is not known is asked once for each payer and service, and once answered the day is green."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from app.clearance.actions.answering import Asking, clear_visits
from app.clearance.facts.answered import AnsweredVisit
from app.clearance.facts.questions import QuestionKind
from app.clearance.facts.reasons import Badge
from app.clearance.rules.badges import badge_of_visit
from app.clearance.store import questions
from app.platform.caller import Caller
from app.platform.ids import new_id
from app.policies.actions.routine import confirm_routine_of_several, read_offer
from app.policies.facts.answers import BasisKind, Need
from app.policies.facts.desk import Basis, RoutineWord
from app.policies.rules.routine import last_day_of_rule
from app.practice.store import practice as practices
from app.web.sample.clinic import PAYERS
from app.web.sampling import fill_sample
from app.web.wiring import wire
from tests.support import make

DAY = date(2026, 3, 2)
WEEK = (DAY, DAY + timedelta(days=6))


@pytest.fixture
def sample(session: Session, monkeypatch: pytest.MonkeyPatch) -> Iterator[Caller]:
    """The whole sample practice, whose routine services nobody has confirmed yet."""
    monkeypatch.setattr("app.web.sample.filling.confirm_routine", lambda *_words: None)
    wire()
    with session.begin():
        practices.save_practice(session, make.PRACTICE_ID, replace(make.practice(), sample=True))
    caller = Caller(session, make.PRACTICE_ID, make.clock(), via="test")
    assert fill_sample(caller)
    yield caller


def badges(found: list[AnsweredVisit]) -> Counter[Badge]:
    """Count the badges of insured visits."""
    shown = [badge_of_visit([line.badge for line in one.lines]) for one in found]
    return Counter(badge for badge in shown if badge is not Badge.SELF_PAY)


def test_routine_services_confirmed_once_make_an_ordinary_day_green(sample: Caller) -> None:
    before = list(clear_visits(sample, Asking(*WEEK)))
    assert badges(before)[Badge.NOT_CHECKED] > badges(before)[Badge.CLEARED]
    open_questions = questions.listed(sample.session, sample.practice_id, QuestionKind.NEED, None, 1000)
    asked = Counter(one.key.parts for one in open_questions)
    assert asked
    assert set(asked.values()) == {1}
    assert {payer for payer, _service in asked} <= {payer.key for payer in PAYERS}
    offer = read_offer(sample)
    word = RoutineWord(
        once=new_id(),
        payers=tuple(payer.key for payer in PAYERS),
        codes=frozenset(code for group in offer.groups for code in group.codes),
        basis=Basis(BasisKind.LIST, "Code list of this year", DAY),
        until=last_day_of_rule(DAY),
    )
    done = confirm_routine_of_several(sample, word)
    assert done.visits_changed > 100
    for days in ((DAY, DAY), WEEK):
        after = list(clear_visits(sample, Asking(*days)))
        found = badges(after)
        assert found[Badge.CLEARED] / found.total() >= 0.7
        assert found[Badge.NOT_CHECKED] / found.total() <= 0.1
        for line in (line for one in after for line in one.lines if line.badge is Badge.CLEARED):
            needed = line.requirement is not None and line.requirement.need is not Need.NOT_REQUIRED
            assert not needed or line.chosen is not None
    left = questions.listed(sample.session, sample.practice_id, QuestionKind.NEED, None, 1000)
    assert len(left) < len(open_questions) / 3
