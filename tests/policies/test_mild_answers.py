"""What holds for every mild answer of the shipped rules: it is bound, it is read whole, and no missing fact brings it.

A wrong "no approval is needed" clears a visit that the payer will not pay. So rules that may answer mildly are asked
here, at random and pair by pair, what becomes of their answer when a part of the question is missing or joins it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import combinations, product
from random import Random
from typing import Any, NamedTuple

import pytest

from app.policies.facts.answers import Confidence, Grounds, Need, Question, Requirement
from app.policies.facts.criteria import Node
from app.policies.facts.grid import PayerRules
from app.policies.facts.language import Product, Rule
from app.policies.files.directory import policies_of
from app.policies.rules.compiling import answering_rules, codes_of, compile_book, drugs_of
from app.policies.rules.determine import determine
from app.policies.rules.leaves import documented_key
from app.values.insurance import Channel, Line
from tests.support.rule_files import rule_files

POLICIES = policies_of(rule_files())
BOOK = compile_book(POLICIES, "shipped")
MILD = frozenset({Need.NOT_REQUIRED, Need.NOTIFICATION, Need.VOLUNTARY})
STRICT = frozenset({Need.NOT_COVERED, Need.COSMETIC, Need.REQUIRED, Need.REQUIRED_WHEN_UNMET})
MAY_BE_MILD = frozenset(
    {"not_required", "required_when", "notification", "step_edit", "voluntary_else_prepayment_review"}
)
DAY = date(2026, 12, 1)
PLACES = ("11", "22", "24", "21")
UNRELATED = "I10"
"""A diagnosis that no rule names."""
SHOWN = (
    "inadequate_response; duration=2 years; potency=high | inadequate_response; drug=adalimumab; duration=2 years"
    " | intolerance; drug=enbrel | inadequate_response; drug=skyrizi; duration=2 years"
)
"""Trials that meet any step."""


class Told(NamedTuple):
    """A rule that may answer, where it stands."""

    payer: str
    file: PayerRules
    rule: Rule

    @property
    def product(self) -> Product:
        return self.file.file.products[self.rule.product]

    @property
    def names(self) -> tuple[dict[str, str], ...]:
        """The codes and drugs that the rule answers for, as parts of a question."""
        codes = [{"code": code} for code in sorted(codes_of(self.rule))]
        return (*codes, *({"drug": drug} for drug in sorted(drugs_of(self.rule, POLICIES.drugs))))

    @property
    def line(self) -> Line:
        return Line.COMMERCIAL if self.product.line == "mixed" else Line(self.product.line)

    @property
    def states(self) -> tuple[str, ...]:
        return (*(self.rule.applies.states or self.product.states),)

    @property
    def places(self) -> tuple[str, ...]:
        return self.rule.applies.places or self.product.places or PLACES


RULES = tuple(Told(payer, file, rule) for payer, file, _topic, rule in answering_rules(POLICIES))
MILDLY = tuple(told for told in RULES if told.rule.approval in MAY_BE_MILD)


def ask(question: Question) -> Requirement:
    """The library's answer alone."""
    return determine(BOOK, (), (), question)


def written_out(patterns: tuple[str, ...]) -> list[str]:
    """Diagnoses that lie below patterns, one below each."""
    return [pattern.replace(".*", ".9").replace("*", "1") for pattern in patterns]


def leaves(node: Node | None) -> Iterator[tuple[str, Any]]:
    """Every leaf of a tree with its kind."""
    if node is None:
        return
    for part in (*(node.all or ()), *(node.any or ()), *(node.of or ()), *((node.not_,) if node.not_ else ())):
        yield from leaves(part)
    yield from (
        (kind, getattr(node, kind)) for kind in node.model_fields_set - {"all", "any", "of", "not_", "at_least"}
    )


