"""Facts on file as values: numbers, lengths, outcomes of trials. What cannot be read is unknown, never a guess."""

from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from app.policies.facts.answers import Question, Truth
from app.policies.facts.criteria import Bounds
from app.policies.facts.strict import read_length
from app.values.spans import Duration

_DAYS = {"hour": 0, "calendar_day": 1, "business_day": 1, "day": 1, "week": 7, "month": 30, "year": 365}


def truth_of(holds: bool) -> Truth:
    """A plain yes or no as a truth."""
    return Truth.MET if holds else Truth.NOT_MET


def number(text: str | None) -> Decimal | None:
    """A number as text to a number; None when it is none."""
    if text is None:
        return None
    try:
        value = Decimal(text.strip().rstrip("%"))
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def days_of(length: Duration) -> int | None:
    """A length in days (a month counts 30, a year 365); None for no end."""
    return None if length.value is None else length.value * _DAYS[length.unit]


def length_in_days(text: str | None) -> int | None:
    """`8 months` to days; None when it is no length."""
    try:
        length = read_length(text)
    except ValueError:
        return None
    return days_of(length) if isinstance(length, Duration) else None


def day(text: str | None) -> date | None:
    """An ISO date as text; None when it is none."""
    try:
        return date.fromisoformat(text.strip()) if text else None
    except ValueError:
        return None


def inside(value: Decimal | int, bounds: Bounds) -> bool:
    """Say whether a number keeps all bounds."""
    return (
        (bounds.gte is None or value >= bounds.gte)
        and (bounds.gt is None or value > bounds.gt)
        and (bounds.lte is None or value <= bounds.lte)
        and (bounds.lt is None or value < bounds.lt)
    )


def recent(question: Question, text: str | None, within: Duration) -> Truth:
    """Say whether a dated event lies within a length before the day of service."""
    when, most = day(text), days_of(within)
    if when is None or most is None or when > question.day:
        return Truth.UNKNOWN
    return truth_of(question.day - when <= timedelta(days=most))


def days_between(text: str | None, until: date) -> int:
    """Whole days from a day as text to another one; 0 where it is not known, or comes after it."""
    when = day(text)
    return max(0, (until - when).days) if when is not None else 0


def words(text: str | None) -> frozenset[str]:
    """`hands; face` to its keys."""
    return frozenset(part.strip().lower().replace(" ", "_") for part in (text or "").split(";") if part.strip())


def yes_no(text: str | None) -> Truth:
    """`yes` or `no`; anything else is unknown."""
    return {"yes": Truth.MET, "no": Truth.NOT_MET}.get((text or "").strip().lower(), Truth.UNKNOWN)


def all_of(results: list[Truth]) -> Truth:
    """Three-valued and."""
    if Truth.NOT_MET in results:
        return Truth.NOT_MET
    return Truth.UNKNOWN if Truth.UNKNOWN in results else Truth.MET


def any_of(results: list[Truth]) -> Truth:
    """Three-valued or."""
    if Truth.MET in results:
        return Truth.MET
    return Truth.UNKNOWN if Truth.UNKNOWN in results else Truth.NOT_MET
