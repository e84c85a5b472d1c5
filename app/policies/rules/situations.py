"""Do the rules answer as situations expect, and is every rule shown by some: its yes, its no, what it leaves open?"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from app.policies.facts.answers import Need, Question, Requirement, Truth
from app.policies.facts.book import Book
from app.policies.facts.grid import PolicySet
from app.policies.facts.situations import Asked, Expected, Situation
from app.policies.rules.compiling import answering_rules, last_day
from app.policies.rules.determine import determine
from app.values.insurance import Line

_CRITERIA = "names of criteria"


def question_of(payer: str, asked: Asked) -> Question:
    """The question that a situation asks of a payer."""
    return Question(
        payer=payer,
        day=asked.on,
        code=asked.code,
        drug=asked.drug,
        service=asked.service,
        line=Line(asked.line) if asked.line else None,
        plan=asked.plan,
        channel=asked.channel,
        companions=frozenset(asked.with_),
        diagnoses=asked.dx,
        place=asked.pos,
        state=asked.state,
        age_months=asked.age * 12 if asked.age is not None else None,
        documented=frozenset(asked.documented),
        facts=asked.facts,
    )


def differences_from(book: Book, situation: Situation) -> tuple[str, ...]:
    """What the rules of a book answer otherwise than a situation expects, in sentences; empty: it holds."""
    answer = determine(book, (), (), question_of(situation.payer, situation.asked))
    expect = situation.asked.expect
    return (*_other_answer(expect, answer), *_other_rules(expect, answer), *_other_grounds(expect, answer, book))


def _other_answer(expect: Expected, answer: Requirement) -> Iterator[str]:
    decides = _short(answer.rule)
    for word, wanted, found in (
        ("need", expect.need, answer.need),
        ("rule", expect.rule or decides, decides or "none"),
        ("coverage", expect.coverage or answer.coverage, answer.coverage),
        ("confidence", expect.confidence or answer.confidence, answer.confidence),
    ):
        if wanted and wanted != found:
            yield f"{word} should be {wanted} and is {found}"


def _other_rules(expect: Expected, answer: Requirement) -> Iterator[str]:
    named = _named_in(answer)
    if lost := sorted(set(expect.named) - named):
        yield f"{', '.join(lost)} should be named; named are {', '.join(sorted(named)) or 'none'}"
    if extra := sorted(named & set(expect.not_named)):
        yield f"{', '.join(extra)} should not be named"


def _other_grounds(expect: Expected, answer: Requirement, book: Book) -> Iterator[str]:
    if lacking := sorted(set(expect.unmet) - set(answer.unmet)):
        yield f"{', '.join(lacking)} should be unmet; unmet are {', '.join(answer.unmet) or 'none'}"
    named = _names_of_criteria(book)
    for text, wanted in expect.criteria.items():
        results = [
            one.result for one in answer.criteria if any(name.startswith(text) for name in named.get(one.text, ()))
        ]
        if results != [wanted]:
            yield f"criterion '{text}' should be {wanted} and is {', '.join(results) or 'not asked'}"
    if expect.open and not _leaves_open(answer):
        yield "something should be left open, and the answer is a plain one"


def _names_of_criteria(book: Book) -> Mapping[str, frozenset[str]]:
    """What situations call each criterion of a book, by its sentence; made once for each book."""
    held = book.fixed.get(_CRITERIA)
    if held is None:
        found: dict[str, set[str]] = {}
        trees = [rule.criteria for rule in book.rules.values() if rule.criteria is not None]
        told = (pair for tree in trees for pair in zip(tree.parts, tree.names, strict=True))
        for (text, _judge), name in told:
            found.setdefault(text, set()).add(name)
        held = book.fixed[_CRITERIA] = {text: frozenset(names) for text, names in found.items()}
    assert isinstance(held, dict)
    return held


def _named_in(answer: Requirement) -> set[str]:
    return {_short(answer.rule), *(_short(other.rule) for other in answer.alternatives)} - {""}


def _short(ref: str | None) -> str:
    """A rule's reference without its payer."""
    return (ref or "").partition("/")[2]


def _leaves_open(answer: Requirement) -> bool:
    unknown = any(criterion.result is Truth.UNKNOWN for criterion in answer.criteria)
    return answer.need in (Need.UNKNOWN, Need.REQUIRED_WHEN_UNMET) or bool(answer.unmet) or unknown


@dataclass
class _Shown:
    """The days on which situations show a rule answering, and not answering; whether one leaves it open."""

    yes: set[date] = field(default_factory=set)
    no: set[date] = field(default_factory=set)
    open: bool = False


def gaps_in(policies: PolicySet, situations: Sequence[Situation]) -> tuple[str, ...]:
    """What situations do not show of the rules, rule by rule, in sentences; empty: they show every rule.

    A rule is shown by one situation in which it answers, one in which it does not, one that leaves it open, and, where
    it begins or ends on a day, by both sides of that day.
    """
    shown: dict[str, _Shown] = {}
    for one in situations:
        expect = one.asked.expect
        for ref in {expect.rule, *expect.named} - {None}:
            shown.setdefault(f"{one.payer}/{ref}", _Shown()).yes.add(one.asked.on)
        for ref in expect.not_named:
            shown.setdefault(f"{one.payer}/{ref}", _Shown()).no.add(one.asked.on)
        for ref in expect.open:
            shown.setdefault(f"{one.payer}/{ref}", _Shown()).open = True
    found: list[str] = []
    for payer, file, topic, rule in answering_rules(policies):
        ref = f"{payer}/{topic}#{rule.id}"
        begins = rule.from_ if isinstance(rule.from_, date) else None
        lacks = _lacks(shown.pop(ref, _Shown()), begins, last_day(rule, file.topics.values()))
        found += [f"{ref}: no situation shows {what}" for what in lacks]
    strangers = [f"{ref}: situations name it, and there is no such rule that answers" for ref in sorted(shown)]
    return (*found, *strangers)


def _lacks(shown: _Shown, begins: date | None, ends: date) -> Iterable[str]:
    if not shown.yes:
        yield "what it answers (rule or named)"
    if not shown.no:
        yield "where it does not answer (not_named)"
    if not shown.open:
        yield "what it leaves open (open)"
    if begins is not None and begins not in shown.yes:
        yield f"its first day, {begins} (rule or named)"
    if begins is not None and begins - timedelta(days=1) not in shown.no:
        yield f"the day before its first, {begins - timedelta(days=1)} (not_named)"
    if ends != date.max and ends not in shown.yes:
        yield f"its last day, {ends} (rule or named)"
    if ends != date.max and ends + timedelta(days=1) not in shown.no:
        yield f"the day after its last, {ends + timedelta(days=1)} (not_named)"
