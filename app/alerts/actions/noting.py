"""What one sweep finds out, collected and written in few statements: alerts, whose they are, notices, events."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from app.alerts.facts.alerts import Alert
from app.alerts.facts.notices import AlertEvent, Happened, Notice, Occasion
from app.alerts.facts.outbox import Way
from app.alerts.facts.people import Person
from app.alerts.rules.escalating import escalates_at
from app.alerts.rules.notices import notices, ways
from app.alerts.rules.people import own_step
from app.alerts.rules.routing import Told, tell
from app.alerts.store import alerts as alert_store
from app.alerts.store import events, theirs
from app.alerts.store import notices as notice_store
from app.deadlines.facts import Deadline, Reason
from app.platform.caller import Caller
from app.platform.ids import new_id


@dataclass
class Sweeping:
    """One sweep of one practice at one instant: who may be told, and what is to be written.

    `alerts` are those that were touched, as they stand now. Notices are kept until it is known which go at once.
    """

    caller: Caller
    now: datetime
    people: Sequence[Person]
    alerts: dict[UUID, Alert] = field(default_factory=dict)
    opened: list[Alert] = field(default_factory=list)
    changed: list[Alert] = field(default_factory=list)
    shown: list[tuple[UUID, UUID]] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    events: list[AlertEvent] = field(default_factory=list)
    _routes: dict[tuple[object, ...], tuple[Told, ...]] = field(default_factory=dict)
    _ways: dict[tuple[UUID, Reason, Occasion], tuple[Way, ...]] = field(default_factory=dict)
    _steps: dict[tuple[UUID, Reason, str], str | None] = field(default_factory=dict)

    def route(self, deadline: Deadline) -> tuple[Told, ...]:
        """Whom to tell of a deadline. What may wake nobody is found once for all of one site, owner and reason."""
        if deadline.urgent:
            return tell(deadline, self.people, self.now)
        place = (deadline.reason, deadline.subject.kind, deadline.zone, deadline.site_id, deadline.owner_id)
        if place not in self._routes:
            self._routes[place] = tell(deadline, self.people, self.now)
        return self._routes[place]

    def own_step(self, person: Person, reason: Reason, step: str) -> str | None:
        """The step as a person has it (`rules/people.py: own_step`): many alerts of one sweep reach the same step."""
        place = (person.id, reason, step)
        if place not in self._steps:
            self._steps[place] = own_step(person, reason, step)
        return self._steps[place]

    def open(self, alert: Alert) -> None:
        """Open an alert."""
        self.opened.append(alert)
        self.alerts[alert.id] = alert

    def change(self, alert: Alert) -> None:
        """Change an alert that is on file."""
        self.changed.append(alert)
        self.alerts[alert.id] = alert

    def tell(self, alert: Alert, told: Iterable[tuple[Told, str]], occasion: Occasion = Occasion.STEP) -> None:
        """Show an alert to people, and write their notices: each person with the name of the step as theirs."""
        for one, step in told:
            person = one.person
            self.shown.append((alert.id, person.id))
            place = (person.id, alert.reason, occasion)
            if place not in self._ways:
                self._ways[place] = ways(person, alert.reason, occasion)
            self.notices += notices(alert, person, step, self._ways[place], self.now, new_id, occasion, one.urgent)

    def happened(self, alert: Alert, kind: Happened, **after: object) -> None:
        """Note what happened to an alert."""
        self.events.append(AlertEvent(new_id(), alert.id, kind, self.now, None, {}, after))

    def write(self) -> None:
        """Write what was found since the last call, but for notices. Alerts come first: everything hangs on them."""
        session, practice_id = self.caller.session, self.caller.practice_id
        alert_store.add(session, practice_id, self.opened)
        alert_store.change(session, practice_id, self.changed)
        theirs.show(session, practice_id, self.shown)
        events.add(session, practice_id, self.events)
        for found in (self.opened, self.changed, self.shown, self.events):
            found.clear()

    def new_notices(self) -> list[Notice]:
        """The notices of this sweep whose keys are not there yet: nobody is told twice."""
        keys = {one.key: one for one in self.notices}
        for known in notice_store.known_keys(self.caller.session, self.caller.practice_id, keys):
            del keys[known]
        return list(keys.values())


def told_anew(alert: Alert, now: datetime, anyone: bool) -> Alert:
    """An alert that is told to its people: nobody has dealt with it, and it rises in four business hours.

    `anyone` False: there is nobody to tell, so that it does not rise either.
    """
    return replace(
        alert,
        told_at=now,
        level=0,
        acknowledged_at=None,
        acknowledged_by=None,
        snoozed_until=None,
        escalate_at=escalates_at(alert.reason, 0, now, alert.zone) if anyone else None,
        version=alert.version + 1,
    )
