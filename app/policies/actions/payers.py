"""Payers: which the practice works with, and how fresh their rules are."""

from collections.abc import Collection, Mapping

from app.audit.actions import record
from app.platform.caller import Caller
from app.platform.db import writing
from app.policies.actions.basics import RefusedRuleError, today_of, zone_of
from app.policies.actions.library import current_book
from app.policies.facts.answers import PracticeRule
from app.policies.facts.book import Book
from app.policies.facts.desk import PayerLine, PayerList, ToVerify
from app.policies.facts.levels import Level
from app.policies.facts.records import PayerChoice
from app.policies.rules.freshness import freshness, to_verify
from app.policies.rules.offering import routine_until
from app.policies.rules.payers import payers_on
from app.policies.store import payers as store
from app.policies.store.practice import practice_rules
from app.policies.store.proposals import count_open
from app.policies.store.rule_sets import in_force
from app.policies.store.verifications import rules_in_use, verified_days


def library_names(book: Book) -> dict[str, str]:
    """The names of the library's payers by key."""
    return {key: entry.name for key, entry in book.payers.items()}


def working_payers(caller: Caller) -> Mapping[str, str]:
    """The payers that the practice works with, name by key: those turned on, and those that files brought."""
    session, practice_id = caller.session, caller.practice_id
    names = library_names(current_book(session, practice_id))
    return payers_on(names, store.payers(session, practice_id), store.payer_choices(session, practice_id))


def rules_to_verify(caller: Caller) -> tuple[ToVerify, ...]:
    """The rules in force, of the payers that the practice works with, that are to be verified."""
    book = current_book(caller.session, caller.practice_id)
    verified = verified_days(caller.session, caller.practice_id)
    return to_verify(book, working_payers(caller).keys(), today_of(caller), verified)


def rules_to_ask(caller: Caller) -> tuple[ToVerify, ...]:
    """Those among the rules to verify that are to be asked of their payer, and that visits or cases rest on."""
    used = rules_in_use(caller.session, caller.practice_id)
    return tuple(one for one in rules_to_verify(caller) if one.level is Level.ASK and one.ref in used)


def read_payers(caller: Caller) -> PayerList:
    """Read every payer of the library and every one that a file brought, those turned on first."""
    session, practice_id = caller.session, caller.practice_id
    book = current_book(session, practice_id)
    today = today_of(caller)
    brought, names = store.payers(session, practice_id), library_names(book)
    on = payers_on(names, brought, store.payer_choices(session, practice_id))
    own = [rule for rule in practice_rules(session, practice_id) if rule.span.ends is None or rule.span.ends >= today]
    fresh = freshness(book, today, verified_days(session, practice_id))
    until, count = routine_until(own, today), _count(own)
    lines = [
        PayerLine(key, name, key in names, key in on, fresh.get(key), until.get(key), count.get(key, 0))
        for key, name in {**names, **brought}.items()
    ]
    current = in_force(session, practice_id)
    return PayerList(
        payers=tuple(sorted(lines, key=lambda one: (not one.turned_on, one.name.casefold()))),
        today=today,
        version=book.version,
        since=current.since.astimezone(zone_of(caller)).date() if current is not None else None,
        waiting=count_open(session, practice_id),
    )


def choose_payers(caller: Caller, keys: Collection[str], turned_on: bool) -> tuple[str, ...]:
    """Turn payers on or off. Returns the keys that were not so before. Raises RefusedRuleError for an unknown one.

    Turning off changes no verdict: the payer's rules still answer for patients whose coverage names it.
    """
    with writing(caller.session) as session:
        brought = store.payers(session, caller.practice_id)
        names = library_names(current_book(session, caller.practice_id))
        if set(keys) - {*names, *brought}:
            raise RefusedRuleError("A payer that was ticked is not on file. Choose from the list.")
        on = payers_on(names, brought, store.payer_choices(session, caller.practice_id))
        changed = tuple(key for key in dict.fromkeys(keys) if (key in on) != turned_on)
        now = caller.clock.now()
        store.choose_payers(
            session, caller.practice_id, [PayerChoice(key, turned_on, now, caller.user_id) for key in changed]
        )
        if changed:
            record(caller, "policies.payers_on" if turned_on else "policies.payers_off", payers=len(changed))
    return changed


def _count(rules: Collection[PracticeRule]) -> dict[str, int]:
    found: dict[str, set[str]] = {}
    for rule in rules:
        found.setdefault(rule.payer, set()).add(rule.ref)
    return {payer: len(refs) for payer, refs in found.items()}
