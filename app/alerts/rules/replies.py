"""What a text that came in asks for."""

import re

from app.alerts.facts.outbox import Language
from app.alerts.facts.texts import Meaning

STOP_WORDS = frozenset({"STOP", "STOPALL", "QUIT", "END", "REVOKE", "OPTOUT", "CANCEL", "UNSUBSCRIBE"})
"""English words that end texts; 47 CFR 64.1200(a)(10) names them, and the providers of texts add STOPALL."""
SPANISH_STOP_WORDS = frozenset({"ALTO", "PARAR", "CANCELAR"})
START_WORDS = frozenset({"START", "UNSTOP"})
HELP_WORDS = frozenset({"HELP", "INFO", "AYUDA"})
_STAFF = {"1": Meaning.TAKE, "2": Meaning.SNOOZE, "3": Meaning.HAND_OVER}
_POLITE = frozenset({"PLEASE", "PLS", "TEXTS", "TEXT", "TEXTING", "MESSAGES", "ME", "NOW", "ALL", "POR", "FAVOR"})
_LONGEST_STOP = 4


def meaning_of(body: str, staff: bool) -> Meaning:
    """What a text asks for, in any case and punctuation.

    Takes     the text; whether the number is of a person of the practice, for whom 1, 2 and 3 mean something.
    Returns   STOP also for a word that ends texts with words around it that change nothing (`Stop texting me`, `Please
              stop!`): a request in any usual words is honored. What only contains such a word (`I will cancel my visit
              on Monday`) is OTHER, and a person reads it.
    """
    words = _words(body)
    joined = "".join(words)
    if joined in STOP_WORDS | SPANISH_STOP_WORDS or _asks_to_stop(words):
        return Meaning.STOP
    if joined in START_WORDS:
        return Meaning.START
    if joined in HELP_WORDS:
        return Meaning.HELP
    return _STAFF.get(joined, Meaning.OTHER) if staff else Meaning.OTHER


def spoken_in(body: str) -> Language | None:
    """The language of a word that ends texts or asks for help, where it tells: Spanish for `ALTO`; else None."""
    spanish = SPANISH_STOP_WORDS | {"AYUDA"}
    return Language.SPANISH if spanish & set(_words(body)) else None


def _asks_to_stop(words: list[str]) -> bool:
    left = [word for word in words if word not in _POLITE]
    short = len(words) <= _LONGEST_STOP
    return short and bool(left) and all(word in STOP_WORDS | SPANISH_STOP_WORDS for word in _pairs(left))


def _pairs(words: list[str]) -> list[str]:
    """Join OPT OUT to one word."""
    return " ".join(words).replace("OPT OUT", "OPTOUT").split()


def _words(body: str) -> list[str]:
    return re.sub(r"[^\w\s]|_", " ", body).upper().split()
