"""Ask the rules, for no patient."""

from collections.abc import Sequence
from dataclasses import replace

from app.platform.caller import Caller
from app.policies.actions.basics import RefusedRuleError, today_of
from app.policies.actions.library import current_book
from app.policies.facts.answers import Need, Question, Requirement, Submit
from app.policies.facts.book import PayerEntry
from app.policies.facts.records import Found
from app.policies.rules.classify import classify
from app.policies.rules.clocks import clock_of_answer
from app.policies.rules.determine import determine
from app.policies.rules.freshness import stand_of_rule
from app.policies.rules.likeness import suggestions
from app.policies.rules.payers import resolve_payer
from app.policies.store.practice import practice_rules
from app.policies.store.verifications import verified_days


def find_requirement(caller: Caller, payer: str, question: Question) -> Found:
    """Answer the finder: one question about a payer as typed, with the practice's own rules, for no patient."""
    book = current_book(caller.session, caller.practice_id)
    match = resolve_payer(book, payer)
    if match.self_pay:
        raise RefusedRuleError(f"'{payer}' means that there is no insurance; name a payer.")
    asked = replace(question, payer=match.key)
    rules = practice_rules(caller.session, caller.practice_id)
    requirement = determine(book, rules, (), asked)
    clock, hangs_on = clock_of_answer(book, asked, requirement)
    klass = classify(book.grid, asked.code, asked.diagnoses, asked.documented).klass
    rule = book.rules.get(requirement.rule or "")
    what = asked.code or asked.drug or asked.service or ""
    verify = rule.extras.verify if rule is not None else None
    phones = _phones(requirement, book.payers.get(match.key))
    stand = None
    if rule is not None:
        stand = stand_of_rule(rule, today_of(caller), verified_days(caller.session, caller.practice_id))
    answer = replace(requirement, clock=clock)
    return Found(answer, klass, match, what, verify, question.place, hangs_on, phones, stand, asked)


def needs_by_code(caller: Caller, payer: str, question: Question, codes: Sequence[str]) -> tuple[tuple[str, Need], ...]:
    """What the same question answers for each code of a service that was asked for as a whole."""
    book = current_book(caller.session, caller.practice_id)
    rules = practice_rules(caller.session, caller.practice_id)
    asked = replace(question, payer=resolve_payer(book, payer).key, service=None)
    return tuple((code, determine(book, rules, (), replace(asked, code=code)).need) for code in codes)


def _phones(requirement: Requirement, payer: PayerEntry | None) -> tuple[Submit, ...]:
    """The lines with a number on which a payer answers: those of the rule, then those of the payer."""
    ways = (*requirement.submit, *(payer.submit if payer is not None else ()))
    return tuple(dict.fromkeys(way for way in ways if way.kind == "phone" and way.value))


def payers_meant(caller: Caller, name: str) -> tuple[str, ...]:
    """The payers of the library that a name may mean, at most three: for a person to choose from."""
    book = current_book(caller.session, caller.practice_id)
    library = {key: (entry.name, entry.spoken) for key, entry in book.payers.items()}
    return tuple(one.name for one in suggestions(name, library))


def payer_names(caller: Caller) -> tuple[str, ...]:
    """The names of the payers whose rules are on file, in order: what a person may choose from."""
    book = current_book(caller.session, caller.practice_id)
    return tuple(sorted((entry.name for entry in book.payers.values()), key=str.casefold))
