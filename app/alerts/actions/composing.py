"""Notices become messages: one to a person and way, when it is allowed, in the sweep's own transaction."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from app.alerts.actions.noting import Sweeping
from app.alerts.facts.alerts import Alert
from app.alerts.facts.notices import Happened, Notice
from app.alerts.facts.outbox import Message, To, Way
from app.alerts.facts.people import Person
from app.alerts.rules.merging import APART, Waiting, going, latest, message_key
from app.alerts.rules.messages import Around, alone, expires_at, in_order, together
from app.alerts.rules.routing import local_day
from app.alerts.store import alerts as alert_store
from app.alerts.store import notices as notice_store
from app.alerts.store import outbox
from app.deadlines.facts import Reason
from app.platform.ids import new_id
from app.practice.store import practice as practice_store
from app.schedule import store as schedule_store
from app.schedule.facts import VisitStatus

MOST = 20_000  # notices that one sweep looks at
Groups = Mapping[tuple[UUID, Way], list[Waiting]]


def compose(sweeping: Sweeping, new: Sequence[Notice]) -> int:
    """Queue the messages that may go now, and note which notices they tell.

    Takes     the notices of this sweep, which are not written yet: they are here, with their messages.
    Returns   how many messages.
    """
    session, practice_id, now = sweeping.caller.session, sweeping.caller.practice_id, sweeping.now
    old = notice_store.waiting(session, practice_id, MOST)
    if not old and not new:
        return 0
    groups = _groups(sweeping, (*old, *new), {one.id for one in old})
    people = {person.id: person for person in sweeping.people}
    last = {way: _last_to(sweeping, way) for way in (Way.SMS, Way.EMAIL)}
    chosen = {
        (person, way): going(people[person], way, waiting, last[way].get(person), now)
        for (person, way), waiting in groups.items()
    }
    around = _around(sweeping, [one.alert for them in chosen.values() for one in latest(them)])
    messages: list[Message] = []
    told: dict[UUID, UUID] = {}
    for (person, way), going_now in chosen.items():
        if going_now:
            messages.append(_message(people[person], way, going_now, around))
            told.update((one.notice.id, messages[-1].id) for one in going_now)
    outbox.queue_all(session, practice_id, messages)
    notice_store.write(session, practice_id, new, told, now)
    notice_store.composed(session, practice_id, [(one.id, told[one.id]) for one in old if one.id in told], now)
    for alert in {one.alert.id: one.alert for them in chosen.values() for one in them}.values():
        sweeping.happened(alert, Happened.TOLD)
    return len(messages)


def _groups(sweeping: Sweeping, notices: Sequence[Notice], old: Collection[UUID]) -> Groups:
    """What waits, by person and way. What was dealt with is not told, nor anybody who may not sign in any more."""
    session, practice_id = sweeping.caller.session, sweeping.caller.practice_id
    alerts = dict(sweeping.alerts)
    unread = {one.alert_id for one in notices} - alerts.keys()
    alerts.update(alert_store.by_ids(session, practice_id, unread))
    here = {person.id for person in sweeping.people}
    groups: dict[tuple[UUID, Way], list[Waiting]] = defaultdict(list)
    idle = []
    for notice in notices:
        alert = alerts[notice.alert_id]
        if notice.recipient_id in here and _stands(alert):
            groups[notice.recipient_id, notice.way].append(Waiting(notice, alert))
        elif notice.id in old:
            idle.append(notice.id)
    notice_store.cancel(session, practice_id, idle, sweeping.now)
    return groups


def _stands(alert: Alert) -> bool:
    return alert.closed_at is None and alert.acknowledged_at is None and alert.snoozed_until is None


def _last_to(sweeping: Sweeping, way: Way) -> dict[UUID, datetime]:
    """When each person's last message by a way was sent, or was composed where it still waits to be sent."""
    session, practice_id = sweeping.caller.session, sweeping.caller.practice_id
    last = dict(outbox.last_to(session, practice_id, [person.id for person in sweeping.people], way))
    composed = notice_store.last_composed(session, practice_id, way, sweeping.now - APART)
    for person, at in composed.items():
        last[person] = max(at, last.get(person, at))
    return last


def _message(person: Person, way: Way, going_now: Collection[Waiting], around: Around) -> Message:
    telling = latest(going_now)
    alerts = sorted((one.alert for one in telling), key=in_order)  # a reply means the first
    daily = way is Way.EMAIL and person.digest_at is not None and not any(one.notice.urgent for one in telling)
    if len(telling) == 1 and not daily:
        template, values = alone(alerts[0], telling[0].notice.occasion, way, around)
    else:
        template, values = together(alerts, way, daily)
    return Message(
        id=new_id(),
        key=message_key(person, way, going_now),
        way=way,
        to=To.STAFF,
        recipient_id=person.id,
        template=template,
        queued_at=around.now,
        not_before=around.now,
        expires_at=expires_at(alerts, around.now),
        fields=values,
        alert_ids=tuple(one.id for one in alerts),
    )


def _around(sweeping: Sweeping, alerts: Collection[Alert]) -> Around:
    session, practice_id = sweeping.caller.session, sweeping.caller.practice_id
    sites = {site.id: site.name for site in practice_store.sites(session, practice_id)}
    denied = {
        one.patient_id: local_day(sweeping.now, one.zone)
        for one in alerts
        if one.reason is Reason.DENIED and one.patient_id is not None
    }
    return Around(sweeping.now, sites, _next_visits(sweeping, denied))


def _next_visits(sweeping: Sweeping, since: Mapping[UUID, date]) -> dict[UUID, date]:
    """The day of the next booked visit of each patient, from a day on."""
    if not since:
        return {}
    found = schedule_store.of_patients(sweeping.caller.session, sweeping.caller.practice_id, list(since))
    days = {
        patient: [visit.day for visit in visits if visit.status is VisitStatus.BOOKED and visit.day >= since[patient]]
        for patient, visits in found.items()
    }
    return {patient: min(ahead) for patient, ahead in days.items() if ahead}
