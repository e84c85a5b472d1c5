"""How long an approval carries planned care: equal to counting it out by hand, and quick."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from time import thread_time

from hypothesis import given, settings
from hypothesis import strategies as st

from app.authorizations.facts import Authorization, Counting, Item, Status
from app.deadlines.rules.runout import Fit, Planned, Why, run_out, walk
from app.schedule.facts import ServiceLine, Visit, VisitStatus
from app.values.spans import Duration
from tests.support.make import an_id

TODAY = date(2026, 3, 2)
CODES = ("96910", "96912", "J0585")
PATIENT, SITE = an_id(3), an_id(1)


def day(offset):
    """A day by its distance from today."""
    return TODAY + timedelta(days=offset)


def an_approval(which=1, /, **changes):
    """An approval of 36 units for the first half of the year."""
    base = Authorization(an_id(400 + which), PATIENT, "acme", "Acme", Status.APPROVED, number=f"A{which}",
                         items=(Item(("96910",), None, Counting.UNITS, 36),),
                         begins=date(2026, 1, 1), ends=date(2026, 6, 30))  # fmt: skip
    return replace(base, **changes)


def a_visit(number, on, *lines, status=VisitStatus.BOOKED):
    """A visit with its lines."""
    starts = datetime.combine(on, time(15), UTC)
    return Visit(an_id(1000 + number), f"V{number:04}", PATIENT, SITE, starts, on, status, lines)


def a_line(code="96910", units=1, position=0):
    """A planned service."""
    return ServiceLine(an_id(5000 + position), position, code, units)


# --- counted out by hand: every question is answered by going over all that was given so far ---


def by_hand_takes(visit, approval, used):
    """Does a line use something up now?"""
    if visit.status is VisitStatus.BOOKED:
        return True
    stated = used is not None and approval.used_on is not None and visit.day <= approval.used_on
    return visit.status is VisitStatus.DONE and not stated


def by_hand_left(approval, place, given_, visit):
    """What is left of an item: what was approved less what the file says less each line on the list."""
    item = approval.items[place]
    left = item.count - (item.used or 0)
    if item.counting is Counting.VISITS:
        others = {one["visit"] for one in given_ if one["of"] == (approval.id, place)} - {visit.id}
        return max(0, left - len(others))
    return max(0, left - sum(one["units"] for one in given_ if one["of"] == (approval.id, place)))


def by_hand_inside(row, on):
    """Is a day inside a span of which both ends are known?"""
    if row.begins is None or on < row.begins:
        return False
    return row.no_end if row.ends is None else on <= row.ends


def by_hand_place(fit, given_, visit):
    """The item that a line falls under: the first without a count, else the one with most left."""
    items = fit.approval.items
    counted = [p for p in fit.items if items[p].counting in (Counting.UNITS, Counting.VISITS)]
    free = [p for p in fit.items if p not in counted]
    if free:
        return free[0]
    return max(counted, key=lambda p: (by_hand_left(fit.approval, p, given_, visit), -p), default=None)


def by_hand_warns(planned, fit, place, given_):
    """How many warnings an approval has on a line; None where its units are too few."""
    visit, row = planned.visit, fit.approval
    item = None if place is None else row.items[place]
    if item is None or item.counting is Counting.UNKNOWN:
        so_far = sum(one["of"][0] == row.id and one["single"] for one in given_)
        return fit.warns + (so_far > 1 or (so_far == 1 and by_hand_takes(visit, row, None)))
    if item.counting is not Counting.NOT_COUNTED and by_hand_takes(visit, row, item.used):
        needs = 1 if item.counting is Counting.VISITS else planned.line.units
        return fit.warns if by_hand_left(row, place, given_, visit) >= needs else None
    return fit.warns


def by_hand_one(planned, fits, given_):
    """Try every approval and item on one line; note what the best of them gives."""
    visit, found = planned.visit, []
    for fit in fits:
        row, place = fit.approval, by_hand_place(fit, given_, planned.visit)
        warns = by_hand_warns(planned, fit, place, given_)
        if warns is not None and by_hand_inside(row, visit.day):
            number = row.number or row.reference or "\uffff"
            found.append(((warns, row.ends or date.max, row.begins, number, row.id.hex), row, place))
    if not found:
        return None
    _order, row, place = min(found, key=lambda one: one[0])
    item = None if place is None else row.items[place]
    if by_hand_takes(visit, row, None if item is None else item.used):
        single = item is None or item.counting is Counting.UNKNOWN
        given_.append({"of": (row.id, place), "visit": visit.id, "units": planned.line.units, "single": single})
    return row


def by_hand(approval, series):
    """Every booked visit of the approval from today on, with whether something carries all its lines."""
    given_, told = [], {}
    for planned in series:
        held = by_hand_one(planned, planned.fits, given_)
        for fits in planned.further:
            by_hand_one(planned, fits, given_)
        mine = any(fit.approval.id == approval.id for fit in planned.fits)
        if mine and planned.visit.status is VisitStatus.BOOKED and planned.visit.day >= TODAY:
            carried = held is not None and not planned.over
            told[planned.visit.day, planned.visit.id] = (
                told.get((planned.visit.day, planned.visit.id), True) and carried
            )
    return told


# --- random series ---


def a_random_item(draw):
    counting = draw.choice((Counting.UNITS, Counting.UNITS, Counting.VISITS, Counting.UNKNOWN, Counting.NOT_COUNTED))
    counted = counting in (Counting.UNITS, Counting.VISITS)
    count = draw.randint(1, 8) if counted else None
    used = draw.choice((None, 0, draw.randint(0, count))) if counted else None
    return Item((draw.choice(CODES),), None, counting, count, used)


def a_random_approval(draw, number):
    begins = draw.choice((None, *[day(draw.randint(-40, 10))] * 6))
    ends = draw.choice((None, *[(begins or TODAY) + timedelta(days=draw.randint(0, 60))] * 6))
    return an_approval(
        number,
        items=tuple(a_random_item(draw) for _ in range(draw.choice((0, 1, 1, 1, 2)))),
        begins=begins,
        ends=ends,
        no_end=ends is None and draw.random() < 0.5,
        number=draw.choice((None, f"A{draw.randint(1, 3)}")),
        used_on=draw.choice((None, day(-5), day(-1))),
    )


def a_random_series(draw):
    """One to three approvals and some visits, each line with the approvals that may stand for it."""
    approvals = [a_random_approval(draw, number) for number in range(draw.randint(1, 3))]
    series, place = [], 0
    for number, offset in enumerate(sorted(draw.randint(-20, 50) for _ in range(draw.randint(1, 10)))):
        on = day(offset)
        states = (VisitStatus.DONE, VisitStatus.BOOKED) if on < TODAY else (VisitStatus.BOOKED,)
        lines = [a_line(draw.choice(CODES), draw.choice((1, 1, 2, 3)), p) for p in range(draw.choice((1, 1, 2)))]
        visit = a_visit(number, on, *lines, status=draw.choice(states))
        for line in lines:
            place += 1
            series.append(
                Planned(visit, line, some_fits(draw, approvals), further_fits(draw, approvals), place % 9 == 0)
            )
    return approvals, series


def some_fits(draw, approvals):
    chosen = [row for row in approvals if draw.random() < 0.8]
    return tuple(
        Fit(row, tuple(p for p in range(len(row.items)) if draw.random() < 0.8), draw.choice((0, 0, 1)))
        for row in chosen
    )


def further_fits(draw, approvals):
    return (some_fits(draw, approvals),) if draw.random() < 0.1 else ()


@settings(max_examples=10_000, deadline=None)
@given(st.integers(0, 2**48))
def test_it_equals_counting_by_hand(seed):
    draw = Random(seed)
    approvals, series = a_random_series(draw)
    walked = walk(series)
    lead = Duration(draw.choice((7, 30)), "day")
    for approval in approvals:
        found, told = run_out(approval, walked, lead, TODAY), by_hand(approval, series)
        short = [on for (on, _visit), carried in told.items() if not carried]
        first = short[0] if short else None
        before = [on for (on, _visit), carried in told.items()][: list(told.values()).index(False) if short else None]
        assert (found.covered, found.short) == (len(told) - len(short), len(short))
        assert (found.first_short and found.first_short.day) == first
        assert (found.last_covered and found.last_covered.day) == (before[-1] if before else None)
        assert (found.ask_by is None) is (first is None)
        if found.turn is not None:
            assert found.ask_by == found.turn - timedelta(days=lead.value)
            assert found.turn <= first


def test_a_line_on_the_last_day_is_covered_and_on_the_next_is_not():
    approval = an_approval(ends=day(10))
    fits = (Fit(approval, (0,)),)
    series = [Planned(a_visit(n, day(n), a_line()), a_line(), fits) for n in (10, 11)]
    found = run_out(approval, walk(series), Duration(3, "week"), TODAY)
    assert (found.last_covered.day, found.first_short.day, found.first_short.why) == (day(10), day(11), Why.AFTER)
    assert found.ask_by == day(10) - timedelta(days=21)


def test_nothing_is_asked_for_while_nothing_is_short():
    approval = an_approval()
    series = [Planned(a_visit(n, day(n), a_line()), a_line(), (Fit(approval, (0,)),)) for n in range(1, 4)]
    found = run_out(approval, walk(series), Duration(30, "day"), TODAY)
    assert (found.first_short, found.turn, found.ask_by, found.left) == (None, None, None, (33,))


def test_36_visits_take_less_than_a_millisecond():
    approval = an_approval(items=(Item(("96910",), None, Counting.UNITS, 30),))
    other = an_approval(2, items=(Item(("96910",), None, Counting.UNITS, 2),))
    fits = (Fit(approval, (0,)), Fit(other, (0,)))
    series = [Planned(a_visit(n, day(n * 2), a_line()), a_line(), fits) for n in range(36)]
    best = min(_timed(approval, series) for _ in range(30))
    assert run_out(approval, walk(series), Duration(30, "day"), TODAY).short == 4
    assert best < 0.001


def _timed(approval, series):
    begun = thread_time()
    run_out(approval, walk(series), Duration(30, "day"), TODAY)
    return thread_time() - begun
