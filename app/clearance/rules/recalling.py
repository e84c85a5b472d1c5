"""A stored verdict called back for a list, at a small part of the cost of judging its patient again."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from app.authorizations.facts import Authorization
from app.clearance.facts.reasons import Check
from app.clearance.facts.verdicts import LineVerdict
from app.clearance.facts.work import Changes
from app.clearance.rules.asking import channel_of
from app.clearance.rules.coverages import coverage_of_day
from app.clearance.rules.known import answers_of_log, known_authorizations, known_coverages
from app.clearance.rules.packing import StoredLine, unpack
from app.coverage.facts import Coverage
from app.policies.facts.answers import Grounds, Requirement
from app.schedule.facts import Visit

NEEDS_JUDGING = frozenset({Check.SPACING, Check.SECONDARY, Check.RENEWAL})
"""Checks whose words tell of other visits and coverages, which are not stored."""
ANSWERED = "answer#"


def recall(
    visit: Visit,
    content: bytes,
    coverages: tuple[Coverage, ...],
    authorizations: tuple[Authorization, ...],
    as_of: date,
    until: Mapping[str, date] = MappingProxyType({}),
) -> tuple[LineVerdict, ...] | None:
    """Call the lines of a stored verdict back: enough for the badge, the short words, the payer and the units.

    Takes     the visit; its packed verdict, which must hold on `as_of`; the patient's coverages and authorizations;
              the last days of rules and of payer's answers by `rule`.
    Returns   its lines, each with only the last day of what its requirement rests on; None where a line's reason needs
              judging, or the facts are no longer those that were judged.
    """
    stored = unpack(content)
    lines = sorted(visit.lines, key=lambda line: line.position)
    if len(lines) != len(stored):
        return None
    changes = Changes(as_of)
    coverages = known_coverages(coverages, changes)
    rows = {row.id: row for row in known_authorizations(authorizations, changes)}
    recalled: list[LineVerdict] = []
    for line, kept in zip(lines, stored, strict=True):
        asked = bool(kept.reasons)
        coverage = coverage_of_day(coverages, channel_of(line), visit.day) if asked else None
        one = LineVerdict(
            visit=visit,
            line=line,
            badge=kept.badge,
            klass=kept.klass,
            reasons=kept.reasons,
            requirement=_requirement(kept, until, coverage, authorizations) if asked else None,
            coverage=coverage,
            chosen=rows.get(kept.chosen) if kept.chosen is not None else None,
            units_left_after=kept.units_left_after,
        )
        recalled.append(one)
    return tuple(recalled) if _whole(recalled, stored) else None


def _requirement(
    kept: StoredLine, until: Mapping[str, date], coverage: Coverage | None, rows: tuple[Authorization, ...]
) -> Requirement:
    last = until.get(kept.rule) if kept.rule is not None else None
    if last is None and kept.rule is not None and kept.rule.startswith(ANSWERED) and coverage is not None:
        said = answers_of_log(rows, coverage)
        last = next((answer.span.ends for answer in said if answer.ref == kept.rule), None)
    return Requirement(kept.need, kept.confidence, Grounds.RULE, kept.rule, until=last)


def _whole(recalled: Sequence[LineVerdict], stored: Sequence[StoredLine]) -> bool:
    """Say whether every line has what its short words need."""
    chosen = all(one.chosen is not None for one, kept in zip(recalled, stored, strict=True) if kept.chosen is not None)
    told = all(one.reason is None or one.reason.check not in NEEDS_JUDGING for one in recalled)
    return chosen and told
