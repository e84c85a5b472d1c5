"""What the chart of a patient shows on a day, in the names that the leaves of criteria read.

Only facts with a day and a proving source settle anything. Where two of one name and day say different things, or a
statement that something never was stands against an event, neither counts: the name stays unknown.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from app.clinical.facts import PROVES, ClinicalFact, FactKind, SourceKind
from app.clinical.rules.names import meant
from app.policies.rules.leaves import documented_key
from app.policies.rules.values import day as read_day
from app.policies.rules.values import length_in_days
from app.values.codes import covers_diagnosis

Facts = tuple[ClinicalFact, ...]
RESERVED = frozenset({"program"})
"""Names that the rules read of the plan, never of a chart."""
_NOTHING: Mapping[str, str] = MappingProxyType({})
_NO_EVIDENCE: Mapping[str, Facts] = MappingProxyType({})
_LONGEST_DAYS = 9999
_PLAIN = frozenset({FactKind.MEASURE, FactKind.SCORE, FactKind.THERAPY, FactKind.PRESCRIBER})
_NAMED = {
    FactKind.LAB: ("lab", "result"),
    FactKind.CONTRAINDICATION: ("contraindication", "value"),
    FactKind.RESPONSE: ("response", "value"),
    FactKind.PRIOR_USE: ("prior_use", "value"),
}
_PARTS = ("duration", "potency", "ended", "consecutive")
_LASTING = frozenset({"continuation", "time_on_therapy", "time_off_therapy"})
"""What goes on or grows after the day on which it was told."""
_BOTH_ENDS = 3  # days by which a month told as thirty, or both ends of a span, may differ from the calendar
NONE = "none"
BETWEEN = "|"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known on a day: named facts as text, findings, and for each name the facts that prove it.

    `evidence` has the name of a fact (`bsa_percent`, `trial:methotrexate`), `documented:<finding>`, and
    `dx:<ICD-10-CM>` for a diagnosis.
    """

    facts: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    documented: frozenset[str] = frozenset()
    evidence: Mapping[str, Facts] = field(default_factory=lambda: _NO_EVIDENCE)


NOTHING_KNOWN = Known()


def proves(fact: ClinicalFact, on: date) -> bool:
    """Say whether a fact settles anything on a day: it stands, is dated by then, and its source shows it."""
    source = fact.source
    if fact.ended_at is not None or fact.dated is None or fact.dated > on or source.kind not in PROVES:
        return False
    if source.kind is SourceKind.DOCUMENT:
        return source.document_id is not None
    if source.kind is SourceKind.PROVIDER:
        return source.person is not None
    return source.document_id is not None or bool(source.words.strip())


def known(facts: Sequence[ClinicalFact], on: date, diagnoses: Sequence[str] = (), service: date | None = None) -> Known:
    """Tell what the chart shows on a day.

    Takes     the facts of one patient; the day; the diagnoses asked for, of which the length of the disease is told
              (without them: of the only diagnosis there is); the day of service, else the same day.
    Returns   what counts. The length of the disease is in days up to the day of service.
    """
    standing = [one for one in facts if proves(one, on)]
    if not standing:
        return NOTHING_KNOWN
    said: dict[str, str] = {}
    evidence: dict[str, Facts] = {}
    for name, text, proof in _settled(standing, service or on, diagnoses):
        said[name] = text
        evidence[name] = proof
    documented = _findings(said, evidence)
    return Known(said, documented, evidence)


Told = tuple[str, str, Facts]


def _settled(facts: Sequence[ClinicalFact], service: date, diagnoses: Sequence[str]) -> Iterator[Told]:
    latest = tuple(_latest(facts))
    yield from latest
    barred = {
        name[17:]: proof for name, text, proof in latest if name.startswith("contraindication:") and text == "yes"
    }
    yield from _trials([one for one in facts if one.kind is FactKind.TRIAL], barred)
    yield from _histories([one for one in facts if one.kind is FactKind.HISTORY])
    yield from _diagnosed([one for one in facts if one.kind is FactKind.DIAGNOSIS], service, diagnoses)


