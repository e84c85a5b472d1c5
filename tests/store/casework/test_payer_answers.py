"""Payers' answers by document: they find their request, do their work once, and change nothing that is not theirs."""

from copy import deepcopy
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.authorizations import store as authorization_store
from app.authorizations.facts import Counting, Item, Status
from app.casework.actions.payer_answers import take_decision
from app.casework.actions.watching import badges_of
from app.casework.facts.payer_answers import PayerRequest, RequestChannel
from app.casework.store import denials
from app.casework.store import entries as entry_store
from app.casework.store.payer_answers import answers_of, note_trace
from app.clearance.facts.reasons import Badge
from app.values.records import Outcome, RecordRef
from tests.support import make
from tests.support.desk import PAYER_NAME, Booking, Desk

PRACTICE = make.PRACTICE_ID
CASE, PATIENT = make.an_id(60_001), make.an_id(10_001)
REF = RecordRef(make.an_id(900), 1)
TRACE = "T-000000417"
MEMBER = "W00000001"


def review(**other: Any) -> dict[str, Any]:
    """A review of an X12 278 response: certified in total, with a number, units and days."""
    base: dict[str, Any] = {
        "trace": [TRACE],
        "reference": "A12345",
        "payer": {"name": PAYER_NAME, "id": "ACME1"},
        "request_category": "HS",
        "certification_type": "I",
        "decision": "approved",
        "patient": {"member_id": MEMBER, "last_name": "Dubois", "first_name": "Henri", "birth_date": None},
        "action": "A1",
        "number": "AUTH0001",
        "reasons": [],
        "effective": {"begins": "2026-03-01", "ends": "2026-08-31"},
        "issued": "2026-03-02",
        "expires": None,
        "quantity": None,
        "unit": None,
        "delivery": [],
        "messages": [],
        "rejections": [],
        "services": [
            {
                "code": "96910",
                "code_to": None,
                "modifiers": [],
                "quantity": "36",
                "unit": "UN",
                "action": "A1",
                "number": None,
                "reasons": [],
                "service_dates": {"begins": None, "ends": None},
                "effective": {"begins": None, "ends": None},
            }
        ],
    }
    return base | other


def case(caller):
    """The case as it stands."""
    found = authorization_store.record_of(caller.session, PRACTICE, CASE)
    assert found is not None
    return found[0]


@pytest.fixture
def sent(caller):
    """A case of one patient that went to the payer under a trace, with a booked visit."""
    Desk(caller).furnish().book(Booking(9.25, "Dubois", "Henri", "pending"))
    asked = {"items": (Item(("96910",), None, Counting.UNITS, 36),), "begins": date(2026, 3, 1)}
    record = replace(case(caller), **asked, ends=date(2026, 8, 31), used_on=None)
    authorization_store.change_authorizations(caller.session, PRACTICE, [record], [])
    sent_at = make.NOW
    request = PayerRequest(make.an_id(800), CASE, RequestChannel.X12, TRACE, sent_at, "A12345", "ACME1")
    assert note_trace(caller.session, PRACTICE, request)
    caller.session.commit()
    return caller


def test_an_approval_does_its_work_and_the_badge_turns(sent):
    before = set(badges_of(sent, PATIENT).values())
    filed = take_decision(sent, review(), REF)
    assert (filed.outcome, filed.patient_id, filed.subject_id) == (Outcome.MATCHED, PATIENT, CASE)
    record = case(sent)
    assert (record.status, record.number, record.verbal) == (Status.APPROVED, "AUTH0001", False)
    assert (record.begins, record.ends) == (date(2026, 3, 1), date(2026, 8, 31))
    assert record.items == (Item(("96910",), None, Counting.UNITS, 36),)
    assert record.decided_on == date(2026, 3, 2)
    assert before == {Badge.WAITING} and set(badges_of(sent, PATIENT).values()) == {Badge.AT_RISK}, (
        "only its family warns"
    )
    assert [one.document_id for one in answers_of(sent.session, PRACTICE, CASE)] == [REF.document_id]


