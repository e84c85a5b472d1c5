"""The finder's answer in words, ready for its page."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.policies.facts.answers import Confidence, DecisionClock, Grounds, Need, Requirement, Submit, Truth
from app.policies.facts.law import Law
from app.policies.facts.records import Found
from app.policies.facts.searching import Hit, Kind
from app.policies.rules.speaking import say_lacking
from app.policies.rules.wording import say_key, say_length
from app.policies.views.freshness import age_warning, verify_sentence
from app.policies.views.requirements import why_sentence
from app.values.insurance import Line
from app.values.wording import listed, short_day

NEED_WORDS = {
    Need.REQUIRED: "Required",
    Need.NOT_REQUIRED: "Not required",
    Need.REQUIRED_WHEN_UNMET: "Required in some cases",
    Need.NOTIFICATION: "Notice to the payer",
    Need.VOLUNTARY: "Not required, but the claim is reviewed",
    Need.NOT_COVERED: "Not covered",
    Need.COSMETIC: "Cosmetic, not covered",
    Need.UNKNOWN: "Not known",
}
_CONFIDENCE = {
    Confidence.PAYER: "The payer said so.",
    Confidence.PRACTICE: "Confirmed by the practice.",
    Confidence.SEEN: "Seen there; check it with the payer.",
    Confidence.MEMORY: "From memory, to verify.",
    Confidence.NONE: "No source.",
}
_MILD = frozenset({Need.NOT_REQUIRED, Need.VOLUNTARY, Need.NOTIFICATION})
_ASKED = frozenset({Need.REQUIRED, Need.REQUIRED_WHEN_UNMET, Need.VOLUNTARY})
_NO_CLOCK = {
    None: "No legal clock; the payer's own target",
    "line": "Not known: it depends on the line of business",
    "drug": "Not known: it depends on whether this is a drug",
}
_RESULTS = {
    Truth.MET: ("pass", "Met by what was entered"),
    Truth.NOT_MET: ("fail", "Not met"),
    Truth.UNKNOWN: ("unknown", "To be shown"),
}
WAY_WORDS = {
    "x12": "Electronic (278)",
    "ehr_x12": "Electronic (278)",
    "portal": "Portal",
    "phone": "Phone",
    "fax": "Fax",
}
PLACES = (
    ("", "Not given"),
    ("11", "11 Office"),
    ("22", "22 Hospital outpatient, on campus"),
    ("19", "19 Hospital outpatient, off campus"),
    ("24", "24 Ambulatory surgery center"),
    ("12", "12 Home"),
    ("02", "02 Telehealth, not at home"),
    ("10", "10 Telehealth, at home"),
)
CHANNELS = (("", "Not given"), ("medical", "Medical"), ("pharmacy", "Pharmacy"))
_LINE_NAMES = {
    Line.PART_D: "Medicare Part D",
    Line.MEDICARE_ADVANTAGE: "Medicare Advantage",
    Line.MEDICAID_MANAGED: "Medicaid managed care",
    Line.CHIP: "CHIP",
    Line.TRICARE: "TRICARE",
    Line.TRICARE_FOR_LIFE: "TRICARE For Life",
    Line.VA: "VA",
    Line.WORKERS_COMP: "Workers' compensation",
}
LINES = (
    ("", "Not given"),
    *((line.value, _LINE_NAMES.get(line, say_key(line.value).capitalize())) for line in Line),
)


@dataclass(frozen=True, slots=True)
class Condition:
    """One criterion and whether what was entered meets it."""

    text: str
    result: str
    result_words: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where it was read; `warning` says why to look again."""

    title: str
    url: str | None
    read: str | None
    confidence: str
    warning: str | None
    rule: str | None


@dataclass(frozen=True, slots=True)
class FinderAnswer:
    """What the page shows; empty parts are left out. `record`: what a form of a practice rule starts with."""

    need: str
    headline: str
    why: tuple[str, ...]
    ask: tuple[str, ...]
    conditions: tuple[Condition, ...]
    unmet: tuple[str, ...]
    documents: tuple[str, ...]
    ways: tuple[tuple[str, str], ...]
    times: tuple[tuple[str, str], ...]
    limits: tuple[str, ...]
    source: Source | None
    others: tuple[str, ...]
    record: Mapping[str, str] | None
    by_code: tuple[tuple[str, str], ...] = ()


def with_codes(answer: FinderAnswer, needs: Sequence[tuple[str, Need]]) -> FinderAnswer:
    """The answer for a service as a whole, with what each of its codes answers.

    A mild answer is told of the whole only where every code has it: else it depends on the code.
    """
    told = tuple((code, NEED_WORDS[need]) for code, need in needs)
    mild = answer.need in {need.value for need in _MILD}
    if not mild or all(need.value == answer.need for _code, need in needs):
        return replace(answer, by_code=told)
    return replace(answer, by_code=told, headline="It depends on the code", need=Need.REQUIRED_WHEN_UNMET.value)


