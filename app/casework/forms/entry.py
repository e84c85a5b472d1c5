"""The composer of a case: a call, portal visit, fax or note as typed, and what was agreed to do next."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from app.casework.facts.entries import ENTRY_FIELDS, Contact, EntryKind, NextStep, Noted, Outcome
from app.casework.forms.approval import read_id
from app.casework.forms.typed import Typed
from app.deadlines.rules.calendar import local_time
from app.values.times import read_time
from app.values.wording import short_day

LONGEST_WORDS = 4000
LONGEST_ACTION = 200
MOST_HOLD = 480
WITH_CONTACT = frozenset({EntryKind.CALL, EntryKind.PORTAL, EntryKind.FAX})
FIELDS = ENTRY_FIELDS
_NOBODY_SPOKEN_TO = frozenset({Outcome.NO_ANSWER, Outcome.CALL_BACK})


@dataclass
class EntryForm:
    """One entry as typed; `noted` is good only where `typed.good`. `key`: the id that the form carries."""

    typed: Typed
    kind: EntryKind
    key: UUID | None
    noted: Noted

    @property
    def errors(self) -> dict[str, str]:
        """A sentence for each field that has to be mended."""
        return self.typed.errors


def read_entry(
    typed: Mapping[str, str], kind: EntryKind, now: datetime, zone: ZoneInfo, documents: Iterable[UUID] = ()
) -> EntryForm:
    """Read the composer.

    Takes     what was typed; what kind of entry it is; the instant, and the practice's zone, in which days and times
              are read; the documents that may be chosen as proof.
    """
    fields = Typed(typed, now.astimezone(zone).date())
    contact = _contact(fields, kind, now, zone) if kind in WITH_CONTACT else None
    words = _long(fields, "words", "What was said" if kind in WITH_CONTACT else "Note")
    if kind is EntryKind.NOTE and words is None and not fields.errors:
        fields.refuse("words", "Write the note")
    proof = fields.one_of("proof", documents, "Proof")
    noted = Noted(kind, words, contact, read_next(fields), read_id(typed.get("corrects", "")), proof)
    return EntryForm(fields, kind, read_id(typed.get("key", "")), noted)


def read_next(fields: Typed, name: str = "next_action", day: str = "next_on") -> NextStep | None:
    """Read what is to be done next and by when; None where nothing was typed. An action needs a day, a day an action.

    Takes     the form; what its two fields are called.
    """
    action = fields.text(name, "Next action", LONGEST_ACTION)
    on = fields.day(day, "By")
    if action is None and on is None and not fields.values.get(day, "").strip():
        return None
    if action is None:
        fields.refuse(name, "Say what comes next")
    elif on is None:
        fields.refuse(day, "Enter the day by which it is to be done")
    elif on < fields.today:
        fields.refuse(day, f"By must be today or later; you entered {short_day(on)}")
    return NextStep(action or "", on)


def _contact(fields: Typed, kind: EntryKind, now: datetime, zone: ZoneInfo) -> Contact:
    outcome = fields.choice("outcome", Outcome, "Outcome")
    person = fields.text("person", "Person")
    if outcome is None:
        fields.refuse("outcome", "Choose how it ended")
    if kind is EntryKind.CALL and person is None and outcome not in _NOBODY_SPOKEN_TO:
        fields.refuse("person", "Enter the name of the person you spoke to")
    return Contact(
        line=fields.text("line", "Line"),
        person=person,
        reference=fields.text("reference", "Reference"),
        started_at=_started(fields, now, zone),
        hold_minutes=_hold(fields),
        outcome=outcome,
    )


def _started(fields: Typed, now: datetime, zone: ZoneInfo) -> datetime | None:
    text = fields.values.get("started", "").strip()
    on: date | None = fields.day("day", "Day")
    if not text:
        if on is not None:
            fields.refuse("started", "Enter the time as well, like 9:05 AM")
        return None
    found = read_time(text)
    if found is None:
        fields.refuse("started", f"Start must be a time of day, like 9:05 AM or 14:05; you entered {text[:20]}")
        return None
    at = local_time(on or fields.today, found, zone)
    if at > now:
        fields.refuse("started", "Start must not lie ahead. Enter the day as well where it was another one")
        return None
    return at


def _hold(fields: Typed) -> int | None:
    text = fields.values.get("hold", "").strip()
    if not text:
        return None
    if not text.isdigit() or int(text) > MOST_HOLD:
        fields.refuse("hold", f"Minutes on hold must be a whole number up to {MOST_HOLD}, like 12")
        return None
    return int(text)


def _long(fields: Typed, name: str, label: str) -> str | None:
    """A text of several lines; None when empty."""
    lines = fields.values.get(name, "").replace("\r\n", "\n").strip()
    if len(lines) > LONGEST_WORDS:
        fields.refuse(name, f"{label} must have at most {LONGEST_WORDS:,} characters; you entered {len(lines):,}")
    return lines or None
