"""What a search for patients finds."""

from dataclasses import dataclass

from app.patients.facts import PatientDetails

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Found:
    """The patients found, by name; `more`: there are others, and the words should be narrowed."""

    patients: tuple[PatientDetails, ...]
    payers: tuple[str, ...]
    more: bool