def finder_answer(found: Found, today: date, asked: Hit | None = None) -> FinderAnswer:
    """Put what was found into the words of the page; `asked` names a drug or service by our label."""
    what = asked.label if asked is not None and asked.kind in (Kind.DRUG, Kind.SERVICE) else found.what
    requirement = found.requirement
    summary = f"{requirement.summary}." if requirement.summary and requirement.rule else None
    verify = f"To verify: {found.verify}." if found.verify else None
    sentence = why_sentence(requirement, found.payer.name, what)
    return FinderAnswer(
        need=requirement.need.value,
        headline=NEED_WORDS[requirement.need],
        why=tuple(text for text in (sentence, summary, verify) if text),
        ask=tuple(_ask(found, what)),
        conditions=tuple(Condition(one.text, *_RESULTS[one.result]) for one in requirement.criteria),
        unmet=tuple(say_lacking(name) for name in requirement.unmet),
        documents=requirement.documents,
        ways=tuple((WAY_WORDS.get(way.kind, say_key(way.kind).capitalize()), _way(way)) for way in requirement.submit),
        times=tuple(_times(found)),
        limits=tuple(limit.text for limit in requirement.limits),
        source=_source(found, today),
        others=tuple(_others(requirement)),
        record=_record(found, asked) if is_to_record(requirement) else None,
    )


def _record(found: Found, asked: Hit | None) -> Mapping[str, str]:
    """What the payer says may be recorded for: the payer and the service that were asked about."""
    names = found.what.removeprefix("drug:")
    if asked is not None and asked.kind is Kind.SERVICE:
        names = ", ".join(asked.codes)
    asks = found.question
    line, plan = (asks.line, asks.plan) if asks is not None else (None, None)
    bounds = {"places": found.place, "lines": line, "plans": plan}
    return {"payer": found.payer.key, "codes": names, **{name: text for name, text in bounds.items() if text}}


def is_to_record(requirement: Requirement) -> bool:
    """Say whether what the payer says would settle an answer: it is not known, unmet, or from memory."""
    open_ = requirement.need in (Need.UNKNOWN, Need.REQUIRED_WHEN_UNMET)
    return open_ or requirement.confidence is Confidence.MEMORY


def _way(way: Submit) -> str:
    return f"{way.name}: {way.value}" if way.value else way.name


def _ask(found: Found, what: str) -> Iterator[str]:
    """What to do when it is not known."""
    if found.requirement.need is not Need.UNKNOWN:
        return
    if not found.payer.in_library:
        yield f"No rules are on file for {found.payer.name}. Check the name against the list of payers."
    if found.requirement.grounds is Grounds.SILENT:
        yield "The source speaks of coverage only: that it is covered does not mean that no approval is needed."
    yield f"Ask {found.payer.name} whether {what} needs approval{_line(found)}. Note the reference of the call or page."
    if not found.phones:
        yield f"No phone number of {found.payer.name} is on file. Note it with what the payer says."
    yield "Record what the payer says, with that reference: it then holds for every patient of the payer."


def _line(found: Found) -> str:
    """The payer's own lines to call, where they are on file."""
    return f": call {listed([_way(way) for way in found.phones])}" if found.phones else ""


def _times(found: Found) -> Iterator[tuple[str, str]]:
    requirement = found.requirement
    if requirement.clock is not None:
        yield from _clock(requirement.clock)
    elif requirement.need in _ASKED:
        yield "Payer decides within", _NO_CLOCK[found.clock_hangs_on]
    if requirement.approval_lasts is not None:
        yield "Approval lasts", say_length(requirement.approval_lasts)
    if requirement.renew_before is not None:
        yield "Ask for renewal", f"{say_length(requirement.renew_before)} before the end"


def _clock(clock: DecisionClock) -> Iterator[tuple[str, str]]:
    plain = f" ({clock.basis} rule)" if clock.basis != "none" else ""
    whose = _law(clock.law) if clock.law is not None else plain
    if clock.standard is not None:
        yield "Payer decides within", f"{say_length(clock.standard)}{whose}"
    if clock.expedited is not None:
        urgent = _law(clock.when_urgent) if clock.when_urgent is not None else whose
        yield "When urgent, within", f"{say_length(clock.expedited)}{urgent}"


def _law(law: Law) -> str:
    verify = "; from memory, to verify" if law.memory else ""
    return f" ({law.basis} rule: {law.name}{verify})"


def _source(found: Found, today: date) -> Source | None:
    requirement = found.requirement
    confidence = _CONFIDENCE[requirement.confidence]
    cite = requirement.cite
    if cite is None and not requirement.rule:
        return None
    if cite is None:
        return Source("No document", None, None, confidence, _old(found, today), requirement.rule)
    read = short_day(cite.read_on) if cite.read_on else None
    return Source(cite.title, cite.url, read, confidence, _old(found, today), requirement.rule)


def _old(found: Found, today: date) -> str | None:
    """What to think of its age; of a rule of the library the day on which a person verified it counts too."""
    if found.stand is not None:
        return verify_sentence(found.stand, today)
    cite = found.requirement.cite
    return age_warning(cite.read_on, today) if cite is not None else None


def _others(requirement: Requirement) -> Iterator[str]:
    for other in requirement.alternatives:
        title = f" ({other.cite.title})" if other.cite is not None else ""
        yield f"{other.rule}: {NEED_WORDS[other.need].lower()}{title}"
