"""Gold cards: what the laws would count, and the exemptions that payers gave notice of."""

import hashlib
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.audit.actions import record
from app.authorizations import store as authorization_store
from app.casework.facts.gold_cards import Exemption, GoldCards, LawCounts, Notice
from app.casework.rules.gold_cards import counts_of
from app.casework.store import notices as store
from app.documents.facts import MediaType
from app.documents.files.looking import look
from app.platform.caller import Caller
from app.platform.changes import announced
from app.platform.db import writing
from app.policies.actions.basics import today_of
from app.policies.actions.changing import save_rule
from app.policies.actions.library import current_book
from app.policies.actions.own_rules import payers_by_key
from app.policies.facts.answers import BasisKind, Need
from app.policies.facts.book import Book
from app.policies.facts.desk import Basis
from app.policies.facts.own_rules import RuleWord
from app.policies.store import practice as rule_store
from app.practice.store import practice as practice_store
from app.values.spans import add_months


@dataclass(frozen=True, slots=True)
class NewExemption:
    """An exemption as its form was read, with the payer's letter."""

    payer: str
    npis: tuple[str, ...]
    groups: bool
    codes: frozenset[str]
    begins: date
    until: date
    letter_on: date
    reference: str
    name: str
    content: bytes


class NoticeNotFoundError(Exception):
    """The practice has no notice of this id."""


def read_gold_cards(caller: Caller, payer: str | None) -> GoldCards:
    """Read what a payer decided, counted by the laws of the practice's states, and the exemptions on file."""
    session, practice_id = caller.session, caller.practice_id
    book, today, names = current_book(session, practice_id), today_of(caller), payers_by_key(caller)
    chosen = payer if payer in names else None
    rules = {kept.id: kept for kept in rule_store.kept_rules(session, practice_id)}
    exemptions = []
    for notice in store.listed(session, practice_id):
        kept = rules.get(notice.rule_id)
        codes, span = (tuple(sorted(kept.rule.codes)), kept.rule.span) if kept is not None else ((), None)
        ended = min((one.last_day for one in kept.ends if one.code is None), default=None) if kept is not None else None
        last = min((day for day in (span.ends if span else None, ended) if day is not None), default=None)
        exemptions.append(Exemption(notice, codes, span.begins if span else None, last))
    people = practice_store.providers(session, practice_id)
    return GoldCards(
        today=today,
        payers=tuple(sorted(names.items(), key=lambda pair: pair[1].casefold())),
        payer=chosen,
        laws=_counted(caller, book, chosen, today) if chosen is not None else (),
        exemptions=tuple(exemptions),
        names={one.npi: one.name for one in people if one.name},
    )


def _counted(caller: Caller, book: Book, payer: str, today: date) -> tuple[LawCounts, ...]:
    sites = practice_store.sites(caller.session, caller.practice_id)
    found = []
    for law in book.gold_cards:
        there = frozenset(site.id for site in sites if site.state == law.state)
        if not there or not law.holds_on(today):
            continue
        since = add_months(today, -(law.looks_at.value or 12))
        decisions = authorization_store.decisions_counted(caller.session, caller.practice_id, payer, since)
        found.append(LawCounts(law, since, counts_of(decisions, there, len(there) == len(sites))))
    return tuple(found)


def record_exemption(caller: Caller, key: UUID, new: NewExemption) -> bool:
    """Record an exemption as a practice rule together with the payer's notice: neither stands without the other.

    Takes     the id that the form carries, so that a form sent twice counts once.
    Returns   False where it is on file already.
    Raises    DocumentRefusedError with a sentence for a file that is not a PDF or picture; RefusedRuleError.
    """
    looked = look(new.content)
    word = RuleWord(
        once=key,
        payer=new.payer,
        codes=new.codes,
        need=Need.NOT_REQUIRED,
        begins=new.begins,
        until=new.until,
        basis=Basis(BasisKind.LETTER, new.reference, new.letter_on),
        providers=frozenset() if new.groups else frozenset(new.npis),
        groups=frozenset(new.npis) if new.groups else frozenset(),
        corrects=True,
        notice=True,
    )
    with announced(caller) as session:
        if save_rule(caller, word).again:
            return False
        kept = next(one for one in rule_store.kept_rules(session, caller.practice_id) if one.action == key)
        store.add(session, caller.practice_id, _notice(caller, key, kept.id, new, looked.media), new.content)
        record(caller, "casework.exemption_recorded", [kept.id])
    return True


def _notice(caller: Caller, key: UUID, rule_id: UUID, new: NewExemption, media: MediaType) -> Notice:
    return Notice(
        key,
        rule_id,
        new.payer,
        new.npis,
        new.letter_on,
        new.name,
        media,
        len(new.content),
        hashlib.sha256(new.content).hexdigest(),
        caller.clock.now(),
        caller.user_id,
    )


def notice_of(caller: Caller, notice_id: UUID) -> tuple[Notice, bytes]:
    """Open a notice, and note who did. Raises NoticeNotFoundError."""
    session, practice_id = caller.session, caller.practice_id
    found = next((one for one in store.listed(session, practice_id) if one.id == notice_id), None)
    content = store.content_of(session, practice_id, notice_id)
    if found is None or content is None:
        raise NoticeNotFoundError
    with writing(session):
        record(caller, "casework.notice_read", [notice_id])
    return found, content
