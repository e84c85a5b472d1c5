"""One case as programs read it, and as plain lines for a terminal."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.authorizations.facts import AuthorizationEvent, AuthorizationRecord, Item, RequestedLine
from app.authorizations.rules.changes import corrects, without_words
from app.authorizations.rules.history import divergences, rebuilt, struck
from app.authorizations.rules.requested import ALL, LineComparison, compare
from app.authorizations.rules.tags import Left, tags_of
from app.authorizations.views import kind_words, status_words, tag_words
from app.casework.facts.casebook import case_code
from app.casework.facts.cases import CaseFile
from app.casework.facts.entries import Entry
from app.casework.views.words import items_words, span_words
from app.clearance.facts.usage import ItemUse
from app.clearance.rules.usage import use_of
from app.values.wording import short_day

_PLAIN = (
    "urgent", "verbal", "number", "reference", "payer", "payer_name", "plan", "plan_id", "group_number", "drug", "ndc",
    "no_end", "provider_npi", "provider_group", "provider_binds", "denial_reason", "next_action", "note",
    "submitted_by_channel", "representative", "call_reference",
)  # fmt: skip
_DAYS = ("begins", "ends", "requested_on", "decided_on", "too_early_until", "used_on", "next_action_on")


def case_shape(case: CaseFile, chain: tuple[AuthorizationRecord, ...]) -> dict[str, Any]:
    """Write a case as one object; its history and entries are oldest first.

    `history.rebuilds` says whether the state on file is the one that its history makes; `history.untold` names the
    fields of which it keeps no value. `events` are all of its changes.
    """
    record = case.record
    shape: dict[str, Any] = {
        "case": case_code(record.id),
        "case_id": str(record.id),
        "version": case.version,
        "patient_mrn": case.chart.details.mrn,
        "status": record.status.value,
        "kind": record.kind.value,
        "tags": [tag.value for tag in tags_of(record, case.chart.today, left_of(case))],
        "owner": _name(case, case.clocks.owner_id),
    }
    shape |= {name: getattr(record, name) for name in _PLAIN}
    shape |= {name: _day(getattr(record, name)) for name in _DAYS}
    shape |= {
        "site": _site(case, record.site_id),
        "channel": record.channel.value if record.channel else None,
        "diagnoses": list(record.diagnoses),
        "places": list(record.places),
        "items": [_item(one) for one in record.items],
        "left": [_use(one) for one in _counted(case)],
        "requested": [_line(one) for one in compare(record)],
        "chain": [_link(one) for one in chain],
        "entries": [_entry(case, one) for one in reversed(case.entries)],
        "history": _history(case),
    }
    return shape


def left_of(case: CaseFile) -> Left | None:
    """What is left of the item with the fewest; None where nothing is counted."""
    fewest = min(_counted(case), key=_not_used, default=None)
    return None if fewest is None else Left(_not_used(fewest), fewest.booked)


def _counted(case: CaseFile) -> list[ItemUse]:
    lines = [line for one in case.chart.visits for line in one.answer.lines]
    return [one for one in use_of(case.row, lines, case.chart.today).items if one.item.count is not None]


def _not_used(use: ItemUse) -> int:
    return max(0, (use.item.count or 0) - use.used)


def _use(use: ItemUse) -> dict[str, Any]:
    left = _not_used(use)
    return {
        "codes": list(use.item.codes),
        "approved": use.item.count,
        "used": use.used,
        "booked": use.booked,
        "left": left,
    }


def _item(item: Item) -> dict[str, Any]:
    return {"codes": list(item.codes), "last": item.last, "counting": item.counting.value, "count": item.count}


def _line(one: LineComparison) -> dict[str, Any]:
    return {
        "line": _asked(one.line),
        "outcome": one.outcome.value,
        "aspects": [
            {
                "aspect": each.aspect.value,
                "asked": _text(each.asked),
                "granted": "unlimited" if each.granted in (ALL, date.max) else _text(each.granted),
                "outcome": each.outcome.value,
            }
            for each in one.aspects
        ],
    }


def _asked(line: RequestedLine) -> str:
    code = f"{line.code} to {line.last}" if line.last else line.code
    return code or line.drug or line.ndc or "not named"


def _text(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return value if value is None or isinstance(value, int) else str(value)


def _link(one: AuthorizationRecord) -> dict[str, Any]:
    return {
        "case": case_code(one.id),
        "case_id": str(one.id),
        "kind": one.kind.value,
        "status": one.status.value,
        "follows": None if one.parent_id is None else case_code(one.parent_id),
    }


def _entry(case: CaseFile, one: Entry) -> dict[str, Any]:
    contact = one.contact
    return {
        "id": str(one.id),
        "at": _instant(one.at),
        "by": _name(case, one.by_id),
        "kind": one.kind.value,
        "words": one.words,
        "line": contact.line if contact else None,
        "person": contact.person if contact else None,
        "reference": contact.reference if contact else None,
        "started_at": _instant(contact.started_at) if contact and contact.started_at else None,
        "hold_minutes": contact.hold_minutes if contact else None,
        "outcome": contact.outcome.value if contact and contact.outcome else None,
        "next_action": one.next_action,
        "next_action_on": _day(one.next_action_on),
        "corrects": None if one.corrects is None else str(one.corrects),
        "taken_back": one.taken_back_at is not None,
    }


def _history(case: CaseFile) -> dict[str, Any]:
    events = tuple(reversed(case.events))
    told, wrong = rebuilt(events), struck(events)
    return {
        "rebuilds": told is not None and not divergences(events, case.record),
        "untold": sorted(told.untold) if told is not None else [],
        "events": [_event(case, one, one.id in wrong) for one in events],
    }


def _event(case: CaseFile, one: AuthorizationEvent, wrong: bool) -> dict[str, Any]:
    pointed = corrects(one.changes)
    return {
        "id": str(one.id),
        "at": _instant(one.at),
        "via": one.via,
        "by": _name(case, one.user_id),
        "corrects": None if pointed is None else str(pointed),
        "corrected": wrong,
        "changes": {name: pair for name, pair in without_words(one.changes).items() if name != "corrects"},
    }


def plain_case(case: CaseFile, chain: tuple[AuthorizationRecord, ...]) -> str:
    """Write a case as lines for a terminal: where it stands, what was asked and granted, and what happened."""
    return "\n".join(_lines(case, chain))


def _lines(case: CaseFile, chain: tuple[AuthorizationRecord, ...]) -> Iterator[str]:
    record = case.record
    tags = ", ".join(tag_words(tag) for tag in tags_of(record, case.chart.today, left_of(case)))
    name = record.number or record.reference or "no number"
    yield f"{case_code(record.id)}  MRN {case.chart.details.mrn}  {record.payer_name}  {name}"
    yield f"  {kind_words(record.kind)}: {status_words(record.status)}{f' ({tags})' if tags else ''}"
    yield f"  {items_words(record.items, record.drug)}; {span_words(record.begins, record.ends, record.no_end)}"
    on = f" by {short_day(record.next_action_on)}" if record.next_action_on else ""
    yield f"  Owner: {_name(case, case.clocks.owner_id) or 'nobody'}. Next: {record.next_action or 'nothing'}{on}"
    for line in compare(record):
        yield f"  Asked {_asked(line.line)}: {line.outcome.value.replace('_', ' ')}"
        for each in line.cut:
            yield f"    {each.aspect.value}: asked {_text(each.asked)}, granted {_text(each.granted)}"
    for one in chain:
        if one.id != record.id:
            yield f"  Chain: {case_code(one.id)}, {kind_words(one.kind).lower()}, {status_words(one.status).lower()}"
    for entry in case.entries:
        who = entry.contact.person if entry.contact and entry.contact.person else ""
        yield f"  {entry.at.astimezone(case.chart.zone):%m/%d/%Y %I:%M %p}  {entry.kind.value.replace('_', ' ')}  {who}"


def _name(case: CaseFile, person: UUID | None) -> str | None:
    return None if person is None else case.chart.staff.get(person, "somebody no longer on file")


def _site(case: CaseFile, site_id: UUID | None) -> str | None:
    site = None if site_id is None else case.chart.sites.get(site_id)
    return None if site is None else site.name


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _instant(at: datetime) -> str:
    return at.isoformat()
