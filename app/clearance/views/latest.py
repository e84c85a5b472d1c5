"""The latest day of a line or a visit in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.clearance.facts.verdicts import LineVerdict
from app.clearance.rules.latest import Ends, Latest, latest_end, latest_of_visit
from app.clearance.views.context import called
from app.policies.facts.answers import Need
from app.values.wording import long_day


@dataclass(frozen=True, slots=True)
class LatestWords:
    """The last day to which a visit could move: the day alone (`Tue 12/01/2026`), and the sentence.

    `past` True: that day has gone by, so the visit cannot move to it.
    """

    day: date
    day_words: str
    sentence: str
    past: bool


def latest_words(line: LineVerdict, as_of: date) -> LatestWords | None:
    """Say the latest day of one line: `Latest day: Tue 12/01/2026, approval PA-1042 ends`.

    Takes     a judged line, or one called back for a list; the day that it is at the site.
    Returns   None where no end is known or another day does not help.
    """
    found = latest_end(line)
    return _words(found, [line], as_of) if found is not None else None


def latest_words_of_visit(lines: Sequence[LineVerdict], as_of: date) -> LatestWords | None:
    """Say the latest day of a whole visit: the first among its lines. None as in `latest_words`."""
    found = latest_of_visit(lines)
    return _words(found, lines, as_of) if found is not None else None


def _words(found: Latest, lines: Sequence[LineVerdict], as_of: date) -> LatestWords:
    line = next(one for one in lines if latest_end(one) == found)
    past = found.day < as_of
    ends = "ended" if past else "ends"
    begin = "No day is left. Latest day was" if past else "Latest day:"
    sentence = f"{begin} {long_day(found.day)}, {_what(found, line)} {ends}"
    return LatestWords(found.day, long_day(found.day), sentence, past)


def _what(found: Latest, line: LineVerdict) -> str:
    if found.what is Ends.APPROVAL and line.chosen is not None:
        name = called(line.chosen)
        return f"approval {name}" if line.chosen.number or line.chosen.reference else name[:1].lower() + name[1:]
    if found.what is Ends.COVERAGE and line.coverage is not None:
        return f"coverage of {line.coverage.payer_name}"
    free = line.requirement is not None and line.requirement.need is Need.NOT_REQUIRED
    return "the answer that no approval is needed" if free else "the payer's rule"
