"""An approval as its clocks see it, from what is on file of its patient."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from app.alerts.rules.booked import Book
from app.alerts.rules.services import goes_on, is_asked, is_granted, is_later, names
from app.authorizations.facts import Authorization, Counting
from app.clearance.facts.reasons import Badge, Reason
from app.clearance.facts.verdicts import LineVerdict
from app.clearance.rules.usage import holds, place_of, use_of
from app.deadlines.facts import About, Approval, Basis, Count
from app.deadlines.rules.units import FEW
from app.schedule.facts import Visit, VisitStatus
from app.values.spans import Duration

OPEN = frozenset({Badge.BLOCKED, Badge.NOT_CHECKED, Badge.WAITING, Badge.AT_RISK})
SERIES_LASTS = timedelta(days=45)
_COUNTED = frozenset({Counting.UNITS, Counting.VISITS})
_CAME = frozenset({VisitStatus.BOOKED, VisitStatus.DONE})
Lead = tuple[Duration, Basis] | None


def is_live(row: Authorization, book: Book) -> bool:
    """Say whether an approval's clocks can run: it has not ended, or booked visits fall after its end."""
    return is_granted(row) and (_has_not_ended(row, book) or bool(book.ahead and _after(row, book)))


def _has_not_ended(row: Authorization, book: Book) -> bool:
    return row.ends is None or row.ends >= book.day


def must_be_judged(row: Authorization, book: Book) -> bool:
    """Say whether the units that an approval has left follow only from judging its patient's done visits.

    What is stored of a booked visit tells how many were left after it: done visits matter where no such visit is held
    by the item, or where they came later than the first that is. They do not where enough are left whatever they took.
    """
    if book.judged or not is_granted(row) or not _has_not_ended(row, book):
        return False
    for place in _places(row):
        since = [visit for visit in book.visits if _may_count(row, place, visit)]
        first = _first_held(row, place, book) if since else None
        if first is not None and any(visit.starts_at > first.visit.starts_at for visit in since):
            return True
        if since and first is None and not _enough(row, place, since, book):
            return True
    return False


def _enough(row: Authorization, place: int, since: Sequence[Visit], book: Book) -> bool:
    """Say whether an item is surely not low: nothing is booked on it, and more than a few are left in any case."""
    item = row.items[place]
    most = sum(line.units for visit in since for line in visit.lines)
    return not _booked(row, place, book) and (item.count or 0) - (item.used or 0) - most > FEW


def approval_facts(row: Authorization, about: About, book: Book, lead: Lead) -> Approval:
    """Put together what the clocks of one approval need.

    Takes     a granted approval; whose it is and in which zone; its patient's book; the payer's lead time.
    """
    after = _after(row, book)
    return Approval(
        about=about,
        ends=None if row.no_end else row.ends,
        counts=tuple(_counts(row, book)),
        visits_after=len({one.visit.id for one in after}),
        last_after=max((one.visit.day for one in after), default=None),
        series=_is_series(row, book),
        continued=goes_on(row, book.authorizations),
        asked=is_asked(row, book.authorizations),
        lead=None if lead is None else lead[0],
        lead_basis=None if lead is None else lead[1],
    )


def visits_held(row: Authorization, book: Book) -> int:
    """Count the booked visits from today on that an approval covers."""
    return len(
        {one.visit.id for one in book.ahead if one.chosen is not None and one.chosen.id == row.id and holds(one)}
    )


def visit_of(row: Authorization, book: Book) -> Visit | None:
    """The visit whose site an approval belongs to: the next one that was held against it, else the last it names."""
    held = [one.visit for one in book.held_against(row)]
    ahead = [one for one in held if one.day >= book.today(one.site_id)]
    if ahead or held:
        return ahead[0] if ahead else held[-1]
    return next((one for one in reversed(book.visits) if any(names(row, line) for line in one.lines)), None)


