"""A patient's page in words."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from app.authorizations.facts import Authorization
from app.casework.facts.chart import Chart
from app.casework.rules.outcome import stopped_by, wants_approval
from app.casework.views.timeline import NOT_SHOWN, Entry, shown_changes, timeline
from app.casework.views.words import (
    BENEFITS,
    CHANNELS,
    CONTACTS,
    KNOWN,
    LINES,
    NETWORKS,
    PLAN_KINDS,
    RANKS,
    WAYS_SAID,
    answer_words,
    items_words,
    person_name,
    phone_words,
    span_words,
    status_words,
)
from app.clearance.facts.opened import OpenedVisit
from app.clearance.facts.reasons import Reason
from app.clearance.facts.verdicts import LineVerdict
from app.clearance.rules.candidates import GRANTED, KINDS
from app.clearance.rules.usage import use_of
from app.clearance.views.context import Told, called, drug_name
from app.clearance.views.panel import ServiceWords, instant_words, provider_name, service_words
from app.clearance.views.sentences import shown_words, words_of
from app.clearance.views.strips import ApprovalStrip, drawn
from app.coverage.facts import CheckResult, CoverageRecord
from app.policies.facts.answers import Need
from app.practice.facts.practice import Site
from app.practice.rules.fields import Field
from app.schedule.facts import VisitStatus
from app.values.insurance import Rank
from app.values.wording import clock_time, long_day, short_day

NEXT_SHOWN, PAST_SHOWN = 20, 10
VISIT_STATUSES = {VisitStatus.CANCELED: "Canceled", VisitStatus.NO_SHOW: "Did not come", VisitStatus.DONE: "Done"}
_RANK_ORDER = list(Rank)
_NEEDS = {Need.REQUIRED: "Approval needed", Need.NOT_REQUIRED: "No approval needed"}


@dataclass(frozen=True, slots=True)
class CoverageWords:
    """One coverage: who pays, and what is known of it."""

    id: UUID
    rank: str
    payer: str
    pairs: tuple[tuple[str, str], ...]
    answer: str
    bad: bool


@dataclass(frozen=True, slots=True)
class ApprovalWords:
    """One approval: its facts, its life and units where it counts, and the first booked visit it will not cover."""

    id: UUID
    name: str
    status: str
    pairs: tuple[tuple[str, str], ...]
    strip: ApprovalStrip | None
    short: str | None
    open: bool


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One visit of the list; `badge` None: it is not booked, and `status` says why. `wants`: an approval is missing."""

    id: UUID
    when: str
    where: str
    services: tuple[ServiceWords, ...]
    badge: str | None
    status: str
    reason: str
    wants: bool


@dataclass(frozen=True, slots=True)
class PatientPage:
    """All that the template shows."""

    id: UUID
    name: str
    mrn: str
    version: int
    who: tuple[tuple[str, str], ...]
    wishes: tuple[tuple[str, str], ...]
    no_coverage: str | None
    coverages: tuple[CoverageWords, ...]
    approvals: tuple[ApprovalWords, ...]
    ended: tuple[ApprovalWords, ...]
    next: tuple[VisitRow, ...]
    past: tuple[VisitRow, ...]
    more: str | None
    answers: tuple[tuple[str, str, str, str], ...]
    timeline: tuple[Entry, ...]


def patient_page(chart: Chart, may_edit: bool, fields: Collection[Field] = tuple(Field)) -> PatientPage:
    """Put a patient's chart into words. Takes what of it the reader reads: the rest is left out, and said to be."""
    details = chart.details
    listed = [one for one in chart.visits if one.answer.lines[0].visit.id not in chart.unseen]
    coming = [one for one in listed if _day(one) >= chart.today]
    past = [one for one in listed if _day(one) < chart.today][::-1]
    approvals = [approval_words(one, chart, fields) for one in sorted(chart.approvals, key=_latest_first, reverse=True)]
    return PatientPage(
        id=details.id,
        name=person_name(details),
        mrn=details.mrn,
        version=chart.version,
        who=tuple(_who(chart, fields)),
        wishes=tuple(_wishes(chart)) if Field.CONTACT in fields else (),
        no_coverage=_no_coverage(chart),
        coverages=tuple(_coverage(one, chart, fields) for one in sorted(chart.coverages, key=_in_order)),
        approvals=tuple(one for one in approvals if one.open),
        ended=tuple(one for one in approvals if not one.open),
        next=tuple(visit_row(one) for one in coming[:NEXT_SHOWN]),
        past=tuple(visit_row(one) for one in past[:PAST_SHOWN]),
        more=_more(len(coming), len(past)),
        answers=tuple(_answers(chart)),
        timeline=tuple(_shown(one, fields) for one in timeline(chart, may_edit)),
    )


