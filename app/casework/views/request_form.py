"""The form of a request in words: what is typed in it, what may be chosen, and what belongs to it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.authorizations.facts import Kind
from app.authorizations.views import kind_words, status_words
from app.casework.facts.casebook import case_code
from app.casework.facts.requests import ONE, RequestAnswer, RequestStart, Typed
from app.casework.rules.asking import Service, one, shown_name
from app.casework.views.request_answer import AnswerWords, answer_words, unanswered
from app.casework.views.words import CHANNELS, RANKS, items_words, options
from app.clearance.views.context import called, drug_name
from app.policies.facts.answers import Need
from app.policies.facts.book import Book
from app.policies.rules.families import family_label
from app.policies.rules.service_words import ServiceHit
from app.practice.facts.practice import Site
from app.schedule.facts import Visit, VisitStatus
from app.values.wording import long_day, short_day

Choices = list[tuple[str, str]]
FIELDS = (
    "coverage", "service", "diagnoses", "reason", "begins", "ends", "provider", "site", "place", "channel", "ndc",
    "kind", "parent", "urgent",
)  # fmt: skip
"""The fields in the order of the page."""
NEED_SHORT = {
    Need.REQUIRED: "Approval needed",
    Need.NOT_REQUIRED: "None needed",
    Need.REQUIRED_WHEN_UNMET: "Needed in some cases",
    Need.NOTIFICATION: "Notice to the payer",
    Need.VOLUNTARY: "Claim is reviewed",
    Need.NOT_COVERED: "Not covered",
    Need.COSMETIC: "Cosmetic",
    Need.UNKNOWN: "Not known",
}
MORE = ("place", "channel", "ndc", "kind", "parent", "urgent")


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line that is or may be asked for. `need` is what the payer asks for it by itself; empty: not looked up."""

    name: str
    label: str
    detail: str
    ticked: bool
    count: str
    counting: str
    modifiers: str
    need: str
    need_key: str


@dataclass(frozen=True, slots=True)
class PartWords:
    """Codes of one kind that the day may end with."""

    label: str
    why: str
    lacking: bool
    rows: tuple[LineRow, ...]
    open: bool


@dataclass(frozen=True, slots=True)
class FamilyWords:
    """A family of codes; `basis` says on what it rests."""

    label: str
    basis: str
    parts: tuple[PartWords, ...]


@dataclass(frozen=True, slots=True)
class HitRow:
    """One service that words may mean."""

    value: str
    label: str
    codes: str


@dataclass(frozen=True, slots=True)
class VisitTick:
    """One visit that the request may be for."""

    id: UUID
    when: str
    what: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class Written:
    """The form as it stands: what was typed, what was read of its services, and what has to be mended."""

    typed: Typed
    service: Service
    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RequestPage:
    """All that the template shows. `choices` are those of each list, by its field."""

    patient_id: UUID
    id: UUID
    name: str
    mrn: str
    visit_id: UUID | None
    case: str | None
    case_version: int | None
    values: Mapping[str, str]
    errors: Mapping[str, str | None]
    choices: Mapping[str, Choices]
    lines: tuple[LineRow, ...]
    families: tuple[FamilyWords, ...]
    hits: tuple[tuple[str, tuple[HitRow, ...]], ...]
    visits: tuple[VisitTick, ...]
    answer: AnswerWords | None
    unanswered: str | None
    at_hand: tuple[str, ...]
    lacks: tuple[str, ...]
    more: bool


def request_page(
    start: RequestStart,
    draft_id: UUID,
    written: Written,
    answer: RequestAnswer,
    book: Book,
    lacks: Sequence[str],
    case_version: int | None,
) -> RequestPage:
    """Put the form into words.

    Takes     what it starts from; its id; the form as it stands; what the rules say; the rule book, for our labels;
              what a case would lack, in words; the version of the case that the page shows.
    """
    typed, service = written.typed, written.service
    values = {name: one(typed, name) for name in ONE}
    patient = start.patient
    return RequestPage(
        patient_id=patient.id,
        id=draft_id,
        name=f"{patient.last_name}, {patient.first_name}",
        mrn=patient.mrn,
        visit_id=start.visit.id if start.visit is not None else None,
        case=case_code(start.case.id) if start.case is not None else None,
        case_version=case_version,
        values=values,
        errors=dict.fromkeys(FIELDS) | dict(written.errors),
        choices=_choices(start),
        lines=tuple(_rows(typed, service, answer, book)),
        families=tuple(_families(typed, service, answer)),
        hits=tuple((words, tuple(_hits(found))) for words, found in service.hits.items()),
        visits=tuple(_visit(visit, start.sites, typed) for visit in start.visits),
        answer=answer_words(answer, start.sites, start.today),
        unanswered=unanswered(answer),
        at_hand=typed.get("have", ()),
        lacks=tuple(lacks),
        more=_more(values) or any(name in MORE for name in written.errors),
    )


