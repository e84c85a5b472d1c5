"""Visits that would turn if something were saved or moved, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.clearance.facts.reasons import Badge
from app.clearance.facts.turns import Turn
from app.clearance.rules.badges import WORST_FIRST
from app.clearance.views.sentences import BADGE_WORDS, visit_words
from app.practice.facts.practice import Site
from app.values.wording import counted, long_day

MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class TurnWords:
    """One visit that would turn: its day and services, both badges by key and in words, and why, in short."""

    visit_id: UUID
    day: str
    services: str
    before: str
    after: str
    before_words: str
    after_words: str
    short: str


@dataclass(frozen=True, slots=True)
class TurnsWords:
    """Which visits break and which heal, `MOST_NAMED` of each at most, with a sentence for all."""

    sentence: str
    broken: tuple[TurnWords, ...]
    healed: tuple[TurnWords, ...]
    more: int


def turns_words(turns: Iterable[Turn], sites: Mapping[UUID, Site], today: date) -> TurnsWords:
    """Put what `preview` or a trial found into words.

    Takes     the visits that would turn; sites by id; the day it is.
    Returns   broken visits worst first, then by day; the sentence is made for both none and many.
    """
    found = list(turns)
    broken = sorted((one for one in found if one.breaks), key=lambda one: (_rank(one.after), one.visit.starts_at))
    healed = [one for one in found if not one.breaks]
    shown = broken[:MOST_NAMED], healed[:MOST_NAMED]
    return TurnsWords(
        sentence=_sentence(len(broken), len(healed)),
        broken=tuple(_words(one, sites, today) for one in shown[0]),
        healed=tuple(_words(one, sites, today) for one in shown[1]),
        more=len(found) - len(shown[0]) - len(shown[1]),
    )


def _rank(badge: Badge | None) -> int:
    return WORST_FIRST.index(badge) if badge in WORST_FIRST else len(WORST_FIRST)


def _sentence(broken: int, healed: int) -> str:
    if not broken and not healed:
        return "No booked visit changes its badge."
    parts = []
    if broken:
        parts.append(f"{counted(broken, 'booked visit')} would stand worse")
    if healed:
        parts.append(f"{counted(healed, 'booked visit')} would stand better" if not broken else f"{healed} better")
    return f"{', '.join(parts)}."


def _words(one: Turn, sites: Mapping[UUID, Site], today: date) -> TurnWords:
    _badge, _sentence, short = visit_words(one.lines, sites, today)
    return TurnWords(
        visit_id=one.visit.id,
        day=long_day(one.visit.day),
        services=", ".join(line.line.code or line.line.visit_type or "Service not known" for line in one.lines),
        before=_key(one.before),
        after=_key(one.after),
        before_words=_named(one.before),
        after_words=_named(one.after),
        short=short,
    )


def _key(badge: Badge | None) -> str:
    return badge.value if badge is not None else ""


def _named(badge: Badge | None) -> str:
    return BADGE_WORDS[badge] if badge is not None else "Not booked"
