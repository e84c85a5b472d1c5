"""Members who switch plans on 1 January: a practice with two payers, and every kind of change, for the sentinel."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from app.authorizations import store as authorization_store
from app.authorizations.facts import AuthorizationRecord, Counting, Item, Status
from app.coverage.facts import CheckResult, CoverageRecord
from app.coverage.store import coverages as coverage_store
from app.patients import store as patient_store
from app.patients.facts import PatientDetails
from app.platform.caller import Caller
from app.platform.changes import Changed, announce, announced
from app.policies.facts.answers import Need, PracticeRule
from app.policies.facts.records import NewPracticeRule
from app.policies.store.payers import add_payer
from app.policies.store.practice import add_practice_rule
from app.practice.store import practice as practice_store
from app.schedule import store as schedule_store
from app.schedule.facts import LineSource, ServiceLine, Visit, VisitRecord, VisitStatus
from app.values.insurance import Line, Rank
from app.values.spans import DateSpan
from tests.support import make

OLD, NEW = "local:old-plan", "local:new-plan"
BEFORE = datetime(2027, 1, 2, 15, tzinfo=UTC)
AFTER = datetime(2027, 1, 2, 15, 5, tzinfo=UTC)
NEW_YEAR = date(2027, 1, 1)
KINDS = ("payer", "replaced", "member", "group", "ends", "inactive", "other", "name", "same", "no_visit", "no_approval")
"""What happens to a member's coverage, in turn."""


class Switchers:
    """Puts members on file, checked on 2 January, and lets what happened on the 1st come in five minutes later."""

    def __init__(self, caller: Caller, members: int, kinds: Sequence[str] = KINDS) -> None:
        self.caller, self.session, self.practice_id = caller, caller.session, caller.practice_id
        self.members = [make.an_id(10_000 + number) for number in range(members)]
        self.cover: dict[UUID, CoverageRecord] = {}
        self.switched, self.kinds = False, kinds
        caller.clock.instant = BEFORE  # type: ignore[attr-defined]
        practice_store.add_site(self.session, self.practice_id, make.site())
        practice_store.add_provider(self.session, self.practice_id, make.provider())
        for number, payer in enumerate((OLD, NEW)):
            add_payer(self.session, self.practice_id, payer, payer.removeprefix("local:").title())
            self._rule(payer, 60 + 2 * number, Need.REQUIRED, "96910")
            self._rule(payer, 61 + 2 * number, Need.NOT_REQUIRED, "99213")
        self.session.commit()
        with announced(caller) as session:
            for number, member in enumerate(self.members):
                self._member(number, member)
            announce(session, Changed(frozenset(self.members)))

    def kind_of(self, number: int) -> str:
        """What happens to a member's coverage."""
        return self.kinds[number % len(self.kinds)]

    def switch(self) -> None:
        """Let what happens happen, in one transaction, as an import does; again, it brings what is on file."""
        self.caller.clock.instant = AFTER  # type: ignore[attr-defined]
        with announced(self.caller) as session:
            changed, added = [], []
            for number, member in enumerate(self.members):
                old = self.cover[member]
                new = self._switched(self.kind_of(number), old)
                changed.append(new)
                if self.kind_of(number) == "replaced" and not self.switched:
                    fresh = replace(old, id=make.an_id(70_000 + number), payer=NEW, payer_name="New-Plan",
                                    member_id=f"N{number:08}", begins=NEW_YEAR, line=Line.MEDICARE_ADVANTAGE,
                                    checked_on=AFTER.date())  # fmt: skip
                    added.append(fresh)
            coverage_store.add_coverages(session, self.practice_id, added)
            coverage_store.change_coverages(session, self.practice_id, changed)
            announce(session, Changed(frozenset(self.members)))
        self.switched = True

    def _switched(self, kind: str, old: CoverageRecord) -> CoverageRecord:
        values: dict[str, dict[str, Any]] = {
            "payer": {"payer": NEW, "payer_name": "New-Plan", "member_id": f"N{old.member_id[1:]}"},
            "no_visit": {"payer": NEW, "payer_name": "New-Plan"},
            "no_approval": {"payer": NEW, "payer_name": "New-Plan"},
            "replaced": {"ends": NEW_YEAR - timedelta(days=1)},
            "member": {"member_id": f"Z{old.member_id[1:]}"},
            "group": {"group_number": "G-2"},
            "ends": {"ends": NEW_YEAR + timedelta(days=5)},
            "inactive": {"result": CheckResult.INACTIVE},
            "other": {"other_primary": True},
            "name": {"plan": "PPO Silver"},
            "same": {},
        }
        return replace(old, checked_on=AFTER.date(), **values[kind])

    def _rule(self, payer: str, number: int, need: Need, *codes: str) -> None:
        rule_id, span = make.an_id(number), DateSpan(date(2026, 1, 1), date(2027, 12, 31))
        rule = PracticeRule(f"practice#{rule_id}", payer, frozenset(codes), need, span, "Manual", date(2026, 1, 5))
        kept = NewPracticeRule(rule_id, rule, self.caller.clock.now(), None)
        add_practice_rule(self.session, self.practice_id, kept)

    def _member(self, number: int, member: UUID) -> None:
        kind = self.kind_of(number)
        person = PatientDetails(member, f"S{number:05}", f"Member{number:03}", "Robin", date(1950, 2, 3))
        patient_store.add_patients(self.session, self.practice_id, [person])
        cover = CoverageRecord(
            make.an_id(30_000 + number), member, Rank.PRIMARY, OLD, "Old-Plan", f"M{number:08}",
            begins=date(2026, 1, 1), line=Line.COMMERCIAL, plan="PPO Gold", group_number="G-1",
            checked_on=BEFORE.date(), result=CheckResult.ACTIVE,
        )  # fmt: skip
        self.cover[member] = cover
        coverage_store.add_coverages(self.session, self.practice_id, [cover])
        if kind != "no_approval":
            row = AuthorizationRecord(
                make.an_id(50_000 + number), member, f"approval-{number}", OLD, "Old-Plan", Status.APPROVED, "approved",
                items=(Item(("96910",), None, Counting.UNITS, 36),), member_id=cover.member_id, plan="PPO Gold",
                group_number="G-1", number=f"A{number:05}", begins=date(2026, 12, 1), ends=date(2027, 5, 31),
                decided_on=date(2026, 12, 1),
            )  # fmt: skip
            authorization_store.add_authorizations(self.session, self.practice_id, [row], [])
        if kind != "no_visit":
            for place, (days, code) in enumerate(((7 + number % 9, "96910"), (20, "99213"))):
                self._visit(member, 2 * number + place, days, code)

    def _visit(self, member: UUID, number: int, days: int, code: str) -> None:
        day = NEW_YEAR + timedelta(days=days)
        line = ServiceLine(make.an_id(200_000 + number), 0, code, diagnoses=("L40.0",), provider_npi=make.NPI)
        starts = datetime.combine(day, time(15), UTC)
        site, booked = make.site().id, VisitStatus.BOOKED
        visit = Visit(make.an_id(100_000 + number), f"V{number}", member, site, starts, day, booked, (line,))
        schedule_store.add_visits(self.session, self.practice_id, [VisitRecord(visit, (LineSource(0),))])
