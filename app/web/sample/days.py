"""The days of the sample, all counted from the day on which it is filled."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

PAST, AHEAD = 60, 45


@dataclass(frozen=True)
class Days:
    """The clinic's calendar around a day that is given. The clinic works Monday to Friday, but on three holidays."""

    today: date

    def on(self, offset: int) -> date:
        """The day so many days from today."""
        return self.today + timedelta(days=offset)

    @cached_property
    def ahead(self) -> tuple[date, ...]:
        """The working days from today to 45 days ahead."""
        return tuple(day for offset in range(AHEAD + 1) if works(day := self.on(offset)))

    @cached_property
    def past(self) -> tuple[date, ...]:
        """The working days from 60 days back to yesterday."""
        return tuple(day for offset in range(-PAST, 0) if works(day := self.on(offset)))

    def working(self, offset: int) -> date:
        """The first working day from a day on; the last one before it where that would lie too far ahead."""
        day = self.on(offset)
        while not works(day):
            day += timedelta(days=1)
        return day if day <= self.on(AHEAD) else self.ahead[-1]

    def before_new_year(self) -> date:
        """The next working day, or today where a new year lies between.

        A visit after a 1 January is at risk anyway, since coverage must be asked again: a story about another risk
        stands before it.
        """
        day = self.working(1)
        return day if day.year == self.today.year else self.today

    def checked(self, back: int, monthly: bool = False) -> date:
        """The day of an eligibility check so many days back, never in an earlier coverage year (or month)."""
        first = self.today.replace(day=1) if monthly else self.today.replace(month=1, day=1)
        return max(self.on(-back), first)


CLOSED = frozenset({(1, 1), (7, 4), (12, 25)})


def works(day: date) -> bool:
    """Say whether the clinic works on a day."""
    return day.weekday() < 5 and (day.month, day.day) not in CLOSED
