"""A practice's files from which deadlines follow: name only what the test is about."""

from datetime import date, timedelta

from app.alerts.actions.gathering import deadlines_of_patients
from app.clearance.actions.book import rejudge_all
from app.deadlines.facts import Deadline, Reason
from app.patients import store as patients
from app.platform.caller import Caller
from tests.store.imports.support import COVERAGE, LOG, PERSON, VISIT, bring
from tests.support.desk import PAYER_NAME, TODAY, Desk


class Clocks:
    """Puts files of one practice on file, judged, and makes its deadlines."""

    def __init__(self, caller: Caller, folder) -> None:
        self.caller, self.folder = caller, folder
        Desk(caller).furnish()

    def bring(self, visits=(), approvals=(), coverages=None) -> "Clocks":
        """Bring tables in and judge all that is on file. Visits and approvals are of patient M1 unless they say."""
        people = sorted({one.get("patient_mrn", "M1") for one in (*visits, *approvals)})
        covered = coverages if coverages is not None else [{"patient_mrn": one} for one in people]
        reports = bring(
            self.caller,
            self.folder,
            [VISIT | {"site": "Main Street", "diagnoses": "L40.0"} | one for one in visits] or None,
            [COVERAGE | PERSON | _COVERED | one for one in covered] or None,
            [LOG | PERSON | _APPROVED | one for one in approvals] or None,
        )
        assert not [one for report in reports for one in report.refused]
        return self.judge()

    def judge(self) -> "Clocks":
        """Judge all that is on file."""
        rejudge_all(self.caller, processes=1)
        return self

    def patients(self) -> list:
        """The ids of all patients."""
        return [one.id for one in patients.in_patient_order(self.caller.session, self.caller.practice_id)]

    def all(self) -> list[Deadline]:
        """Make the deadlines of all patients."""
        made = deadlines_of_patients(self.caller, self.patients())
        return [one for them in made.values() for one in them]

    def reasons(self) -> list[str]:
        """Name the reasons of all deadlines, in order."""
        return sorted(one.reason.value for one in self.all())

    def one(self, reason: Reason) -> Deadline:
        """The only deadline of a reason."""
        (found,) = [one for one in self.all() if one.reason is reason]
        return found


def visit(number: int, day: date, **facts) -> dict:
    """Make a row of a schedule."""
    return {"visit_id": f"A{number}", "starts_at": f"{day} 14:30", "code": "96910"} | facts


def series(first: date, count: int, every: int = 3, **facts) -> list[dict]:
    """Make visits one after another."""
    return [visit(n, first + timedelta(days=n * every), **facts) for n in range(count)]


_COVERED = {
    "payer": PAYER_NAME,
    "line": "commercial",
    "plan": "PPO Gold",
    "begins": "2026-01-01",
    "checked_on": str(TODAY - timedelta(days=1)),
    "result": "active",
}
_APPROVED = {
    "payer": PAYER_NAME,
    "member_id": "W123",
    "codes": "96910/96912:36",
    "used": "96910:20",
    "used_on": str(TODAY - timedelta(days=1)),
    "begins": "2026-01-01",
    "ends": "2026-03-31",
    "requested_on": "2025-12-20",
    "decided_on": "2025-12-28",
    "number": "A1",
}
