"""Routine services: what is offered, what never is, and that they never clear what needs approval."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.policies.actions.library import SHIPPED
from app.policies.facts.answers import Confidence, Need, Question
from app.policies.files.directory import read_policies
from app.policies.rules.compiling import compile_book
from app.policies.rules.determine import determine
from app.policies.rules.library import ask_library
from app.policies.rules.offering import always_asked, left_out, offered_groups, routine_until, strict_rules
from app.policies.rules.routine import never_offered, offered_codes
from app.values.spans import DateSpan
from tests.unit.policies.books import DAY, ask, book, practice_rule, rule
from tests.unit.policies.test_properties import DIAGNOSES, PLACES, STATES, some_rule

APPROVAL = {Need.REQUIRED, Need.REQUIRED_WHEN_UNMET}
YEAR = DateSpan(date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture(scope="module")
def shipped():
    return compile_book(read_policies(SHIPPED), "shipped")


def never(code):
    """The contract's list of what is never offered, written down a second time."""
    number = int(code) if code.isdigit() else None
    if number is None:
        return code[0] in "JQ" or code[-1] in "TU"
    return (
        96400 <= number <= 96499
        or 14000 <= number <= 15799
        or 15800 <= number <= 15899
        or 17106 <= number <= 17108
        or 96900 <= number <= 96999
        or 64650 <= number <= 64659
        or 77000 <= number <= 77999
        or 81500 <= number <= 81599
        or code.endswith("99")
    )


def test_of_all_codes_of_the_grid_none_is_offered_that_never_may_be(shipped):
    codes = {code for service in shipped.grid_file.services for code in service.codes}
    codes |= {code for entry in shipped.services.services.values() for code in entry.codes}
    assert len(codes) > 150
    offered = set(offered_codes(shipped))
    assert {code for code in codes if never(code)} & offered == set()
    assert [code for code in codes if never(code) and not never_offered(shipped.routine, code)] == []


@pytest.mark.parametrize(
    "code",
    [
        "J0585", "Q4101", "96401", "14000", "15271", "15823", "17106", "96910", "64650", "77401", "0010U", "81529",
        "0419T", "17999",
    ],
)  # fmt: skip
def test_what_is_never_offered_is_left_out_even_when_a_file_lists_it(shipped, code):
    assert never_offered(shipped.routine, code)
    group = shipped.routine.groups[0]
    wrong = shipped.routine.model_copy(update={"groups": (group.model_copy(update={"codes": (code, "99213")}),)})
    listed = compile_book(read_policies(SHIPPED).model_copy(update={"routine": wrong}), "wrong")
    assert [group.codes for group in offered_groups(listed)] == [("99213",)]


def test_groups_have_our_own_labels_and_every_offered_code_once(shipped):
    groups = offered_groups(shipped)
    codes = [code for group in groups for code in group.codes]
    assert sorted(codes) == sorted(set(offered_codes(shipped)))
    assert all(re.fullmatch(r"[A-Z][a-zA-Z ]+", group.label) for group in groups)


def test_where_the_library_asks_approval_is_said_with_its_scope():
    rules = book(
        rule("all", codes=["11102"]),
        rule("some", codes=["11104"], applies={"places": ["22"]}),
        rule("when", codes=["11106"], approval="required_when", when={"states": ["TX"]}),
        rule("mild", codes=["11300"], approval="not_required"),
        rule("later", codes=["11301"], **{"from": "2027-01-01"}),
    )
    codes = ["11102", "11104", "11106", "11300", "11301"]
    found = {one.code: one.in_some_cases for one in strict_rules(rules, {"p": "Payer"}, codes, YEAR)}
    assert found == {"11102": False, "11104": True, "11106": True}
    assert always_asked(rules, "p", codes, YEAR) == {"11102"}


def test_a_code_that_the_library_asks_for_always_or_from_memory_is_left_out():
    rules = book(
        rule("all", codes=["11102"]),
        rule("some", codes=["11104"], applies={"places": ["22"]}),
        rule("memory", codes=["11106"], applies={"places": ["22"]}, confidence="memory"),
        rule("cosmetic", codes=["11300"], approval="not_applicable", confidence="memory"),
        rule("mild", codes=["11301"], approval="not_required", confidence="memory"),
    )
    codes = ["11102", "11104", "11106", "11300", "11301", "11302"]
    assert left_out(rules, "p", codes, YEAR) == {"11102", "11106", "11300"}


def test_a_rule_that_was_read_stands_where_it_holds():
    here = rule(applies={"places": ["22"]})
    routine = practice_rule(routine=True)
    assert ask(here, practice=(routine,), place="22").need is Need.REQUIRED
    assert ask(here, practice=(routine,), place="11").need is Need.NOT_REQUIRED
    assert ask(here, practice=(routine,)).need is Need.REQUIRED_WHEN_UNMET


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_routine_services_never_turn_what_the_library_asks(data):
    rules = [data.draw(some_rule()) | {"id": f"r{number}"} for number in range(data.draw(st.integers(1, 3)))]
    made = book(*rules)
    question = Question(
        payer="p",
        day=DAY + timedelta(days=data.draw(st.integers(-2, 2))),
        code=data.draw(st.sampled_from(["96910", "96912"])),
        place=data.draw(st.sampled_from([None, *PLACES])),
        state=data.draw(st.sampled_from([None, *STATES])),
        diagnoses=tuple(data.draw(st.lists(st.sampled_from(DIAGNOSES), max_size=2))),
    )
    codes = frozenset({"96910", "96912"})
    routine = practice_rule(routine=True, codes=codes - left_out(made, "p", codes, YEAR))
    library = ask_library(made, question)
    after = determine(made, (routine,), (), question)
    if library.need in APPROVAL:
        assert after.need is library.need
    elif question.code in routine.codes and library.confidence is not Confidence.SEEN:
        assert after.need is Need.NOT_REQUIRED


def test_routine_services_are_confirmed_until_the_last_of_their_ends():
    rules = [
        practice_rule(routine=True, span=DateSpan(date(2026, 1, 1), date(2026, 6, 30))),
        practice_rule(routine=True, span=DateSpan(date(2026, 1, 1), date(2026, 9, 30))),
        practice_rule(routine=True, payer="q", span=DateSpan(date(2026, 5, 1), date(2026, 9, 30))),
        practice_rule(payer="z"),
    ]
    assert routine_until(rules, DAY) == {"p": date(2026, 9, 30)}