def _shown(entry: Entry, fields: Collection[Field]) -> Entry:
    return replace(entry, changes=shown_changes(entry.changes, fields))


def _day(opened: OpenedVisit) -> date:
    return opened.answer.lines[0].visit.day


def _in_order(row: CoverageRecord) -> tuple[int, int]:
    return (_RANK_ORDER.index(row.rank), -(row.begins.toordinal() if row.begins else 0))


def _latest_first(row: Authorization) -> tuple[object, ...]:
    day = row.ends or row.begins or row.decided_on or row.requested_on
    return (row.no_end, day.toordinal() if day else 0, row.id.int)


def _who(chart: Chart, fields: Collection[Field]) -> Iterator[tuple[str, str]]:
    details = chart.details
    yield "Born", short_day(details.birth_date) if details.birth_date else "No data"
    if Field.CONTACT not in fields:
        yield "Phone, e-mail, wishes", NOT_SHOWN
        return
    yield "Phone", phone_words(details.phone)
    yield "E-mail", details.email or "No data"
    yield "Language", details.language or "No data"


def _wishes(chart: Chart) -> Iterator[tuple[str, str]]:
    last = chart.wishes[0] if chart.wishes else None
    yield "Reach by", CONTACTS[last.contact] if last and last.contact else "No wish recorded"
    if last is None:
        yield "Texts", "Yes, as a file stated" if chart.details.text_consent else "No: no consent on record"
        return
    said = f", {WAYS_SAID[last.said].lower()}" if last.said else ""
    who = chart.staff.get(last.user_id, "somebody no longer on file") if last.user_id else last.via
    recorded = f"recorded {instant_words(last.at, chart.zone)} by {who}"
    yield "Texts", f"{'Yes' if last.text_consent else 'No'}{said}; {recorded}"


def _no_coverage(chart: Chart) -> str | None:
    said_on = chart.details.no_coverage_on
    if said_on is None or chart.coverages:
        return None
    return f"No insurance, by the practice's word of {short_day(said_on)}. Visits are self-pay."


def _coverage(row: CoverageRecord, chart: Chart, fields: Collection[Field]) -> CoverageWords:
    return CoverageWords(
        id=row.id,
        rank=RANKS[row.rank],
        payer=row.payer_name + (f", {row.plan}" if row.plan else ""),
        pairs=tuple(_coverage_pairs(row, fields)),
        answer=answer_words(row, chart.today),
        bad=row.result is CheckResult.INACTIVE,
    )


def _coverage_pairs(row: CoverageRecord, fields: Collection[Field]) -> Iterator[tuple[str, str]]:
    yield "Member ID", (row.member_id or "No data") if Field.MEMBER_ID in fields else NOT_SHOWN
    yield "Dates", span_words(row.begins, row.ends, no_end=row.begins is not None)
    kind = [LINES[row.line]] if row.line else []
    kind += [PLAN_KINDS[row.plan_kind]] if row.plan_kind else []
    yield "Kind", ", ".join([*kind, *([row.state] if row.state else [])]) or "Not known"
    yield "Benefit", BENEFITS[row.benefit]
    if row.plan_id or row.group_number:
        yield "Plan ID, group", ", ".join(filter(None, (row.plan_id, row.group_number)))
    yield "Network", NETWORKS[row.network] if row.network else "No data"
    yield "Referral required", KNOWN[row.referral_required] if row.referral_required else "No data"
    if row.other_primary:
        yield "Order", f"The plan says that {row.other_payer or 'another plan'} is primary"


