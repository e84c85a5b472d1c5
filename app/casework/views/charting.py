"""Clinical facts and questions to providers in words, ready for their pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.casework.facts.casebook import case_code
from app.casework.facts.charting import NAMES, PARTS, SAID_BY, AskFile, AskStart, FactsFile, How, Outcome, Part, Potency
from app.casework.facts.criteria import Proof
from app.casework.views.criteria import KIND_WORDS, lacking_words, proof_words
from app.clinical.facts import ClinicalFact, FactKind, ProviderAsk, SourceKind
from app.clinical.rules.wording import say_fact, say_name, say_named
from app.policies.facts.answers import Truth
from app.policies.rules.chart import proves
from app.values.wording import counted, short_day

SOURCE_WORDS = {
    SourceKind.DOCUMENT: "A document on file",
    SourceKind.CLAIM: "A paid claim",
    SourceKind.CALL: "Said on the telephone (shown, proves nothing)",
    SourceKind.PATIENT: "Said by the patient (shown, proves nothing)",
}
_YES_NO = (("yes", "Yes"), ("no", "No"))
_OUTCOMES = {
    Outcome.INADEQUATE: "Did not work well enough",
    Outcome.INTOLERANCE: "Not tolerated",
    Outcome.CONTRAINDICATION: "Contraindicated",
    Outcome.NOT_A_CANDIDATE: "Not a candidate for it",
    Outcome.TRIED: "Tried, outcome not said",
    Outcome.NONE: "Never tried",
}


@dataclass(frozen=True, slots=True)
class FieldWords:
    """One field of a form: how it is typed (text, day, choice, picks, area), and what there is to choose."""

    name: str
    label: str
    how: str
    required: bool
    hint: str | None
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact of the list. `counts` says why it does not settle anything, where it does not."""

    id: UUID
    said: str
    dated: str
    where: str
    document_id: UUID | None
    why_not: str | None
    entered: str


@dataclass(frozen=True, slots=True)
class FactGroup:
    """The facts of one kind."""

    title: str
    rows: tuple[FactRow, ...]


@dataclass(frozen=True, slots=True)
class AskRow:
    """One question to a provider in a list."""

    id: UUID
    state: str
    title: str
    due: str | None
    case_id: UUID | None
    patient: str = ""


@dataclass(frozen=True, slots=True)
class FactsPage:
    """The clinical facts of a patient: those that stand by kind, those that count no more, questions to providers."""

    patient_id: UUID
    name: str
    mrn: str
    groups: tuple[FactGroup, ...]
    gone: tuple[FactRow, ...]
    asks: tuple[AskRow, ...]
    kinds: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FactPage:
    """The form of one fact."""

    patient_id: UUID
    name: str
    mrn: str
    kind: str
    kind_words: str
    name_label: str | None
    names: tuple[str, ...]
    fields: tuple[FieldWords, ...]
    sources: tuple[tuple[str, str], ...]
    documents: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ItemWords:
    """One item that a provider is asked: the criterion, and its fields. `answer` is what was answered."""

    place: int
    words: str
    title: str
    fields: tuple[FieldWords, ...]
    answer: str | None
    today: bool


def facts_page(file: FactsFile) -> FactsPage:
    """Put a patient's clinical facts into words."""
    standing = [one for one in file.facts if one.ended_at is None]
    groups = []
    for kind in FactKind:
        rows = [_row(one, file) for one in standing if one.kind is kind]
        if rows:
            groups.append(FactGroup(KIND_WORDS[kind], tuple(rows)))
    return FactsPage(
        patient_id=file.patient.id,
        name=full_name(file.patient.first_name, file.patient.last_name),
        mrn=file.patient.mrn,
        groups=tuple(groups),
        gone=tuple(_row(one, file) for one in file.facts if one.ended_at is not None),
        asks=tuple(ask_row(one, file.people) for one in file.asks),
        kinds=tuple((kind.value, KIND_WORDS[kind]) for kind in FactKind),
    )


def full_name(first: str, last: str) -> str:
    """A person's name as pages write it."""
    return f"{first} {last}"


def _row(fact: ClinicalFact, file: FactsFile) -> FactRow:
    (proof,) = proof_words([_proof(fact, file)])
    by = file.people.get(fact.recorded_by) if fact.recorded_by is not None else None
    return FactRow(
        id=fact.id,
        said=proof.said,
        dated=short_day(fact.dated) if fact.dated is not None else "Not known",
        where=proof.where,
        document_id=proof.document_id,
        why_not=_why_not(fact, file),
        entered=f"{by or 'The program'}, {fact.recorded_at:%m/%d/%Y}",
    )


def _why_not(fact: ClinicalFact, file: FactsFile) -> str | None:
    if fact.ended_at is not None:
        followed = any(one.corrects == fact.id for one in file.facts)
        return "Corrected: another fact stands in its place" if followed else "Taken away"
    if fact.source.document_id in file.removed:
        return "Settles nothing: its document was taken away"
    return None if proves(fact, file.today) else "Settles nothing until a document, a claim or a provider shows it"


