"""Which rules were followed by denials: what a payer's answer says of the rule that was shown on the day."""

from collections.abc import Iterable, Sequence

from app.policies.facts.answers import Need
from app.remittances.facts.claims import Category, Link, ReadClaim
from app.remittances.facts.scores import Outcome, RuleScore, ScoredLine, Suggested

FEW = 5
"""Below so many claims no share is told."""
_COUNTED_STATUSES = frozenset({None, "1", "4", "19"})
"""Only the first payer's final answer speaks of the rule: others pay what is left, take back or estimate."""
_DENIED_STATUS = "4"
_COVERAGE = frozenset({Category.MEDICAL_NECESSITY, Category.BENEFIT})
_OPEN = frozenset({Need.UNKNOWN, Need.REQUIRED_WHEN_UNMET})
"""Answers that leave it open: never right, never wrong."""
_MILD = frozenset({Need.NOT_REQUIRED, Need.VOLUNTARY, Need.NOTIFICATION})
_REFUSED = frozenset({Need.NOT_COVERED, Need.COSMETIC})
_OF_ONE_PATIENT = "answer#"


def scored_lines(read: ReadClaim, links: Sequence[Link]) -> tuple[ScoredLine, ...]:
    """Say what each line of a claim tells of the rule that had been shown for it.

    Takes     the claim and what its lines are tied to.
    Returns   a line for each that rested on a rule for more than one patient, whose answer was not left open, and of
              which the payer answered finally.
    """
    if read.status not in _COUNTED_STATUSES:
        return ()
    return tuple(
        ScoredLine(
            position, said.rule, said.need, line.code, outcome_of((*line.categories, *read.own_categories), read)
        )
        for position, (line, link) in enumerate(zip(read.lines, links, strict=True))
        if line.code is not None
        and (said := link.said) is not None
        and said.rule is not None
        and said.need is not None
        and said.need not in _OPEN
        and not said.rule.startswith(_OF_ONE_PATIENT)
    )


def outcome_of(categories: Iterable[Category], read: ReadClaim) -> Outcome:
    """What became of a line: a denial for authorization goes before one for coverage, that before any other."""
    named = set(categories)
    if Category.AUTHORIZATION in named:
        return Outcome.AUTHORIZATION
    if named & _COVERAGE:
        return Outcome.COVERAGE
    return Outcome.OTHER if named or read.status == _DENIED_STATUS else Outcome.PAID


def suggestion(score: RuleScore) -> Suggested | None:
    """What the denials, or payments, say against a rule; None: nothing does."""
    if score.need in _MILD and score.authorization:
        return Suggested.REQUIRED
    if score.need in _REFUSED and score.paid:
        return Suggested.COVERED
    if score.coverage:
        return Suggested.CRITERIA
    return Suggested.SENT if score.authorization else None
