"""Is approval needed? The one question asked all day, answered from three voices in order of belief.

An answer for this patient; a practice rule in force; the library. Contract `verdict.md`, "Who is believed".
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from app.policies.facts.answers import (
    Alternative,
    Cite,
    Confidence,
    Grounds,
    Need,
    PatientAnswer,
    PracticeRule,
    Question,
    Requirement,
)
from app.policies.facts.book import Book
from app.policies.rules.basis import say_answer, say_basis, say_kind
from app.policies.rules.judging import STRENGTH
from app.policies.rules.library import ask_library, drug_key
from app.policies.rules.practice import PracticeRules as PracticeRules
from app.policies.rules.practice import practice_rules_of
from app.policies.rules.relevant import reads_age as reads_age
from app.policies.rules.relevant import relevant as relevant
from app.policies.rules.scope import plain_name
from app.values.codes import in_range
from app.values.insurance import Line

_STANDS = frozenset({Need.REQUIRED, Need.REQUIRED_WHEN_UNMET, Need.NOT_COVERED, Need.COSMETIC})
"""Needs of a library rule that was seen which a practice's `not_required` turns only as a marked correction."""


def determine(
    book: Book, practice_rules: Sequence[PracticeRule], answers: Sequence[PatientAnswer], question: Question
) -> Requirement:
    """Say whether approval is needed, whether it is covered, by which rule, and what that rule asks.

    Takes     the compiled book; practice rules and this patient's answers (those that count as of the asked day:
              the caller leaves out what was recorded later); one question. The day of service picks the rules.
    Returns   a requirement; `unknown` where nothing is known, never a guess.
    Source    contract `verdict.md`, "Is approval needed?".
    """
    found = _answer(book, answers, question) if answers else None
    if found is not None:
        return _from_answer(found, ask_library(book, question))
    library = ask_library(book, question)
    if not practice_rules:
        return library
    rules = _confirmed(book, practice_rules_of(practice_rules, question.payer), question)
    return _from_practice(rules, library) if rules else library


def names_service(book: Book, names: Iterable[str], question: Question) -> int:
    """How exactly a list of codes, ranges and drug keys names a question: 2 exactly, 1 by range, 0 not."""
    drug = drug_key(book, question.drug) if question.drug is not None else None
    best = 0
    for name in names:
        if name in (question.code, drug, question.drug, question.service) and name:
            return 2
        first, dash, last = name.partition("-")
        if dash and question.code is not None and in_range(question.code, first, last):
            best = 1
    return best


def _answer(book: Book, answers: Sequence[PatientAnswer], question: Question) -> PatientAnswer | None:
    """The answer for this patient that is believed: the more exact, then the stricter, then the later."""
    fitting = [
        (-exact, STRENGTH[answer.need], -(answer.said_on or date.min).toordinal(), answer.ref, answer)
        for answer in answers
        if answer.payer == question.payer
        and question.day in answer.span
        and (answer.channel is None or question.channel is None or answer.channel is question.channel)
        and (exact := names_service(book, answer.names, question))
    ]
    return min(fitting, key=lambda found: found[:4])[4] if fitting else None


def _from_answer(answer: PatientAnswer, library: Requirement) -> Requirement:
    cite = Cite(answer.reference, None, answer.said_on) if answer.reference else None
    return replace(
        library,
        need=answer.need,
        confidence=Confidence.PAYER,
        grounds=Grounds.PATIENT_ANSWER,
        rule=answer.ref,
        cite=cite,
        unmet=(),
        alternatives=_with_library(library),
        basis=say_answer(answer.reference, answer.said_on),
        until=answer.span.ends,
    )


def _confirmed(book: Book, rules: Sequence[PracticeRule], question: Question) -> list[PracticeRule]:
    """Practice rules that hold, the more specific first, then the stricter."""
    line = question.line or book.only_line(question.payer)
    held = [
        (-_bound(rule, exact), STRENGTH[rule.need], rule.ref, rule)
        for rule in rules
        if question.day in rule.span
        and (exact := names_service(book, rule.codes, question))
        and _holds(rule, question, line)
    ]
    return [found[3] for found in sorted(held, key=lambda found: found[:3])]


def _bound(rule: PracticeRule, exact: int) -> int:
    return exact + sum(bool(bound) for bound in (rule.plans, rule.places, rule.providers, rule.groups, rule.lines))


def _holds(rule: PracticeRule, question: Question, line: Line | None) -> bool:
    """Say whether every bound holds; a bound that is missing is kept by a strict rule, not by a mild one."""
    strict = rule.need is not Need.NOT_REQUIRED
    plan = plain_name(question.plan) if question.plan is not None else None
    bounds: tuple[tuple[object, frozenset[object]], ...] = (
        (line, frozenset(rule.lines)),
        (plan, frozenset(plain_name(name) for name in rule.plans)),
        (question.place, frozenset(rule.places)),
        (question.provider, frozenset(rule.providers)),
        (question.group, frozenset(rule.groups)),
    )
    return all(strict if value is None else value in allowed for value, allowed in bounds if allowed)


def _from_practice(rules: list[PracticeRule], library: Requirement) -> Requirement:
    """A practice rule over the library; a seen `required` gives way only to a marked correction."""
    stands = library.confidence is Confidence.SEEN and library.need in _STANDS
    if stands:
        rules = [rule for rule in rules if rule.need is not Need.NOT_REQUIRED or rule.corrects]
    if not rules:
        return library
    rule, *others = rules
    corrects = stands and rule.need is Need.NOT_REQUIRED
    return replace(
        library,
        need=rule.need,
        confidence=Confidence.PRACTICE,
        grounds=Grounds.CORRECTION if corrects else Grounds.PRACTICE_RULE,
        rule=rule.ref,
        cite=Cite(say_kind(rule.basis_kind, rule.basis, None), None, rule.source_day or rule.recorded_on),
        unmet=(),
        alternatives=(*(Alternative(other.ref, other.need, None) for other in others), *_with_library(library)),
        basis=say_basis(rule),
        until=rule.span.ends,
        routine=rule.routine,
        plans=rule.plans,
    )


def _with_library(library: Requirement) -> tuple[Alternative, ...]:
    own = (Alternative(library.rule, library.need, library.cite),) if library.rule is not None else ()
    return own + library.alternatives
