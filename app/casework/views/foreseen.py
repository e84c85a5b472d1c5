"""The question that is asked once before a change is saved that breaks visits."""

import hashlib

from app.casework.actions.foreseeing import Breaks
from app.clearance.views.turning import TurnWords, turns_words
from app.values.wording import counted

NAMED = 5


def breaks_question(breaks: Breaks) -> tuple[str, str] | None:
    """Ask whether a change is right that breaks booked visits: the question's key and its sentence.

    The sentence names the visits. The key changes with them, so that a yes to some is none to others. None: nothing
    breaks.
    """
    if not breaks.turns and not breaks.unseen:
        return None
    marks = sorted(f"{one.visit.id.hex}{one.after}" for one in breaks.turns)
    digest = hashlib.sha256(" ".join([*marks, str(breaks.unseen)]).encode()).hexdigest()[:12]
    return f"breaks_{digest}", breaks_sentence(breaks)


def breaks_sentence(breaks: Breaks) -> str:
    """Name the visits that would stand worse: `This change breaks 1 booked visit: Tue 12/01/2026 (96910) ...`."""
    words = turns_words(breaks.turns, breaks.sites, breaks.today)
    named = [_one(one) for one in words.broken[:NAMED]]
    more = len(breaks.turns) - len(named)
    if more:
        named.append(f"{counted(more, 'more visit')}")
    if breaks.unseen:
        named.append(f"{counted(breaks.unseen, 'visit')} out of your sight")
    return f"This change breaks {counted(len(breaks.turns) + breaks.unseen, 'booked visit')}: {'; '.join(named)}."


def _one(one: TurnWords) -> str:
    return f"{one.day} ({one.services}) would be {one.after_words.lower()}: {one.short[:1].lower()}{one.short[1:]}"
