"""One message of one or more alerts: its template and the values that it may hold. Values are data (`fields.py`)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from app.alerts.facts.alerts import Alert
from app.alerts.facts.notices import Occasion
from app.alerts.facts.outbox import Way
from app.alerts.rules.fields import NEEDS, TEMPLATES, case_word
from app.alerts.rules.routing import due_instant, local_day
from app.deadlines.facts import Reason
from app.deadlines.rules.calendar import zone_of
from app.values.wording import counted, short_day

ALL_SITES = "all sites"
HOURS_BELOW = timedelta(hours=48)
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Around:
    """What a message needs beside its alerts: the time, names of sites, and the next booked visits of patients."""

    now: datetime
    sites: Mapping[UUID, str]
    visits: Mapping[UUID, date]


def alone(alert: Alert, occasion: Occasion, way: Way, around: Around) -> tuple[str, dict[str, str]]:
    """The template and values of a message about one alert.

    Returns   `staff.escalated` where nobody acknowledged it in time, else the template of its reason.
    """
    if occasion is Occasion.ESCALATED:
        told = alert.opened_at.astimezone(zone_of(alert.zone))
        return "staff.escalated", {"case": case_word(alert.subject), "sent_time": f"{told:%H:%M}", **_due(alert)}
    values = _VALUES.get(alert.reason, _deadline)(alert, around)
    if way is Way.SMS and alert.reason is Reason.TOMORROW:
        # The text has one number for what is not cleared: what needs our work and what waits for the payer.
        values["blocked"] = str(_count(alert, "blocked") + _count(alert, "waiting"))
    return TEMPLATES[alert.reason], values


def together(alerts: Sequence[Alert], way: Way, daily: bool) -> tuple[str, dict[str, str]]:
    """The template and values of a message about several alerts, the most urgent first. `daily`: a day's digest."""
    ordered = sorted(alerts, key=in_order)
    first = ordered[0]
    values = {
        "count": str(len(ordered)),
        "case": case_word(first.subject),
        "due_date": _due(first)["due_date"],
    }
    if way is Way.EMAIL:
        values["items"] = "\n".join(_item(one) for one in ordered)
    return "staff.digest" if daily else "staff.merged", values


def in_order(alert: Alert) -> tuple[datetime, int]:
    """The order of alerts in one message: what is due first, then by age."""
    return due_instant(alert.due_on, alert.due_at, alert.zone) or NEVER, alert.id.int


def expires_at(alerts: Sequence[Alert], now: datetime) -> datetime:
    """Until when a message may be sent: a day, but not after the last of what it tells is over; at least an hour."""
    dues = [due_instant(one.due_on, one.due_at, one.zone) or NEVER for one in alerts]
    ahead = [due for due in dues if due > now]
    latest = max(ahead) if len(ahead) == len(dues) else NEVER
    return max(now + timedelta(hours=1), min(latest, now + timedelta(hours=24)))


def _expiring(alert: Alert, around: Around) -> dict[str, str]:
    day = alert.due_on
    left = 0 if day is None else (day - local_day(around.now, alert.zone)).days
    return {
        "case": case_word(alert.subject),
        "end_date": "" if day is None else day.isoformat(),
        "days_left": str(max(0, left)),
        "visits_after": str(_count(alert, "visits_after")),
    }


def _deadline(alert: Alert, around: Around) -> dict[str, str]:
    return {
        "case": case_word(alert.subject),
        "need": NEEDS.get(alert.reason, "your attention"),
        "time_left": _time_left(alert, around.now),
        **_due(alert),
    }


def _denied(alert: Alert, around: Around) -> dict[str, str]:
    visit = None if alert.patient_id is None else around.visits.get(alert.patient_id)
    return {
        "case": case_word(alert.subject),
        "decided_date": local_day(_told_of(alert), alert.zone).isoformat(),
        "appeal_date": _due(alert)["due_date"],
        "visit_date": "" if visit is None else visit.isoformat(),
    }


def _units(alert: Alert, _around: Around) -> dict[str, str]:
    names = ("units_left", "units_total", "units_booked")
    return {"case": case_word(alert.subject)} | {name: str(_count(alert, name)) for name in names}


