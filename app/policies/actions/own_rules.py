"""Read the practice's own rules: the list, one with its versions, and what a form may choose from."""

from collections import Counter
from datetime import date
from uuid import UUID

from app.platform.caller import Caller
from app.policies.actions.basics import today_of
from app.policies.actions.library import current_book
from app.policies.actions.payers import library_names
from app.policies.facts.own_rules import (
    PAGE_SIZE,
    EndingRules,
    OwnRule,
    OwnRules,
    OwnRulesQuery,
    RuleHistory,
    RuleOptions,
)
from app.policies.facts.records import KeptRule
from app.policies.rules.own_rules import ends_soon, matches, stand_of
from app.policies.store import practice as store
from app.policies.store.payers import payers
from app.practice.store.staff import staff_of


class RuleNotFoundError(Exception):
    """The practice has no rule with this id, or it was undone."""


def read_own_rules(caller: Caller, query: OwnRulesQuery) -> OwnRules:
    """Read one page of the practice's rules, newest first."""
    today = today_of(caller)
    rules = [stand_of(one, today) for one in store.kept_rules(caller.session, caller.practice_id)]
    asked = [one for one in reversed(rules) if matches(one, query)]
    wanted = [one for one in asked if query.state is None or one.state is query.state]
    rest = [one for one in wanted if query.after is None or one.kept.id < query.after]
    shown = rest[:PAGE_SIZE]
    return OwnRules(
        query=query,
        rules=tuple(shown),
        counts=Counter(one.state for one in asked),
        next=shown[-1].kept.id if len(rest) > PAGE_SIZE else None,
        names=payers_by_key(caller),
        staff=_staff(caller),
        today=today,
    )


def read_rule(caller: Caller, rule_id: UUID) -> RuleHistory:
    """Read one rule with all its versions, the oldest first. Raises RuleNotFoundError."""
    today = today_of(caller)
    rules = {one.id: one for one in store.kept_rules(caller.session, caller.practice_id)}
    found = rules.get(rule_id)
    if found is None:
        raise RuleNotFoundError
    return RuleHistory(
        rule=stand_of(found, today),
        versions=_versions(rules, found),
        names=payers_by_key(caller),
        staff=_staff(caller),
        today=today,
    )


def read_ending(caller: Caller, payer: str | None = None) -> EndingRules:
    """Read the rules, of one payer or all, that end by the end of the year or within 45 days, by payer."""
    today, names = today_of(caller), payers_by_key(caller)
    rules = [stand_of(one, today) for one in store.kept_rules(caller.session, caller.practice_id, payer=payer)]
    ending = [one for one in rules if ends_soon(one, today)]

    def place(one: OwnRule) -> tuple[str, date, UUID]:
        return names.get(one.kept.rule.payer, "").casefold(), one.last_day or date.max, one.kept.id

    return EndingRules(tuple(sorted(ending, key=place)), names, _staff(caller), today)


def read_options(caller: Caller) -> RuleOptions:
    """Read what a form about a rule may choose from."""
    book = current_book(caller.session, caller.practice_id)
    names = payers_by_key(caller)
    return RuleOptions(
        dict(sorted(names.items(), key=lambda one: one[1].casefold())), book.drug_names, today_of(caller)
    )


def payers_by_key(caller: Caller) -> dict[str, str]:
    """The names of all payers of the library and of files, by key."""
    book = current_book(caller.session, caller.practice_id)
    return {**library_names(book), **payers(caller.session, caller.practice_id)}


def _versions(rules: dict[UUID, KeptRule], found: KeptRule) -> tuple[KeptRule, ...]:
    first = found
    while first.replaces is not None and first.replaces in rules:
        first = rules[first.replaces]
    versions = [first]
    while (newer := versions[-1].replaced_by) is not None and newer in rules:
        versions.append(rules[newer])
    return tuple(versions)


def _staff(caller: Caller) -> dict[UUID, str]:
    return {one.id: one.name for one in staff_of(caller.session, caller.practice_id)}
