"""One library rule asked one question: does it apply, what need follows, and what is missing?"""

from typing import NamedTuple

from app.policies.facts.answers import Grounds, Need, Question, ServiceClass, Truth
from app.policies.facts.book import MISSING, NO, Book, CompiledRule
from app.policies.rules.classify import classify
from app.policies.rules.compiling import PLAIN_NEED
from app.policies.rules.scope import SOFT
from app.values.insurance import Line


class Finding(NamedTuple):
    """What one rule answers. `weak`: it does not count as naming the code (a false condition, a mild memory)."""

    rule: CompiledRule
    need: Need
    grounds: Grounds
    unmet: tuple[str, ...] = ()
    weak: bool = False


STRENGTH = {need: place for place, need in enumerate(Need)}
"""Need is ordered from strictest to mildest."""
_KEPT_FROM_MEMORY = frozenset({Need.NOT_COVERED, Need.COSMETIC, Need.REQUIRED})
_OUTLIVES_SOFT = frozenset({Need.REQUIRED, Need.REQUIRED_WHEN_UNMET, Need.VOLUNTARY, Need.NOTIFICATION, Need.UNKNOWN})


def missing_bounds(rule: CompiledRule, question: Question, line: Line | None) -> tuple[str, ...] | None:
    """Say which bounds of a rule cannot be judged; None when one of them does not hold."""
    if not rule.begins <= question.day <= rule.ends:
        return None
    missing: tuple[str, ...] = ()
    for name, test in rule.tests:
        held = test(question, line)
        if held == NO:
            return None
        if held == MISSING:
            missing = (*missing, name)
    return missing


def judge(
    book: Book, rule: CompiledRule, question: Question, line: Line | None, missing: tuple[str, ...]
) -> Finding | None:
    """Answer with one rule whose bounds hold or are missing. None: it is mild, and may not hold."""
    found: Finding | None = book.fixed.get(rule.ref)
    if found is None:
        found = _judge(book, rule, question, line)
        if _is_fixed(rule):
            book.fixed[rule.ref] = found
    return _by_missing(found, missing) if missing else found


def _judge(book: Book, rule: CompiledRule, question: Question, line: Line | None) -> Finding:
    found = _by_coverage(_by_approval(book, rule, question, line), question)
    if rule.memory and found.need not in _KEPT_FROM_MEMORY:
        weak = rule.approval in ("not_required", "required_when", "step_edit") and found.need is Need.NOT_REQUIRED
        return found._replace(need=Need.UNKNOWN, grounds=Grounds.MEMORY_NOT_ENOUGH, weak=weak)
    return found


def _is_fixed(rule: CompiledRule) -> bool:
    """Say whether a rule answers the same to every question that it applies to."""
    judged = rule.approval in ("required_when", "step_edit", "not_applicable")
    contradicted = rule.criteria is not None and (rule.cosmetic_unless or rule.approval == "not_required")
    return not judged and not contradicted


def _by_approval(book: Book, rule: CompiledRule, question: Question, line: Line | None) -> Finding:
    if rule.approval == "required_when":
        return _required_when(rule, question, line)
    if rule.approval == "step_edit":
        return _step_edit(rule, question)
    if rule.approval == "not_applicable":
        found = classify(book.grid, question.code, question.diagnoses, question.documented)
        need = Need.COSMETIC if found.klass is ServiceClass.COSMETIC else Need.NOT_COVERED
        return Finding(rule, need, Grounds.RULE)
    return Finding(rule, PLAIN_NEED[rule.approval], rule.plain.grounds)


def _required_when(rule: CompiledRule, question: Question, line: Line | None) -> Finding:
    missing: tuple[str, ...] = ()
    for name, test in rule.when:
        held = test(question, line)
        if held == NO:
            return Finding(rule, Need.NOT_REQUIRED, Grounds.CONDITION_FALSE, weak=True)
        if held == MISSING:
            missing = (*missing, name)
    if missing:
        return Finding(rule, Need.REQUIRED_WHEN_UNMET, Grounds.CONDITION_UNKNOWN, missing)
    return Finding(rule, Need.REQUIRED, Grounds.CONDITION_TRUE)


def _step_edit(rule: CompiledRule, question: Question) -> Finding:
    if rule.criteria is None:
        return Finding(rule, Need.REQUIRED_WHEN_UNMET, Grounds.STEPS_NOT_SHOWN, ("steps",))
    held = rule.criteria.judge(question)
    if held.truth is Truth.MET:
        return Finding(rule, Need.NOT_REQUIRED, Grounds.STEPS_SHOWN)
    return Finding(rule, Need.REQUIRED_WHEN_UNMET, Grounds.STEPS_NOT_SHOWN, held.unmet)


def _by_coverage(found: Finding, question: Question) -> Finding:
    """A criterion that a fact on file contradicts: cosmetic, or not covered where no approval would ask."""
    rule = found.rule
    if rule.criteria is None or found.weak:
        return found
    if not rule.cosmetic_unless and (found.need is not Need.NOT_REQUIRED or found.grounds is Grounds.STEPS_SHOWN):
        return found
    if rule.criteria.judge(question).truth is not Truth.NOT_MET:
        return found
    need = Need.COSMETIC if rule.cosmetic_unless else Need.NOT_COVERED
    return found._replace(need=need, grounds=Grounds.CONTRADICTED, unmet=())


def _by_missing(found: Finding, missing: tuple[str, ...]) -> Finding | None:
    """What is left of an answer when it is not known whether the rule holds."""
    if found.need is Need.NOT_REQUIRED:
        return None
    hard = tuple(name for name in missing if name not in SOFT)
    unmet = tuple(dict.fromkeys((*found.unmet, *missing)))
    # Of several programs the member's benefit decides: a milder one never answers before it is known.
    milder = "program" in missing and found.need not in (Need.REQUIRED, Need.REQUIRED_WHEN_UNMET)
    if not hard and not milder and found.need in _OUTLIVES_SOFT:
        return found._replace(unmet=found.unmet)
    if found.need in (Need.REQUIRED, Need.REQUIRED_WHEN_UNMET) and not found.rule.memory:
        return found._replace(need=Need.REQUIRED_WHEN_UNMET, grounds=Grounds.CONDITION_UNKNOWN, unmet=unmet)
    return found._replace(need=Need.UNKNOWN, grounds=Grounds.CONDITION_UNKNOWN, unmet=unmet)


def dominates(one: Finding, other: Finding) -> bool:
    """Say whether a rule's scope is narrowed wherever the other's is, and more."""
    return one.rule.bound != other.rule.bound and one.rule.bound & other.rule.bound == other.rule.bound


def ranked(findings: list[Finding]) -> list[Finding]:
    """Order findings of one rank: of those that no more specific one outdoes the strictest first, then the others."""
    if len(findings) < 2:
        return findings
    return sorted(
        findings,
        key=lambda f: (any(dominates(g, f) for g in findings), STRENGTH[f.need], f.rule.ref),
    )