def _findings(said: dict[str, str], evidence: dict[str, Facts]) -> frozenset[str]:
    """What is documented; a finding that was looked for and is not there stays among the named facts as `no`."""
    shown = frozenset(name[11:] for name, text in said.items() if name.startswith("documented:") and text == "yes")
    for key in shown:
        del said[f"documented:{key}"]
    return shown


def _latest(facts: Iterable[ClinicalFact]) -> Iterator[Told]:
    """Facts that tell how something is: of one name the latest counts, unless another of its day says otherwise."""
    groups: dict[str, list[tuple[str, ClinicalFact]]] = {}
    for one in facts:
        for name, text in _stated(one):
            groups.setdefault(name, []).append((text, one))
    for name, stated in groups.items():
        last = max(_day(one) for _text, one in stated)
        newest = [(text, one) for text, one in stated if _day(one) == last]
        if len({text for text, _one in newest}) > 1:
            continue
        proof = tuple(one for _text, one in newest)
        yield name, newest[0][0], proof
        yield from ((f"{name}:on", when, proof) for when in _when(name, proof))


def _when(name: str, proof: Facts) -> Iterator[str]:
    """The day that belongs to a name: of a lab and a therapy that goes on its own, of a drug used before its last."""
    if name.startswith("lab:") or name in _LASTING:
        yield _day(proof[0]).isoformat()
    elif name.startswith("prior_use:"):
        used = {one.values.get("on", "") for one in proof}
        if len(used) == 1 and read_day(next(iter(used))) is not None:
            yield from used


def _stated(fact: ClinicalFact) -> Iterator[tuple[str, str]]:
    """The names that a fact tells something of, with what it tells."""
    values, kind = fact.values, fact.kind
    if kind in _PLAIN:
        if fact.name not in RESERVED and ":" not in fact.name:
            yield from ((fact.name, text) for text in _text(values.get("value")))
    elif kind in _NAMED:
        stem, field_name = _NAMED[kind]
        yield from ((f"{stem}:{fact.name}", text.lower()) for text in _text(values.get(field_name)))
    elif kind is FactKind.FINDING:
        text = values.get("value", "").strip().lower()
        if text in ("yes", "no"):
            yield f"documented:{documented_key(fact.name)}", text
    elif kind is FactKind.MEDICATIONS and "list" in values:
        yield "medications", values["list"].strip().lower()
        yield "medications_on", _day(fact).isoformat()
        without = [line.strip() for line in values.get("without", "").split(";") if line.strip()]
        yield "medications_without", "; ".join(key.lower() for line in without for key in _keys_of(line))


def _text(value: str | None) -> tuple[str, ...]:
    text = (value or "").strip()
    return (text,) if text else ()


def _trials(facts: Sequence[ClinicalFact], barred: Mapping[str, Facts]) -> Iterator[Told]:
    """Trials of a drug or class, and what bars one: each counts. That there was none counts only against none since."""
    made: dict[str, list[tuple[str, ClinicalFact]]] = {}
    never: dict[str, list[ClinicalFact]] = {}
    for one in facts:
        outcome = _plain(one.values.get("outcome", "")).replace(" ", "_")
        if outcome == NONE:
            never.setdefault(one.name, []).append(one)
        elif outcome:
            for name in _tried(one):
                made.setdefault(name, []).append((_trial(one, outcome, name), one))
    for name in dict.fromkeys((*made, *never, *barred)):
        denied = max((_day(one) for one in never.get(name, ())), default=date.min)
        stated = made.get(name, [])
        if any(_day(one) <= denied for _text_, one in stated):
            continue
        stated += [("contraindication", one) for one in barred.get(name, ())]
        if stated:
            texts = dict.fromkeys(text for text, _one in stated)
            yield f"trial:{name}", BETWEEN.join(texts), tuple(one for _text_, one in stated)
        else:
            yield f"trial:{name}", NONE, tuple(one for one in never[name] if _day(one) == denied)


