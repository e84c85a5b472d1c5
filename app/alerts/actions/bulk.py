"""The same step with several alerts at once: all of them or none, in one transaction, taken back together."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from app.alerts.actions import steps
from app.alerts.facts.alerts import Alert
from app.platform.caller import Caller
from app.platform.db import writing


def acknowledge_all(caller: Caller, ticked: Mapping[UUID, int]) -> tuple[UUID, ...]:
    """Acknowledge alerts; takes their versions by id. Returns the ids that undo it. Raises as `handling`."""
    with writing(caller.session):
        return tuple(steps.acknowledge(caller, alert_id, version) for alert_id, version in sorted(ticked.items()))


def snooze_all(caller: Caller, ticked: Mapping[UUID, int], until: date) -> tuple[UUID, ...]:
    """Snooze alerts until a day. Returns the ids that undo it. Raises as `handling`."""
    with writing(caller.session):
        return tuple(steps.snooze(caller, alert_id, until, version) for alert_id, version in sorted(ticked.items()))


def hand_over_all(caller: Caller, ticked: Mapping[UUID, int], to: UUID | None) -> tuple[UUID, ...]:
    """Hand alerts over to a person, None: the backup. Returns the ids that undo it. Raises as `handling`."""
    with writing(caller.session):
        return tuple(steps.hand_over(caller, alert_id, to, version) for alert_id, version in sorted(ticked.items()))


def take_all(caller: Caller, ticked: Mapping[UUID, int]) -> tuple[UUID, ...]:
    """Make alerts one's own. Returns the ids that undo it. Raises as `handling`."""
    with writing(caller.session):
        return tuple(steps.take(caller, alert_id, version) for alert_id, version in sorted(ticked.items()))


def take_back_all(caller: Caller, undo_ids: Sequence[UUID]) -> tuple[Alert, ...]:
    """Undo steps of a person, all or none. Raises as `handling`."""
    with writing(caller.session):
        return tuple(steps.take_back(caller, undo_id) for undo_id in sorted(undo_ids, reverse=True))
