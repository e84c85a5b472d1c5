"""Absences and duties with their own ids, for the pages that list and change them."""

from dataclasses import dataclass
from uuid import UUID

from app.alerts.facts.people import Absence, Duty


@dataclass(frozen=True, slots=True)
class Away:
    """An absence with its own id and whose it is."""

    id: UUID
    staff_id: UUID
    absence: Absence


@dataclass(frozen=True, slots=True)
class OnCall:
    """A duty with its own id and whose it is."""

    id: UUID
    staff_id: UUID
    duty: Duty
