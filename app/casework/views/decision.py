"""The page of the payer's answer: what may be answered, what the form shows first, and what an answer would do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from app.authorizations.facts import AuthorizationRecord, Item, RequestedLine, Status
from app.authorizations.intake import write_codes
from app.authorizations.rules.moves import may_move
from app.authorizations.rules.requested import asked_of
from app.casework.facts.casebook import case_code
from app.casework.facts.cases import CaseFile
from app.casework.facts.decisions import DISMISSED_FOR, Decision, Foreseen
from app.casework.views.approval_form import Choices, typed_of
from app.casework.views.case_words import service_words
from app.casework.views.comparing import Cut, cuts_of
from app.casework.views.composer import proof_choices
from app.casework.views.words import CHANNELS, options, person_name, status_words
from app.clearance.views.context import drug_name
from app.clearance.views.sentences import BADGE_WORDS
from app.values.wording import counted, long_day, short_day

LABELS: Mapping[Decision, str] = {
    Decision.APPROVED: "Approved",
    Decision.VERBAL: "Said yes, no number yet",
    Decision.MORE_INFO: "More information asked",
    Decision.INFO_SENT: "We sent what was asked",
    Decision.DENIED: "Denied",
    Decision.NOT_REQUIRED: "Not required",
    Decision.TOO_EARLY: "Too early to submit",
    Decision.WITHDRAWN: "We withdraw it",
    Decision.DISMISSED: "Dismissed by the payer",
    Decision.CLOSED: "Close the case",
}
_STATUS = {
    Decision.APPROVED: Status.APPROVED,
    Decision.VERBAL: Status.APPROVED,
    Decision.MORE_INFO: Status.MORE_INFO,
    Decision.INFO_SENT: Status.SUBMITTED,
    Decision.DENIED: Status.DENIED,
    Decision.NOT_REQUIRED: Status.NOT_REQUIRED,
    Decision.WITHDRAWN: Status.WITHDRAWN,
    Decision.DISMISSED: Status.DISMISSED,
    Decision.CLOSED: Status.CLOSED,
}
_UNSENT_OR_WAITING = frozenset({Status.DRAFT, Status.NEEDS_DOCUMENTS, Status.READY, Status.SUBMITTED})
DISMISSALS = {
    "duplicate": "A duplicate of another request",
    "wrong_payer": "Sent to the wrong payer",
    "outside_window": "Outside the payer's window",
}
FIELDS = (
    "number", "begins", "ends", "codes", "units", "site", "due_on", "due_time", "until", "why", "person",
    "contact_reference", "reference", "words", "proof", "next_action", "next_on", "provider", "provider_binds",
    "places", "channel", "diagnoses", "drug", "ndc", "decided_on", "no_end",
)  # fmt: skip
MORE = ("provider", "provider_binds", "places", "channel", "diagnoses", "drug", "ndc", "no_end", "reference")


@dataclass(frozen=True, slots=True)
class Broken:
    """One booked visit whose badge would be another: before and after; `worse`: it would stand worse than it does."""

    visit_id: UUID
    when: str
    before: str | None
    after: str | None
    worse: bool


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """All that the template shows. `cuts` and `broken` stand where an answer waits to be confirmed."""

    id: UUID
    code: str
    patient: str
    mrn: str
    service: str
    status: str
    version: int
    what: str
    title: str
    tabs: tuple[tuple[str, str, bool], ...]
    values: Mapping[str, str]
    errors: Mapping[str, str | None]
    sites: Choices
    providers: Choices
    channels: Choices
    dismissals: Choices
    proofs: tuple[tuple[str, str], ...]
    more: bool
    cuts: tuple[Cut, ...] = ()
    broken: tuple[Broken, ...] = ()
    corrects: UUID | None = None


def open_to(record: AuthorizationRecord, corrects: bool = False) -> tuple[Decision, ...]:
    """Which answers may be recorded from where a case stands; a correction may set any but what only we do."""
    return tuple(one for one in LABELS if _is_open(one, record, corrects))


def _is_open(one: Decision, record: AuthorizationRecord, corrects: bool) -> bool:
    if one is Decision.INFO_SENT:
        return record.status is Status.MORE_INFO
    if one is Decision.TOO_EARLY:
        return record.status in _UNSENT_OR_WAITING
    if one is Decision.CLOSED:
        return record.status is not Status.CLOSED and may_move(record, Status.CLOSED)
    if corrects:
        return one in (
            Decision.APPROVED,
            Decision.VERBAL,
            Decision.NOT_REQUIRED,
            Decision.WITHDRAWN,
            Decision.DISMISSED,
        )
    if one in (Decision.NOT_REQUIRED, Decision.DENIED) and record.status is _STATUS[one]:
        return False
    return may_move(record, _STATUS[one])


def decision_page(
    case: CaseFile,
    what: Decision,
    typed: Mapping[str, str] | None,
    faults: Mapping[str, str],
    corrects: UUID | None,
    foreseen: Foreseen | None = None,
) -> DecisionPage:
    """Put the page into words; `typed` is what came back to be mended, with `faults`; `foreseen` what it would do."""
    record, chart = case.record, case.chart
    values = dict.fromkeys(FIELDS, "") | (dict(typed) if typed is not None else first_values(case, what))
    return DecisionPage(
        id=record.id,
        code=case_code(record.id),
        patient=person_name(chart.details),
        mrn=chart.details.mrn,
        service=service_words(record),
        status=status_words(record.status),
        version=case.version,
        what=what.value,
        title="Correct the decision" if corrects else "Record the answer",
        tabs=tuple((one.value, LABELS[one], one is what) for one in open_to(record, corrects is not None)),
        values=values,
        errors=dict.fromkeys(FIELDS) | dict(faults),
        sites=[("", "Any place of the practice"), *((str(one.id), one.name) for one in chart.sites.values())],
        providers=list(chart.providers.items()),
        channels=options(CHANNELS, "Not stated"),
        dismissals=[("", "Choose"), *((one, DISMISSALS[one]) for one in DISMISSED_FOR)],
        proofs=proof_choices(case),
        more=any(name in faults for name in MORE),
        cuts=tuple(cuts_of(foreseen.lines, chart.sites, chart.providers)) if foreseen is not None else (),
        broken=tuple(_broken(foreseen)) if foreseen is not None else (),
        corrects=corrects,
    )


def first_values(case: CaseFile, what: Decision) -> dict[str, str]:
    """What the form shows before anybody types: what was asked for, where nothing is granted yet."""
    record, today = case.record, case.chart.today
    values = typed_of(record)
    lines = record.requested or asked_of(record)
    values["codes"] = values["codes"] or write_codes(_items(lines))
    first = next(iter(lines), RequestedLine())
    begins, ends = record.begins or first.begins, record.ends or first.ends
    values["begins"] = short_day(begins) if begins else ""
    values["ends"] = short_day(ends) if ends else ""
    values["decided_on"] = values["decided_on"] or short_day(today)
    values["drug"] = values["drug"] or drug_name(first.drug) or ""
    if what is Decision.VERBAL:
        values |= {"next_action": "Ask for the number of the approval"}
    return values


def _items(lines: tuple[RequestedLine, ...]) -> tuple[Item, ...]:
    return tuple(Item((one.code,), one.last, one.counting, one.count) for one in lines if one.code is not None)


def _broken(foreseen: Foreseen) -> Iterator[Broken]:
    for turn in sorted(foreseen.turns, key=lambda one: (not one.breaks, one.visit.starts_at)):
        yield Broken(
            turn.visit.id,
            long_day(turn.visit.day),
            BADGE_WORDS[turn.before] if turn.before is not None else None,
            turn.after.value if turn.after is not None else None,
            turn.breaks,
        )


def asks_first(foreseen: Foreseen) -> str | None:
    """The question that is asked once before an answer is saved, where it grants less or breaks visits."""
    cut = [line for line in foreseen.lines if line.cut]
    broken = [turn for turn in foreseen.turns if turn.breaks]
    parts = []
    if cut:
        parts.append(f"The payer grants other than was asked in {counted(len(cut), 'line')}.")
    if broken:
        parts.append(f"{counted(len(broken), 'booked visit')} will stand worse than now.")
    return " ".join(parts) or None
