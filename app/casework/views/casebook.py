"""The list of cases in words."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from app.authorizations.facts import Kind, Status
from app.casework.facts.casebook import (
    EXPIRING,
    MOST_COUNTED,
    NO_DAY,
    NOBODY,
    Casebook,
    CaseLine,
    CaseQuery,
    Queue,
    View,
    case_code,
)
from app.casework.rules.views import steering_mark
from app.casework.views.case_words import service_words
from app.casework.views.words import status_words
from app.values.wording import counted, near_day

Address = Callable[..., str]
Write = Callable[[CaseQuery], dict[str, str]]
VIEW_WORDS = {
    View.MINE: "My work",
    View.WEEK: "Due this week",
    View.PAYER: "Waiting on payer",
    View.PROVIDER: "Waiting on provider",
    View.INFO: "More info asked",
    View.ADVERSE: "Denied and appeals",
    View.EXPIRING: "Expiring 60 days",
    View.UNITS: "Units low",
    View.RENEWAL: "Renewals to start",
    View.UNASSIGNED: "Unassigned",
    View.RETRO: "Retro",
    View.PLAN: "Plan changes",
    View.OPEN: "All open",
    View.DEFECT: "No owner or next action",
    View.SNOOZED: "Snoozed",
    View.ALL: "All cases",
}
_BESIDE = (View.DEFECT, View.RENEWAL, View.SNOOZED, View.ALL)
_DUE_WORDS = {View.EXPIRING: "Ends", View.UNITS: "Ends", View.SNOOZED: "Until", View.ALL: "Due or ends"}
_DONE = {
    View.MINE: "Nothing is on you. Unassigned cases stand under their own view.",
    View.WEEK: "Nothing is due this week.",
    View.PAYER: "No case waits for a payer.",
    View.PROVIDER: "No provider is being asked.",
    View.INFO: "No payer has asked for more.",
    View.ADVERSE: "No denial is open, and no appeal.",
    View.EXPIRING: "No approval ends within 60 days.",
    View.UNITS: "No approval is short of units.",
    View.RENEWAL: "No renewal is to be started within 30 days.",
    View.UNASSIGNED: "Every open case has an owner.",
    View.RETRO: "No retro request is open.",
    View.PLAN: "No case is under a plan that the patient no longer has.",
    View.OPEN: "No case is open. All work is done.",
    View.DEFECT: "Every open case has an owner and a next action with a date.",
    View.SNOOZED: "Nothing is snoozed.",
    View.ALL: "There is no case yet.",
}
FIRST_USE = "There is no case yet. A case begins with a request, or comes in with an authorization log."
_CALM = frozenset(
    {
        Status.APPROVED, Status.PARTLY_APPROVED, Status.NOT_REQUIRED, Status.NOTIFIED, Status.WITHDRAWN,
        Status.DISMISSED, Status.VOIDED, Status.CLOSED,
    }
)  # fmt: skip
_BAD = frozenset({Status.DENIED})
_QUEUE_TAGS = ((Queue.UNITS, "Units low"), (Queue.PLAN, "Plan changed"))


@dataclass(frozen=True, slots=True)
class ViewLink:
    """A saved view with its count, where it leads, and whether it is this one."""

    words: str
    count: str
    address: str
    here: bool


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag of state; `bad` for what is overdue."""

    words: str
    bad: bool = False


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case as the list shows it. `tick` is what its tick sends."""

    id: UUID
    patient_id: UUID
    tick: str
    code: str
    number: str
    patient: str
    mrn: str
    service: str
    payer: str
    status: str
    calm: bool
    bad: bool
    tags: tuple[Tag, ...]
    action: str
    due: str
    overdue: bool
    next_visit: str
    waiting: str
    owner: str


@dataclass(frozen=True, slots=True)
class CasebookPage:
    """All that the template shows. `active` lists the filters that hold, where nothing was found."""

    title: str
    views: tuple[ViewLink, ...]
    beside: tuple[ViewLink, ...]
    due_title: str
    rows: tuple[CaseRow, ...]
    shown: str
    empty: str | None
    clear: str | None
    view: str
    owner: str
    owners: tuple[tuple[str, str], ...]
    payer: str
    payers: tuple[tuple[str, str], ...]
    status: str
    statuses: tuple[tuple[str, str], ...]
    people: tuple[tuple[str, str], ...]
    previous_page: str | None
    next_page: str | None
    back: str
    tick_all: str
    untick_all: str
    marked: bool
    export: str


def casebook_page(book: Casebook, address: Address, write: Write, export: Address) -> CasebookPage:
    """Put the list into words.

    Takes     what was read; what makes the page's address of the parts of a query; what writes a query as such parts;
              what makes the address of the export.
    """
    query = replace(book.query, after=None, before=None)
    names = {one.id: one.name for one in book.people}
    written = write(query)
    people = tuple((str(one.id), one.name) for one in book.people)

    def go(**changes: object) -> str:
        return address(**write(replace(query, **changes)))  # type: ignore[arg-type]

    return CasebookPage(
        title=VIEW_WORDS[query.view],
        views=tuple(_view(one, book, address(**write(CaseQuery(one)))) for one in View if one not in _BESIDE),
        beside=tuple(_view(one, book, address(**write(CaseQuery(one)))) for one in _BESIDE),
        due_title=_DUE_WORDS.get(query.view, "Due"),
        rows=tuple(case_row(one, book.today, names) for one in book.lines),
        shown=_shown(book),
        empty=None if book.lines else _empty(book, names),
        clear=address(**write(CaseQuery(query.view))) if query.narrowed or book.query != query else None,
        view=written.get("view", ""),
        owner=written.get("owner", ""),
        owners=(("nobody", "Nobody"), *people),
        payer=query.payer or "",
        payers=book.payers,
        status=query.status.value if query.status else "",
        statuses=tuple((one.value, status_words(one)) for one in Status),
        people=people,
        previous_page=go(before=book.previous) if book.previous else None,
        next_page=go(after=book.next) if book.next else None,
        back=urlencode(write(book.query)),
        tick_all=address(**write(book.query), ticked="all"),
        untick_all=address(**write(book.query)),
        marked=book.marked,
        export=export(**write(query)),
    )


def _view(view: View, book: Casebook, address: str) -> ViewLink:
    return ViewLink(VIEW_WORDS[view], count_words(book.counts[view]), address, view is book.query.view)


def count_words(cases: int) -> str:
    """A count as it stands beside a view: no further than 500+."""
    return f"{MOST_COUNTED}+" if cases > MOST_COUNTED else str(cases)


def _shown(book: Casebook) -> str:
    if not book.lines:
        return ""
    whole = not (book.next or book.previous or book.query.after or book.query.before)
    return counted(len(book.lines), "case") if whole else f"{counted(len(book.lines), 'case')} on this page"


def _empty(book: Casebook, names: dict[UUID, str]) -> str:
    if not book.any_case:
        return FIRST_USE
    if book.query.narrowed:
        return f"No case fits: {', '.join(_active(book, names))}."
    return _DONE[book.query.view]


def _active(book: Casebook, names: dict[UUID, str]) -> Iterator[str]:
    query = book.query
    yield VIEW_WORDS[query.view]
    if query.owner is not None:
        yield "owner " + ("nobody" if query.owner == NOBODY else names.get(query.owner, "not known"))
    if query.payer is not None:
        yield "payer " + dict(book.payers).get(query.payer, "not known")
    if query.status is not None:
        yield "status " + status_words(query.status).lower()


def case_row(line: CaseLine, today: date, names: Mapping[UUID, str]) -> CaseRow:
    """One case in words, as lists show it."""
    record = line.record
    patient = line.patient
    owner = names.get(line.owner_id, "Somebody who left") if line.owner_id is not None else ""
    return CaseRow(
        id=record.id,
        patient_id=record.patient_id,
        tick=f"{record.id}.{steering_mark(line.owner_id, record.next_action, record.next_action_on)}",
        code=case_code(record.id),
        number=record.number or record.reference or "",
        patient=f"{patient.last_name}, {patient.first_name}" if patient else "Not on file",
        mrn=patient.mrn if patient else "",
        service=service_words(record),
        payer=record.payer_name,
        status=status_words(record.status),
        calm=record.status in _CALM and Queue.OPEN not in line.queues,
        bad=record.status in _BAD,
        tags=tuple(tags_of(line, today)),
        action=record.next_action or "",
        due="" if line.due_on == NO_DAY else near_day(line.due_on, today),
        overdue=_overdue(line, today),
        next_visit=near_day(line.next_visit, today) if line.next_visit else "",
        waiting=_waiting(line, today),
        owner=owner,
    )


def tags_of(line: CaseLine, today: date) -> Iterator[Tag]:
    """The tags of a case: derived, never typed."""
    if _overdue(line, today):
        yield Tag("Overdue", bad=True)
    yield from (Tag(words) for words in (*_state_tags(line, today), *_queue_tags(line, today)))


def _state_tags(line: CaseLine, today: date) -> Iterator[str]:
    record = line.record
    if record.urgent:
        yield "Urgent"
    if record.verbal:
        yield "Verbal: number missing"
    if record.too_early_until is not None and record.too_early_until > today:
        yield f"Too early until {near_day(record.too_early_until, today)}"
    if record.kind in (Kind.RETRO, Kind.RENEWAL):
        yield record.kind.value.capitalize()


def _queue_tags(line: CaseLine, today: date) -> Iterator[str]:
    ends = None if line.record.no_end else line.record.ends
    if line.record.status in (Status.APPROVED, Status.PARTLY_APPROVED) and ends is not None:
        if ends < today:
            yield "Ended"
        elif Queue.ENDING in line.queues and (ends - today).days <= EXPIRING:
            yield "Expiring"
    yield from (words for queue, words in _QUEUE_TAGS if queue in line.queues)
    if line.snoozed_until is not None and line.snoozed_until > today:
        yield f"Snoozed until {near_day(line.snoozed_until, today)}"


def _overdue(line: CaseLine, today: date) -> bool:
    return Queue.OPEN in line.queues and line.queue is not Queue.SNOOZED and line.due_on < today


def _waiting(line: CaseLine, today: date) -> str:
    record = line.record
    if record.status not in (Status.SUBMITTED, Status.IN_APPEAL, Status.MORE_INFO) or record.requested_on is None:
        return ""
    return counted(max(0, (today - record.requested_on).days), "day")
