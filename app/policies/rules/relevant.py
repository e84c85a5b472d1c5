"""Which parts of a question does anyone read? Questions with the same key have the same answer.

The whole-book run decides each distinct combination once: a million lines ask a few thousand questions.
"""

from bisect import bisect_right
from collections.abc import Hashable, Sequence
from datetime import date
from typing import NamedTuple

from app.policies.facts.answers import PracticeRule, Question
from app.policies.facts.book import Book, CompiledRule
from app.policies.rules.classify import classify
from app.policies.rules.library import candidates
from app.policies.rules.practice import PracticeRules, practice_rules_of
from app.policies.rules.therapy import ALSO

_PLAIN = ("place", "state", "supply", "provider", "group", "plan")


class _Reads(NamedTuple):
    """What the rules of one payer read of one service."""

    fields: tuple[str, ...]
    turns: tuple[date, ...]
    ages: tuple[int, ...]
    diagnoses: tuple[str, ...]
    by_diagnosis: bool
    companions: frozenset[str]
    by_companion: bool
    documented: frozenset[str]
    facts: tuple[str, ...]
    whole_day: bool
    classed: bool


def relevant(book: Book, practice_rules: Sequence[PracticeRule], question: Question) -> Hashable:
    """Trim a question to what decides it.

    Takes     the book; the practice's rules (as `PracticeRules` for whoever asks often); a question.
    Returns   a key: two questions with the same key get the same requirement from this book and these rules, where
              no answer for the patient is on file (`determine` with `answers=()`).
    """
    asked = (question.payer, question.code, question.drug, question.service)
    memo = practice_rules.memo if isinstance(practice_rules, PracticeRules) else {}
    kept = memo.get(asked)
    if kept is None:
        kept = memo[asked] = _reads(book, practice_rules, question)
    return (asked, question.line, question.channel, *_values(book, kept, question))


def reads_age(book: Book, question: Question) -> bool:
    """Say whether any library rule of the payer and service reads the patient's age: only then is it worth opening."""
    asked = ("age", question.payer, question.code, question.drug, question.service)
    kept = book.memo.get(asked)
    if kept is None:
        rules = (*candidates(book, question), *book.closed.get(question.payer, ()))
        kept = book.memo[asked] = any("age" in rule.reads for rule in rules)
    return bool(kept)


def _values(book: Book, reads: _Reads, question: Question) -> tuple[Hashable, ...]:
    values: list[Hashable] = [getattr(question, name) for name in reads.fields]
    values.append(question.day if reads.whole_day else bisect_right(reads.turns, question.day))
    if reads.ages:
        months = question.age_months
        values.append(None if months is None else bisect_right(reads.ages, months))
    if reads.by_diagnosis:
        values.append(_touched(reads.diagnoses, question.diagnoses))
    if reads.by_companion:
        values.append((bool(question.companions), question.companions & reads.companions))
    if reads.documented:
        values.append(question.documented & reads.documented)
    if reads.facts:
        values.append(tuple(question.facts.get(name) for name in reads.facts))
    if reads.classed:
        values.append(classify(book.grid, question.code, question.diagnoses, question.documented).klass)
    return tuple(values)


def _touched(stems: tuple[str, ...], diagnoses: tuple[str, ...]) -> Hashable:
    """Which stems the diagnoses lie below; None when there is no diagnosis."""
    if not diagnoses:
        return None
    return tuple(stem for stem in stems if any(code.startswith(stem) for code in diagnoses))


def _reads(book: Book, practice_rules: Sequence[PracticeRule], question: Question) -> _Reads:
    named = candidates(book, question)
    rules = (*named, *book.closed.get(question.payer, ()))
    practice = practice_rules_of(practice_rules, question.payer)
    reads = frozenset[str]().union(*(rule.reads for rule in rules)) | _practice_reads(practice)
    facts = {name.removeprefix("fact:").removeprefix(ALSO) for name in reads if name.startswith(("fact:", ALSO))}
    facts |= {"program"} if "program" in reads else set()
    return _Reads(
        fields=tuple(name for name in _PLAIN if name in reads),
        turns=_turns(rules, practice),
        ages=tuple(sorted(int(name[4:]) for name in reads if name.startswith("age@"))),
        diagnoses=tuple(sorted(name[3:] for name in reads if name.startswith("dx@"))),
        by_diagnosis="diagnosis" in reads,
        companions=frozenset(name[5:] for name in reads if name.startswith("with@")),
        by_companion="companions" in reads,
        documented=frozenset(name[11:] for name in reads if name.startswith("documented:")),
        facts=tuple(sorted(facts)),
        whole_day=any(name.endswith((":on", "_on")) or name.startswith(("history:", "trial:")) for name in facts),
        classed=any(rule.approval == "not_applicable" for rule in named),
    )


def _practice_reads(rules: Sequence[PracticeRule]) -> frozenset[str]:
    bounds = (("plan", "plans"), ("place", "places"), ("provider", "providers"), ("group", "groups"))
    return frozenset(name for name, field in bounds for rule in rules if getattr(rule, field))


def _turns(rules: Sequence[CompiledRule], practice: Sequence[PracticeRule]) -> tuple[date, ...]:
    """The days on which a rule begins, or has just ended."""
    days = {rule.begins for rule in rules} | {_next(rule.ends) for rule in rules}
    for rule in practice:
        days |= {rule.span.begins or date.min, _next(rule.span.ends or date.max)}
    return tuple(sorted(days - {date.min, date.max}))


def _next(day: date) -> date:
    return day if day == date.max else date.fromordinal(day.toordinal() + 1)
