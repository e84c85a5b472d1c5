"""An old log of two hundred rows as it really looks: mixed dates, words of all kinds, made-up numbers."""

import re

from app.authorizations import store as authorizations
from app.authorizations.facts import Counting, Status
from app.patients import store as patients
from tests.support import make
from tests.web.imports.support import csv_of, tallies

ANSWERS = (
    "Approved",
    "Appr",
    "Pend",
    "DENIED",
    "No PA needed",
    "Expired",
    "In review",
    "Partial",
    "Need more info",
    "Canceled",
)
DATES = ("3/4/26", "03/04/2026", "2026-03-04", "3/4/2026")
COUNTS = ("36", "36 visits", "12.0", "")
BROKEN = {
    17: ("PA Status", "on file", "Status: found on file. The row must say which answer the payer gave"),
    41: ("Expires", "Dec 5, 2026", "End date: found Dec 5, 2026. Use month/day/year (3/9/2026) or 2026-03-09."),
    63: ("Expires", "ongoing", "Where the approval has no end, leave this cell empty and write yes in no_end."),
    88: ("CPT", "96910 x 36", "For 36 of 96910 write 96910:36."),
    111: ("PA Status", "approved thru 12/31", "Where the payer's answer is approved, write that word alone."),
    140: ("Chart #", "", "MRN: found nothing. Write the patient's record number."),
    166: ("Visits", "3x/week", "Units: found 3x/week. Write a whole number from 1 to 100000."),
    193: ("Carrier", "cash", "An authorization comes from a payer; write which one."),
}


def log():
    """Make the log."""
    rows = []
    for number in range(200):
        answer = ANSWERS[number % 10]
        row = {
            "Chart #": f"C{number:04}", "Pt Last": f"Logged{number:03}", "Pt First": "Ana", "DOB": "7/8/61",
            "Carrier": ("Aetna", "Cigna", "Nowhere Mutual")[number % 3], "PA Status": answer, "CPT": "96910; 96912",
            "Visits": COUNTS[number % 4], "Auth #": ("verbal", "TBD", f"PA{5000 + number}")[number % 3],
            "From": DATES[number % 4], "Expires": "9/4/26" if answer != "Pend" else "", "Comments": "spoke w/ rep",
        }  # fmt: skip
        if number in BROKEN:
            column, text, _told = BROKEN[number]
            row[column] = text
        rows.append(row)
    return rows


def test_a_log_of_two_hundred_rows_is_taken_and_every_other_row_is_explained(files, desk):
    address = files.begun(csv_of(log()), "PA log 2026.csv")
    page = files.page(address)
    assert tallies(page) == (200 - len(BROKEN), 0, 0, len(BROKEN))
    for _column, _text, told in BROKEN.values():
        assert told in page
    without = "an approval without the payer's number or a reference clears no visit; add one. The same holds for rows "
    assert page.count(without) == 1
    assert "Nowhere Mutual" in page
    files.post(address, "/confirm")
    done = files.page(address)
    assert tallies(done) == (192, 0, 0, 8)
    desk.session.rollback()
    ids = list(patients.for_judging(desk.session, make.PRACTICE_ID))
    kept = [one for found in authorizations.records_of(desk.session, make.PRACTICE_ID, ids).values() for one in found]
    assert len(kept) == 192
    assert {one.status for one in kept} == {
        Status.APPROVED, Status.SUBMITTED, Status.DENIED, Status.NOT_REQUIRED, Status.PARTLY_APPROVED,
        Status.MORE_INFO, Status.WITHDRAWN,
    }  # fmt: skip
    assert not [one for one in kept if one.number and not re.fullmatch(r"PA\d+", one.number)]
    assert {item.counting for one in kept for item in one.items} == {Counting.UNITS, Counting.VISITS, Counting.UNKNOWN}
    again = files.begun(csv_of(log()), "PA log 2026.csv")
    assert tallies(files.page(again)) == (0, 0, 192, 8)
