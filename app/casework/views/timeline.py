"""What happened on a patient's file, newest first, in words."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from app.authorizations.facts import AuthorizationEvent, Status
from app.authorizations.rules.changes import SEALED, is_first, values_before
from app.authorizations.rules.items import unpack_items, unpack_requested
from app.casework.facts.chart import Chart
from app.casework.views.words import (
    BENEFITS,
    CHANNELS,
    CONTACTS,
    KNOWN,
    LINES,
    NETWORKS,
    PLAN_KINDS,
    RANKS,
    RESULTS,
    SOURCES,
    WAYS_SAID,
    items_words,
    status_words,
)
from app.clearance.views.context import called
from app.clearance.views.panel import instant_words
from app.coverage.facts import CoverageEvent
from app.coverage.rules import is_first as coverage_added
from app.coverage.rules import values_before as coverage_before
from app.patients.facts import Wish
from app.practice.rules.fields import Field
from app.values.wording import counted, long_day, short_day

UNDO_FOR = timedelta(hours=24)
LABELS = {
    "number": "Number",
    "reference": "Payer's reference",
    "status": "Status",
    "raw_status": "Word in the log",
    "items": "Codes and units",
    "begins": "Begins",
    "ends": "Ends",
    "no_end": "Has no end",
    "diagnoses": "Diagnoses",
    "provider_npi": "Provider",
    "provider_group": "Provider's group",
    "provider_binds": "Only this provider",
    "site_id": "Place",
    "places": "Place of service",
    "channel": "Benefit",
    "decided_on": "Decided on",
    "requested_on": "Requested on",
    "used_on": "Used up to",
    "drug": "Drug",
    "ndc": "NDC",
    "member_id": "Member ID",
    "denial_reason": "Reason of the denial",
    "note": "Note",
    "payer": "Payer's key",
    "payer_name": "Payer",
    "plan": "Plan",
    "plan_id": "Plan ID",
    "group_number": "Group number",
    "kind": "Kind",
    "rank": "Rank",
    "line": "Line of business",
    "plan_kind": "Kind of plan",
    "state": "State",
    "benefit": "Benefit",
    "checked_on": "Checked on",
    "result": "Answer",
    "source": "Source",
    "network": "Network",
    "referral_required": "Referral required",
    "other_primary": "Another plan is primary",
    "other_payer": "Plan named as primary",
    "why": "Reason",
    "requested": "Asked for",
    "verbal": "Said, without a number",
    "too_early_until": "The payer takes it from",
    "urgent": "Urgent",
    "owner": "Owner in the log",
    "next_action": "Next action",
    "next_action_on": "Next action on",
    "submitted_by_channel": "Sent by",
    "representative": "Person at the payer",
    "call_reference": "Call reference",
}
NOT_SHOWN = "Not shown to your role"
_LABELS_OF = {
    Field.DIAGNOSIS: ("Diagnoses",),
    Field.CONTACT: ("Consent", "Reach by"),
    Field.MEMBER_ID: ("Member ID",),
    Field.DENIAL_REASON: ("Reason of the denial",),
    Field.NOTES: ("Note", "Next action"),
}
WHYS = {
    "undone": "taken back",
    "mistake": "entered by mistake",
    "duplicate": "logged twice",
    "payer_ended": "the payer ended it",
    "patient_left": "care ended",
    "plan_changed": "the plan changed",
}
_QUIET = ("payer", "raw_status", "used_on", "verified", "patient_id", "parent_id", "requested", "corrects")
"""Columns that say nothing to a reader beside the others."""


_WORDS: Mapping[str, Mapping[Any, str]] = {
    "rank": RANKS,
    "line": LINES,
    "plan_kind": PLAN_KINDS,
    "benefit": BENEFITS,
    "network": NETWORKS,
    "referral_required": KNOWN,
    "channel": CHANNELS,
    "result": RESULTS,
}
LISTS = {name: {str(key.value): said for key, said in words.items()} for name, words in _WORDS.items()}


@dataclass(frozen=True, slots=True)
class Undo:
    """What takes an entry back: the endpoint's kind (`approval`, `coverage`), the record and the change."""

    of: str
    id: UUID
    event: UUID


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: what, by whom and when; `changes` as pairs of label and words; `struck`: taken back since."""

    day: str
    when: str
    what: str
    who: str
    changes: tuple[tuple[str, str], ...]
    struck: bool
    undo: Undo | None


def timeline(chart: Chart, may_edit: bool) -> tuple[Entry, ...]:
    """Put all events of a patient in one order, newest first."""
    told: list[tuple[datetime, Entry]] = [
        *_of_approvals(chart, may_edit),
        *_of_coverages(chart, may_edit),
        *((wish.at, _of_wish(wish, chart)) for wish in chart.wishes),
    ]
    return tuple(entry for _at, entry in sorted(told, key=lambda pair: pair[0], reverse=True))


def _of_approvals(chart: Chart, may_edit: bool) -> Iterator[tuple[datetime, Entry]]:
    names = {one.id: called(one) for one in chart.approvals}
    later: dict[UUID, AuthorizationEvent] = {}
    for event in chart.approval_events:  # newest first
        after = later.get(event.authorization_id)
        later[event.authorization_id] = event
        first = is_first(event.changes)
        name = names.get(event.authorization_id, "")
        what = f"Approval {name} {'logged' if first else 'changed'}"
        struck = after is not None and _undone(after)
        latest = after is None and event.at + UNDO_FOR >= chart.now
        open_to_undo = latest and may_edit and (first or values_before(event.changes) is not None)
        undo = Undo("approval", event.authorization_id, event.id) if open_to_undo and not _undone(event) else None
        yield (
            event.at,
            _entry(chart, event.at, event.user_id, event.via, what, changes_words(event, chart), struck, undo),
        )


def _undone(event: AuthorizationEvent | CoverageEvent) -> bool:
    return event.changes.get("why", [None, None])[1] == "undone"


def _of_coverages(chart: Chart, may_edit: bool) -> Iterator[tuple[datetime, Entry]]:
    names = {one.id: one.payer_name for one in chart.coverages}
    later: dict[UUID, CoverageEvent] = {}
    for event in chart.coverage_events:  # newest first
        after = later.get(event.coverage_id)
        later[event.coverage_id] = event
        checked = "checked_on" in event.changes or "result" in event.changes
        done = "added" if coverage_added(event.changes) else "checked" if checked else "changed"
        what = f"Coverage {names.get(event.coverage_id, 'no longer on file')} {done}"
        latest = after is None and may_edit and event.at + UNDO_FOR >= chart.now
        undo = Undo("coverage", event.coverage_id, event.id) if latest and coverage_before(event.changes) else None
        struck = after is not None and _undone(after)
        yield (
            event.at,
            _entry(chart, event.at, event.user_id, event.via, what, changes_words(event, chart), struck, undo),
        )


def _of_wish(wish: Wish, chart: Chart) -> Entry:
    consent = "Texts may be sent" if wish.text_consent else "No consent to texts"
    said = f", said {WAYS_SAID[wish.said].lower()}" if wish.said else ""
    changes = [("Consent", f"{consent}{said}")]
    changes += [("Reach by", CONTACTS[wish.contact])] if wish.contact else []
    return _entry(chart, wish.at, wish.user_id, wish.via, "Contact wishes recorded", tuple(changes), False, None)


def _entry(
    chart: Chart,
    at: datetime,
    user_id: UUID | None,
    via: str,
    what: str,
    changes: tuple[tuple[str, str], ...],
    struck: bool,
    undo: Undo | None,
) -> Entry:
    who = chart.staff.get(user_id, "somebody no longer on file") if user_id else f"by {via}"
    day = long_day(at.astimezone(chart.zone).date())
    return Entry(day, instant_words(at, chart.zone), what, who, changes, struck, undo)


def shown_changes(changes: tuple[tuple[str, str], ...], fields: Collection[Field]) -> tuple[tuple[str, str], ...]:
    """Leave out of changes, by their labels, what the reader's role does not read, and say so."""
    hidden = {label for field, labels in _LABELS_OF.items() if field not in fields for label in labels}
    return tuple((label, NOT_SHOWN if label in hidden else words) for label, words in changes)