def _tried(fact: ClinicalFact) -> tuple[str, ...]:
    """The drug or class that a fact tells a trial of, and the class that the drug is said to be of."""
    klass = fact.values.get("class", "").strip()
    return tuple(dict.fromkeys((fact.name, *(_keys_of(klass) if klass else ()))))


def _keys_of(name: str) -> tuple[str, ...]:
    """The keys of what a person typed as the payer's criterion has it: `topical corticosteroid` is `tcs`."""
    return meant(name) or (name,)


def _trial(fact: ClinicalFact, outcome: str, told_of: str) -> str:
    """One trial as text, in the form that `trials.py` reads; told of a class it says which drug it was of."""
    parts = [outcome] if told_of == fact.name else [outcome, f"drug={_plain(fact.name)}"]
    doubtful = _doubtful(fact)
    for name in _PARTS:
        text = _plain(fact.values.get(name, ""))
        if text and name not in doubtful:
            parts.append(f"{name}={text}")
    parts.append(f"evidence={'claims' if fact.source.kind is SourceKind.CLAIM else 'chart'}")
    return "; ".join(parts)


def _doubtful(fact: ClinicalFact) -> frozenset[str]:
    """What of a trial its own days contradict: it ended before it began, or lasted longer than from day to day.

    A trial that goes on lasted until the day on which it was told; one whose end lies after that day is not over.
    """
    began, ended = (read_day(fact.values.get(name)) for name in ("began", "ended"))
    told = _day(fact)
    if began is not None and (began > told or (ended is not None and ended < began)):
        return frozenset({"duration", "ended", "consecutive"})
    if ended is not None and ended > told:
        return frozenset({"duration", "ended", "consecutive"})
    days = length_in_days(fact.values.get("duration"))
    if began is None or days is None:
        return frozenset()
    longest = ((ended or told) - began).days + _BOTH_ENDS
    return frozenset({"duration"}) if days > longest else frozenset()


def _plain(text: str) -> str:
    """A value without the signs that part values from one another."""
    return text.replace(";", " ").replace(BETWEEN, " ").replace("=", " ").strip().lower()


def _histories(facts: Sequence[ClinicalFact]) -> Iterator[Told]:
    """Events: the last one counts. That there was none counts only where no event is on file."""
    events: dict[str, list[ClinicalFact]] = {}
    for one in facts:
        events.setdefault(one.name, []).append(one)
    for name, all_said in events.items():
        happened = [(when, one) for one in all_said if (when := read_day(one.values.get("on"))) is not None]
        denied = [one for one in all_said if NONE in one.values]
        last = max((when for when, _one in happened), default=None)
        said = max((_day(one) for one in denied), default=None)
        if last is not None and (said is None or last > said):
            yield f"history:{name}", last.isoformat(), tuple(one for when, one in happened if when == last)
        elif last is None and said is not None:
            proof = tuple(one for one in denied if _day(one) == said)
            yield f"history:{name}", NONE, proof
            yield f"history:{name}:on", said.isoformat(), proof


def _diagnosed(facts: Sequence[ClinicalFact], service: date, diagnoses: Sequence[str]) -> Iterator[Told]:
    """Proven diagnoses, and how long the patient has had the disease that is asked about."""
    by_code: dict[str, list[ClinicalFact]] = {}
    for one in facts:
        by_code.setdefault(one.name, []).append(one)
    for code, proof in by_code.items():
        yield f"dx:{code}", "yes", tuple(proof)
    meant = [one for one in facts if not diagnoses or any(covers_diagnosis(code, one.name) for code in diagnoses)]
    if not diagnoses and len(by_code) > 1:
        return
    begun = {when for one in meant if (when := read_day(one.values.get("onset"))) is not None and when <= service}
    if len(begun) != 1:
        return
    days = (service - begun.pop()).days
    if days > 0:
        dated = tuple(one for one in meant if read_day(one.values.get("onset")) is not None)
        yield "disease_duration", f"{min(days, _LONGEST_DAYS)} days", dated


def _day(fact: ClinicalFact) -> date:
    assert fact.dated is not None
    return fact.dated