def test_the_same_answer_works_once_and_another_one_later_changes_nothing(sent):
    take_decision(sent, review(), REF)
    assert take_decision(sent, review(trace=["other"]), REF).outcome is Outcome.ALREADY
    assert take_decision(sent, review(), replace(REF, number=2)).outcome is Outcome.ALREADY
    before = case(sent)
    other = take_decision(sent, review(number="AUTH0002"), REF)
    assert (other.outcome, other.why, other.subject_id) == (Outcome.CONTRADICTING, "not_open", CASE)
    assert take_decision(sent, review(decision="denied", action="A3", services=[]), REF).why == "not_open"
    assert case(sent) == before


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"patient": {"member_id": "X99999999"}}, "other_member"),
        ({"patient": {"member_id": MEMBER, "last_name": "Somebody"}}, "other_patient"),
        ({"payer": {"name": "Acme Health", "id": "OTHER9"}}, "other_payer"),
    ],
)
def test_an_answer_about_somebody_else_changes_nothing(sent, change, why):
    filed = take_decision(sent, review(**change), REF)
    assert (filed.outcome, filed.why) == (Outcome.CONTRADICTING, why)
    assert case(sent).status is Status.SUBMITTED


@pytest.mark.parametrize("status", [Status.WITHDRAWN, Status.CLOSED, Status.VOIDED, Status.DENIED, Status.IN_APPEAL])
def test_an_approval_of_what_is_not_open_any_more_waits_for_a_person(sent, status):
    record = replace(case(sent), status=status, raw_status=status.value)
    authorization_store.change_authorizations(sent.session, PRACTICE, [record], [])
    sent.session.commit()
    filed = take_decision(sent, review(), REF)
    assert (filed.outcome, filed.why) == (Outcome.CONTRADICTING, "not_open")
    assert take_decision(sent, review(), REF, CASE).outcome is Outcome.CONTRADICTING, "a person's word opens nothing"
    assert case(sent) == record


def test_without_our_trace_only_member_payer_and_reference_together_match(sent):
    stranger = {"name": "Bright Plan", "id": None}
    assert take_decision(sent, review(trace=[], payer=stranger), REF).outcome is Outcome.UNMATCHED
    assert take_decision(sent, review(trace=[], reference="B999999"), REF).why == "no_request"
    assert take_decision(sent, review(trace=[], patient={"member_id": "X9"}), REF).why == "no_request"
    assert take_decision(sent, review(trace=[], payer={"name": PAYER_NAME, "id": None}), REF).outcome is Outcome.MATCHED


def test_a_person_says_which_case_an_answer_belongs_to(sent):
    stray = review(trace=["NOT-OURS"], patient={"member_id": "X1"}, reference="Z1")
    assert take_decision(sent, stray, REF).outcome is Outcome.UNMATCHED
    assert take_decision(sent, stray, REF, CASE).outcome is Outcome.MATCHED
    assert case(sent).status is Status.APPROVED


@pytest.mark.parametrize("number", [None, "TBD", "0000000", "PENDING"])
def test_an_approval_without_a_real_number_clears_nothing(sent, number):
    record = replace(case(sent), reference="REF-12345")
    authorization_store.change_authorizations(sent.session, PRACTICE, [record], [])
    sent.session.commit()
    assert take_decision(sent, review(number=number), REF).outcome is Outcome.MATCHED
    assert (case(sent).status, case(sent).number, case(sent).verbal) == (Status.APPROVED, None, True)
    assert set(badges_of(sent, PATIENT).values()) == {Badge.WAITING}


