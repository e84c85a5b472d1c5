"""What the practice or the payer confirmed says on what it rests, and until when."""

from datetime import date

import pytest

from app.policies.facts.answers import BasisKind, Need, PatientAnswer, Question
from app.policies.rules.determine import determine
from app.policies.views.requirements import why_sentence
from app.values.spans import DateSpan
from tests.unit.policies.books import ask, book, practice_rule, rule

TOOL = {"basis_kind": BasisKind.TOOL, "basis": "", "source_day": date(2025, 11, 20)}


def why(requirement):
    return why_sentence(requirement, "Cigna PPO", "96910")


def test_a_green_line_of_routine_services_says_so_exactly():
    rests = ask(practice=(practice_rule(routine=True, **TOOL),))
    assert why(rests) == (
        "No approval needed: routine services of Cigna PPO, payer's look-up tool 11/20/2025, until 12/31/2026."
    )


def test_a_rule_for_a_plan_names_the_plan():
    rests = ask(practice=(practice_rule(routine=True, plans=frozenset({"Gold"}), **TOOL),), plan="Gold")
    assert "routine services of Cigna PPO Gold, payer's" in why(rests)


@pytest.mark.parametrize(
    ("kind", "text", "says"),
    [
        (BasisKind.LIST, "section 4", "payer's list 11/20/2025, section 4"),
        (BasisKind.CALL, "7781-A", "call 11/20/2025, reference 7781-A"),
        (BasisKind.LETTER, "", "payer's letter 11/20/2025"),
        (BasisKind.CLAIMS, "41 of 41", "paid claims 11/20/2025: 41 of 41"),
        (None, "Payer's code list.", "Payer's code list 11/20/2025"),
    ],
)
def test_any_other_rule_of_the_practice_says_its_basis_and_end(kind, text, says):
    rests = ask(practice=(practice_rule(basis_kind=kind, basis=text, source_day=date(2025, 11, 20)),))
    assert why(rests) == f"No approval needed: the practice's rule for 96910 of Cigna PPO, {says}, until 12/31/2026."


def test_a_correction_says_that_it_corrects():
    rests = ask(rule(), practice=(practice_rule(corrects=True),))
    assert why(rests).startswith("No approval needed: the practice's correction of the library's rule for 96910 of Cig")


def test_a_rule_that_asks_approval_says_who_confirmed_it():
    rests = ask(practice=(practice_rule(need=Need.REQUIRED, **TOOL),))
    assert why(rests) == (
        "Cigna PPO requires approval for 96910: the practice confirmed it, payer's look-up tool 11/20/2025, "
        "until 12/31/2026."
    )


@pytest.mark.parametrize(
    ("need", "begins"),
    [
        (Need.NOT_REQUIRED, "No approval needed: payer's answer of 11/20/2026, reference 88-1, until 12/31/2026."),
        (
            Need.REQUIRED,
            "Cigna PPO requires approval for 96910: payer's answer of 11/20/2026, reference 88-1, until 12/31/2026.",
        ),
    ],
)
def test_an_answer_for_one_patient_says_its_day_and_reference(need, begins):
    span = DateSpan(date(2026, 11, 20), date(2026, 12, 31))
    answer = PatientAnswer("answer#1", "p", frozenset({"96910"}), need, span, date(2026, 11, 20), "88-1")
    question = Question(payer="p", day=date(2026, 12, 1), code="96910")
    assert why(determine(book(), (), (answer,), question)) == begins


def test_the_citation_of_a_rule_is_never_without_a_title():
    cite = ask(practice=(practice_rule(routine=True, **TOOL),)).cite
    assert (cite.title, cite.read_on) == ("payer's look-up tool", date(2025, 11, 20))
    assert ask(practice=(practice_rule(),)).cite.title == "payer's list of 2 January 2026"
