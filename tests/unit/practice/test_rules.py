"""When sign-in locks, when a session ends, and what the practice's page takes."""

from datetime import timedelta

import pytest

from app.practice.facts.staff import Permission, Role, StaffSession
from app.practice.forms.practice import read_setup
from app.practice.rules.roles import permissions_of
from app.practice.rules.sessions import session_ended
from tests.support import make

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("age", "idle", "ended"),
    [(14, 14, False), (15, 15, True), (719, 0, False), (720, 0, True), (720, 15, True)],
)
def test_a_session_ends_after_15_idle_minutes_or_12_hours(age, idle, ended):
    session = StaffSession(
        make.an_id(1), make.PRACTICE_ID, make.an_id(2), make.NOW - age * MINUTE, make.NOW - idle * MINUTE, make.NOW
    )
    assert session_ended(session, make.NOW) is ended


def test_a_scheduler_reads_and_edits_nothing():
    may = permissions_of({Role.SCHEDULER})
    assert Permission.SEE_SCHEDULE in may
    assert not may & {Permission.EDIT_CASES, Permission.EDIT_RULES, Permission.ACCEPT_RISK, Permission.SETTINGS}


RIGHT = {"name": " Lakeside ", "zone": "America/Chicago", "state": "tx", "group_npi": make.GROUP_NPI}


def test_the_practices_page_reads_what_people_type():
    form = read_setup(RIGHT)
    assert (form.name, form.zone, form.state, form.group_npi, form.errors) == (
        "Lakeside", "America/Chicago", "TX", make.GROUP_NPI, {},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("name", "", "Enter the name"),
        ("name", "x" * 81, "at most 80"),
        ("zone", "Chicago", "time zone"),
        ("zone", "../../etc/passwd", "time zone"),
        ("state", "Texas", "two letters"),
        ("group_npi", "100300013", "you entered 9 digits"),
        ("group_npi", "1003000135", "last digit"),
    ],
)
def test_the_practices_page_says_what_to_mend(field, typed, says):
    form = read_setup({**RIGHT, field: typed})
    assert list(form.errors) == [field]
    assert says in form.errors[field]
