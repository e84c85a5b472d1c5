"""Two rules that cannot both be meant: one scope, two answers. One rule whose criteria decide is the way out."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations
from typing import NamedTuple

from app.policies.facts.grid import PayerRules
from app.policies.facts.language import Rule, TopicFile
from app.policies.rules.compiling import codes_of, last_day, may_answer
from app.policies.rules.scope import place_sets
from app.values.spans import DateSpan


class Contradiction(NamedTuple):
    """Two rules of one payer, each with its topic and place in it."""

    topic: str
    place: int
    rule: Rule
    other_topic: str
    other: Rule


def contradictions(rules: PayerRules) -> Iterator[Contradiction]:
    """Find pairs of one product line and benefit, program and answerable scope with different answers.

    Local policies whose states are not known, rules of procedure and inactive rules answer nothing and contradict
    nothing; a rule from memory does not contradict one that was seen.
    """
    found: dict[object, list[tuple[str, int, Rule]]] = {}
    for topic, file in rules.topics.items():
        for place, rule in enumerate(file.rules):
            if rule.product in rules.file.products and _answers(rule, rules):
                found.setdefault(_scope(rule, rules), []).append((topic, place, rule))
    for (other_topic, _place, other), (topic, place, rule) in (
        two for group in found.values() for two in combinations(group, 2)
    ):
        if _differ(rule, other, rules.topics.values()):
            yield Contradiction(topic, place, rule, other_topic, other)


def _answers(rule: Rule, rules: PayerRules) -> bool:
    product = rules.file.products[rule.product]
    local = (rule.jurisdiction or product.jurisdiction) == "local"
    stateless = local and not (rule.applies.states or product.states)
    return may_answer(rule) and not stateless


def _scope(rule: Rule, rules: PayerRules) -> object:
    product = rules.file.products[rule.product]
    where = rule.applies
    return (
        product.line, product.benefit, rule.program, rule.confidence, rule.closed_list,
        frozenset(where.states or product.states), place_sets(where, product.places), frozenset(where.plans),
        frozenset(where.lines_not), where.age, where.age_unit, frozenset(where.supply), frozenset(where.providers),
        frozenset(where.groups), frozenset(rule.diagnoses), rule.pairing,
    )  # fmt: skip


def _differ(rule: Rule, other: Rule, topics: Iterable[TopicFile]) -> bool:
    topics = tuple(topics)
    same_service = (
        not codes_of(rule).isdisjoint(codes_of(other))
        or (rule.service.startswith("drug") and rule.service == other.service and not _apart(rule, other))
        or (rule.closed_list and other.closed_list)
    )
    answer = (rule.approval, rule.coverage, rule.when)
    return (
        same_service
        and answer != (other.approval, other.coverage, other.when)
        and _span(rule, topics).overlaps(_span(other, topics))
    )


def _apart(rule: Rule, other: Rule) -> bool:
    """Say whether two rules of one class name different drugs of it."""
    return bool(rule.drugs and other.drugs) and set(rule.drugs).isdisjoint(other.drugs)


def _span(rule: Rule, topics: Iterable[TopicFile]) -> DateSpan:
    begins = rule.from_ if isinstance(rule.from_, date) else date.min
    return DateSpan(begins, max(begins, last_day(rule, topics)))
