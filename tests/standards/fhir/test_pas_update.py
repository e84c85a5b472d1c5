"""A change of a request says what is otherwise and nothing else; what was ever sent stays in the bundle."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from fhir.resources.R4B.bundle import Bundle
from hypothesis import given, settings
from hypothesis import strategies as st

from app.standards.fhir.pas_facts import LineChange, Paper, PasUpdate
from app.standards.fhir.pas_update import write_update
from app.standards.fhir.pas_writing import UnwritableError, write_request
from app.standards.fhir.reading import read_json
from tests.standards.fhir.test_pas_writing import REQUEST

NOTE = Paper("Note", "text/plain", b"first")
EARLIER = write_request(replace(REQUEST, papers=(NOTE,)))
UPDATE = PasUpdate(
    bundle_id=UUID("0193f0aa-0000-7000-8000-000000000002"),
    trace="CLR-0002",
    created=datetime(2026, 12, 3, 9, 0, tzinfo=UTC),
    submitter="9012345",
    earlier=EARLIER,
)
FEWER = LineChange(1, quantity=12, ends=date(2027, 1, 31))
AWAY = LineChange(2, canceled=True)


def read(content):
    """What our own reader says of a bundle that is valid FHIR."""
    Bundle.model_validate_json(content)
    (found,) = read_json(content)
    assert found["kind"] == "fhir.pas-request"
    return found["content"]


def items(content):
    """Of each line: how many, until when, how certified, what is marked, whether it is taken back."""
    told = ("quantity", "certification_type", "changed", "canceled")
    return [(*(one[name] for name in told), one["service_dates"]["ends"]) for one in read(content)["items"]]


def test_a_change_names_the_earlier_request_and_marks_only_what_changed():
    content = write_update(replace(UPDATE, lines=(FEWER,)))
    found = read(content)
    assert (found["trace"], found["related"]) == ("CLR-0002", ["prior"])
    assert items(content) == [("12", "S", "changed", False, "2027-01-31"), ("2", "I", None, False, None)]
    claim = json.loads(content)["entry"][0]["resource"]
    assert claim["related"][0]["claim"]["identifier"]["value"] == "CLR-0001"
    assert claim["meta"]["profile"][0].endswith("profile-claim-update")


def test_a_line_that_is_taken_back_stays_and_says_so_and_is_no_news_later():
    first = write_update(replace(UPDATE, lines=(AWAY,)))
    assert items(first)[1] == ("2", "3", "changed", True, None)
    later = replace(UPDATE, bundle_id=UUID(int=9), trace="CLR-0003", earlier=first, lines=(FEWER,))
    assert items(write_update(later)) == [
        ("12", "S", "changed", False, "2027-01-31"),
        ("2", "3", None, True, None),
    ]
    with pytest.raises(UnwritableError, match="taken back before"):
        write_update(replace(later, lines=(AWAY,)))


def test_a_cancellation_cancels_every_line_and_the_whole():
    content = write_update(replace(UPDATE, lines=(LineChange(1, canceled=True), AWAY)))
    assert [(one[1], one[3]) for one in items(content)] == [("3", True), ("3", True)]
    claim = json.loads(content)["entry"][0]["resource"]
    whole = [one for one in claim["extension"] if one["url"].endswith("extension-certificationType")]
    assert whole[0]["valueCodeableConcept"]["coding"][0]["code"] == "3"


def test_documents_of_before_stay_and_new_ones_are_marked_as_added():
    content = write_update(replace(UPDATE, papers=(Paper("Photo", "image/png", b"second"),), note="As you asked"))
    shas = [one["sha256"] for one in read(content)["documents"]]
    assert shas == [hashlib.sha256(one).hexdigest() for one in (b"first", b"second")]
    lines = json.loads(content)["entry"][0]["resource"]["supportingInfo"]
    marks = [[one.get("valueCode") for one in line["extension"] if "valueCode" in one] for line in lines]
    assert marks == [[], ["added"], ["added"]]
    assert [line["sequence"] for line in lines] == [1, 2, 3]


def test_every_reference_leads_into_the_bundle_after_several_changes():
    first = write_update(replace(UPDATE, lines=(FEWER,), papers=(Paper("Lab", "text/plain", b"third"),)))
    again = replace(UPDATE, bundle_id=UUID(int=9), trace="CLR-0003", earlier=first, urgent=True)
    bundle = json.loads(write_update(again))
    addresses = [one["fullUrl"] for one in bundle["entry"]]
    assert len(addresses) == len(set(addresses))
    assert set(_references(bundle)) <= set(addresses)
    claim = bundle["entry"][0]["resource"]
    assert claim["priority"]["coding"][0]["code"] == "stat"


def _references(value):
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        for below in value.values():
            yield from _references(below)
    elif isinstance(value, list):
        for below in value:
            yield from _references(below)


@pytest.mark.parametrize(
    "wrong",
    [UPDATE, replace(UPDATE, lines=(LineChange(7, canceled=True),)), replace(UPDATE, note="\ud800")],
)
def test_what_changes_nothing_or_names_no_line_is_refused(wrong):
    with pytest.raises(UnwritableError):
        write_update(wrong)


_DAYS = st.one_of(st.none(), st.dates(date(2026, 12, 1), date(2027, 2, 28)))


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 999), _DAYS, st.booleans(), st.one_of(st.none(), st.booleans()))
def test_any_change_is_read_back_as_it_was_meant(count, ends, away, urgent):
    lines = (LineChange(1, quantity=count, ends=ends), *((AWAY,) if away else ()))
    first, second = items(write_update(replace(UPDATE, lines=lines, urgent=urgent)))
    assert (first[0], first[4]) == (str(count), ends.isoformat() if ends else "2027-02-28")
    assert second[3] is away
