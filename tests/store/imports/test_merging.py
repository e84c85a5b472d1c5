"""Everything that hangs on a patient goes to the other, whatever table it is in: also tables that are new."""

import pytest
from sqlalchemy import Index, UniqueConstraint, func, select

from app.imports.store.hanging import HANGING
from app.imports.store.merging import PATIENT, move
from app.web.models import all_tables
from tests.support import make
from tests.support.filler import add_row

MERGED, STAYS, OTHER = make.an_id(1), make.an_id(2), make.an_id(3)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_row_of_a_patient_is_moved_and_nothing_stays_behind(session):
    practice = {"id": make.PRACTICE_ID, "practice_id": make.PRACTICE_ID}
    ground = {"practice": practice}
    for patient in (OTHER, MERGED, STAYS):
        add_row(session, ground, "patient", id=patient)
    named = {"practice_id": make.PRACTICE_ID}
    ground |= {"patient": named | {"id": OTHER}}
    ground |= {name: named | {"id": add_row(session, ground, name)} for name in ("site", "visit", "authorization")}
    tables = {name: table for name, table in all_tables().tables.items() if PATIENT in table.c}
    assert {one.table for one in HANGING["patient"] if one.column == PATIENT} <= tables.keys()
    for name in tables:
        add_row(session, ground, name, patient_id=MERGED)
    for name, fixed in (("watch_dirty", {}), ("case_dirty", {}), ("patient_search_key", {"key": b"k" * 16})):
        for patient in (MERGED, STAYS) if fixed else (STAYS,):
            add_row(session, ground, name, patient_id=patient, **fixed)
    move(session, make.PRACTICE_ID, MERGED, STAYS)

    def count(table, column, patient):
        return session.scalar(select(func.count()).select_from(table).where(table.c[column] == patient))

    left = {name for name, table in tables.items() if count(table, PATIENT, MERGED)}
    moved = {name for name, table in tables.items() if count(table, PATIENT, STAYS)}
    assert (left, moved) == (set(), tables.keys())
    assert count(all_tables().tables["patient"], "id", MERGED) == 0


def test_only_known_tables_allow_one_row_of_something_for_each_patient():
    """Of these the action looks first whether both patients have one; a new table joins it, or moves without it."""
    once = {
        name
        for name, table in all_tables().tables.items()
        for rule in (*table.constraints, *(index for index in table.indexes if index.unique))
        if isinstance(rule, UniqueConstraint | Index) and PATIENT in rule.columns
    }
    assert once == {"authorization", "coverage"}
