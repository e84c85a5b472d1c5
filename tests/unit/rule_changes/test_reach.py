"""What a change of rules can touch: what lies outside is answered alike by both sets."""

from dataclasses import replace
from datetime import date
from functools import cache
from random import Random

import pytest

from app.policies.actions.library import SHIPPED
from app.policies.facts.answers import Question
from app.policies.files.directory import files_of
from app.policies.rules.classify import classify
from app.policies.rules.compiling import compile_book
from app.policies.rules.determine import determine
from app.policies.rules.library import drug_of_code
from app.rule_changes.rules.impact_reach import Touched, reach_of
from app.values.insurance import Channel, Line
from app.web.sample.filling import POLICIES
from tests.support.changing_rules import Changer

CODES = ("96910", "99213", "17110", "15823", "11900", "J2357", "J0585", "17311", "11102", "96372")
DIAGNOSES = (("L40.0",), ("L82.1",), ("C44.91",), ())


@cache
def files():
    grid = {name: content for name, content in files_of(SHIPPED).items() if name.startswith("_grid/")}
    return grid | files_of(POLICIES)


def changer(seed):
    first = Changer(files(), Random(seed), list(CODES), [], [])
    rules = [rule for file in first.policies.payers.values() for topic in file.topics.values() for rule in topic.rules]
    codes = sorted({*CODES, *(code for rule in rules for code in rule.codes)})
    drugs = sorted({rule.service for rule in rules if rule.service.startswith("drug:")})
    return Changer(files(), Random(seed), codes, drugs, sorted(first.policies.payers)), codes, drugs


def said(book, question):
    """What judging reads of an answer, and the class of the code."""
    answer = determine(book, (), (), question)
    found = classify(book.grid, question.code, question.diagnoses, question.documented)
    read = (answer.need, answer.rule, answer.confidence, answer.grounds, answer.family, answer.limits)
    return read, answer.binds_person, answer.renew_before, found, book.only_line(question.payer)


def drawn(dice, payer, code, drug):
    return Question(
        payer=payer,
        day=date(2026, dice.randint(1, 12), 10),
        code=code,
        drug=drug,
        line=dice.choice((None, Line.COMMERCIAL, Line.MEDICARE_ADVANTAGE)),
        channel=dice.choice((Channel.MEDICAL, Channel.PHARMACY)),
        companions=frozenset({"99213"}) if dice.random() < 0.5 else frozenset(),
        diagnoses=dice.choice(DIAGNOSES),
        place=dice.choice((None, "11", "22")),
        state=dice.choice((None, "NY", "NJ")),
        age_months=dice.choice((None, 120, 600)),
    )


def test_a_set_against_itself_touches_nothing():
    change, _codes, _drugs = changer(1)
    book = compile_book(change.policies, "one")
    assert not reach_of(change.policies, change.policies, book, compile_book(change.policies, "two"))


@pytest.mark.parametrize("seed", range(3))
def test_what_a_change_does_not_touch_is_answered_alike_by_both_sets(seed):
    change, codes, drugs = changer(seed)
    dice, payers = Random(seed), sorted(change.policies.payers)
    old = compile_book(change.policies, "old")
    untouched = differing = 0
    for _run in range(14):
        policies, _done = change.change(2)
        new = compile_book(policies, "new")
        touched = Touched(reach_of(change.policies, policies, old, new), old, new)
        for _question in range(60):
            code = dice.choice([*codes, None])
            drug = dice.choice(drugs) if code is None or dice.random() < 0.2 else None
            question = drawn(dice, dice.choice(payers), code, drug)
            before, after = (_with_drug(book, question) for book in (old, new))
            same = said(old, before) == said(new, after)
            if touched.any_of((question.payer,), (code,) if code else (), (drug,) if drug else ()):
                differing += not same
            else:
                untouched += 1
                assert same, f"{question} of {_done}"
    assert untouched > 50
    assert differing


def _with_drug(book, question):
    """The question as a line asks it: the drug of a coded drug is the one that the code names."""
    if question.drug is None and question.code is not None:
        return replace(question, drug=drug_of_code(book, question.code))
    return question


def test_siblings_of_a_changed_code_are_touched_since_a_line_asks_for_them_too():
    change, _codes, _drugs = changer(2)
    old = compile_book(change.policies, "old")
    family = next(sorted(codes) for codes in old.grid.family.values() if len(codes) > 1)
    rules = change.policies.payers["harborlight"]
    topic, content = next(iter(rules.topics.items()))
    added = content.rules[0].model_copy(update={"id": "added", "codes": (family[0],), "approval": "required"})
    new_topics = {**rules.topics, topic: content.model_copy(update={"rules": (*content.rules, added)})}
    after = change.policies.model_copy(
        update={"payers": {**change.policies.payers, "harborlight": rules.model_copy(update={"topics": new_topics})}}
    )
    new = compile_book(after, "new")
    reach = reach_of(change.policies, after, old, new)
    assert set(family) <= reach.codes["harborlight"]
    assert reach.only_codes == reach.codes["harborlight"] or reach.drugs
    assert Touched(reach, old, new).any_of(("harborlight",), (family[1],), ())
    assert not Touched(reach, old, new).any_of(("plumeria",), (family[1],), ())
