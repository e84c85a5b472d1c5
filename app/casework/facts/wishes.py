"""What the form of contact wishes starts from."""

from dataclasses import dataclass

from app.patients.facts import PatientDetails, Wish


@dataclass(frozen=True, slots=True)
class WishesStart:
    """The patient as on file with the version, and the wish recorded last; None: none was."""

    details: PatientDetails
    version: int
    wish: Wish | None
