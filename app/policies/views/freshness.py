"""How fresh rules are, and the page that verifies them, in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.policies.facts.desk import Freshness
from app.policies.facts.freshness import Verification, VerifyPage, VerifyRule
from app.policies.facts.levels import Level, Stand, Unverified
from app.policies.rules.basis import say_kind
from app.policies.rules.differences import APPROVAL_WORDS, about
from app.policies.rules.freshness import ASK_DAYS, VERIFY_DAYS
from app.values.wording import counted, short_day

LEVEL_WORDS = {Level.ASK: "to ask", Level.SOON: "to verify soon", Level.FRESH: "fresh"}


@dataclass(frozen=True, slots=True)
class VerifyRow:
    """One rule on the page that verifies. `tick` names it with the content that was seen.

    `memory`: nobody read a source; `first`: the code or drug with which a form of a practice's rule begins.
    """

    tick: str
    ref: str
    anchor: str
    about: str
    summary: str
    approval: str
    source: str
    url: str | None
    level: str
    stands: str
    last: str | None
    rests: str | None
    memory: bool
    codes: str


@dataclass(frozen=True, slots=True)
class VerifyWords:
    """All that the page that verifies shows."""

    key: str
    name: str
    rows: tuple[VerifyRow, ...]
    counts: tuple[tuple[str, str], ...]
    everything: bool
    asked: bool
    next: str | None


def level_words(fresh: Freshness) -> tuple[tuple[str, str], ...]:
    """How many rules stand on each level that has any, the most urgent first: the level and its words."""
    rest = fresh.rules - fresh.soon - fresh.ask
    found = ((Level.ASK, fresh.ask), (Level.SOON, fresh.soon), (Level.FRESH, rest))
    return tuple((level.value, f"{number:,} {LEVEL_WORDS[level]}") for level, number in found if number)


def fresh_warnings(fresh: Freshness) -> Iterator[str]:
    """What is to be verified, in words."""
    aged = fresh.ask - fresh.memory
    if aged > 0:
        yield f"{counted(aged, 'rule')} verified over {ASK_DAYS} days ago: ask the payer before you rely on them"
    if fresh.soon:
        yield f"{counted(fresh.soon, 'rule')} verified over {VERIFY_DAYS} days ago: verify them soon"
    if fresh.memory:
        yield f"{counted(fresh.memory, 'rule')} from memory, never verified"


def age_warning(verified_on: date | None, today: date, by_person: bool = False) -> str | None:
    """What to think of an answer that was read or verified on a day: nothing while it is fresh."""
    if verified_on is None:
        return "The day on which it was read is not known. Ask the payer before you rely on it."
    days = (today - verified_on).days
    verb = "Verified" if by_person else "Read"
    if days > ASK_DAYS:
        return f"{verb} {days} days ago; ask the payer before you rely on it."
    return f"{verb} {days} days ago; verify it soon." if days > VERIFY_DAYS else None


def verify_sentence(stand: Stand, today: date) -> str | None:
    """That a rule is to be verified or asked; None while it is fresh."""
    if stand.why is Unverified.MEMORY:
        return "Never verified: ask the payer before you rely on it."
    return age_warning(stand.day, today, stand.by_person)


def verified_words(stand: Stand) -> str | None:
    """When a person of the practice verified a rule, where that is later than the day it was read."""
    return f"Verified {short_day(stand.day)} by the practice." if stand.by_person and stand.day is not None else None


def verify_page(found: VerifyPage) -> VerifyWords:
    """Put the page that verifies rules into words."""
    return VerifyWords(
        key=found.key,
        name=found.name,
        rows=tuple(_row(one, found.staff, found.today) for one in found.rules),
        counts=tuple((level.value, f"{found.counts.get(level, 0):,} {words}") for level, words in LEVEL_WORDS.items()),
        everything=found.everything,
        asked=bool(found.asked),
        next=found.next,
    )


def _row(one: VerifyRule, staff: Mapping[UUID, str], today: date) -> VerifyRow:
    compiled, said = one.rule.compiled, one.rule.said
    name = compiled.ref.partition("/")[2]
    cite = compiled.cite
    read = f", read {short_day(cite.read_on)}" if cite is not None and cite.read_on is not None else ""
    named = (*said.codes, *said.ranges) or ((said.service,) if said.service.startswith("drug:") else ())
    return VerifyRow(
        tick=f"{name}@{compiled.content}",
        ref=compiled.ref,
        anchor=name.replace("#", "-").replace(".", "-"),
        about=about(said),
        summary=f"{said.summary.rstrip('.')}.",
        approval=APPROVAL_WORDS[said.approval],
        source=f"{cite.title}{read}" if cite is not None else "From memory, no source",
        url=cite.url if cite is not None else None,
        level=one.stand.level.value,
        stands=verify_sentence(one.stand, today) or _fresh(one),
        last=_last(one.last, staff),
        rests=_rests(one),
        memory=compiled.memory,
        codes=" ".join(named),
    )


def _fresh(one: VerifyRule) -> str:
    verb = "verified" if one.stand.by_person else "read"
    return f"Fresh: {verb} {short_day(one.stand.day)}." if one.stand.day is not None else "Fresh."


def _last(last: Verification | None, staff: Mapping[UUID, str]) -> str | None:
    if last is None:
        return None
    who = staff.get(last.by, "a former colleague") if last.by is not None else "the command line"
    said = say_kind(last.how, last.note, last.verified_on)
    return f"{said[0].upper()}{said[1:]}, by {who}."


def _rests(one: VerifyRule) -> str | None:
    """What rests on it, as counted last."""
    parts = [counted(one.visits, "booked visit")] if one.visits else []
    parts += [counted(one.cases, "open case")] if one.cases else []
    verb = "rests" if one.visits + one.cases == 1 else "rest"
    return f"{' and '.join(parts)} {verb} on it." if parts else None
