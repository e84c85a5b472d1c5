"""What stands in letters and packets of a case, in words, and on the pages where they are made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.authorizations.facts import Counting, RequestedLine
from app.authorizations.views import kind_words
from app.casework.facts.casebook import case_code
from app.casework.facts.criteria import CriterionLine, Proof
from app.casework.facts.papers import Papers, SheetWish
from app.casework.views.words import CHANNELS
from app.clearance.views.context import drug_name
from app.documents.facts import LetterKind
from app.policies.facts.answers import Truth
from app.policies.views.finder import PLACES
from app.values.wording import counted, long_day, short_day

LETTERS: Mapping[LetterKind, str] = {
    LetterKind.MEDICAL_NECESSITY: "Letter of medical necessity",
    LetterKind.APPEAL_FIRST: "Appeal, first level",
    LetterKind.APPEAL_SECOND: "Appeal, second level",
    LetterKind.APPEAL_EXTERNAL: "Request for external review",
}
RESULTS = {Truth.MET: "Met", Truth.NOT_MET: "Not met", Truth.UNKNOWN: "Not documented"}
WAYS = {"fax": "Fax", "phone": "Phone", "portal": "Portal", "x12": "Electronic (278)", "department": "Department"}
SHEETS = [
    (SheetWish.ALL.value, "All criteria, each with what proves it"),
    (SheetWish.MET.value, "Only criteria that are proven"),
    (SheetWish.NONE.value, "No criterion sheet"),
]
NOT_KNOWN = "Not known"


@dataclass(frozen=True, slots=True)
class CriterionWords:
    """One criterion of the sheet: our words, how it stands, and what proves it."""

    text: str
    result: str
    proofs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LineWords:
    """One line of the request."""

    what: str
    count: str
    dates: str
    place: str


def pairs_of(papers: Papers) -> dict[str, list[tuple[str, str]]]:
    """The data of a request, by heading: patient, coverage, who asks, and what for."""
    person, record, coverage = papers.patient, papers.record, papers.coverage
    group = record.group_number or (coverage.group_number if coverage else None)
    plan = record.plan or (coverage.plan if coverage else None)
    return {
        "Patient": [
            ("Name", f"{person.last_name}, {person.first_name}"),
            ("Date of birth", short_day(person.birth_date) if person.birth_date else NOT_KNOWN),
            *([("Phone", person.phone)] if person.phone else []),
            *([("Address", person.address)] if person.address else []),
        ],
        "Coverage": [
            ("Payer", record.payer_name),
            ("Member ID", record.member_id or (coverage.member_id if coverage else None) or NOT_KNOWN),
            *([("Group number", group)] if group else []),
            *([("Plan", plan)] if plan else []),
        ],
        "Requesting provider": [
            ("Provider", provider_words(papers)),
            ("Provider NPI", record.provider_npi or NOT_KNOWN),
            ("Practice", papers.practice.name),
            ("Group NPI", record.provider_group or papers.practice.group_npi or NOT_KNOWN),
            *([("Site", papers.site.name)] if papers.site else []),
        ],
        "Request": [
            ("Our case", case_code(record.id)),
            ("Kind", kind_words(record.kind)),
            ("Urgency", "Expedited" if record.urgent else "Standard"),
            *([("Payer's reference", record.reference)] if record.reference else []),
            *([("Approval number", record.number)] if record.number else []),
            ("Diagnoses (ICD-10-CM)", ", ".join(record.diagnoses) or NOT_KNOWN),
            *([("Benefit", CHANNELS[record.channel])] if record.channel else []),
            *([("NDC", record.ndc)] if record.ndc else []),
        ],
    }


def provider_words(papers: Papers) -> str:
    """The provider's name; where it is not on file, the number says who it is."""
    return (papers.provider.name if papers.provider else None) or papers.record.provider_npi or NOT_KNOWN


def service_of(papers: Papers) -> str:
    """What is asked for, in a few words: `Dupixent (J3590)`, `96910, 96912`."""
    codes = ", ".join(dict.fromkeys(one.code for one in papers.asked if one.code))
    drug = drug_name(papers.record.drug)
    return f"{drug} ({codes})" if drug and codes else drug or codes or "the service named in the request"


def line_words(papers: Papers) -> list[LineWords]:
    """The lines of the request: code with our own label, how many, when, where."""
    places = dict(PLACES)
    return [
        LineWords(
            _what(one, papers.labels),
            "Not stated"
            if one.count is None
            else counted(one.count, "visit" if one.counting is Counting.VISITS else "unit"),
            _span(one),
            places.get(one.place, one.place) if one.place else "Not stated",
        )
        for one in papers.asked
    ]


def _what(one: RequestedLine, labels: Mapping[str, str]) -> str:
    if one.code is None:
        return drug_name(one.drug) or "Not stated"
    code = f"{one.code} to {one.last}" if one.last else one.code
    code = "-".join([code, *one.modifiers])
    label = labels.get(one.code)
    return f"{code} {label}" if label else code


def _span(one: RequestedLine) -> str:
    if one.begins and one.ends:
        return f"{short_day(one.begins)} to {short_day(one.ends)}"
    return f"from {short_day(one.begins)}" if one.begins else "Not stated"


def criteria_words(papers: Papers, wish: SheetWish) -> list[CriterionWords]:
    """The criteria of the payer's rule with what proves each; those without proof only where they are wished."""
    if wish is SheetWish.NONE:
        return []
    lines = [one for one in papers.sheet.lines if wish is SheetWish.ALL or one.result is Truth.MET]
    return [
        CriterionWords(first_large(one.text), RESULTS[one.result], tuple(proof_words(proof) for proof in one.proofs))
        for one in lines
    ]


def proof_words(one: Proof) -> str:
    """What proves a criterion: what was found, the day, and where it stands."""
    where = ""
    if one.document_name:
        where = f", document of {short_day(one.dated)}" if one.dated else ", document on file"
        where += f", page {one.page}" if one.page else ""
    elif one.person:
        where = f", as {one.person} states"
    when = f" on {short_day(one.dated)}" if one.dated and one.fact is not None and not one.document_name else ""
    return f"{first_large(one.said)}{when}{where}"


def first_large(text: str) -> str:
    """Begin a line with a capital; the rest stays as it is."""
    return text[:1].upper() + text[1:]


def unproven(lines: Sequence[CriterionLine]) -> list[str]:
    """The criteria without proof, for whoever is about to send the request."""
    return [first_large(one.text) for one in lines if one.result is not Truth.MET]


def way_words(papers: Papers) -> list[str]:
    """How the payer takes the request: Fax 800-555-0100 (Provider services)."""
    found = []
    for way in papers.ways:
        kind = WAYS.get(way.kind, way.kind.replace("_", " ").capitalize())
        value = f" {way.value}" if way.value else ""
        found.append(f"{kind}{value}: {way.name}" if way.name and way.name != way.value else f"{kind}{value}")
    return found


def version_words(papers: Papers) -> dict[LetterKind, str]:
    """Each letter's newest version: version 2, by whom, when."""
    return {
        kind: f"Version {one.number}, {long_day(one.at.astimezone(papers.zone).date())}"
        + (f" by {papers.staff[one.by_id]}" if one.by_id and one.by_id in papers.staff else "")
        for kind, one in papers.letters.items()
    }