def shown(rule: Rule) -> tuple[frozenset[str], dict[str, str]]:
    """What a chart says that shows every finding and trial of a rule's criteria."""
    found = list(leaves(rule.criteria))
    trials = {f"trial:{drug}": SHOWN for kind, trial in found if kind == "trial" for drug in trial.of}
    program = {"program": rule.program} if rule.program else {}
    return frozenset(documented_key(text) for kind, text in found if kind == "documented"), trials | program


def some_of(random: Random, usual: list[str], other: list[str]) -> tuple[str, ...]:
    """One diagnosis of a rule, and now and then one of another rule before or after it."""
    own = random.sample(usual, min(len(usual), random.choice((0, 1, 1, 1))))
    found = [*own, *random.sample(other, min(len(other), random.choice((0, 0, 1))))]
    random.shuffle(found)
    return tuple(dict.fromkeys(found))


def questions(count: int) -> Iterator[Question]:
    """Questions near to what the mild rules answer: most parts as the rule says, some otherwise, some missing."""
    random = Random(8)
    for _ in range(count):
        told = random.choice(MILDLY if random.random() < 0.8 else RULES)
        beside = random.choice([other for other in RULES if other.payer == told.payer])
        if not (told.names or beside.names):
            continue
        named = random.choice((told if told.names and not told.rule.closed_list else beside).names or told.names)
        usual = written_out((*told.rule.diagnoses, *told.rule.usual_diagnoses))
        other = written_out((*beside.rule.diagnoses, *beside.rule.usual_diagnoses))
        pairing = told.rule.pairing
        documented, facts = shown(told.rule)
        yield Question(
            told.payer,
            DAY,
            line=random.choice((told.line, told.line, told.line, beside.line)),
            channel=Channel(told.product.benefit),
            state=random.choice((*(told.states or ("WY",)), "WY")),
            place=random.choice((*told.places, *told.places, *PLACES)),
            diagnoses=some_of(random, usual, other),
            age_months=random.choice((30, 500, 500)),
            companions=frozenset(random.sample(pairing.with_any_of, 1)) if pairing else frozenset(),
            documented=documented if random.random() < 0.8 else frozenset(),
            facts=facts if random.random() < 0.8 else {},
            **named,
        )


ANSWERED = tuple((question, ask(question)) for question in questions(2000))
FORGET: Mapping[str, Any] = {
    "line": None,
    "channel": None,
    "state": None,
    "place": None,
    "diagnoses": (),
    "age_months": None,
    "companions": frozenset(),
    "documented": frozenset(),
    "facts": {},
}
SOFT = frozenset({"line", "channel", "state"})
"""Of rules whose line, state or channel is missing a voluntary or notification one applies (contract)."""


def test_most_rules_that_may_answer_mildly_do() -> None:
    """Without this the tests below could pass because they ask nothing."""
    mild = {answer.rule for _question, answer in ANSWERED if answer.need in MILD}

    assert len(mild) >= 28
    assert {(rule or "").partition("/")[0] for rule in mild} >= {
        "aetna", "anthem", "bcbs_alabama", "bcbs_massachusetts", "bcbs_mississippi", "medica", "medicare_ffs",
        "texas_medicaid", "unitedhealthcare",
    }  # fmt: skip


@pytest.mark.parametrize("part", sorted(FORGET))
def test_a_part_that_is_missing_never_brings_a_mild_answer(part: str) -> None:
    for question, whole in ANSWERED:
        if part == "line" and BOOK.only_line(question.payer) is not None:
            continue  # the only line of a payer is known without being said
        if part == "channel" and question.code is not None:
            continue  # a code is billed to the medical benefit unless it is said otherwise
        if whole.need in MILD or whole.grounds is Grounds.CONTRADICTED:
            continue
        less = ask(replace(question, **{part: FORGET[part]}))
        assert less.need not in MILD or (part in SOFT and less.need is not Need.NOT_REQUIRED), question


def test_a_diagnosis_that_no_rule_names_never_makes_an_answer_milder() -> None:
    for question, whole in ANSWERED:
        if question.diagnoses:
            more = ask(replace(question, diagnoses=(*question.diagnoses, UNRELATED)))
            assert more.need not in MILD or more.need is whole.need, question


