"""What messages tell, field by field: the last word counts, in whatever order they come."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from app.imports.intake.feeds import read_appointment, read_person
from app.imports.rules.telling import SEEN, Stamp, joined, stamp_of, tell, value_of

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
ZONE = ZoneInfo("America/New_York")
VALUES = st.dictionaries(st.sampled_from("abc"), st.sampled_from([None, 1, 2, "x", ["y", None]]), max_size=3)
STAMPS = st.builds(Stamp, st.sampled_from(["1", "2", "3"]), st.sampled_from(["", "C1", "C2"]))
MESSAGES = st.lists(st.tuples(STAMPS, VALUES), max_size=6)


def all_told(messages):
    told = {}
    for stamp, values in messages:
        told = tell(told, stamp, values).told
    return told


@settings(max_examples=100)
@given(MESSAGES, st.randoms(use_true_random=False))
def test_every_order_tells_the_same(messages, random):
    shuffled = list(messages)
    random.shuffle(shuffled)
    assert all_told(shuffled) == all_told(messages) == all_told([*messages, *shuffled])


@settings(max_examples=100)
@given(MESSAGES, MESSAGES)
def test_two_records_put_together_tell_what_one_would(one, other):
    both = {field: entry for field, entry in all_told([*one, *other]).items() if field != SEEN}
    put = {field: entry for field, entry in joined(all_told(one), all_told(other)).items() if field != SEEN}
    assert put == both


def test_a_message_wins_the_fields_that_nobody_told_later():
    first = tell({}, Stamp("2", "C2"), {"a": 1, "b": 1, "c": None})
    assert (first.won, first.changed, first.repeated) == ({"a", "b"}, {"a", "b"}, False)
    late = tell(first.told, Stamp("1", "C1"), {"a": 9, "c": 3})
    assert (late.won, value_of(late.told, "a"), value_of(late.told, "c")) == ({"c"}, 1, 3)
    same = tell(late.told, Stamp("3", "C3"), {"a": 1})
    assert (same.won, same.changed) == ({"a"}, frozenset())
    assert tell(same.told, Stamp("3", "C3"), {"a": 1}).repeated
    assert not tell(same.told, Stamp("0", "C0"), {"a": 1}).repeated


def test_when_a_message_was_sent():
    assert stamp_of("2026-03-01T08:00:00-05:00", "C1", NOW, ZONE) == Stamp("2026-03-01T13:00:00.000000+00:00", "C1")
    assert stamp_of("2026-03-01T08:00:00", "C1", NOW, ZONE).at.startswith("2026-03-01T13:00:00")
    for unknown in (None, "yesterday", 5):
        assert stamp_of(unknown, None, NOW, ZONE) == Stamp("2026-03-02T15:00:00.000000+00:00", "")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["2026-03-09T10:00:00", "new"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
APPOINTMENTS = st.dictionaries(
    st.sampled_from(
        ["appointment_id", "starts_at", "status", "action", "locations", "patient", "provider", "services"]
    ),
    ANYTHING | st.fixed_dictionaries({"mrn": ANYTHING, "birth_date": ANYTHING, "npi": ANYTHING, "code": ANYTHING}),
)
PEOPLE = st.dictionaries(
    st.sampled_from(["event", "patient", "merged_mrn", "coverages"]),
    ANYTHING | st.lists(st.fixed_dictionaries({"payer": ANYTHING, "begins": ANYTHING, "ends": ANYTHING}), max_size=4),
)


@settings(max_examples=100)
@given(APPOINTMENTS, PEOPLE)
def test_no_record_crashes_its_reader(appointment, person):
    told = read_appointment(appointment)
    assert set(told.values) == {"start", "status", "places", "provider", "services", "mrn"}
    assert all(value is not None for name, value in read_person(person).values.items() if name.startswith("c"))
