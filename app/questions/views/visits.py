"""The visits of a question or an answer, as its lists show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date
from uuid import UUID

from app.clearance.facts.opened import OpenedVisit
from app.clearance.views.panel import ServiceWords, patient_name, service_words
from app.clearance.views.sentences import shown_words
from app.questions.facts.pages import VisitPlace
from app.values.wording import clock_time, long_day


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One visit of a list."""

    visit_id: UUID
    when: str
    patient: str
    mrn: str
    services: tuple[ServiceWords, ...]
    payer: str
    badge: str
    reason: str


def visit_rows(visits: Sequence[OpenedVisit]) -> tuple[VisitRow, ...]:
    """Put visits into the words of a list."""
    return tuple(_row(one) for one in visits)


def write_visit_place(place: VisitPlace) -> str:
    """Write a place in a list of visits as one word."""
    day, starts_at, visit_id = place
    return f"{day:%Y%m%d}-{starts_at.astimezone(UTC):%Y%m%dT%H%M%S}-{visit_id.hex}"


def write_held_place(place: tuple[date, UUID]) -> str:
    """Write a place among the visits of a question as one word."""
    return f"{place[0]:%Y%m%d}-{place[1].hex}"


def _row(opened: OpenedVisit) -> VisitRow:
    answer = opened.answer
    visit = answer.lines[0].visit
    badge, _sentence, short = shown_words(answer)
    names = [one.coverage.payer_name for one in answer.lines if one.coverage is not None]
    return VisitRow(
        visit_id=visit.id,
        when=f"{long_day(visit.day)} {clock_time(visit.starts_at.astimezone(answer.zone))}",
        patient=patient_name(opened),
        mrn=opened.patient.mrn,
        services=tuple(service_words(opened, one) for one in answer.lines),
        payer=" and ".join(dict.fromkeys(names)) or "No coverage on file",
        badge=badge.value,
        reason=short,
    )
