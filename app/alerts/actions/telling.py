"""What is due becomes alerts; what was snoozed or not answered is told again."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from app.alerts.actions.noting import Sweeping, told_anew
from app.alerts.facts.alerts import Alert
from app.alerts.facts.notices import Happened, Occasion
from app.alerts.facts.people import Person
from app.alerts.facts.watching import Watch
from app.alerts.rules.escalating import escalate, escalates_at
from app.alerts.rules.people import cover_of
from app.alerts.rules.reaching import due_step, next_at
from app.alerts.rules.routing import Told, due_instant, local_day, responsible
from app.alerts.store import alerts as alert_store
from app.alerts.store import theirs
from app.alerts.store import watch as watch_store
from app.deadlines.facts import Deadline, Step
from app.platform.ids import new_id

MOST = 10_000  # alerts that one sweep wakes, lets rise or closes; the next sweep finds the rest


def tell_due(sweeping: Sweeping, due: Sequence[Watch]) -> int:
    """Open or raise an alert for each deadline that is due, and note the step as told. Returns how many."""
    session, practice_id = sweeping.caller.session, sweeping.caller.practice_id
    open_alerts = alert_store.open_of(session, practice_id, [one.id for one in due])
    steps = []
    for watch in due:
        step = due_step(watch.deadline, watch.told, sweeping.now)
        told = watch.told if step is None else step.name
        if step is not None:
            _reach(sweeping, watch.deadline, step, open_alerts.get(watch.id))
        steps.append((watch.id, told, next_at(watch.deadline, told, sweeping.now)))
    watch_store.reached(session, practice_id, steps)
    return len(steps)


def wake(sweeping: Sweeping) -> int:
    """Tell alerts again whose snooze is over. Returns how many."""
    found = alert_store.woken(sweeping.caller.session, sweeping.caller.practice_id, sweeping.now, MOST)
    people = _shown_to(sweeping, found)
    for alert, theirs_now in zip(found, people, strict=True):
        assert alert.snoozed_until is not None, "it was found by it"
        step = f"{alert.step}/woken-{local_day(alert.snoozed_until, alert.zone)}"
        anew = told_anew(alert, sweeping.now, bool(theirs_now))
        sweeping.change(anew)
        sweeping.tell(anew, [(Told(one), step) for one in theirs_now], Occasion.WOKEN)
        sweeping.happened(anew, Happened.WOKEN)
    return len(found)


def rise(sweeping: Sweeping) -> int:
    """Tell the backup, then the manager, of alerts that nobody acknowledged in time. Returns how many."""
    session, practice_id, now = sweeping.caller.session, sweeping.caller.practice_id, sweeping.now
    found = alert_store.unanswered(session, practice_id, now, MOST)
    told = theirs.people_of(session, practice_id, [one.id for one in found])
    for alert in found:
        risen = escalate(alert.level, told.get(alert.id, frozenset()), sweeping.people, local_day(now, alert.zone))
        anew = replace(
            alert,
            level=risen.level,
            owner_id=risen.people[0].id if len(risen.people) == 1 else None if risen.people else alert.owner_id,
            escalate_at=escalates_at(alert.reason, risen.level, now, alert.zone),
            version=alert.version + 1,
        )
        sweeping.change(anew)
        step = f"{alert.step}/level-{risen.level}-{alert.version}"
        sweeping.tell(anew, [(Told(one), step) for one in risen.people], Occasion.ESCALATED)
        sweeping.happened(anew, Happened.ESCALATED, level=risen.level, people=[one.id.hex for one in risen.people])
    return len(found)


def _reach(sweeping: Sweeping, deadline: Deadline, step: Step, alert: Alert | None) -> None:
    if alert is None:
        _open(sweeping, deadline, step)
    elif alert.step != step.name:
        _raise(sweeping, deadline, step, alert)


def _open(sweeping: Sweeping, deadline: Deadline, step: Step) -> None:
    told = _own_steps(sweeping, sweeping.route(deadline), deadline, step.name, None)
    alert_id = new_id()
    code = alert_store.code_of(sweeping.caller.session, sweeping.caller.practice_id, alert_id)
    alert = Alert(
        id=alert_id,
        subject=deadline.subject,
        reason=deadline.reason,
        step=step.name,
        opened_at=sweeping.now,
        told_at=sweeping.now,
        owner_id=deadline.owner_id,
        escalate_at=escalates_at(deadline.reason, 0, sweeping.now, deadline.zone) if told else None,
        code=code,
        **_of(deadline),
    )
    sweeping.open(alert)
    sweeping.tell(alert, told)
    sweeping.happened(alert, Happened.OPENED, step=step.name)


def _raise(sweeping: Sweeping, deadline: Deadline, step: Step, before: Alert) -> None:
    """Tell a later step. Who took the alert keeps it; a snooze that ends in time keeps it quiet."""
    alert = replace(before, step=step.name, **_of(deadline))
    theirs_now = replace(deadline, owner_id=before.owner_id or deadline.owner_id)
    told = _own_steps(sweeping, sweeping.route(theirs_now), deadline, step.name, before.step)
    if told and not _quiet(before, deadline):
        alert = told_anew(alert, sweeping.now, True)
        sweeping.tell(alert, told)
        sweeping.happened(alert, Happened.RAISED, step=step.name)
    sweeping.change(alert)


def _quiet(alert: Alert, deadline: Deadline) -> bool:
    if alert.snoozed_until is None or deadline.urgent:
        return False
    due = due_instant(deadline.due_on, deadline.due_at, deadline.zone)
    return due is None or alert.snoozed_until < due


def _of(deadline: Deadline) -> dict[str, Any]:
    """What an alert takes over from its deadline."""
    return {name: getattr(deadline, name) for name in _TAKEN_OVER}


_TAKEN_OVER = (
    "zone", "clears", "basis", "due_on", "due_at", "site_id", "patient_id", "urgent", "counts",
)  # fmt: skip


def _own_steps(
    sweeping: Sweeping, told: Sequence[Told], deadline: Deadline, step: str, before: str | None
) -> list[tuple[Told, str]]:
    """The step as each person has it; left out is who has none yet, or had the same at the step before."""
    found = []
    for one in told:
        own = sweeping.own_step(one.person, deadline.reason, step)
        had = None if before is None else sweeping.own_step(one.person, deadline.reason, before)
        if own is not None and own != had:
            found.append((one, own))
    return found


def _shown_to(sweeping: Sweeping, found: Sequence[Alert]) -> list[list[Person]]:
    """Who has each alert now: those to whom it was shown, or who covers for them; else whose it would be anew."""
    session, practice_id = sweeping.caller.session, sweeping.caller.practice_id
    shown = theirs.people_of(session, practice_id, [one.id for one in found])
    known = {person.id: person for person in sweeping.people}
    answer = []
    for alert in found:
        day = local_day(sweeping.now, alert.zone)
        covering = [
            cover_of(known[one], day, sweeping.people)
            for one in sorted(shown.get(alert.id, frozenset()))
            if one in known
        ]
        here = {person.id: person for person in covering if person is not None}
        answer.append(list(here.values()) or list(responsible(_routed(alert), sweeping.people, sweeping.now)))
    return answer


def _routed(alert: Alert) -> Deadline:
    """What routing asks of an alert."""
    return Deadline(
        alert.subject,
        alert.reason,
        (),
        alert.zone,
        alert.clears,
        alert.basis,
        site_id=alert.site_id,
        owner_id=alert.owner_id,
    )
