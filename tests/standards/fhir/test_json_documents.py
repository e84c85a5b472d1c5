"""JSON is read strictly, kinds are told by content, and nothing that is JSON makes the reader fall over."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.standards.errors import Fault, ReadingError
from app.standards.fhir.reading import read_json
from tests.support.pas import PATIENT, action, bundle, item, response, written


def fault_of(content: bytes) -> tuple[Fault, str | None, int | str | None]:
    """Why a document is refused, and where."""
    with pytest.raises(ReadingError) as refused:
        list(read_json(content))
    return refused.value.fault, refused.value.place, refused.value.where


@pytest.mark.parametrize(
    ("content", "fault", "place", "where"),
    [
        (b"", Fault.EMPTY, None, None),
        (b" \n ", Fault.EMPTY, None, None),
        (b'{"a": "\xff"}', Fault.NOT_TEXT, None, None),
        (b'{"a": 1,\n "b": }', Fault.BAD_JSON, "line", 2),
        (b'{"a": [1, 2', Fault.BAD_JSON, "line", 1),
        (b'{"a": 1} more', Fault.BAD_JSON, "line", 1),
        (b'{"a": 1}\nmore', Fault.BAD_JSON, "line", 2),
        (b'{"a": {"b/c": 1, "b/c": 2}}', Fault.BAD_JSON, "pointer", "/a/b~1c"),
        (b'{"a": [NaN]}', Fault.BAD_JSON, "pointer", "/a/0"),
        (b'{"a": -Infinity}', Fault.BAD_JSON, "pointer", "/a"),
        (b'{"a": ' + b"9" * 41 + b"}", Fault.BAD_VALUE, "pointer", "/a"),
        (b'{"a": "\\ud800"}', Fault.BAD_VALUE, "pointer", "/a"),
        (b'{"a": "\\u0000"}', Fault.BAD_VALUE, "pointer", "/a"),
    ],
)
def test_what_two_readers_could_understand_differently_is_refused(content, fault, place, where):
    assert fault_of(content) == (fault, place, where)


@pytest.mark.parametrize("depth", [61, 100_000])
def test_a_document_that_nests_too_deep_is_refused(depth):
    assert fault_of(b"[" * depth + b"]" * depth)[0] is Fault.BAD_JSON


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_text_may_say_how_it_is_written(encoding):
    content = json.dumps(bundle(response(item(1, action("A1"))), PATIENT)).encode(encoding)
    assert [one["kind"] for one in read_json(content)] == ["fhir.pas-response"]


def test_documents_may_stand_one_a_line():
    content = b"\n".join(written(response(item(1, action(code)))) for code in ("A1", "A4")) + b"\n"
    assert [one["reviews"][0]["decision"] for one in read_json(content)] == ["approved", "pended"]


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        ({"hook": "order-sign", "hookInstance": "x", "context": {}}, "cds-hooks.request"),
        ({"cards": []}, "fhir.crd-response"),
        ({"type": "update", "resource": {"resourceType": "ServiceRequest"}}, "fhir.crd-response"),
        ([{"summary": "s", "indicator": "info"}], "json"),
        ({"summary": "s", "indicator": "info"}, "json"),
        ({"services": []}, "json"),
        ({}, "json"),
        ([], "json"),
        (5, "json"),
        (None, "json"),
        ("text", "json"),
        ({"resourceType": "Coverage", "id": "c"}, "fhir.Coverage"),
        ({"resourceType": "Bundle", "type": "searchset"}, "fhir.Bundle"),
        ({"resourceType": "Claim", "use": "preauthorization"}, "fhir.Claim"),
        (bundle({"resourceType": "Claim", "id": "c", "use": "claim"}), "fhir.Bundle"),
        (bundle({"resourceType": "Claim", "id": "c", "use": "preauthorization"}), "fhir.pas-request"),
        (
            bundle(
                {
                    "resourceType": "Claim",
                    "id": "c",
                    "use": "preauthorization",
                    "meta": {"profile": ["http://x.example/profile-claim-inquiry"]},
                }
            ),
            "fhir.pas-inquiry",
        ),
        (
            bundle({"resourceType": "Claim", "id": "c", "use": "preauthorization"}, response(item(1, action()))),
            "fhir.pas-request",
        ),
    ],
)
def test_a_document_is_told_by_what_it_is(document, kind):
    (found,) = read_json(written(document))
    assert found["kind"] == kind
    assert (found["transaction"], found["interchange"]) == (None, None)


def test_a_coverage_says_whose_plan_it_is_and_when_it_holds():
    coverage = {
        "resourceType": "Coverage",
        "id": "c",
        "status": "active",
        "identifier": [{"type": {"coding": [{"code": "MB"}]}, "value": "XMB1"}],
        "subscriberId": "XMB",
        "relationship": {"coding": [{"code": "self"}]},
        "payor": [{"display": "Example Health"}],
        "period": {"start": "2026-01-01", "end": "2026-12-31"},
        "class": [
            {"type": {"coding": [{"code": "group"}]}, "value": "G-77"},
            {"type": {"coding": [{"code": "plan"}]}, "value": "P1", "name": "PPO Gold"},
        ],
        "order": 1,
    }
    (found,) = read_json(written(coverage))
    assert found["content"] == {
        "id": "c",
        "status": "active",
        "member_id": "XMB1",
        "subscriber_id": "XMB",
        "relationship": "self",
        "payer": "Example Health",
        "group_number": "G-77",
        "plan": "PPO Gold",
        "begins": "2026-01-01",
        "ends": "2026-12-31",
        "rank": 1,
    }


@pytest.mark.parametrize("named", [5, "", "no type", None, "<script>"])
def test_a_resource_of_no_type_is_refused(named):
    assert fault_of(written({"resourceType": named})) == (Fault.BAD_VALUE, "pointer", "/resourceType")


_NAMES = """
resourceType entry resource extension url valueCode valueString item adjudication identifier value cards parameter
systemActions suggestions actions type hook context name family given patient reference meta profile use status
outcome coding code error processNote text addItem fullUrl contained id part
"""
_WORDS = "Bundle Parameters ClaimResponse Claim Patient Appointment A1 preauthorization complete #P1"
_KEYS = st.sampled_from(_NAMES.split())
_LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    st.sampled_from(_WORDS.split()),
)
_ANYTHING = st.recursive(
    _LEAVES, lambda below: st.lists(below, max_size=4) | st.dictionaries(_KEYS, below, max_size=6), max_leaves=30
)
_ROOTS = st.sampled_from(["Bundle", "Parameters", "ClaimResponse", "Claim", "Appointment", "Coverage"])


def _survives(document: Any) -> None:
    try:
        for one in read_json(json.dumps(document).encode()):
            json.dumps(one).encode()
    except ReadingError as refused:
        assert refused.fault in Fault
        json.dumps([refused.sentence, refused.where])


@settings(max_examples=100, deadline=None)
@given(_ANYTHING)
def test_no_json_makes_the_reader_fall_over(document):
    _survives(document)


@settings(max_examples=100, deadline=None)
@given(_ROOTS, st.dictionaries(_KEYS, _ANYTHING, max_size=8))
def test_no_resource_makes_the_reader_fall_over(root, document):
    _survives({**document, "resourceType": root})
    _survives({"resourceType": "Bundle", "entry": [{"resource": {**document, "resourceType": root}}]})


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60))
def test_no_bytes_make_the_reader_fall_over(content):
    try:
        list(read_json(content))
    except ReadingError as refused:
        assert refused.fault in Fault
