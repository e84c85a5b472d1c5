"""Documents that came, in words: the list, and one document beside its lines."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from app.mailroom.actions.mail import LINES, MailFile, MailList
from app.mailroom.facts import WAITING, Mail, MailState, Record, RecordState
from app.mailroom.rules.sides import told_of
from app.mailroom.views.kinds import SORTS, kind_words
from app.mailroom.views.reports import fault_words
from app.mailroom.views.words import STATES, VIAS, fact_words, why_words
from app.patients.facts import Patient
from app.values.wording import clock_time, counted, short_day

SOMEBODY = "Someone who is no longer here"


@dataclass(frozen=True, slots=True)
class MailLine:
    """One document of the list."""

    id: UUID
    name: str
    kind: str
    sender: str
    when: str
    how: str
    came: tuple[str, ...]
    waits: int
    fault: str | None


@dataclass(frozen=True, slots=True)
class MailPage:
    """The list of documents; `before`: the last of this page where older ones follow."""

    lines: tuple[MailLine, ...]
    before: UUID | None
    waiting: int


@dataclass(frozen=True, slots=True)
class RecordWords:
    """One record: what it is, who it is about, where it stands, why it waits, and what it says."""

    id: UUID
    number: int
    sort: str
    state: str
    waits: bool
    why: str | None
    patient_id: UUID | None
    patient: str | None
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """Some lines of a document as they came: each with its number; `earlier`, `later`: where other pages begin."""

    lines: tuple[tuple[int, str], ...]
    total: str
    earlier: int | None
    later: int | None


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """One document: its line of the list, its records, and its lines. `after`: the last record where more follow."""

    head: MailLine
    size: str
    records: tuple[RecordWords, ...]
    after: int | None
    lines: Lines | None
    hidden: bool


def mail_page(found: MailList, zone: ZoneInfo) -> MailPage:
    """Put the list into words."""
    lines = tuple(_line(one, found.counts.get(one.id, {}), found.staff, zone) for one in found.mails)
    return MailPage(lines, found.mails[-1].id if found.more else None, found.waiting)


def document_page(found: MailFile, zone: ZoneInfo) -> DocumentPage:
    """Put one document into words."""
    counts: dict[RecordState, int] = {}
    for one in found.records:
        counts[one.state] = counts.get(one.state, 0) + 1
    return DocumentPage(
        head=_line(found.mail, counts, {}, zone),
        size=_size(found.mail.size),
        records=tuple(record_words(one, found.patients) for one in found.records),
        after=found.records[-1].number if found.more else None,
        lines=None if found.lines is None else _lines(found),
        hidden=found.hidden,
    )


def record_words(one: Record, patients: Mapping[UUID, Patient]) -> RecordWords:
    """Put one record into words."""
    patient = patients.get(one.patient_id) if one.patient_id is not None else None
    name = None
    if patient is not None:
        name = ", ".join(part for part in (patient.last_name, patient.first_name) if part)
    assert one.part is not None
    return RecordWords(
        id=one.id,
        number=one.number,
        sort=SORTS[one.sort],
        state=STATES[one.state],
        waits=one.state in WAITING,
        why=why_words(one.why),
        patient_id=one.patient_id,
        patient=name,
        facts=tuple(fact_words(told_of(one.sort, one.part))),
    )


def _line(one: Mail, counts: Mapping[RecordState, int], staff: Mapping[UUID, str], zone: ZoneInfo) -> MailLine:
    local = one.received_at.astimezone(zone)
    by = staff.get(one.received_by, SOMEBODY) if one.received_by is not None and staff else None
    return MailLine(
        id=one.id,
        name=one.name or "Document",
        kind=kind_words(one.kind),
        sender=(one.sender or "").partition("/")[2] or "Not said",
        when=f"{short_day(local.date())} {clock_time(local)}",
        how=f"{VIAS[one.via]} by {by}" if by else VIAS[one.via],
        came=tuple(_came(one, counts)),
        waits=sum(counts.get(state, 0) for state in WAITING),
        fault=None if one.fault is None else fault_words(one.fault),
    )


def _came(one: Mail, counts: Mapping[RecordState, int]) -> Iterator[str]:
    if one.state is MailState.REFUSED:
        yield "Not read"
    elif one.state is MailState.RECEIVED:
        yield "Being read"
    else:
        yield counted(one.records, "record")
        yield from (f"{number:,} {STATES[state].lower()}" for state, number in counts.items())


def _lines(found: MailFile) -> Lines:
    assert found.lines is not None
    last = found.first + len(found.lines)
    return Lines(
        lines=tuple(enumerate(found.lines, start=found.first + 1)),
        total=counted(found.total, "line"),
        earlier=max(0, found.first - LINES) if found.first else None,
        later=last if last < found.total else None,
    )


def _size(size: int) -> str:
    return f"{size / 2**20:.1f} MB" if size >= 2**20 else f"{max(1, size // 1024):,} KB"
