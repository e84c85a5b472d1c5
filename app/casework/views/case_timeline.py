"""What happened on one case, newest first: people's entries and the changes of its record, in one line each."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise
from uuid import UUID

from app.authorizations.facts import AuthorizationEvent, Status
from app.authorizations.rules.changes import CORRECTS, corrects, is_first, values_before
from app.authorizations.rules.history import struck
from app.authorizations.views import status_words
from app.casework.facts.cases import CaseFile
from app.casework.facts.entries import Contact, Entry, EntryKind
from app.casework.rules.linked import linked, turned
from app.casework.views.case_words import ENTRY_WORDS, OUTCOME_WORDS, hold_words
from app.casework.views.timeline import NOT_SHOWN, changes_words, shown_changes
from app.clearance.views.sentences import BADGE_WORDS, shown_words
from app.practice.rules.fields import Field
from app.values.wording import clock_time, counted, long_day

UNDO_FOR = timedelta(hours=24)
CHECK = "check"
FOLDED_FROM = 2
"""So many lines of the program in a row stand behind one."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what, by whom, at what time; the rest on demand.

    `mark` names its icon; `brief` says who said it, under which reference, and what comes next. `struck`: taken back or
    corrected since, by `corrected_by` where that is known. `corrects`: what it takes the place of. `undo`: the change
    of the record that may be taken back; `takes_back`: the entry that may; `amends`: the entry that may be written
    anew; `wrong`: the decision that may be corrected. `machine`: no person wrote it.
    """

    id: str
    at: datetime
    time: str
    mark: str
    what: str
    who: str
    brief: str | None = None
    details: tuple[tuple[str, str], ...] = ()
    words: str | None = None
    document: UUID | None = None
    proof: str | None = None
    struck: bool = False
    corrected_by: str | None = None
    corrects: str | None = None
    undo: UUID | None = None
    takes_back: UUID | None = None
    amends: UUID | None = None
    wrong: UUID | None = None
    machine: bool = False


@dataclass(frozen=True, slots=True)
class Fold:
    """Lines of one day that follow each other: shown as they are, or behind one line where the program wrote them."""

    label: str | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """What happened on one day."""

    heading: str
    folds: tuple[Fold, ...]


@dataclass(frozen=True, slots=True)
class _Told:
    """The case and what its reader may see and do."""

    case: CaseFile
    fields: Collection[Field]
    may_edit: bool


def case_timeline(case: CaseFile, fields: Collection[Field], may_edit: bool) -> tuple[Day, ...]:
    """Put what happened into days, newest first.

    Takes     the case; the fields that the reader's role reads; whether the reader may write.
    """
    told = _Told(case, fields, may_edit)
    made_by = {one.event_id: one for one in case.entries if one.event_id is not None}
    lines = [*_of_entries(told), *_of_events(told, made_by), *_of_checks(told)]
    lines.sort(key=lambda line: (line.at, line.id), reverse=True)
    zone = case.chart.zone
    return tuple(
        Day(_heading(day, case.chart.today), tuple(_folds(list(group))))
        for day, group in groupby(lines, key=lambda line: line.at.astimezone(zone).date())
    )


def _heading(day: date, today: date) -> str:
    return f"Today, {long_day(day)}" if day == today else long_day(day)


def _folds(lines: Sequence[Line]) -> Iterator[Fold]:
    for machine, group in groupby(lines, key=lambda line: line.machine):
        found = tuple(group)
        if machine and len(found) >= FOLDED_FROM:
            checks = all(line.mark == CHECK for line in found)
            words = ("automatic check", "automatic checks") if checks else ("automatic entry", "automatic entries")
            yield Fold(counted(len(found), *words), found)
        else:
            yield Fold(None, found)


def _of_entries(told: _Told) -> Iterator[Line]:
    case = told.case
    later = {one.corrects: one for one in case.entries if one.corrects is not None and one.taken_back_at is None}
    events = {one.id: one for one in case.events}
    undoable = _undoable(told)
    for one in case.entries:
        event = events.get(one.event_id) if one.event_id is not None else None
        after = later.get(one.id)
        gone = one.taken_back_at is not None or after is not None
        decided = one.kind is EntryKind.DECISION and one.event_id is not None
        recent = told.may_edit and not gone and one.at + UNDO_FOR >= case.chart.now
        yield Line(
            id=f"e-{one.id}",
            at=one.at,
            time=_time(case, one.at),
            mark=one.kind.value,
            what=_what(one),
            who=_who(case, one.by_id, None),
            brief=_brief(one, told),
            details=tuple(_details(one, event, told)),
            words=_words(one, told),
            document=one.document_id,
            proof=_proof(one, case),
            struck=gone,
            corrected_by=f"e-{after.id}" if after is not None else None,
            corrects=f"e-{one.corrects}" if one.corrects is not None else None,
            undo=one.event_id if recent and decided and one.event_id == undoable else None,
            takes_back=one.id if recent and not decided else None,
            amends=one.id if told.may_edit and not gone and one.kind in AMENDED else None,
            wrong=one.event_id if told.may_edit and not gone and decided else None,
        )


def _proof(one: Entry, case: CaseFile) -> str | None:
    """What proves an entry: the document's name, and the beginning of the hash of its bytes."""
    found = next((document for document in case.documents if document.id == one.document_id), None)
    return f"{found.name}, SHA-256 {found.sha256[:12]}" if found is not None else None


AMENDED = frozenset({EntryKind.CALL, EntryKind.PORTAL, EntryKind.FAX, EntryKind.NOTE})
"""Entries that a person writes into the composer, and may write anew."""


