"""A policy set compiled into a book: rules by code, drug and service, payers by every name they go by."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from app.policies.facts.answers import Cite, Confidence, Covered, Grounds, Need, Requirement
from app.policies.facts.book import Book, CompiledRule, Extras, PayerEntry
from app.policies.facts.drugs import DrugsFile
from app.policies.facts.grid import PayerRules, PolicySet, ServicesFile
from app.policies.facts.language import Product, Rule, TopicFile
from app.policies.rules.classify import index_grid
from app.policies.rules.extras import cite_of, day_before, extras_of, submit_ways
from app.policies.rules.leaves import Lists
from app.policies.rules.pharmacy import pharmacy_of
from app.policies.rules.scope import BIT, compile_scope, compile_when, plain_name, stems
from app.policies.rules.trees import compile_tree
from app.values.codes import is_drug_code
from app.values.insurance import Channel, Line

K = TypeVar("K")
_ByName = dict[tuple[str, str], list[CompiledRule]]
_COVERED = {
    "covered": Covered.COVERED,
    "criteria": Covered.CRITERIA,
    "cosmetic_unless": Covered.COSMETIC_UNLESS,
    "excluded_or_investigational": Covered.EXCLUDED,
}
PLAIN_NEED = {
    "required": Need.REQUIRED,
    "required_when": Need.REQUIRED_WHEN_UNMET,
    "not_required": Need.NOT_REQUIRED,
    "notification": Need.NOTIFICATION,
    "step_edit": Need.REQUIRED_WHEN_UNMET,
    "voluntary_else_prepayment_review": Need.VOLUNTARY,
    "not_applicable": Need.NOT_COVERED,
    "unknown": Need.UNKNOWN,
}


def compile_book(policies: PolicySet, version: str) -> Book:
    """Compile a policy set that has passed the loader's checks.

    Takes     the set and the hash of its content.
    Returns   the book; inactive rules without an end and rules of procedure answer nothing and are left out of it.
    """
    by_code, by_drug, by_service = _ByName(), _ByName(), _ByName()
    closed: dict[str, list[CompiledRule]] = {}
    rules: dict[str, CompiledRule] = {}
    lists = _lists(policies)
    for payer, file, topic, rule in answering_rules(policies):
        compiled = _compile(rule, file, topic, lists)
        rules[compiled.ref] = compiled
        if rule.closed_list:
            closed.setdefault(payer, []).append(compiled)
            continue
        for code in codes_of(rule):
            by_code.setdefault((payer, code), []).append(compiled)
        for drug in drugs_of(rule, policies.drugs):
            by_drug.setdefault((payer, drug), []).append(compiled)
        by_service.setdefault((payer, rule.service), []).append(compiled)
    return Book(
        version=version,
        payers={key: _payer(file) for key, file in policies.payers.items()},
        by_code=_settled(by_code),
        by_drug=_settled(by_drug),
        by_service=_settled(by_service),
        closed=_settled(closed),
        names=dict(_payer_names(policies.payers)),
        rules=rules,
        grid=index_grid(policies.grid),
        grid_file=policies.grid,
        services=policies.services,
        drugs=policies.drugs,
        routine=policies.routine,
        codes=policies.codes,
        drug_names=dict(_drug_names(policies.drugs)),
        drug_codes=_drug_codes(policies.services),
        **_listed(policies),
    )


def _lists(policies: PolicySet) -> Lists:
    """The scores and drugs by which the criteria of a set are read."""
    scores = policies.scores
    return Lists(
        scores.scores if scores else {},
        {name: (low, high) for name, (low, high) in scores.ranges.items()} if scores else {},
        pharmacy_of(policies.drugs),
    )


def _listed(policies: PolicySet) -> dict[str, Any]:
    """What the files of `_grid/` list, as the book holds it; a set without such a file lists nothing."""
    return {
        "clocks": policies.clocks.rules if policies.clocks else (),
        "families": policies.families.families if policies.families else (),
        "gold_cards": policies.gold_card.laws if policies.gold_card else (),
        "modifiers": policies.modifiers,
        "words": policies.words.words if policies.words else (),
    }


def answering_rules(policies: PolicySet) -> Iterator[tuple[str, PayerRules, str, Rule]]:
    """Every rule that may answer, with its payer, the payer's files and its topic."""
    for payer, file in policies.payers.items():
        for topic, content in file.topics.items():
            yield from ((payer, file, topic, rule) for rule in content.rules if may_answer(rule))


def may_answer(rule: Rule) -> bool:
    """Say whether a rule answers anything: rules of procedure, and inactive ones without an end, do not."""
    return rule.approval != "rule" and not (rule.inactive and rule.until is None)


def codes_of(rule: Rule) -> frozenset[str]:
    """The codes that a rule names, its ranges written out."""
    return frozenset(rule.codes).union(*(expand(span) for span in rule.ranges))


def expand(span: str) -> frozenset[str]:
    """A range of codes written out: `15271-15278`."""
    first, _, last = span.partition("-")
    head = first[0] if first[0].isalpha() else ""
    tail = first[-1] if first[-1].isalpha() else ""
    width = len(first) - len(head) - len(tail)
    low, high = (int(code[len(head) : len(head) + width]) for code in (first, last))
    return frozenset(f"{head}{number:0{width}d}{tail}" for number in range(low, high + 1))


