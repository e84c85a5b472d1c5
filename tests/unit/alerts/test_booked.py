"""The clocks of an approval are the same, whether lines are called back from what is stored or judged just now."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from hypothesis import given, settings

from app.alerts.rules.approvals import approval_facts, is_live, must_be_judged
from app.alerts.rules.booked import Book, recalled
from app.clearance.facts.stored import Stored
from app.clearance.rules.packing import pack
from app.deadlines.facts import About
from app.deadlines.rules.ends import approval_ends, renewal_due
from app.deadlines.rules.units import units_low
from app.schedule.facts import VisitStatus
from tests.support.any_file import CASES
from tests.support.judging import TODAY, a_count, a_file, a_line, a_visit, an_approval, verdict_of

ZONE = "America/New_York"
SINCE = datetime(2026, 1, 1, tzinfo=UTC)


def _stored(lines, changes_on=None):
    by_visit = {}
    for line in lines:
        by_visit.setdefault(line.visit.id, []).append(line)
    return {
        found[0].visit.id: Stored(
            found[0].badge,
            pack(found),
            changes_on,
            found[0].visit.day,
            found[0].visit.starts_at,
            found[0].visit.site_id,
            "v1",
            SINCE,
        )
        for found in by_visit.values()
        if found[0].visit.status is VisitStatus.BOOKED
    }


def _books(file, lines, as_of):
    """The patient's book from what is stored, and judged."""
    visits = tuple(sorted(file.visits, key=lambda one: (one.starts_at, one.reference)))
    called = recalled(visits, _stored(lines), file.authorizations, lambda _site: as_of)
    base = Book(file.patient.id, file.authorizations, visits, (), judged=False, day=as_of, today=lambda _site: as_of)
    return replace(base, lines=called or (), unknown=called is None), replace(base, lines=tuple(lines), judged=True)


def _clocks(row, book, now):
    if not is_live(row, book):
        return ()
    facts = approval_facts(row, About(row.id, ZONE), book, None)
    return approval_ends(facts, now), renewal_due(facts, now), units_low(facts, now)


@settings(max_examples=300, deadline=None)
@given(CASES)
def test_called_back_and_judged_lines_give_the_same_clocks(case):
    lines = sorted(case.judged().lines, key=lambda one: (one.visit.starts_at, one.visit.reference, one.line.position))
    called, judged = _books(case.file, lines, case.as_of)
    if called.unknown:
        return
    now = datetime.combine(case.as_of, time(17), tzinfo=UTC)
    for row in case.file.authorizations:
        if not must_be_judged(row, called):
            assert _clocks(row, called, now) == _clocks(row, judged, now)


def _light(used, *visits):
    row = an_approval(1, items=(a_count("96910", count=36, used=used),), used_on=TODAY - timedelta(days=20))
    file = a_file(*visits, authorizations=(row,))
    lines = verdict_of(file).lines
    return row, *_books(file, lines, TODAY)


def _visit(number, days, status=VisitStatus.BOOKED):
    return a_visit(a_line(), day=TODAY + timedelta(days=days), number=number, status=status)


def test_done_visits_since_the_count_make_judging_necessary_only_where_units_could_be_low():
    done, booked = _visit(1, -3, VisitStatus.DONE), _visit(2, 3)
    row, called, judged = _light(30, done)
    assert must_be_judged(row, called)
    assert not must_be_judged(row, judged)
    row, called, _ = _light(20, done)
    assert not must_be_judged(row, called)
    row, called, _ = _light(30, done, booked)
    assert not must_be_judged(row, called)


def test_a_visit_that_was_not_judged_or_not_for_today_makes_judging_necessary():
    file = a_file()
    lines = verdict_of(file).lines

    def called(stored):
        return recalled(file.visits, stored, file.authorizations, lambda _site: TODAY)

    assert called(_stored(lines)) is not None
    assert called({}) is None
    assert called(_stored(lines, TODAY)) is None
    assert called(_stored(lines, TODAY + timedelta(days=1))) is not None
