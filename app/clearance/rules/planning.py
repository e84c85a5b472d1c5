"""From a patient's file to what the run-out walks: each line with the approvals that may stand for it."""

from collections.abc import Iterator

from app.authorizations.facts import Authorization
from app.clearance.facts.reasons import Check, Reason, Result
from app.clearance.facts.verdicts import PatientFile, Surroundings
from app.clearance.facts.work import Asked, Assessment
from app.clearance.rules.approvals import assess, items_of
from app.clearance.rules.asking import channel_of
from app.clearance.rules.candidates import is_candidate
from app.clearance.rules.coverages import coverage_of_day, further_coverages
from app.clearance.rules.judge import COUNTED, IN_TIME, Run, not_asked, without_coverage
from app.clearance.rules.secondary import asks_nothing
from app.clearance.rules.spacing import Service, check_spacing
from app.deadlines.rules.ledger import Ledger
from app.deadlines.rules.runout import Fit, Planned
from app.policies.facts.answers import Need
from app.schedule.facts import ServiceLine, Visit

_BY_DAY_AND_COUNT = frozenset({Check.DATES, Check.UNITS})
_STANDS = frozenset({Result.PASS, Result.WARN})


def planned_of(file: PatientFile, around: Surroundings) -> tuple[Planned, ...]:
    """Say of each booked or done line which approvals may stand for it, days and counts aside.

    Takes     a patient's file, with visits thought of among its own where a cadence is tried; the surroundings.
    Returns   the lines that take from an approval or could, in the order of judging. Walked by `runout.walk`, they take
              what judging gives them.
    """
    return tuple(_Planner(file, around).lines())


class _Planner:
    """One patient's lines on the way, as judging goes over them."""

    def __init__(self, file: PatientFile, around: Surroundings) -> None:
        run = Run(file, around)
        self.around, self.file, self.asker, self.continuity = around, run.file, run.asker, run.continuity
        self.insured = not without_coverage(file, run.changes)
        self.before: list[Service] = []

    def lines(self) -> Iterator[Planned]:
        """Give the lines in order of start, visit id and row."""
        for visit in sorted(self.file.visits, key=IN_TIME):
            if visit.status not in COUNTED:
                continue
            for line in sorted(visit.lines, key=_row):
                if not_asked(visit, line, self.insured, self.around) is None:
                    yield self._planned(visit, line)

    def _planned(self, visit: Visit, line: ServiceLine) -> Planned:
        channel, coverages = channel_of(line), self.file.coverages
        coverage = coverage_of_day(coverages, channel, visit.day)
        asked = self.asker.ask(visit, line, coverage, channel)
        spacing = check_spacing(asked, self.before)
        self.before.append(Service(visit.day, visit.id, line.code or asked.drug, line.units))
        further = []
        for other in further_coverages(coverages, coverage, channel, visit.day) if len(coverages) > 1 else ():
            second = self.asker.ask(visit, line, other, channel)
            if not asks_nothing(asked.business, other, second.requirement.need, self.around):
                further.append(self._fits(second))
        return Planned(
            visit,
            line,
            self._fits(asked) if asked.requirement.need is not Need.NOT_REQUIRED else (),
            tuple(further),
            over=spacing is not None and spacing[0] is Reason.SPACING_OVER_FIRM,
        )

    def _fits(self, asked: Asked) -> tuple[Fit, ...]:
        rows = (row for row in self.file.authorizations if is_candidate(row, asked))
        return tuple(fit for row in rows if (fit := self._fit(row, asked)) is not None)

    def _fit(self, row: Authorization, asked: Asked) -> Fit | None:
        """Hold an approval against a line whatever the day and the count: None where it cannot stand for it."""
        found: Assessment = assess(row, asked, Ledger(), self.around, self.continuity)
        rest = [reason for reason in found.reasons if reason.check not in _BY_DAY_AND_COUNT]
        if any(reason.result not in _STANDS for reason in rest):
            return None
        return Fit(row, tuple(items_of(row, asked)), sum(reason.result is Result.WARN for reason in rest))


def _row(line: ServiceLine) -> int:
    return line.position
