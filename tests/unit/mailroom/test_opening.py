"""What stands around the sets of a document, its lines as they came, and by what a set is known again."""

import pytest

from app.mailroom.facts import Envelope, Sort
from app.mailroom.files import opener
from app.mailroom.intake.recognising import is_document
from app.mailroom.rules.controls import control_text, enveloped, said
from app.mailroom.rules.parting import parts_of
from tests.support.reviews import Response, interchange, response_set

TWO = interchange([response_set(Response("T", "W", "A", "B"), n) for n in (1, 2)]).decode()
PIPES = TWO.replace("*", "|").replace("~\n", "\n").replace("000000417", "000000418")
MSH = "MSH|^~\\&|DESK|NORTH|CLEARED|OFFICE|20260302101500||SIU^S12|M-1|P|2.5.1\rSCH|1|2\r"


def test_each_set_has_the_numbers_of_its_own_envelope():
    found = list(opener.sets_of_x12(TWO + PIPES))
    numbers = [(one[0], one[1], one[2], one[3], one[4], one[5]) for one in found]
    day = "2026-03-02"
    assert numbers == [
        ("278", "ZZ/ACMEHEALTH", "000000417", "417", "0001", day),
        ("278", "ZZ/ACMEHEALTH", "000000417", "417", "0002", day),
        ("278", "ZZ/ACMEHEALTH", "000000418", "417", "0001", day),
        ("278", "ZZ/ACMEHEALTH", "000000418", "417", "0002", day),
    ]
    assert list(opener.sets_of_hl7(MSH)) == [["MSH", "DESK/NORTH", None, "2026-03-02", "M-1", "2026-03-02"]]
    assert list(opener.sets_of_x12("ISA*too short")) == []


def test_lines_are_segments_or_values():
    assert next(iter(opener.lines_of(TWO))).startswith("ISA*00*")
    assert sum(1 for _line in opener.lines_of(TWO)) == TWO.count("~")
    assert list(opener.lines_of(MSH)) == MSH.strip("\r").split("\r")
    assert list(opener.lines_of('{"a": [1]}')) == ["{", '  "a": [', "    1", "  ]", "}"]
    assert list(opener.lines_of("{torn")) == ["{torn"]


def test_a_set_is_known_by_its_numbers_and_by_what_it_says():
    one = Envelope("278", "ZZ/A", "1", "2", "3")
    assert control_text(one) != control_text(Envelope("278", "ZZ/A", "1", "2", "4"))
    assert control_text(Envelope("278", "", "1", "2", "3")) is None
    read = {"kind": "x12.278", "interchange": "1", "transaction": "3", "reviews": []}
    assert said(read) == said(read | {"interchange": "9", "file": "other"}) != said(read | {"reviews": [1]})
    assert list(enveloped([read, read], [one])) == [(read, one), (read, None)]


@pytest.mark.parametrize(
    ("read", "sorts"),
    [
        ({"kind": "x12.271", "responses": [{}, {}]}, [Sort.ANSWER, Sort.ANSWER]),
        ({"kind": "x12.278", "direction": "response", "reviews": [{}]}, [Sort.REVIEW]),
        ({"kind": "x12.278", "direction": "request", "reviews": [{}]}, [Sort.MESSAGE]),
        ({"kind": "x12.835", "claims": [{}], "payment": {"trace": "1"}}, [Sort.CLAIM]),
        ({"kind": "x12.835", "claims": []}, [Sort.MESSAGE]),
        ({"kind": "fhir.pas-notification", "content": {"reviews": [{}]}}, [Sort.REVIEW]),
        ({"kind": "hl7.adt"}, [Sort.PERSON]),
        ({"kind": "x12.999"}, [Sort.RECEIPT]),
        ({"kind": "json", "content": {}}, [Sort.MESSAGE]),
    ],
)
def test_each_set_is_parted_into_records(read, sorts):
    assert [one.sort for one in parts_of(read)] == sorts


@pytest.mark.parametrize(
    ("head", "document"),
    [(b"ISA*", True), (b"\xef\xbb\xbf \r\nISA", True), (b"MSH|", True), (b" {", True), (b"a,b\n", False), (b"", False)],
)
def test_a_document_is_told_from_a_table_by_how_it_begins(head, document):
    assert is_document(head) is document
