"""What is typed about a denial: the denial itself, a talk between physicians, and the levels of appeal."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from app.casework.actions.appeals import Filing
from app.casework.facts.denials import (
    EXTERNAL,
    FIRST,
    LONGEST_WORDS,
    MOST_UNMET,
    SECOND,
    Answered,
    NewDenial,
    Overturned,
)
from app.casework.forms.approval import read_id
from app.casework.forms.entry import read_next
from app.casework.forms.typed import Typed
from app.deadlines.facts import AppealOutcome, PeerToPeer, TalkOutcome
from app.deadlines.rules.calendar import end_of_day, local_time
from app.values.times import read_time
from app.values.wording import short_day

TICKED = "unmet_"
"""Criteria of the rule are ticked under this name and their place: a field comes once."""
GRANTS = frozenset({"overturned", "partly_overturned"})
FIELDS = (
    "denied_on", "words", "code", "unmet", "unmet_more", "appeal_by", "document", "level", "window_ends", "filed_on",
    "reference", "offered_on", "closes_on", "closes_at", "booked_on", "booked_at", "who", "line", "person", "held_on",
    "outcome", "decided_on", "number", "begins", "ends", "late", "next_action", "next_on",
)  # fmt: skip
"""The fields of all these forms, in the order of their pages."""


@dataclass
class Form:
    """One of these forms as typed. `key`: the id that it carries; `version`: of the case that the person saw."""

    typed: Typed
    key: UUID | None
    version: int

    @property
    def errors(self) -> dict[str, str]:
        """A sentence for each field that has to be mended."""
        return self.typed.errors


def open_form(typed: Mapping[str, str], today: date) -> Form:
    """Begin to read a form: its key and version."""
    version = typed.get("version", "")
    number = int(version) if version.isdigit() and len(version) < 10 else 0
    return Form(Typed(typed, today), read_id(typed.get("key", "")), number)


def read_denial(form: Form, criteria: Collection[str], documents: Collection[UUID]) -> NewDenial | None:
    """Read a denial.

    Takes     the form; the criteria of the payer's rule in the order of their ticks; the letters that may be chosen.
    Returns   None where something has to be mended.
    """
    fields = form.typed
    denied_on = _past(fields, "denied_on", "Day of the denial")
    words = long_text(fields, "words", "The payer's words")
    if words is None:
        fields.refuse("words", "Enter the reason in the payer's own words, from the letter or the call")
    appeal_by = fields.day("appeal_by", "Last day to appeal")
    if appeal_by is not None and denied_on is not None and appeal_by < denied_on:
        fields.refuse(
            "appeal_by", f"Last day to appeal must be the same as or after the denial, {short_day(denied_on)}"
        )
    unmet = _unmet(fields, criteria)
    code = fields.text("code", "Code")
    document = fields.one_of("document", documents, "Letter")
    step = read_next(fields)
    if fields.errors or denied_on is None or words is None:
        return None
    return NewDenial(
        denied_on, words, code, unmet, appeal_by, document, read_id(fields.values.get("corrects", "")), step
    )


def _unmet(fields: Typed, criteria: Collection[str]) -> tuple[str, ...]:
    ticked = [text for place, text in enumerate(criteria) if fields.ticked(f"{TICKED}{place}")]
    lines = fields.values.get("unmet_more", "").splitlines()
    more = [" ".join(line.split()) for line in lines if line.strip()]
    if any(len(line) > 300 for line in more) or len(more) > MOST_UNMET:
        fields.refuse("unmet_more", f"Write one criterion a line, at most {MOST_UNMET} lines of 300 characters each")
    return tuple(dict.fromkeys([*ticked, *more]))


def read_offer(form: Form, now: datetime, zone: ZoneInfo, key: UUID) -> PeerToPeer | None:
    """Read an offered talk: since when, and until when it can be held. None where something has to be mended."""
    fields = form.typed
    offered = _past(fields, "offered_on", "Offered on")
    closes = fields.day("closes_on", "Can be held until")
    if closes is None:
        fields.refuse("closes_on", "Enter the last day on which the talk can be held, as the payer said")
    at = _clock(fields, "closes_at", "Time")
    if offered is None or closes is None or fields.errors:
        return None
    closes_at = local_time(closes, at, zone) if at is not None else end_of_day(closes, zone) - timedelta(minutes=1)
    offered_at = now if offered == fields.today else local_time(offered, time(12), zone)
    if closes_at < offered_at:
        fields.refuse("closes_on", f"The last day must be the same as or after the offer, {short_day(offered)}")
        return None
    return PeerToPeer(key, offered_at, closes_at)


def read_booking(form: Form, talk: PeerToPeer, people: Collection[UUID], zone: ZoneInfo) -> PeerToPeer | None:
    """Read when an open talk is to be held, by whom, and how the payer is reached."""
    fields = form.typed
    on, at = fields.day("booked_on", "Day of the talk"), _clock(fields, "booked_at", "Time of the talk")
    if on is None:
        fields.refuse("booked_on", "Enter the day of the talk")
    if at is None:
        fields.refuse("booked_at", "Enter the time of the talk, like 9:05 AM")
    who = fields.one_of("who", people, "Who talks")
    booked = replace(
        talk,
        provider_id=who,
        payer_line=fields.text("line", "Payer's line"),
        payer_person=fields.text("person", "Payer's physician"),
        reference=fields.text("reference", "Reference"),
    )
    if on is None or at is None or fields.errors:
        return None
    moment = local_time(on, at, zone)
    if moment < talk.offered_at.astimezone(UTC):
        fields.refuse("booked_on", "The talk cannot be before it was offered")
    elif moment > talk.closes_at:
        fields.ask(
            "booked_on", f"The payer takes the talk only until {short_day(talk.closes_at.astimezone(zone).date())}."
        )
    return replace(booked, booked_for=moment) if fields.good else None


def read_held(form: Form, zone: ZoneInfo, now: datetime) -> tuple[datetime, TalkOutcome, Answered] | None:
    """Read when a talk was held, how it ended, and what was granted."""
    fields = form.typed
    outcome = fields.choice("outcome", TalkOutcome, "Outcome")
    if outcome is None:
        fields.refuse("outcome", "Choose how the talk ended")
    ended = _answered(fields, "held_on", "Held on", outcome)
    if ended is None or outcome is None:
        return None
    at = now if ended.on == fields.today else local_time(ended.on, time(12), zone)
    return at, outcome, ended


def read_decision(form: Form) -> tuple[AppealOutcome, Answered] | None:
    """Read how an appeal was decided, and what was granted."""
    fields = form.typed
    outcome = fields.choice("outcome", AppealOutcome, "Outcome")
    if outcome is None:
        fields.refuse("outcome", "Choose how the appeal was decided")
    ended = _answered(fields, "decided_on", "Decided on", outcome)
    return None if ended is None or outcome is None else (outcome, ended)


def _answered(fields: Typed, name: str, label: str, outcome: AppealOutcome | TalkOutcome | None) -> Answered | None:
    on = _past(fields, name, label)
    words = long_text(fields, "words", "What was said")
    granted = None
    if outcome is not None and outcome.value in GRANTS:
        begins, ends = fields.span("begins", "ends")
        granted = Overturned(fields.text("number", "Approval number"), begins, ends)
    elif outcome is AppealOutcome.UPHELD and words is None:
        fields.refuse("words", "Enter the payer's reason: the next level answers it")
    step = read_next(fields)
    return None if fields.errors or on is None else Answered(on, words, granted, next_step=step)


def read_filing(form: Form, denied_on: date, by_rule: Mapping[str, date | None]) -> Filing | None:
    """Read an appeal.

    Takes     the form; the day of the denial; the last day of each level that can be opened, None where no rule surely
              says it: then it must be typed from the letter.
    """
    fields = form.typed
    level = fields.values.get("level", "")
    if level not in by_rule or level not in (FIRST, SECOND, EXTERNAL):
        fields.refuse("level", "Choose the level of the appeal")
    filed_on = _past(fields, "filed_on", "Filed on")
    last = fields.day("window_ends", "Last day of the window") or by_rule.get(level)
    if last is None:
        fields.refuse("window_ends", "Enter the last day that the letter names; no rule surely says it for this case")
    elif last < denied_on:
        fields.refuse("window_ends", f"Last day must be the same as or after the denial, {short_day(denied_on)}")
    if filed_on is not None and filed_on < denied_on:
        fields.refuse("filed_on", f"Filed on must be the same as or after the denial, {short_day(denied_on)}")
    if filed_on is not None and last is not None and filed_on > last:
        fields.ask("filed_on", f"The window ended on {short_day(last)}. A payer need not take a late appeal.")
    words, reference = long_text(fields, "words", "Note"), fields.text("reference", "Reference")
    step = read_next(fields)
    if not fields.good or filed_on is None or last is None:
        return None
    return Filing(level, denied_on, last, filed_on, reference, words, filed_on > last, step)


def _past(fields: Typed, name: str, label: str) -> date | None:
    day = fields.day(name, label)
    if day is None:
        fields.refuse(name, f"{label}: enter the day, like 12/5 or t")
    elif day > fields.today:
        fields.refuse(name, f"{label} must be today or before; you entered {short_day(day)}")
    return day


def _clock(fields: Typed, name: str, label: str) -> time | None:
    text = fields.values.get(name, "").strip()
    found = read_time(text) if text else None
    if text and found is None:
        fields.refuse(name, f"{label} must be a time of day, like 9:05 AM or 14:05; you entered {text[:20]}")
    return found


def long_text(fields: Typed, name: str, label: str) -> str | None:
    """A text of several lines; None when empty."""
    found = fields.values.get(name, "").replace("\r\n", "\n").strip()
    if len(found) > LONGEST_WORDS:
        fields.refuse(name, f"{label} must have at most {LONGEST_WORDS:,} characters; you entered {len(found):,}")
    return found or None
