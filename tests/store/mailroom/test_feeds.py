"""Files of appointments and patients that come by the mailroom go into the schedule."""

from datetime import date

from app.mailroom.actions.receiving import receive
from app.mailroom.facts import Via
from app.patients import store as patients
from app.practice.store import practice
from app.schedule import store as schedule
from app.schedule.facts import VisitStatus
from tests.support import make

MESSAGE = (
    "MSH|^~\\&|PM|D|C|D|{sent}||SIU^{event}|{control}|P|2.5.1\r"
    "SCH|A1|F1\rTQ1|1||||||{start}\rPID|1||{mrn}^^^D^MR||Smith^Ann||19600102\rRGS|1\rAIS|1||96910\rAIL|1||Main\r"
)
MERGE = "MSH|^~\\&|PM|D|C|D|20260301090000-0500||ADT^A40|C9|P|2.5.1\rEVN|A40\rPID|1||M2||Smith^Ann||19600102\rMRG|M1\r"


def siu(control, event, start, minute, mrn="M1"):
    sent = f"202603010800{minute:02}-0500"
    return MESSAGE.format(control=control, event=event, start=start, sent=sent, mrn=mrn)


def test_a_file_of_messages_moves_the_visit_and_an_older_one_undoes_nothing(caller):
    practice.add_site(caller.session, caller.practice_id, make.site(1, "Main"))
    caller.session.commit()
    later = siu("C1", "S12", "20260309143000", 1) + siu("C3", "S13", "20260311090000", 3)
    report = receive(caller, later.encode(), "feed.hl7", Via.FOLDER)
    assert (report.fault, report.matched, report.unmatched) == (None, 2, 0)
    receive(caller, siu("C2", "S26", "20260310090000", 2).encode(), "late.hl7", Via.FOLDER)
    visit = schedule.visit_by_reference(caller.session, caller.practice_id, "A1")
    assert (visit.day, visit.status) == (date(2026, 3, 11), VisitStatus.BOOKED)
    assert receive(caller, MERGE.encode(), "merge.hl7", Via.FOLDER).matched == 1
    assert receive(caller, siu("C4", "S15", "", 4).encode(), "cancel.hl7", Via.FOLDER).matched == 1
    visit = schedule.visit_by_reference(caller.session, caller.practice_id, "A1")
    found = patients.by_mrns(caller.session, caller.practice_id, ["M1", "M2"])
    assert (visit.status, set(found.values())) == (VisitStatus.CANCELED, {visit.patient_id})
