"""Requirements in words, and as the finder's object (contract `verdict.md`)."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from app.policies.facts.answers import Cite, Confidence, DecisionClock, Grounds, Need, Requirement
from app.policies.facts.book import CompiledRule
from app.policies.facts.grid import PolicySet
from app.policies.facts.records import Found
from app.policies.rules.speaking import say_lacking
from app.policies.rules.wording import say_key
from app.values.spans import Duration
from app.values.wording import counted, short_day

_NEED = {
    Need.REQUIRED: "{payer} requires approval for {what}",
    Need.NOT_REQUIRED: "{payer} requires no approval for {what}",
    Need.REQUIRED_WHEN_UNMET: "{payer} requires approval for {what} in some cases",
    Need.NOTIFICATION: "{payer} wants to be notified of {what}",
    Need.VOLUNTARY: "{payer} asks no approval for {what}, but then reviews the claim before it pays",
    Need.NOT_COVERED: "{payer} does not cover {what}",
    Need.COSMETIC: "{payer} counts {what} as cosmetic",
    Need.UNKNOWN: "It is not known whether {payer} requires approval for {what}",
}
_GROUNDS = {
    Grounds.NO_RULE: "no rule on file speaks of it",
    Grounds.RULE: "the rule says so",
    Grounds.CONDITION_TRUE: "the rule's condition holds",
    Grounds.CONDITION_FALSE: "the rule's condition does not hold",
    Grounds.CONDITION_UNKNOWN: "it depends on what is not known here, namely {unmet}",
    Grounds.STEPS_SHOWN: "the earlier steps are shown",
    Grounds.STEPS_NOT_SHOWN: "the earlier steps are not shown",
    Grounds.SILENT: "the source is a coverage policy and says nothing about approval",
    Grounds.MEMORY_NOT_ENOUGH: "the only rule is from memory, which is not enough",
    Grounds.CONTRADICTED: "a fact on file contradicts a criterion",
    Grounds.CLOSED_LIST: "its list of what needs approval does not name it",
    Grounds.JURISDICTION_UNKNOWN: "only local policies name it, and it is not known which contractor's holds here",
    Grounds.PRACTICE_RULE: "the practice confirmed it",
    Grounds.CORRECTION: "the practice corrected the library's rule",
    Grounds.PATIENT_ANSWER: "the payer said so for this patient",
}


def why_sentence(requirement: Requirement, payer: str, what: str) -> str:
    """Say in one sentence what is needed and why.

    Takes     the requirement; the payer's name; the service in words (`17311`).
    """
    if requirement.basis:
        return _confirmed_sentence(requirement, payer, what)
    unmet = "; ".join(say_lacking(name) for name in requirement.unmet) or "a fact that decides"
    need = _NEED[requirement.need].format(payer=payer, what=what)
    grounds = _GROUNDS[requirement.grounds].format(unmet=unmet)
    memory = requirement.confidence is Confidence.MEMORY and requirement.grounds is not Grounds.MEMORY_NOT_ENOUGH
    return f"{need}: {grounds}{' (from memory, to verify)' if memory else ''}."


def _confirmed_sentence(requirement: Requirement, payer: str, what: str) -> str:
    """What the practice or the payer confirmed, on what it rests, and until when."""
    rests = requirement.basis + (f", until {short_day(requirement.until)}" if requirement.until else "")
    if requirement.need is not Need.NOT_REQUIRED:
        grounds = f"{_GROUNDS[requirement.grounds]}, " if requirement.grounds is not Grounds.PATIENT_ANSWER else ""
        return f"{_NEED[requirement.need].format(payer=payer, what=what)}: {grounds}{rests}."
    whose = " ".join((payer, *sorted(requirement.plans)))
    said = {
        Grounds.PATIENT_ANSWER: "",
        Grounds.CORRECTION: f"the practice's correction of the library's rule for {what} of {whose}, ",
        Grounds.PRACTICE_RULE: f"the practice's rule for {what} of {whose}, ",
    }
    grounds = f"routine services of {whose}, " if requirement.routine else said[requirement.grounds]
    return f"No approval needed: {grounds}{rests}."


def finder_object(found: Found) -> dict[str, Any]:
    """Write an answer as the finder prints it."""
    requirement = found.requirement
    why = [why_sentence(requirement, found.payer.name, found.what)]
    why += [f"{requirement.summary}."] if requirement.summary and requirement.rule else []
    why += [f"To verify: {found.verify}."] if found.verify else []
    return {
        "need": requirement.need.value,
        "confidence": requirement.confidence.value,
        "class": found.klass.value,
        "coverage": requirement.coverage.value,
        "rule": requirement.rule,
        "why": why,
        "criteria": [{"text": entry.text, "result": entry.result.value} for entry in requirement.criteria],
        "unmet": list(requirement.unmet),
        "documents": list(requirement.documents),
        "submit": {"channels": [{"kind": w.kind, "name": w.name, "value": w.value} for w in requirement.submit]},
        "clock": clock_object(requirement.clock),
        "approval_lasts": length_object(requirement.approval_lasts),
        "renew_before": length_object(requirement.renew_before),
        "cite": cite_object(requirement.cite),
        "alternatives": [
            {"rule": other.rule, "need": other.need.value, "cite": cite_object(other.cite)}
            for other in requirement.alternatives
        ],
    }


def cite_object(cite: Cite | None) -> dict[str, Any] | None:
    """A source: title, address, day read."""
    if cite is None:
        return None
    return {"title": cite.title, "url": cite.url, "read_on": cite.read_on.isoformat() if cite.read_on else None}


def length_object(length: Duration | None) -> dict[str, Any] | None:
    """A length as value and unit."""
    return None if length is None else {"value": length.value, "unit": length.unit}


def clock_object(clock: DecisionClock | None) -> dict[str, Any]:
    """The payer's time to decide."""
    if clock is None:
        return {"standard": None, "expedited": None, "basis": "none"}
    return {
        "standard": length_object(clock.standard),
        "expedited": length_object(clock.expedited),
        "basis": clock.basis,
    }