def test_a_denial_opens_its_entry_with_reasons_and_its_number_is_none(sent):
    answer = review(decision="denied", action="A3", number="DEN77", reasons=["0F"], messages=["Not shown."])
    answer["services"][0] |= {"action": "A3", "number": "DEN77", "reasons": ["35"]}
    assert take_decision(sent, answer, REF).outcome is Outcome.MATCHED
    record = case(sent)
    assert (record.status, record.number) == (Status.DENIED, None)
    (denial,) = denials.of_case(sent.session, PRACTICE, CASE, PATIENT)
    assert denial.code == "0F" and "35" in denial.words and "Not shown." in denial.words


def test_a_pended_answer_waits_and_one_with_reasons_asks_for_more(sent):
    answer = review(decision="pended", action="A4", number="P2003", effective={"begins": None, "ends": None})
    answer["services"] = []
    assert take_decision(sent, answer, REF).outcome is Outcome.MATCHED
    assert (case(sent).status, case(sent).number) == (Status.SUBMITTED, None)
    assert take_decision(sent, answer | {"reasons": ["0U"]}, REF).outcome is Outcome.MATCHED
    assert (case(sent).status, case(sent).number) == (Status.MORE_INFO, None)
    assert take_decision(sent, review(), REF).outcome is Outcome.MATCHED
    assert (case(sent).status, case(sent).number) == (Status.APPROVED, "AUTH0001")


def test_lines_are_decided_one_by_one(sent):
    record = replace(
        case(sent),
        items=(
            Item(("96910",), None, Counting.UNITS, 36),
            Item(
                ("96912",),
            ),
        ),
    )
    authorization_store.change_authorizations(sent.session, PRACTICE, [record], [])
    sent.session.commit()
    answer = review(decision="partly_approved", action="A2")
    answer["services"].append(deepcopy(answer["services"][0]) | {"code": "96912", "action": "A3", "reasons": ["09"]})
    take_decision(sent, answer, REF)
    assert case(sent).status is Status.PARTLY_APPROVED
    assert case(sent).items == (Item(("96910",), None, Counting.UNITS, 36),)
    assert case(sent).requested, "what was asked is kept beside it"


@pytest.mark.parametrize(
    ("change", "status", "step"),
    [
        ({"decision": "not_required", "action": "NA"}, Status.NOT_REQUIRED, None),
        ({"decision": "canceled", "action": "C"}, Status.WITHDRAWN, None),
        ({"decision": None, "action": "CT"}, Status.SUBMITTED, "Call the payer"),
        ({"decision": "error", "action": None, "rejections": [{"code": "72"}]}, Status.SUBMITTED, "Correct the"),
    ],
)
def test_other_answers(sent, change, status, step):
    assert take_decision(sent, review(services=[], **change), REF).outcome is Outcome.MATCHED
    assert case(sent).status is status
    assert (case(sent).next_action or "").startswith(step or "")
    (entry,) = entry_store.of_cases(sent.session, PRACTICE, [CASE], 9)
    assert entry.words and entry.words.startswith("The payer's answer by document")


def test_an_answer_that_decides_nothing_waits(sent):
    filed = take_decision(sent, review(decision=None, action=None, services=[]), REF)
    assert (filed.outcome, filed.why) == (Outcome.UNMATCHED, "no_decision")
    assert case(sent).status is Status.SUBMITTED


def test_pas_answers_the_same(sent):
    answer = {
        "outcome": "complete", "decision": "approved", "action": "A1", "trace": TRACE, "messages": [],
        "disposition": None, "number": "AUTH0009", "effective": {"begins": "2026-03-01", "ends": "2026-06-30"},
        "patient": {"last_name": "Dubois", "first_name": "Henri", "member_id": MEMBER}, "errors": [],
        "items": [
            {"sequence": 1, "added": False, "action": "A1", "number": "AUTH0009", "reasons": [], "code": "96910",
             "issued": "2026-03-02", "effective": {"begins": None, "ends": None}, "quantity": None, "unit": None}
        ],
    }  # fmt: skip
    assert take_decision(sent, answer, REF).outcome is Outcome.MATCHED
    assert (case(sent).number, case(sent).ends) == ("AUTH0009", date(2026, 6, 30))
