"""Decide each distinct question once: the needs of a line depend on few facts, whoever the patient is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from app.patients.facts import PatientForJudging
from app.policies.facts.answers import Need, PatientAnswer, PracticeRule, Question, Requirement
from app.policies.facts.book import Book
from app.policies.rules.determine import determine
from app.policies.rules.practice import PracticeRules
from app.policies.rules.relevant import reads_age, relevant

_REQUIRING = frozenset({"required", "required_when"})
Age = Callable[[PatientForJudging, date], int | None]


class Decider:
    """The payer rules and the practice's own, with a memory of what was decided.

    `age` opens a patient's birth date; it is asked only where a rule of the payer and code reads an age.
    """

    def __init__(self, book: Book, practice_rules: tuple[PracticeRule, ...], age: Age) -> None:
        self._book = book
        self._rules = PracticeRules.of(practice_rules)
        self._age = age
        self._decided: dict[object, Requirement] = {}

    def decide(self, question: Question, answers: tuple[PatientAnswer, ...], patient: PatientForJudging) -> Requirement:
        """Answer one question for one patient. Answers for this patient come first, and are never remembered."""
        if reads_age(self._book, question):
            question = replace(question, age_months=self._age(patient, question.day))
        if answers:
            return determine(self._book, self._rules, answers, question)
        key = relevant(self._book, self._rules, question)
        requirement = self._decided.get(key)
        if requirement is None:
            requirement = self._decided[key] = determine(self._book, self._rules, (), question)
        return requirement

    def may_require(self, payer: str, code: str) -> bool:
        """Say whether a rule of the payer may require approval of a code for anybody: others need not be asked."""
        if any(rule.approval in _REQUIRING for rule in self._book.by_code.get((payer, code), ())):
            return True
        return any(rule.need is Need.REQUIRED and _names(rule, code) for rule in self._rules.by_payer.get(payer, ()))


def _names(rule: PracticeRule, code: str) -> bool:
    return any(name == code or "-" in name for name in rule.codes)