def _tomorrow(alert: Alert, around: Around) -> dict[str, str]:
    first = None if alert.due_at is None else alert.due_at.astimezone(zone_of(alert.zone))
    day = alert.due_on or (None if first is None else first.date())
    return {
        "blocked": str(_count(alert, "blocked")),
        "waiting": str(_count(alert, "waiting")),
        "total": str(_count(alert, "total")),
        "visit_date": "" if day is None else day.isoformat(),
        "visit_time": "" if first is None else f"{first:%H:%M}",
        "site": ALL_SITES if alert.site_id is None else around.sites.get(alert.site_id, ALL_SITES),
    }


def _counted_to(alert: Alert, _around: Around) -> dict[str, str]:
    return {"count": str(_count(alert, "count")), "visit_date": _due(alert)["due_date"]}


def _approved(alert: Alert, _around: Around) -> dict[str, str]:
    return {
        "case": case_word(alert.subject),
        "end_date": _due(alert)["due_date"],
        "visits_cleared": str(_count(alert, "visits_cleared")),
    }


def _hours(alert: Alert, around: Around) -> dict[str, str]:
    return {"count": str(int((around.now - _told_of(alert)) // timedelta(hours=1)))}


def _minutes(alert: Alert, around: Around) -> dict[str, str]:
    return {"count": str(int((around.now - _told_of(alert)) // timedelta(minutes=1)))}


def _rules(alert: Alert, _around: Around) -> dict[str, str]:
    return {"count": str(_count(alert, "rules"))}


def _nothing(_alert: Alert, _around: Around) -> dict[str, str]:
    return {}


_VALUES: Mapping[Reason, Callable[[Alert, Around], dict[str, str]]] = {
    Reason.APPROVAL_ENDS: _expiring,
    Reason.UNITS_LOW: _units,
    Reason.DENIED: _denied,
    Reason.TOMORROW: _tomorrow,
    Reason.COVERAGE_CHANGED: _counted_to,
    Reason.ELIGIBILITY_STALE: _counted_to,
    Reason.ELIGIBILITY_UNANSWERED: _counted_to,
    Reason.APPROVED: _approved,
    Reason.IMPORT_STALE: _hours,
    Reason.JOB_LATE: _minutes,
    Reason.RULES_UNVERIFIED: _rules,
    Reason.IMPORT_FAILED: _nothing,
    Reason.REPLY: _nothing,
    Reason.UNDELIVERED: _nothing,
}


def _due(alert: Alert) -> dict[str, str]:
    """When it is due, as data: a day; and a time with its zone where it is not a whole day."""
    if alert.due_at is not None:
        local = alert.due_at.astimezone(zone_of(alert.zone))
        return {"due_date": local.date().isoformat(), "due_time": f"{local:%H:%M} {alert.zone}"}
    return {"due_date": "" if alert.due_on is None else alert.due_on.isoformat(), "due_time": ""}


def _time_left(alert: Alert, now: datetime) -> str:
    """How long there is: hours below 48, else days; nothing where it is over or never is."""
    due = due_instant(alert.due_on, alert.due_at, alert.zone)
    if due is None or due <= now:
        return ""
    if due - now < HOURS_BELOW:
        return counted(max(1, int((due - now) // timedelta(hours=1))), "hour")
    last = alert.due_on or local_day(due, alert.zone)
    return counted((last - local_day(now, alert.zone)).days, "day")


def _told_of(alert: Alert) -> datetime:
    """The instant that begins the name of a step (`2026-12-01T14:30Z-26h`); else when the alert was opened."""
    stamp = alert.step.partition("Z")[0]
    try:
        return datetime.fromisoformat(stamp).replace(tzinfo=UTC)
    except ValueError:
        return alert.opened_at


def _item(alert: Alert) -> str:
    day = _due(alert)["due_date"]
    when = f", {short_day(date.fromisoformat(day))}" if day else ""
    return f"{case_word(alert.subject)}: {alert.reason.value.replace('_', ' ')}{when}"


def _count(alert: Alert, name: str) -> int:
    return int(alert.counts.get(name, 0))
