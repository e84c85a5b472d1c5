"""What every action that records something shares: who the payer is, which day it is, and how a refusal is said."""

from datetime import date
from zoneinfo import ZoneInfo

from app.platform.caller import Caller
from app.policies.facts.answers import PayerMatch
from app.policies.facts.book import Book
from app.policies.rules.payers import resolve_payer
from app.policies.store.payers import payers
from app.practice.store.practice import practice_of
from app.values.spans import DateSpan


class RefusedRuleError(Exception):
    """What was to be recorded is missing something or too long; the text says what to do."""


def known_payer(caller: Caller, book: Book, text: str) -> PayerMatch:
    """Find a payer of the library or of a file. Raises RefusedRuleError for any other."""
    match = resolve_payer(book, text)
    if match.self_pay:
        raise RefusedRuleError(f"'{text}' means that there is no insurance; name a payer.")
    if not match.in_library and match.key not in payers(caller.session, caller.practice_id):
        raise RefusedRuleError(f"No payer '{text}' is on file; write its id or name as the coverage file has it.")
    return match


def rule_span(begins: date, ends: date, latest: date, limit: str) -> DateSpan:
    """Make the span of a rule. Raises RefusedRuleError when it ends too early or too late."""
    if ends < begins:
        raise RefusedRuleError(f"The end {ends} lies before today, {begins}; give a later day.")
    if ends > latest:
        raise RefusedRuleError(f"{limit}: the latest end is {latest}.")
    return DateSpan(begins, ends)


def today_of(caller: Caller) -> date:
    """The day at the practice."""
    return caller.clock.today(zone_of(caller))


def zone_of(caller: Caller) -> ZoneInfo:
    """The practice's zone."""
    return ZoneInfo(practice_of(caller.session, caller.practice_id).zone)


def visits_changed(caller: Caller) -> int:
    """How many visits the last change gave another answer."""
    return int(caller.session.info.get("visits_changed", 0))
