"""The current state is made anew of the history, whatever happened."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from app.authorizations.facts import (
    AuthorizationEvent,
    AuthorizationRecord,
    Counting,
    Item,
    Kind,
    RequestedLine,
    Status,
)
from app.authorizations.rules.changes import changes_of
from app.authorizations.rules.history import divergences, rebuilt, struck, undone_by
from app.authorizations.rules.items import key_of
from app.values.insurance import Channel
from tests.support import make

AT = datetime(2026, 3, 2, 15, tzinfo=UTC)
days = st.none() | st.dates(date(2020, 1, 1), date(2030, 12, 31))
words = st.none() | st.text(min_size=1, max_size=8)
counts = st.none() | st.integers(0, 400)
codes = st.sampled_from([("96910",), ("96910", "96912"), ("*",)])
items = st.lists(st.builds(Item, codes, st.none(), st.just(Counting.UNITS), counts, counts), max_size=2).map(tuple)
modifiers = st.sampled_from([(), ("25", "59")])
asked = st.builds(RequestedLine, code=st.sampled_from([None, "96910"]), count=counts, begins=days, modifiers=modifiers)
lines = st.lists(asked, max_size=2).map(tuple)
records = st.builds(
    AuthorizationRecord,
    id=st.just(make.an_id(1)), patient_id=st.just(make.an_id(2)), natural_key=st.just(""),
    payer=st.sampled_from(["aetna", "cigna"]), payer_name=st.sampled_from(["Aetna", "Cigna"]),
    status=st.sampled_from(Status), raw_status=st.text(max_size=5), kind=st.sampled_from(Kind), items=items,
    drug=words, ndc=words, member_id=words, plan=words, plan_id=words, group_number=words, number=words,
    reference=words, begins=days, ends=days, no_end=st.booleans(), diagnoses=st.sampled_from([(), ("L40.0", "L20.9")]),
    provider_npi=words, provider_group=words, provider_binds=st.booleans(),
    site_id=st.none() | st.just(make.an_id(5)), places=st.sampled_from([(), ("11", "22")]),
    channel=st.none() | st.sampled_from(Channel), urgent=st.booleans(), requested_on=days, decided_on=days,
    denial_reason=words, used_on=days, owner=words, next_action=words, next_action_on=days, submitted_by_channel=words,
    representative=words, call_reference=words, note=words, requested=lines,
    parent_id=st.none() | st.just(make.an_id(6)), verbal=st.booleans(), too_early_until=days,
)  # fmt: skip


def event(number: int, changes: dict[str, list[str | None]]) -> AuthorizationEvent:
    return AuthorizationEvent(make.an_id(100 + number), make.an_id(1), AT, "web", None, changes)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(records, min_size=1, max_size=5))
def test_any_history_rebuilds_what_it_led_to(states):
    events = [event(0, changes_of(None, states[0]))]
    events += [event(n + 1, changes_of(old, new)) for n, (old, new) in enumerate(pairwise(states))]
    told = rebuilt(events)
    assert told is not None
    assert told.untold == frozenset()
    assert told.record == replace(states[-1], natural_key=key_of(states[-1]))
    assert divergences(events, states[-1]) == ()


def test_what_old_events_kept_no_value_of_is_said_to_be_untold():
    first = {
        "payer": [None, "aetna"],
        "payer_name": [None, "Aetna"],
        "status": [None, "approved"],
        "member_id": [None, None],
    }
    told = rebuilt([event(0, first)])
    assert told is not None
    assert told.untold == {"member_id", "patient_id"}
    now = replace(told.record, patient_id=make.an_id(2), member_id="W1")
    assert divergences([event(0, first)], now) == ()
    assert divergences([event(0, first)], replace(now, number="PA-1")) == ("number",)
    later = event(1, {"member_id": ["W1", "W2"]})
    assert rebuilt([event(0, first), later]).untold == {"patient_id"}


def test_a_history_without_a_beginning_tells_only_what_it_changed():
    told = rebuilt([event(1, {"ends": ["2026-06-30", "2026-07-31"]})])
    assert told is not None
    assert "number" in told.untold
    assert "ends" not in told.untold
    assert rebuilt([]) is None
    assert divergences([], told.record) == ("events",)


def test_an_event_is_taken_back_though_something_was_said_since_of_what_comes_next():
    logged = event(0, {"patient_id": [None, "x"], "payer": [None, "aetna"], "status": [None, "submitted"]})
    decided = event(1, {"status": ["submitted", "denied"], "next_action": ["Ask", None]})
    steered = event(2, {"next_action": [None, "Appeal"], "next_action_on": [None, "2026-03-09"]})
    numbered = event(3, {"number": [None, "PA-1"]})
    assert undone_by([logged, decided, steered], decided.id) == {"status": Status.SUBMITTED}
    assert undone_by([logged, decided], decided.id) == {"status": Status.SUBMITTED, "next_action": "Ask"}
    assert undone_by([logged, decided, steered, numbered], decided.id) is None
    assert undone_by([logged, steered], logged.id) == {"status": Status.VOIDED}
    assert undone_by([logged, decided], logged.id) is None
    assert undone_by([logged, decided], numbered.id) is None
    undo = event(4, {"next_action": [None, "Ask"], "corrects": [None, str(steered.id)]})
    assert undone_by([logged, decided, steered, undo], steered.id) is None


def test_a_correction_strikes_what_it_names_and_one_that_is_corrected_strikes_nothing():
    wrong = event(1, {"status": ["submitted", "denied"]})
    undo = event(2, {"status": ["denied", "submitted"], "corrects": [None, str(wrong.id)]})
    redo = event(3, {"status": ["submitted", "denied"], "corrects": [None, str(undo.id)]})
    assert struck([wrong, undo]) == {wrong.id}
    assert struck([wrong, undo, redo]) == {undo.id}