def approval_words(row: Authorization, chart: Chart, fields: Collection[Field]) -> ApprovalWords:
    """Put one approval into words, as far as the reader's role reads it."""
    use = use_of(row, [line for one in chart.visits for line in one.answer.lines], chart.today)
    counts = row.status in GRANTED and row.kind in KINDS
    ended = row.ends is not None and row.ends < chart.today
    return ApprovalWords(
        id=row.id,
        name=called(row),
        status=status_words(row.status) + (", ended" if ended else ""),
        pairs=tuple(_approval_pairs(row, chart, fields)),
        strip=drawn(use, chart.today) if counts else None,
        short=_short(use.first_short, chart) if use.first_short is not None else None,
        open=not ended and row.status.value not in ("voided", "withdrawn", "dismissed"),
    )


def _approval_pairs(row: Authorization, chart: Chart, fields: Collection[Field]) -> Iterator[tuple[str, str]]:
    yield "Payer", row.payer_name
    yield "Dates", span_words(row.begins, row.ends, row.no_end)
    yield "For", items_words(row.items, row.drug)
    if row.provider_npi:
        yield "Provider", chart.providers.get(row.provider_npi, f"NPI {row.provider_npi}")
    site = chart.sites.get(row.site_id) if row.site_id else None
    if site or row.places:
        yield "Place", ", ".join([*([site.name] if site else []), *(f"place of service {one}" for one in row.places)])
    if row.channel:
        yield "Benefit", CHANNELS[row.channel]
    if row.diagnoses:
        yield "Diagnoses", ", ".join(row.diagnoses) if Field.DIAGNOSIS in fields else NOT_SHOWN
    if row.number and row.reference:
        yield "Reference", row.reference


def _short(first: LineVerdict, chart: Chart) -> str:
    if first.visit.id in chart.unseen:
        return "A booked visit out of your sight is not covered."
    why = why_held_not(first, chart.sites, chart.today)
    return f"First booked visit not covered: {long_day(first.visit.day)} {_what(first)}. {why}."


def _what(verdict: LineVerdict) -> str:
    return verdict.line.code or drug_name(verdict.line.drug) or f"visit type {verdict.line.visit_type}"


def why_held_not(verdict: LineVerdict, sites: Mapping[UUID, Site], today: date) -> str:
    """Say in short why the approval that was held against a line does not cover it: the first finding that stops it."""
    found = stopped_by(verdict)
    return "Code not in it" if found is Reason.CODE_DIFFERS else words_of(found, Told(verdict, sites, today)).short


def visit_row(opened: OpenedVisit) -> VisitRow:
    """Put one visit into the words of a row."""
    answer = opened.answer
    visit = answer.lines[0].visit
    badge, _sentence, short = shown_words(answer)
    site = answer.sites.get(visit.site_id)
    starts = visit.starts_at.astimezone(answer.zone)
    booked = visit.status is VisitStatus.BOOKED
    return VisitRow(
        id=visit.id,
        when=f"{long_day(visit.day)} {clock_time(starts)}",
        where=", ".join([site.name if site else "Site not known", provider_name(opened, answer.lines[0])]),
        services=tuple(service_words(opened, one) for one in answer.lines),
        badge=badge.value if booked else None,
        status="" if booked else VISIT_STATUSES[visit.status],
        reason=short if booked else "",
        wants=booked and any(wants_approval(one) for one in answer.lines),
    )


def _more(coming: int, past: int) -> str | None:
    hidden = max(0, coming - NEXT_SHOWN) + max(0, past - PAST_SHOWN)
    return f"{hidden:,} more on the schedule." if hidden else None


def _answers(chart: Chart) -> Iterator[tuple[str, str, str, str]]:
    """What payers said for this patient: what for, the answer, for which days, and where it was said."""
    for one in chart.answers:
        names = ", ".join(sorted(drug_name(name) or name if name.startswith("drug") else name for name in one.names))
        said = f" on {short_day(one.said_on)}" if one.said_on else ""
        need = _NEEDS.get(one.need, one.need.value.replace("_", " ").capitalize())
        yield names, need, span_words(one.span.begins, one.span.ends), f"Reference {one.reference}{said}"
