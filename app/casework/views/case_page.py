"""The page of a case in words: where it stands, and what comes next."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.authorizations.facts import UNSENT, Authorization
from app.authorizations.rules.moves import GRANTED, OPEN
from app.authorizations.rules.requested import compare
from app.authorizations.rules.tags import Left, is_open, tags_of
from app.authorizations.views import RED_STATUSES, RED_TAGS, STATUS_SENTENCES, kind_words, status_words, tag_words
from app.casework.facts.casebook import case_code
from app.casework.facts.cases import CaseFile
from app.casework.rules.linked import linked
from app.casework.views.case_first import Primary, followers_of, primary_of
from app.casework.views.case_timeline import Day, case_timeline
from app.casework.views.case_words import service_words
from app.casework.views.chart import ApprovalWords, VisitRow, approval_words, visit_row
from app.casework.views.comparing import Cut, cuts_of
from app.casework.views.timeline import NOT_SHOWN
from app.casework.views.words import items_words, person_name, span_words
from app.clearance.facts.usage import ItemUse
from app.clearance.rules.usage import use_of
from app.practice.rules.fields import Field
from app.values.wording import long_day, short_day

VISITS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Link:
    """One case of the chain: its id, code, kind, status and days; `here`: the one on the page."""

    id: UUID
    code: str
    kind: str
    status: str
    span: str
    here: bool


@dataclass(frozen=True, slots=True)
class Steering:
    """Whose a case is and what comes next. `owes`: what an open case lacks; `overdue`: the day for it is past."""

    owner: str | None
    owner_id: UUID | None
    next_action: str | None
    next_words: str
    next_on: str | None
    overdue: bool
    owes: tuple[str, ...]
    people: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CasePage:
    """All that the template shows."""

    id: UUID
    code: str
    number: str | None
    reference: str | None
    patient_id: UUID
    patient: str
    mrn: str
    service: str
    payer: str
    kind: str
    status: str
    status_words: str
    status_red: bool
    sentence: str
    tags: tuple[tuple[str, bool], ...]
    version: int
    steering: Steering
    days: tuple[Day, ...]
    approval: ApprovalWords | None
    cuts: tuple[Cut, ...]
    facts: tuple[tuple[str, str], ...]
    visits: tuple[VisitRow, ...]
    more_visits: int
    chain: tuple[Link, ...]
    claim: tuple[tuple[str, str], ...]
    note: str | None
    denial_reason: str | None
    open: bool
    unsent: bool
    primary: Primary | None
    followers: tuple[tuple[str, str], ...]


def case_page(case: CaseFile, fields: Collection[Field], may_edit: bool) -> CasePage:
    """Put a case into words. Takes what of it the reader's role reads: the rest is left out, and said to be."""
    record, chart, row = case.record, case.chart, case.row
    visits = _linked(case)
    granted = record.status in GRANTED
    return CasePage(
        id=record.id,
        code=case_code(record.id),
        number=record.number,
        reference=record.reference,
        patient_id=record.patient_id,
        patient=person_name(chart.details),
        mrn=chart.details.mrn,
        service=service_words(record),
        payer=", ".join(filter(None, (record.payer_name, record.plan))),
        kind=kind_words(record.kind),
        status=record.status.value,
        status_words=status_words(record.status),
        status_red=record.status in RED_STATUSES,
        sentence=STATUS_SENTENCES[record.status],
        tags=tuple((tag_words(tag), tag in RED_TAGS) for tag in tags_of(record, chart.today, _left(case))),
        version=case.version,
        steering=_steering(case, fields),
        days=case_timeline(case, fields, may_edit),
        approval=approval_words(row, chart, fields) if granted else None,
        cuts=tuple(_cuts(case, fields)),
        facts=tuple(_facts(case, fields)),
        visits=tuple(visits[:VISITS_SHOWN]),
        more_visits=max(0, len(visits) - VISITS_SHOWN),
        chain=tuple(_chain(case)),
        claim=tuple(_claim(case)) if granted and not record.verbal else (),
        note=_field(record.note, Field.NOTES in fields),
        denial_reason=_field(record.denial_reason, Field.DENIAL_REASON in fields),
        open=is_open(record),
        unsent=record.status in UNSENT,
        primary=primary_of(record) if may_edit else None,
        followers=tuple(followers_of(record)) if may_edit else (),
    )


def _steering(case: CaseFile, fields: Collection[Field]) -> Steering:
    record, today = case.record, case.chart.today
    return Steering(
        owner=_owner(case),
        owner_id=case.clocks.owner_id,
        next_action=record.next_action if Field.NOTES in fields else None,
        next_words=_next_words(case, fields),
        next_on=short_day(record.next_action_on) if record.next_action_on else None,
        overdue=record.next_action_on is not None and record.next_action_on < today and is_open(record),
        owes=tuple(_owes(case)),
        people=(("", "Nobody"), *((str(one), name) for one, name in case.people)),
    )


def _cuts(case: CaseFile, fields: Collection[Field]) -> Iterator[Cut]:
    """What was asked beside what was granted, once there is a decision."""
    for one in cuts_of(compare(case.record), case.chart.sites, case.chart.providers, whole=True):
        yield one if one.aspect != "Diagnoses" or Field.DIAGNOSIS in fields else one.hidden(NOT_SHOWN)


