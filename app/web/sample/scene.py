"""How a story is told: a patient, a day, and short words for coverage, request and visit."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time

from app.clearance.facts.reasons import Badge, Check
from app.web.sample.clinic import HARBOR, SAMPLETON, Clinician, Person, SamplePayer, SampleSite
from app.web.sample.days import Days
from app.web.sample.tables import Tables

BOOTH = "96910/96912:24"
"""Booth light treatment: both codes share one count, so that the day may end with either."""
UNDECIDED = frozenset({"draft", "submitted", "pending", "more info asked", "withdrawn"})


@dataclass
class Scene:
    """One patient of the sample, and the tables that take what is said of them."""

    tables: Tables
    days: Days
    person: Person
    payer: SamplePayer
    visit_id: str
    day: date

    def covered(self, payer: SamplePayer | None = None, begins: int = -800, checked: int = 0, **columns: str) -> None:
        """A coverage since a day, checked so many days back."""
        payer = payer or self.payer
        when = self.days.checked(checked, payer.monthly)
        self.tables.cover(self.person, payer, self.days.on(begins), when, **columns)

    def asked(
        self, codes: str, status: str = "approved", begins: date | None = None, ends: date | None = None, **columns: str
    ) -> None:
        """A row of the log; by default approved and numbered, from 40 days back to 150 ahead."""
        decided = status not in UNDECIDED
        first, last = begins or self.days.on(-40), ends or self.days.on(150)
        on = min(first, self.days.on(-3))
        stated = {"requested_on": (on if status != "draft" else None), "decided_on": on if decided else None}
        stated |= {"begins": first if decided else None, "ends": last if decided else None}
        row = {name: day.isoformat() for name, day in stated.items() if day is not None}
        name = f"{self.payer.prefix}-4{self.person.number:04}"
        if status != "draft":
            row |= {"number": name} if decided else {"reference": f"REF-{name}"}
        self.tables.authorize(self.person, self.payer, {"codes": codes, "status": status, **row, **columns})

    def booked(
        self,
        code: str,
        diagnoses: str,
        at: time = time(9, 30),
        site: SampleSite = HARBOR,
        by: Clinician = SAMPLETON,
        **columns: str,
    ) -> None:
        """The visit that the story is about, or one more line of it."""
        stated = {"code": code, "diagnoses": diagnoses, **columns}
        self.tables.visit(self.visit_id, self.person, self.day, at, site, by, **stated)

    def moved_from(self, day: date) -> None:
        """The visit was first booked for another day, and a later schedule moved it."""
        row = self.tables.schedule[-1]
        self.tables.moved.append(dict(row))
        row["starts_at"] = f"{day.isoformat()}{row['starts_at'][10:]}"

    def also(self, which: str, day: date, code: str, diagnoses: str, status: str = "booked") -> None:
        """Another visit of the same patient."""
        stated = {"code": code, "diagnoses": diagnoses, "status": status}
        self.tables.visit(f"{self.visit_id}{which}", self.person, day, time(14, 0), HARBOR, SAMPLETON, **stated)


Teller = Callable[[Scene], None]


@dataclass(frozen=True)
class Story:
    """What a story promises: the visit, its badge, the check that names the reason, and one sentence for a person."""

    visit_id: str
    badge: Badge
    check: Check | None
    payer: SamplePayer
    sentence: str
    when: Callable[[Days, int], date]
    tell: Teller


class Telling:
    """Collects the stories of a module in their order."""

    def __init__(self) -> None:
        self.stories: list[Story] = []

    def __call__(
        self,
        visit_id: str,
        badge: Badge,
        check: Check | None,
        payer: SamplePayer,
        sentence: str,
        when: Callable[[Days, int], date] | None = None,
    ) -> Callable[[Teller], Teller]:
        """Note a story that the decorated function tells."""

        def note(tell: Teller) -> Teller:
            self.stories.append(Story(visit_id, badge, check, payer, sentence, when or later, tell))
            return tell

        return note


def near(days: Days, _place: int) -> date:
    """A working day within the week."""
    return days.working(2)


def soon(days: Days, _place: int) -> date:
    """The next working day of this year, or today."""
    return days.before_new_year()


def later(days: Days, place: int) -> date:
    """A working day of the weeks ahead; the place of a story spreads them."""
    ahead = days.ahead
    return ahead[1 + (place * 11) % (len(ahead) - 4)]
