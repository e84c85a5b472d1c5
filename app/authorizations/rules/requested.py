"""What was asked beside what was granted, line by line."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from app.authorizations.facts import ANY_CODE, AuthorizationRecord, Counting, Item, RequestedLine
from app.authorizations.rules.moves import DECIDED, GRANTED
from app.values.codes import covers_diagnosis
from app.values.fact import choices


@choices
class Aspect(StrEnum):
    """What of a line is compared."""

    CODE = "code"
    DRUG = "drug"
    NDC = "ndc"
    MODIFIERS = "modifiers"
    UNITS = "units"
    COUNTING = "counting"
    BEGINS = "begins"
    ENDS = "ends"
    DIAGNOSES = "diagnoses"
    PROVIDER = "provider"
    GROUP = "group"
    SITE = "site"
    PLACE = "place"
    CHANNEL = "channel"


@choices
class Outcome(StrEnum):
    """What became of what was asked."""

    GRANTED = "granted"  # as asked, or more
    CUT = "cut"  # less than was asked
    CHANGED = "changed"  # something else than was asked, neither less nor more
    REFUSED = "refused"  # nothing was granted of it
    OPEN = "open"  # not decided
    NOT_SAID = "not_said"  # the decision is silent on it


@dataclass(frozen=True, slots=True)
class Difference:
    """One aspect of a line: the value asked and the value granted, as the record holds them; None: not said."""

    aspect: Aspect
    asked: Any
    granted: Any
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class LineComparison:
    """One line as asked, the item that answers it (None: none does), what became of it, and its aspects in order."""

    line: RequestedLine
    item: Item | None
    outcome: Outcome
    aspects: tuple[Difference, ...]

    @property
    def cut(self) -> tuple[Difference, ...]:
        """The aspects that were granted otherwise than asked."""
        return tuple(one for one in self.aspects if one.outcome in (Outcome.CUT, Outcome.CHANGED, Outcome.REFUSED))


def asked_of(record: AuthorizationRecord) -> tuple[RequestedLine, ...]:
    """Make the lines of a request from what a case now names: its snapshot when it is sent.

    Codes that share one count are one line each with that count; a drug without a code is a line of its own.
    """
    common: dict[str, Any] = {
        "drug": record.drug,
        "ndc": record.ndc,
        "begins": record.begins,
        "ends": record.ends,
        "diagnoses": record.diagnoses,
        "provider_npi": record.provider_npi,
        "provider_group": record.provider_group,
        "site_id": record.site_id,
        "place": record.places[0] if len(record.places) == 1 else None,
        "channel": record.channel,
    }
    lines = tuple(
        RequestedLine(code=code, last=item.last, counting=item.counting, count=item.count, **common)
        for item in record.items
        for code in item.codes
    )
    return lines or ((RequestedLine(**common),) if record.drug or record.ndc else ())


def compare(record: AuthorizationRecord) -> tuple[LineComparison, ...]:
    """Hold each line of a request against what the payer granted.

    Returns   one comparison a line, in the order of the lines; none where the program does not know what was asked.
              While it is not decided every aspect is `open`; after a denial every aspect is `refused`.
    """
    return tuple(_compared(line, record) for line in record.requested)


def was_cut(record: AuthorizationRecord) -> bool:
    """Say whether anything that was asked was not granted as asked."""
    return any(one.cut for one in compare(record))


def _compared(line: RequestedLine, record: AuthorizationRecord) -> LineComparison:
    item = _answering(line, record)
    aspects = tuple(_aspects(line, item, record))
    return LineComparison(line, item, _outcome(line, item, record, aspects), aspects)


def _answering(line: RequestedLine, record: AuthorizationRecord) -> Item | None:
    if line.code is None:
        return None
    own = (one for one in record.items if line.code in one.codes and one.last == line.last)
    return next(own, None) or next((one for one in record.items if _holds(one, line)), None)


def _holds(item: Item, line: RequestedLine) -> bool:
    return line.code is not None and item.names(line.code) and (line.last is None or item.names(line.last))


def _outcome(
    line: RequestedLine, item: Item | None, record: AuthorizationRecord, aspects: tuple[Difference, ...]
) -> Outcome:
    if record.status not in DECIDED:
        return Outcome.OPEN
    if record.status not in GRANTED or (line.code is not None and item is None):
        return Outcome.REFUSED
    found = {one.outcome for one in aspects}
    order = (Outcome.REFUSED, Outcome.CUT, Outcome.CHANGED)
    return next((one for one in order if one in found), Outcome.GRANTED)


def _aspects(line: RequestedLine, item: Item | None, record: AuthorizationRecord) -> Iterator[Difference]:
    for aspect, asked, granted, judge in _pairs(line, item, record):
        if asked is None or asked == ():
            continue
        if record.status not in DECIDED:
            yield Difference(aspect, asked, None, Outcome.OPEN)
        elif record.status not in GRANTED or (line.code is not None and item is None):
            yield Difference(aspect, asked, None, Outcome.REFUSED)
        else:
            yield Difference(aspect, asked, granted, judge(asked, granted))


_Judge = Callable[[Any, Any], Outcome]


def _pairs(
    line: RequestedLine, item: Item | None, record: AuthorizationRecord
) -> Iterator[tuple[Aspect, Any, Any, _Judge]]:
    yield Aspect.CODE, line.code, None if item is None else (*item.codes, *((item.last,) if item.last else ())), _named
    yield Aspect.DRUG, line.drug, record.drug, _same
    yield Aspect.NDC, line.ndc, record.ndc, _same
    # No decision on file says anything of modifiers: they are shown as asked.
    yield Aspect.MODIFIERS, line.modifiers, None, _same
    yield Aspect.UNITS, line.count, _granted_count(item), _no_less
    asked_by = None if line.counting is Counting.UNKNOWN else line.counting
    yield Aspect.COUNTING, asked_by, None if item is None else item.counting, _same_counting
    yield Aspect.BEGINS, line.begins, record.begins, _no_later
    ends = date.max if record.no_end else record.ends
    yield Aspect.ENDS, line.ends, ends, _no_earlier
    yield Aspect.DIAGNOSES, line.diagnoses, record.diagnoses or None, _covered
    yield Aspect.PROVIDER, line.provider_npi, record.provider_npi, _same
    yield Aspect.GROUP, line.provider_group, record.provider_group, _same
    yield Aspect.SITE, line.site_id, record.site_id, _same
    yield Aspect.PLACE, line.place, record.places or None, _among
    yield Aspect.CHANNEL, line.channel, record.channel, _same


def _granted_count(item: Item | None) -> int | None:
    if item is None or item.counting is Counting.UNKNOWN:
        return None
    return ALL if item.counting is Counting.NOT_COUNTED else item.count


ALL = -1
"""Stands for a count that has no limit by the payer's word."""


