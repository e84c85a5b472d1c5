"""A deadline in words: what it is, what stands at the time of looking, by whose rule, and what clears it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.deadlines.facts import Basis, BasisKind, Clears, Deadline, Reason
from app.deadlines.rules.calendar import zone_of
from app.deadlines.rules.steps import days_left, due_instant
from app.policies.facts.answers import Confidence
from app.values.wording import clock_time, counted, listed, long_day

IN_HOURS = timedelta(hours=48)
"""Below this a distance is told in hours."""
_LETTERS = frozenset("ECMP")

TITLES: Mapping[Reason, str] = {
    Reason.APPROVAL_ENDS: "Approval ends",
    Reason.UNITS_LOW: "Units are low",
    Reason.RENEWAL_DUE: "Ask for a renewal",
    Reason.ANSWER_OWED: "The payer owes an answer",
    Reason.INFORMATION_OWED: "The payer waits for information",
    Reason.PEER_TO_PEER: "Peer-to-peer call",
    Reason.RETRO_DUE: "Ask for what was performed",
    Reason.APPEAL: "Window of appeal",
    Reason.TOMORROW: "Visits are not cleared",
    Reason.COVERAGE_CHANGED: "Coverage changed",
    Reason.ELIGIBILITY_STALE: "Eligibility is not checked",
    Reason.ELIGIBILITY_UNANSWERED: "Plans have not answered",
    Reason.IMPORT_STALE: "The schedule is old",
    Reason.RULES_UNVERIFIED: "Rules are to be verified",
    Reason.DENIED: "Denied",
    Reason.APPROVED: "Approved",
    Reason.IMPORT_FAILED: "An import failed",
    Reason.JOB_LATE: "A job is late",
    Reason.REPLY: "A patient wrote",
    Reason.UNDELIVERED: "A message cannot be delivered",
}

CLEARS: Mapping[Clears, str] = {
    Clears.RENEWED: "Goes away once a later approval is on file, or no booked visit falls after the end.",
    Clears.UNITS_ADDED: "Goes away once more units are approved, or fewer visits are booked.",
    Clears.ASKED: "Goes away once the request is on file as sent.",
    Clears.ANSWERED: "Goes away once the payer's decision is on file.",
    Clears.INFORMATION_SENT: "Goes away once it is recorded that the payer has what it asked for.",
    Clears.CALL_HELD: "Goes away once it is recorded that the call was held, or when it can be held no more.",
    Clears.APPEAL_FILED: "Goes away once it is recorded that the appeal was filed, or when its window is over.",
    Clears.VISITS_CLEARED: "Goes away once every visit of the day is cleared, moved, or let through by a person.",
    Clears.CHECKED: "Goes away once coverage was checked and visits and approvals rest on it.",
    Clears.IMPORTED: "Goes away with the next schedule file.",
    Clears.VERIFIED: "Goes away once the rules are verified or read again, or nothing rests on them.",
    Clears.SEEN: "Goes away once a person acknowledged it.",
}

_BASES: Mapping[BasisKind, str] = {
    BasisKind.FEDERAL: "A federal time limit.",
    BasisKind.STATE: "A state's time limit.",
    BasisKind.PAYER: "The payer's own day.",
    BasisKind.TARGET: "No legal clock; the payer's own target.",
    BasisKind.PRACTICE: "The practice's own notice.",
}

_BASES_OF: Mapping[Reason, str] = {
    Reason.APPROVAL_ENDS: "The last day that the payer approved.",
    Reason.UNITS_LOW: "What the payer approved.",
    Reason.RENEWAL_DUE: "The payer's own lead time.",
    Reason.COVERAGE_CHANGED: "What the payer answered.",
    Reason.DENIED: "The payer's decision.",
    Reason.APPROVED: "The payer's decision.",
}
"""What is the payer's, where that is not a day."""


@dataclass(frozen=True, slots=True)
class DeadlineWords:
    """A deadline as people read it."""

    title: str
    sentence: str
    basis: str
    clears: str


def deadline_words(deadline: Deadline, now: datetime) -> DeadlineWords:
    """Put a deadline into words as of an instant (UTC)."""
    return DeadlineWords(
        TITLES[deadline.reason],
        sentence(deadline, now),
        basis_words(deadline.basis, deadline.reason),
        CLEARS[deadline.clears],
    )


