"""Who is believed, from the rules to the badge: the practice's word x a routine service or not x what the library says.

A denied practice rule has lost the code that a remittance denied, and keeps its other codes.
"""

from datetime import date, timedelta
from itertools import product

import pytest

from app.authorizations.facts import Status
from app.clearance.facts.reasons import Badge, Check, Reason
from app.clearance.rules.deciding import Decider
from app.policies.facts.answers import Confidence, Grounds, Need, PatientAnswer
from app.values.insurance import Line
from app.values.spans import DateSpan
from tests.support.judging import (
    DAY,
    a_count,
    a_coverage,
    a_file,
    a_line,
    a_visit,
    an_approval,
    around,
    found,
    lines_of,
)
from tests.unit.policies.books import book, practice_rule, rule

ROUTINE, NOT_ROUTINE = "11102", "96910"
STILL_CONFIRMED = "11104"
OFFER = {
    "schema": "routine/1",
    "groups": [{"id": "biopsies", "label": "Skin biopsies", "codes": ["11102", "11104"]}],
    "never": ["96900-96999"],
    "never_letters": ["J"],
}
MILD = {"approval": "not_required", "coverage": "covered"}
LIBRARY = {
    "silent": None,
    "not_required": MILD,
    "required": {},
    "required from memory": {"confidence": "memory"},
    "not_required from memory": {**MILD, "confidence": "memory"},
}
BY_THE_LIBRARY = {
    "silent": (Need.UNKNOWN, Confidence.NONE, Badge.NOT_CHECKED, Check.RULE),
    "not_required": (Need.NOT_REQUIRED, Confidence.SEEN, Badge.CLEARED, None),
    "required": (Need.REQUIRED, Confidence.SEEN, Badge.BLOCKED, Check.APPROVAL),
    "required from memory": (Need.REQUIRED, Confidence.MEMORY, Badge.BLOCKED, Check.APPROVAL),
    "not_required from memory": (Need.UNKNOWN, Confidence.MEMORY, Badge.NOT_CHECKED, Check.RULE),
}
CONFIRMED = (Need.NOT_REQUIRED, Confidence.PRACTICE, Badge.CLEARED, None)
STATES = ("unconfirmed", "confirmed", "ended", "denied")
YEAR = DateSpan(date(2026, 1, 1), date(2026, 12, 31))
TO_THE_DAY_BEFORE = DateSpan(date(2026, 1, 1), DAY - timedelta(days=1))


def said_by_practice(state, code, **changes):
    """The practice rules in force for a code, in one of the four states."""
    stated = {"codes": frozenset({code, STILL_CONFIRMED}), "span": YEAR, "routine": code == ROUTINE, **changes}
    if state == "unconfirmed":
        return ()
    if state == "ended":
        stated["span"] = TO_THE_DAY_BEFORE
    if state == "denied":
        stated["codes"] = frozenset({STILL_CONFIRMED})
    return (practice_rule(**stated),)


def judged(state, code, library, rows=(), answers=(), day=DAY, **changes):
    """Judge one line of a payer by a book of one rule, and the practice's word."""
    said = LIBRARY[library]
    rules = [rule(codes=[code], **said)] if said is not None else [rule("else", codes=["17000"])]
    compiled = book(*rules, routine=OFFER)
    decider = Decider(compiled, said_by_practice(state, code, **changes), lambda patient, day: None)
    world = around(requirement=decider.decide, only_line=compiled.only_line)
    coverage = a_coverage(payer="p", line=Line.COMMERCIAL)
    file = a_file(a_visit(a_line(code), day=day), coverages=(coverage,), authorizations=rows, answers=answers)
    (verdict,) = lines_of(file, world)
    return verdict


def answer(verdict):
    requirement = verdict.requirement
    check = verdict.reason.check if verdict.reason else None
    return requirement.need, requirement.confidence, verdict.badge, check


def expected(state, library):
    """What the contract says: only a rule in force is believed, and never over a library rule that was read."""
    if state != "confirmed" or library == "required":
        return BY_THE_LIBRARY[library]
    return CONFIRMED


