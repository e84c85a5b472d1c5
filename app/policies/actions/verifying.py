"""Verify rules of the library: a person found them to be as they are written. No answer changes by it."""

from collections import Counter

from app.audit.actions import record
from app.platform.caller import Caller
from app.platform.db import writing
from app.policies.actions.basics import RefusedRuleError, today_of
from app.policies.actions.detail import PayerNotFoundError, library_rules
from app.policies.actions.library import current_book
from app.policies.facts.desk import Done
from app.policies.facts.freshness import InUse, NewVerification, VerifyPage, VerifyRule, VerifyWord
from app.policies.facts.levels import Level
from app.policies.facts.library import RULES_A_PAGE
from app.policies.facts.records import RuleAct, RuleAction
from app.policies.rules.freshness import holds_on, most_urgent
from app.policies.store import verifications as store
from app.policies.store.practice import begin_action
from app.practice.store.staff import staff_of

_NOTHING = InUse(0, 0)


class RuleTurnedError(Exception):
    """A rule says otherwise than when the form was opened, or is gone: nothing was verified."""


def read_verify(
    caller: Caller, key: str, asked: frozenset[str] = frozenset(), everything: bool = False, after: str | None = None
) -> VerifyPage:
    """Read rules in force of one payer that are to be verified, the most urgent first.

    Takes     the payer's key; the rules that the address names as `topic#id` (empty: those that are not fresh, or
              `everything`); the last one of the page before.
    Raises    PayerNotFoundError: the library knows no such payer.
    """
    session, practice_id, today = caller.session, caller.practice_id, today_of(caller)
    book = current_book(session, practice_id)
    if key not in book.payers:
        raise PayerNotFoundError
    rules = {one.compiled.ref: one for one in library_rules(caller, book, key) if holds_on(one.compiled, today)}
    days = store.verified_days(session, practice_id)
    stands = most_urgent((one.compiled for one in rules.values()), today, days)
    last = store.last_verifications(session, practice_id, key)
    used = store.rules_in_use(session, practice_id)
    wanted = [
        VerifyRule(rules[rule.ref], stand, last.get((rule.ref, rule.content)), in_use.visits, in_use.cases)
        for rule, stand in stands
        if (rule.ref.partition("/")[2] in asked if asked else everything or stand.level is not Level.FRESH)
        for in_use in [used.get(rule.ref, _NOTHING)]
    ]
    places = {one.rule.compiled.ref.partition("/")[2]: place for place, one in enumerate(wanted, 1)}
    rest = wanted[places.get(after, 0) if after is not None else 0 :]
    shown = rest[:RULES_A_PAGE]
    return VerifyPage(
        key=key,
        name=book.payers[key].name,
        rules=tuple(shown),
        counts=Counter(stand.level for _rule, stand in stands),
        asked=asked,
        everything=everything,
        next=shown[-1].rule.compiled.ref.partition("/")[2] if len(rest) > RULES_A_PAGE else None,
        staff={one.id: one.name for one in staff_of(session, practice_id)},
        today=today,
    )


def verify_rules(caller: Caller, word: VerifyWord) -> Done:
    """Keep that rules are as they are written, all of them or none.

    A rule from memory stays one: what its payer confirms is recorded as a rule of the practice (contract `verdict.md`).
    Raises    RuleTurnedError; RefusedRuleError: no rule, or a basis without kind or day.
    """
    if not word.rules or word.basis.kind is None or word.basis.source_day is None:
        raise RefusedRuleError("Tick at least one rule, and say how and on which day it was verified.")
    book = current_book(caller.session, caller.practice_id)
    made = []
    for name, content in word.rules:
        rule = book.rules.get(f"{word.payer}/{name}")
        if rule is None or rule.content != content:
            raise RuleTurnedError
        made.append(NewVerification(rule.ref, content, word.basis.source_day, word.basis.kind, word.basis.text))
    with writing(caller.session) as session:
        action = RuleAction(word.once, RuleAct.VERIFY, caller.clock.now(), caller.user_id)
        if not begin_action(session, caller.practice_id, action):
            return Done(word.once, 0, 0, again=True)
        store.add_verifications(session, caller.practice_id, word.once, made)
        record(caller, "policies.rules_verified", (word.once,), payer=word.payer, rules=len(made), how=word.basis.kind)
    return Done(word.once, len(made), 0)