def _same(asked: Any, granted: Any) -> Outcome:
    return Outcome.NOT_SAID if granted is None else Outcome.GRANTED if asked == granted else Outcome.CHANGED


def _same_counting(asked: Counting, granted: Counting | None) -> Outcome:
    if granted is None or granted is Counting.UNKNOWN:
        return Outcome.NOT_SAID
    return Outcome.GRANTED if granted in (asked, Counting.NOT_COUNTED) else Outcome.CHANGED


def _named(_asked: str, granted: tuple[str, ...] | None) -> Outcome:
    return Outcome.REFUSED if granted is None else Outcome.GRANTED


def _no_less(asked: int, granted: int | None) -> Outcome:
    if granted is None:
        return Outcome.NOT_SAID
    if granted == ALL or granted >= asked:
        return Outcome.GRANTED
    return Outcome.CUT if granted else Outcome.REFUSED


def _no_later(asked: date, granted: date | None) -> Outcome:
    return Outcome.NOT_SAID if granted is None else Outcome.GRANTED if granted <= asked else Outcome.CUT


def _no_earlier(asked: date, granted: date | None) -> Outcome:
    return Outcome.NOT_SAID if granted is None else Outcome.GRANTED if granted >= asked else Outcome.CUT


def _covered(asked: tuple[str, ...], granted: tuple[str, ...] | None) -> Outcome:
    if granted is None:
        return Outcome.NOT_SAID
    missing = [one for one in asked if not any(covers_diagnosis(other, one) for other in granted)]
    return Outcome.GRANTED if not missing else Outcome.CUT if len(missing) < len(asked) else Outcome.CHANGED


def _among(asked: str, granted: tuple[str, ...] | None) -> Outcome:
    if granted is None:
        return Outcome.NOT_SAID
    return Outcome.GRANTED if asked in granted or ANY_CODE in granted else Outcome.CHANGED
