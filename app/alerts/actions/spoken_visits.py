"""The visit that a patient's text speaks of: what is said of it, and whether that still is so."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from app.alerts.facts.outbox import Message
from app.deadlines.rules.calendar import zone_of
from app.practice.store import practice as practice_store
from app.schedule import store as schedule_store
from app.schedule.facts import Visit, VisitStatus

VISIT = "visit"
"""The field that names the visit, beside its day and time."""


def visit_fields(visit: Visit, zone: str) -> Mapping[str, str]:
    """What a text says of a visit: its day and time of day at its site."""
    return {"visit_date": visit.day.isoformat(), "visit_time": f"{visit.starts_at.astimezone(zone_of(zone)):%H:%M}"}


def said_of(session: Session, practice_id: UUID, visit: Visit) -> dict[str, str]:
    """What a text that goes now says of a visit, with its id."""
    return {**visit_fields(visit, _zone(session, practice_id, visit)), VISIT: visit.id.hex}


def read_visit(session: Session, practice_id: UUID, visit_id: UUID | None) -> Visit | None:
    """Read one visit; None: there is none, or none is meant."""
    if visit_id is None:
        return None
    return schedule_store.visits_by_ids(session, practice_id, [visit_id]).get(visit_id)


def stands(session: Session, practice_id: UUID, message: Message) -> bool:
    """Say whether the visit that a text speaks of is still booked at the day and time that it says."""
    if VISIT not in message.fields:
        return True
    visit = read_visit(session, practice_id, UUID(hex=message.fields[VISIT]))
    if visit is None or visit.status is not VisitStatus.BOOKED:
        return False
    return said_of(session, practice_id, visit).items() <= message.fields.items()


def _zone(session: Session, practice_id: UUID, visit: Visit) -> str:
    zones = {site.id: site.zone for site in practice_store.sites(session, practice_id)}
    return zones.get(visit.site_id) or practice_store.practice_of(session, practice_id).zone
