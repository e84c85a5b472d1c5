"""One patient judged under two rule sets: which visits would stand otherwise, and by which checks."""

from collections.abc import Sequence

from app.clearance.facts.reasons import CHECK_ORDER, Check, Reason, Result
from app.clearance.facts.verdicts import LineVerdict
from app.rule_changes.facts.impact import CheckTurn, LineTurn, Rested


def same_verdict(before: Sequence[LineVerdict], after: Sequence[LineVerdict]) -> bool:
    """Say whether two answers for the lines of one visit are one verdict: badges, needs and results of checks.

    Words, citations, the rule that says so and its confidence are not part of it.
    """
    return all(_same(was, will) for was, will in zip(before, after, strict=True))


def _same(was: LineVerdict, will: LineVerdict) -> bool:
    if was.badge is not will.badge or rested(was).need is not rested(will).need:
        return False
    return was.reasons == will.reasons or results_of(was.reasons) == results_of(will.reasons)


def results_of(reasons: Sequence[Reason]) -> dict[Check, Result]:
    """The result of each check that applies."""
    return {reason.check: reason.result for reason in reasons}


def rested(line: LineVerdict) -> Rested:
    """On what a line's need rests; nothing where insurance is not asked."""
    requirement = line.requirement
    return Rested(None, None) if requirement is None else Rested(requirement.need, requirement.rule)


def turns_of(before: Sequence[LineVerdict], after: Sequence[LineVerdict]) -> tuple[LineTurn, ...]:
    """The lines of one visit whose verdict differs, each with the checks whose result does."""
    return tuple(_turn(was, will) for was, will in zip(before, after, strict=True) if not _same(was, will))


def _turn(was: LineVerdict, will: LineVerdict) -> LineTurn:
    return LineTurn(
        position=was.line.position,
        service=was.line.code or was.line.drug or was.line.visit_type or "",
        badge_before=was.badge,
        badge_after=will.badge,
        before=rested(was),
        after=rested(will),
        checks=check_turns(was.reasons, will.reasons),
    )


def check_turns(before: Sequence[Reason], after: Sequence[Reason]) -> tuple[CheckTurn, ...]:
    """The checks whose result differs between two findings of one line, in their order."""
    was, will = results_of(before), results_of(after)
    named = sorted({*was, *will}, key=CHECK_ORDER.__getitem__)
    return tuple(
        CheckTurn(check, was.get(check), will.get(check)) for check in named if was.get(check) is not will.get(check)
    )
