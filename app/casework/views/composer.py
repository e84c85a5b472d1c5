"""The composer of a case: which kinds of entry it writes, and what it shows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from app.casework.facts.cases import CaseFile
from app.casework.facts.entries import ENTRY_FIELDS, Contact, Entry, EntryKind, Outcome
from app.casework.views.case_words import OUTCOME_WORDS
from app.documents.facts import KIND_WORDS
from app.values.times import time_words
from app.values.wording import long_day, short_day

_ANSWERS = {
    Outcome.MORE_INFO_ASKED: "more-info",
    Outcome.APPROVED: "approved",
    Outcome.VERBALLY_APPROVED: "verbal",
    Outcome.PARTLY_APPROVED: "approved",
    Outcome.DENIED: "denied",
    Outcome.NOT_REQUIRED: "not-required",
    Outcome.TOO_EARLY: "too-early",
}
"""Which answer of the payer a contact's outcome leads to."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of entry: its word, its key, and where its outcomes lead."""

    label: str
    key: str | None
    answers: Mapping[Outcome, str] = field(default_factory=dict)


COMPOSED: Mapping[str, Kind] = {
    EntryKind.CALL.value: Kind("Call", "l", _ANSWERS),
    EntryKind.PORTAL.value: Kind("Portal", None, _ANSWERS),
    EntryKind.FAX.value: Kind("Fax", None, _ANSWERS),
    EntryKind.NOTE.value: Kind("Note", "n"),
}
OUTCOMES = [("", "Choose"), *((one.value, words) for one, words in OUTCOME_WORDS.items())]


@dataclass(frozen=True, slots=True)
class Composer:
    """The composer: `kind` None: it is closed. `corrects`: the entry that is written anew."""

    kind: str | None
    label: str
    key: UUID
    values: Mapping[str, str]
    errors: Mapping[str, str | None]
    corrects: UUID | None
    proofs: tuple[tuple[str, str], ...] = ()
    kinds: tuple[tuple[str, Kind], ...] = tuple(COMPOSED.items())


@dataclass(frozen=True, slots=True)
class CameBack:
    """A form that has to be mended: what was typed, what is wrong with it, its id, and the entry that it corrects."""

    kind: EntryKind
    key: UUID
    values: Mapping[str, str]
    errors: Mapping[str, str]
    corrects: UUID | None = None


def composer(case: CaseFile, asked: Mapping[str, str], key: UUID, back: CameBack | None = None) -> Composer:
    """Make the composer of what the address asks for, or of what came back to be mended.

    Takes     the case; the address's `write` (a kind) and `corrects` (an entry's id); a new id for an entry that is
              begun; the form that came back.
    """
    errors: dict[str, str | None] = dict.fromkeys(ENTRY_FIELDS)
    blank = dict.fromkeys(ENTRY_FIELDS, "")
    if back is not None:
        kind = back.kind.value
        typed = {name: back.values.get(name, "") for name in ENTRY_FIELDS}
        faults = {**errors, **back.errors}
        return Composer(kind, COMPOSED[kind].label, back.key, typed, faults, back.corrects, proof_choices(case))
    wrong = next((one for one in case.entries if str(one.id) == asked.get("corrects", "")), None)
    kind = wrong.kind.value if wrong is not None else asked.get("write", "")
    if kind not in COMPOSED:
        return Composer(None, "", key, blank, errors, None)
    values = blank | (_written(wrong, case.chart.zone) if wrong is not None else _begun(case))
    corrects = wrong.id if wrong is not None else None
    return Composer(kind, COMPOSED[kind].label, key, values, errors, corrects, proof_choices(case))


def proof_choices(case: CaseFile) -> tuple[tuple[str, str], ...]:
    """The documents that may prove an entry: those of the case first; none where the reader's role sees none."""
    mine = sorted(case.documents, key=lambda one: one.case_id != case.record.id)
    found = [(str(one.id), f"{KIND_WORDS[one.kind]}: {one.name}") for one in mine]
    return (("", "None"), *found) if found else ()


def _begun(case: CaseFile) -> dict[str, str]:
    """A new contact begins now; the line is that of the last one with this payer on this case."""
    lines = (one.contact.line for one in case.entries if one.contact is not None and one.contact.line)
    return {
        "started": time_words(case.chart.now.astimezone(case.chart.zone).time()),
        "line": next(iter(lines), ""),
    }


def _written(entry: Entry, zone: ZoneInfo) -> dict[str, str]:
    contact = entry.contact or Contact()
    started = contact.started_at.astimezone(zone) if contact.started_at is not None else None
    return {
        "person": contact.person or "",
        "reference": contact.reference or "",
        "outcome": contact.outcome.value if contact.outcome is not None else "",
        "line": contact.line or "",
        "started": time_words(started.time()) if started is not None else "",
        "day": short_day(started.date()) if started is not None else "",
        "hold": "" if contact.hold_minutes is None else str(contact.hold_minutes),
        "words": entry.words or "",
        "proof": str(entry.document_id) if entry.document_id is not None else "",
    }


def step_words(step: tuple[str | None, date | None]) -> str:
    """A next action in words, for comparing."""
    action, on = step
    return (f"{action}, by {long_day(on)}" if on is not None else action) if action else "None"