def _what(one: Entry) -> str:
    said = OUTCOME_WORDS.get(one.contact.outcome) if one.contact is not None and one.contact.outcome else None
    return f"{ENTRY_WORDS[one.kind]}: {said}" if said else ENTRY_WORDS[one.kind]


def _words(one: Entry, told: _Told) -> str | None:
    if one.words is None:
        return None
    return one.words if Field.NOTES in told.fields else NOT_SHOWN


def _brief(one: Entry, told: _Told) -> str | None:
    """Who said it, under which reference, and what comes next: what people look for in a contact."""
    contact = one.contact or Contact()
    parts = [contact.person or "", f"reference {contact.reference}" if contact.reference else ""]
    if one.next_action is not None:
        action = one.next_action if Field.NOTES in told.fields else NOT_SHOWN.lower()
        by = f" by {long_day(one.next_action_on)}" if one.next_action_on else ""
        parts.append(f"next: {action}{by}")
    said = "; ".join(filter(None, parts))
    return f"{said[0].upper()}{said[1:]}" if said else None


def _details(one: Entry, event: AuthorizationEvent | None, told: _Told) -> Iterator[tuple[str, str]]:
    if one.contact is not None:
        yield from _contact(one.contact, told.case)
    if event is not None and one.kind is EntryKind.DECISION:
        yield from shown_changes(changes_words(event, told.case.chart), told.fields)
    if one.taken_back_at is not None:
        who = _who(told.case, one.taken_back_by, None)
        yield "Taken back", f"{long_day(one.taken_back_at.astimezone(told.case.chart.zone).date())} by {who}"


def _contact(contact: Contact, case: CaseFile) -> Iterator[tuple[str, str]]:
    if contact.line:
        yield "Payer line", contact.line
    if contact.started_at is not None:
        hold = f", {hold_words(contact.hold_minutes)}" if contact.hold_minutes is not None else ""
        yield "Started", f"{clock_time(contact.started_at.astimezone(case.chart.zone))}{hold}"


def _of_events(told: _Told, made_by: dict[UUID, Entry]) -> Iterator[Line]:
    case = told.case
    gone = struck(case.events[::-1])
    undone = _undone(case.events)
    after = {corrects(one.changes): one for one in case.events if corrects(one.changes) is not None}
    undoable = _undoable(told)
    for event in case.events:
        if event.id in made_by:
            continue
        later, before = after.get(event.id), corrects(event.changes)
        yield Line(
            id=f"v-{event.id}",
            at=event.at,
            time=_time(case, event.at),
            mark="record",
            what=_event_words(event),
            who=_who(case, event.user_id, event.via),
            details=shown_changes(changes_words(event, case.chart), told.fields),
            struck=event.id in gone or event.id in undone,
            corrected_by=f"v-{later.id}" if later is not None else None,
            corrects=f"v-{before}" if before is not None else None,
            undo=event.id if event.id == undoable else None,
            machine=event.user_id is None,
        )


def _of_checks(told: _Told) -> Iterator[Line]:
    """When the badges of its visits turned. Whoever is out of sight of a visit is not told of it."""
    case = told.case
    visits = {one.answer.lines[0].visit.id: one for one in linked(case.chart.visits, case.record.id)}
    now = {visit_id: shown_words(one.answer)[0] for visit_id, one in visits.items()}
    for place, turn in enumerate(turned(case.past, now)):
        if turn.visit_id in case.chart.unseen:
            continue
        day = long_day(visits[turn.visit_id].answer.lines[0].visit.day)
        after = f", now {BADGE_WORDS[turn.after].lower()}" if turn.after is not None else ""
        yield Line(
            id=f"c-{place}-{turn.visit_id}",
            at=turn.at,
            time=_time(case, turn.at),
            mark=CHECK,
            what=f"Visit {day}: was {BADGE_WORDS[turn.before].lower()}{after}",
            who="by the program",
            machine=True,
        )


def _event_words(event: AuthorizationEvent) -> str:
    changes = event.changes
    status = changes.get("status", [None, None])[1]
    if changes.get("why", [None, None])[1] == "undone":
        return "Change taken back"
    if is_first(changes):
        return f"Case opened: {status_words(Status(status)).lower()}" if status else "Case opened"
    what = "Corrected" if CORRECTS in changes else "Changed"
    if status:
        return f"{what}: now {status_words(Status(status)).lower()}"
    if set(changes) <= {"next_action", "next_action_on", "why"}:
        return "Next action set"
    return what


def _undoable(told: _Told) -> UUID | None:
    """The change that may be taken back: the latest one, within a day, where its old values are kept."""
    if not told.may_edit or not told.case.events:
        return None
    last = told.case.events[0]
    if last.at + UNDO_FOR < told.case.chart.now or last.user_id is None or _is_undo(last):
        return None
    return last.id if is_first(last.changes) or values_before(last.changes) is not None else None


def _undone(events: Sequence[AuthorizationEvent]) -> frozenset[UUID]:
    """The changes that the one after them took back."""
    return frozenset(before.id for after, before in pairwise(events) if _is_undo(after))


def _is_undo(event: AuthorizationEvent) -> bool:
    return event.changes.get("why", [None, None])[1] == "undone"


def _time(case: CaseFile, at: datetime) -> str:
    return clock_time(at.astimezone(case.chart.zone))


def _who(case: CaseFile, user_id: UUID | None, via: str | None) -> str:
    if user_id is None:
        return f"by {via}" if via else "by the program"
    return case.chart.staff.get(user_id, "somebody no longer on file")
