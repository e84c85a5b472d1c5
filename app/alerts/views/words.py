"""An alert in words: what it is, when it is due, and where it leads. More words stand in `deadlines/views.py`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from app.alerts.facts.alerts import Alert
from app.alerts.rules.fields import case_word
from app.deadlines.facts import Basis, Deadline, Reason, SubjectKind
from app.deadlines.rules.calendar import end_of_day, zone_of
from app.deadlines.views import sentence, zone_letters
from app.values.times import time_words
from app.values.wording import counted, long_day

Told = Alert | Deadline
HOURS = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Target:
    """Where something is done: the name of a page, what its address holds, and the words of the link."""

    endpoint: str
    values: Mapping[str, str]
    words: str


def title(one: Told, sites: Mapping[UUID, str], payers: Mapping[str, str] | None = None) -> str:
    """Say what an alert is, in a few words that name no patient. `payers`: their names by key."""
    if one.reason is Reason.RULES_UNVERIFIED:
        key = one.subject.key
        name = (payers or {}).get(key) or key.removeprefix("local:").replace("_", " ").capitalize()
        return f"Verify {counted(one.counts.get('rules', 0), 'rule')} of {name}"
    return _TITLES[one.reason](one, sites)


def said(one: Alert, now: datetime) -> str:
    """Say what stands at an instant (UTC), in numbers and days."""
    return sentence(
        Deadline(
            one.subject,
            one.reason,
            (),
            one.zone,
            one.clears,
            one.basis,
            one.due_on,
            one.due_at,
            one.site_id,
            one.patient_id,
            one.owner_id,
            one.urgent,
            one.counts,
        ),
        now,
    )


def due_words(one: Told, now: datetime) -> tuple[str, str]:
    """Write when an alert is due: absolute, then relative. Empty for what only must be seen."""
    zone = zone_of(one.zone)
    if one.due_at is not None:
        local = one.due_at.astimezone(zone)
        return f"{long_day(local.date())} {time_words(local.time())} {zone_letters(local)}", distance(one.due_at, now)
    if one.due_on is None:
        return "", ""
    today = now.astimezone(zone).date()
    if one.due_on < today:
        return long_day(one.due_on), f"({counted((today - one.due_on).days, 'day')} ago)"
    left = end_of_day(one.due_on, zone) - now
    if left < HOURS:
        return long_day(one.due_on), "(today)" if one.due_on == today else "(tomorrow)"
    return long_day(one.due_on), f"(in {counted((one.due_on - today).days, 'day')})"


def distance(instant: datetime, now: datetime) -> str:
    """Say how far off an instant is: in hours below 48, else in days; minutes below two hours."""
    ahead, apart = instant >= now, abs(instant - now)
    if apart < timedelta(minutes=1):
        return "(now)"
    if apart < timedelta(hours=2):
        words = counted(int(apart / timedelta(minutes=1)), "minute")
    elif apart < HOURS:
        words = counted(int(apart / timedelta(hours=1)), "hour")
    else:
        words = counted(int(apart / timedelta(days=1)), "day")
    return f"(in {words})" if ahead else f"({words} ago)"


def is_late(one: Told, now: datetime) -> bool:
    """Say whether the last instant of what is due is over."""
    if one.due_at is not None:
        return one.due_at <= now
    return one.due_on is not None and end_of_day(one.due_on, zone_of(one.zone)) <= now


def source_words(basis: Basis) -> str:
    """Name the rule and the source of a clock; empty where there is none."""
    return ", ".join(part for part in (basis.rule, basis.source) if part)


def target(one: Alert) -> Target | None:
    """Find where an alert leads: the case, the patient, a day's schedule, imports, rules, jobs or a message."""
    kind, key = one.subject.kind, one.subject.key
    if kind is SubjectKind.SITE_DAY:
        return _target_of_day(one)
    if kind is SubjectKind.AUTHORIZATION and one.patient_id is not None:
        return Target("case_pages.show", {"case_id": str(UUID(hex=key))}, "Case")
    if one.patient_id is not None:
        return Target("patient_pages.show", {"patient_id": str(one.patient_id)}, "Patient page")
    if kind is SubjectKind.PAYER:
        return Target("rules_pages.payer", {"key": key}, "Rules of this payer, to verify")
    if one.reason is Reason.REPLY:
        return Target("reply_pages.listing", {}, "Replies")
    if kind is SubjectKind.MESSAGE:
        return Target("outbox_pages.show", {"message_id": str(UUID(hex=key))}, "Message in the Outbox")
    if one.reason is Reason.IMPORT_FAILED:
        return Target("import_pages.list", {}, "Imports")
    found = _PAGES.get(one.reason)
    return None if found is None else Target(found[0], {}, found[1])


def schedule_target(one: Alert, badge: str | None, words: str) -> Target | None:
    """The schedule of an alert's site and day, of one badge or all."""
    site, _, day = one.subject.key.partition(":")
    try:
        values = {"day": date.fromisoformat(day).isoformat(), "site": str(UUID(hex=site))}
    except ValueError:
        return None
    return Target("schedule_pages.day", values if badge is None else {**values, "badge": badge}, words)


