"""Which patient a row means, whether it can, and what it changes."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from app.imports.facts import Code, Person, RowRefusedError
from app.patients.facts import PatientDetails


def mrn_key(mrn: str) -> str:
    """Reduce a record number to what counts: case and the space around it do not."""
    return mrn.strip().upper()


def same_name(one: str | None, other: str | None) -> bool:
    """Say whether two names agree, as far as both are known; case and spaces do not matter."""
    return one is None or other is None or "".join(one.split()).casefold() == "".join(other.split()).casefold()


def contradiction(one: Person, other: Person) -> str | None:
    """Name the column in which two rows of one file contradict each other about a patient, or None."""
    if one.birth_date and other.birth_date and one.birth_date != other.birth_date:
        return "birth_date"
    if not same_name(one.last_name, other.last_name):
        return "patient_last"
    return None if same_name(one.first_name, other.first_name) else "patient_first"


def check_identity(person: Person, on_file: PatientDetails) -> None:
    """Refuse a row whose record number is on file for someone else: last name and birth date both differ.

    One difference alone is a correction or a changed name. Taking a stranger's row for this patient would judge the
    visit on the wrong approvals.
    """
    other_name = not same_name(person.last_name, on_file.last_name)
    other_birth = bool(person.birth_date and on_file.birth_date and person.birth_date != on_file.birth_date)
    if other_name and other_birth:
        raise RowRefusedError(
            "patient_mrn",
            Code.CONFLICT,
            person.mrn,
            "This record number is on file with another last name and date of birth. Check the number; if the person "
            "is right, correct the name and the birth date in two steps.",
        )


def patient_of(
    person: Person, on_file: Mapping[str, PatientDetails], new_id: Callable[[], UUID]
) -> tuple[PatientDetails, bool]:
    """Find a row's patient, or make the patient from its names and birth date.

    Returns   the patient, and whether the row makes the patient.
    Raises    RowRefusedError when the record number is unknown and the names do not say who it is, or is another's.
    """
    known = on_file.get(mrn_key(person.mrn))
    if known is not None:
        check_identity(person, known)
        return known, False
    if not (person.last_name and person.first_name and person.birth_date):
        raise RowRefusedError(
            "patient_mrn",
            Code.UNKNOWN_PATIENT,
            person.mrn,
            "No patient has this record number. Bring in the schedule first, or add patient_last, patient_first and "
            "birth_date to the row.",
        )
    return details_of(person, new_id()), True


def details_of(person: Person, patient_id: UUID) -> PatientDetails:
    """Make a new patient of a row."""
    return updated(PatientDetails(patient_id, person.mrn.strip(), "", "", None), person)


def updated(patient: PatientDetails, person: Person) -> PatientDetails:
    """Write what a row says of a patient; what it leaves empty stays."""
    given: dict[str, Any] = {
        "last_name": None if same_name(person.last_name, patient.last_name) else person.last_name,
        "first_name": None if same_name(person.first_name, patient.first_name) else person.first_name,
        "birth_date": person.birth_date,
        "phone": person.phone,
        "email": person.email,
        "language": person.language,
        "text_consent": person.text_consent,
    }
    return replace(patient, **{name: value for name, value in given.items() if value is not None})
