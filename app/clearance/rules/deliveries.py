"""Has the drug come that a pharmacy or the patient brings? A warning of check `drug`; it makes nothing better."""

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

from app.authorizations.facts import Authorization, Status
from app.clearance.facts.reasons import Reason
from app.clearance.facts.verdicts import PatientFile
from app.clearance.facts.work import Asked, Changes
from app.clearance.rules.candidates import names_line
from app.deadlines.rules.calendar import add_business_days
from app.pharmacy.facts import BROUGHT, Supply, SupplyMark, SupplyPlan, SupplyStep
from app.schedule.facts import Supply as SuppliedBy
from app.schedule.facts import Visit, VisitStatus

DAYS_BEFORE = 2
"""Business days before the visit on which the drug must be there."""
_OVER = frozenset({Status.WITHDRAWN, Status.DISMISSED, Status.VOIDED})
_TAKES = frozenset({VisitStatus.BOOKED, VisitStatus.DONE})


def due_before(day: date) -> date:
    """The last day on which the drug of a visit is received in time: two business days before it."""
    return add_business_days(day, -DAYS_BEFORE)


class Deliveries:
    """What a patient's deliveries have left, as lines take their doses in order of time.

    Takes     the patient's whole file; the day asked about, which notes when a drug must be there.
    """

    def __init__(self, file: PatientFile, changes: Changes) -> None:
        self._changes = changes
        self._cases = {row.id: row for row in file.authorizations if row.status not in _OVER}
        self._supplies = [one for one in file.supplies if one.case_id in self._cases]
        self._visits = {visit.id: visit for visit in file.visits}
        self._left = {mark.id: mark.doses or 1 for one in self._supplies for mark in self._received(one)}
        self._served: dict[tuple[UUID, tuple[UUID, ...]], bool] = {}

    def check(self, asked: Asked) -> tuple[Reason, tuple[object, ...]] | None:
        """Hold the deliveries against one line; lines must come in order of time.

        Returns   the warning, with the plan and the day on which the drug must be there; None: it has come, it is not
                  due yet, or nobody said that this drug is brought.
        """
        if not _is_brought_drug(asked) or asked.visit.status not in _TAKES:
            return None
        mine = [one for one in self._supplies if self._names(one, asked)]
        if not mine:
            return None
        plan = max(mine, key=lambda one: (one.set_at, one.case_id)).plan
        if plan not in BROUGHT or self._serve(asked.visit, mine) or asked.visit.status is not VisitStatus.BOOKED:
            return None
        due = due_before(asked.visit.day)
        if self._changes.as_of < due:
            self._changes.on(due)
            return None
        return Reason.DRUG_NOT_RECEIVED, (plan, due)

    def _names(self, supply: Supply, asked: Asked) -> bool:
        row: Authorization = self._cases[supply.case_id]
        return names_line(row, asked)

    def _serve(self, visit: Visit, supplies: Sequence[Supply]) -> bool:
        """Take the dose of one visit, once: of the delivery that is for it, else of the one received first."""
        key = (visit.id, tuple(sorted(one.case_id for one in supplies)))
        if key not in self._served:
            mark = next(self._fitting(visit, supplies), None)
            if mark is not None:
                self._left[mark.id] -= 1
            self._served[key] = mark is not None
        return self._served[key]

    def _fitting(self, visit: Visit, supplies: Sequence[Supply]) -> Iterator[SupplyMark]:
        brought = (one for one in supplies if one.plan in BROUGHT)
        marks = sorted((mark for one in brought for mark in self._received(one)), key=lambda mark: (mark.on, mark.id))
        came = [mark for mark in marks if mark.on <= visit.day]
        yield from (mark for mark in came if mark.for_visit == visit.id and self._left[mark.id] > 0)
        yield from (mark for mark in came if mark.for_visit != visit.id and self._left[mark.id] > self._kept(mark))

    def _kept(self, mark: SupplyMark) -> int:
        """How many doses of a delivery wait for the visit that it is for: one, while that visit takes it."""
        visit = self._visits.get(mark.for_visit) if mark.for_visit is not None else None
        if visit is None or visit.status not in _TAKES:
            return 0
        taken = any(served for (visit_id, _cases), served in self._served.items() if visit_id == visit.id)
        return 0 if taken else 1

    def _received(self, supply: Supply) -> list[SupplyMark]:
        """The deliveries of a plan that are known on the day asked about; a later one counts from its own day."""
        found = []
        for mark in supply.standing:
            if mark.step is not SupplyStep.RECEIVED:
                continue
            if mark.on <= self._changes.as_of:
                found.append(mark)
            else:
                self._changes.on(mark.on)
        return found


def _is_brought_drug(asked: Asked) -> bool:
    """Say whether a line is of a drug that may be brought: a sample is on the practice's shelf already."""
    return (asked.is_drug or asked.line.ndc is not None) and asked.line.supply is not SuppliedBy.SAMPLE


def plan_words(plan: object) -> str:
    """Who brings the drug, as a noun for words."""
    return "the patient" if plan is SupplyPlan.PATIENT_BROUGHT else "the pharmacy"
