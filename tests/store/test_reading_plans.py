"""What is read of one patient is found by an index of the patient: its cost does not grow with the practice.

SQLite without statistics chooses by the text of a query alone, so its choice can be held here. PostgreSQL chooses by
how full the tables are.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from app.authorizations import store as authorization_store
from app.clearance.store import risks as risk_store
from app.clearance.store import verdicts as verdict_store
from app.clinical.store import charted as fact_store
from app.coverage.store import coverages as coverage_store
from app.platform.sessions import engine_of, session_on
from app.policies.store import answers as answer_store
from app.schedule import store as schedule_store
from tests.support import make
from tests.support.databases import sqlite_template

BY_PATIENT = (
    schedule_store.of_patients,
    coverage_store.of_patients,
    coverage_store.records_of,
    authorization_store.of_patients,
    authorization_store.records_of,
    answer_store.answers_of,
    fact_store.of_patients,
    verdict_store.stored_of,
    risk_store.standing_of,
)


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Iterator[Session]:
    """A session on a fresh SQLite database."""
    path = tmp_path / "practice.sqlite"
    shutil.copyfile(sqlite_template(practices=True), path)
    engine = engine_of(make_url(f"sqlite:///{path}"))
    with session_on(engine, make.keys()) as session:
        yield session
    engine.dispose()


def plans_of(session: Session, read: Callable[[], object]) -> list[str]:
    """Run a reader and ask SQLite how it finds the rows of each of its statements."""
    sent: list[tuple[str, object]] = []

    def hear(_connection, _cursor, text, values, _context, _many):
        if text.startswith("SELECT"):
            sent.append((text, values))

    event.listen(session.get_bind(), "before_cursor_execute", hear)
    read()
    event.remove(session.get_bind(), "before_cursor_execute", hear)
    driver = session.connection().connection.dbapi_connection
    return [str(row[3]) for text, values in sent for row in driver.execute(f"EXPLAIN QUERY PLAN {text}", values)]


@pytest.mark.parametrize("patients", [1, 2, 400])
@pytest.mark.parametrize("reader", BY_PATIENT, ids=lambda reader: f"{reader.__module__}.{reader.__name__}")
def test_the_rows_of_a_patient_are_found_by_the_patient(on_sqlite, reader, patients):
    plans = plans_of(
        on_sqlite, lambda: reader(on_sqlite, make.PRACTICE_ID, [make.an_id(number) for number in range(patients)])
    )
    searches = [plan for plan in plans if plan.startswith(("SEARCH", "SCAN"))]
    assert searches
    # What stands beside a row is found by its own id, and what undid an action by that action.
    by_patient_or_id = ("patient_id=?", "(practice_id=? AND id=?)", "(practice_id=? AND undoes=?)")
    assert all(any(way in plan for way in by_patient_or_id) for plan in searches), searches
