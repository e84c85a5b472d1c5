"""What we ask by PAS is what a payer reads: every bundle is valid FHIR, read back, and says nothing else."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from fhir.resources.R4B.bundle import Bundle
from hypothesis import given, settings
from hypothesis import strategies as st

from app.standards.fhir.nodes import Node
from app.standards.fhir.pas_facts import (
    Member,
    Organization,
    Paper,
    PaperSort,
    PasRequest,
    Practitioner,
    RequestLine,
)
from app.standards.fhir.pas_papers import contents_of
from app.standards.fhir.pas_request import asked_claim
from app.standards.fhir.pas_writing import UnwritableError, write_inquiry, write_request
from app.standards.fhir.reading import read_json
from app.standards.fhir.strict_json import documents

LINE = RequestLine(
    "96910",
    "1",
    modifiers=("59",),
    quantity=24,
    unit="UN",
    begins=date(2026, 12, 1),
    ends=date(2027, 2, 28),
    diagnoses=("L40.0",),
    place="11",
)
REQUEST = PasRequest(
    bundle_id=UUID("0193f0aa-0000-7000-8000-000000000001"),
    trace="CLR-0001",
    created=datetime(2026, 12, 1, 15, 30, tzinfo=UTC),
    submitter="9012345",
    payer=Organization("Example Health", identifier="EXH01"),
    practice=Organization("Lakeside Dermatology", npi="1234567893"),
    member=Member("XMB4410092", "Okafor", "Dana", date(1981, 4, 9), group_number="G-77"),
    lines=(LINE, RequestLine("J0135", "1", quantity=2, diagnoses=("L40.0", "L40.59"))),
    practitioner=Practitioner("1234567893", "Reyes", "Ana"),
)


def read(content: bytes) -> dict[str, Any]:
    """What our own reader says of a bundle."""
    Bundle.model_validate_json(content)
    (found,) = read_json(content)
    return found


def test_a_request_is_valid_and_is_read_back_whole():
    found = read(write_request(REQUEST))
    assert found["kind"] == "fhir.pas-request"
    assert found["content"] == {
        "identifier": "urn:uuid:0193f0aa-0000-7000-8000-000000000001",
        "trace": "CLR-0001",
        "created": "2026-12-01T15:30:00+00:00",
        "patient": {"last_name": "Okafor", "first_name": "Dana", "member_id": "XMB4410092"},
        "payer": "Example Health",
        "provider": {"name": "Lakeside Dermatology", "npi": "1234567893"},
        "level_of_service": "E",
        "related": [],
        "diagnoses": ["L40.0", "L40.59"],
        "items": [
            {
                "sequence": 1,
                "code": "96910",
                "modifiers": ["59"],
                "quantity": "24",
                "unit": "UN",
                "service_dates": {"begins": "2026-12-01", "ends": "2027-02-28"},
                "certification_type": "I",
                "changed": None,
                "canceled": False,
            },
            {
                "sequence": 2,
                "code": "J0135",
                "modifiers": [],
                "quantity": "2",
                "unit": None,
                "service_dates": {"begins": None, "ends": None},
                "certification_type": "I",
                "changed": None,
                "canceled": False,
            },
        ],
        "documents": [],
    }


@settings(max_examples=25, deadline=None)
@given(st.lists(st.binary(min_size=1, max_size=200), max_size=4))
def test_documents_are_read_back_byte_for_byte_and_in_order(contents):
    sorts = list(PaperSort)
    papers = tuple(Paper(f"Document {at}", "application/pdf", one, sorts[at]) for at, one in enumerate(contents))
    content = write_request(replace(REQUEST, papers=papers))
    told = read(content)["content"]["documents"]
    assert [(one["title"], one["size"], one["sha256"]) for one in told] == [
        (one.title, len(one.content), hashlib.sha256(one.content).hexdigest()) for one in papers
    ]
    (bundle,) = documents(content)
    node = Node(bundle, "", "fhir.pas-request")
    assert contents_of(node, asked_claim(node)) == contents


def test_a_document_stands_as_the_guide_asks_and_needs_no_way_back_to_us():
    bundle = json.loads(write_request(replace(REQUEST, papers=(Paper("Note", "text/plain", b"x", PaperSort.NOTE),))))
    (info,) = bundle["entry"][0]["resource"]["supportingInfo"]
    assert info["category"]["coding"][0]["code"] == "additionalInformation"
    assert info["extension"][0]["extension"][0]["url"] == "reportTypeCode"
    (paper,) = [one["resource"] for one in bundle["entry"] if one["fullUrl"] == info["valueReference"]["reference"]]
    attachment = paper["content"][0]["attachment"]
    assert (attachment["contentType"], "url" in attachment) == ("text/plain", False)
    assert paper["subject"]["reference"] == bundle["entry"][0]["resource"]["patient"]["reference"]
    assert (paper["type"]["coding"][0]["code"], paper["status"]) == ("11506-3", "current")


def test_the_claim_stands_first_and_every_reference_leads_into_the_bundle():
    bundle = json.loads(write_request(replace(REQUEST, papers=(Paper("Note", "application/pdf", b"%PDF"),))))
    assert bundle["entry"][0]["resource"]["resourceType"] == "Claim"
    addresses = {one["fullUrl"] for one in bundle["entry"]}
    named = set(_references(bundle))
    assert named <= addresses
    assert len(named) == len(addresses) - 1  # nothing names the Claim itself


def _references(value: Any) -> Any:
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        for below in value.values():
            yield from _references(below)
    elif isinstance(value, list):
        for below in value:
            yield from _references(below)


def test_the_same_request_is_the_same_bytes():
    assert write_request(REQUEST) == write_request(REQUEST)


def test_an_inquiry_names_the_same_trace_and_sends_no_papers():
    content = write_inquiry(replace(REQUEST, papers=(Paper("Note", "text/plain", b"x"),), note="Please hurry"))
    found = read(content)
    assert (found["kind"], found["content"]["trace"]) == ("fhir.pas-inquiry", "CLR-0001")
    assert b"DocumentReference" not in content
    assert b"hurry" not in content


def test_an_urgent_request_says_so_twice():
    claim = json.loads(write_request(replace(REQUEST, urgent=True)))["entry"][0]["resource"]
    assert claim["priority"]["coding"][0]["code"] == "stat"
    assert claim["extension"][0]["valueCodeableConcept"]["coding"][0]["code"] == "U"


@pytest.mark.parametrize(
    "wrong",
    [
        replace(REQUEST, lines=()),
        replace(REQUEST, trace=" "),
        replace(REQUEST, member=replace(REQUEST.member, last_name="a\x00b")),
        replace(REQUEST, practice=Organization("Lakeside", npi="12345")),
        replace(REQUEST, note="\ud800"),
    ],
)
def test_what_no_bundle_can_say_is_refused_without_naming_it(wrong):
    with pytest.raises(UnwritableError) as refused:
        write_request(wrong)
    assert "a\x00b" not in str(refused.value)


_TEXT = st.text(min_size=1, max_size=30).filter(lambda text: bool(text.strip()))


@settings(max_examples=100, deadline=None)
@given(_TEXT, _TEXT, _TEXT, st.one_of(st.none(), _TEXT))
def test_any_names_are_read_back_as_they_were_meant_or_refused(last, first, payer, note):
    member = replace(REQUEST.member, last_name=last, first_name=first)
    request = replace(REQUEST, member=member, payer=Organization(payer), note=note)
    try:
        content = write_request(request)
    except UnwritableError:
        return
    (found,) = read_json(content)
    assert (found["content"]["patient"]["last_name"], found["content"]["payer"]) == (last, payer)
