"""Where a case may go, what a move makes of it, what may follow it, and which tags it has."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.authorizations.facts import UNSENT, AuthorizationRecord, Counting, Item, Kind, Status, Tag
from app.authorizations.rules.chains import linked
from app.authorizations.rules.follow import following
from app.authorizations.rules.moves import (
    DECIDED,
    ENDED,
    GRANTED,
    MOVES,
    NAMES,
    OPEN,
    STAYS,
    IllegalMoveError,
    may_move,
    refuse_illegal,
)
from app.authorizations.rules.requested import asked_of
from app.authorizations.rules.settling import RefusedValueError, moved
from app.authorizations.rules.tags import Left, is_open, tags_of
from app.authorizations.views import KIND_WORDS, STATUS_SENTENCES, STATUS_WORDS, TAG_WORDS
from tests.support import make

TODAY = date(2026, 3, 2)
ITEMS = (Item(("96910",), None, Counting.UNITS, 36, 22), Item(("96912",), None, Counting.UNITS, 10))
CASE = AuthorizationRecord(
    make.an_id(1), make.an_id(2), "", "aetna", "Aetna", Status.DRAFT, "draft", items=ITEMS,
    begins=date(2026, 3, 1), ends=date(2026, 8, 31), diagnoses=("L40.0",), provider_npi=make.NPI,
)  # fmt: skip


def at(status: Status, **values: object) -> AuthorizationRecord:
    return replace(CASE, status=status, **values)


def test_every_state_has_its_moves_words_and_sentence():
    for words in (MOVES, NAMES, STATUS_WORDS, STATUS_SENTENCES):
        assert set(words) == set(Status)
    assert (set(KIND_WORDS), set(TAG_WORDS)) == (set(Kind), set(Tag))
    assert all(status not in to for status, to in MOVES.items())
    assert not OPEN & (DECIDED | ENDED)


def test_a_decision_needs_a_request_that_the_payer_has():
    for status in UNSENT:
        assert not MOVES[status] & {*GRANTED, Status.DENIED, Status.MORE_INFO, Status.IN_APPEAL}


@pytest.mark.parametrize("over", [Status.WITHDRAWN, Status.VOIDED, Status.CLOSED])
def test_nothing_is_decided_on_a_request_that_is_over(over):
    for to in (*DECIDED, Status.SUBMITTED, Status.MORE_INFO, Status.IN_APPEAL, over):
        assert not may_move(at(over), to)
    with pytest.raises(IllegalMoveError, match=r"Start a new request, or correct the step that was wrong\.$"):
        refuse_illegal(at(over), Status.APPROVED)


def test_every_state_can_be_reached_from_a_draft_and_ends():
    reached, waiting = {Status.DRAFT}, [Status.DRAFT]
    while waiting:
        for to in MOVES[waiting.pop()] - reached:
            reached.add(to)
            waiting.append(to)
    assert reached == set(Status)
    assert all(MOVES[one] & ENDED or MOVES[one] for one in Status if one not in ENDED)


def test_staying_is_no_move_and_ends_where_nothing_more_happens():
    assert all(may_move(at(one), one) for one in STAYS)
    assert {one for one in Status if not may_move(at(one), one)} == {*ENDED, Status.WITHDRAWN}


def test_sending_keeps_what_was_asked_and_its_day():
    sent = moved(CASE, Status.SUBMITTED, {"reference": "R-1"}, TODAY)
    assert (sent.raw_status, sent.requested_on, sent.decided_on) == ("submitted", TODAY, None)
    assert [(line.code, line.count) for line in sent.requested] == [("96910", 36), ("96912", 10)]
    assert {line.provider_npi for line in sent.requested} == {make.NPI}
    again = moved(replace(sent, status=Status.READY), Status.SUBMITTED, {}, TODAY)
    assert again.requested == sent.requested
    other = moved(replace(sent, status=Status.READY), Status.SUBMITTED, {"items": (Item(("96900",)),)}, TODAY)
    assert [line.code for line in other.requested] == ["96900"]
    fewer = (Item(("96910",), None, Counting.UNITS, 24), ITEMS[1])
    less = moved(replace(sent, status=Status.READY), Status.SUBMITTED, {"items": fewer, "ends": None}, TODAY)
    assert [line.count for line in less.requested] == [24, 10]


def test_lines_that_were_written_for_a_request_are_kept_as_they_are_sent():
    lines = tuple(replace(line, modifiers=("59",)) for line in asked_of(CASE))
    sent = moved(replace(CASE, requested=lines, begins=date(2026, 3, 9)), Status.SUBMITTED, {}, TODAY)
    assert {(line.modifiers, line.begins) for line in sent.requested} == {(("59",), date(2026, 3, 9))}


def test_a_yes_without_a_number_is_a_spoken_one_until_it_has_one():
    said = moved(at(Status.SUBMITTED), Status.APPROVED, {}, TODAY)
    assert (said.verbal, said.decided_on) == (True, TODAY)
    assert is_open(said)
    numbered = moved(said, Status.APPROVED, {"number": "PA-1"}, TODAY)
    assert not numbered.verbal
    assert not is_open(numbered)
    assert moved(at(Status.SUBMITTED), Status.APPROVED, {"reference": "R-1"}, TODAY).verbal is False
    assert moved(at(Status.SUBMITTED), Status.APPROVED, {"reference": "R-1", "verbal": True}, TODAY).verbal is True
    assert moved(said, Status.DENIED, {}, TODAY).verbal is False


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"begins": date(2026, 3, 2), "ends": date(2026, 3, 1)}, "ends"),
        ({"items": (Item(("96910",), None, Counting.UNITS, 21),)}, "items"),
        ({"decided_on": date(2026, 3, 3)}, "decided_on"),
        ({"decided_on": date(2026, 2, 9)}, "decided_on"),
        ({"requested_on": date(2026, 3, 3)}, "requested_on"),
    ],
)
def test_what_cannot_stand_together_is_refused_beside_its_field(values, field):
    with pytest.raises(RefusedValueError) as refused:
        moved(at(Status.SUBMITTED, requested_on=date(2026, 2, 10)), Status.APPROVED, values, TODAY)
    assert refused.value.field == field
    assert len(refused.value.sentence.split()) > 5


def test_units_used_stay_with_their_codes_and_may_be_used_up():
    granted = moved(
        at(Status.SUBMITTED), Status.APPROVED, {"items": (Item(("96910",), None, Counting.UNITS, 22),)}, TODAY
    )
    assert [item.used for item in granted.items] == [22]


def test_too_early_ends_with_sending():
    early = moved(at(Status.SUBMITTED), Status.READY, {"too_early_until": date(2026, 4, 1)}, TODAY)
    assert tags_of(early, TODAY) == (Tag.TOO_EARLY,)
    assert tags_of(early, date(2026, 4, 1)) == ()
    assert moved(early, Status.SUBMITTED, {}, date(2026, 4, 1)).too_early_until is None


@pytest.mark.parametrize(
    ("kind", "status", "may"),
    [
        (Kind.RENEWAL, Status.APPROVED, True),
        (Kind.RENEWAL, Status.CLOSED, True),
        (Kind.RENEWAL, Status.DENIED, False),
        (Kind.EXTENSION, Status.SUBMITTED, False),
        (Kind.APPEAL, Status.DENIED, True),
        (Kind.APPEAL, Status.PARTLY_APPROVED, True),
        (Kind.APPEAL, Status.APPROVED, False),
        (Kind.STEP_EXCEPTION, Status.DENIED, True),
        (Kind.INITIAL, Status.WITHDRAWN, True),
        (Kind.INITIAL, Status.VOIDED, False),
    ],
)
def test_what_follows_a_case_fits_how_it_stands(kind, status, may):
    if may:
        draft = following(at(status, number="PA-1", verbal=True, note="x", urgent=True), kind, make.an_id(3))
        assert (draft.kind, draft.status, draft.parent_id) == (kind, Status.DRAFT, CASE.id)
        assert (draft.number, draft.begins, draft.ends, draft.note, draft.urgent) == (None, None, None, None, False)
        assert [(item.codes, item.count, item.used) for item in draft.items] == [
            (("96910",), 36, None),
            (("96912",), 10, None),
        ]
    else:
        with pytest.raises(IllegalMoveError):
            following(at(status), kind, make.an_id(3))


def test_a_chain_is_what_hangs_together():
    a, b, c, d, e = (make.an_id(one) for one in range(10, 15))
    links = [(a, None), (b, a), (c, a), (d, c), (e, make.an_id(99))]
    assert linked(links, b) == {a, b, c, d}
    assert linked(links, e) == {e}
    assert linked(links, make.an_id(99)) == frozenset()


@pytest.mark.parametrize(
    ("values", "left", "due", "tags"),
    [
        ({"ends": TODAY}, None, None, [Tag.EXPIRING]),
        ({"ends": TODAY - timedelta(days=1)}, None, None, [Tag.ENDED]),
        ({"ends": TODAY + timedelta(days=60)}, None, None, [Tag.EXPIRING]),
        ({"ends": TODAY + timedelta(days=61)}, None, None, []),
        ({"ends": None}, Left(0), None, [Tag.USED_UP]),
        ({"ends": None}, Left(5), None, [Tag.UNITS_LOW]),
        ({"ends": None}, Left(6, 6), None, []),
        ({"ends": None}, Left(6, 7), None, [Tag.UNITS_LOW]),
        ({"ends": None, "verbal": True}, None, TODAY - timedelta(days=1), [Tag.OVERDUE, Tag.VERBAL]),
        ({"ends": None}, None, TODAY - timedelta(days=1), []),
        ({"ends": None, "number": None}, None, TODAY - timedelta(days=1), [Tag.VERBAL]),
        ({"ends": None, "number": None, "reference": "R-1"}, None, None, []),
        ({"status": Status.SUBMITTED, "urgent": True}, None, TODAY, [Tag.URGENT]),
        ({"status": Status.SUBMITTED, "next_action_on": TODAY - timedelta(days=1)}, None, None, [Tag.OVERDUE]),
        ({"status": Status.DRAFT, "kind": Kind.RENEWAL}, None, None, [Tag.RENEWAL]),
        ({"status": Status.DENIED, "kind": Kind.RETRO, "urgent": True}, Left(0), TODAY, [Tag.RETRO]),
    ],
)
def test_tags_are_derived(values, left, due, tags):
    record = replace(at(Status.APPROVED, number="PA-1", kind=Kind.INITIAL), **values)
    assert list(tags_of(record, TODAY, left, due)) == tags


@pytest.mark.parametrize("word", ["TBD", "verbal", "see notes", "0000", "N/A", "approved by phone", "-", "9", "x-x"])
def test_a_word_in_place_of_a_number_is_dropped_and_the_yes_is_a_spoken_one(word):
    said = moved(at(Status.SUBMITTED), Status.APPROVED, {"number": word, "reference": word}, TODAY)
    assert (said.number, said.reference, said.verbal) == (None, None, True)