def sentence(deadline: Deadline, now: datetime) -> str:
    """Say what stands at an instant (UTC): absolute days first, how far off they are second."""
    return _SENTENCES[deadline.reason](deadline, now)


def basis_words(basis: Basis, reason: Reason | None = None) -> str:
    """Say by whose rule a clock runs, and what is to be verified about it; `reason` tells more where it is known."""
    own = _BASES_OF.get(reason) if reason is not None and basis.kind is BasisKind.PAYER else None
    said = basis.words or own or _BASES[basis.kind]
    if basis.confidence is Confidence.MEMORY and "memory" not in said:
        said += " From memory, to verify."
    return said


def _due(one: Deadline) -> str:
    """Write when something is due: its whole day, or its instant with the zone."""
    if one.due_at is not None:
        local = one.due_at.astimezone(zone_of(one.zone))
        return f"{long_day(local.date())} {clock_time(local)} {zone_letters(local)}"
    return "" if one.due_on is None else long_day(one.due_on)


def zone_letters(local: datetime) -> str:
    """Name the zone of an instant as people write it: CT in summer and winter; else as its clocks name it."""
    name = local.tzname() or ""
    return f"{name[0]}T" if len(name) == 3 and name[0] in _LETTERS and name[2] == "T" else name


def _far(one: Deadline, now: datetime) -> str:
    """Say how far off the due day or instant is: `in 14 days`, `in 20 hours`, `today`, `3 days ago`."""
    if one.due_at is not None:
        apart = abs(one.due_at - now)
        hours = counted(int(apart / timedelta(hours=1)), "hour") if apart >= timedelta(hours=1) else "less than an hour"
        words = hours if apart < IN_HOURS else counted(apart.days, "day")
        return f"in {words}" if one.due_at > now else f"{words} ago"
    days = days_left(one, now)
    assert days is not None, "only what is due on a day or at an instant is told by its distance"
    if days == 0:
        return "today"
    return f"in {counted(days, 'day')}" if days > 0 else f"{counted(-days, 'day')} ago"


def _over(one: Deadline, now: datetime) -> bool:
    due = due_instant(one)
    return due is not None and now >= due


def _ends(one: Deadline, now: datetime) -> str:
    verb = "Ended" if _over(one, now) else "Ends"
    after = one.counts.get("visits_after", 0)
    falls = f"{counted(after, 'booked visit falls', 'booked visits fall')} after it." if after else ""
    return f"{verb} {_due(one)}, {_far(one, now)}. {falls or 'No booked visit falls after it.'}"


def _units(one: Deadline, _now: datetime) -> str:
    left, total, booked = (one.counts[name] for name in ("units_left", "units_total", "units_booked"))
    said = f"{left} of {total} left, and {booked} {'is' if booked == 1 else 'are'} booked."
    if one.due_on is None:
        return said
    which = "is the first that it does not cover" if booked > left else "takes the last"
    return f"{said} The visit on {_due(one)} {which}."


def _renewal(one: Deadline, now: datetime) -> str:
    assert one.due_on is not None
    lead = one.counts.get("lead_days", 0)
    turn = long_day(one.due_on + timedelta(days=lead))
    what = "the units run out" if one.counts.get("by_units") else "it ends"
    return f"Ask the payer from {_due(one)} on ({_far(one, now)}): {counted(lead, 'day')} before {what} on {turn}."


def _answer(one: Deadline, now: datetime) -> str:
    if due_instant(one) is None:
        return "The payer has not decided, and no day is known by which it must."
    return f"The payer's answer {'was' if _over(one, now) else 'is'} due {_due(one)}, {_far(one, now)}."


def _information(one: Deadline, now: datetime) -> str:
    if due_instant(one) is None:
        return "The payer asked for information, and no day is on file. Ask until when it waits."
    verb = "had to have" if _over(one, now) else "must have"
    return f"The payer {verb} what it asked for by {_due(one)}, {_far(one, now)}."


def _call(one: Deadline, now: datetime) -> str:
    return f"The call between physicians can be held until {_due(one)}, {_far(one, now)}."


def _appeal(one: Deadline, now: datetime) -> str:
    return f"An appeal of level {one.counts.get('level', 1)} can be filed through {_due(one)}, {_far(one, now)}."


