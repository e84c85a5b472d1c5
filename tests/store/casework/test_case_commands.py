"""Cases on the command line: shown whole, and what payers say logged once, or refused with a sentence."""

import json
from uuid import uuid4

import pytest

from tests.store.imports.support import COVERAGE, LOG, VISIT, table
from tests.support import make

ASKED = {**LOG, "status": "submitted", "number": "", "reference": "R-100", "requested_on": "2026-02-01"}
KEYS = {"case", "case_id", "version", "patient_mrn", "status", "kind", "tags", "items", "left", "requested", "chain"}


@pytest.fixture
def asked(manage, tmp_path):
    """The command line of a practice with one case that waits, and its visit."""
    files = [
        table(tmp_path / "s.csv", [{**VISIT, "payer": "Aetna"}]),
        table(tmp_path / "c.csv", [COVERAGE]),
        table(tmp_path / "a.csv", [ASKED]),
    ]
    assert manage("import", *map(str, files)).code == 0
    return manage


def shown(manage, case="R-100"):
    ran = manage("cases", "show", case, "--json")
    assert (ran.code, ran.err) == (0, "")
    return json.loads(ran.out)


def logged(manage, *words, case="R-100"):
    ran = manage("cases", "log", case, *words, "--json")
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


def refused(manage, *words, case="R-100"):
    ran = manage("cases", "log", case, *words)
    assert (ran.code, ran.out) == (2, "")
    return ran.err.strip()


def test_a_case_is_shown_whole_under_each_of_its_names(asked):
    one = shown(asked)
    assert one.keys() >= KEYS
    assert (one["patient_mrn"], one["status"], one["reference"]) == ("M1", "submitted", "R-100")
    assert one["items"] == [{"codes": ["96910"], "last": None, "counting": "units", "count": 36}]
    assert (one["history"]["rebuilds"], one["history"]["untold"], len(one["history"]["events"])) == (True, [], 1)
    assert [link["case"] for link in one["chain"]] == [one["case"]]
    for name in (one["case_id"], one["case"], one["case"].lower(), "r100"):
        assert shown(asked, name)["case_id"] == one["case_id"]
    plain = asked("cases", "show", "R-100")
    assert plain.code == 0
    assert plain.out.startswith(f"{one['case']}  MRN M1  Aetna (CVS Health)  R-100\n  Initial: Submitted")


def test_a_call_is_logged_once_with_what_comes_next(asked):
    key = str(uuid4())
    words = ("--kind", "call", "--person", "Dana", "--reference", "C-77", "--hold", "12", "--key", key,
             "--outcome", "still_pending", "--next", "Call again", "--next-on", "2026-03-09",
             "--started", "2026-03-02T09:30-05:00")  # fmt: skip
    first, again = logged(asked, *words), logged(asked, *words)
    assert (first["new"], again["new"], first["entry"]) == (True, False, key)
    one = shown(asked)
    (entry,) = one["entries"]
    told = {name: entry[name] for name in ("kind", "person", "reference", "hold_minutes", "outcome", "started_at")}
    assert told == {
        "kind": "call", "person": "Dana", "reference": "C-77", "hold_minutes": 12, "outcome": "still_pending",
        "started_at": "2026-03-02T14:30:00+00:00",
    }  # fmt: skip
    assert (one["next_action"], one["next_action_on"]) == ("Call again", "2026-03-09")


def test_an_approval_is_logged_with_what_was_cut(asked):
    words = ("--decision", "approved", "--number", "PA-9", "--codes", "96910:12", "--begins", "2026-03-01",
             "--ends", "2026-08-31", "--decided-on", "2026-02-20")  # fmt: skip
    done = logged(asked, *words)
    assert (done["status"], done["verbal"], done["new"]) == ("partly_approved", False, True)
    one = shown(asked, "PA-9")
    (line,) = one["requested"]
    assert (line["line"], line["outcome"]) == ("96910", "cut")
    units = next(each for each in line["aspects"] if each["aspect"] == "units")
    assert (units["asked"], units["granted"]) == (36, 12)
    assert one["history"]["rebuilds"]
    assert [event["via"] for event in one["history"]["events"]] == ["command", "command"]


def test_a_spoken_yes_is_one_until_its_number_comes(asked):
    said = logged(asked, "--decision", "verbal", "--person", "Dana", "--begins", "2026-03-01", "--ends", "2026-08-31")
    assert (said["status"], said["verbal"]) == ("approved", True)
    assert "verbal" in shown(asked)["tags"]
    number = logged(asked, "--decision", "approved", "--number", "PA-9")
    assert (number["status"], number["verbal"]) == ("approved", False)


def test_a_denial_keeps_the_payers_words(asked):
    done = logged(asked, "--decision", "denied", "--reason", "Not medically necessary", "--code", "50")
    assert done["status"] == "denied"
    assert shown(asked)["denial_reason"] == "Not medically necessary"


GIVEN = ("--decision", "approved", "--number", "PA-9")
REFUSED = {
    ("--kind", "call"): "A call needs whom you spoke to or its reference: --person NAME, --reference R.",
    ("--kind", "note"): "A note needs its words: --words TEXT.",
    (): "Say what to log: either --kind call|portal|fax|note, or --decision with what the payer answered.",
    GIVEN[:2]: "An approval needs the payer's --number or --authorization-reference; else it is `verbal`.",
    (*GIVEN[:3], "TBD"): "--number must be the one that the payer gave; 'TBD' is none.",
    ("--decision", "dismissed"): "A dismissal needs --why: duplicate, wrong_payer, outside_window.",
    (*GIVEN, "--begins", "2026-03-02", "--ends", "2026-03-01"): (
        "--ends 2026-03-01 lies before --begins 2026-03-02. Give the earlier day first."
    ),
    (*GIVEN, "--version", "7"): (
        "Somebody changed the case meanwhile; it is at version 1 now. Look at it, and log again."
    ),
    (*GIVEN, "--decided-on", "2026-01-31"): "Decided on must be the same as or after the day it was sent, 02/01/2026.",
    (*GIVEN, "--decided-on", "2026-13-31"): "'2026-13-31' is not a date; write it as 2026-12-01 or 12/01/2026.",
}


def test_what_cannot_be_logged_is_refused_with_a_sentence(asked):
    for words, sentence in REFUSED.items():
        assert sentence in refused(asked, *words)
    assert shown(asked)["version"] == 1


def test_a_withdrawn_request_takes_no_decision_and_a_strange_name_no_case(asked):
    logged(asked, "--decision", "withdrawn")
    said = refused(asked, "--decision", "approved", "--number", "PA-9")
    assert said == (
        "This case is withdrawn; it cannot become approved. Start a new request, or correct the step that was wrong."
    )
    for name in ("A-FFFFFF", "R-999", str(make.an_id(9))):
        ran = asked("cases", "show", name)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith(f"No case is called '{name}'.")
