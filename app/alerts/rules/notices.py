"""Which notices tell a person of an alert: by which ways, under which keys, and never twice."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from app.alerts.facts.alerts import Alert
from app.alerts.facts.notices import Notice, Occasion
from app.alerts.facts.outbox import Way
from app.alerts.facts.people import Person
from app.alerts.rules.fields import STAFF_TEXTS, TEMPLATES
from app.alerts.rules.people import ways_of
from app.deadlines.facts import Reason


def notices(
    alert: Alert,
    person: Person,
    step: str,
    now: datetime,
    new_id: Callable[[], UUID],
    occasion: Occasion = Occasion.STEP,
    urgent: bool = False,
) -> list[Notice]:
    """Make the notices by which one person is told of an alert.

    Takes     the alert; the person; the name of the step as this person has it; the time; what makes ids; why.
    Returns   one for each way but the bell, which shows the alert itself; at least an e-mail where it is theirs now.
    """
    subject = f"{alert.subject.kind.value}:{alert.subject.key}:{alert.reason.value}:{step}"
    return [
        Notice(
            new_id(),
            f"{subject}:{way.value}:{person.id.hex}",
            alert.id,
            person.id,
            way,
            step,
            occasion,
            urgent,
            now,
        )
        for way in sorted(told_by(person, alert.reason) or _LEAST[occasion])
    ]


_LEAST: Mapping[Occasion, frozenset[Way]] = {
    Occasion.STEP: frozenset(),
    Occasion.WOKEN: frozenset(),
    Occasion.ESCALATED: frozenset({Way.EMAIL}),
    Occasion.HANDED: frozenset({Way.EMAIL}),
}
"""How a person is told who hears of a reason by the bell alone: what is theirs now by name comes by e-mail."""


def told_by(person: Person, reason: Reason) -> frozenset[Way]:
    """The ways of a person but the bell. A reason that no text speaks of goes by e-mail to whoever chose texts."""
    ways = ways_of(person, reason) - {Way.BELL}
    if Way.SMS in ways and TEMPLATES[reason] not in STAFF_TEXTS:
        return frozenset({Way.EMAIL})
    return ways
