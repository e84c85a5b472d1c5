"""The steps of a person with an alert, inside a transaction that is open: `handling.py` opens one for each."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from app.alerts.facts.alerts import Alert
from app.alerts.facts.notices import AlertEvent, Happened, Occasion
from app.alerts.facts.outbox import State
from app.alerts.facts.people import Person
from app.alerts.rules import handling as rules
from app.alerts.rules.escalating import escalate
from app.alerts.rules.notices import notices, ways
from app.alerts.rules.packing import watch_id
from app.alerts.rules.people import cover_of
from app.alerts.rules.routing import local_day, managers
from app.alerts.store import alerts as store
from app.alerts.store import events, outbox, theirs
from app.alerts.store import notices as notice_store
from app.alerts.store.people import people as everyone
from app.audit.actions import record
from app.platform.caller import Caller
from app.platform.ids import new_id

_STEPS = (Happened.ACKNOWLEDGED, Happened.SNOOZED, Happened.HANDED_OVER, Happened.TAKEN)


class AlertNotFoundError(Exception):
    """There is no such alert, or no such step of a person."""


class ChangedSinceError(Exception):
    """Something else was done with the alert meanwhile, or the step is too old to be taken back."""


class NobodyToHandToError(Exception):
    """Nobody is there to whom the alert could be handed over."""


class SnoozeError(Exception):
    """The day is not one until which the alert may be snoozed; `first` and `last` are."""

    def __init__(self, first: date, last: date) -> None:
        super().__init__("the alert cannot be snoozed until that day")
        self.first, self.last = first, last


def acknowledge(caller: Caller, alert_id: UUID, version: int | None = None) -> UUID:
    """As `handling.acknowledge`."""
    me = _me(caller)
    alert = _held(caller, alert_id)
    again = _again(caller, alert, Happened.ACKNOWLEDGED) if alert.acknowledged_by == me else None
    if again is not None:
        return again
    _check(alert, version)
    return _done(caller, alert, rules.acknowledged(alert, me, caller.clock.now()), Happened.ACKNOWLEDGED, None)


def take(caller: Caller, alert_id: UUID, version: int | None = None) -> UUID:
    """As `handling.take`."""
    me = _me(caller)
    alert = _held(caller, alert_id)
    again = _again(caller, alert, Happened.TAKEN) if alert.owner_id == me else None
    if again is not None:
        return again
    _check(alert, version)
    return _done(caller, alert, rules.taken(alert, me, caller.clock.now()), Happened.TAKEN, (me,))


def snooze(caller: Caller, alert_id: UUID, until: date, version: int | None = None) -> UUID:
    """As `handling.snooze`."""
    _me(caller)
    alert = _held(caller, alert_id)
    first, last = rules.snooze_span(alert, caller.clock.now())
    if not first <= until <= last:
        raise SnoozeError(first, last)
    after = rules.snoozed(alert, until)
    again = _again(caller, alert, Happened.SNOOZED) if alert.snoozed_until == after.snoozed_until else None
    if again is not None:
        return again
    _check(alert, version)
    return _done(caller, alert, after, Happened.SNOOZED, None)


def hand_over(caller: Caller, alert_id: UUID, to: UUID | None, version: int | None = None) -> UUID:
    """As `handling.hand_over`."""
    me = _me(caller)
    alert = _held(caller, alert_id)
    people = everyone(caller.session, caller.practice_id)
    again = _again(caller, alert, Happened.HANDED_OVER)
    if again is not None and to in (None, alert.owner_id):
        return again
    _check(alert, version)
    now = caller.clock.now()
    person = _receiver(me, to, people, local_day(now, alert.zone))
    after = rules.handed_over(alert, person.id, now)
    undo_id = _done(caller, alert, after, Happened.HANDED_OVER, (person.id,))
    step = f"{alert.step}/handed-{undo_id.hex[-12:]}"
    notice_store.write(
        caller.session,
        caller.practice_id,
        notices(after, person, step, ways(person, after.reason, Occasion.HANDED), now, new_id, Occasion.HANDED),
    )
    return undo_id


def take_back(caller: Caller, undo_id: UUID) -> Alert:
    """As `handling.take_back`."""
    session, practice_id, now = caller.session, caller.practice_id, caller.clock.now()
    event = events.one(session, practice_id, undo_id)
    if event is None or event.kind not in _STEPS:
        raise AlertNotFoundError
    alert = _held(caller, event.alert_id)
    if now - event.at > rules.UNDO_LASTS or alert.version != event.after["version"]:
        raise ChangedSinceError
    if alert.closed_at is not None:
        watched = watch_id(alert.subject, alert.reason)
        if watched in store.open_of(session, practice_id, [watched]):
            raise ChangedSinceError
    restored = rules.restored(alert, dict(event.before), now)
    store.change(session, practice_id, [restored])
    people = _ids(event.before["people"])
    waits = restored.acknowledged_at is None and restored.snoozed_until is None
    theirs.replace(session, practice_id, alert.id, people, waits)
    if event.kind is Happened.HANDED_OVER:
        _cancel(caller, alert.id)
    if waits:
        told = notice_store.messages_of(session, practice_id, alert.id, people)
        gone = [notice for notice, message in told.items() if _is_cancelled(caller, message)]
        notice_store.ask_again(session, practice_id, alert.id, people, event.at, gone)
    _note(caller, alert.id, Happened.UNDONE, {"step": event.id.hex}, rules.kept(restored))
    record(caller, "alerts.undone", [alert.id], step=event.kind.value)
    return restored


def _done(caller: Caller, before: Alert, after: Alert, kind: Happened, people: Sequence[UUID] | None) -> UUID:
    """Write what a step made of an alert. `people`: to whom alone it is shown from now on, None: as before."""
    session, practice_id = caller.session, caller.practice_id
    shown_to = theirs.people_of(session, practice_id, [before.id]).get(before.id, frozenset())
    store.change(session, practice_id, [after])
    waits = after.acknowledged_at is None and after.snoozed_until is None and after.closed_at is None
    theirs.replace(session, practice_id, before.id, shown_to if people is None else people, waits)
    _cancel(caller, before.id)
    kept = rules.kept(before) | {"people": sorted(one.hex for one in shown_to)}
    event_id = _note(caller, before.id, kind, kept, rules.kept(after))
    record(caller, f"alerts.{kind.value}", [before.id], reason=before.reason.value)
    return event_id


def _cancel(caller: Caller, alert_id: UUID) -> None:
    now = caller.clock.now()
    notice_store.cancel_of_alerts(caller.session, caller.practice_id, [alert_id], now)
    outbox.cancel_of_alerts(caller.session, caller.practice_id, [alert_id], now)


def _note(caller: Caller, alert_id: UUID, kind: Happened, before: dict[str, object], after: dict[str, object]) -> UUID:
    event = AlertEvent(new_id(), alert_id, kind, caller.clock.now(), caller.user_id, before, after)
    events.add(caller.session, caller.practice_id, [event])
    return event.id


def _again(caller: Caller, alert: Alert, kind: Happened) -> UUID | None:
    """The same step by the same person, where it is the last thing that was done with the alert: a form sent twice."""
    happened = events.of_alert(caller.session, caller.practice_id, alert.id)
    last = next((one for one in reversed(happened) if one.kind is not Happened.TOLD), None)
    same = last is not None and last.kind is kind and last.by == caller.user_id
    return last.id if last is not None and same and last.after.get("version") == alert.version else None


def _receiver(me: UUID, to: UUID | None, people: Sequence[Person], day: date) -> Person:
    if to is not None:
        named = next((person for person in people if person.id == to), None)
        covering = None if named is None else cover_of(named, day, people)
        found = [] if covering is None else [covering]
    else:
        found = [*escalate(0, [me], people, day).people, *managers(people, day)]
    other = next((person for person in found if person.id != me), None)
    if other is None:
        raise NobodyToHandToError
    return other


def _held(caller: Caller, alert_id: UUID) -> Alert:
    alert = store.held(caller.session, caller.practice_id, alert_id, caller.scope)
    if alert is None:
        raise AlertNotFoundError
    return alert


def _check(alert: Alert, version: int | None) -> None:
    if alert.closed_at is not None or version not in (None, alert.version):
        raise ChangedSinceError


def _me(caller: Caller) -> UUID:
    if caller.user_id is None:
        raise ValueError("a step with an alert is a person's")
    return caller.user_id


def _is_cancelled(caller: Caller, message_id: UUID) -> bool:
    found = outbox.delivery(caller.session, caller.practice_id, message_id)
    return found is not None and found.state is State.CANCELLED


def _ids(kept: object) -> list[UUID]:
    return [UUID(hex=str(one)) for one in kept] if isinstance(kept, list) else []
