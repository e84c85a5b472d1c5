"""A practice with people to tell, and deadlines made by hand under watch: for tests of sweeping, bell and pages."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from app.alerts.actions import holding, sweeping
from app.alerts.facts.alerts import Alert
from app.alerts.facts.outbox import Message
from app.alerts.facts.people import Person
from app.alerts.facts.watching import Origin, Watch
from app.alerts.models.alerts import AlertEventRow, AlertRow, NoticeRow
from app.alerts.models.outbox import OutboxMessageRow
from app.alerts.rules.packing import watch_id
from app.alerts.rules.reaching import next_at, still_told
from app.alerts.store import outbox, theirs
from app.alerts.store import people as people_store
from app.alerts.store import watch as watch_store
from app.alerts.store.alerts import alert_of
from app.deadlines.facts import Basis, BasisKind, Clears, Deadline, Reason, Step, Subject, SubjectKind
from app.platform.caller import Caller
from app.practice.facts.staff import Role, Staff
from app.practice.store import practice as practice_store
from app.practice.store import staff as staffing
from tests.support import make

ANA, BEN, CARA, DOT = (make.an_id(900 + number) for number in range(4))
"""Coordinator Ana, whose backup is coordinator Ben of the north site; manager Cara; administrator Dot."""
MAIN, NORTH = make.an_id(1), make.an_id(2)
ZONE = make.ZONE
MORNING = datetime(2026, 3, 2, 15, tzinfo=UTC)
"""A Monday, 9 or 10 AM in the practice's zone: a business day."""


@dataclass
class Practice:
    """A practice whose deadlines a test sets by hand."""

    caller: Caller

    def furnish(self) -> "Practice":
        """Make two sites and four people."""
        session, practice_id = self.caller.session, self.caller.practice_id
        for number, name in ((1, "Main Street"), (2, "North Clinic")):
            practice_store.add_site(session, practice_id, make.site(number, name))
        everyone = (
            (ANA, "ana", Role.COORDINATOR),
            (BEN, "ben", Role.COORDINATOR),
            (CARA, "cara", Role.MANAGER),
            (DOT, "dot", Role.ADMINISTRATOR),
        )
        for staff_id, name, role in everyone:
            staff = Staff(staff_id, practice_id, f"{name}@example.org", name.title(), frozenset({role}))
            staffing.add_staff(session, practice_id, staff, "no password")
        self.person(ANA, Role.COORDINATOR, sites=frozenset({MAIN}), phone="+12125550101", backup_id=BEN)
        self.person(BEN, Role.COORDINATOR, sites=frozenset({NORTH}), phone="+12125550102")
        session.commit()
        return self

    def person(self, staff_id: UUID, role: Role, **wishes: object) -> None:
        """Say how a person is told."""
        person = Person(staff_id, "", "", frozenset({role}), ZONE, **wishes)  # type: ignore[arg-type]
        people_store.save_person(self.caller.session, self.caller.practice_id, person)
        self.caller.session.commit()

    def watch(self, *deadlines: Deadline) -> None:
        """Put deadlines under watch, as a look at their patients does."""
        now = self.caller.clock.now()
        session, practice_id = self.caller.session, self.caller.practice_id
        ids = [watch_id(one.subject, one.reason) for one in deadlines]
        old = watch_store.by_ids(session, practice_id, ids)
        rows = []
        for found, one in zip(ids, deadlines, strict=True):
            told = still_told(one, old[found].told) if found in old else None
            rows.append(Watch(found, one, Origin.PATIENT, told, next_at(one, told, now), now))
        watch_store.put(session, practice_id, rows)
        session.commit()

    def forget(self, *deadlines: Deadline) -> None:
        """Take deadlines off the watch: their cause is gone."""
        ids = [watch_id(one.subject, one.reason) for one in deadlines]
        watch_store.drop(self.caller.session, self.caller.practice_id, ids)
        self.caller.session.commit()

    def sweep(self, **limits: int) -> int:
        """Sweep once."""
        believed = sweeping.Limits(**limits) if limits else sweeping.LIMITS  # type: ignore[arg-type]
        return sweeping.sweep(self.caller, believed)

    def let_through(self) -> int:
        """Let through what was held back."""
        return holding.let_through(self.caller)

    def leaves(self, staff_id: UUID) -> None:
        """A person may not sign in any more."""
        session, practice_id = self.caller.session, self.caller.practice_id
        staff = next(one for one in staffing.staff_of(session, practice_id) if one.id == staff_id)
        staffing.save_staff(session, practice_id, replace(staff, active=False))
        session.commit()

    def bell(self, staff_id: UUID) -> int:
        """The number on a person's bell."""
        return theirs.count_shown(self.caller.session, self.caller.practice_id, staff_id)

    def wait(self, **length: float) -> "Practice":
        """Let time pass."""
        self.caller.clock.instant += timedelta(**length)  # type: ignore[attr-defined]
        return self

    def at(self, instant: datetime) -> "Practice":
        """Set the clock."""
        self.caller.clock.instant = instant  # type: ignore[attr-defined]
        return self

    def alerts(self) -> list[Alert]:
        """Every alert, the first opened first."""
        rows = self.caller.session.scalars(
            select(AlertRow).order_by(AlertRow.id).execution_options(populate_existing=True)
        )
        return [alert_of(row) for row in rows]

    def alert(self) -> Alert:
        """The only alert."""
        (alert,) = self.alerts()
        return alert

    def messages(self) -> list[Message]:
        """Every message of the outbox, the first queued first."""
        found = outbox.page(self.caller.session, self.caller.practice_id)
        return [one.message for one in reversed(found)]

    def states(self) -> list[str]:
        """The state of every message, the first queued first."""
        found = outbox.page(self.caller.session, self.caller.practice_id)
        return [one.state.value for one in reversed(found)]

    def happened(self, alert: Alert) -> list[str]:
        """What happened to an alert, in order."""
        rows = select(AlertEventRow.kind).where(AlertEventRow.alert_id == alert.id).order_by(AlertEventRow.id)
        return [kind.value for kind in self.caller.session.scalars(rows)]

    def counts(self) -> dict[str, int]:
        """How many rows there are of each kind."""
        session = self.caller.session
        tables = {"alerts": AlertRow, "notices": NoticeRow, "events": AlertEventRow, "messages": OutboxMessageRow}
        return {name: session.scalar(select(func.count()).select_from(table)) or 0 for name, table in tables.items()}


def approval_ends(
    number: int, ends: date, days: Sequence[int] = (60, 30, 14, 7, 1), site: UUID = MAIN, **more: object
) -> Deadline:
    """The deadline of an approval that ends, told at 8 AM so many days ahead."""
    zone = ZoneInfo(ZONE)
    steps = tuple(
        Step(
            f"{ends.isoformat()}-{ahead}d",
            datetime.combine(ends - timedelta(days=ahead), time(8), zone).astimezone(UTC),
        )
        for ahead in days
    )
    made = {
        "subject": Subject(SubjectKind.AUTHORIZATION, make.an_id(number).hex),
        "reason": Reason.APPROVAL_ENDS,
        "steps": steps,
        "zone": ZONE,
        "clears": Clears.RENEWED,
        "basis": Basis(BasisKind.PAYER),
        "due_on": ends,
        "site_id": site,
        "counts": {"visits_after": 2},
    }
    return Deadline(**(made | more))  # type: ignore[arg-type]
