"""Documents are recognised by what they hold; whatever bytes come, they are read or refused by a named reason."""

from io import BytesIO
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.standards import reading
from app.standards.errors import Fault, ReadingError
from app.standards.reading import documents
from app.standards.x12.facts import Transaction
from app.standards.x12.reader import transactions
from tests.standards.x12.test_eligibility_answers import ABOVE, MEMBER
from tests.support.edi import edi

ANSWERS = edi(ABOVE + MEMBER + "EB*1**30", ABOVE + MEMBER + "EB*6**30", set_id="271", version="005010X279A1")


def refusal(content: bytes) -> ReadingError:
    with pytest.raises(ReadingError) as caught:
        list(documents(BytesIO(content)))
    return caught.value


def kinds(content: bytes) -> list[Any]:
    return [document["kind"] for document in documents(BytesIO(content))]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (ANSWERS, "x12.271"),
        (b"\xef\xbb\xbf\r\n  " + ANSWERS, "x12.271"),
        (b'{"resourceType": "Patient"}', "fhir.Patient"),
        (b'\xef\xbb\xbf\n {"resourceType": "Patient"}', "fhir.Patient"),
        ('{"resourceType": "Patient"}'.encode("utf-16"), "fhir.Patient"),
        (b"[1, 2]", "json"),
        (b"\x0bMSH|^~\\&|A|B|C|D|20261201||SIU^S12|1|P|2.5.1\rSCH|1\r\x1c\r", "hl7.siu"),
        (edi("AB*1", set_id="834", version="005010X220A1"), "x12.834"),
        (edi("BHT*0019", set_id="837", version="005010X222A1"), "x12.837"),
    ],
)
def test_a_document_is_known_by_its_content(content, kind):
    assert set(kinds(content)) == {kind}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", Fault.EMPTY),
        (b" \r\n\t", Fault.EMPTY),
        (b"\xef\xbb\xbf", Fault.EMPTY),
        (b"\n" * 10_000, Fault.EMPTY),
        (b"\n" * 10_000 + b"x", Fault.UNKNOWN_KIND),
        (b"Dear practice,\nplease call.", Fault.UNKNOWN_KIND),
        (b"<?xml version='1.0'?><ClaimResponse/>", Fault.UNKNOWN_KIND),
        (b"<html>", Fault.UNKNOWN_KIND),
        (b"{\\rtf1 hello}", Fault.UNKNOWN_KIND),
        (b"%PDF-1.7\n\x00\x01", Fault.UNKNOWN_KIND),
        (b"\x89PNG\r\n\x1a\n\x00\x00", Fault.UNKNOWN_KIND),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", Fault.UNKNOWN_KIND),
        (b"PK\x03\x04\x14\x00", Fault.UNKNOWN_KIND),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Fault.UNKNOWN_KIND),
        (b"isa*00*          *00*", Fault.UNKNOWN_KIND),
        (bytes(range(256)) * 4, Fault.NOT_TEXT),
        (b"\x80\x81\x82\x83 text \xff\xfe", Fault.NOT_TEXT),
        (ANSWERS.decode().encode("utf-16"), Fault.NOT_TEXT),
        (ANSWERS.decode().encode("utf-16-le"), Fault.NOT_TEXT),
        (ANSWERS.replace(b"RIVERA", b"RIV\0RA"), Fault.NOT_TEXT),
        (b"{", Fault.BAD_JSON),
        (b"ISA*00", Fault.TRUNCATED),
        (ANSWERS[ANSWERS.index(b"GS*") :], Fault.BAD_ENVELOPE),
        (ANSWERS[ANSWERS.index(b"ST*271") :], Fault.BAD_ENVELOPE),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_true_reason(content, code):
    assert refusal(content).fault is code


def test_a_set_without_an_envelope_says_which_set_it_is():
    error = refusal(ANSWERS[ANSWERS.index(b"ST*271") :])
    assert (error.kind, error.place, error.where) == ("x12.271", "segment", 1)


def test_a_document_larger_than_is_held_is_refused(monkeypatch):
    monkeypatch.setattr(reading, "LARGEST", 100)
    assert refusal(b'{"a": "' + b"x" * 100 + b'"}').fault is Fault.TOO_LARGE
    assert kinds(ANSWERS) == ["x12.271", "x12.271"]


def test_doubled_and_reordered_interchanges_are_each_read():
    assert kinds(ANSWERS + ANSWERS) == ["x12.271"] * 4


@pytest.mark.parametrize("swapped", [("BHT", "ST*271"), ("HL*1", "GS*HB"), ("SE*", "GE*")])
def test_shuffled_segments_are_refused(swapped):
    lines = edi(ABOVE + MEMBER + "EB*1**30", ABOVE + MEMBER, set_id="271", functional="HB").splitlines()
    first, second = (next(at for at, line in enumerate(lines) if line.startswith(name.encode())) for name in swapped)
    lines[first], lines[second] = lines[second], lines[first]
    assert refusal(b"\n".join(lines)).fault in (Fault.BAD_ENVELOPE, Fault.BAD_COUNT)


@given(st.integers(0, len(ANSWERS) - 3))
@settings(max_examples=150, deadline=None)
def test_a_file_cut_anywhere_gives_no_document(length):
    given = []
    with pytest.raises(ReadingError) as caught:
        given.extend(documents(BytesIO(ANSWERS[:length])))
    assert given == []
    assert caught.value.fault is {0: Fault.EMPTY, 1: Fault.UNKNOWN_KIND, 2: Fault.UNKNOWN_KIND}.get(
        length, Fault.TRUNCATED
    )


BEGINNINGS = st.sampled_from([b"", ANSWERS[:106], ANSWERS[:200], ANSWERS[:-20], b"{", b"MSH|^~\\&|", b"\xef\xbb\xbf"])


@given(BEGINNINGS, st.binary(max_size=300), st.sampled_from([b"", ANSWERS, ANSWERS[106:], b"~IEA*1*000000417~"]))
@example(ANSWERS[:-20], b"~" * 100, b"")
@settings(max_examples=250, deadline=None)
def test_any_bytes_are_read_or_refused_by_name(head, middle, tail):
    try:
        for document in documents(BytesIO(head + middle + tail)):
            assert document["kind"]
    except ReadingError as error:
        assert error.fault in Fault
        assert error.sentence.endswith(".")


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_any_change_of_one_byte_is_read_or_refused_by_name(data):
    place = data.draw(st.integers(0, len(ANSWERS) - 1))
    changed = ANSWERS[:place] + data.draw(st.binary(max_size=2)) + ANSWERS[place + 1 :]
    try:
        list(documents(BytesIO(changed)))
    except ReadingError as error:
        assert error.fault in Fault


def parts_of(found: Transaction) -> tuple[Any, ...]:
    return found.set_id, found.control, found.interchange.control, list(found.segments)


MIXED = ANSWERS + edi("AB*1\nCD*\xd1", set_id="834", signs="|U>\n", ends="") + b"\r\n\r\n" + ANSWERS.replace(b"\n", b"")


@given(st.integers(1, 700))
@settings(max_examples=100, deadline=None)
def test_pieces_cut_anywhere_give_the_same(piece):
    whole = [parts_of(found) for found in transactions(BytesIO(MIXED))]
    assert [parts_of(found) for found in transactions(BytesIO(MIXED), piece)] == whole
    assert len(whole) == 5
