"""Each page of the list of claims is one stretch of one index: its cost does not grow with the practice."""

from datetime import date

import pytest

from app.remittances.facts.claims import Category, ClaimQuery, Place, Show
from app.remittances.store import listing
from tests.store.test_reading_plans import on_sqlite, plans_of
from tests.support import make

__all__ = ["on_sqlite"]
AFTER = Place(True, date(2026, 3, 2), make.an_id(1))
QUERIES = {
    "all": ClaimQuery(),
    "next": ClaimQuery(after=AFTER),
    "denied": ClaimQuery(Show.DENIED),
    "denied since": ClaimQuery(Show.DENIED, first=date(2026, 1, 1)),
    "waiting": ClaimQuery(Show.WAITING, after=AFTER),
    "category": ClaimQuery(Show.DENIED, Category.AUTHORIZATION, first=date(2026, 1, 1), after=AFTER),
}


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES.keys())
def test_a_page_is_read_in_the_order_of_an_index(on_sqlite, query):
    plans = plans_of(on_sqlite, lambda: listing.page(on_sqlite, make.PRACTICE_ID, query, 51))
    assert not [plan for plan in plans if "TEMP B-TREE" in plan or plan.startswith("SCAN")], plans


def test_claims_beside_a_visit_or_a_case_are_found_by_it(on_sqlite):
    for read in (listing.of_visit, listing.of_case):
        plans = plans_of(on_sqlite, lambda read=read: read(on_sqlite, make.PRACTICE_ID, make.an_id(1), 10))
        claims = [plan for plan in plans if "remittance" in plan]
        assert any("(practice_id=? AND visit_id=?)" in plan or "authorization_id=?" in plan for plan in claims)
        assert not [plan for plan in claims if plan.startswith("SCAN") or "(practice_id=?)" in plan], plans