def _field(text: str | None, shown: bool) -> str | None:
    return text if text is None or shown else NOT_SHOWN


def _owner(case: CaseFile) -> str | None:
    owner = case.clocks.owner_id
    if owner is not None:
        return case.chart.staff.get(owner, "somebody no longer on file")
    return None


def _next_words(case: CaseFile, fields: Collection[Field]) -> str:
    record = case.record
    if not record.next_action:
        return "None" if is_open(record) else "Nothing is left to do"
    action = record.next_action if Field.NOTES in fields else NOT_SHOWN
    if record.next_action_on is None:
        return f"{action} (no day)"
    return f"{action}, by {long_day(record.next_action_on)} {_far(record.next_action_on, case.chart.today)}"


def _far(day: date, today: date) -> str:
    days = (day - today).days
    if days == 0:
        return "(today)"
    words = f"{abs(days):,} {'day' if abs(days) == 1 else 'days'}"
    return f"(in {words})" if days > 0 else f"({words} overdue)"


def _owes(case: CaseFile) -> Iterator[str]:
    """What an open case must have and lacks."""
    if not is_open(case.record):
        return
    if case.clocks.owner_id is None:
        yield "Nobody owns this case. Choose an owner."
    if not case.record.next_action:
        yield "No next action is set. Say what comes next, and by when."
    elif case.record.next_action_on is None:
        yield "The next action has no date. Say by when."


def _left(case: CaseFile) -> Left | None:
    """What is left of the item with the fewest; None where nothing is counted."""
    lines = [line for one in case.chart.visits for line in one.answer.lines]
    counted = [one for one in use_of(case.row, lines, case.chart.today).items if one.item.count is not None]
    fewest = min(counted, key=_not_used, default=None)
    return None if fewest is None else Left(_not_used(fewest), fewest.booked)


def _not_used(use: ItemUse) -> int:
    return max(0, (use.item.count or 0) - use.used)


def _linked(case: CaseFile) -> list[VisitRow]:
    """The visits that are held against this case, those to come first, then the past ones, latest first."""
    seen = (one for one in case.chart.visits if one.answer.lines[0].visit.id not in case.chart.unseen)
    mine = linked(seen, case.record.id)
    today = case.chart.today
    coming = [one for one in mine if one.answer.lines[0].visit.day >= today]
    past = [one for one in mine if one.answer.lines[0].visit.day < today][::-1]
    return [visit_row(one) for one in (*coming, *past)]


def _facts(case: CaseFile, fields: Collection[Field]) -> Iterator[tuple[str, str]]:
    """What is on file of a request that is not granted."""
    record, chart = case.record, case.chart
    yield "Kind", kind_words(record.kind) + (", urgent" if record.urgent else "")
    if record.begins or record.ends:
        yield "Dates", span_words(record.begins, record.ends, record.no_end)
    if record.diagnoses:
        yield "Diagnoses", ", ".join(record.diagnoses) if Field.DIAGNOSIS in fields else NOT_SHOWN
    if record.provider_npi:
        yield "Provider", chart.providers.get(record.provider_npi, f"NPI {record.provider_npi}")
    site = chart.sites.get(record.site_id) if record.site_id else None
    if site is not None:
        yield "Place", site.name
    if record.requested_on:
        yield "Sent on", long_day(record.requested_on)
    if record.decided_on:
        yield "Decided on", long_day(record.decided_on)
    if record.too_early_until and record.status in OPEN:
        yield "The payer takes it from", long_day(record.too_early_until)


def _chain(case: CaseFile) -> Iterator[Link]:
    """The cases that this one follows and that follow it, oldest first; none where it stands alone."""
    rows = {one.id: one for one in case.chart.approvals}
    found = _tied(case.record.id, rows)
    if len(found) < 2:
        return
    for one in sorted(found):
        row = rows[one]
        ended = row.status in GRANTED and row.ends is not None and row.ends < case.chart.today
        yield Link(
            id=row.id,
            code=case_code(row.id),
            kind=kind_words(row.kind),
            status=status_words(row.status) + (", ended" if ended else ""),
            span=span_words(row.begins, row.ends, row.no_end) if row.begins or row.ends else "",
            here=row.id == case.record.id,
        )


def _tied(start: UUID, rows: dict[UUID, Authorization]) -> set[UUID]:
    found, grown = {start}, True
    while grown:
        before = len(found)
        found |= {one.id for one in rows.values() if one.parent_id in found}
        found |= {parent for one in found if (parent := rows[one].parent_id) is not None and parent in rows}
        grown = len(found) > before
    return found


def _claim(case: CaseFile) -> Iterator[tuple[str, str]]:
    """What a biller puts on the claim."""
    record, chart = case.record, case.chart
    yield "Authorization number", record.number or record.reference or "No data"
    yield "Payer", record.payer_name
    yield "Dates", span_words(record.begins, record.ends, record.no_end)
    yield "For", items_words(record.items, record.drug)
    if record.provider_npi:
        yield "Provider", f"{chart.providers.get(record.provider_npi, '')} NPI {record.provider_npi}".strip()
