"""The criteria of a rule, one by one: met, not met or unknown by what is proven, and which names made it so."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from app.clinical.facts import FactKind
from app.policies.facts.answers import Question, Truth
from app.policies.facts.book import Book, CompiledRule, Held, Judge
from app.policies.rules.chart import Known
from app.policies.rules.library import rules_asked
from app.policies.rules.therapy import ALSO, NOT_TAKEN
from app.values.codes import covers_diagnosis

_KINDS = {
    "trial": FactKind.TRIAL,
    "lab": FactKind.LAB,
    "prior_use": FactKind.PRIOR_USE,
    "contraindication": FactKind.CONTRAINDICATION,
    "history": FactKind.HISTORY,
    "response": FactKind.RESPONSE,
}
_WHOLE = {
    "prescriber_specialty": FactKind.PRESCRIBER,
    "consulted_specialty": FactKind.PRESCRIBER,
    "bsa_percent": FactKind.MEASURE,
    "weight_kg": FactKind.MEASURE,
    "cumulative_dose_mg_per_kg": FactKind.MEASURE,
    "quantity": FactKind.MEASURE,
    "severity": FactKind.THERAPY,
    "body_site": FactKind.THERAPY,
    "continuation": FactKind.THERAPY,
    "continuation_supply": FactKind.THERAPY,
    "time_on_therapy": FactKind.THERAPY,
    "time_off_therapy": FactKind.THERAPY,
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One criterion as the proven facts show it.

    `proofs` are names of `Known.evidence`, and `age`, `place` where the patient's record or the request shows it;
    `lacking` are the facts that would settle it, by kind and name (of a diagnosis the name is empty: that of the
    request); `unmet` says the same in words.
    """

    text: str
    result: Truth
    proofs: tuple[str, ...] = ()
    lacking: tuple[tuple[FactKind, str], ...] = ()
    unmet: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleShown:
    """A rule with its criteria. `renewal`: these are what a renewal asks, not the first request."""

    rule: CompiledRule
    criteria: tuple[Shown, ...]
    renewal: bool = False


def criteria_shown(book: Book, asked: Question, known: Known, renewal: bool) -> tuple[RuleShown, ...]:
    """Hold the criteria that a payer asks against what is proven.

    Takes     the book; the question as it is asked (its diagnoses, place and age as the request has them, without
              clinical facts); what the chart shows; whether a renewal is asked for.
    Returns   the rules that answer, each with its criteria. A rule that says nothing of renewals is shown by its first
              criteria. Without a rule nothing is asked.
    """
    proven = replace(asked, facts=known.facts, documented=known.documented)
    return tuple(_rule(rule, proven, known, renewal) for rule in rules_asked(book, proven))


def _rule(rule: CompiledRule, question: Question, known: Known, renewal: bool) -> RuleShown:
    own = renewal and rule.renewal is not None
    tree = rule.renewal if own else rule.criteria
    parts = tree.parts if tree is not None else ()
    return RuleShown(rule, tuple(_shown(text, judge, question, known) for text, judge in parts), own)


def _shown(text: str, judge: Judge, question: Question, known: Known) -> Shown:
    """Judge one criterion as if only proven diagnoses counted, and as if all did: what differs is unknown."""
    proven = tuple(code for code in question.diagnoses if _diagnosis(code, known))
    held = judge(question)
    strict = judge(replace(question, diagnoses=proven))
    if strict.truth is not held.truth:
        return Shown(text, Truth.UNKNOWN, lacking=((FactKind.DIAGNOSIS, ""),), unmet=("diagnosis",))
    if strict.truth is Truth.UNKNOWN:
        return _open(text, strict, question)
    proofs = [_proof(reads, question, known) for reads in strict.by]
    if not all(proofs):  # no criterion is met, or not met, by what nothing shows
        return _open(text, strict, question)
    return Shown(text, strict.truth, tuple(dict.fromkeys(name for found in proofs for name in found)))


def _open(text: str, held: Held, question: Question) -> Shown:
    names = (name for reads in held.by for name in sorted(reads))
    lacking = dict.fromkeys(found for name in names if (found := _asks_for(name, question)) is not None)
    return Shown(text, Truth.UNKNOWN, lacking=tuple(lacking), unmet=held.unmet)


def _asks_for(name: str, question: Question) -> tuple[FactKind, str] | None:
    """The fact that a name stands for, so that it can be asked of a person; None: it is no clinical fact."""
    if name.startswith("documented:"):
        return FactKind.FINDING, name[11:]
    if name.startswith(("diagnosis", "dx@")):
        return (FactKind.DIAGNOSIS, "") if question.diagnoses else None
    if name.startswith(f"fact:{NOT_TAKEN}"):
        return FactKind.MEDICATIONS, name[15:]
    if not name.startswith("fact:") or name.startswith(("fact:documented:", "fact:medications")):
        return None
    plain = name[5:].removesuffix(":on").removesuffix("_on")
    if plain == "disease_duration":
        return FactKind.DIAGNOSIS, ""
    stem, colon, rest = plain.partition(":")
    if colon:
        kind = _KINDS.get(stem)
        return (kind, rest) if kind is not None else None
    return _WHOLE.get(plain, FactKind.SCORE), plain


def _proof(reads: frozenset[str], question: Question, known: Known) -> tuple[str, ...]:
    """The names that show one leaf: of the chart, and what the patient's record and the request say."""
    found: list[str] = []
    for name in sorted(reads):
        if name == "age" and question.age_months is not None:
            found.append("age")
        elif name == "place" and question.place is not None:
            found.append("place")
        elif name == "diagnosis":
            found += [f"dx:{shown}" for code in question.diagnoses for shown in _diagnosis(code, known)]
        else:
            key = name.removeprefix("fact:").removeprefix(ALSO)
            found += [key] if key in known.evidence else []
    return tuple(found)


def _diagnosis(code: str, known: Known) -> tuple[str, ...]:
    """The proven diagnoses that are the one asked for, or below it."""
    names = (name[3:] for name in known.evidence if name.startswith("dx:"))
    return tuple(name for name in names if covers_diagnosis(code, name))


def names_asked(book: Book) -> Mapping[FactKind, tuple[str, ...]]:
    """The names that the criteria of all rules ask for, by kind of fact, in order: what a person may choose from."""
    kept = book.memo.get("names asked")
    if kept is None:
        reads = frozenset[str]().union(*(rule.reads for rule in book.rules.values())) - {"fact:program"}
        asked = {found for name in reads if (found := _asks_for(name, Question("", date.min))) is not None}
        kept = {kind: tuple(sorted(name for one, name in asked if one is kind and name)) for kind in FactKind}
        book.memo["names asked"] = kept
    assert isinstance(kept, dict)
    return kept
