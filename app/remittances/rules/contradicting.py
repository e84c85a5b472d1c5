"""Which practice rules a denial for authorization contradicts."""

from collections.abc import Iterable
from datetime import date

from app.policies.facts.answers import Need, PracticeRule
from app.values.codes import in_range
from app.values.insurance import Line

_MILD = frozenset({Need.NOT_REQUIRED, Need.VOLUNTARY})


def contradicted(
    rules: Iterable[PracticeRule],
    payers: frozenset[str],
    lines: frozenset[Line],
    code: str,
    day: date,
    providers: frozenset[str],
) -> tuple[tuple[PracticeRule, str], ...]:
    """Choose the rules that say that a payer asks no approval for a code, where it was denied for lack of one, each
    with the code or range by which it names it.

    Takes     the rules in force; the payers that may have denied it; the lines of business of those coverages; the
              code; the first day on which the rule may hold no more; who rendered it. What is not known leaves a rule
              among the chosen: it is better asked anew than believed.
    """
    return tuple(
        (rule, name)
        for rule in rules
        if rule.payer in payers
        and rule.need in _MILD
        and (name := _name_of(rule, code)) is not None
        and (rule.span.ends is None or rule.span.ends >= day)
        and not (rule.lines and lines and rule.lines.isdisjoint(lines))
        and not (rule.providers and providers and rule.providers.isdisjoint(providers))
    )


def _name_of(rule: PracticeRule, code: str) -> str | None:
    """The name, a code or a range, under which a rule has a code."""
    for name in sorted(rule.codes):
        first, dash, last = name.partition("-")
        if name == code or (dash and in_range(code, first, last)):
            return name
    return None