def drugs_of(rule: Rule, drugs: DrugsFile | None) -> frozenset[str]:
    """The drug keys that a rule answers for: its own, all members of its class, or those of them that it names."""
    if rule.service.startswith("drug:"):
        return frozenset({rule.service})
    if not rule.service.startswith("drug_class:"):
        return frozenset()
    name = rule.service.removeprefix("drug_class:")
    members = {key for key, drug in drugs.drugs.items() if name in drug.classes} if drugs else set()
    if rule.drugs:
        return frozenset(f"drug:{key}" for key in members.intersection(rule.drugs))
    return frozenset({rule.service, *(f"drug:{key}" for key in members)})


def last_day(rule: Rule, topics: Iterable[TopicFile]) -> date:
    """The last day on which a rule answers: its own end, or the day before its replacement begins."""
    if rule.until is not None or rule.replaced_by is None:
        return rule.until or date.max
    for topic in topics:
        for other in topic.rules:
            if other.id == rule.replaced_by and isinstance(other.from_, date):
                return day_before(other.from_)
    return date.max


def _compile(rule: Rule, file: PayerRules, topic: str, lists: Lists) -> CompiledRule:
    product = file.file.products[rule.product]
    scope = compile_scope(rule, product)
    when = compile_when(rule.when) if rule.when else None
    tree, reads = compile_tree(rule.criteria, lists, rule.defers_to)
    renewal, renewal_reads = compile_tree(rule.renewal_criteria, lists)
    extras = extras_of(rule, file)
    ref = f"{file.file.payer.id}/{topic}#{rule.id}"
    local = (rule.jurisdiction or product.jurisdiction) == "local"
    exactly = bool(rule.codes) or rule.service.startswith("drug:")
    named = 0 if rule.closed_list else BIT["named"] | (BIT["exactly"] if exactly else 0)
    lengths = {"state", "diagnosis"} if extras.lasts_by_state or extras.lasts_by_diagnosis else set()
    lengths |= {f"dx@{stem}" for stem in stems(extras.lasts_by_diagnosis)}
    plain = _plain(rule, ref, extras, cite_of(rule, file.topics[topic]))
    ends = last_day(rule, file.topics.values())
    return CompiledRule(
        ref=ref,
        product=rule.product,
        approval=rule.approval,
        coverage=plain.coverage,
        cosmetic_unless=rule.coverage == "cosmetic_unless",
        memory=rule.confidence == "memory",
        placeless=local and not (rule.applies.states or product.states),
        closed_list=rule.closed_list,
        tests=scope.tests,
        when=when.tests if when else (),
        bound=scope.bound | named,
        criteria=tree,
        renewal=renewal,
        cite=plain.cite,
        extras=extras,
        begins=rule.from_ if isinstance(rule.from_, date) else date.min,
        ends=ends,
        reads=reads | renewal_reads | scope.reads | (when.reads if when else frozenset()) | lengths,
        plain=replace(plain, until=None if ends == date.max else ends),
        content=content_of_rule(rule, product),
    )


def content_of_rule(rule: Rule, product: Product) -> str:
    """The hash of a rule and its product as their file says them: whoever verified the rule verified this."""
    said = "\n".join(one.model_dump_json(by_alias=True, exclude_unset=True) for one in (rule, product))
    return hashlib.sha256(said.encode()).hexdigest()


def _plain(rule: Rule, ref: str, extras: Extras, cite: Cite | None) -> Requirement:
    """The answer of a rule that applies outright and has no criteria to show."""
    grounds = Grounds.CLOSED_LIST if rule.closed_list else Grounds.RULE
    if rule.approval == "unknown":
        grounds = Grounds.SILENT
    return Requirement(
        need=PLAIN_NEED[rule.approval],
        confidence=Confidence(rule.confidence),
        grounds=grounds,
        rule=ref,
        coverage=_COVERED.get(rule.coverage, Covered.UNKNOWN),
        documents=extras.documents,
        submit=extras.submit,
        clock=extras.clock,
        approval_lasts=extras.lasts,
        renew_before=extras.renew_before,
        cite=cite,
        family=extras.family,
        binds_person=extras.binds_person,
        limits=extras.limits,
        summary=extras.summary,
    )


def _ref(rule: CompiledRule) -> str:
    return rule.ref


def _settled(found: Mapping[K, list[CompiledRule]]) -> Mapping[K, tuple[CompiledRule, ...]]:
    return {key: tuple(sorted(rules, key=_ref)) for key, rules in found.items()}


def _payer(file: PayerRules) -> PayerEntry:
    products = file.file.products.values()
    lines = frozenset(Line(product.line) for product in products if product.line != "mixed")
    several = any(product.line == "mixed" for product in products)
    return PayerEntry(
        key=file.file.payer.id,
        name=file.file.payer.name,
        lines=frozenset(Line) if several else lines,
        channels=frozenset(Channel(product.benefit) for product in products),
        submit=tuple(way for process in file.file.processes for way in submit_ways(process.channels)),
        spoken=(file.file.payer.name, *file.file.payer.aliases),
    )


def _payer_names(payers: Mapping[str, PayerRules]) -> Iterator[tuple[str, str]]:
    for key, rules in payers.items():
        payer = rules.file.payer
        for name in (key, payer.name, *payer.aliases, *payer.electronic_ids):
            yield plain_name(name), key


def _drug_names(drugs: DrugsFile | None) -> Iterator[tuple[str, str]]:
    """Every name of a drug, and its NDC stems (labeler and product), to its service key."""
    for key, drug in drugs.drugs.items() if drugs else ():
        for name in (key, *drug.names, *drug.ndc):
            yield plain_name(name), f"drug:{key}"


def _drug_codes(services: ServicesFile | None) -> dict[str, str]:
    return {
        code: key
        for key, service in (services.services.items() if services else ())
        if key.startswith("drug:")
        for code in service.codes
        if is_drug_code(code)
    }
