"""Between rows of patients and what is opened of them."""

from datetime import date
from typing import Any
from uuid import UUID

from app.patients.facts import PatientDetails
from app.platform.sealed import Keyring, Sealed

SEALED = ("mrn", "last_name", "first_name", "birth_date", "phone", "email", "address", "language")
UNSEALED = ("text_consent", "no_coverage_on", "no_coverage_source")


def opened_details(keyring: Keyring, practice_id: UUID, row: Any) -> PatientDetails:
    """Open all that is on file of a person."""
    values: dict[str, Any] = {
        name: None
        if (sealed := getattr(row, name)) is None
        else keyring.unseal(f"patient.{name}", practice_id, row.id, sealed)
        for name in SEALED
    }
    birth = values["birth_date"]
    values["birth_date"] = None if birth is None else date.fromisoformat(birth)
    return PatientDetails(row.id, **values, **{name: getattr(row, name) for name in UNSEALED})


def stored_details(keyring: Keyring, practice_id: UUID, patient: PatientDetails, index: bytes) -> dict[str, object]:
    """The columns of a person; `index` is the blind index of the record number."""
    birth = None if patient.birth_date is None else patient.birth_date.isoformat()
    texts = {name: getattr(patient, name) for name in SEALED} | {"birth_date": birth}
    sealed: dict[str, Sealed | None] = {
        name: None if text is None else keyring.seal(f"patient.{name}", practice_id, patient.id, text)
        for name, text in texts.items()
    }
    unsealed = {name: getattr(patient, name) for name in UNSEALED}
    return sealed | unsealed | {"practice_id": practice_id, "id": patient.id, "mrn_index": index}
