"""What the visit panel and the rows of lists show of an opened visit: plain texts, ready for a template."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from app.authorizations.facts import Authorization, Counting, Item
from app.clearance.facts.opened import OpenedVisit
from app.clearance.facts.reasons import Reason, Result
from app.clearance.facts.verdicts import LineVerdict
from app.clearance.views.cited import CiteWords, cite_words, to_record
from app.clearance.views.context import Told, Words, approval_source, called, coverage_source, drug_name
from app.clearance.views.latest import latest_words, latest_words_of_visit
from app.clearance.views.offers import Offers, offers_of
from app.clearance.views.sentences import BADGE_WORDS, CHECK_WORDS, shown_words, words_of
from app.clearance.views.strips import ApprovalStrip, approval_strips
from app.coverage.facts import Coverage
from app.policies.views.requirements import why_sentence
from app.schedule.facts import VisitStatus
from app.values.wording import clock_time, counted, long_day, short_day

_WORST_FIRST = {Result.FAIL: 0, Result.UNKNOWN: 1, Result.WARN: 2, Result.PASS: 3}
RESULT_WORDS = {
    Result.FAIL: "Does not hold",
    Result.UNKNOWN: "Not known",
    Result.WARN: "Look at this",
    Result.PASS: "Holds",
}
_STATUS_WORDS = {
    VisitStatus.CANCELED: "This visit is canceled. It takes no units.",
    VisitStatus.NO_SHOW: "The patient did not come. This visit takes no units.",
    VisitStatus.DONE: "This visit is done.",
}


@dataclass(frozen=True, slots=True)
class ServiceWords:
    """One planned service: its code, drug or visit type, its units, and our label for it."""

    code: str
    units: int
    label: str | None


@dataclass(frozen=True, slots=True)
class CheckWords:
    """One finding in words."""

    name: str
    result: str
    result_words: str
    words: Words


@dataclass(frozen=True, slots=True)
class PanelLine:
    """One planned service with its findings, what is open first; `badge` None: billed by somebody else.

    `case`: the authorization that was held against it; `record`: what a form that records the payer's word starts with,
    where that would settle the line.
    """

    service: ServiceWords
    badge: str | None
    open: tuple[CheckWords, ...]
    passed: tuple[CheckWords, ...]
    requirement: str | None
    cite: CiteWords | None
    coverage: tuple[tuple[str, str], ...]
    approval: tuple[tuple[str, str], ...]
    latest: str | None
    case: UUID | None = None
    record: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """Why one visit may go ahead or not."""

    visit_id: UUID
    day: date
    badge: str
    sentence: str
    when: str
    place: str
    patient: str
    mrn: str
    status: str | None
    latest: str | None
    fixes: tuple[str, ...]
    lines: tuple[PanelLine, ...]
    basis: str
    offers: Offers
    strips: tuple[ApprovalStrip, ...]


def panel_of(opened: OpenedVisit) -> Panel:
    """Put an opened visit into the words of its panel."""
    assert opened.whole, "the panel tells of a visit that was judged"
    answer = opened.answer
    visit = answer.lines[0].visit
    badge, sentence, _short = shown_words(answer)
    latest = latest_words_of_visit(answer.lines, answer.basis.as_of)
    site = answer.sites.get(visit.site_id)
    starts = visit.starts_at.astimezone(answer.zone)
    place = [site.name if site else "Site not known", provider_name(opened, answer.lines[0])]
    return Panel(
        visit_id=visit.id,
        day=visit.day,
        badge=badge.value,
        sentence=sentence.removeprefix(f"{BADGE_WORDS[badge]}. "),
        when=f"{long_day(starts.date())} {clock_time(starts)}",
        place=", ".join(place),
        patient=patient_name(opened),
        mrn=opened.patient.mrn,
        status=_STATUS_WORDS.get(visit.status),
        latest=f"{latest.sentence}." if latest is not None else None,
        fixes=tuple(dict.fromkeys(_fixes(opened))),
        lines=tuple(_line(one, opened) for one in answer.lines),
        basis=_basis(opened),
        offers=offers_of(opened),
        strips=_strips(opened),
    )


def _strips(opened: OpenedVisit) -> tuple[ApprovalStrip, ...]:
    if opened.beside is None:
        return ()
    return approval_strips(opened.beside.file.authorizations, opened.beside.lines, opened.answer.basis.as_of)


def patient_name(opened: OpenedVisit) -> str:
    """The patient's name as lists write it: last, first."""
    return f"{opened.patient.last_name}, {opened.patient.first_name}"


def provider_name(opened: OpenedVisit, verdict: LineVerdict) -> str:
    """The rendering provider's name, else the NPI."""
    npi = verdict.line.provider_npi
    return opened.providers.get(npi) or (f"NPI {npi}" if npi else "Provider not known")


def instant_words(instant: datetime, zone: ZoneInfo) -> str:
    """A day and time in a zone, without naming it: 12/01/2026 6:05 AM."""
    local = instant.astimezone(zone)
    return f"{short_day(local.date())} {clock_time(local)}"


def service_words(opened: OpenedVisit, verdict: LineVerdict) -> ServiceWords:
    """How a planned service is called."""
    line = verdict.line
    if line.refused_row is not None:
        return ServiceWords(f"Row {line.refused_row}, refused", line.units, None)
    code = line.code or drug_name(line.drug) or f"Visit type {line.visit_type}"
    return ServiceWords(code, line.units, opened.services.get(line.code or ""))


