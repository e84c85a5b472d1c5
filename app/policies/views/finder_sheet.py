"""Answers of one or two payers to the same question, row by row: beside each other, and on paper."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.policies.facts.answers import Confidence, Covered, Need
from app.policies.facts.finder_page import FinderForm
from app.policies.facts.records import Found
from app.policies.facts.searching import Hit, Kind
from app.policies.views.finder import CHANNELS, LINES, PLACES, Condition, FinderAnswer
from app.values.wording import long_day

COVERED_WORDS = {
    Covered.COVERED: "Covered",
    Covered.CRITERIA: "Covered when its criteria are met",
    Covered.COSMETIC_UNLESS: "Cosmetic, unless a medical reason is shown",
    Covered.EXCLUDED: "Not covered, or investigational",
    Covered.UNKNOWN: "Not known",
}
_SAME, _DIFFERENT = "Same", "Different"
_ASKED_LABELS = {
    "pos": "Place of service",
    "state": "State",
    "channel": "Benefit",
    "age": "Age in years",
    "plan": "Plan",
    "line": "Line of business",
    "with": "Other codes of the visit",
    "dx": "Diagnosis",
}
_WORDS = {"pos": dict(PLACES), "channel": dict(CHANNELS), "line": dict(LINES)}


@dataclass(frozen=True, slots=True)
class Told:
    """One payer's answer: its name, what was found, the same in words; `asked`: its name as it was typed."""

    payer: str
    found: Found
    answer: FinderAnswer
    asked: str = ""

    @property
    def unheard_of(self) -> bool:
        """Whether no rule of the library or the practice speaks for a payer of this name."""
        return not self.found.payer.in_library and self.found.requirement.need is Need.UNKNOWN


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One line of a cell. `mark`: in words, whether the other payer says so too; None where nothing is compared."""

    text: str
    mark: str | None = None


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: what is told, a cell for each payer, and whether they say the same (None: one payer alone)."""

    name: str
    cells: tuple[tuple[SheetLine, ...], ...]
    same: str | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One or two payers' answers. `asked`: the question in pairs; `service`: what it is about."""

    service: str
    asked: tuple[tuple[str, str], ...]
    payers: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    verify: tuple[str, ...]


def sheet(told: Sequence[Told], form: FinderForm, asks: Mapping[str, str], day: date) -> Sheet:
    """Put answers beside each other. `asks`: the fields of the address that ask the question; `day`: of service."""
    rows = (_row(name, told, make) for name, make in _ROWS)
    return Sheet(
        service=_service(form.found),
        asked=(("Date of service", long_day(day)), *_asked(asks)),
        payers=tuple(one.payer for one in told),
        rows=tuple(row for row in rows if row is not None),
        verify=tuple(sentence for one in told for sentence in _to_verify(one)),
    )


def _service(hit: Hit | None) -> str:
    if hit is None:
        return ""
    return hit.label if hit.kind in (Kind.DRUG, Kind.SERVICE) else hit.key


def _asked(asks: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    named = ((name, label, asks.get(name, "")) for name, label in _ASKED_LABELS.items())
    return tuple((label, _WORDS.get(name, {}).get(text, text)) for name, label, text in named if text)


def _to_verify(one: Told) -> list[str]:
    """What on a sheet is not to be relied on before somebody asked the payer."""
    source = one.answer.source
    sentences = []
    if source is not None and "memory" in source.confidence:
        sentences.append(f"To verify: the rule of {one.payer} is from memory; nobody read its source.")
    if source is not None and source.warning is not None:
        sentences.append(f"To verify: the source of {one.payer}. {source.warning}")
    return sentences


def _row(name: str, told: Sequence[Told], make: Callable[[Told], Sequence[str]]) -> SheetRow | None:
    texts = [tuple(make(one)) for one in told]
    if not any(texts):
        return None
    if len(texts) == 1:
        return SheetRow(name, (tuple(SheetLine(text) for text in texts[0]),), None)
    folded = [{text.casefold() for text in cell} for cell in texts]
    same = None if name in _OWN else _SAME if folded[0] == folded[1] else _DIFFERENT
    several = name in _MARKED and same == _DIFFERENT
    cells = (
        tuple(SheetLine(text, _mark(text, folded[1 - place]) if several else None) for text in cell)
        for place, cell in enumerate(texts)
    )
    return SheetRow(name, tuple(cells), same)


def _mark(text: str, others: set[str]) -> str:
    return "both" if text.casefold() in others else "only here"


def _coverage(one: Told) -> list[str]:
    requirement = one.found.requirement
    memory = requirement.confidence is Confidence.MEMORY and requirement.coverage is not Covered.UNKNOWN
    return [COVERED_WORDS[requirement.coverage] + (" (from memory, to verify)" if memory else "")]


def _conditions(one: Told) -> list[str]:
    return [_condition(condition) for condition in one.answer.conditions]


def _condition(one: Condition) -> str:
    return f"{one.text} ({one.result_words.lower()})"


def _times(names: Sequence[str]) -> Callable[[Told], Sequence[str]]:
    def told(one: Told) -> list[str]:
        return [f"{name}: {length}" if len(names) > 1 else length for name, length in one.answer.times if name in names]

    return told


def _source(one: Told) -> list[str]:
    source = one.answer.source
    if source is None:
        return []
    rule = f" Rule {source.rule}." if source.rule else ""
    return [f"{source.title}. {source.confidence}{rule}", *([source.url] if source.url else [])]


def _fresh(one: Told) -> list[str]:
    source = one.answer.source
    if source is None:
        return []
    read = [f"Read {source.read}."] if source.read else []
    return [*read, *([source.warning] if source.warning else [])]


_ROWS: tuple[tuple[str, Callable[[Told], Sequence[str]]], ...] = (
    ("Approval", lambda one: (one.answer.headline,)),
    ("By code", lambda one: [f"{code}: {need}" for code, need in one.answer.by_code]),
    ("Why", lambda one: one.answer.why),
    ("What to do", lambda one: one.answer.ask),
    ("Coverage", _coverage),
    ("What would decide", lambda one: one.answer.unmet),
    ("Criteria", _conditions),
    ("Documents", lambda one: one.answer.documents),
    ("Limits", lambda one: one.answer.limits),
    ("How to send", lambda one: [f"{kind}: {way}" for kind, way in one.answer.ways]),
    ("Time limits", _times(("Payer decides within", "When urgent, within"))),
    ("Approval lasts", _times(("Approval lasts",))),
    ("Renewal", _times(("Ask for renewal",))),
    ("Source", _source),
    ("How fresh", _fresh),
)
_OWN = frozenset({"Why", "What to do", "Source"})
"""Rows that name their payer, so that they always differ."""
_MARKED = frozenset({"Criteria", "Documents", "What would decide", "How to send"})
"""Rows of several lines, of which each says whether the other payer has it too."""
