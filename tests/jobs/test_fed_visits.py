"""Visits that a feed moves or cancels are judged anew in the same transaction."""

from datetime import date

import pytest

from app.clearance.store import verdicts
from app.imports.actions.feeds import take_appointment, take_person
from app.values.records import Outcome, RecordRef
from app.web.wiring import wire
from tests.support import make
from tests.support.desk import Booking, Desk

REF = RecordRef(make.an_id(900), 1)
PATIENT = {"mrn": "M00001", "last_name": "Bauer", "first_name": "Otto", "birth_date": "1980-05-17"}


def told(action, start, minute):
    about = {"sent_at": f"2026-03-01T08:{minute:02}:00-05:00", "transaction": f"C{minute}"}
    visit = {"appointment_id": "V20001", "action": action, "starts_at": start, "patient": PATIENT, "services": []}
    return visit, REF, about


def shown(caller, visit_id):
    """The stored badge of a visit and the day that it was judged for; None: it is not judged any more."""
    found = verdicts.stored_of(caller.session, caller.practice_id, [make.an_id(10_001)])
    entry = found.get(make.an_id(10_001), {}).get(visit_id)
    return None if entry is None else entry.badge


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_moved_visit_is_judged_by_its_new_day_and_a_canceled_one_no_more(caller):
    wire()
    desk = Desk(caller).furnish()
    (visit_id,) = desk.book(Booking(9, "Bauer", "Otto", "approved", day=date(2026, 3, 5)))
    desk.judge()
    assert shown(caller, visit_id) == "cleared"
    late = told("move", "2026-07-20T09:00:00-04:00", 1)  # behind the end of the approval
    assert take_appointment(caller, *late).outcome is Outcome.MATCHED
    assert shown(caller, visit_id) != "cleared"
    assert take_appointment(caller, *told("move", "2026-03-05T09:00:00-05:00", 2)).outcome is Outcome.MATCHED
    assert shown(caller, visit_id) == "cleared"
    other = {"payer": "Other Plan", "member_id": "X1"}
    adt = {"event": "A08", "patient": PATIENT, "merged_mrn": None, "coverages": [other]}
    assert take_person(caller, adt, REF).outcome is Outcome.MATCHED
    assert shown(caller, visit_id) != "cleared"
    assert take_appointment(caller, *told("cancel", None, 3)).outcome is Outcome.MATCHED
    assert shown(caller, visit_id) is None
