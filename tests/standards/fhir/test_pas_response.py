"""What a payer answered by PAS is in the review actions of its lines: the traps of real answers, each by name."""

from typing import Any

import pytest

from app.standards.errors import Fault, ReadingError
from app.standards.fhir.reading import read_json
from tests.support.pas import PAS, PATIENT, action, adjudication, bundle, item, notification, period, response, written


def read(document: Any) -> dict[str, Any]:
    """The one object that a document gives."""
    (found,) = read_json(written(document))
    return found


def review(*items: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The one review of an answer with these lines."""
    (found,) = read(bundle(response(*items, **more), PATIENT))["reviews"]
    return dict(found)


def fault_of(document: Any) -> ReadingError:
    """Why a document is refused."""
    with pytest.raises(ReadingError) as refused:
        list(read_json(written(document)))
    return refused.value


def test_the_whole_shape_of_a_review():
    detail = {
        "url": f"{PAS}extension-itemAuthorizedDetail",
        "extension": [
            {"url": "productOrServiceCode", "valueCodeableConcept": {"coding": [{"code": "96910"}]}},
            {"url": "quantity", "valueQuantity": {"value": 12, "code": "UN"}},
        ],
    }
    extensions = [
        period("itemRequestedServiceDate", "2026-11-01", "2027-06-30"),
        {"url": f"{PAS}extension-itemPreAuthIssueDate", "valueDate": "2026-12-02"},
        period("itemPreAuthPeriod", "2026-12-02", "2027-03-01"),
        detail,
    ]
    found = read(bundle(response(item(1, action("A1", "AUTH-5"), extension=extensions)), PATIENT))
    assert found == {
        "kind": "fhir.pas-response",
        "transaction": None,
        "interchange": None,
        "reviews": [
            {
                "outcome": "complete",
                "decision": "approved",
                "action": None,
                "trace": "TRACE-7",
                "messages": [],
                "human_reviewed": None,
                "disposition": None,
                "number": None,
                "effective": {"begins": None, "ends": None},
                "patient": {"last_name": "Okafor", "first_name": "Dana", "member_id": "XMB4410092"},
                "items": [
                    {
                        "sequence": 1,
                        "added": False,
                        "action": "A1",
                        "number": "AUTH-5",
                        "reasons": [],
                        "issued": "2026-12-02",
                        "effective": {"begins": "2026-12-02", "ends": "2027-03-01"},
                        "code": "96910",
                        "quantity": "12",
                        "unit": "UN",
                    }
                ],
                "errors": [],
            }
        ],
    }


def test_outcome_is_not_the_decision():
    assert review(item(1, action("A3", None, "0Q")), outcome="complete")["decision"] == "denied"


def test_an_answer_may_be_pended_though_its_outcome_is_complete():
    assert review(item(1, action("A4")), outcome="complete")["decision"] == "pended"


def test_queued_is_pended_as_the_older_version_says_it():
    found = review(outcome="queued")
    assert (found["outcome"], found["decision"]) == ("queued", "pended")


def test_complete_without_any_action_decides_nothing():
    assert review(outcome="complete", disposition="Approved")["decision"] is None


@pytest.mark.parametrize(
    ("codes", "decision"),
    [
        (["A1", "A1"], "approved"),
        (["A1", "A4"], "pended"),
        (["A3", "A4"], "pended"),
        (["A3", "A3"], "denied"),
        (["A1", "A3"], "partly_approved"),
        (["A1", "A6"], "modified"),
        (["A1", "A2"], "modified"),
        (["NA", "NA"], "not_required"),
        (["C", "C"], "canceled"),
        (["A1", "CT"], "pended"),
        (["A1", None], None),
        ([None, "A4"], "pended"),
    ],
)
def test_the_decision_is_the_worst_informative_of_the_lines(codes, decision):
    lines = [item(at, action(code)) for at, code in enumerate(codes, start=1)]
    assert review(*lines)["decision"] == decision


def test_the_whole_answers_action_counts_beside_those_of_lines():
    found = review(item(1, action("A3")), adjudication=adjudication(action("A1", "AUTH-9")))
    assert (found["action"], found["number"], found["decision"]) == ("A1", "AUTH-9", "partly_approved")


@pytest.mark.parametrize("key", ["valueString", "valueCode"])
def test_an_old_answer_has_its_action_at_the_answer_itself(key):
    old = {"url": f"{PAS}extension-reviewAction", key: "A1"}
    found = review(extension=[old], preAuthRef="REF-1", disposition="Granted")
    assert (found["action"], found["decision"], found["number"]) == ("A1", "approved", "REF-1")


@pytest.mark.parametrize(("code", "number"), [("A1", "AUTH-1"), ("A3", None)])
def test_an_older_answer_has_its_number_as_an_identifier_which_is_no_trace(code, number):
    old = {"url": f"{PAS}extension-reviewAction", "valueCode": code}
    named = [{"system": "http://payer.example/REVIEW_IDENTIFICATION_NUMBER", "value": "AUTH-1"}]
    found = review(extension=[old], identifier=named)
    assert (found["number"], found["trace"]) == (number, None)


def test_a_member_id_may_be_marked_as_x12_marks_it():
    kind = {"coding": [{"system": "http://payer.example/IDENTIFICATION_CODE_QUALIFIER", "code": "MI"}]}
    only = {**PATIENT, "identifier": [{"type": kind, "system": "http://payer.example/MIN", "value": "XMB1"}]}
    assert read(bundle(response(), only))["reviews"][0]["patient"]["member_id"] == "XMB1"


def test_an_action_may_stand_directly_at_the_line():
    line = {"itemSequence": 1, "extension": [action("A4")]}
    assert review(line)["items"][0]["action"] == "A4"


@pytest.mark.parametrize("code", ["A3", "A4", "C", "NA"])
def test_the_reference_of_an_answer_that_grants_nothing_is_never_its_number(code):
    assert review(item(1, action(code)), preAuthRef="REF-1")["number"] is None


def test_a_denied_line_may_carry_number_and_period_and_is_denied_all_the_same():
    line = item(1, action("A3", "AUTH-3", "0Q"), extension=[period("itemPreAuthPeriod", "2026-12-01", "2026-12-31")])
    found = review(line)
    assert found["decision"] == "denied"
    assert found["items"][0]["number"] == "AUTH-3"
    assert found["items"][0]["reasons"] == ["0Q"]
    assert found["items"][0]["effective"] == {"begins": "2026-12-01", "ends": "2026-12-31"}


def test_days_that_were_asked_for_are_never_the_approved_days():
    line = item(1, action("A1"), extension=[period("itemRequestedServiceDate", "2026-12-01", "2026-12-31")])
    assert review(line)["items"][0]["effective"] == {"begins": None, "ends": None}


def test_an_earlier_number_of_a_line_is_not_its_number():
    earlier = {"url": f"{PAS}extension-authorizationNumber", "valueString": "OLD-1"}
    assert review(item(1, action("A1"), extension=[earlier]))["items"][0]["number"] is None


def test_lines_that_the_payer_added_say_so():
    added = {
        "itemSequence": [1],
        "productOrService": {"coding": [{"code": "96912"}]},
        "quantity": {"value": 4},
        "adjudication": adjudication(action("A1")),
    }
    found = review(item(1, action("A3")), addItem=[added])
    assert [(one["added"], one["sequence"], one["code"], one["quantity"]) for one in found["items"]] == [
        (False, 1, None, None),
        (True, 1, "96912", "4"),
    ]
    assert found["decision"] == "partly_approved"


def test_notes_are_messages_in_their_order():
    assert review(processNote=[{"text": "Call us."}, {"text": "By Friday."}])["messages"] == ["Call us.", "By Friday."]


def test_errors_give_code_and_words():
    found = review(
        outcome="error",
        error=[
            {"code": {"coding": [{"code": "T4"}]}},
            {"code": {"text": "Member not found", "coding": [{"code": "75"}]}},
        ],
    )
    assert found["decision"] == "error"
    assert found["errors"] == [{"code": "T4", "message": None}, {"code": "75", "message": "Member not found"}]


def test_an_error_is_no_approval_whatever_its_lines_say():
    assert review(item(1, action("A1", "AUTH-1")), outcome="error")["decision"] == "error"


@pytest.mark.parametrize(
    ("status", "decision"), [("cancelled", "canceled"), ("entered-in-error", "error"), ("draft", None)]
)
def test_an_answer_that_does_not_hold_grants_nothing(status, decision):
    assert review(item(1, action("A1")), status=status)["decision"] == decision


@pytest.mark.parametrize("flag", [True, False])
def test_whether_a_person_reviewed_it_is_told_where_it_is_told(flag):
    reviewer = {
        "url": f"{PAS}extension-claimResponseReviewer",
        "extension": [{"url": "wasHumanReviewedFlag", "valueBoolean": flag}],
    }
    assert review(extension=[reviewer])["human_reviewed"] is flag


def test_the_trace_may_stand_at_the_request_that_is_answered():
    assert review(identifier=None, request={"identifier": {"value": "TRACE-8"}})["trace"] == "TRACE-8"


def test_the_trace_may_stand_at_the_claim_in_the_bundle():
    claim = {"resourceType": "Claim", "id": "C1", "use": "preauthorization", "identifier": [{"value": "TRACE-9"}]}
    answer = response(identifier=None, request={"reference": "Claim/C1"})
    assert read(bundle(answer, claim, PATIENT))["reviews"][0]["trace"] == "TRACE-9"


def test_a_patient_is_found_by_id_where_the_bundle_gives_a_wrong_address():
    document = bundle(response(item(1, action())), PATIENT)
    document["entry"][1]["fullUrl"] = "http://elsewhere.example/Patient/other"
    assert read(document)["reviews"][0]["patient"]["last_name"] == "Okafor"


def test_a_patient_that_the_bundle_does_not_hold_is_nobody():
    nobody = {"last_name": None, "first_name": None, "member_id": None}
    assert read(bundle(response(item(1, action()))))["reviews"][0]["patient"] == nobody


def test_two_patients_that_could_be_meant_are_nobody():
    document = bundle(response(), PATIENT, {**PATIENT, "name": [{"family": "Moss"}]})
    assert read(document)["reviews"][0]["patient"]["last_name"] is None


def test_a_patient_named_by_an_address_of_its_own_kind():
    document = bundle(response(patient={"reference": "urn:uuid:0f0e"}), PATIENT)
    document["entry"][1]["fullUrl"] = "urn:uuid:0f0e"
    assert read(document)["reviews"][0]["patient"]["member_id"] == "XMB4410092"


def test_a_record_number_is_never_a_member_id():
    only = {**PATIENT, "identifier": PATIENT["identifier"][:1]}
    assert read(bundle(response(), only))["reviews"][0]["patient"]["member_id"] is None


def test_a_member_id_may_stand_at_the_patients_coverage():
    only = {**PATIENT, "identifier": [{"system": "http://clinic.example/mrn", "value": "000417"}]}
    coverage = {
        "resourceType": "Coverage",
        "id": "V1",
        "beneficiary": {"reference": "Patient/P1"},
        "subscriberId": "XMB77",
    }
    assert read(bundle(response(), only, coverage))["reviews"][0]["patient"]["member_id"] == "XMB77"


def test_an_inquiry_gives_every_bundle_that_it_found():
    parts = [
        {"name": "return", "resource": bundle(response(item(1, action(code)), id=code), PATIENT)}
        for code in ("A1", "A4")
    ]
    found = read({"resourceType": "Parameters", "parameter": parts})
    assert found["kind"] == "fhir.pas-response"
    assert [one["decision"] for one in found["reviews"]] == ["approved", "pended"]


def test_parameters_without_an_answer_are_no_answer():
    assert read({"resourceType": "Parameters", "parameter": []})["kind"] == "fhir.Parameters"


def test_an_answer_may_come_without_a_bundle():
    found = read(response(item(1, action("A1", "AUTH-1"))))
    assert found["reviews"][0]["items"][0]["number"] == "AUTH-1"


@pytest.mark.parametrize("use", ["claim", "predetermination"])
def test_an_answer_to_a_claim_is_no_decision(use):
    assert read(response(item(1, action()), use=use))["kind"] == "fhir.ClaimResponse"


def test_a_notification_brings_its_answer_along():
    found = read(notification(bundle(response(item(1, action("A4"))), PATIENT)))
    assert found["kind"] == "fhir.pas-notification"
    assert found["content"]["event_number"] == "2"
    assert [one["decision"] for one in found["content"]["reviews"]] == ["pended"]


def test_a_notification_may_say_it_as_a_status_of_its_own():
    status = {
        "resourceType": "SubscriptionStatus",
        "id": "S1",
        "type": "event-notification",
        "notificationEvent": [{"eventNumber": "3"}],
    }
    found = read(bundle(status, response(item(1, action("A1")))))
    assert (found["kind"], found["content"]["event_number"]) == ("fhir.pas-notification", "3")
    assert [one["decision"] for one in found["content"]["reviews"]] == ["approved"]


def test_a_notification_may_bring_nothing():
    assert read(notification())["content"]["reviews"] == []


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"outcome": "approved"}, "/entry/0/resource/outcome"),
        ({"status": "done"}, "/entry/0/resource/status"),
        ({"use": "Preauthorization"}, "/entry/0/resource/use"),
        ({"insurer": "the payer"}, "/entry/0/resource/insurer"),
        ({"disposition": {"text": "x"}}, "/entry/0/resource/disposition"),
        ({"preAuthPeriod": {"start": "2026-12"}}, "/entry/0/resource/preAuthPeriod/start"),
        ({"preAuthPeriod": {"start": "2026-12-02", "end": "2026-12-01"}}, "/entry/0/resource/preAuthPeriod"),
        ({"item": {"itemSequence": 1}}, "/entry/0/resource/item"),
    ],
)
def test_what_makes_the_meaning_uncertain_is_refused_with_its_place(change, pointer):
    fault = fault_of(bundle(response(**change), PATIENT))
    assert (fault.fault, fault.place, fault.where, fault.kind) == (
        Fault.BAD_VALUE,
        "pointer",
        pointer,
        "fhir.pas-response",
    )


@pytest.mark.parametrize("code", ["A9", "approved", "a1"])
def test_an_action_that_is_no_code_of_the_list_is_refused(code):
    fault = fault_of(response(item(1, action(code))))
    place = "/item/0/adjudication/0/extension/0/extension/0/valueCodeableConcept/coding/0/code"
    assert (fault.fault, fault.where) == (Fault.BAD_VALUE, place)
    assert code not in fault.sentence


def test_sloppy_data_beside_the_meaning_is_read():
    found = review(
        item(1, action("A1", "AUTH-1"), unknownElement=1), id="not_an_id", created=None, insurer=None, type=None
    )
    assert found["decision"] == "approved"
