"""Count what rests on each rule of the library: booked visits by their stored verdicts, open cases by their codes."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import islice
from uuid import UUID
from zoneinfo import ZoneInfo

from app.authorizations import store as authorization_store
from app.authorizations.facts import Authorization
from app.authorizations.rules.moves import OPEN
from app.clearance.rules.packing import packed_rules
from app.clearance.store import verdicts as verdict_store
from app.platform.caller import Caller
from app.platform.db import writing
from app.policies.actions.library import current_book
from app.policies.facts.book import Book
from app.policies.facts.freshness import InUse
from app.policies.rules.freshness import holds_on
from app.policies.store import verifications as store
from app.practice.store.practice import practice_of

PIECE = 400  # patients whose cases are read at a time


def count_in_use(caller: Caller) -> int:
    """Count anew how many booked visits and open cases rest on each rule of the library.

    Returns   how many rules have another count than before; counted twice, nothing is left to do.
    """
    session, practice_id = caller.session, caller.practice_id
    today = caller.clock.today(ZoneInfo(practice_of(session, practice_id).zone))
    book = current_book(session, practice_id)
    visits = Counter(
        ref for content in verdict_store.contents_from(session, practice_id, today) for ref in packed_rules(content)
    )
    cases = Counter(ref for ref in _of_cases(caller, book, today))
    now = {ref: InUse(visits[ref], cases[ref]) for ref in (*visits, *cases) if ref in book.rules}
    before = store.rules_in_use(session, practice_id)
    changed = {ref: one for ref, one in now.items() if before.get(ref) != one}
    gone = sorted(before.keys() - now.keys())
    if not changed and not gone:
        session.rollback()
        return 0
    with writing(session):
        store.put_in_use(session, practice_id, changed, gone)
    return len(changed) + len(gone)


def _of_cases(caller: Caller, book: Book, today: date) -> Iterator[str]:
    """The rules in force that speak of what each open case asks for, once a case."""
    session, practice_id = caller.session, caller.practice_id
    patients: Iterator[UUID] = iter(sorted(authorization_store.patients_in_status(session, practice_id, OPEN)))
    while piece := list(islice(patients, PIECE)):
        found = authorization_store.of_patients(session, practice_id, piece).values()
        for row in (row for rows in found for row in rows if row.status in OPEN):
            yield from _named(book, row, today)


def _named(book: Book, row: Authorization, today: date) -> frozenset[str]:
    """The rules in force of a case's payer that name one of its codes or drugs."""
    names = [name for item in row.items for name in item.codes]
    rules = (
        rule
        for name in names
        for found in (book.by_code.get((row.payer, name), ()), book.by_drug.get((row.payer, name), ()))
        for rule in found
    )
    return frozenset(rule.ref for rule in rules if holds_on(rule, today) and not rule.placeless)