def counts_of(policies: PolicySet) -> list[str]:
    """What a rule set holds, one sentence a payer."""
    said = []
    for key, payer in sorted(policies.payers.items()):
        rules = [rule for topic in payer.topics.values() for rule in topic.rules]
        seen = sum(rule.confidence == "seen" for rule in rules)
        said.append(f"{key}: {counted(len(rules), 'rule')}, {seen} seen, {len(rules) - seen} from memory.")
    every = [rule for payer in policies.payers.values() for topic in payer.topics.values() for rule in topic.rules]
    services = len(policies.grid.services) if policies.grid else 0
    return [
        *said,
        f"Approval: {_tally(rule.approval for rule in every)}.",
        f"Coverage: {_tally(rule.coverage for rule in every)}.",
        f"{counted(len(said), 'payer')}, {counted(len(every), 'rule')}, {services} services in the grid. No faults.",
    ]


def _tally(words: Iterable[str]) -> str:
    """How often each word stands, the most frequent first: `required 12, unknown 3`."""
    return ", ".join(f"{say_key(word)} {count}" for word, count in Counter(words).most_common())


def explain_rule(rule: CompiledRule) -> list[str]:
    """One rule in words: what it says, where, on what it rests."""
    plain = rule.plain
    said = [f"{rule.ref}: {plain.summary}."]
    said.append(f"Approval: {say_key(rule.approval)}. Coverage: {say_key(plain.coverage.value)}.")
    if rule.placeless:
        said.append("A local policy whose states are not known: it never answers, its criteria are shown.")
    begins = "as far as known" if rule.begins == date.min else f"from {rule.begins}"
    ends = "" if rule.ends == date.max else f" until {rule.ends}"
    said.append(f"In force {begins}{ends}. Bound by: {', '.join(sorted({name for name, _ in rule.tests}))}.")
    said += [f"Criterion: {text}." for text, _ in rule.criteria.parts] if rule.criteria else []
    said += [f"Document: {text}." for text in plain.documents]
    said += [f"Limit: {limit.text}." for limit in plain.limits]
    said += [f"To verify: {rule.extras.verify}."] if rule.extras.verify else []
    cite = plain.cite
    said.append(
        f"Source: {cite.title}, {cite.url}, read {cite.read_on}." if cite else "From memory: no source was read."
    )
    return said
