"""Where a rule holds: its bounds compiled to tests, each answering no, yes or missing."""

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from app.policies.facts.answers import Question
from app.policies.facts.book import MISSING, NO, YES, Test
from app.policies.facts.criteria import Bounds
from app.policies.facts.language import Pairing, Product, Rule, When, Where
from app.policies.rules.leaves import age_ends, age_inside
from app.values.codes import in_range
from app.values.insurance import Channel, Line

SOFT = frozenset({"line", "state", "channel", "program"})
"""Bounds whose absence a strict rule outlives unchanged: contract `verdict.md` and `imports.md`."""

_BITS = (
    "named", "exactly", "line", "state", "place", "diagnosis", "companion", "plan", "age", "supply", "provider",
    "group", "program",
)  # fmt: skip
BIT = {name: 1 << place for place, name in enumerate(_BITS)}
_SETTINGS = {
    "hospital_outpatient": frozenset({"19", "22"}),
    "asc": frozenset({"24"}),
    "office": frozenset({"11"}),
    "inpatient": frozenset({"21"}),
}
_BILLS = {"13x": frozenset({"19", "22"})}
_INPATIENT = frozenset({"21", "31", "51", "61"})


class Scope(NamedTuple):
    """Compiled bounds: the tests by name, the bits, and what they read (`place`, `dx@L40`, `age@144`, `with@64615`)."""

    tests: tuple[tuple[str, Test], ...]
    bound: int
    reads: frozenset[str]


def stems(patterns: Iterable[str]) -> tuple[str, ...]:
    """Diagnosis patterns as beginnings of codes with their dot: `C44.*` is `C44`, `E88.1*` is `E88.1`."""
    return tuple(pattern.rstrip("*").rstrip(".") for pattern in patterns)


def plain_name(text: str) -> str:
    """A name folded for exact comparison: case, spaces and punctuation do not matter."""
    return "".join(character for character in text.casefold() if character.isalnum())


def place_sets(where: Where, product_places: Iterable[str] = ()) -> tuple[frozenset[str], frozenset[str]]:
    """Places in which a rule holds, and places in which it does not; empty sets bind nothing."""
    inside = set(where.places)
    outside = set(where.places_not)
    for setting in where.settings:
        inside |= _SETTINGS.get(setting, frozenset())
        outside |= _INPATIENT if setting == "outpatient" else frozenset()
    for bill in where.type_of_bill:
        inside |= _BILLS.get(bill, frozenset())
    return frozenset(inside or product_places), frozenset(outside)


def compile_scope(rule: Rule, product: Product) -> Scope:
    """Compile where a rule holds: its product, its bounds, its diagnoses and pairing."""
    tests: list[tuple[str, Test]] = [("channel", _benefit(Channel(product.benefit)))]
    bound = 0
    if product.line != "mixed":
        tests.append(("line", _line(Line(product.line))))
        bound |= BIT["line"]
    if rule.pairing is not None:
        tests.append(("companions", _pairing(rule.pairing)))
        bound |= BIT["companion"]
    if rule.program is not None:
        tests.append(("program", _program(rule.program)))
        bound |= BIT["program"]
    more = compile_where(rule.applies, rule.diagnoses, product.states, product.places)
    beside = (*rule.pairing.any_of, *rule.pairing.with_any_of) if rule.pairing else ()
    reads = {name for name, _ in tests} | {f"with@{code}" for code in beside}
    return Scope(_shared((*tests, *more.tests)), bound | more.bound, more.reads | reads)


@cache
def _shared(tests: tuple[tuple[str, Test], ...]) -> tuple[tuple[str, Test], ...]:
    """One tuple for all rules of the same scope: thousands of rules then stay in the processor's cache."""
    return tests


def compile_when(when: When) -> Scope:
    """Compile the condition of `required_when`. Days already used are never known: their test is always missing."""
    found = compile_where(when, when.diagnoses)
    tests = list(found.tests)
    if when.companions:
        tests.append(("companions", _beside(frozenset(when.companions))))
    if when.after_free_days is not None:
        tests.append(("days already used", lambda _question, _line: MISSING))
    reads = {name for name, _ in tests} | {f"with@{code}" for code in when.companions}
    return Scope(tuple(tests), found.bound, found.reads | reads)


