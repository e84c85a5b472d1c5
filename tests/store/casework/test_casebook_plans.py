"""Each saved view is read as one stretch of one index, in order, without sorting: its cost does not grow with cases."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import event, text

from app.authorizations.facts import Status
from app.casework.facts.casebook import NOBODY, CaseQuery, Place, Queue, View
from app.casework.rules.views import selection
from app.casework.store import casebook as store
from tests.store.test_reading_plans import on_sqlite, plans_of
from tests.support import make

__all__ = ["on_sqlite"]

TODAY, ME, PLACE = date(2026, 3, 2), make.an_id(7), Place(date(2026, 3, 9), make.an_id(8))
FILTERS = (
    ({}, "queue=?"),
    ({"owner": ME}, "owner_id=?"),
    ({"owner": NOBODY}, "queue=?"),
    ({"payer": "acme"}, "payer=?"),
    ({"status": Status.DRAFT}, "status=?"),
)


@pytest.mark.parametrize("view", View)
def test_a_page_of_a_view_is_read_in_the_order_of_an_index(on_sqlite, view):
    for filtered, wanted in FILTERS:
        for after in (None, PLACE):
            which = selection(replace(CaseQuery(view), **filtered), ME, TODAY)
            plans = plans_of(
                on_sqlite,
                lambda: store.page(on_sqlite, make.PRACTICE_ID, which, 51, after),  # noqa: B023
            )
            assert len(plans) == 1, plans
            assert plans[0].startswith("SEARCH case_listing USING"), plans
            assert "practice_id=? AND queue=?" in plans[0], plans
            if view is not View.MINE:
                assert wanted in plans[0], plans


def test_the_counts_beside_the_views_are_one_statement_of_searches(on_sqlite):
    views = {one.value: selection(CaseQuery(one), ME, TODAY) for one in View}
    plans = plans_of(on_sqlite, lambda: store.capped(on_sqlite, make.PRACTICE_ID, views, 500))
    read = [plan for plan in plans if "case_listing" in plan]
    assert len(read) == len(View)
    assert all(plan.startswith("SEARCH") and "queue=?" in plan for plan in read), read


BY_CASE = {
    "queues": lambda session: store.queues_of(session, make.PRACTICE_ID, [ME]),
    "rows": lambda session: store.rows_of(session, make.PRACTICE_ID, [ME]),
    "patients": lambda session: store.of_patients(session, make.PRACTICE_ID, [ME]),
    "code": lambda session: store.by_code(session, make.PRACTICE_ID, "0F3B21"),
    "overtaken": lambda session: store.overtaken(session, make.PRACTICE_ID, TODAY, 400),
}


@pytest.mark.parametrize("name", BY_CASE)
def test_what_is_read_of_a_few_cases_is_found_by_them(on_sqlite, name):
    plans = [plan for plan in plans_of(on_sqlite, lambda: BY_CASE[name](on_sqlite)) if "case_listing" in plan]
    assert plans
    wanted = {"queues": "case_id=?", "rows": "case_id=?", "patients": "patient_id=?", "code": "code=?"}
    assert all(plan.startswith("SEARCH") and wanted.get(name, "again_on<?") in plan for plan in plans), plans


PAGES = (CaseQuery(), CaseQuery(View.MINE), CaseQuery(View.WEEK), CaseQuery(payer="payer-3"))
FILLED = (
    "INSERT INTO patient (practice_id, id, mrn, mrn_index, last_name, first_name, text_consent, version) "
    "VALUES (:practice, :patient, ''::bytea, ''::bytea, ''::bytea, ''::bytea, false, 1)",
    'INSERT INTO "authorization" (practice_id, id, patient_id, natural_key, payer, payer_name, status, raw_status, '
    "kind, items, no_end, diagnoses, provider_binds, places, urgent, version) "
    "SELECT :practice, ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, :patient, n::text, 'acme', "
    "'Acme', 'submitted', 'submitted', 'initial', '', false, '', false, '', false, 1 "
    "FROM generate_series(1, 6000) AS n",
    "INSERT INTO case_listing (practice_id, queue, due_on, case_id, patient_id, status, payer) "
    "SELECT :practice, queue, date '2026-01-01' + n % 300, "
    "('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, :patient, 'submitted', 'payer-' || n % 12 "
    "FROM generate_series(1, 6000) AS n, unnest(ARRAY['all', 'open', 'payer']) AS queue",
    "ANALYZE case_listing",
)
"""A list that is full enough for PostgreSQL to choose by its statistics."""


def test_on_either_database_a_page_and_the_payers_of_the_filter_are_read_by_indexes(session):
    postgres = session.get_bind().dialect.name == "postgresql"
    for statement in FILLED if postgres else ():
        session.execute(text(statement), {"practice": make.PRACTICE_ID, "patient": make.an_id(1)})
    for query in PAGES:
        for after in (None, PLACE):
            which = selection(query, ME, TODAY)
            plan = explained(session, lambda: store.page(session, make.PRACTICE_ID, which, 51, after))  # noqa: B023
            assert_by_index(plan, postgres)
    plan = explained(session, lambda: store.payers(session, make.PRACTICE_ID, Queue.ALL, 60))
    assert_by_index(plan, postgres)


def assert_by_index(plan, postgres):
    """Hold that nothing of the list is read whole or sorted."""
    if postgres:
        assert "Index" in plan, plan
        assert "Seq Scan on case_listing" not in plan, plan
        assert "Sort" not in plan, plan
    else:
        assert "SEARCH case_listing USING" in plan, plan
        assert "SCAN case_listing" not in plan, plan
        assert "TEMP B-TREE" not in plan, plan


def explained(session, read) -> str:
    """Ask the database how it reads what the last statement of a reader asks for."""
    sent = []

    def hear(_connection, _cursor, statement, values, _context, _many):
        sent.append((statement, values))

    event.listen(session.get_bind(), "before_cursor_execute", hear)
    read()
    event.remove(session.get_bind(), "before_cursor_execute", hear)
    statement, values = sent[-1]
    word = "EXPLAIN" if session.get_bind().dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    rows = session.connection().exec_driver_sql(f"{word} {statement}", values)
    return "\n".join(str(row[-1]) for row in rows)
