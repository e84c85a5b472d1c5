"""An old log of two hundred rows as it really looks: mixed dates, words of all kinds, made-up numbers."""

import re

from app.authorizations import store as authorizations
from app.authorizations.facts import Counting, Status
from app.patients import store as patients
from tests.support import make
from tests.web.imports.support import BROKEN_LOG, csv_of, log, tallies


def test_a_log_of_two_hundred_rows_is_taken_and_every_other_row_is_explained(files, desk):
    address = files.begun(csv_of(log()), "PA log 2026.csv")
    page = files.page(address)
    assert tallies(page) == (200 - len(BROKEN_LOG), 0, 0, len(BROKEN_LOG))
    for _column, _text, told in BROKEN_LOG.values():
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
