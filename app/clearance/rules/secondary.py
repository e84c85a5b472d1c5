"""Check `secondary`: does every further coverage of the day let the line go ahead?"""

from collections.abc import Callable

from app.clearance.facts.reasons import Reason
from app.clearance.facts.verdicts import Surroundings
from app.clearance.facts.work import Asked, Assessment
from app.clearance.rules.asking import Asker
from app.clearance.rules.candidates import choose
from app.clearance.rules.coverages import line_of
from app.coverage.facts import Coverage
from app.deadlines.rules.ledger import Ledger
from app.policies.facts.answers import Need
from app.values.insurance import Line

_ASK_NOTHING = frozenset({Line.MEDIGAP, Line.TRICARE_FOR_LIFE})
_NEEDS_NOTHING = frozenset({Need.NOT_REQUIRED, Need.NOT_COVERED, Need.COSMETIC})
_WORST = (Reason.SECONDARY_MISSING, Reason.SECONDARY_UNKNOWN, Reason.SECONDARY_APPROVED, Reason.SECONDARY_NOTHING)


def check_secondary(
    asked: Asked,
    business: Line | None,
    further: list[Coverage],
    asker: Asker,
    around: Surroundings,
    ledger: Ledger,
    candidates: Callable[[Asked], list[Assessment]],
) -> tuple[Reason, tuple[object, ...]]:
    """Judge the secondary and tertiary coverages of a line.

    Takes     what is asked of the primary; its line of business; the further coverages active that day; who asks the
              rules; the ledger, from which a passing approval of a further coverage takes its units too; how to find
              candidates.
    Returns   the worst finding, and the coverage, need and authorization that it speaks of.
    """
    found = [_one(asked, business, coverage, asker, around, ledger, candidates) for coverage in further]
    return min(found, key=lambda entry: _WORST.index(entry[0]))


def asks_nothing(business: Line | None, coverage: Coverage, need: Need | None, around: Surroundings) -> bool:
    """Say whether a further coverage asks nothing of a line: by what it is, or by what its rules say (None: not asked).

    Takes     the line of business of the primary; the further coverage; its need; the surroundings.
    """
    line = line_of(coverage, around)
    behind_medicare = business is Line.MEDICARE and line in (Line.MEDICAID, Line.MEDICAID_MANAGED)
    return line in _ASK_NOTHING or behind_medicare or need in _NEEDS_NOTHING


def _one(
    primary: Asked,
    business: Line | None,
    coverage: Coverage,
    asker: Asker,
    around: Surroundings,
    ledger: Ledger,
    candidates: Callable[[Asked], list[Assessment]],
) -> tuple[Reason, tuple[object, ...]]:
    if asks_nothing(business, coverage, None, around):
        return Reason.SECONDARY_NOTHING, (coverage, None, None)
    asked = asker.ask(primary.visit, primary.line, coverage, primary.channel)
    need = asked.requirement.need
    if asks_nothing(business, coverage, need, around):
        return Reason.SECONDARY_NOTHING, (coverage, need, None)
    found = candidates(asked)
    best = choose(found) if found else None
    if best is not None and best.passes:
        ledger.take(best, asked)
        return Reason.SECONDARY_APPROVED, (coverage, need, best.approval)
    if need is Need.REQUIRED:
        return Reason.SECONDARY_MISSING, (coverage, need, best.approval if best else None)
    if need in (Need.UNKNOWN, Need.REQUIRED_WHEN_UNMET):
        return Reason.SECONDARY_UNKNOWN, (coverage, need, None)
    return Reason.SECONDARY_NOTHING, (coverage, need, None)
