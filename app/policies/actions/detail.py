"""One payer of the library, or one that a file brought: its rules, sources, ways, clocks and what changed when."""

from collections import Counter
from itertools import pairwise

from app.platform.caller import Caller
from app.policies.actions.basics import today_of, zone_of
from app.policies.actions.library import current_book, current_policies, policies_of_version
from app.policies.actions.payers import library_names
from app.policies.facts.book import Book
from app.policies.facts.grid import PayerRules
from app.policies.facts.library import (
    RULES_A_PAGE,
    LibraryRule,
    PayerDetail,
    RuleDifference,
    SourceLine,
    VersionChange,
)
from app.policies.facts.records import InForce
from app.policies.rules.differences import payer_differences, sources_read_again
from app.policies.rules.freshness import freshness, stand_of_rule
from app.policies.rules.offering import routine_until
from app.policies.rules.payers import payers_on
from app.policies.store import payers as store
from app.policies.store.practice import practice_rules
from app.policies.store.rule_sets import history
from app.policies.store.verifications import verified_days

MOST_VERSIONS = 12
_compared: dict[tuple[str, str, str], tuple[tuple[RuleDifference, ...], int]] = {}
_MOST_COMPARED = 2000


class PayerNotFoundError(Exception):
    """Neither the library nor a file knows a payer by this key."""


def read_payer(caller: Caller, key: str, topic: str | None = None, after: str | None = None) -> PayerDetail:
    """Read one payer with one page of its rules. Raises PayerNotFoundError."""
    session, practice_id = caller.session, caller.practice_id
    book, today = current_book(session, practice_id), today_of(caller)
    brought, names = store.payers(session, practice_id), library_names(book)
    name = names.get(key) or brought.get(key)
    if name is None:
        raise PayerNotFoundError
    own = [rule for rule in practice_rules(session, practice_id) if rule.payer == key]
    files = current_policies(session, practice_id).payers.get(key)
    rules = _rules(book, key, files)
    verified = verified_days(session, practice_id)
    asked = [one for one in rules if topic is None or one.topic == topic]
    rest = [one for one in asked if after is None or one.compiled.ref > after]
    shown = tuple(rest[:RULES_A_PAGE])
    return PayerDetail(
        key=key,
        name=name,
        in_library=key in names,
        turned_on=key in payers_on(names, brought, store.payer_choices(session, practice_id)),
        fresh=freshness(book, today, verified).get(key),
        routine_until=routine_until(own, today).get(key),
        own_rules=len({rule.ref for rule in own if rule.span.ends is None or rule.span.ends >= today}),
        topic=topic,
        topics=Counter(one.topic for one in rules),
        rules=shown,
        stands={one.compiled.ref: stand_of_rule(one.compiled, today, verified) for one in shown},
        next=shown[-1].compiled.ref if len(rest) > RULES_A_PAGE else None,
        processes=files.file.processes if files is not None else (),
        sources=_sources(files) if files is not None else (),
        versions=_versions(caller, key) if files is not None else (),
        today=today,
    )


def library_rules(caller: Caller, book: Book, key: str) -> list[LibraryRule]:
    """The rules of a payer that answer, as compiled and as its files say them, by topic and id."""
    return _rules(book, key, current_policies(caller.session, caller.practice_id).payers.get(key))


def _rules(book: Book, key: str, files: PayerRules | None) -> list[LibraryRule]:
    """The payer's rules that answer, by topic and id."""
    found: list[LibraryRule] = []
    for name, topic in sorted(files.topics.items()) if files is not None else ():
        for rule in topic.rules:
            compiled = book.rules.get(f"{key}/{name}#{rule.id}")
            if compiled is not None:
                found.append(LibraryRule(name, compiled, rule))
    return sorted(found, key=lambda one: one.compiled.ref)


def _sources(files: PayerRules) -> tuple[SourceLine, ...]:
    """Every source of the payer once, the longest unread first."""
    rests: Counter[tuple[str, str]] = Counter()
    days: dict[tuple[str, str], SourceLine] = {}
    for source in files.file.sources.values():
        days[source.title, source.url] = SourceLine(source.title, source.url, source.read_on or files.file.read_on, 0)
    for topic in files.topics.values():
        for source in topic.sources.values():
            line = SourceLine(source.title, source.url, source.read_on or topic.read_on, 0)
            known = days.get((source.title, source.url))
            days[source.title, source.url] = line if known is None or line.read_on < known.read_on else known
        cited = [topic.sources[rule.source] for rule in topic.rules if rule.source in topic.sources]
        rests.update((source.title, source.url) for source in cited)
    lines = [SourceLine(one.title, one.url, one.read_on, rests[one.title, one.url]) for one in days.values()]
    return tuple(sorted(lines, key=lambda one: (one.read_on, one.title)))


def _versions(caller: Caller, key: str) -> tuple[VersionChange, ...]:
    """What the last rule sets said otherwise of a payer than those before them, the newest first."""
    zone = zone_of(caller)
    entries = history(caller.session, caller.practice_id, MOST_VERSIONS + 1)
    found = []
    for now, before in pairwise((*entries, None)):
        if now is None or (before is None and len(entries) > MOST_VERSIONS):
            continue
        differences, read_again = _differences(caller, key, before, now)
        if differences or read_again or before is None:
            since = now.since.astimezone(zone).date()
            found.append(VersionChange(since, now.version, differences, read_again, first=before is None))
    return tuple(found)


def _differences(
    caller: Caller, key: str, before: InForce | None, now: InForce
) -> tuple[tuple[RuleDifference, ...], int]:
    """Compare two rule sets for a payer; both never change, so the answer is kept."""
    if before is None or before.version == now.version:
        return (), 0
    asked = (before.version, now.version, key)
    if asked not in _compared:
        if len(_compared) >= _MOST_COMPARED:
            _compared.clear()
        old, new = (policies_of_version(caller.session, caller.practice_id, one.version) for one in (before, now))
        was, is_now = (one.payers.get(key) if one is not None else None for one in (old, new))
        _compared[asked] = payer_differences(was, is_now), sources_read_again(was, is_now)
    return _compared[asked]
