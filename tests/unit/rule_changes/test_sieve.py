"""Whom a change can touch, told by the content of lines alone: never fewer than those whose answers differ."""

from random import Random
from uuid import UUID

from app.clearance.facts.verdicts import ClassAnswer
from app.policies.rules.classify import classify
from app.policies.rules.compiling import compile_book
from app.rule_changes.rules.impact_reach import Touched, reach_of
from app.rule_changes.rules.impact_sieve import Sieve
from app.schedule.facts import ServiceLine
from app.schedule.rules.packing import pack_lines
from tests.unit.rule_changes.test_reach import DIAGNOSES, changer, drawn, said

TRIGGERS = (frozenset(), frozenset({"bleeding"}), frozenset({"patient_request_appearance"}))


def class_by(book):
    def answer(code, diagnoses, documented):
        found = classify(book.grid, code, diagnoses, documented)
        return ClassAnswer(found.klass, found.weak, found.listed, False, found.family)

    return answer


def sifted_by(before, after):
    old, new = compile_book(before, "old"), compile_book(after, "new")
    touched = Touched(reach_of(before, after, old, new), old, new)
    return old, new, touched, Sieve(touched, class_by(old), class_by(new))


def line(code, drug=None, diagnoses=(), documented=frozenset()):
    return ServiceLine(UUID(int=1), 0, code, drug=drug, diagnoses=diagnoses, documented=documented)


def test_what_falls_through_is_answered_alike_by_both_sets_for_whoever_has_no_chart():
    dice, through, kept = Random(5), 0, 0
    for seed, kind in enumerate((None, "class", "class", "closed_list", "approval", "class")):
        change, codes, drugs = changer(seed)
        policies, _done = change.change(2, kind)
        old, new, touched, sieve = sifted_by(change.policies, policies)
        for _visit in range(150):
            code = dice.choice([*codes, *sorted(touched.reach.every_code)])
            drug = dice.choice(drugs) if dice.random() < 0.2 else None
            question = drawn(dice, dice.choice(sorted(change.policies.payers)), code, drug)
            found = sieve.of(pack_lines((line(code, drug, question.diagnoses, question.documented),)))
            if found.everybody or question.payer in found.payers:
                kept += 1
                continue
            through += 1
            assert said(old, question) == said(new, question)
    assert through > 100 < kept


def test_a_code_that_is_classed_alike_passes_for_all_but_those_whose_chart_may_say_more():
    change, _codes, _drugs = changer(1)
    grid = change.policies.grid
    service = next(one for one in grid.services if one.class_ == "conditional" and one.medical)
    code, strong = service.codes[0], next(one for one in service.medical if not one.endswith("*"))
    other = service.model_copy(update={"weak": (*service.weak, "Z98.89")})
    services = tuple(other if one is service else one for one in grid.services)
    after = change.policies.model_copy(update={"grid": grid.model_copy(update={"services": services})})
    _old, _new, _touched, sieve = sifted_by(change.policies, after)
    alike = sieve.of(pack_lines((line(code, diagnoses=(strong,)),)))
    assert (alike.everybody, alike.charted, alike.payers) == (False, True, frozenset())
    assert sieve.of(pack_lines((line(code, diagnoses=("Z98.89",)),))).everybody
    assert sieve.of(pack_lines((line("99999", diagnoses=DIAGNOSES[0]),))) == (False, False, frozenset())
