"""What a payer asks for beside its answer is read: by Task, by CommunicationRequest, open ones only."""

import io
import json

import pytest

from app.mailroom.files.reading import documents_in, written_in
from app.standards.fhir.reading import read_json
from tests.support.pas import PATIENT, action, bundle, item, notification, response, written

TASK = {
    "resourceType": "Task",
    "id": "t",
    "status": "requested",
    "restriction": {"period": {"end": "2026-12-15T17:00:00-05:00"}},
    "input": [
        {"type": {"coding": [{"code": "payer-url"}]}, "valueUrl": "https://payer.example"},
        {
            "type": {"coding": [{"code": "attachments-needed"}]},
            "valueCodeableConcept": {"coding": [{"code": "11526-1", "display": "Pathology study"}]},
        },
        {"type": {"coding": [{"code": "questionnaire-context"}]}, "valueString": "X"},
    ],
}
REQUEST = {
    "resourceType": "CommunicationRequest",
    "id": "c",
    "status": "active",
    "category": [{"coding": [{"code": "XP"}]}],
    "payload": [{"contentString": "11506-3"}, {"contentString": "The last visit note"}],
    "occurrenceDateTime": "2026-12",
}


def wanted(*resources, told=bundle):
    """What is asked for, of an answer with resources beside it."""
    answer = bundle(response(item(1, action("A4"))), PATIENT, *resources)
    (found,) = read_json(written(told(answer) if told is notification else answer))
    (review,) = found.get("reviews") or found["content"]["reviews"]
    return [(one["code"], one["words"], one["due"]) for one in review.get("wanted", [])]


@pytest.mark.parametrize("told", [bundle, notification])
def test_a_task_says_what_is_asked_for_and_by_when(told):
    assert wanted(TASK, told=told) == [
        ("11526-1", "Pathology study", "2026-12-15"),
        ("102089-0", None, "2026-12-15"),
    ]


def test_a_request_by_communication_has_codes_and_words_and_a_month_is_no_day():
    assert wanted(REQUEST) == [("XP", None, None), ("11506-3", None, None), (None, "The last visit note", None)]


@pytest.mark.parametrize("status", ["completed", "cancelled", "entered-in-error"])
def test_what_is_over_is_not_asked_for(status):
    assert wanted({**TASK, "status": status}) == []


def test_an_answer_that_asks_for_nothing_says_nothing_of_it():
    (found,) = read_json(written(bundle(response(item(1, action("A4"))), PATIENT)))
    assert "wanted" not in found["reviews"][0]


def test_other_programs_read_an_answer_in_the_shape_that_they_know():
    answer = written(bundle(response(item(1, action("A4"))), PATIENT, TASK))
    (kept,) = documents_in(answer)
    assert kept["reviews"][0].pop("wanted")
    out = io.BytesIO()
    assert not written_in(answer, "answer.json", out)
    assert json.loads(out.getvalue()) == {"file": "answer.json", **kept}