def _after(row: Authorization, book: Book) -> list[LineVerdict]:
    """The booked lines after the end of an approval that are for its services and that no approval covers.

    A line that a later approval has reached, by its begin, is left to that one.
    """
    ends = row.ends
    if ends is None or row.no_end:
        return []
    found = [one for one in book.ahead if one.visit.day > ends and _wants(row, one)]
    if not found:
        return []
    later = [one for one in book.authorizations if is_later(one, row) and is_granted(one)]
    return [one for one in found if not _reached(later, one)]


def _wants(row: Authorization, one: LineVerdict) -> bool:
    if one.badge not in OPEN or (one.chosen is not None and is_granted(one.chosen) and holds(one)):
        return False
    return (one.chosen is not None and one.chosen.id == row.id) or names(row, one.line)


def _reached(later: Sequence[Authorization], one: LineVerdict) -> bool:
    return any((other.begins is None or other.begins <= one.visit.day) and _wants(other, one) for other in later)


def _is_series(row: Authorization, book: Book) -> bool:
    """Say whether care goes on: a drug that is taken again and again, or visits under it one after another."""
    if row.drug is not None or row.ndc is not None:
        return True
    days = [one.day for one in book.visits if one.status in _CAME and _inside(row, one.day) and _named(row, one)]
    return len(days) > 1 and max(days) >= book.day - SERIES_LASTS


def _named(row: Authorization, visit: Visit) -> bool:
    return any(names(row, line) for line in visit.lines)


def _inside(row: Authorization, day: date) -> bool:
    return (row.begins is None or row.begins <= day) and (row.ends is None or day <= row.ends)


def _places(row: Authorization) -> list[int]:
    return [place for place, item in enumerate(row.items) if item.counting in _COUNTED and item.count is not None]


def _counts(row: Authorization, book: Book) -> list[Count]:
    places = _places(row)
    if not places:
        return []
    used = _used_when_judged(row, book) if book.judged else lambda place: _used_when_recalled(row, place, book)
    return [_count(row, place, used(place), book) for place in places]


def _used_when_judged(row: Authorization, book: Book) -> Callable[[int], int]:
    use = use_of(row, book.lines, date.max)
    return lambda place: use.items[place].used


def _used_when_recalled(row: Authorization, place: int, book: Book) -> int:
    item, first = row.items[place], _first_held(row, place, book)
    if first is None or first.units_left_after is None or item.count is None:
        return item.used or 0
    return item.count - first.units_left_after - _wanted(row, place, [first])


def _count(row: Authorization, place: int, used: int, book: Book) -> Count:
    mine = [one for one in _booked(row, place, book) if holds(one) or _lacks_units(one)]
    short = [one for one in mine if _lacks_units(one) and one.visit.day >= book.today(one.visit.site_id)]
    last = next((one for one in mine if holds(one) and one.units_left_after == 0), None)
    return Count(
        total=row.items[place].count or 0,
        used=max(0, used),
        booked=_wanted(row, place, mine),
        first_short=short[0].visit.day if short else None,
        run_out=None if last is None else last.visit.day,
    )


def _wanted(row: Authorization, place: int, lines: Sequence[LineVerdict]) -> int:
    if row.items[place].counting is Counting.VISITS:
        return len({one.visit.id for one in lines})
    return sum(one.line.units for one in lines)


def _booked(row: Authorization, place: int, book: Book) -> list[LineVerdict]:
    return [
        one for one in book.held_against(row) if one.visit.status is VisitStatus.BOOKED and place_of(row, one) == place
    ]


def _first_held(row: Authorization, place: int, book: Book) -> LineVerdict | None:
    return next((one for one in _booked(row, place, book) if holds(one) and one.units_left_after is not None), None)


def _lacks_units(one: LineVerdict) -> bool:
    return Reason.UNITS_TOO_FEW in one.reasons


def _may_count(row: Authorization, place: int, visit: Visit) -> bool:
    """Say whether a visit may have taken units that the file's own count does not hold yet."""
    if visit.status is not VisitStatus.DONE or not _inside(row, visit.day):
        return False
    return row.items[place].used is None or row.used_on is None or visit.day > row.used_on
