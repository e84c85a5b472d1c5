"""Cases of every kind on the desk of tests/support/desk.py: one patient each, in the states that the list sorts by."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from app.authorizations import store as authorization_store
from app.authorizations.facts import AuthorizationRecord, Counting, Item, Kind, Status
from app.casework.actions.placing import keep_cases, rebuild
from app.coverage.facts import CheckResult, CoverageRecord
from app.coverage.store import coverages as coverage_store
from app.deadlines import store as clock_store
from app.deadlines.facts import Information
from app.patients import store as patient_store
from app.patients.facts import PatientDetails
from app.values.insurance import Line, Rank
from tests.support import make
from tests.support.desk import PAYER, PAYER_NAME, TODAY, Desk

FIRST = 300_000


class Cases:
    """Puts cases on file, one at a time, and the list right afterwards."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.count = desk, 0
        self.session, self.practice_id = desk.session, desk.practice_id

    def add(
        self,
        status: Status = Status.SUBMITTED,
        owner: UUID | None = None,
        due: date | None = None,
        plan: str = "PPO Gold",
        payer: str = PAYER,
        patient_of: UUID | None = None,
        **given: Any,
    ) -> UUID:
        """Add a case with its patient, or that of another case. `due` also gives it a next action. Returns its id."""
        self.count += 1
        number = FIRST + self.count
        case = make.an_id(100_000 + number)
        patient = UUID(int=(patient_of or case).int - 100_000)
        if patient_of is None:
            self._person(patient, plan)
        row = AuthorizationRecord(
            case, patient, f"case-{self.count}", payer, PAYER_NAME, status, status.value,
            items=(Item(("96910",), None, Counting.UNITS, 36, 4),), member_id=f"K{self.count:08}", plan="PPO Gold",
            requested_on=TODAY - timedelta(days=9), next_action="Call the payer" if due else None, next_action_on=due,
        )  # fmt: skip
        row = replace(row, **given)
        authorization_store.add_authorizations(self.session, self.practice_id, [row], [])
        if owner is not None:
            at = self.desk.caller.clock.now(), None
            clock_store.save_owner(self.session, self.practice_id, case, owner, at)
        return case

    def _person(self, patient: UUID, plan: str) -> None:
        birth = date(1971, 2, 3)
        person = PatientDetails(patient, f"K{self.count:05}", f"Case{self.count:03}", "Robin", birth)
        patient_store.add_patients(self.session, self.practice_id, [person])
        self._insure(patient, plan)

    def _insure(self, patient: UUID, plan: str) -> None:
        coverage = CoverageRecord(
            make.an_id(200_000 + FIRST + self.count), patient, Rank.PRIMARY, PAYER, PAYER_NAME, f"K{self.count:08}",
            begins=date(2026, 1, 1), line=Line.COMMERCIAL, plan=plan, checked_on=TODAY, result=CheckResult.ACTIVE,
        )  # fmt: skip
        coverage_store.add_coverages(self.session, self.practice_id, [coverage])

    def ask_information(self, case: UUID, due: date) -> None:
        """Let the payer have asked for more by a day."""
        asked = Information(make.an_id(900_000 + self.count), datetime(2026, 2, 27, 15, tzinfo=UTC), due)
        clock_store.add_information(self.session, self.practice_id, case, asked, (self.desk.caller.clock.now(), None))

    def listed(self) -> "Cases":
        """Commit, and place every case."""
        self.session.commit()
        rebuild(self.desk.caller)
        keep_cases(self.desk.caller)
        return self


def one_of_each(cases: Cases, owner: UUID) -> dict[str, UUID]:
    """Add a case for each view, by the view's name in the address."""
    day = timedelta(days=1)
    made = {
        "mine": cases.add(owner=owner, due=TODAY + 2 * day),
        "week": cases.add(Status.DRAFT, due=TODAY - day),
        "payer": cases.add(Status.SUBMITTED),
        "info": cases.add(Status.MORE_INFO),
        "adverse": cases.add(Status.DENIED, decided_on=TODAY - 3 * day),
        "expiring": cases.add(Status.APPROVED, number="PA-1", begins=date(2026, 1, 1), ends=TODAY + 30 * day),
        "units": cases.add(
            Status.APPROVED, number="PA-2", begins=date(2026, 1, 1), ends=TODAY + 200 * day,
            items=(Item(("96910",), None, Counting.UNITS, 36, 33),), used_on=TODAY - day,
        ),
        "retro": cases.add(Status.READY, kind=Kind.RETRO),
        "plan": cases.add(Status.SUBMITTED, plan="HMO Blue"),
        "closed": cases.add(Status.CLOSED),
    }  # fmt: skip
    cases.ask_information(made["info"], TODAY + 5 * day)
    return made