def _tomorrow(one: Deadline, now: datetime) -> str:
    blocked, waiting, total = (one.counts.get(name, 0) for name in ("blocked", "waiting", "total"))
    ours = [f"{counted(blocked, 'visit needs', 'visits need')} your work"] if blocked else []
    theirs = [f"{counted(waiting, 'visit waits', 'visits wait')} for the payer"] if waiting else []
    first = f" The first begins {_due(one)}." if one.due_at is not None and not _over(one, now) else ""
    return f"{listed(ours + theirs) or 'No visit waits'}, of {total} booked.{first}"


def _coverage(one: Deadline, _now: datetime) -> str:
    count = one.counts.get("count", 0)
    return f"Coverage changed for {counted(count, 'patient')} with booked visits, the first on {_due(one)}."


def _stale(one: Deadline, _now: datetime) -> str:
    count = one.counts.get("count", 0)
    return f"{counted(count, 'patient has', 'patients have')} no fresh eligibility check for {_due(one)}."


def _unanswered(one: Deadline, _now: datetime) -> str:
    asked = counted(one.counts.get("count", 0), "patient was", "patients were")
    return f"The plans of {asked} asked about visits on {_due(one)}, and have not answered."


def _import(one: Deadline, now: datetime) -> str:
    return f"A new schedule file {'was' if _over(one, now) else 'is'} due {_due(one)}, {_far(one, now)}."


def _rules(one: Deadline, _now: datetime) -> str:
    rules, memory = one.counts.get("rules", 0), one.counts.get("memory", 0)
    old = rules - memory
    parts = [counted(old, "rule was", "rules were") + " verified over 180 days ago or on no known day"] if old else []
    parts += [counted(memory, "rule is", "rules are") + " from memory, never verified"] if memory else []
    return f"Booked visits or open cases rest on them: {' and '.join(parts)}. Ask the payer."


def _denied(one: Deadline, _now: datetime) -> str:
    appeal = f" An appeal can be filed through {_due(one)}." if one.due_on is not None else ""
    after = one.counts.get("visits_after", 0)
    first = one.counts.get("next_visit")
    when = f", the first on {long_day(date.fromordinal(first))}" if first is not None else ""
    visits = f" {counted(after, 'booked visit rests', 'booked visits rest')} on it{when}." if after else ""
    return f"The payer denied the request.{appeal}{visits}"


def _approved(one: Deadline, _now: datetime) -> str:
    through = f" through {_due(one)}" if one.due_on is not None else ""
    visits = one.counts.get("visits_cleared", 0)
    return f"The payer approved the request{through}. It covers {counted(visits, 'booked visit')}."


def _retro(one: Deadline, now: datetime) -> str:
    known = "" if one.basis.kind is BasisKind.PAYER else " The payer's own window is not known: that is the usual one."
    late = " Ask all the same, and say why it is late." if _over(one, now) else ""
    return f"The payer {'took' if late else 'takes'} requests after the service through {_due(one)}.{late}{known}"


def _plain(words: str) -> Callable[[Deadline, datetime], str]:
    return lambda _one, _now: words


_SENTENCES: Mapping[Reason, Callable[[Deadline, datetime], str]] = {
    Reason.APPROVAL_ENDS: _ends,
    Reason.UNITS_LOW: _units,
    Reason.RENEWAL_DUE: _renewal,
    Reason.ANSWER_OWED: _answer,
    Reason.INFORMATION_OWED: _information,
    Reason.PEER_TO_PEER: _call,
    Reason.RETRO_DUE: _retro,
    Reason.APPEAL: _appeal,
    Reason.TOMORROW: _tomorrow,
    Reason.COVERAGE_CHANGED: _coverage,
    Reason.ELIGIBILITY_STALE: _stale,
    Reason.ELIGIBILITY_UNANSWERED: _unanswered,
    Reason.IMPORT_STALE: _import,
    Reason.RULES_UNVERIFIED: _rules,
    Reason.DENIED: _denied,
    Reason.APPROVED: _approved,
    Reason.IMPORT_FAILED: _plain("A file could not be brought in whole. Open Imports to see why."),
    Reason.JOB_LATE: _plain("A job has not run when it should have. Open Admin, Jobs."),
    Reason.REPLY: _plain("A patient wrote something that a person must read."),
    Reason.UNDELIVERED: _plain("A message cannot reach its person. Check the number or the address."),
}
