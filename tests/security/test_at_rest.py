"""Data at rest: nothing plain in a row, nothing left of what was removed, and search that is as exact as before."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from app.authorizations import store as authorizations
from app.authorizations.facts import AuthorizationRecord, Status
from app.authorizations.rules.items import key_of
from app.casework.actions.finding import find_patients
from app.coverage.facts import CoverageRecord
from app.coverage.store import coverages
from app.patients import store as patients
from app.patients.facts import PatientDetails
from app.platform.caller import Caller
from app.platform.db import writing
from app.platform.sessions import engine_of
from app.values.insurance import Rank
from tests.support import make
from tests.support.databases import copy_of_template
from tests.support.queries import counted

PATIENT, OTHER, APPROVAL, COVERAGE = (make.an_id(number) for number in range(1, 5))
ANN = PatientDetails(PATIENT, "MRN-4711", "Abbott-Lind", "Ann", date(1960, 1, 2), "(212) 555-0147", "ann@home.example")
BEA = PatientDetails(OTHER, "MRN-4712", "Abrams", "Bea", date(1970, 3, 4), "(212) 555-0199")
WORDS = ("MRN-4711", "Abbott", "Ann", "5550147", "ann@home", "AUTH-900-1", "REF-77", "W123456789", "sister Carla")


@pytest.fixture
def people(caller: Caller) -> Caller:
    """Two patients; the first has a coverage and an approval with words in every free field."""
    record = AuthorizationRecord(
        APPROVAL, PATIENT, "", "aetna", "Aetna", Status.APPROVED, "approved",
        number="AUTH-900-1", reference="REF-77", member_id="W123456789", owner="sister Carla",
        next_action="sister Carla", submitted_by_channel="sister Carla", representative="sister Carla",
        call_reference="sister Carla", note="sister Carla", denial_reason="sister Carla",
    )  # fmt: skip
    record = AuthorizationRecord(
        **{name: getattr(record, name) for name in record.__slots__} | {"natural_key": key_of(record)}
    )
    coverage = CoverageRecord(
        COVERAGE, PATIENT, Rank.PRIMARY, "aetna", "Aetna", "W123456789", source="sister Carla", reference="REF-77"
    )
    with writing(caller.session) as session:
        patients.add_patients(session, caller.practice_id, [ANN, BEA])
        coverages.add_coverages(session, caller.practice_id, [coverage])
        authorizations.add_authorizations(session, caller.practice_id, [record], [])
    return caller


SEARCHES = {
    "AUTH-900-1": {PATIENT}, "auth 9001": {PATIENT}, "AUTH-900-2": set(), "AUTH-900": set(), "REF-77": {PATIENT},
    "W123456789": {PATIENT}, "w 123 456 789": {PATIENT}, "W12345678": set(), "MRN-4711": {PATIENT},
    "mrn-4711": {PATIENT}, "MRN-471": set(), "212-555-0147": {PATIENT}, "(212) 555-0148": set(), "Abb": {PATIENT},
    "Abr": {OTHER}, "Lind": {PATIENT}, "Abbot": {PATIENT}, "Abbotx": set(), "Ann Abbott": {PATIENT},
}  # fmt: skip


def test_search_by_sealed_fields_is_exact(people):
    assert {words: {one.id for one in find_patients(people, words).patients} for words in SEARCHES} == SEARCHES


def test_a_search_by_number_reads_an_index_and_a_fixed_number_of_rows(people):
    with counted(people.session.get_bind()) as statements:
        find_patients(people, "AUTH-900-1")
    assert len(statements) < 25
    assert not any("LIKE" in one.upper() for one in statements)


def test_no_column_of_any_table_holds_a_word_of_a_patient(people):
    everything = dump(people)
    assert "Aetna" in everything  # the dump does show what is plain
    for word in WORDS:
        assert word.lower() not in everything.lower(), word
        assert word.encode().hex() not in everything.lower(), word


def dump(caller: Caller) -> str:
    """Every value of every row of the tables of facts, bytes in hex."""
    names = (
        "patient",
        "patient_search_key",
        "coverage",
        "coverage_event",
        "authorization",
        "authorization_event",
        "audit_entry",
    )
    rows = [row for name in names for row in caller.session.execute(text(f'SELECT * FROM "{name}"'))]
    return "\n".join(" ".join(value.hex() if isinstance(value, bytes) else str(value) for value in row) for row in rows)


def test_what_is_removed_leaves_no_byte_in_an_sqlite_file(tmp_path):
    with copy_of_template("sqlite", tmp_path, practices=True) as url:
        engine = engine_of(make_url(url))
        path = Path(str(engine.url.database))
        with engine.begin() as connection:
            connection.execute(text("INSERT INTO rule_set (version, content) VALUES ('gone', 'zzq-removed')"))
        assert b"zzq-removed" in path.read_bytes() + path.with_name(f"{path.name}-wal").read_bytes()
        with engine.begin() as connection:
            connection.execute(text("DELETE FROM rule_set"))
        engine.dispose()  # SQLite moves its log into the file when the last connection closes
        assert b"zzq-removed" not in path.read_bytes()