def changes_words(event: AuthorizationEvent | CoverageEvent, chart: Chart) -> tuple[tuple[str, str], ...]:
    """Put the changes of an event into pairs of label and words."""
    first = is_first(event.changes)
    return tuple(
        (LABELS.get(name, name.replace("_", " ").capitalize()), _change(name, pair, first, chart))
        for name, pair in event.changes.items()
        if name not in _QUIET
    )


def _change(name: str, pair: Sequence[str | None], first: bool, chart: Chart) -> str:
    if name in SEALED:
        return "recorded" if first else "changed"
    after = _value(name, pair[1], chart)
    return after if first or name == "why" else f"{_value(name, pair[0], chart)} → {after}"


def _value(name: str, text: str | None, chart: Chart) -> str:
    if not text:
        return "none"
    if name in LISTS:
        return LISTS[name].get(text, text)
    if text in ("True", "False"):
        return "yes" if text == "True" else "no"
    if name == "items":
        return items_words(unpack_items(text), None)
    if name == "site_id":
        return _site(text, chart)
    return _named(name, text, chart.providers)


def _site(text: str, chart: Chart) -> str:
    site = chart.sites.get(UUID(text))
    return site.name if site else "another place"


def _named(name: str, text: str, providers: Mapping[str, str]) -> str:
    words = {
        "status": lambda: status_words(Status(text)),
        "source": lambda: SOURCES.get(text, text),
        "provider_npi": lambda: providers.get(text, f"NPI {text}"),
        "why": lambda: WHYS.get(text, text),
        "requested": lambda: counted(len(unpack_requested(text)), "line"),
        "too_early_until": lambda: short_day(date.fromisoformat(text)),
    }
    if name in words:
        return words[name]()
    if name.endswith("_on") or name in ("begins", "ends", "too_early_until"):
        return short_day(date.fromisoformat(text))
    return text.replace("_", " ").replace(";", ", ")
