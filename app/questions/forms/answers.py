"""From a filled-in form to what records the answer: one reader for each kind of question."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.clearance.facts.questions import OpenQuestion, QuestionKind
from app.platform.caller import Caller
from app.questions.actions import charts, coverages, recording
from app.questions.facts.pages import OpenedQuestion
from app.questions.forms import approvals, facts, needs
from app.questions.forms.typed import Typed

Record = Callable[[Caller, OpenQuestion], str | None]
"""Records an answer; returns by what name it can be taken back, None when it cannot."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form as sent: its fields, the ticks of its lists, and the question that it answers."""

    typed: Typed
    ticks: Sequence[str]
    opened: OpenedQuestion

    @property
    def version(self) -> int:
        """The version of the record that the person saw; 0 when the form does not say."""
        text = self.typed.values.get("version", "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def read_form(form: Form) -> Record | None:
    """Read the form of a question. None when something is to be mended or asked first, or its kind has no form."""
    reader = _READERS.get(form.opened.asked.question.key.kind)
    return reader(form) if reader is not None else None


def _need(form: Form) -> Record | None:
    word = needs.read_need(form.typed)
    return None if word is None else lambda caller, question: recording.say_need(caller, question, word)


def _unmet(form: Form) -> Record | None:
    word = needs.read_patient_word(form.typed)
    return None if word is None else lambda caller, question: recording.say_for_patient(caller, question, word)


def _class(form: Form) -> Record | None:
    found = facts.read_triggers(form.typed, form.ticks, form.opened.subject.triggers)
    return None if found is None else lambda caller, question: charts.say_documented(caller, question, found)


def _coverage(form: Form) -> Record | None:
    word = approvals.read_check(form.typed, [one.id for one, _version in form.opened.subject.coverages])
    if word is None:
        return None
    return lambda caller, question: coverages.record_check(caller, UUID(question.key.parts[0]), word)


def _participation(form: Form) -> Record | None:
    word = facts.read_network(form.typed)
    return None if word is None else lambda caller, question: recording.say_network(caller, question, word)


def _group(form: Form) -> Record | None:
    npi = facts.read_group(form.typed)
    return None if npi is None else lambda caller, question: charts.say_group(caller, question, npi)


def _type(form: Form) -> Record | None:
    name = form.opened.asked.what
    lines = facts.read_lines(form.typed)
    if lines is None or name is None:
        return None
    return lambda caller, _question: recording.say_type(caller, name, lines)


def _approval(form: Form) -> Record | None:
    subject = form.opened.subject
    if subject.approval is None:
        return None
    changes: Mapping[str, Any] | None = approvals.read_approval(form.typed, subject.approval[0], subject.member_missing)
    if changes is None:
        return None
    version, kept = form.version, changes
    return lambda caller, question: recording.say_approval(caller, question, version, kept)


def _referral(form: Form) -> Record | None:
    known = {one.id: (one, version) for one, version in form.opened.subject.coverages}
    word = approvals.read_referral(form.typed, list(known))
    if word is None:
        return None
    if word.not_needed:
        patient = UUID(form.opened.asked.question.key.parts[0])
        seen = approvals.version_seen(form.typed, word.coverage_id)
        return lambda caller, _question: coverages.record_no_referral(
            caller, patient, word.coverage_id, seen, word.said_by
        )
    return lambda caller, question: recording.say_referral(caller, question, word, known[word.coverage_id][0])


_READERS: Mapping[QuestionKind, Callable[[Form], Record | None]] = {
    QuestionKind.NEED: _need,
    QuestionKind.UNMET: _unmet,
    QuestionKind.CLASS: _class,
    QuestionKind.COVERAGE: _coverage,
    QuestionKind.PARTICIPATION: _participation,
    QuestionKind.GROUP: _group,
    QuestionKind.TYPE: _type,
    QuestionKind.APPROVAL: _approval,
    QuestionKind.REFERRAL: _referral,
}
