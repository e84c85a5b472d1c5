"""The job that opens estimates: of cosmetic services booked soon, once, and never again what a person ended."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.booking import store
from app.booking.actions.papers import PaperRefusedError, move_paper
from app.booking.facts.papers import PaperState
from app.booking.jobs import open_estimates
from app.platform.ids import new_id
from app.practice.store import practice as practices
from app.schedule import store as schedule_store
from app.schedule.facts import BillTo, LineSource, VisitRecord
from tests.support import make
from tests.support.desk import TODAY, Booking, Desk
from tests.support.web import equipped


@pytest.fixture
def desk(caller):
    """A practice whose clock stands in the morning of the day."""
    practices.save_practice(caller.session, make.PRACTICE_ID, make.practice())
    return Desk(equipped(replace(caller, clock=make.clock(make.NOW)))).furnish()


def plan(desk, visit, *services):
    """Plan services, each a code, its diagnoses and who pays, in the place of what a visit has."""
    found = schedule_store.visits_by_ids(desk.session, desk.practice_id, [visit])[visit]
    (record,) = schedule_store.records(desk.session, desk.practice_id, [found.reference]).values()
    lines = tuple(
        replace(record.visit.lines[0], id=new_id(), position=n, code=code,
                diagnoses=diagnoses, bill_to=bill_to)
        for n, (code, diagnoses, bill_to) in enumerate(services)
    )  # fmt: skip
    sources = tuple(map(LineSource, range(len(lines))))
    schedule_store.change_visits(
        desk.session, desk.practice_id, [VisitRecord(replace(record.visit, lines=lines), sources)]
    )
    desk.session.commit()


def papers(desk, visit):
    """The papers of a visit."""
    desk.session.rollback()
    return store.of_visit(desk.session, desk.practice_id, visit)


def test_each_cosmetic_service_of_the_next_sixty_days_opens_one_estimate_without_prices(desk):
    mine = (BillTo.INSURANCE,)
    soon, late, paid, medical = desk.book(
        Booking(8, "Abbott", "Lena", "office"),
        Booking(9, "Bauer", "Otto", "office", day=TODAY + timedelta(days=61)),
        Booking(10, "Castillo", "Ana", "office"),
        Booking(11, "Dubois", "Henri", "office"),
    )
    plan(desk, soon, ("99213", ("L40.0",), *mine), ("15788", ("L81.1",), *mine), ("17380", (), *mine))
    plan(desk, late, ("17380", (), *mine))
    plan(desk, paid, ("17380", (), BillTo.SELF_PAY))
    plan(desk, medical, ("15788", ("L57.0",), *mine))
    assert open_estimates(desk.caller) == 1
    (paper,) = papers(desk, soon)
    assert [(line.service, line.cents) for line in paper.lines] == [("15788", None), ("17380", None)]
    assert papers(desk, late) == papers(desk, paid) == papers(desk, medical) == ()
    assert open_estimates(desk.caller) == 0
    with pytest.raises(PaperRefusedError):
        move_paper(desk.caller, paper.id, paper.version, PaperState.GIVEN)
    move_paper(desk.caller, paper.id, paper.version, PaperState.WITHDRAWN)
    assert open_estimates(desk.caller) == 0


def test_an_estimate_that_nobody_priced_is_withdrawn_when_its_service_turns_medical(desk):
    (visit,) = desk.book(Booking(8, "Abbott", "Lena", "office"))
    plan(desk, visit, ("15788", ("L81.1",), BillTo.INSURANCE))
    assert open_estimates(desk.caller) == 1
    plan(desk, visit, ("15788", ("L57.0",), BillTo.INSURANCE))
    assert open_estimates(desk.caller) == 1
    assert [one.state for one in papers(desk, visit)] == [PaperState.WITHDRAWN]
    assert open_estimates(desk.caller) == 0
