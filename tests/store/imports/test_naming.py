"""Names of payers: matched by a person, all that is on file moves in one step, and goes back when taken back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.authorizations import store as authorizations
from app.authorizations.rules.changes import is_first
from app.authorizations.rules.history import divergences
from app.clearance.actions.answering import check_visit
from app.clearance.facts.reasons import Reason
from app.clearance.views.shapes import visit_shape
from app.coverage.store import coverages as coverage
from app.imports.actions.naming import (
    NameGoneError,
    NameMatchedError,
    match_name,
    read_names,
    see_move,
    take_back,
)
from app.patients import store as patients
from app.policies.actions.recording import record_practice_rule
from app.policies.facts.answers import Need, PracticeRule
from app.policies.store import payers
from app.policies.store.practice import practice_rules
from app.schedule import store as schedule
from app.values.spans import DateSpan
from app.web.wiring import wire
from tests.store.imports.support import COVERAGE, LOG, VISIT, bring
from tests.store.imports.test_undo import dump, undo_last
from tests.support import make

ID = make.PRACTICE_ID
LOCAL = "local:aetna-ppo-northeast"
NAME = "Aetna PPO Northeast"
TODAY = make.NOW.date()


@pytest.fixture(autouse=True)
def wired():
    wire()


@pytest.fixture
def brought(caller, tmp_path):
    """Two visits of one patient under a name that the library does not know, with coverage and an authorization."""
    rows = [{**VISIT, "payer": NAME}, {**VISIT, "visit_id": "A2", "code": "", "visit_type": "Mohs", "payer": NAME}]
    bring(caller, tmp_path, rows, [{**COVERAGE, "payer": NAME}], [{**LOG, "payer": NAME}])
    span = DateSpan(TODAY, TODAY + timedelta(days=100))
    record_practice_rule(caller, PracticeRule("", LOCAL, frozenset({"96912"}), Need.REQUIRED, span, "Call", TODAY))
    return tmp_path


def covered(caller, mrn="M1"):
    who = patients.by_mrn(caller.session, ID, mrn)
    return coverage.records_of(caller.session, ID, [who])[who]


def aside(found):
    """A dump without what is kept of matches."""
    left_out = ("payer_match", "visit_verdict", "authorization_event")
    return {name: rows for name, rows in found.items() if name not in left_out}


def test_names_are_listed_with_what_is_on_file_and_payers_that_they_may_mean(caller, brought):
    (name,) = read_names(caller).brought
    assert (name.key, name.name) == (LOCAL, NAME)
    assert name.coverages == 1
    assert [one.key for one in name.suggestions] == ["aetna"]
    moving = see_move(caller, LOCAL, "aetna")
    assert (moving.weight.coverages, moving.weight.authorizations, moving.weight.visits) == (1, 1, 2)
    assert (moving.payer_name, moving.rules) == (read_names(caller).library["aetna"], 1)


def test_a_match_moves_all_that_is_on_file_and_its_taking_back_moves_it_back(caller, brought):
    before = dump(caller.session)
    match = match_name(caller, LOCAL, "aetna")
    after = dump(caller.session)
    assert LOCAL not in repr({name: rows for name, rows in after.items() if name not in ("payer", "payer_match")})
    (record,) = covered(caller)
    assert (record.payer, record.payer_name) == ("aetna", read_names(caller).library["aetna"])
    lines = schedule.visit_by_reference(caller.session, ID, "A1").lines
    assert [line.named_payer for line in lines] == ["aetna"]
    assert [rule.payer for rule in practice_rules(caller.session, ID)] == ["aetna"]
    shown = visit_shape(check_visit(caller, "A1"))["lines"][0]
    assert shown["requirement"]["confidence"] != "none"
    assert Reason.COVERAGE_SCHEDULE_DIFFERS not in check_visit(caller, "A1").lines[0].reasons
    take_back(caller, match.id)
    assert aside(dump(caller.session)) == aside(before)


def test_a_match_and_its_taking_back_stand_in_the_history_of_an_authorization(caller, brought):
    match = match_name(caller, LOCAL, "aetna")
    (one,) = authorizations.ids_of_payer(caller.session, ID, "aetna")
    take_back(caller, match.id)
    first, moved, back = authorizations.events_of(caller.session, ID, one)
    library = read_names(caller).library["aetna"]
    assert is_first(first.changes)
    assert moved.changes == {"payer": [LOCAL, "aetna"], "payer_name": [NAME, library]}
    assert back.changes == {"payer": ["aetna", LOCAL], "payer_name": [library, NAME]}
    assert divergences((first, moved, back), authorizations.record_of(caller.session, ID, one)[0]) == ()


def test_later_files_are_read_by_the_match_and_change_nothing(caller, brought):
    match_name(caller, LOCAL, "aetna")
    before = dump(caller.session)
    rows = [{**VISIT, "payer": NAME}, {**VISIT, "visit_id": "A2", "code": "", "visit_type": "Mohs", "payer": NAME}]
    reports = bring(caller, brought, rows, [{**COVERAGE, "payer": "aetna ppo northeast"}], [{**LOG, "payer": NAME}])
    assert [list(report.counts.values()) for report in reports] == [[0, 0, 2], [0, 0, 1], [0, 0, 1]]
    assert [report.unmapped_payers for report in reports] == [{}, {}, {}]
    found = dump(caller.session)
    found.pop("schedule_import"), before.pop("schedule_import")
    assert found == before


def test_a_matched_name_is_no_payer_any_more_and_the_practice_works_with_the_payer_meant(caller, brought):
    match = match_name(caller, LOCAL, "aetna")
    assert (payers.payers(caller.session, ID), payers.payer_choices(caller.session, ID)) == ({}, {"aetna": True})
    take_back(caller, match.id)
    assert (payers.payers(caller.session, ID), payers.payer_choices(caller.session, ID)) == ({LOCAL: NAME}, {})


def test_a_coverage_that_is_on_file_under_both_names_stays_where_it_is(caller, brought):
    bring(caller, brought, coverage=[COVERAGE])
    match = match_name(caller, LOCAL, "aetna")
    assert sorted(one.payer for one in covered(caller)) == ["aetna", LOCAL]
    assert "coverage" not in match.moved


def test_what_has_moved_on_since_is_not_moved_back(caller, brought):
    match = match_name(caller, LOCAL, "aetna")
    (record,) = covered(caller)
    coverage.change_coverages(caller.session, ID, [replace(record, payer="medicare_ffs", payer_name="Medicare")])
    caller.session.commit()
    take_back(caller, match.id)
    assert [one.payer for one in covered(caller)] == ["medicare_ffs"]


def test_a_name_kept_as_a_payer_of_its_own_is_asked_no_more_until_that_is_taken_back(caller, brought):
    before = aside(dump(caller.session))
    match = match_name(caller, LOCAL, None)
    names = read_names(caller)
    assert (names.brought, [one.payer for one in names.decided]) == ((), [None])
    assert aside(dump(caller.session)) == before
    take_back(caller, match.id)
    assert len(read_names(caller).brought) == 1


def test_what_was_said_once_is_not_said_again(caller, brought):
    match = match_name(caller, LOCAL, "aetna")
    with pytest.raises(NameMatchedError):
        match_name(caller, LOCAL, None)
    take_back(caller, match.id)
    with pytest.raises(NameGoneError):
        take_back(caller, match.id)


@pytest.mark.parametrize(("local", "payer"), [("local:nobody", "aetna"), (LOCAL, "no_such_payer"), ("aetna", "aetna")])
def test_only_names_of_files_match_and_only_payers_of_the_library_are_meant(caller, brought, local, payer):
    with pytest.raises(NameGoneError):
        match_name(caller, local, payer)
    with pytest.raises(NameGoneError):
        see_move(caller, local, payer)


def test_nothing_is_matched_by_likeness(caller, brought):
    read_names(caller)
    see_move(caller, LOCAL, "aetna")
    assert [one.payer for one in covered(caller)] == [LOCAL]


def test_an_import_before_a_match_is_not_undone_over_it(caller, brought):
    match_name(caller, LOCAL, "aetna")
    undos = undo_last(caller, 2)
    assert [
        len(undo.left.get(table, ())) for undo, table in zip(undos, ("authorization", "coverage"), strict=True)
    ] == [1, 1]
