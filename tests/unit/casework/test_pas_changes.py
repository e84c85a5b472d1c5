"""A change of a request: what it says, what is wrong with it, what is asked for after it, and what goes along."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.authorizations.facts import Counting, Item, RequestedLine, Status
from app.casework.facts.pas import GoesAlong, PasAct, PasExchange, PasState
from app.casework.rules.pas_changes import (
    ALL_AWAY,
    NOTHING,
    PasChange,
    asked_after,
    cancels,
    faults_of,
    is_asked,
    items_after,
    span_after,
    told,
)
from app.casework.rules.pas_papers import megabytes, packet_papers, too_large
from app.casework.rules.pas_thread import may_change, thread_of
from app.documents.facts import Cover, Document, DocumentKind, LetterKind, LetterVersion, MediaType, Packet
from app.standards.fhir.pas_facts import LineChange, SentLine
from tests.support import make

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
FIRST, LAST = date(2026, 3, 9), date(2026, 8, 31)
SENT = (SentLine(1, "96910", "36", "UN", FIRST, LAST), SentLine(2, "J0135", "2", "VS"))
ASKED = (
    RequestedLine(code="96910", counting=Counting.UNITS, count=36, begins=FIRST, ends=LAST),
    RequestedLine(code="J0135", counting=Counting.VISITS, count=2),
)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (PasChange(), NOTHING),
        (PasChange(lines=cancels(SENT)), ALL_AWAY),
        (PasChange(lines=(LineChange(1, ends=date(2026, 3, 1)),)), "96910: the last day comes before the first."),
    ],
)
def test_what_keeps_a_change_from_going_is_said(change, sentence):
    assert faults_of(SENT, change) == (sentence,)


def test_a_change_is_told_in_sentences():
    lines = (LineChange(1, quantity=1, ends=date(2026, 6, 30)), LineChange(2, canceled=True))
    change = PasChange(lines, urgent=True, note="Soon")
    assert told(SENT, change, (GoesAlong("Photo", 3, make.an_id(1)),)) == (
        "96910: 1 unit in place of 36.",
        "96910: last day 06/30/2026 in place of 08/31/2026.",
        "J0135 is taken back.",
        "The request is marked as urgent.",
        "Document added: Photo.",
        "Words to the payer: Soon",
    )


@given(st.integers(1, 999), st.booleans())
def test_a_case_asks_for_what_the_payer_has_after_a_change(count, away):
    after = (replace(SENT[0], quantity=str(count)), replace(SENT[1], canceled=away))
    found = asked_after(ASKED, SENT, after)
    assert found is not None
    assert [line.count for line in found] == ([count] if away else [count, 2])
    assert is_asked(found, after)
    items = (Item(("96910",), None, Counting.UNITS, 36), Item(("J0135",), None, Counting.VISITS, 2))
    assert [item.count for item in items_after(items, found)] == [line.count for line in found]
    assert span_after(found) == (FIRST, LAST)


@pytest.mark.parametrize("other", [ASKED[:1], (ASKED[1], ASKED[0]), ()])
def test_a_case_with_other_lines_than_were_sent_is_left_to_a_person(other):
    assert asked_after(other, SENT, SENT) is None


def message(number, act, state=PasState.ANSWERED):
    """A message, later the higher its number."""
    return PasExchange(make.an_id(number), make.an_id(1), act, "main", state, NOW + timedelta(hours=number), None, b"")


ANSWERED, REFUSED, UNCLEAR = PasState.ANSWERED, PasState.REFUSED, PasState.UNCLEAR


@pytest.mark.parametrize(
    ("acts", "able", "taken", "doubt"),
    [
        ([], False, None, None),
        ([(PasAct.SUBMIT, ANSWERED)], True, 1, None),
        ([(PasAct.SUBMIT, UNCLEAR)], False, None, 1),
        ([(PasAct.SUBMIT, ANSWERED), (PasAct.INQUIRE, UNCLEAR)], True, 1, None),
        ([(PasAct.SUBMIT, ANSWERED), (PasAct.UPDATE, REFUSED)], True, 1, None),
        ([(PasAct.SUBMIT, ANSWERED), (PasAct.UPDATE, UNCLEAR)], False, 1, 2),
        ([(PasAct.SUBMIT, ANSWERED), (PasAct.UPDATE, ANSWERED)], True, 2, None),
        ([(PasAct.SUBMIT, ANSWERED), (PasAct.CANCEL, ANSWERED)], False, 2, None),
        ([(PasAct.SUBMIT, ANSWERED), (PasAct.UPDATE, ANSWERED), (PasAct.SUBMIT, ANSWERED)], True, 3, None),
    ],
)
def test_how_a_request_stands_follows_from_its_messages(acts, able, taken, doubt):
    messages = [message(at, *one) for at, one in enumerate(acts, start=1)][::-1]
    thread = thread_of(messages)
    numbers = {one.id: at for at, one in enumerate(messages[::-1], start=1)}
    named = [None if one is None else numbers[one.id] for one in (thread.taken, thread.doubt)]
    assert named == [taken, doubt]
    assert may_change(thread, Status.SUBMITTED) is able
    assert not may_change(thread, Status.DENIED)


def document(number, size=10, kind=DocumentKind.CHART_NOTE, removed=None):
    """A document of a patient, whose name nobody outside may read."""
    named = ("Henri Dubois.pdf", size, "0" * 64, 1, NOW, None, date(2026, 3, 1), None, removed)
    return Document(make.an_id(number), make.an_id(2), kind, MediaType.PDF, *named)


def test_what_goes_along_is_named_without_the_name_that_people_gave_it():
    parts = {one.id: one for one in (document(5), document(6, removed=NOW), document(9, kind=DocumentKind.PACKET))}
    packet = Packet(make.an_id(9), make.an_id(1), "acme", Cover(), NOW, None, (make.an_id(6), make.an_id(5)))
    letter = LetterVersion(
        make.an_id(8), make.an_id(1), make.an_id(2), LetterKind.MEDICAL_NECESSITY, 1, NOW, None, "Dear"
    )
    titles = [one.title for one in packet_papers(packet, parts, letter)]
    assert titles == ["Letter of the practice", "Chart note of 03/01/2026"]
    assert [one.document_id for one in packet_papers(replace(packet, form="f"), parts, letter)] == [make.an_id(9)]
    assert packet_papers(None, {}, None) == ()


@given(st.lists(st.integers(1, 30 * 2**20), max_size=4), st.integers(0, 20), st.integers(0, 20 * 2**20))
def test_too_large_is_said_exactly_when_it_is(sizes, limit, before):
    papers = [GoesAlong("Note", size, make.an_id(1)) for size in sizes]
    fits = not sizes or (limit > 0 and sum(sizes) + before <= limit * 2**20)
    assert (too_large(papers, limit * 2**20, before) is None) is fits


@pytest.mark.parametrize(("size", "words"), [(1, "0.1 MB"), (2**20, "1 MB"), (2**20 + 1, "1.1 MB")])
def test_a_size_is_rounded_up(size, words):
    assert megabytes(size) == words
