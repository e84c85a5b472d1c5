"""An old authorization log as it really looks: words read alike, and sentences for what no one can be sure of."""

from datetime import date

import pytest

from app.authorizations.facts import Counting, Item, Status
from app.imports.facts import Kind, RowRefusedError
from app.imports.intake.authorizations import read_row
from app.imports.intake.cells import Cells
from app.imports.intake.headers import match

ROW = {"patient_mrn": "M1", "payer": "Aetna", "status": "approved", "codes": "96910:36", "number": "A1"}
PLAIN = "Use month/day/year (3/9/2026) or 2026-03-09."


def read(**cells):
    """Read one row of a log."""
    return read_row(2, Cells(ROW | cells, date(2026, 3, 2)), lambda _name: None).values


def refusal(**cells):
    """Read one row that is refused: the column and the fix."""
    with pytest.raises(RowRefusedError) as caught:
        read(**cells)
    return caught.value.column, caught.value.fix


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("Appr|APPV'D|Auth'd|Authorised|Certified in total|approved in full", Status.APPROVED),
        ("Approved w/ modification|approved (modified)|Partial|approved in part", Status.PARTLY_APPROVED),
        ("Pend|Faxed|Waiting on payer|in review|awaiting response|Sent to payer", Status.SUBMITTED),
        ("Need more info|Additional info needed|records needed|RFI|more info", Status.MORE_INFO),
        ("DENY|Denied in full|not certified|adverse", Status.DENIED),
        ("No PA needed|no auth req'd|Not req'd|NAR|pa not needed", Status.NOT_REQUIRED),
        ("Withdrawn by office|request cancelled|canceled", Status.WITHDRAWN),
    ],
)
def test_the_words_of_old_logs_are_read_alike(words, status):
    for word in words.split("|"):
        assert read(status=word)["status"] is status, word


@pytest.mark.parametrize("word", ["N/A", "closed", "done", "complete", "on file", "ok", "yes", "obtained", ""])
def test_a_word_that_tells_no_answer_of_the_payer_is_refused(word):
    column, fix = refusal(status=word)
    assert column == "status"
    assert fix.startswith("The row must say which answer the payer gave: approved, partly approved, submitted")


@pytest.mark.parametrize(
    ("text", "answer"),
    [("approved thru 12/31", "approved"), ("Approved - 36 visits", "approved"), ("Pending: faxed 3/1", "submitted")],
)
def test_an_answer_with_more_behind_it_is_told_what_belongs_where(text, answer):
    column, fix = refusal(status=text)
    assert column == "status"
    assert fix.startswith(f"Where the payer's answer is {answer}, write that word alone.")


@pytest.mark.parametrize(
    "text",
    ["12-5-2026", "12-05-26", "Dec 5, 2026", "5-Dec-26", "20261205", "12/5", "12.5.2026", "13/04/2026"],
)
def test_a_date_of_another_form_is_refused_with_how_to_write_it(text):
    assert refusal(ends=text) == ("ends", PLAIN)


@pytest.mark.parametrize("text", ["3/4/26", "03/04/2026", "2026-03-04"])
def test_the_three_forms_of_dates_are_taken(text):
    assert read(ends=text)["ends"] == date(2026, 3, 4)


@pytest.mark.parametrize("text", ["ongoing", "Lifetime", "none", "No end"])
def test_an_approval_without_end_is_told_how_to_say_so(text):
    column, fix = refusal(ends=text)
    assert (column, fix) == ("ends", "Where the approval has no end, leave this cell empty and write yes in no_end.")


@pytest.mark.parametrize(
    ("text", "counting"), [("36", Counting.UNITS), ("36.0", Counting.UNITS), ("36 units", Counting.UNITS),
                           ("36 visits", Counting.VISITS), ("36 Visits", Counting.VISITS)],
)  # fmt: skip
def test_a_count_is_read_with_its_word(text, counting):
    assert read(codes="96910", units=text)["items"] == (Item(("96910",), None, counting, 36),)


@pytest.mark.parametrize("text", ["36x", "3x/week", "thirty six", "36/36", "unlimited", "0 visits", "0"])
def test_a_count_that_is_none_is_refused(text):
    assert refusal(codes="96910", units=text)[0] == "units"


@pytest.mark.parametrize("text", ["96910 x 36", "96910 x36", "96910 (36)", "96910 36", "CPT 96910 x 36", "96910=36"])
def test_a_code_with_its_count_is_told_how_to_write_both(text):
    column, fix = refusal(codes=text)
    assert column == "codes"
    assert "For 36 of 96910 write 96910:36." in fix


@pytest.mark.parametrize(
    "text", ["verbal", "see notes", "Approved", "no auth", "NAR", "TBD", "N/A", "0000", "-", "pending"]
)
@pytest.mark.parametrize("column", ["number", "reference"])
def test_a_word_is_never_taken_for_a_number_that_clears_visits(text, column):
    assert column not in read(**{column: text})


LOGS = (
    "MRN,Pt Last,Pt First,DOB,Insurance,CPT,Visits Approved,Auth #,Auth Start,Auth End,Status,Notes",
    "Chart #,Payor,Medication,Prior Auth #,Effective,Expires,PA Status,Spoke With,Call Ref #,Comments",
    "Patient ID,Carrier,Procedure Codes,Qty Approved,Authorization Number,From,Thru,Decision,Date Approved,Follow Up",
    "Acct #,Ins Name,HCPCS,Units,Case #,Start Date,Exp Date,Outcome,Assigned To,Next Step,Due Date,Remarks",
)


@pytest.mark.parametrize("header", LOGS)
def test_the_headers_of_old_logs_are_known_without_a_hand(header):
    names = tuple(header.split(","))
    matched = match(names)
    assert matched.kind is Kind.AUTHORIZATIONS
    assert matched.ignored == ()
    assert len(matched.places) == len(names)