def test_no_mild_answer_rests_on_memory() -> None:
    told = [question for question, answer in ANSWERED if answer.confidence is Confidence.MEMORY]

    assert told, "nothing was asked that only a memory answers"
    assert [question for question in told if ask(question).need in MILD] == []


def pairs(payer: str) -> Iterator[tuple[Question, str, str]]:
    """Every code and drug of the payer's rules, in its lines, states and places, with two diagnoses of its rules."""
    by_name: dict[tuple[tuple[str, str], ...], list[Told]] = {}
    for told in RULES:
        if told.payer == payer:
            for name in told.names:
                by_name.setdefault(tuple(name.items()), []).append(told)
    for name, tolds in by_name.items():
        diagnoses = sorted(
            {code for t in tolds for code in written_out((*t.rule.diagnoses[:2], *t.rule.usual_diagnoses[:1]))}
        )
        if len(tolds) < 2 or len(diagnoses) < 2:
            continue  # one rule has one answer
        lines = {(told.line, Channel(told.product.benefit)) for told in tolds}
        states = {state for told in tolds for state in (*told.states[:1], "WY")}
        programs = {told.rule.program for told in tolds}
        for (line, channel), state, place, program in product(lines, sorted(states), PLACES, programs):
            facts = {"program": program} if program else {}
            question = Question(
                payer, DAY, line=line, channel=channel, state=state, place=place, facts=facts, **dict(name)
            )
            yield from ((question, one, other) for one, other in combinations(diagnoses, 2))


@pytest.mark.parametrize("payer", sorted({told.payer for told in MILDLY}))
def test_beside_a_diagnosis_that_is_asked_for_or_refused_no_other_passes(payer: str) -> None:
    alone: dict[tuple[Any, ...], Need] = {}
    for question, one, other in pairs(payer):
        if ask(replace(question, diagnoses=(one, other))).need in MILD:
            asked = (question.code, question.drug, question.line, question.channel, question.state, question.place)
            for code in (one, other):
                key = (*asked, question.facts.get("program"), code)
                if key not in alone:
                    alone[key] = ask(replace(question, diagnoses=(code,))).need
                assert alone[key] not in STRICT, (question, one, other)


@pytest.mark.parametrize("told", MILDLY, ids=[f"{told.payer}/{told.rule.id}" for told in MILDLY])
def test_a_rule_that_may_answer_mildly_is_bound_and_read_whole(told: Told) -> None:
    rule = told.rule

    assert told.product.line != "mixed", "a mild answer names the line for which it was read"
    if rule.approval in ("not_required", "notification"):
        assert rule.diagnoses or rule.closed_list, "a mild answer is bound to the diagnoses for which it was read"
    if rule.approval == "voluntary_else_prepayment_review":
        assert (rule.applies.states or told.product.states) and (rule.applies.places or told.product.places)
    if rule.approval == "step_edit" and rule.service.startswith("drug_class:"):
        assert rule.drugs or rule.defers_to, "a step of a class names the drugs of the step, or waits for their table"
    if rule.partial or rule.source_truncated:
        assert rule.defers_to, "what was not read decides; without it the rule looks as if it asked nothing"


def test_a_surgery_center_waits_for_the_list_that_was_not_read_whole() -> None:
    """The hospital rules are false in a center; where the demonstration runs, none of their codes may pass for that."""
    codes = {code for t in RULES if t.payer == "medicare_ffs" and t.rule.product == "opd" for code in codes_of(t.rule)}
    for code, state in product(
        sorted(codes - {"64650", "64653"}), ("CA", "FL", "GA", "MD", "NY", "PA", "TN", "AZ", "OH", "TX")
    ):
        question = Question("medicare_ffs", DAY, code=code, line=Line.MEDICARE, state=state, place="24")
        beside = replace(question, companions=frozenset({"64615", "J0585"} - {code}))
        assert {ask(question).need, ask(beside).need} <= {Need.VOLUNTARY, Need.UNKNOWN}, question
