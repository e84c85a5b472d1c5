"""Records that wait for a person, in words: the list, and one record with both sides."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from app.casework.views.words import items_words, span_words, status_words
from app.mailroom.actions.matching import Beside, OneRecord, WaitingList
from app.mailroom.facts import WAITING, RecordState, Sort
from app.mailroom.views.kinds import kind_words
from app.mailroom.views.mail import RecordWords, record_words
from app.patients.facts import Patient
from app.schedule.facts import Visit
from app.values.wording import clock_time, short_day

CHOOSE = {
    Sort.REVIEW: "Which request it answers",
    Sort.CLAIM: "Which visit it is for",
    Sort.COVERAGE_INFORMATION: "Whom it is about",
    Sort.APPOINTMENT: "Whom it is about",
    Sort.PERSON: "Whom it is about, of two records the one that stays",
}


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """One record of the list, and the document that it came in."""

    words: RecordWords
    document_id: UUID
    when: str
    kind: str


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """The list; `before`: the last record of this page where older ones follow. `aside`: of those set aside."""

    lines: tuple[WaitingLine, ...]
    before: UUID | None
    aside: bool


@dataclass(frozen=True, slots=True)
class Side:
    """One patient beside a record: who, what is on file as pairs, and what can be chosen, each with its words."""

    patient_id: UUID
    name: str
    facts: tuple[tuple[str, str], ...]
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RecordPage:
    """One record with both sides. `subject`: the request that it came to. `choose`: None where nothing is chosen."""

    words: RecordWords
    version: int
    document_id: UUID
    kind: str
    when: str
    subject: tuple[tuple[str, str], ...]
    case_id: UUID | None
    sides: tuple[Side, ...]
    choose: str | None
    aside: bool
    open: bool
    reason: str | None


def waiting_page(found: WaitingList, zone: ZoneInfo, aside: bool) -> WaitingPage:
    """Put the list into words."""
    lines = []
    for one in found.records:
        mail = found.mails[one.document_id]
        local = mail.received_at.astimezone(zone)
        when = f"{short_day(local.date())} {clock_time(local)}"
        lines.append(WaitingLine(record_words(one, found.patients), mail.id, when, kind_words(one.kind)))
    return WaitingPage(tuple(lines), found.records[-1].id if found.more else None, aside)


def record_page(found: OneRecord, zone: ZoneInfo) -> RecordPage:
    """Put one record into words, beside what is on file."""
    record, local = found.record, found.mail.received_at.astimezone(zone)
    patients = {one.patient.id: one.patient for one in found.beside}
    return RecordPage(
        words=record_words(record, patients),
        version=record.version,
        document_id=record.document_id,
        kind=kind_words(record.kind),
        when=f"{short_day(local.date())} {clock_time(local)}",
        subject=tuple(_subject(found)),
        case_id=found.subject.id if found.subject is not None else None,
        sides=tuple(_side(one, record.sort, zone) for one in found.beside),
        choose=CHOOSE.get(record.sort) if found.by_hand else None,
        aside=record.state is RecordState.SET_ASIDE,
        open=record.state in WAITING,
        reason=record.reason,
    )


def _subject(found: OneRecord) -> Iterator[tuple[str, str]]:
    """The request that an answer came to, as it stands."""
    case = found.subject
    if case is None:
        return
    yield "Request", f"{items_words(case.items, case.drug)}"
    yield "Status", status_words(case.status)
    yield "Payer", case.payer_name
    yield "Member ID", case.member_id or "Not on file"
    yield "Number", case.number or "None on file"
    yield "Days", span_words(case.begins, case.ends, case.no_end)
    if case.decided_on is not None:
        yield "Decided", short_day(case.decided_on)


def _side(one: Beside, sort: Sort, zone: ZoneInfo) -> Side:
    patient = one.patient
    return Side(patient.id, _name(patient), tuple(_facts(one)), tuple(_options(one, sort, zone)))


def _facts(one: Beside) -> Iterator[tuple[str, str]]:
    yield "MRN", one.patient.mrn
    yield "Born", short_day(one.patient.birth_date) if one.patient.birth_date else "Not on file"
    for coverage in one.coverages:
        days = span_words(coverage.begins, coverage.ends)
        yield f"{coverage.rank.value.capitalize()} coverage", f"{coverage.payer_name}, {coverage.member_id}, {days}"


def _options(one: Beside, sort: Sort, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    if sort is Sort.REVIEW:
        for case in one.cases:
            asked = f", sent {_day(case.requested_on)}" if case.requested_on else ""
            words = f"{items_words(case.items, case.drug)}, {case.payer_name}{asked}"
            yield str(case.id), f"{words}: {status_words(case.status).lower()}"
    elif sort is Sort.CLAIM:
        yield from ((str(visit.id), _visit(visit, zone)) for visit in one.visits)
    elif sort in (Sort.COVERAGE_INFORMATION, Sort.APPOINTMENT, Sort.PERSON):
        yield str(one.patient.id), _name(one.patient)


def _visit(visit: Visit, zone: ZoneInfo) -> str:
    codes = ", ".join(line.code for line in visit.lines if line.code) or "no code on file"
    return f"{_day(visit.day)} {clock_time(visit.starts_at.astimezone(zone))}: {codes}"


def _day(day: date) -> str:
    return short_day(day)


def _name(patient: Patient) -> str:
    return ", ".join(part for part in (patient.last_name, patient.first_name) if part) or "Name not on file"
