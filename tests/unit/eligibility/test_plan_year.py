"""How far asking for a plan year has come: only a plain answer of the year is one, whatever else is on file."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as some

from app.eligibility.facts.asking import AskState
from app.eligibility.facts.listing import ListedVisit
from app.eligibility.facts.plan_year import YearState, YearVisit
from app.eligibility.forms.plan_year import read_year_query
from app.eligibility.intake.receipts import read_receipt
from app.eligibility.rules.plan_year import state_of, year_due
from app.eligibility.views.words import refused_words
from tests.support import make

YEAR, ID = 2027, make.an_id(1)


def one(**changed):
    """A first visit whose coverage was asked about last year."""
    visit = ListedVisit(ID, ID, ID, date(2027, 1, 8), datetime(2027, 1, 8, 15, tzinfo=UTC), changed.pop("coverage", ID))
    known = {"payer": "acme", "checked_on": date(2026, 11, 2), "result": "active", "other_primary": False}
    known |= {"last_check": None, "ask": None, "turned": False}
    return YearVisit(visit, **(known | changed))


def test_each_state_by_what_is_on_file():
    new = {"checked_on": date(2027, 1, 4), "last_check": "active", "ask": AskState.ANSWERED}
    assert state_of(one(), YEAR) is YearState.NOT_ASKED
    assert state_of(one(ask=AskState.SENT), YEAR) is YearState.ASKED
    assert state_of(one(**new), YEAR) is YearState.SAME
    assert state_of(one(**new, turned=True), YEAR) is YearState.CHANGED
    assert state_of(one(**(new | {"other_primary": True})), YEAR) is YearState.CHANGED
    assert state_of(one(**(new | {"result": "inactive"})), YEAR) is YearState.CHANGED
    assert state_of(one(**(new | {"result": "unknown"})), YEAR) is YearState.COULD_NOT
    assert state_of(one(ask=AskState.REFUSED), YEAR) is YearState.COULD_NOT
    assert state_of(one(ask=AskState.ANSWERED), YEAR) is YearState.COULD_NOT, "answered, and nothing came of it"
    assert state_of(one(**(new | {"last_check": "not_asked"})), YEAR) is YearState.COULD_NOT
    assert state_of(one(coverage=None), YEAR) is YearState.COULD_NOT


RESULTS = some.sampled_from(["active", "inactive", "unknown", None])


@given(
    some.one_of(some.none(), some.dates(date(2025, 1, 1), date(2027, 12, 31))),
    RESULTS,
    some.one_of(RESULTS, some.just("not_asked")),
    some.one_of(some.none(), some.sampled_from(AskState)),
    some.booleans(),
    some.booleans(),
)
def test_the_same_is_said_only_of_an_active_answer_of_the_year(checked, result, last, ask, other, turned):
    found = one(checked_on=checked, result=result, last_check=last, ask=ask, other_primary=other, turned=turned)
    good = checked is not None and checked.year == YEAR and result == "active" and last != "not_asked"
    assert (state_of(found, YEAR) is YearState.SAME) == (good and not other and not turned)


def test_the_next_year_is_due_from_october_on():
    assert [year_due(date(2026, month, 1)) for month in (1, 9, 10, 12)] == [2026, 2026, 2027, 2027]


def test_an_address_is_read_or_named():
    form = read_year_query({"year": "20x7", "state": "good", "after": "cut"})
    assert (form.query.year, form.query.state, form.query.after) == (None, None, None)
    assert set(form.errors) == {"year", "state", "after"}
    assert read_year_query({"year": "2027", "state": "asked", "payer": " acme "}).errors == {}


def test_a_refused_request_says_by_whom_and_why():
    sets = [{"control_number": "0002", "status": "R", "reasons": ["5"]}, {"control_number": "0001", "status": "A"}]
    content = {"group": {"functional": "HS", "control_number": "7"}, "group_status": "P", "reasons": [], "sets": sets}
    told = read_receipt({"kind": "x12.999", "content": content})
    assert told is not None and (told.refused, told.sets) == (False, {2: "set:5"})
    assert refused_words("set:5") == (
        "The request was refused: something in the request is missing or wrong. The plan was not asked."
    )
    ta1 = read_receipt({"kind": "x12.ta1", "content": {"acknowledged": "000000007", "status": "R", "code": "022"}})
    assert ta1 is not None and (ta1.refused, ta1.code) == (True, "ta1:022")
    assert "its envelope is not as it must be" in refused_words(ta1.code)
    strange = read_receipt({"kind": "x12.ta1", "content": {"acknowledged": "7", "status": "R", "code": "Kim Doe*1"}})
    assert strange is not None and strange.code == "ta1:" and "Kim" not in refused_words(strange.code)
    assert refused_words(None) == "The clearinghouse refused the request. The plan was not asked."
