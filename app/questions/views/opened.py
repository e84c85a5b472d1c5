"""One question in words: what is asked, why it is not known, who waits for it, and what its form begins with."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.authorizations.facts import AuthorizationRecord, Counting
from app.clearance.facts.questions import QuestionKind
from app.clearance.rules.questions import reasons_of
from app.clearance.views.context import Told
from app.clearance.views.sentences import words_of
from app.coverage.facts import CoverageRecord
from app.policies.rules.routine import last_day_of_rule, usual_end_of_answer
from app.policies.rules.speaking import say_lacking
from app.policies.rules.wording import say_key
from app.questions.facts.pages import OpenedQuestion, Subject
from app.questions.views.visits import VisitRow, visit_rows
from app.questions.views.words import how_many, question_sentence
from app.values.wording import counted, long_day, short_day

MOST_REASONS = 5
RULE_KINDS = frozenset({QuestionKind.NEED, QuestionKind.PARTICIPATION, QuestionKind.GROUP, QuestionKind.TYPE})
"""Kinds whose answer holds for the whole practice: who records it must be allowed to edit rules."""


@dataclass(frozen=True, slots=True)
class CoverageChoice:
    """A coverage that may be chosen, with its version."""

    id: str
    words: str
    version: int


@dataclass(frozen=True, slots=True)
class Missing:
    """A field of an approval that its form asks for: its name, label, and the words of a counted item."""

    name: str
    label: str
    counting: str | None = None


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """All that the template shows."""

    id: UUID
    kind: str
    sentence: str
    visits_words: str
    first: str
    why: tuple[str, ...]
    rows: tuple[VisitRow, ...]
    shown: str
    first_page: bool
    patient_id: UUID | None
    visit_ids: tuple[UUID, ...]
    typed: Mapping[str, str]
    coverages: tuple[CoverageChoice, ...]
    missing: tuple[Missing, ...]
    version: int | None
    triggers: tuple[tuple[str, str], ...]
    unmet: tuple[str, ...]
    named: bool


def question_page(opened: OpenedQuestion, typed: Mapping[str, str] | None = None) -> QuestionPage:
    """Put an opened question into words. `typed`: the form as it was sent, when it comes back."""
    asked, subject = opened.asked, opened.subject
    question = asked.question
    kind = question.key.kind
    values = dict(typed) if typed is not None else _DEFAULTS.get(kind, _nothing)(opened)
    approval = subject.approval
    return QuestionPage(
        id=question.id,
        kind=kind.value,
        sentence=question_sentence(asked),
        visits_words=how_many(question, "booked visit waits", "booked visits wait"),
        first=long_day(question.first_day),
        why=tuple(_why(opened)),
        rows=visit_rows(opened.visits),
        shown=_shown(opened),
        first_page=opened.first_page,
        patient_id=asked.patient.id if asked.patient is not None else None,
        visit_ids=tuple(one.answer.lines[0].visit.id for one in opened.visits),
        typed=values,
        coverages=tuple(_choice(one, version) for one, version in subject.coverages),
        missing=tuple(_missing(approval[0], subject, values)) if approval is not None else (),
        version=approval[1] if approval is not None else None,
        triggers=tuple((key, say_key(key).capitalize()) for key in subject.triggers),
        unmet=tuple(say_lacking(name) for name in subject.unmet),
        named=asked.what is not None,
    )


def _why(opened: OpenedQuestion) -> list[str]:
    """Why it is not known, as the visits of this page say it: a few different sentences."""
    key = opened.asked.question.key.text
    said = [
        words.has
        for visit, line in opened.lines
        for reason in reasons_of(line, key)
        if (words := words_of(reason, Told(line, visit.answer.sites, visit.answer.basis.as_of))).has
    ]
    return list(dict.fromkeys(one for one in said if one))[:MOST_REASONS]


def _shown(opened: OpenedQuestion) -> str:
    total = opened.asked.question.visits
    if len(opened.visits) == total:
        return counted(total, "visit")
    more = " or more" if opened.asked.question.more else ""
    return f"{counted(len(opened.visits), 'visit')} of {total:,}{more} on this page"


def _choice(record: CoverageRecord, version: int) -> CoverageChoice:
    plan = f", {record.plan}" if record.plan else ""
    checked = f"checked {short_day(record.checked_on)}" if record.checked_on else "never checked"
    return CoverageChoice(str(record.id), f"{record.payer_name}{plan} ({record.rank.value}, {checked})", version)


def _missing(row: AuthorizationRecord, subject: Subject, typed: Mapping[str, str]) -> Iterator[Missing]:
    """The fields that the approval lacks, and those that were typed before somebody else filled them in."""
    if row.number is None or typed.get("number"):
        yield Missing("number", "Number")
    if row.begins is None or typed.get("begins"):
        yield Missing("begins", "First day")
    if (row.ends is None and not row.no_end) or typed.get("ends") or typed.get("no_end"):
        yield Missing("ends", "Last day")
    for place, item in enumerate(row.items):
        if item.counting is Counting.UNKNOWN or typed.get(f"count-{place}"):
            codes = f"{item.codes[0]} to {item.last}" if item.last else "/".join(item.codes)
            yield Missing(f"count-{place}", f"Count of {'any code' if codes == '*' else codes}", f"counting-{place}")
    if subject.member_missing:
        yield Missing("member_id", "Member ID on the approval")


def differing(
    fields: Sequence[tuple[str, object, str]],
) -> tuple[tuple[str, str, str], ...]:
    """Put what is on file now beside what was entered: label, on file, entered; where both are there and differ."""
    return tuple(
        (label, _text(now), entered) for label, now, entered in fields if entered and _text(now) not in ("", entered)
    )


def approval_fields(row: AuthorizationRecord, typed: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
    """What an approval says now beside what was entered."""
    counts = [
        (f"Count of {'/'.join(item.codes)}", item.count, typed.get(f"count-{place}", ""))
        for place, item in enumerate(row.items)
    ]
    return differing(
        [
            ("Number", row.number, typed.get("number", "")),
            ("First day", row.begins, typed.get("begins", "")),
            ("Last day", row.ends, typed.get("ends", "")),
            *counts,
        ]
    )


def coverage_fields(row: CoverageRecord, typed: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
    """What a coverage says now beside what was entered."""
    return differing(
        [
            ("Answer", row.result, typed.get("result", "")),
            ("Day of the check", row.checked_on, typed.get("checked_on", "")),
            ("Source", row.source, typed.get("source", "")),
            ("Reference", row.reference, typed.get("reference", "")),
        ]
    )


def _text(value: object) -> str:
    if value is None:
        return ""
    return short_day(value) if isinstance(value, date) else str(value)


def _need_values(opened: OpenedQuestion) -> dict[str, str]:
    until = short_day(last_day_of_rule(opened.today))
    return {"source_day": short_day(opened.today), "until": until}


def _unmet_values(opened: OpenedQuestion) -> dict[str, str]:
    return {"until": short_day(usual_end_of_answer(opened.today))}


def _network_values(opened: OpenedQuestion) -> dict[str, str]:
    return {"plan": opened.subject.plan or "", "begins": short_day(opened.today)}


def _check_values(opened: OpenedQuestion) -> dict[str, str]:
    return {"checked_on": short_day(opened.today)}


def _referral_values(opened: OpenedQuestion) -> dict[str, str]:
    named = opened.subject.named_referral or ""
    return {"referral": "number" if named else "", "number": named, "begins": short_day(opened.today)}


def _nothing(_opened: OpenedQuestion) -> dict[str, str]:
    return {}


_DEFAULTS: Mapping[QuestionKind, Callable[[OpenedQuestion], dict[str, str]]] = {
    QuestionKind.NEED: _need_values,
    QuestionKind.UNMET: _unmet_values,
    QuestionKind.PARTICIPATION: _network_values,
    QuestionKind.COVERAGE: _check_values,
    QuestionKind.REFERRAL: _referral_values,
}
