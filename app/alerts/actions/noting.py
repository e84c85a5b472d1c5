"""What one sweep finds out, collected and written in few statements: alerts, whose they are, notices, events."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from app.alerts.facts.alerts import Alert
from app.alerts.facts.notices import AlertEvent, Happened, Notice, Occasion
from app.alerts.facts.people import Person
from app.alerts.rules.escalating import escalates_at
from app.alerts.rules.notices import notices
from app.alerts.rules.routing import Told
from app.alerts.store import alerts as alert_store
from app.alerts.store import events, theirs
from app.alerts.store import notices as notice_store
from app.platform.caller import Caller
from app.platform.ids import new_id


@dataclass
class Sweeping:
    """One sweep of one practice at one instant: who may be told, and what is to be written."""

    caller: Caller
    now: datetime
    people: Sequence[Person]
    opened: list[Alert] = field(default_factory=list)
    changed: list[Alert] = field(default_factory=list)
    shown: list[tuple[UUID, UUID]] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    events: list[AlertEvent] = field(default_factory=list)
    written: int = 0
    """Notices written so far."""

    def tell(self, alert: Alert, told: Iterable[tuple[Told, str]], occasion: Occasion = Occasion.STEP) -> None:
        """Show an alert to people, and write their notices: each person with the name of the step as theirs."""
        for one, step in told:
            self.shown.append((alert.id, one.person.id))
            self.notices += notices(alert, one.person, step, self.now, new_id, occasion, one.urgent)

    def happened(self, alert: Alert, kind: Happened, **after: object) -> None:
        """Note what happened to an alert."""
        self.events.append(AlertEvent(new_id(), alert.id, kind, self.now, None, {}, after))

    def write(self) -> None:
        """Write what was found since the last call. Alerts first: whoever changes one holds it before its notices."""
        session, practice_id = self.caller.session, self.caller.practice_id
        alert_store.add(session, practice_id, self.opened)
        alert_store.change(session, practice_id, self.changed)
        theirs.show(session, practice_id, self.shown)
        notice_store.write(session, practice_id, self.notices)
        events.add(session, practice_id, self.events)
        self.written += len(self.notices)
        for found in (self.opened, self.changed, self.shown, self.notices, self.events):
            found.clear()


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
