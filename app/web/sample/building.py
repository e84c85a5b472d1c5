"""The whole sample as tables, computed from a day that is given: the same day gives the same rows."""

from datetime import date

from app.web.sample.clinic import Person
from app.web.sample.days import Days
from app.web.sample.ordinary import add_ordinary
from app.web.sample.scene import Scene
from app.web.sample.tables import Tables
from app.web.sample.tour import STORIES

PEOPLE = 120


def build(today: date) -> Tables:
    """Build the three tables of the sample.

    Takes     the day from which everything is counted.
    Returns   schedule, coverage and authorizations, by the canonical column names.
    """
    days, tables = Days(today), Tables()
    for place, story in enumerate(STORIES):
        scene = Scene(tables, days, Person(place + 1), story.payer, story.visit_id, story.when(days, place))
        story.tell(scene)
    add_ordinary(tables, days, [Person(number) for number in range(len(STORIES) + 1, PEOPLE + 1)])
    return tables


def mrn_of(visit_id: str) -> str:
    """The chart number of the patient of a story."""
    place = next(place for place, story in enumerate(STORIES) if story.visit_id == visit_id)
    return Person(place + 1).mrn
