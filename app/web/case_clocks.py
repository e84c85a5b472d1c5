"""The clocks of a case for its page: made afresh of what is on file, as alerts make them.

The page of a case stands below the room of alerts, which gathers deadlines from every room; so the roof hands them in.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID

from flask import Flask

from app.alerts.actions.gathering import deadlines_of_patients
from app.deadlines.facts import Deadline, SubjectKind
from app.deadlines.rules.steps import due_instant
from app.deadlines.views import DeadlineWords, deadline_words
from app.practice.access import current_caller

_LAST = datetime.combine(date.max, time(), UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """One deadline in words; `over`: its time has passed."""

    words: DeadlineWords
    over: bool


def add_case_clocks(app: Flask) -> None:
    """Give the templates `case_clocks(case_id, patient_id)`."""
    app.jinja_env.globals["case_clocks"] = case_clocks


def case_clocks(case_id: UUID, patient_id: UUID) -> list[Clock]:
    """Make the clocks of one case, the first due first. The page has noted that its patient is read."""
    caller = current_caller()
    now = caller.clock.now()
    made = deadlines_of_patients(caller, [patient_id]).get(patient_id, ())
    mine = [one for one in made if one.subject.kind is SubjectKind.AUTHORIZATION and one.subject.key == case_id.hex]
    return [Clock(deadline_words(one, now), _due(one) <= now) for one in sorted(mine, key=_due)]


def _due(one: Deadline) -> datetime:
    return due_instant(one) or _LAST
