"""When a text may go to a patient, which ones a person may send, and how a practice names itself in them."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta

from app.alerts.facts.outbox import Language
from app.alerts.rules.gsm7 import fit
from app.deadlines.rules.calendar import local_time, zone_of

OPENS, CLOSES = time(9), time(18)
HOLD = timedelta(seconds=30)
"""How long a patient's text waits, so that whoever sent it can take it back."""
A_DAY, A_WEEK = 1, 3
NAME_ROOM = 20

CHOICES = ("patient.ready", "patient.waiting", "patient.call_us", "patient.new_card", "patient.moved")
"""The texts that a person may choose for a patient. None speaks of a denial."""
NEEDS_VISIT = frozenset(CHOICES) - {"patient.moved"}
CONFIRMS = frozenset(
    {
        "patient.stopped",
        "patient.help",
        "staff.stopped",
        "staff.started",
        "staff.help",
        "staff.choices",
        "staff.taken",
        "staff.snoozed",
        "staff.handed",
        "staff.too_soon",
        "staff.no_backup",
        "staff.nothing",
    }
)
"""Answers to a word that came in: they go at once, also to a number that has just ended texts."""
ANSWER_WITHIN = timedelta(minutes=5)
ASK_ONCE = timedelta(days=1)
"""How long we do not say again what can be answered, after a word that we did not know."""

_SPECIALTY = re.compile(
    r"\b(dermat\w*|derm\w{0,2}|skin\w*|mohs|laser\w*|cosmetic\w*|aesthetic\w*|esthetic\w*|psoria\w*|eczema\w*|acne\w*"
    r"|allerg\w*|cancer\w*|melanoma\w*|vein\w*|hair|surg\w*|phototherap\w*|plastic\w*|onco\w*|patholog\w*|piel)\b",
    re.IGNORECASE,
)
_FILLERS = re.compile(r"\b(and|of|for|the|&|y|de|la)\b|[,;/&-]+", re.IGNORECASE)
_EMPTY_NAMES = frozenset({"", "associates", "center", "centers", "clinic", "group", "practice", "institute", "care"})
_SPANISH = frozenset({"es", "spa", "spanish", "espanol", "español", "castellano"})


def specialty_in(name: str) -> str | None:
    """Find a word in a name that tells the specialty, as `Dermatology`; None: there is none."""
    found = _SPECIALTY.search(name)
    return found.group() if found else None


def suggested_name(practice: str) -> str:
    """Suggest how a practice names itself in texts: without words of the specialty, in at most 20 characters.

    Returns   empty where too little is left: a person then has to choose a name.
    """
    bare = re.sub(rf"(\s*(&|,|\band\b)\s*)?{_SPECIALTY.pattern}", " ", practice, flags=re.IGNORECASE)
    if bare != practice:
        bare = re.sub(rf"^(\s|{_FILLERS.pattern})+|(\s|{_FILLERS.pattern})+$", "", bare, flags=re.IGNORECASE)
    name = fit(bare, NAME_ROOM)
    return "" if name.casefold() in _EMPTY_NAMES else name


def language_of(spoken: str | None, default: Language) -> Language:
    """The language of a patient's texts: Spanish or English as on file; the practice's default where it is not known.

    A language that we do not write (Vietnamese) gives English.
    """
    words = re.split(r"[\s,;/-]+", (spoken or "").strip().casefold())
    if words == [""]:
        return default
    return Language.SPANISH if words[0] in _SPANISH else Language.ENGLISH


def allowed_from(zones: Iterable[str], now: datetime) -> datetime | None:
    """The first instant (UTC) from now on at which it is between 9 AM and 6 PM in every one of some zones.

    Returns   None where their days never meet (Guam and New York).
    """
    clocks = [zone_of(name) for name in sorted(set(zones))]
    at = now
    for _ in range(1 + len(clocks) * 6):
        later = max((_opens(clock.key, at) for clock in clocks), default=at)
        if later == at:
            return at
        at = later
    return None


def _opens(name: str, at: datetime) -> datetime:
    zone = zone_of(name)
    local = at.astimezone(zone)
    if local.time() < OPENS:
        return local_time(local.date(), OPENS, zone)
    if local.time() >= CLOSES:
        return local_time(local.date() + timedelta(days=1), OPENS, zone)
    return at


def has_room(sent: Sequence[datetime], at: datetime, zone_name: str) -> bool:
    """Say whether one more text at an instant keeps to 1 a day and 3 in any 7 days.

    Takes     when texts went to the patient (UTC), in any order; the instant; the practice's zone, whose days count.
    """
    zone = zone_of(zone_name)
    day = at.astimezone(zone).date()
    days = [one.astimezone(zone).date() for one in sent]
    week = sum(day - timedelta(days=6) <= one <= day for one in days)
    return days.count(day) < A_DAY and week < A_WEEK


def go_from(zones: Sequence[str], sent: Sequence[datetime], now: datetime, practice_zone: str) -> datetime | None:
    """The first instant (UTC) from now on at which hours and counts allow a text to a patient; None: never."""
    zone = zone_of(practice_zone)
    at = allowed_from([*zones, practice_zone], now)
    while at is not None and not has_room(sent, at, practice_zone):
        morning = local_time(at.astimezone(zone).date() + timedelta(days=1), OPENS, zone)
        at = allowed_from([*zones, practice_zone], morning)
    return at
