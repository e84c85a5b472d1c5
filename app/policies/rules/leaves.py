"""The leaves of criteria: each asks the facts on file and answers met, not met or unknown."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from app.policies.facts.answers import Question, Truth
from app.policies.facts.criteria import (
    Age,
    Bounds,
    Count,
    Quantity,
    Score,
    Span,
)
from app.policies.rules.kinds_of import within_grades, within_sites
from app.policies.rules.pharmacy import NO_PHARMACY, Pharmacy
from app.policies.rules.values import days_between, inside, length_in_days, number, truth_of, words
from app.policies.rules.wording import name_list
from app.values.codes import covers_diagnosis

Ask = Callable[[Question], Truth]
Scores = Mapping[str, Sequence[str]]
Range = tuple[Decimal, Decimal]
_GRADES = frozenset({"mild", "moderate", "severe", "moderate_to_severe", "mild_to_moderate"})
_LEAST = Decimal(0)
_RANGES: Mapping[str, Range] = {
    "bsa_percent": (_LEAST, Decimal(100)),
    "weight_kg": (Decimal("0.3"), Decimal(650)),
}
"""Between which numbers a measure can lie at all."""


@dataclass(frozen=True, slots=True)
class Lists:
    """What criteria are read by: grades of scores from the lowest, ranges of scores that are numbers, and drugs."""

    scores: Scores = field(default_factory=dict)
    ranges: Mapping[str, Range] = field(default_factory=dict)
    pharmacy: Pharmacy = NO_PHARMACY


NO_LISTS = Lists()


@dataclass(frozen=True, slots=True)
class Leaf:
    """A compiled leaf: what would settle it, how to ask it, and what it reads (`age`, `dx@L40`, `documented:x`)."""

    settles: str
    ask: Ask
    reads: frozenset[str]


Builder = Callable[[Any, str, Lists], Leaf]


def documented_key(text: str) -> str:
    """The key under which a finding stands in `documented`: lower case, spaces to underscores."""
    return text.strip().lower().replace(" ", "_")


def fact_leaf(name: str, ask: Callable[[str], Truth], settles: str | None = None) -> Leaf:
    """A leaf over one named fact; without the fact it is unknown."""

    def asked(question: Question) -> Truth:
        text = question.facts.get(name)
        return Truth.UNKNOWN if text is None else ask(text)

    return Leaf(settles or name, asked, frozenset({f"fact:{name}"}))


def _number_fact(name: str, bounds: Bounds, range_: Range | None = None) -> Leaf:
    least, most = range_ or _RANGES.get(name, (_LEAST, Decimal(100) if "percent" in name else Decimal("Infinity")))

    def ask(text: str) -> Truth:
        value = number(text)
        if value is None or not least <= value <= most:
            return Truth.UNKNOWN  # of another scale, or a slip: it says nothing of the patient
        holds = truth_of(inside(value, bounds))
        if "percent" in name and 0 < value <= 1 and "%" not in text:  # 0.4 may mean 40 percent
            return holds if truth_of(inside(value * 100, bounds)) is holds else Truth.UNKNOWN
        return holds

    return fact_leaf(name, ask)


def years(months: int) -> int:
    """Whole years of an age in months."""
    return months // 12


def age_inside(months: int, bounds: Bounds, unit: str) -> bool:
    """Say whether an age keeps bounds given in whole years or months."""
    return inside(years(months) if unit == "year" else months, bounds)


def age_ends(bounds: Bounds | None, unit: str) -> frozenset[str]:
    """The months at which an age bound turns, as reads: `age@144` for the bound, one for the unit after it."""
    if bounds is None:
        return frozenset()
    step = 12 if unit == "year" else 1
    ends = [end for end in (bounds.gte, bounds.gt, bounds.lte, bounds.lt) if end is not None]
    return frozenset({"age", *(f"age@{int(end * step) + more}" for end in ends for more in (0, step))})


def _age(value: Age, _kind: str, _lists: Lists) -> Leaf:
    def ask(question: Question) -> Truth:
        months = question.age_months
        return Truth.UNKNOWN if months is None else truth_of(age_inside(months, value, value.unit))

    return Leaf("age", ask, age_ends(value, value.unit))


def _plain(value: Bounds, kind: str, _lists: Lists) -> Leaf:
    return _number_fact(kind, value)


def _count(value: Count, _kind: str, _lists: Lists) -> Leaf:
    return _number_fact(value.name, value)


def _score(value: Score, _kind: str, lists: Lists) -> Leaf:
    grades = list(lists.scores.get(value.name, ()))

    def rank(text: str) -> Decimal | None:
        return Decimal(grades.index(text.strip())) if text.strip() in grades else None if grades else number(text)

    limits = {name: rank(text) for name in ("gte", "gt", "lte", "lt") if (text := getattr(value, name)) is not None}
    bounds = Bounds.model_validate(limits)
    if not grades:
        return _number_fact(value.name, bounds, lists.ranges.get(value.name))

    def ask(text: str) -> Truth:
        found = rank(text)
        return Truth.UNKNOWN if found is None else truth_of(inside(found, bounds))

    return fact_leaf(value.name, ask)


def _span(value: Span, kind: str, _lists: Lists) -> Leaf:
    """A length of time. One on or off therapy is of the day on which it was told (`<kind>:on`), where that is known."""
    scale = {"day": 1, "week": 7, "month": 30, "year": 365}[value.unit]
    ends = {name: bound * scale for name in ("gte", "gt", "lte", "lt") if (bound := getattr(value, name)) is not None}
    bounds = Bounds.model_validate(ends)
    dated = f"{kind}:on"

    def ask(question: Question) -> Truth:
        days = length_in_days(question.facts.get(kind))
        if days is None:
            return Truth.UNKNOWN
        since = days_between(question.facts.get(dated), question.day)
        then, now = inside(days, bounds), inside(days + since, bounds)
        return truth_of(then) if then is now else Truth.UNKNOWN

    return Leaf(
        kind, ask, frozenset({f"fact:{kind}", f"fact:{dated}"} if kind != "disease_duration" else {f"fact:{kind}"})
    )


def _severity(value: str, kind: str, lists: Lists) -> Leaf:
    """How severe the disease is that is treated. A grade of anything else (a depression) is a finding of its own."""
    if value not in _GRADES:
        return _documented(value, kind, lists)
    return fact_leaf(kind, lambda text: within_grades(words(text), value))


def _body_site(value: Any, kind: str, _lists: Lists) -> Leaf:
    return fact_leaf(kind, lambda text: within_sites(words(text), frozenset(value.any_of)))


def _diagnosis(value: Any, kind: str, _lists: Lists) -> Leaf:
    def ask(question: Question) -> Truth:
        if not question.diagnoses:
            return Truth.UNKNOWN
        return truth_of(any(covers_diagnosis(p, code) for p in value.any_of for code in question.diagnoses))

    reads = frozenset({"diagnosis", *(f"dx@{pattern.rstrip('*').rstrip('.')}" for pattern in value.any_of)})
    return Leaf(kind, ask, reads)


def _documented(value: str, kind: str, _lists: Lists) -> Leaf:
    key = documented_key(value)

    def ask(question: Question) -> Truth:
        if key in question.documented:
            return Truth.MET
        # Only who looked for it and did not find it says no; silence says nothing.
        return Truth.NOT_MET if question.facts.get(f"documented:{key}") == "no" else Truth.UNKNOWN

    return Leaf(f"{kind}: {value}", ask, frozenset({f"documented:{key}", f"fact:documented:{key}"}))


def _never(value: Any, kind: str, _lists: Lists) -> Leaf:
    text = value if isinstance(value, str) else name_list(value)
    return Leaf(f"{kind.replace('_', ' ')}: {text}", lambda _question: Truth.UNKNOWN, frozenset())


def _quantity(value: Quantity, kind: str, _lists: Lists) -> Leaf:
    def ask(text: str) -> Truth:
        amount = number(text)
        return Truth.UNKNOWN if amount is None or amount <= 0 else truth_of(amount <= value.lte)

    return fact_leaf(kind, ask, f"quantity in {value.unit} per {value.per}")


def _place(value: Any, kind: str, _lists: Lists) -> Leaf:
    def ask(question: Question) -> Truth:
        return Truth.UNKNOWN if question.place is None else truth_of(question.place in value.any_of)

    return Leaf(kind, ask, frozenset({"place"}))


MEASURES: Mapping[str, Builder] = {
    "age": _age,
    "weight_kg": _plain,
    "bsa_percent": _plain,
    "cumulative_dose_mg_per_kg": _plain,
    "score": _score,
    "count": _count,
    "severity": _severity,
    "body_site": _body_site,
    "diagnosis": _diagnosis,
    "disease_duration": _span,
    "time_on_therapy": _span,
    "time_off_therapy": _span,
    "documented": _documented,
    "attested": _documented,
    "evidence_not_accepted": _never,
    "meets_policy": _never,
    "quantity": _quantity,
    "place_of_service": _place,
}
