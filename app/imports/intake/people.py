"""What every row says of its patient."""

from app.imports.facts import Code, Person
from app.imports.intake.cells import YES_NO, Cells, fold_word


def read_person(cells: Cells, names_needed: bool) -> Person:
    """Read record number, names and birth date, and what else a row says of the patient.

    Consent to text messages is yes only where the cell says yes: any other word is no.
    """
    mrn = cells.need_identifier("patient_mrn", "the patient's record number")
    last = _name(cells, "patient_last", "the last name", names_needed)
    first = _name(cells, "patient_first", "the first name", names_needed)
    birth = cells.birth("birth_date")
    if birth is None and names_needed:
        cells.refuse("birth_date", Code.MISSING, "Write the date of birth, such as 12/31/1980.")
    consent = cells.text("text_consent")
    return Person(
        mrn,
        last,
        first,
        birth,
        cells.text("phone"),
        cells.text("email"),
        cells.text("language"),
        None if consent is None else YES_NO.get(fold_word(consent), False),
    )


def _name(cells: Cells, column: str, what: str, needed: bool) -> str | None:
    return cells.need(column, f"{what} of the patient") if needed else cells.text(column)
