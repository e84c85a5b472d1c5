"""The address of the schedule: what is written is read back; what was cut off is named, never guessed."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from app.clearance.facts.reasons import Badge
from app.worklists.facts import NOBODY, Place, ScheduleQuery, Span, days_of
from app.worklists.forms.query import read_query
from app.worklists.views.addresses import write_query

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
PLACES = st.builds(
    lambda at, visit_id: Place(at.date(), at.replace(microsecond=0, tzinfo=UTC), visit_id),
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 12, 31)),
    st.uuids(),
)
QUERIES = st.builds(
    ScheduleQuery,
    st.sampled_from(Span),
    st.none() | DAYS,
    st.none() | st.uuids(),
    st.none() | st.sampled_from(Badge),
    st.none() | st.sampled_from(("1003000126", "1003000142")),
    st.none() | st.uuids() | st.just(NOBODY),
    st.none() | st.uuids(),
    st.none() | PLACES,
    st.none() | PLACES,
    st.none() | st.uuids(),
)


NAMES = ("day", "span", "badge", "site", "provider", "owner", "patient", "visit", "after", "before")


@given(QUERIES)
def test_what_is_written_is_read_back(query):
    form = read_query(write_query(query))
    assert form.query == query
    assert form.errors == {}


@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=60)))
def test_nothing_in_an_address_breaks_the_page(args):
    form = read_query(args)
    for name, text in args.items():
        understood = getattr(form.query, name) not in (None, Span.DAY)
        assert understood or name in form.errors or not text.strip() or text == "day"


def test_changes_replace_parts_and_empty_parts_are_left_out():
    query = ScheduleQuery(Span.WEEK, date(2026, 3, 2), badge=Badge.BLOCKED)
    assert write_query(query, badge=None, span=Span.DAY) == {"day": "2026-03-02"}


@given(DAYS)
def test_a_week_runs_from_monday_to_sunday_and_holds_the_day(day):
    first, last = days_of(Span.WEEK, day)
    assert (first.weekday(), last.weekday(), (last - first).days) == (0, 6, 6)
    assert first <= day <= last
