"""What a payer says of coverage and authorization while something is ordered is read as sent."""

from typing import Any

import pytest

from app.standards.errors import Fault, ReadingError
from app.standards.fhir.reading import read_json
from tests.support.pas import written

URL = "http://hl7.org/fhir/us/davinci-crd/StructureDefinition/ext-coverage-information"


def info(**values: Any) -> dict[str, Any]:
    """A coverage-information extension; a key's underscores are hyphens, its value a code but where told otherwise."""
    parts = []
    for name, value in values.items():
        for one in value if isinstance(value, list) else [value]:
            given = one if isinstance(one, dict) else {"valueCode": one}
            parts.append({"url": name.replace("_", "-"), **given})
    return {"url": URL, "extension": parts}


def order(*infos: dict[str, Any]) -> dict[str, Any]:
    """A ServiceRequest that carries them."""
    return {"resourceType": "ServiceRequest", "id": "s", "extension": list(infos)}


def read(document: Any) -> dict[str, Any]:
    """The one object that a document gives."""
    (found,) = read_json(written(document))
    return found


def test_the_whole_shape_of_a_coverage():
    found = read(
        order(
            info(
                covered="covered",
                pa_needed="satisfied",
                satisfied_pa_id={"valueString": "PA-77"},
                doc_needed=["clinical", "admin"],
                info_needed=["performer"],
                billingCode={"valueCoding": {"code": "96910"}},
                date={"valueDate": "2026-12-01"},
                expiry_date={"valueDate": "2027-05-31"},
                coverage_assertion_id={"valueString": "AS-1"},
                questionnaire={"valueCanonical": "http://payer.example/Questionnaire/1|1.0"},
            )
        )
    )
    assert found == {
        "kind": "fhir.crd-response",
        "transaction": None,
        "interchange": None,
        "cards": 0,
        "coverages": [
            {
                "covered": "covered",
                "pa_needed": "satisfied",
                "satisfied_pa_id": "PA-77",
                "doc_needed": ["clinical", "admin"],
                "info_needed": ["performer"],
                "billing_codes": ["96910"],
                "date": "2026-12-01",
                "expiry_date": "2027-05-31",
                "assertion_id": "AS-1",
                "questionnaires": ["http://payer.example/Questionnaire/1|1.0"],
            }
        ],
    }


def test_an_answer_gives_the_coverages_of_its_actions_and_counts_its_cards():
    card = {"summary": "s", "suggestions": [{"label": "l", "actions": [{"resource": order(info(covered="covered"))}]}]}
    action = {"type": "update", "resource": order(info(covered="not-covered"), info(covered="indeterminate"))}
    found = read({"cards": [card, {"summary": "t"}], "systemActions": [action]})
    assert found["cards"] == 2
    assert [one["covered"] for one in found["coverages"]] == ["not-covered", "indeterminate", "covered"]


def test_an_action_that_came_by_itself_is_an_answer_without_cards():
    found = read({"type": "update", "resource": order(info(covered="covered", pa_needed="performpa"))})
    assert (found["cards"], found["coverages"][0]["pa_needed"]) == (0, "performpa")


def test_satisfied_without_a_number_gives_no_number():
    assert read(order(info(pa_needed="satisfied")))["coverages"][0]["satisfied_pa_id"] is None


@pytest.mark.parametrize(
    ("name", "value"), [("covered", "yes"), ("pa_needed", "none"), ("doc_needed", "all"), ("info_needed", "x")]
)
def test_a_code_outside_its_list_is_refused_with_its_place(name, value):
    with pytest.raises(ReadingError) as refused:
        list(read_json(written(order(info(**{name: value})))))
    assert (refused.value.fault, refused.value.where) == (Fault.BAD_VALUE, "/extension/0/extension/0/valueCode")


def test_a_resource_without_it_is_no_answer():
    assert read(order())["kind"] == "fhir.ServiceRequest"
