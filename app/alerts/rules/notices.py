"""Which notices tell a person of an alert: by which ways, under which keys, and never twice."""

from collections.abc import Callable, Iterable
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
    by: Iterable[Way],
    now: datetime,
    new_id: Callable[[], UUID],
    occasion: Occasion = Occasion.STEP,
    urgent: bool = False,
) -> list[Notice]:
    """Make the notices by which one person is told of an alert.

    Takes     the alert; the person; the name of the step as this person has it; the ways (`ways`); the time; what makes
              ids; why.
    Returns   one for each way. Its key holds the whole cause: subject, reason, step, way and person.
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
        for way in by
    ]


def ways(person: Person, reason: Reason, occasion: Occasion) -> tuple[Way, ...]:
    """The ways in which a person is told but the bell, which shows the alert itself.

    Returns   those that the person chose. A reason that no text speaks of goes by e-mail to whoever chose texts, and
              what became theirs by name comes by e-mail to whoever hears of it by the bell alone.
    """
    chosen = ways_of(person, reason) - {Way.BELL}
    if Way.SMS in chosen and TEMPLATES[reason] not in STAFF_TEXTS:
        chosen = frozenset({Way.EMAIL})
    if not chosen and occasion in (Occasion.ESCALATED, Occasion.HANDED):
        chosen = frozenset({Way.EMAIL})
    return tuple(sorted(chosen))