def _choices(start: RequestStart) -> Mapping[str, Choices]:
    return {
        "coverage": [("", "Choose the coverage"), *_coverages(start)],
        "kind": [(kind.value, kind_words(kind)) for kind in Kind],
        "parent": [("", "None"), *_parents(start)],
        "site": [("", "Any place of the practice"), *((str(row.id), row.name) for row in start.sites)],
        "provider": [(row.npi, row.name or "") for row in start.providers],
        "channel": options(CHANNELS, "Not stated"),
    }


def _more(values: Mapping[str, str]) -> bool:
    return any(
        values[name] and values[name] != Kind.INITIAL.value for name in ("kind", "parent", "urgent", "channel", "ndc")
    )


def _coverages(start: RequestStart) -> Iterator[tuple[str, str]]:
    for row in start.coverages:
        plan = f" {row.plan}" if row.plan else ""
        ended = f", ended {short_day(row.ends)}" if row.ends else ""
        yield str(row.id), f"{RANKS[row.rank]}: {row.payer_name}{plan}, member {row.member_id}{ended}"


def _parents(start: RequestStart) -> Iterator[tuple[str, str]]:
    own = start.case.id if start.case is not None else None
    for row in sorted(start.approvals, key=lambda each: each.id.int, reverse=True):
        if row.id != own:
            days = f", to {short_day(row.ends)}" if row.ends else ""
            what = items_words(row.items, row.drug)
            yield str(row.id), f"{called(row)} {status_words(row.status).lower()}{days}: {what}"


def _rows(typed: Typed, service: Service, answer: RequestAnswer, book: Book) -> Iterator[LineRow]:
    """What is asked for, one row a line; codes of a family stand there instead."""
    of_families = {code.code for family in answer.families for part in family.parts for code in part.codes}
    needs = {line.line.name: line.found.requirement.need for line in answer.lines if line.found is not None}
    labels = _labels(book)
    for line in service.lines:
        if line.name not in of_families:
            label = drug_name(line.drug) if line.drug else labels.get(line.name) or family_label(book, line.name)
            shown = shown_name(line.name)
            yield _row(typed, line.name, shown, label if label and label != shown else "", True, needs.get(line.name))


def _labels(book: Book) -> Mapping[str, str]:
    """Our label of each code that is of one service only."""
    found: dict[str, set[str]] = {}
    for key, service in book.services.services.items() if book.services is not None else ():
        for code in service.codes if not key.startswith("drug_class:") else ():
            found.setdefault(code, set()).add(service.label)
    return {code: next(iter(names)) for code, names in found.items() if len(names) == 1}


def _families(typed: Typed, service: Service, answer: RequestAnswer) -> Iterator[FamilyWords]:
    asked = {line.name for line in service.lines}
    needs = {line.line.name: line.found.requirement.need for line in answer.lines if line.found is not None}
    needs |= dict(answer.needs)
    shown: set[str] = set()
    for family in answer.families:
        parts = []
        for part in family.parts:
            codes = [code for code in part.codes if code.code not in shown]
            shown.update(code.code for code in codes)
            rows = tuple(
                _row(typed, code.code, code.code, code.label, code.code in asked, needs.get(code.code))
                for code in codes
            )
            used = any(row.ticked for row in rows) or part.lacking
            parts.append(PartWords(part.label, part.why, part.lacking, rows, used))
        basis = f"Source: {family.basis}" if family.basis else "Our own list, from how these days usually go"
        yield FamilyWords(family.label, basis, tuple(part for part in parts if part.rows))


def _row(typed: Typed, name: str, label: str, detail: str, ticked: bool, need: Need | None) -> LineRow:
    return LineRow(
        name,
        label,
        detail,
        ticked,
        one(typed, f"count-{name}"),
        one(typed, f"counting-{name}") or "units",
        one(typed, f"modifiers-{name}"),
        NEED_SHORT[need] if need is not None else "",
        need.value if need is not None else "",
    )


def _hits(found: Sequence[ServiceHit]) -> Iterator[HitRow]:
    for hit in found:
        yield HitRow(hit.drug or "/".join(hit.codes), hit.label, "drug" if hit.drug else ", ".join(hit.codes))


def _visit(visit: Visit, sites: Sequence[Site], typed: Typed) -> VisitTick:
    site = next((row for row in sites if row.id == visit.site_id), None)
    where = f", {site.name}" if site is not None else ""
    done = " (done)" if visit.status is VisitStatus.DONE else ""
    names = [line.code or drug_name(line.drug) or f"visit type {line.visit_type}" for line in visit.lines]
    ticked = str(visit.id) in typed.get("visit", ())
    return VisitTick(visit.id, f"{long_day(visit.day)}{where}{done}", ", ".join(dict.fromkeys(names)), ticked)