def _target_of_day(one: Alert) -> Target | None:
    """The schedule of an alert's site and day, or its eligibility list where plans have not answered."""
    found = schedule_target(one, None, "Schedule of that day")
    if found is None or one.reason is not Reason.ELIGIBILITY_UNANSWERED:
        return found
    return Target("eligibility_pages.show", found.values, "Eligibility of that day")


def work_apart(one: Alert) -> tuple[tuple[str, tuple[Target, ...]], ...]:
    """Of tomorrow's visits: what needs the practice's work apart from what waits for a payer, each with its lists."""
    if one.reason is not Reason.TOMORROW:
        return ()
    blocked, waiting, total = (one.counts.get(name, 0) for name in ("blocked", "waiting", "total"))
    needs = counted(blocked, "visit needs your work", "visits need your work")
    waits = counted(waiting, "visit is waiting on the payer", "visits are waiting on the payer")
    ours = (schedule_target(one, "blocked", "Blocked"), schedule_target(one, "not_checked", "Not checked"))
    theirs = (schedule_target(one, "waiting", "Waiting"),)
    return (
        (f"{needs}, of {total}.", tuple(link for link in ours if link is not None and blocked)),
        (f"{waits}.", tuple(link for link in theirs if link is not None and waiting)),
    )


def _case(one: Told) -> str:
    return case_word(one.subject)


def _of_day(one: Told, sites: Mapping[UUID, str]) -> str:
    key, _, day = one.subject.key.partition(":")
    try:
        return f"{long_day(date.fromisoformat(day))} at {sites.get(UUID(hex=key), 'a former site')}"
    except ValueError:
        return "a day"


def _units(one: Told, _sites: Mapping[UUID, str]) -> str:
    left, total = one.counts.get("units_left"), one.counts.get("units_total")
    if left is None or total is None:
        return f"{_case(one)} runs out of visits or units"
    return f"{_case(one)} has {left} of {total} left"


def _coverage(one: Told, _sites: Mapping[UUID, str]) -> str:
    count = one.counts.get("count", 0)
    return f"Coverage changed for {counted(count, 'patient with visits', 'patients with visits')}"


def _stale(one: Told, sites: Mapping[UUID, str]) -> str:
    return (
        f"{counted(one.counts.get('count', 0), 'coverage is', 'coverages are')} not checked for {_of_day(one, sites)}"
    )


def _unanswered(one: Told, sites: Mapping[UUID, str]) -> str:
    count = counted(one.counts.get("count", 0), "plan has", "plans have")
    return f"{count} not answered about {_of_day(one, sites)}"


def _job(one: Told, _sites: Mapping[UUID, str]) -> str:
    return f"A job is late: {one.subject.key}"


def _undelivered(one: Told, _sites: Mapping[UUID, str]) -> str:
    if one.subject.kind is not SubjectKind.PRACTICE:
        return "A message cannot be delivered"
    return "Messages are held back" if one.subject.key == "held" else "Messages are stopped"


def _plain(words: str) -> Callable[[Told, Mapping[UUID, str]], str]:
    return lambda one, _sites: words.format(case=_case(one))


def _appeal(one: Told, _sites: Mapping[UUID, str]) -> str:
    level = one.counts.get("level")
    return f"Appeal of {_case(one)}" + (f", level {level}" if level else "")


_TITLES: Mapping[Reason, Callable[[Told, Mapping[UUID, str]], str]] = {
    Reason.APPROVAL_ENDS: _plain("Approval {case} ends"),
    Reason.UNITS_LOW: _units,
    Reason.RENEWAL_DUE: _plain("Ask for the renewal of {case}"),
    Reason.ANSWER_OWED: _plain("The payer owes an answer on {case}"),
    Reason.INFORMATION_OWED: _plain("The payer waits for information on {case}"),
    Reason.PEER_TO_PEER: _plain("Peer-to-peer call on {case}"),
    Reason.RETRO_DUE: _plain("Ask for what was performed on {case}"),
    Reason.APPEAL: _appeal,
    Reason.TOMORROW: lambda one, sites: f"Visits of {_of_day(one, sites)} are not cleared",
    Reason.COVERAGE_CHANGED: _coverage,
    Reason.ELIGIBILITY_STALE: _stale,
    Reason.ELIGIBILITY_UNANSWERED: _unanswered,
    Reason.IMPORT_STALE: _plain("The schedule is old"),
    Reason.DENIED: _plain("{case} was denied"),
    Reason.APPROVED: _plain("{case} was approved"),
    Reason.IMPORT_FAILED: _plain("An import failed"),
    Reason.JOB_LATE: _job,
    Reason.REPLY: _plain("A patient's reply is to be read"),
    Reason.UNDELIVERED: _undelivered,
}

_PAGES: Mapping[Reason, tuple[str, str]] = {
    Reason.IMPORT_STALE: ("import_pages.list", "Imports"),
    Reason.RULES_UNVERIFIED: ("rules_pages.payers", "Rules"),
    Reason.JOB_LATE: ("admin_pages.jobs", "Jobs"),
    Reason.UNDELIVERED: ("outbox_pages.listing", "Outbox"),
    Reason.COVERAGE_CHANGED: ("schedule_pages.day", "Schedule"),
    Reason.ELIGIBILITY_STALE: ("schedule_pages.day", "Schedule"),
}
