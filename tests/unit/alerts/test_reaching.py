"""Which step is due and when the next is; deadlines as text and back; when a sweep finds more than is believable."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.alerts.facts.notices import SweepState
from app.alerts.rules.breaking import LIMITS, Limits, a_storm, jumped, unbelievable, went_back
from app.alerts.rules.codes import link_code
from app.alerts.rules.packing import pack, unpack, watch_id
from app.alerts.rules.reaching import due_step, next_at, still_told
from app.deadlines.facts import Basis, BasisKind, Clears, Deadline, Reason, Step, Subject, SubjectKind
from app.policies.facts.answers import Confidence

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
DAY = timedelta(days=1)
instants = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
days = st.dates(date(2020, 1, 1), date(2035, 1, 1))
words = st.text(max_size=20)


def deadline(*steps):
    """Make a deadline with steps so many days from now, named by them."""
    made = tuple(Step(str(ahead), NOW + ahead * DAY) for ahead in steps)
    subject = Subject(SubjectKind.AUTHORIZATION, "1")
    return Deadline(subject, Reason.APPROVAL_ENDS, made, "UTC", Clears.RENEWED, Basis(BasisKind.PAYER))


@pytest.mark.parametrize(
    ("steps", "told", "due", "then"),
    [
        ((-30, -7, 5), None, "-7", -7),  # of what was missed only the latest
        ((-30, -7, 5), "-30", "-7", -7),
        ((-30, -7, 5), "-7", None, 5),
        ((-30, -7), "-7", None, None),
        ((5, 9), None, None, 5),
        ((-7, 5), "5", None, None),  # told ahead of time by a clock that stood wrong: never an earlier one again
        ((-7, 5), "of an older date", "-7", -7),
        ((0,), None, "0", 0),  # at its instant
        ((), None, None, None),
    ],
)
def test_the_latest_step_reached_is_due_once(steps, told, due, then):
    made = deadline(*steps)
    found = due_step(made, told, NOW)
    assert (found and found.name) == due
    assert next_at(made, told, NOW) == (None if then is None else NOW + then * DAY)


@given(st.lists(st.integers(-90, 90), unique=True, max_size=6), st.lists(st.integers(0, 40), max_size=20))
def test_however_late_sweeps_come_each_step_is_told_at_most_once_and_in_order(steps, waits):
    made, told, now, names = deadline(*sorted(steps)), None, NOW - 100 * DAY, []
    for wait in [*waits, 400]:
        now += wait * DAY
        step = due_step(made, told, now)
        if step is not None:
            told = step.name
            names.append(int(step.name))
        ahead = next_at(made, told, now)
        assert ahead is None or ahead > now
    assert names == sorted(set(names))
    assert not steps or names[-1] == max(steps)


def test_a_step_stays_told_while_it_is_one_of_the_deadline():
    assert still_told(deadline(-7, 5), "-7") == "-7"
    assert still_told(deadline(-7, 5), "-8") is None


@given(
    st.builds(
        Deadline,
        subject=st.builds(Subject, st.sampled_from(SubjectKind), words),
        reason=st.sampled_from(Reason),
        steps=st.lists(st.builds(Step, words, instants), max_size=4).map(tuple),
        zone=st.sampled_from(["America/New_York", "Pacific/Honolulu"]),
        clears=st.sampled_from(Clears),
        basis=st.builds(
            Basis, st.sampled_from(BasisKind), st.none() | words, words, st.sampled_from(Confidence), st.none() | words
        ),
        due_on=st.none() | days,
        due_at=st.none() | instants,
        site_id=st.none() | st.uuids(),
        patient_id=st.none() | st.uuids(),
        owner_id=st.none() | st.uuids(),
        urgent=st.booleans(),
        counts=st.dictionaries(words, st.integers(-5, 5000), max_size=3),
        again_at=st.none() | instants,
    )
)
def test_a_deadline_is_read_back_as_it_was_written(made):
    assert unpack(pack(made)) == made


def test_a_watch_is_named_by_subject_and_reason_alone():
    subject = Subject(SubjectKind.AUTHORIZATION, "1")
    assert watch_id(subject, Reason.APPEAL) == watch_id(Subject(SubjectKind.AUTHORIZATION, "1"), Reason.APPEAL)
    others = {
        watch_id(subject, Reason.DENIED),
        watch_id(Subject(SubjectKind.PATIENT, "1"), Reason.APPEAL),
        watch_id(Subject(SubjectKind.AUTHORIZATION, "2"), Reason.APPEAL),
    }
    assert len(others | {watch_id(subject, Reason.APPEAL)}) == 4


def test_a_link_is_ten_letters_and_digits_that_follow_its_index():
    codes = {link_code(bytes([number]) * 16) for number in range(256)}
    assert len(codes) == 256
    assert all(len(code) == 10 and code.isalnum() and not set(code) & set("ILOU") for code in codes)


@pytest.mark.parametrize(
    ("state", "due", "stops"),
    [
        (SweepState(), 10, False),  # the first sweep ever
        (SweepState(), 11, True),
        (SweepState(swept_at=NOW - DAY), 10, False),
        (SweepState(swept_at=NOW - 12 * DAY), 10, False),  # closed over the holidays
        (SweepState(swept_at=NOW - 365 * DAY), 1, True),
        (SweepState(swept_at=NOW - 365 * DAY), 0, False),
        (SweepState(swept_at=NOW - 365 * DAY, let_at=NOW - DAY / 48), 1000, False),  # a person looked
        (SweepState(swept_at=NOW - 365 * DAY, let_at=NOW - DAY), 1, True),  # a day ago
        (SweepState(swept_at=NOW - 365 * DAY, let_at=NOW + DAY), 1, True),
    ],
)
def test_a_jump_of_the_clock_or_far_too_much_stops_a_sweep(state, due, stops):
    assert unbelievable(state, due, NOW, Limits(due=10)) is stops


def test_a_storm_of_notices_is_held_and_a_clock_set_back_is_seen():
    assert a_storm(SweepState(), LIMITS.notices + 1, NOW, LIMITS)
    assert not a_storm(SweepState(), LIMITS.notices, NOW, LIMITS)
    assert not a_storm(SweepState(let_at=NOW), 10**6, NOW, LIMITS)
    assert went_back(SweepState(swept_at=NOW + timedelta(hours=1)), NOW)
    assert not went_back(SweepState(swept_at=NOW + timedelta(minutes=2)), NOW)
    assert jumped(SweepState(swept_at=NOW - 30 * DAY), NOW)
    assert not jumped(SweepState(swept_at=NOW - 29 * DAY), NOW)