def _proof(fact: ClinicalFact, file: FactsFile) -> Proof:
    source = fact.source
    name = next((one.name for one in file.documents if one.id == source.document_id), None)
    person = file.people.get(source.person) if source.person is not None else None
    return Proof(say_fact(fact), fact, fact.dated, source.document_id, name, source.page, person, source.words)


def fact_page(file: FactsFile, kind: FactKind) -> FactPage:
    """What the form of one fact holds."""
    return FactPage(
        patient_id=file.patient.id,
        name=full_name(file.patient.first_name, file.patient.last_name),
        mrn=file.patient.mrn,
        kind=kind.value,
        kind_words=KIND_WORDS[kind],
        name_label=NAMES.get(kind),
        names=tuple(say_named(kind, one) for one in file.names[kind]),
        fields=fields_of(kind, ""),
        sources=tuple((one.value, SOURCE_WORDS[one]) for one in SAID_BY),
        documents=(
            ("", "Choose the document"),
            *((str(one.id), f"{one.name}, {counted(one.pages, 'page')}") for one in file.documents),
        ),
    )


def fields_of(kind: FactKind, before: str) -> tuple[FieldWords, ...]:
    """The fields of one kind of fact; `before` begins their names."""
    return tuple(_field(part, before) for part in PARTS[kind])


def _field(part: Part, before: str) -> FieldWords:
    how, options = _CHOICES.get(part.how, ("text", ()))
    return FieldWords(before + part.name, part.label, how, part.required, part.hint, options)


_CHOICES: Mapping[How, tuple[str, tuple[tuple[str, str], ...]]] = {
    How.DAY: ("day", ()),
    How.LIST: ("area", ()),
    How.YES_NO: ("picks", _YES_NO),
    How.OUTCOME: ("choice", (("", "Choose how it ended"), *((one.value, _OUTCOMES[one]) for one in Outcome))),
    How.POTENCY: ("choice", (("", "Not said"), *((one.value, say_name(one.value).capitalize()) for one in Potency))),
}


def first_values(fact: ClinicalFact | None, wanted: Mapping[str, str]) -> dict[str, str]:
    """What a form of a fact starts with: the fact that is corrected, or what is lacking."""
    if fact is None:
        return {"source": SourceKind.DOCUMENT.value, **wanted, "name": say_name(wanted.get("name", ""))}
    values = {name: _typed(text, PARTS[fact.kind], name) for name, text in fact.values.items()}
    return values | {
        "name": say_named(fact.kind, fact.name),
        "dated": short_day(fact.dated) if fact.dated is not None else "",
        "source": fact.source.kind.value if fact.source.kind in SAID_BY else "",
        "document": str(fact.source.document_id or ""),
        "page": str(fact.source.page or ""),
        "words": fact.source.words,
    }


def _typed(text: str, parts: Sequence[Part], name: str) -> str:
    how = next((part.how for part in parts if part.name == name), How.TEXT)
    if how is How.DAY and text:
        year, month, day = text.split("-")
        return f"{month}/{day}/{year}"
    return text.replace("; ", "\n") if how is How.LIST else text


def ask_row(ask: ProviderAsk, people: Mapping[UUID, str], patient: str = "") -> AskRow:
    """One question to a provider in a list."""
    who = people.get(ask.asked_of, "a provider")
    asked = f"{who} was asked {counted(len(ask.items), 'thing')} on {ask.asked_at:%m/%d/%Y}"
    state = "Answered" if ask.answered_at is not None else "Withdrawn" if ask.withdrawn_at is not None else "Open"
    return AskRow(ask.id, state, asked, short_day(ask.due_on) if ask.due_on else None, ask.case_id, patient)


@dataclass(frozen=True, slots=True)
class AskChoice:
    """One thing that can be asked: `key` is its value in the form."""

    key: str
    words: str
    criterion: str


def ask_choices(start: AskStart) -> tuple[AskChoice, ...]:
    """What is lacking of a case's criteria, each once: what a provider can be asked."""
    found: dict[str, AskChoice] = {}
    for line in start.sheet.lines:
        if line.result is not Truth.UNKNOWN:
            continue
        for kind, name in line.lacking:
            for meant in (name,) if name else start.sheet.asked.diagnoses:
                key = f"{kind.value} {meant}"
                found.setdefault(key, AskChoice(key, lacking_words(kind, meant), line.text))
    return tuple(found.values())


def item_words(file: AskFile) -> tuple[ItemWords, ...]:
    """The items of a question to a provider, with their fields and what was answered."""
    items = []
    for place, item in enumerate(file.ask.items):
        fact_id = file.ask.answers[place] if place < len(file.ask.answers) else None
        fact = file.facts.get(fact_id) if fact_id is not None else None
        answer = f"{say_fact(fact)}, {short_day(fact.dated)}" if fact is not None and fact.dated is not None else None
        items.append(
            ItemWords(
                place=place,
                words=item.words[:1].upper() + item.words[1:],
                title=lacking_words(item.kind, item.name),
                fields=fields_of(item.kind, f"a{place}-"),
                answer=answer if answer is not None else "Not known" if file.ask.answered_at is not None else None,
                today=item.kind is not FactKind.LAB,
            )
        )
    return tuple(items)


def about_case(case_id: UUID | None) -> str | None:
    """What a case is called."""
    return case_code(case_id) if case_id is not None else None
