"""What booking says beside visits and cases: consents that are not signed, and the modifier that a claim would carry.

These pages stand below the room of booking; so the roof hands its words in, to those who may see the visits.
"""

from collections.abc import Iterable
from uuid import UUID

from flask import Flask

from app.booking.actions.reading import read_beside
from app.booking.views.beside import BesideRow, beside_rows
from app.practice.access import current_caller, may
from app.practice.facts.staff import Permission

MOST = 20
"""Visits of one case that are looked at."""


def add_booking(app: Flask) -> None:
    """Give the templates `booking_beside` of a patient's id and the ids of visits."""
    app.jinja_env.globals.update(booking_beside=booking_beside)


def booking_beside(patient_id: UUID, visit_ids: Iterable[UUID]) -> tuple[BesideRow, ...]:
    """What is unsigned, and which modifiers follow, for visits of a patient. The page has noted that they are read."""
    if not may(Permission.SEE_SCHEDULE):
        return ()
    return beside_rows(read_beside(current_caller(), patient_id, list(visit_ids)[:MOST]))
