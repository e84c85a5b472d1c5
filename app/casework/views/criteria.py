"""The criteria of a request in words, ready for a block of a page, a packet or a sheet to read out."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.casework.facts.criteria import CriteriaSheet, CriterionLine, Proof, RuleCriteria
from app.clinical.facts import MEDICATION_LIST, FactKind, SourceKind
from app.clinical.rules.wording import say_named
from app.policies.facts.answers import Confidence, Truth
from app.policies.rules.speaking import say_lacking
from app.values.wording import counted, listed, short_day

RESULTS = {
    Truth.MET: ("pass", "Met"),
    Truth.NOT_MET: ("fail", "Not met"),
    Truth.UNKNOWN: ("unknown", "Not known"),
}
KIND_WORDS = {
    FactKind.DIAGNOSIS: "Diagnosis",
    FactKind.MEASURE: "Measure",
    FactKind.SCORE: "Score",
    FactKind.TRIAL: "Trial of therapy",
    FactKind.LAB: "Lab result",
    FactKind.FINDING: "Finding",
    FactKind.MEDICATIONS: "Medication list",
    FactKind.CONTRAINDICATION: "Contraindication",
    FactKind.HISTORY: "Event in the history",
    FactKind.RESPONSE: "Response to therapy",
    FactKind.PRIOR_USE: "Drug used before",
    FactKind.THERAPY: "About the therapy",
    FactKind.PRESCRIBER: "Prescriber",
}
"""What each kind of fact is called."""


@dataclass(frozen=True, slots=True)
class ProofWords:
    """One proof: what it says, and where that stands with its day. `document_id` opens the document."""

    said: str
    where: str
    document_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Lacking:
    """A fact that would settle a criterion, so that a form can start with it."""

    kind: str
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class LineWords:
    """One criterion: `result` is pass, fail or unknown."""

    text: str
    result: str
    result_words: str
    proofs: tuple[ProofWords, ...]
    told: tuple[ProofWords, ...]
    lacking: tuple[Lacking, ...]
    settles: str | None


@dataclass(frozen=True, slots=True)
class RuleWords:
    """One rule with its criteria, and where it was read."""

    summary: str
    ref: str
    source: str
    url: str | None
    note: str | None
    lines: tuple[LineWords, ...]
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CriteriaBlock:
    """The criteria of a request. `empty` says why there is nothing to show; `headline` counts."""

    headline: str
    rules: tuple[RuleWords, ...]
    empty: str | None
    patient_id: UUID
    case_id: UUID | None
    unknown: int


def criteria_block(sheet: CriteriaSheet) -> CriteriaBlock:
    """Put a sheet into words. The block holds clinical facts: for readers of them only."""
    return CriteriaBlock(
        headline=_headline(sheet),
        rules=tuple(_rule(one, sheet) for one in sheet.rules if one.lines or one.documents),
        empty=_empty(sheet),
        patient_id=sheet.patient_id,
        case_id=sheet.case_id,
        unknown=sheet.count(Truth.UNKNOWN),
    )


def _headline(sheet: CriteriaSheet) -> str:
    counts = [(sheet.count(result), words) for result, (_sign, words) in RESULTS.items()]
    said = [f"{count} {words.lower()}" for count, words in counts if count]
    total = counted(len(sheet.lines), "criterion", "criteria")
    return f"{total}: {listed(said)}, as of {short_day(sheet.on)}" if said else ""


def _empty(sheet: CriteriaSheet) -> str | None:
    if sheet.hidden:
        return "Criteria rest on clinical facts, which are not shown to your role."
    if not sheet.rules:
        return (
            f"No rule on file says what {sheet.payer_name} asks for this. Ask the payer which criteria it applies, "
            "and note the reference."
        )
    if not sheet.lines:
        return f"The rule on file names no criteria. Ask {sheet.payer_name} whether it applies any."
    return None


def _rule(rule: RuleCriteria, sheet: CriteriaSheet) -> RuleWords:
    cite = rule.cite
    read = f", read {short_day(cite.read_on)}" if cite is not None and cite.read_on is not None else ""
    source = (
        f"{cite.title}{read}" if cite is not None else "From memory: verify it with the payer before you rely on it"
    )
    note = None
    if sheet.asked.renewal:
        note = (
            "Criteria of a renewal."
            if rule.own_renewal
            else "The rule states no criteria of a renewal; those of a first request are shown."
        )
    return RuleWords(
        summary=rule.summary,
        ref=rule.ref,
        source=source,
        url=cite.url if cite is not None and rule.confidence is not Confidence.MEMORY else None,
        note=note,
        lines=tuple(_line(line) for line in rule.lines),
        documents=rule.documents,
    )


def _line(line: CriterionLine) -> LineWords:
    sign, words = RESULTS[line.result]
    lacking = tuple(Lacking(kind.value, name, lacking_words(kind, name)) for kind, name in line.lacking)
    settles = listed([say_lacking(one) for one in line.unmet]) if line.unmet else None
    return LineWords(
        text=line.text[:1].upper() + line.text[1:],
        result=sign,
        result_words=words,
        proofs=proof_words(line.proofs),
        told=proof_words(line.told),
        lacking=lacking,
        settles=settles,
    )


def lacking_words(kind: FactKind, name: str) -> str:
    """What a fact that is lacking is called: `Trial of therapy: tcs`."""
    if not name or name == MEDICATION_LIST:
        return KIND_WORDS[kind]
    between = " without" if kind is FactKind.MEDICATIONS else ":"
    return f"{KIND_WORDS[kind]}{between} {say_named(kind, name)}"


def proof_words(proofs: Sequence[Proof]) -> tuple[ProofWords, ...]:
    """Proofs in words: what each says, and who or what says it, with page and day."""
    return tuple(ProofWords(one.said[:1].upper() + one.said[1:], _where(one), one.document_id) for one in proofs)


def _where(proof: Proof) -> str:
    if proof.fact is None:
        return "Patient's record" if proof.dated is not None else "The request"
    day = f", {short_day(proof.dated)}" if proof.dated is not None else ", without a day"
    return f"{_source(proof, proof.fact.source.kind)}{day}"


def _source(proof: Proof, kind: SourceKind) -> str:
    words = f" ({proof.source_words})" if proof.source_words else ""
    page = f", page {proof.page}" if proof.page is not None else ""
    document = f"{proof.document_name or 'a document'}{page}"
    if kind is SourceKind.DOCUMENT:
        return f"{document[:1].upper()}{document[1:]}{words}"
    if kind is SourceKind.PROVIDER:
        return f"Answer of {proof.person or 'a provider'}"
    if kind is SourceKind.CLAIM:
        return f"Paid claim{words}" + (f", {document}" if proof.document_id is not None else "")
    said = "Said on the telephone" if kind is SourceKind.CALL else "Said by the patient"
    return f"{said}{words}: proves nothing by itself"