@pytest.mark.parametrize(("state", "code", "library"), list(product(STATES, (ROUTINE, NOT_ROUTINE), LIBRARY)))
def test_who_is_believed(state, code, library):
    assert answer(judged(state, code, library)) == expected(state, library)


@pytest.mark.parametrize(("state", "code", "library"), list(product(STATES, (ROUTINE, NOT_ROUTINE), LIBRARY)))
def test_a_rule_that_corrects_is_believed_over_what_was_read_while_it_is_in_force(state, code, library):
    verdict = judged(state, code, library, corrects=True)
    assert answer(verdict) == (CONFIRMED if state == "confirmed" else BY_THE_LIBRARY[library])
    if state == "confirmed" and library == "required":
        assert verdict.requirement.grounds is Grounds.CORRECTION
        assert [one.rule for one in verdict.requirement.alternatives] == ["p/t#r"]


@pytest.mark.parametrize(("state", "code", "library"), list(product(STATES, (ROUTINE, NOT_ROUTINE), LIBRARY)))
def test_an_answer_for_this_patient_is_believed_over_all(state, code, library):
    span = DateSpan(DAY, DAY)
    for need, badge in ((Need.NOT_REQUIRED, Badge.CLEARED), (Need.REQUIRED, Badge.BLOCKED)):
        said = PatientAnswer("answer#1", "p", frozenset({code}), need, span, date(2026, 2, 1), "call 7")
        verdict = judged(state, code, library, answers=(said,))
        assert answer(verdict)[:3] == (need, Confidence.PAYER, badge)


@pytest.mark.parametrize(("state", "code", "library"), list(product(STATES, (ROUTINE, NOT_ROUTINE), LIBRARY)))
def test_an_approval_clears_whatever_is_believed_and_a_log_row_is_an_answer(state, code, library):
    approval = an_approval(payer="p", items=(a_count(code),))
    assert judged(state, code, library, rows=(approval,)).badge is Badge.CLEARED
    waived = an_approval(payer="p", items=(a_count(code),), status=Status.NOT_REQUIRED)
    verdict = judged(state, code, library, rows=(waived,))
    assert answer(verdict) == (Need.NOT_REQUIRED, Confidence.PAYER, Badge.CLEARED, None)


@pytest.mark.parametrize("library", ["silent", "required from memory"])
@pytest.mark.parametrize(
    ("day", "believed"),
    [
        (date(2026, 3, 10), False),
        (date(2026, 3, 11), True),
        (date(2026, 3, 20), True),
        (date(2026, 3, 21), False),
    ],
)
def test_a_practice_rule_answers_on_its_first_and_last_day(library, day, believed):
    verdict = judged("confirmed", ROUTINE, library, day=day, span=DateSpan(date(2026, 3, 11), date(2026, 3, 20)))
    assert answer(verdict) == (CONFIRMED if believed else BY_THE_LIBRARY[library])


def test_an_offer_that_nobody_confirmed_is_no_answer():
    verdict = judged("unconfirmed", ROUTINE, "silent")
    assert (found(verdict, Check.RULE), verdict.badge) == (Reason.RULE_UNKNOWN, Badge.NOT_CHECKED)


def test_the_more_specific_practice_rule_goes_first_then_the_stricter():
    compiled = book(rule("else", codes=["17000"]))
    general = practice_rule(ref="practice#1", codes=frozenset({ROUTINE}), span=YEAR)
    strict = practice_rule(ref="practice#2", codes=frozenset({ROUTINE}), span=YEAR, need=Need.REQUIRED)
    at_office = practice_rule(ref="practice#3", codes=frozenset({ROUTINE}), span=YEAR, places=frozenset({"11"}))
    for rules, need in (((general, strict), Need.REQUIRED), ((general, strict, at_office), Need.NOT_REQUIRED)):
        decider = Decider(compiled, rules, lambda patient, day: None)
        file = a_file(a_visit(a_line(ROUTINE)), coverages=(a_coverage(payer="p"),), authorizations=())
        (verdict,) = lines_of(file, around(requirement=decider.decide))
        assert verdict.requirement.need is need
