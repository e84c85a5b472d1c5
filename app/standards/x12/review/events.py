"""One review: a patient event with its services, and what its levels decided."""

from typing import Any

from app.standards.x12.facts import Segment, Transaction
from app.standards.x12.loops import Level, components, part, said, too_much
from app.standards.x12.periods import iso_moment
from app.standards.x12.review.decisions import decision
from app.standards.x12.review.services import (
    diagnoses_of,
    effective_of,
    period_of,
    review_of,
    services_of,
)

MOST_SERVICES = 20_000
OWN_PLACES = frozenset({"007", "036", "102"})
EVENT_LEVELS = ("event", "provider", "service")


class Event:
    """A patient event while its levels come in.

    Versions before 005010 have no event level (HL03 EV): there the patient's own level is the event (`level`), and a
    single service level behind it speaks for all of it.
    """

    def __init__(self, transaction: Transaction, level: Level, patient: dict[str, Any], above: list[dict[str, Any]]):
        self._transaction = transaction
        self._level = level
        self._patient = patient
        self._explicit = level.name == "event"
        self._rejections = [*above]
        self._stopped = bool(above)
        self._actions: list[str | None] = []
        self._failed = False
        self._services: list[dict[str, Any]] = []
        self._messages = messages_of(level)
        self._waiting: Level | None = None
        self._served = False
        if self._explicit:
            own = rejections_of(level)
            self._rejections += own
            self._stopped = self._stopped or bool(own)

    def is_bare(self) -> bool:
        """Say whether the level that stands for the event has nothing of an event: then it only names the patient."""
        return not self._served and not any(self._level.first(name) for name in ("UM", "HCR"))

    def take(self, level: Level) -> None:
        """Take in a level that belongs to the event: a service, a provider, or one we do not know."""
        self._messages += messages_of(level)
        rejections = rejections_of(level)
        self._rejections += rejections
        if level.name != "service":
            return
        if not any(level.of("HCR")) and rejections:
            self._failed = True
        first = not self._served
        self._served = True
        if first and not self._explicit:
            self._waiting = level
            return
        if self._waiting is not None:
            self._speak_in_part(self._waiting)
        self._serve(level, always=True)

    def review(self, heading: dict[str, Any]) -> dict[str, Any]:
        """Give the whole review. Raises `ReadingError` (BAD_VALUE) for a date of the approval that is none."""
        level = self._level
        if self._waiting is not None:
            level = Level("event", items=[*level.items, *self._waiting.items])
            self._services += services_of(self._transaction, self._waiting, always=False)
        else:
            self._services = services_of(self._transaction, level, always=False) + self._services
        action, number, reasons = review_of(self._transaction, level)
        actions = self._actions + [said(segment, 1) for _, segment in level.of("HCR")]
        return {
            "trace": [trace for _, segment in level.of("TRN") if (trace := said(segment, 2))],
            **heading,
            **asked_of(self._transaction, level),
            "event_dates": dates_of(level),
            "decision": decision(actions, self._failed, self._stopped, bool(self._rejections)),
            "patient": self._patient,
            "action": action,
            "number": number,
            "reasons": reasons,
            "effective": effective_of(level),
            "issued": period_of(level, "102")["begins"],
            "expires": period_of(level, "036")["ends"],
            "diagnoses": diagnoses_of(self._transaction, level),
            "rejections": self._rejections,
            "messages": self._messages,
            "services": self._services,
        }

    def _speak_in_part(self, level: Level) -> None:
        """Take the first of several services of an event without a level of its own: its UM, and it as a service."""
        self._waiting = None
        self._level.items += [item for item in level.items if item[1][0] == "UM"]
        self._serve(level, always=True)

    def _serve(self, level: Level, always: bool) -> None:
        if len(self._services) > MOST_SERVICES:
            raise too_much(self._transaction, f"A review has more than {MOST_SERVICES:,} services.")
        self._actions += [said(segment, 1) for _, segment in level.of("HCR")]
        self._services += services_of(self._transaction, level, always)


def asked_of(transaction: Transaction, level: Level) -> dict[str, Any]:
    """Give what is asked for: UM01 to UM04-1, HSD01 and HSD02, and how the services are spread (HSD)."""
    um = level.first("UM") or []
    spread = [delivery(segment) for _, segment in level.of("HSD")]
    first = spread[0] if spread else {}
    return {
        "request_category": said(um, 1),
        "certification_type": said(um, 2),
        "service_type": said(um, 3),
        "place": part(components(transaction, said(um, 4)), 1),
        "quantity": first.get("quantity"),
        "unit": first.get("qualifier"),
        "delivery": spread,
    }


def delivery(segment: Segment) -> dict[str, str | None]:
    """Read an HSD: how many of what, per what, for how long."""
    places = {"qualifier": 1, "quantity": 2, "per": 3, "period": 5, "period_count": 6}
    return {name: said(segment, place) for name, place in places.items()}


def dates_of(level: Level) -> dict[str, str]:
    """Give a level's dates by qualifier, but for those of the approval, which have places of their own."""
    dates: dict[str, str] = {}
    for _, segment in level.of("DTP"):
        qualifier, moment = said(segment, 1), iso_moment(said(segment, 3))
        if qualifier and moment and qualifier not in OWN_PLACES:
            dates.setdefault(qualifier, moment)
    return dates


def rejections_of(level: Level) -> list[dict[str, Any]]:
    """Give what a level's AAA segments reject: AAA03, AAA04, and where."""
    return [
        {"code": said(segment, 3), "follow_up": said(segment, 4), "level": level.name} for _, segment in level.of("AAA")
    ]


def messages_of(level: Level) -> list[str]:
    """Give a level's messages (MSG01)."""
    return [text for _, segment in level.of("MSG") if (text := said(segment, 1))]
