"""Deadlines on the command line: what is due, and what their clocks run from."""

import json
import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from app.platform.clock import SystemClock
from tests.store.imports.support import COVERAGE, LOG, PERSON, VISIT, table
from tests.support import make


def today():
    """The day in the practice's zone: the command line runs by the machine's clock."""
    return SystemClock().today(ZoneInfo(make.ZONE))


@pytest.fixture
def practice(manage, tmp_path):
    """A practice with a request that is with the payer and an approval that ends in ten days."""
    day = today()
    covered = {"line": "commercial", "checked_on": str(day), "result": "active"}
    ends = {"codes": "96910:36", "begins": str(day - timedelta(days=90)), "ends": str(day + timedelta(days=10))}
    pending = {"status": "pending", "number": "", "reference": "R2", "codes": "11102", "requested_on": str(day)}
    visits = [
        VISIT | {"starts_at": f"{day + timedelta(days=ahead)} 09:00", "visit_id": f"A{ahead}"} for ahead in (3, 12)
    ]
    files = [
        table(tmp_path / "s.csv", visits),
        table(tmp_path / "c.csv", [COVERAGE | PERSON | covered]),
        table(tmp_path / "a.csv", [LOG | PERSON | ends | {"member_id": "W123"}, LOG | PERSON | pending]),
    ]
    assert manage("import", *map(str, files)).code == 0
    return manage


def _listed(practice, *words):
    ran = practice("deadlines", "list", "--json", *words)
    assert ran.code == 0
    return [json.loads(line) for line in ran.out.splitlines()]


def _case(practice, reason):
    return next(one["key"] for one in _listed(practice, "--all") if one["reason"] == reason)


def test_list_says_what_is_due_by_whose_rule_and_of_which_case(practice):
    found = {one["reason"]: one for one in _listed(practice)}
    ends = found["approval_ends"]
    assert ends["counts"] == {"visits_after": 1}
    assert ends["due_on"] == str(today() + timedelta(days=10))
    assert ends["step"] is not None and ends["sentence"].startswith("Ends ")
    ran = practice("deadlines", "list", "--all")
    assert re.search(r"^Approval ends\. Ends .* \[authorization [0-9a-f-]{36}\]$", ran.out, re.MULTILINE)
    assert "Smith" not in ran.out and "W123" not in ran.out


def test_list_of_an_empty_practice_says_so(manage):
    assert manage("deadlines", "list").out == "Nothing is due within 14 days.\n"
    assert manage("deadlines", "list", "--all").out == "Nothing is due.\n"


def test_what_is_recorded_moves_the_clocks_and_is_shown(practice):
    case, day = _case(practice, "answer_owed"), today()
    assert practice("deadlines", "receipt", case, "--on", str(day), "--at", "08:15", "--urgent").code == 0
    owed = next(one for one in _listed(practice, "--all") if one["reason"] == "answer_owed")
    assert owed["due_at"] is not None and owed["basis"] == "federal"
    asked = practice("deadlines", "information", case, "--asked", f"{day} 10:00", "--due", str(day + timedelta(days=9)))
    request = asked.out.split()[-1].rstrip(".")
    assert "information_owed" in {one["reason"] for one in _listed(practice, "--all")}
    assert practice("deadlines", "information", request, "--sent", f"{day} 11:30").code == 0
    assert "information_owed" not in {one["reason"] for one in _listed(practice, "--all")}
    call = practice(
        "deadlines", "peer", case, "--offered", f"{day} 10:00", "--closes", f"{day + timedelta(days=3)} 17:00"
    )
    level = practice("deadlines", "appeal", case, "--denied", str(day), "--ends", str(day + timedelta(days=60)))
    shown = json.loads(practice("deadlines", "case", case, "--json").out)
    assert shown["receipt"]["urgent"] is True
    assert [one["answered_at"] is not None for one in shown["information"]] == [True]
    assert (shown["calls"][0]["id"] in call.out, shown["levels"][0]["id"] in level.out) == (True, True)
    assert practice("deadlines", "peer", shown["calls"][0]["id"], "--held", f"{day} 12:00").code == 0
    assert practice("deadlines", "appeal", shown["levels"][0]["id"], "--filed", str(day)).code == 0
    assert practice("deadlines", "appeal", shown["levels"][0]["id"], "--decided", str(day)).code == 0
    lines = practice("deadlines", "case", case).out.splitlines()
    assert [line.split(":")[0] for line in lines] == ["receipt", "information", "calls", "levels", "owner"]


def test_a_case_gets_an_owner_by_address(practice):
    case = _case(practice, "approval_ends")
    practice("practice", "add-person", "--email", "kim@example.com", "--name", "Kim", "--role", "coordinator")
    assert practice("deadlines", "owner", case, "kim@example.com").code == 0
    assert json.loads(practice("deadlines", "case", case, "--json").out)["owner"] is not None
    assert practice("deadlines", "owner", case, "nobody").code == 0
    assert practice("deadlines", "case", case).out == "owner: nobody\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("receipt", "x", "--on", "2026-03-02"), "An id has 32 digits"),
        (("receipt", "0" * 32, "--on", "03/02/2026"), "--on '03/02/2026' is not a date; write it as 2026-12-01."),
        (("receipt", "0" * 32, "--on", "2026-03-02"), "No case of this id is on file"),
        (("receipt", "0" * 32, "--on", "2026-03-02", "--at", "noon"), "is not a day and time"),
        (("information", "0" * 32), "Give exactly one of --asked, --sent."),
        (("information", "0" * 32, "--asked", "2026-03-02"), "is not a day and time"),
        (("information", "0" * 32, "--sent", "2026-03-02 10:00"), "Nothing open of this id"),
        (("peer", "0" * 32, "--offered", "2026-03-02 10:00"), "--closes is missing"),
        (("appeal", "0" * 32, "--denied", "2026-03-02"), "--ends is missing"),
        (("appeal", "0" * 32, "--filed", "2026-03-02"), "Nothing open of this id"),
        (("owner", "0" * 32, "who@example.com"), "Nobody with the address who@example.com is on file."),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(manage, words, said):
    ran = manage("deadlines", *words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_what_lies_backwards_is_refused(practice):
    case = _case(practice, "answer_owed")
    ran = practice("deadlines", "appeal", case, "--denied", "2026-03-02", "--ends", "2026-03-01")
    assert (ran.code, ran.err) == (2, "The window of appeal cannot end before the denial.\n")