def compile_where(
    where: Where,
    diagnoses: Iterable[str] = (),
    product_states: Iterable[str] = (),
    product_places: Iterable[str] = (),
) -> Scope:
    """Compile the bounds of `applies` or `when`; a product's states and places hold where the bounds name none."""
    tests: list[tuple[str, Test]] = []
    inside, outside = place_sets(where, product_places)
    bounds: tuple[tuple[str, frozenset[str]], ...] = (
        ("state", frozenset(where.states or product_states)),
        ("place", inside),
        ("supply", frozenset(where.supply)),
        ("provider", frozenset(where.providers)),
        ("group", frozenset(where.groups)),
    )
    tests += [(name, _member(name, values)) for name, values in bounds if values]
    if outside:
        tests.append(("place", _not_member("place", outside)))
    beginnings = stems(diagnoses)
    if beginnings:
        tests.append(("diagnosis", _diagnosis(beginnings)))
    if where.plans:
        tests.append(("plan", _plan(frozenset(plain_name(plan) for plan in where.plans))))
    if where.age is not None:
        tests.append(("age", _age(where.age, where.age_unit)))
    bound = sum(BIT[name] for name in {name for name, _ in tests})
    tests += [("line", _line_not(Line(line))) for line in where.lines_not]
    if where.codes_not:
        tests.append(("code", _code_outside(where.codes_not)))
    reads = {name for name, _ in tests} | {f"dx@{stem}" for stem in beginnings}
    return Scope(tuple(tests), bound, frozenset(reads) | age_ends(where.age, where.age_unit))


@cache
def _benefit(benefit: Channel) -> Test:
    def test(question: Question, _line: Line | None) -> int:
        channel = question.channel
        if channel is None:  # a code is billed to the medical benefit; a drug alone may go through either
            by_code = question.code is not None or question.drug is None
            return YES if benefit is Channel.MEDICAL and by_code else MISSING
        return YES if channel is benefit else NO

    return test


def _code_outside(ranges: Iterable[str]) -> Test:
    spans = tuple(span.split("-") for span in ranges)

    def test(question: Question, _line: Line | None) -> int:
        code = question.code
        if code is None:
            return MISSING
        return NO if any(in_range(code, first, last) for first, last in spans) else YES

    return test


@cache
def _line(line: Line) -> Test:
    def test(_question: Question, asked: Line | None) -> int:
        return YES if asked is line else MISSING if asked is None else NO

    return test


@cache
def _line_not(line: Line) -> Test:
    def test(_question: Question, asked: Line | None) -> int:
        return NO if asked is line else MISSING if asked is None else YES

    return test


@cache
def _member(name: str, values: frozenset[str]) -> Test:
    def test(question: Question, _line: Line | None) -> int:
        value = getattr(question, name)
        return MISSING if value is None else YES if value in values else NO

    return test


@cache
def _not_member(name: str, values: frozenset[str]) -> Test:
    def test(question: Question, _line: Line | None) -> int:
        value = getattr(question, name)
        return MISSING if value is None else NO if value in values else YES

    return test


@cache
def _plan(plans: frozenset[str]) -> Test:
    def test(question: Question, _line: Line | None) -> int:
        return MISSING if question.plan is None else YES if plain_name(question.plan) in plans else NO

    return test


@cache
def _diagnosis(beginnings: tuple[str, ...]) -> Test:
    def test(question: Question, _line: Line | None) -> int:
        diagnoses = question.diagnoses
        if not diagnoses:
            return MISSING
        for code in diagnoses:
            if code.startswith(beginnings):
                return YES
        return NO

    return test


def _pairing(pairing: Pairing) -> Test:
    first, second = frozenset(pairing.any_of), frozenset(pairing.with_any_of)

    def test(question: Question, _line: Line | None) -> int:
        others = question.companions
        if not others:
            return MISSING
        beside = (question.code in first and not second.isdisjoint(others)) or (
            question.code in second and not first.isdisjoint(others)
        )
        return YES if beside else NO

    return test


def _beside(codes: frozenset[str]) -> Test:
    def test(question: Question, _line: Line | None) -> int:
        others = question.companions
        return MISSING if not others else NO if codes.isdisjoint(others) else YES

    return test


def _program(program: str) -> Test:
    def test(question: Question, _line: Line | None) -> int:
        said = question.facts.get("program")
        return MISSING if said is None else YES if said == program else NO

    return test


def _age(bounds: Bounds, unit: str) -> Test:
    def test(question: Question, _line: Line | None) -> int:
        months = question.age_months
        return MISSING if months is None else YES if age_inside(months, bounds, unit) else NO

    return test
