"""One payer in words: its rules, its ways and clocks, its sources, and what changed when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.policies.facts.answers import Submit
from app.policies.facts.language import Process
from app.policies.facts.levels import Stand
from app.policies.facts.library import ChangeKind, LibraryRule, PayerDetail, RuleDifference, SourceLine, VersionChange
from app.policies.rules.differences import APPROVAL_WORDS, about
from app.policies.rules.extras import decision_clock, submit_ways
from app.policies.rules.freshness import VERIFY_DAYS, holds_on
from app.policies.rules.wording import say_key, say_length
from app.policies.views.finder import WAY_WORDS
from app.policies.views.freshness import fresh_warnings, verified_words, verify_sentence
from app.policies.views.payers import read_words
from app.policies.views.requirements import explain_rule
from app.values.wording import counted, short_day

SHOWN_DIFFERENCES = 30


@dataclass(frozen=True, slots=True)
class RuleWords:
    """One rule of the library. `says` are the rest of its sentences.

    `verify`: that it is to be verified or asked; `verified`: when a person of the practice did.
    """

    ref: str
    anchor: str
    about: str
    summary: str
    approval: str
    holds: str
    in_force: bool
    source: str
    url: str | None
    verify: str | None
    verified: str | None
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProcessWords:
    """How a payer takes and decides requests: pairs of a name and what it is."""

    title: str
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SourceWords:
    """One source with its age; `warning` when it was read over 90 days ago."""

    title: str
    url: str
    read: str
    age: str
    warning: bool
    rules: str


@dataclass(frozen=True, slots=True)
class VersionWords:
    """One rule set that came into force, and what it says otherwise, one sentence a change."""

    title: str
    sentences: tuple[str, ...]
    more: str | None


@dataclass(frozen=True, slots=True)
class DetailPage:
    """All that the page of a payer shows."""

    key: str
    name: str
    turned_on: bool
    in_library: bool
    facts: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]
    routine_open: bool
    own: str
    topics: tuple[tuple[str, str], ...]
    topic: str
    rules: tuple[RuleWords, ...]
    next: str | None
    processes: tuple[ProcessWords, ...]
    sources: tuple[SourceWords, ...]
    versions: tuple[VersionWords, ...]


def detail_page(found: PayerDetail) -> DetailPage:
    """Put a payer into words."""
    return DetailPage(
        key=found.key,
        name=found.name,
        turned_on=found.turned_on,
        in_library=found.in_library,
        facts=tuple(_facts(found)),
        warnings=tuple(fresh_warnings(found.fresh)) if found.fresh is not None else (),
        routine_open=found.turned_on and found.routine_until is None,
        own=counted(found.own_rules, "practice rule") if found.own_rules else "",
        topics=(
            ("", f"All topics ({sum(found.topics.values())})"),
            *((name, f"{say_key(name).capitalize()} ({number})") for name, number in sorted(found.topics.items())),
        ),
        topic=found.topic or "",
        rules=tuple(_rule(one, found.stands[one.compiled.ref], found.today) for one in found.rules),
        next=found.next,
        processes=tuple(_process(one) for one in found.processes),
        sources=tuple(_source(one, found.today) for one in found.sources),
        versions=tuple(version_words(one) for one in found.versions),
    )


def version_words(one: VersionChange) -> VersionWords:
    """What a rule set says otherwise: `96910 at place 11: was required, is not required`."""
    sentences = [sentence for difference in one.differences for sentence in difference_words(difference)]
    if one.read_again:
        sentences.append(f"{counted(one.read_again, 'source')} read again.")
    if one.first:
        sentences.append("The first rules at this practice.")
    more = len(sentences) - SHOWN_DIFFERENCES
    return VersionWords(
        title=f"Since {short_day(one.since)} rules {one.version[:12]}",
        sentences=tuple(sentences[:SHOWN_DIFFERENCES]),
        more=f"and {counted(more, 'further change')}" if more > 0 else None,
    )


def difference_words(difference: RuleDifference) -> Iterator[str]:
    """One sentence a field that differs."""
    if difference.kind is ChangeKind.ADDED:
        yield f"{difference.about}: new rule, {difference.fields[0].after} ({difference.ref})."
        return
    if difference.kind is ChangeKind.REMOVED:
        yield f"{difference.about}: rule removed, it was {difference.fields[0].after} ({difference.ref})."
        return
    for field in difference.fields:
        label = "" if field.field == "Approval" else f"{field.field} "
        if field.before.startswith("without ") or field.after.startswith("with "):
            said = ", ".join(text for text in (field.before, field.after) if text)
            yield f"{difference.about}: {label}now {said}."
        else:
            yield f"{difference.about}: {label}was {field.before or 'not said'}, is {field.after}."


def _facts(found: PayerDetail) -> Iterator[tuple[str, str]]:
    yield "Turned on", "Yes" if found.turned_on else "No"
    if found.fresh is not None:
        yield "Rules in force", f"{found.fresh.rules:,}"
        yield "Verified", read_words(found.fresh.oldest, found.fresh.newest)
    else:
        yield "Rules", "None on file: a file brought this payer, and the library does not know it."
    until = found.routine_until
    yield "Routine services", f"Confirmed until {short_day(until)}" if until is not None else "Not asked yet"


def _rule(one: LibraryRule, stand: Stand, today: date) -> RuleWords:
    compiled = one.compiled
    begins = "as far as known" if compiled.begins == date.min else f"from {short_day(compiled.begins)}"
    ends = "" if compiled.ends == date.max else f" until {short_day(compiled.ends)}"
    cite = compiled.cite
    read = f", read {short_day(cite.read_on)}" if cite is not None and cite.read_on is not None else ""
    _summary, *rest = explain_rule(compiled)
    return RuleWords(
        ref=compiled.ref,
        anchor=compiled.ref.partition("/")[2].replace("#", "-").replace(".", "-"),
        about=about(one.said),
        summary=f"{one.said.summary.rstrip('.')}.",
        approval=APPROVAL_WORDS[one.said.approval].capitalize(),
        holds=f"{begins}{ends}".capitalize(),
        in_force=holds_on(compiled, today),
        source=f"{cite.title}{read}" if cite is not None else "From memory, to verify",
        url=cite.url if cite is not None else None,
        verify=verify_sentence(stand, today),
        verified=verified_words(stand),
        says=tuple(
            sentence
            for sentence in rest
            if not sentence.startswith(("Approval:", "In force", "Source:", "From memory"))
        ),
    )


def _process(one: Process) -> ProcessWords:
    pairs = [(WAY_WORDS.get(way.kind, say_key(way.kind).capitalize()), _way(way)) for way in submit_ways(one.channels)]
    if one.clock is not None:
        clock = decision_clock(one.clock)
        pairs += [("Decides within", say_length(clock.standard))] if clock.standard is not None else []
        pairs += [("When urgent, within", say_length(clock.expedited))] if clock.expedited is not None else []
    if one.decision_valid is not None:
        pairs.append(("Approval lasts", say_length(one.decision_valid)))
    products = f" ({', '.join(say_key(name) for name in one.products)})" if one.products else ""
    return ProcessWords(f"{say_key(one.id).replace('-', ' ').capitalize()}{products}", tuple(pairs))


def _way(way: Submit) -> str:
    return f"{way.name}: {way.value}" if way.value else way.name


def _source(one: SourceLine, today: date) -> SourceWords:
    days = (today - one.read_on).days
    old = days > VERIFY_DAYS
    age = f"{counted(days, 'day')} ago" if days > 0 else "today" if days == 0 else "dated later than today"
    return SourceWords(
        title=one.title,
        url=one.url,
        read=short_day(one.read_on),
        age=f"{age}, verified over {VERIFY_DAYS} days ago" if old else age,
        warning=old,
        rules=counted(one.rules, "rule"),
    )