def units_words(verdict: LineVerdict) -> str | None:
    """Units used after this line, of those approved: `23 of 36`. None where they are not counted."""
    left, item = verdict.units_left_after, _item_of(verdict)
    if left is None or item is None or item.count is None:
        return None
    return f"{max(0, item.count - left)} of {item.count}"


def _item_of(verdict: LineVerdict) -> Item | None:
    code = verdict.line.code or ""
    items = verdict.chosen.items if verdict.chosen is not None else ()
    counts = [item for item in items if item.count is not None]
    named = [item for item in counts if item.names(code)]
    found = [item for item in named if code in item.codes] or named or (counts if len(items) == 1 else [])
    return found[0] if found else None


def _fixes(opened: OpenedVisit) -> Iterator[str]:
    """What to do, worst first: of what does not hold, is not known, and may break."""
    found = [
        (_WORST_FIRST[reason.result], words.fix)
        for one in opened.answer.lines
        if one.badge is not None
        for reason in one.reasons
        if reason.result is not Result.PASS and (words := words_of(reason, _told(one, opened))).fix
    ]
    yield from (fix for _rank, fix in sorted(found, key=lambda entry: entry[0]) if fix)


def _told(verdict: LineVerdict, opened: OpenedVisit) -> Told:
    return Told(verdict, opened.answer.sites, opened.answer.basis.as_of)


def _line(verdict: LineVerdict, opened: OpenedVisit) -> PanelLine:
    told = _told(verdict, opened)
    ordered = sorted(verdict.reasons, key=lambda reason: _WORST_FIRST[reason.result])
    checks = [_check(reason, told) for reason in ordered]
    requirement, latest = verdict.requirement, latest_words(verdict, told.as_of)
    return PanelLine(
        service=service_words(opened, verdict),
        badge=verdict.badge.value if verdict.badge is not None else None,
        open=tuple(one for one in checks if one.result != Result.PASS.value),
        passed=tuple(one for one in checks if one.result == Result.PASS.value),
        requirement=why_sentence(requirement, told.payer, told.what) if requirement is not None else None,
        cite=cite_words(told, opened) if requirement is not None else None,
        coverage=tuple(_coverage(verdict.coverage)) if verdict.coverage is not None else (),
        approval=tuple(_approval(verdict)) if verdict.chosen is not None else (),
        latest=f"{latest.sentence}." if latest is not None else None,
        case=verdict.chosen.id if verdict.chosen is not None else None,
        record=to_record(verdict, opened),
    )


def _check(reason: Reason, told: Told) -> CheckWords:
    words = words_of(reason, told)
    return CheckWords(CHECK_WORDS[reason.check], reason.result.value, RESULT_WORDS[reason.result], words)


def _span(begins: date | None, ends: date | None, no_end: bool = False) -> str:
    first = short_day(begins) if begins else "not known"
    last = short_day(ends) if ends else "no end" if no_end else "not known"
    return f"{first} to {last}"


def _coverage(row: Coverage) -> Iterator[tuple[str, str]]:
    plan = f", {row.plan}" if row.plan else ""
    yield "Payer", f"{row.payer_name}{plan} ({row.rank.value})"
    yield "Dates", _span(row.span.begins, row.span.ends, no_end=True) if row.span.begins else "Begin not known"
    answer = {"active": "Active", "inactive": "Inactive", "unknown": "Answer unknown"}
    checked = f", checked {short_day(row.checked_on)}" if row.checked_on else ""
    yield "Last answer", f"{answer.get(row.result or '', 'Never checked')}{checked}"
    source = coverage_source(row)
    if source:
        yield "Source", source


def _approval(verdict: LineVerdict) -> Iterator[tuple[str, str]]:
    row = verdict.chosen
    assert row is not None
    yield "Number", called(row)
    yield "Payer", row.payer_name
    yield "Status", row.status.value.replace("_", " ").capitalize()
    yield "Dates", _span(row.begins, row.ends, row.no_end)
    yield "Approved for", _items(row)
    units = units_words(verdict)
    if units is not None:
        yield "Used after this visit", f"{units}, {counted(verdict.units_left_after or 0, 'unit')} left"
    yield "Source", approval_source(row)


def _items(row: Authorization) -> str:
    parts = [_counted_item(item) for item in row.items]
    drug = drug_name(row.drug)
    return "; ".join([*parts, drug] if drug else parts) or "No code on file"


def _counted_item(item: Item) -> str:
    names = f"{item.codes[0]} to {item.last}" if item.last else "/".join(item.codes)
    names = "any code" if names == "*" else names
    if item.count is not None:
        return f"{names}, {counted(item.count, 'visit' if item.counting is Counting.VISITS else 'unit')}"
    return f"{names}, {'not counted' if item.counting is Counting.NOT_COUNTED else 'count not known'}"


def _basis(opened: OpenedVisit) -> str:
    answer = opened.answer
    imported = answer.basis.schedule_import
    schedule = f"schedule import {instant_words(imported, answer.zone)}" if imported else "no schedule import"
    checked = [one.coverage.checked_on for one in answer.lines if one.coverage and one.coverage.checked_on]
    eligibility = f"eligibility checked {short_day(min(checked))}" if checked else "eligibility never checked"
    rules = f"rules {answer.basis.rules_version[:12]}"
    return f"Basis: {schedule}; {eligibility}; {rules}; answered for {long_day(answer.basis.as_of)}."
