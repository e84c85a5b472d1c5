"""A page names the approval that an alert is about as the patient's page does; a message never does."""

from dataclasses import replace
from datetime import date

import pytest

from app.alerts.views.cases import case_words
from app.authorizations.facts import Authorization, Status
from app.deadlines.facts import Subject, SubjectKind
from tests.support import make

ROW = Authorization(make.an_id(1), make.an_id(99), "acme", "Acme", Status.APPROVED, number="HL-40027")
SUBJECT = Subject(SubjectKind.AUTHORIZATION, ROW.id.hex)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "approval HL-40027"),
        ({"number": None, "reference": "R9"}, "approval R9"),
        ({"number": None, "reference": "R9", "status": Status.SUBMITTED}, "request R9"),
        (
            {"number": None, "reference": None, "requested_on": date(2026, 3, 1), "status": Status.DENIED},
            "request of 03/01/2026",
        ),
        (
            {"number": None, "reference": None, "requested_on": None, "decided_on": None},
            "approval without number",
        ),
    ],
)
def test_it_is_named_by_its_number_else_by_its_day(changes, words):
    assert case_words(SUBJECT, {ROW.id.hex: replace(ROW, **changes)}) == words


def test_where_no_case_may_be_shown_none_is_named():
    assert case_words(SUBJECT, {}) == ""
    assert case_words(Subject(SubjectKind.PATIENT, ROW.id.hex), {ROW.id.hex: ROW}) == ""
