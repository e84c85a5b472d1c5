"""What a payer's answer says and grants: nothing is guessed, and what is not said stays unknown."""

from datetime import date
from uuid import UUID

import pytest

from app.authorizations.facts import AuthorizationRecord, Counting, Item, Status
from app.casework.facts.payer_answers import Answer, Named
from app.casework.intake.reviews import read_review
from app.casework.rules.matching import same_member, same_name
from app.casework.rules.payer_answers import granted_values, is_partial, required_items, words_of

ASKED = (Item(("96910", "96912"), None, Counting.UNITS, 36),)
RECORD = AuthorizationRecord(UUID(int=1), UUID(int=2), "", "p", "P", Status.SUBMITTED, "", items=ASKED)


def service(code="96910", **other):
    return {"code": code, "action": "A1", "quantity": None, "unit": None, "number": None, "effective": {}} | other


def granted(*services, **other):
    """What a review grants of the request."""
    review = {"decision": "approved", "action": "A1", "number": "AUTH1", "services": list(services)} | other
    return granted_values(read_review(review), RECORD)


def test_an_approval_in_total_that_names_no_count_grants_what_was_asked():
    assert granted(service())["items"] == (Item(("96910",), None, Counting.UNITS, 36),)
    both = granted(service(), service("96912"))["items"]
    assert both == ASKED, "codes that were asked with one count share it"
    assert granted()["items"] == ASKED


@pytest.mark.parametrize(
    ("quantity", "unit", "counting", "count"),
    [
        ("36", "UN", Counting.UNITS, 36),
        ("12", "VS", Counting.VISITS, 12),
        ("36.0", "UN", Counting.UNITS, 36),
        ("2.5", "UN", Counting.UNKNOWN, None),
        ("90", "DY", Counting.UNKNOWN, None),
        ("6", None, Counting.UNKNOWN, None),
    ],
)
def test_only_whole_units_and_visits_are_counts(quantity, unit, counting, count):
    changed = service(action="A6", quantity=quantity, unit=unit)
    assert granted(changed, action="A6")["items"] == (Item(("96910",), None, counting, count),)


def test_a_modified_line_without_a_count_has_none():
    assert granted(service(action="A6"), action="A6")["items"] == (Item(("96910",)),)
    rate = {"quantity": "3", "unit": "VS", "delivery": [{"quantity": "3", "per": "1", "period": "WK"}]}
    assert granted(action="A6", **rate)["items"] == (Item(("96910", "96912")),)


@pytest.mark.parametrize(
    ("of_all", "counting", "count"),
    [
        ({"quantity": "12", "unit": "VS"}, Counting.VISITS, 12),
        ({"quantity": "40", "unit": "VS"}, Counting.UNITS, 36),
        ({"quantity": None, "unit": None}, Counting.UNITS, 36),
        ({"quantity": "3", "unit": "VS", "delivery": [{"per": "WK"}]}, Counting.UNITS, 36),
    ],
)
def test_a_changed_request_grants_the_smaller_count_of_the_only_line_and_of_all(of_all, counting, count):
    asked = service(action=None, quantity="36", unit="UN")
    assert granted(asked, action="A6", **of_all)["items"] == (Item(("96910",), None, counting, count),)
    assert granted(asked, action="A1", **of_all)["items"] == (Item(("96910",), None, Counting.UNITS, 36),)


def test_days_are_those_on_which_every_line_holds():
    year = {"begins": "2026-01-01", "ends": "2026-12-31"}
    first = service(effective=year)
    second = service("96912", effective={"begins": "2026-03-01", "ends": "2026-06-30"})
    values = granted(first, second)
    assert (values["begins"], values["ends"]) == (date(2026, 3, 1), date(2026, 6, 30))
    open_end = granted(first, service("96912", effective={"begins": "2026-03-01", "ends": None}))
    assert (open_end["begins"], open_end["ends"]) == (date(2026, 3, 1), None)
    ended = granted(service(), effective={"begins": "2026-03-01", "ends": "2026-03-01"}, expires="2026-09-30")
    assert (ended["begins"], ended["ends"]) == (date(2026, 3, 1), date(2026, 9, 30))
    assert granted(service())["ends"] is None


def test_of_two_ends_that_an_answer_names_the_earlier_counts():
    both = {"begins": "2026-03-01", "ends": "2026-09-30"}
    assert granted(service(), effective=both, expires="2026-06-30")["ends"] == date(2026, 6, 30)
    assert granted(service(), effective=both, expires="2026-12-31")["ends"] == date(2026, 9, 30)


def test_a_number_is_one_and_real_or_none():
    assert granted(service(number="A-1"), service("96912", number="A-1"))["number"] == "A-1"
    several = granted(service(number="A-1"), service("96912", number="B-2"))
    assert (several["number"], several["verbal"]) == (None, True)
    assert granted(service(number="A-1"), service("96912"), number=None)["number"] is None
    assert granted(service(), number="PENDING")["verbal"]


def test_lines_that_are_refused_or_undecided_are_not_granted():
    review = {"decision": "partly_approved", "action": "A2", "number": "A1"}
    answer = read_review(review | {"services": [service(), service("96912", action="A3", reasons=["09"])]})
    assert is_partial(answer) and "Not granted: 96912." in words_of(answer) and "09" in words_of(answer)
    values = granted_values(answer, RECORD)
    assert values is not None and values["items"] == (Item(("96910",), None, Counting.UNITS, 36),)
    assert granted(service("XRAY1"), service(action="A4")) is None


def test_what_needs_no_approval_is_what_the_lines_name():
    answer = read_review({"decision": "not_required", "action": "NA", "services": [service(action="NA")]})
    assert required_items(answer, RECORD) == (Item(("96910",)),)
    assert required_items(read_review({"decision": "not_required"}), RECORD) == ASKED


@pytest.mark.parametrize(
    ("review", "answer"),
    [
        ({"decision": None, "action": "CT"}, Answer.CALL),
        ({"decision": None, "rejections": [{"code": "72"}]}, Answer.REJECTED),
        ({"decision": None}, Answer.UNKNOWN),
        ({"decision": "something new"}, Answer.UNKNOWN),
        ({"decision": "pended", "action": "A4"}, Answer.PENDED),
    ],
)
def test_what_an_answer_says(review, answer):
    assert read_review(review).answer is answer


def test_a_trace_is_one_text_or_several_and_broken_values_are_none():
    assert read_review({"trace": "T-1"}).traces == ("T-1",)
    assert read_review({"trace": ["T-1", "T-2", None]}).traces == ("T-1", "T-2")
    odd = read_review({"patient": {"birth_date": "not a day"}, "issued": "soon", "payer": "ACME"})
    assert odd.named == Named(payer_name="ACME") and odd.issued is None


def test_member_ids_and_names_agree_but_for_suffixes():
    assert same_member("W123 456-01", "w123456") and not same_member("W123456", "W123457")
    assert same_name("O'Neil", "ONEIL") and same_name("Smith Jr", "Smith") and not same_name("Smith", "Smythe")
