"""From a request to the questions whose rules have criteria, and from what is proven to lines of a sheet."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.casework.facts.criteria import CriteriaAsked, CriterionLine, Proof, RuleCriteria
from app.clearance.rules.asking import STATE_OF_COVERAGE
from app.clinical.facts import ClinicalFact, SourceKind
from app.clinical.rules.wording import say_fact
from app.coverage.facts import Coverage
from app.documents.facts import Document
from app.policies.facts.answers import Question
from app.policies.facts.book import Book
from app.policies.rules.chart import Known, known, proves
from app.policies.rules.leaves import documented_key, years
from app.policies.rules.sheet import Shown, criteria_shown
from app.values.codes import is_drug_code
from app.values.wording import short_day


@dataclass(frozen=True, slots=True)
class Helpers:
    """What is on file beside the request. `facts` are those that stand; `people` names of staff by id."""

    book: Book
    on: date
    day: date
    age_months: int | None
    birth_date: date | None
    coverage: Coverage | None
    states: frozenset[str]
    drug_of: Callable[[str], str | None]
    facts: Sequence[ClinicalFact]
    documents: Mapping[UUID, Document]
    people: Mapping[UUID, str]


def questions_of(asked: CriteriaAsked, with_: Helpers) -> tuple[Question, ...]:
    """Make one question for each code, and one for a drug that no code names; without either there is none."""
    coverage = with_.coverage
    line = asked.line or (coverage.line if coverage is not None else None) or with_.book.only_line(asked.payer)
    of_coverage = line in STATE_OF_COVERAGE and coverage is not None
    states = frozenset({coverage.state} if of_coverage and coverage is not None else with_.states)
    state = next(iter(states)) if len(states) == 1 else None
    drugs = {code: with_.drug_of(code) for code in asked.codes if is_drug_code(code)}
    named: list[tuple[str | None, str | None]] = [(code, drugs.get(code)) for code in asked.codes]
    if asked.drug is not None and asked.drug not in drugs.values():
        named = [(code, asked.drug if code in drugs and drugs[code] is None else drug) for code, drug in named]
        named = named if any(drug == asked.drug for _code, drug in named) else [(None, asked.drug), *named]
    return tuple(
        Question(
            payer=asked.payer,
            day=with_.day,
            code=code,
            drug=drug,
            line=line,
            plan=asked.plan or (coverage.plan if coverage is not None else None),
            channel=asked.channel,
            companions=frozenset(asked.codes) - {code or ""},
            diagnoses=asked.diagnoses,
            place=asked.place,
            state=state,
            age_months=with_.age_months,
            provider=asked.provider_npi,
        )
        for code, drug in named
    )


def rules_of(questions: Sequence[Question], asked: CriteriaAsked, with_: Helpers) -> tuple[RuleCriteria, ...]:
    """Hold the criteria of all rules that answer against what is proven; each rule once."""
    shown = known(with_.facts, with_.on, asked.diagnoses, with_.day)
    found: dict[str, RuleCriteria] = {}
    for question in questions:
        for one in criteria_shown(with_.book, question, shown, asked.renewal):
            rule = one.rule
            found.setdefault(
                rule.ref,
                RuleCriteria(
                    ref=rule.ref,
                    summary=rule.extras.summary,
                    need=rule.plain.need,
                    confidence=rule.plain.confidence,
                    cite=rule.cite,
                    lines=tuple(_line(criterion, shown, with_) for criterion in one.criteria),
                    documents=rule.extras.documents,
                    own_renewal=one.renewal,
                ),
            )
    return tuple(found.values())


def _line(shown: Shown, chart: Known, with_: Helpers) -> CriterionLine:
    return CriterionLine(
        text=shown.text,
        result=shown.result,
        proofs=tuple(_proofs(shown.proofs, chart, with_)),
        lacking=shown.lacking,
        unmet=shown.unmet,
        told=tuple(_told(shown, with_)),
    )


def _proofs(names: Sequence[str], chart: Known, with_: Helpers) -> Iterator[Proof]:
    given: set[UUID] = set()
    for name in names:
        if name == "age" and with_.birth_date is not None and with_.age_months is not None:
            age = f"{years(with_.age_months)} years old on {short_day(with_.day)}, by the birth date on file"
            yield Proof(age, dated=with_.birth_date)
        elif name == "place":
            yield Proof("place of service, as the request has it")
        for fact in chart.evidence.get(name, ()):
            if fact.id not in given:
                given.add(fact.id)
                yield _proof(fact, with_)


def _told(shown: Shown, with_: Helpers) -> Iterator[Proof]:
    """What was said of what is lacking, and proves nothing by itself."""
    for fact in with_.facts:
        same = any(
            kind is fact.kind and name in ("", fact.name, documented_key(fact.name)) for kind, name in shown.lacking
        )
        if same and not proves(fact, with_.on):
            yield _proof(fact, with_)


def _proof(fact: ClinicalFact, with_: Helpers) -> Proof:
    source = fact.source
    document = with_.documents.get(source.document_id) if source.document_id is not None else None
    return Proof(
        said=say_fact(fact),
        fact=fact,
        dated=fact.dated,
        document_id=source.document_id,
        document_name=document.name if document is not None else None,
        page=source.page,
        person=with_.people.get(source.person) if source.person is not None else None,
        source_words=source.words if source.kind is not SourceKind.PROVIDER else "",
    )
