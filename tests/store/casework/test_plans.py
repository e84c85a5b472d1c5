"""What the patient's page and the search read is found by an index: its cost does not grow with the practice."""

import pytest

from app.authorizations import store as authorization_store
from app.coverage.store import coverages as coverage_store
from app.patients import store as patient_store
from tests.store.test_reading_plans import on_sqlite, plans_of
from tests.support import make

__all__ = ["on_sqlite"]

WHO = make.an_id(1)
READERS = {
    "person": lambda session: patient_store.on_file(session, make.PRACTICE_ID, WHO),
    "people": lambda session: patient_store.seen(session, make.PRACTICE_ID, [WHO]),
    "wishes": lambda session: patient_store.wishes_of(session, make.PRACTICE_ID, WHO),
    "coverages": lambda session: coverage_store.on_file(session, make.PRACTICE_ID, WHO),
    "coverage events": lambda session: coverage_store.latest_events(session, make.PRACTICE_ID, WHO, 9),
    "approval": lambda session: authorization_store.record_of(session, make.PRACTICE_ID, WHO),
    "approval by key": lambda session: authorization_store.by_natural_key(session, make.PRACTICE_ID, WHO, "k"),
    "approval events": lambda session: authorization_store.latest_events(session, make.PRACTICE_ID, [WHO], 9),
    "found by a name": lambda session: patient_store.found_under(session, make.PRACTICE_ID, [("last", "one")], 9),
    "found by a name and a birth date": lambda session: patient_store.found_under(
        session, make.PRACTICE_ID, [("last", "one"), ("birth", "1980-05-17")], 9
    ),
}


@pytest.mark.parametrize("name", READERS)
def test_every_step_is_a_search_by_more_than_the_practice(on_sqlite, name):
    plans = plans_of(on_sqlite, lambda: READERS[name](on_sqlite))
    assert plans
    for plan in plans:
        if plan.startswith(("SCAN", "SEARCH")):
            assert plan.startswith("SEARCH") and " AND " in plan, plans
