"""Appointments and patients of feeds go into the schedule: moved, canceled, merged, in any order of their messages."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from app.authorizations import store as authorizations
from app.coverage.store import coverages
from app.imports.actions.feeds import take_appointment, take_person
from app.patients import store as patients
from app.platform.wall import of_practice
from app.practice.store import practice
from app.schedule import store as schedule
from app.schedule.facts import VisitStatus
from app.standards.hl7v2.reading import read_messages
from app.values.records import Outcome, RecordRef
from tests.store.imports.support import COVERAGE, LOG, VISIT, bring, state
from tests.support import make

on_one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What is decided is decided without SQL; what both databases must do is tried on both."""
REF = RecordRef(make.an_id(900), 1)
PATIENT = {"mrn": "M1", "last_name": "Smith", "first_name": "Ann", "birth_date": "1960-01-02"}
NEW = {
    "event": "S12",
    "action": "new",
    "appointment_id": "A1",
    "filler_id": None,
    "starts_at": "2026-03-09T14:30:00-05:00",
    "minutes": 30,
    "status": "Booked",
    "locations": ["Main"],
    "patient": PATIENT,
    "provider": {"npi": make.NPI, "name": "Ngozi Okafor"},
    "location": "Main",
    "services": [{"code": "96910", "diagnoses": ["L40.0"]}],
    "reason": None,
}
MOVE = NEW | {"event": "S13", "action": "move", "starts_at": "2026-03-10T09:00:00-05:00"}
CANCEL = NEW | {"event": "S15", "action": "cancel", "status": "Cancelled", "services": []}


def sent(minute, control=None):
    return {"sent_at": f"2026-03-01T08:{minute:02}:00-05:00", "transaction": control or f"C{minute}"}


def take(caller, appointment, minute=0, **options):
    return take_appointment(caller, appointment, REF, sent(minute), **options)


def adt(event="A08", merged=None, coverage=(), minute=0, **person):
    patient = PATIENT | {"sex": None} | person
    return {"event": event, "patient": patient, "merged_mrn": merged, "coverages": list(coverage), **sent(minute)}


def blue(payer="Aetna", member="W123", **values):
    return {"payer": payer, "member_id": member, "group_number": None, "begins": None, "ends": None} | values


def visit(caller, reference="A1"):
    found = schedule.records(caller.session, caller.practice_id, [reference])
    return found[reference].visit if found else None


def patient(caller, mrn="M1"):
    patient_id = patients.by_mrn(caller.session, caller.practice_id, mrn)
    return None if patient_id is None else patients.seen(caller.session, caller.practice_id, [patient_id])[patient_id]


def covered(caller, mrn="M1"):
    found = coverages.records_of(caller.session, caller.practice_id, [patient(caller, mrn).id])
    return found.get(patient(caller, mrn).id, [])


def test_a_new_appointment_makes_visit_patient_site_and_provider(caller):
    filed = take(caller, NEW)
    made = visit(caller)
    assert (filed.outcome, filed.subject_id, filed.patient_id) == (Outcome.MATCHED, made.id, patient(caller).id)
    assert (made.starts_at, made.day) == (datetime(2026, 3, 9, 19, 30, tzinfo=UTC), date(2026, 3, 9))
    (line,) = made.lines
    assert (line.code, line.diagnoses, line.provider_npi) == ("96910", ("L40.0",), make.NPI)
    (site,) = practice.sites(caller.session, caller.practice_id)
    (provider,) = practice.providers(caller.session, caller.practice_id)
    assert (site.name, site.unreviewed) == ("Main", True)
    assert (provider.npi, provider.name, provider.unreviewed) == (make.NPI, "Ngozi Okafor", True)


def test_a_moved_visit_keeps_its_identity(caller):
    first = take(caller, NEW)
    assert take(caller, MOVE, 1) == first
    moved = visit(caller)
    assert (moved.id, moved.day, moved.version) == (first.subject_id, date(2026, 3, 10), 2)


STANDS = (
    ({"action": "cancel"}, VisitStatus.CANCELED),
    ({"action": "change", "status": None}, VisitStatus.CANCELED),
    ({"action": "move"}, VisitStatus.BOOKED),
    ({"action": "no_show"}, VisitStatus.NO_SHOW),
    ({"action": "change", "status": "Complete"}, VisitStatus.DONE),
    ({"action": "delete"}, VisitStatus.CANCELED),
    ({"action": None, "status": "noshow"}, VisitStatus.NO_SHOW),
)


@on_one_database
def test_a_message_says_where_a_visit_stands(caller):
    take(caller, NEW)
    for minute, (change, status) in enumerate(STANDS, start=1):
        take(caller, NEW | change, minute)
        assert visit(caller).status is status


@on_one_database
def test_what_a_message_does_not_mention_stays(caller):
    take(caller, NEW)
    before = visit(caller)
    bare = {"action": "change", "appointment_id": "A1", "patient": {}, "services": [], "locations": []}
    assert take(caller, bare | {"starts_at": "2026-03-09T15:00:00-05:00"}, 1).outcome is Outcome.MATCHED
    after = visit(caller)
    assert replace(after, starts_at=before.starts_at, version=before.version) == before


@on_one_database
def test_an_old_message_that_comes_late_undoes_nothing(caller):
    take(caller, NEW)
    take(caller, MOVE, 5)
    late = take(caller, NEW | {"starts_at": "2026-03-12T09:00:00-05:00"}, 3)
    assert (late.outcome, late.why) == (Outcome.NOTED, "superseded")
    assert visit(caller).day == date(2026, 3, 10)


@on_one_database
def test_the_same_message_twice_does_its_work_once(caller):
    take(caller, NEW)
    assert take(caller, NEW).outcome is Outcome.ALREADY
    assert visit(caller).version == 1


MESSAGES = (
    (NEW, 1),
    (MOVE | {"services": [{"code": "96912", "diagnoses": []}], "provider": {"npi": None, "name": "R Gray"}}, 2),
    (CANCEL, 3),
    (NEW | {"action": "change", "patient": PATIENT | {"last_name": "Smith-Jones"}, "status": None}, 4),
)


@pytest.mark.parametrize("order", [(3, 2, 1, 0), (1, 3, 0, 2), (2, 0, 3, 1)])
def test_every_order_of_messages_ends_the_same(caller, order):
    for place in order:
        take(caller, *MESSAGES[place])
    end = visit(caller)
    assert (end.status, end.day) == (VisitStatus.CANCELED, date(2026, 3, 9))
    assert [(line.code, line.provider_npi) for line in end.lines] == [("96910", make.NPI)]
    assert patient(caller).last_name == "Smith-Jones"


@on_one_database
def test_a_cancellation_that_overtakes_the_booking_is_kept(caller):
    bare = {"action": "cancel", "appointment_id": "A1", "patient": {"mrn": "M1"}}
    assert take(caller, bare, 5).outcome is Outcome.UNMATCHED
    assert take(caller, NEW, 1).outcome is Outcome.MATCHED
    assert visit(caller).status is VisitStatus.CANCELED


@on_one_database
def test_a_visit_of_a_file_is_found_by_either_number(caller, tmp_path):
    bring(caller, tmp_path, [VISIT])
    before = visit(caller)
    take(caller, MOVE | {"appointment_id": "P-9", "filler_id": "A1"})
    after = visit(caller)
    assert (after.id, after.day) == (before.id, date(2026, 3, 10))
    take(caller, CANCEL | {"appointment_id": "P-9"}, 1)
    assert visit(caller).status is VisitStatus.CANCELED


WAITING = (
    ({"appointment_id": None}, "no_number"),
    ({"patient": {}}, "no_record_number"),
    ({"patient": {"mrn": "M1", "last_name": "Smith"}}, "unknown_patient"),
    ({"starts_at": None}, "no_start"),
    ({"starts_at": "2026-03-09"}, "no_start"),
    ({"starts_at": "2026-03-08T02:30:00"}, "no_such_time"),
    ({"locations": [], "location": None}, "no_place"),
)


@on_one_database
def test_an_appointment_of_which_no_visit_can_be_made_waits_and_is_completed_by_another_message(caller):
    for number, (change, why) in enumerate(WAITING):
        name = {"appointment_id": f"W{number}"}
        filed = take(caller, NEW | name | change)
        assert (filed.outcome, filed.why) == (Outcome.UNMATCHED, why)
        assert visit(caller, f"W{number}") is None
    assert practice.sites(caller.session, caller.practice_id) == ()
    for number in range(len(WAITING)):
        assert take(caller, NEW | {"appointment_id": f"W{number}"}, 1).outcome is Outcome.MATCHED


@on_one_database
def test_numbers_of_placers_and_fillers_may_overlap(caller):
    take(caller, NEW | {"appointment_id": "7", "filler_id": "8"})
    take(caller, NEW | {"appointment_id": "9", "filler_id": "7"}, 1)
    take(caller, MOVE | {"appointment_id": "9", "filler_id": "7"}, 2)
    assert (visit(caller, "7").day, visit(caller, "9").day) == (date(2026, 3, 9), date(2026, 3, 10))
    assert take(caller, CANCEL | {"appointment_id": None, "filler_id": "9"}, 3).why == "two_appointments"
    both = take(caller, CANCEL | {"appointment_id": "7", "filler_id": "7"}, 4)
    assert (both.outcome, both.why) == (Outcome.CONTRADICTING, "two_appointments")


@on_one_database
def test_an_appointment_that_is_only_wished_for_makes_no_visit(caller):
    wished = NEW | {"action": None, "status": "proposed"}
    assert (take(caller, wished).outcome, visit(caller)) == (Outcome.NOTED, None)


@on_one_database
def test_a_visit_is_not_given_to_another_patient(caller):
    take(caller, NEW)
    other = NEW | {"patient": PATIENT | {"mrn": "M2", "first_name": "Bea"}}
    assert take(caller, other, 1).outcome is Outcome.CONTRADICTING
    assert visit(caller).patient_id == patient(caller).id
    assert patient(caller, "M2") is None


@on_one_database
def test_a_number_that_is_somebody_elses_changes_nothing(caller):
    take(caller, NEW)
    other = PATIENT | {"last_name": "Kowalski", "birth_date": "1999-09-09"}
    filed = take(caller, NEW | {"appointment_id": "A2", "patient": other}, 1)
    assert (filed.outcome, filed.why) == (Outcome.CONTRADICTING, "other_person")
    assert visit(caller, "A2") is None


@on_one_database
def test_a_person_may_say_whom_an_appointment_is_about(caller):
    take(caller, NEW)
    nameless = NEW | {"appointment_id": "A2", "patient": {"mrn": "X9", "last_name": "Smyth"}}
    assert take(caller, nameless, 1).why == "unknown_patient"
    assert take(caller, nameless, 1, patient_id=patient(caller).id).outcome is Outcome.MATCHED
    assert visit(caller, "A2").patient_id == patient(caller).id
    assert patient(caller).last_name == "Smith"


@on_one_database
def test_a_service_that_is_no_code_is_a_visit_type_and_none_at_all_is_not_known(caller):
    take(caller, NEW | {"services": [{"code": "NBUVB", "diagnoses": ["64766004"]}]})
    take(caller, NEW | {"appointment_id": "A2", "services": []}, 1)
    (line,), (other,) = visit(caller).lines, visit(caller, "A2").lines
    assert (line.code, line.visit_type, line.diagnoses) == (None, "NBUVB", ())
    assert (other.code, other.visit_type) == (None, "No service named")


@on_one_database
def test_a_provider_who_is_named_only_is_known_by_the_npi_told_before_and_else_not_known(caller):
    take(caller, NEW)
    take(caller, MOVE | {"provider": {"npi": None, "name": "Ngozi Okafor"}}, 1)
    assert visit(caller).lines[0].provider_npi == make.NPI
    take(caller, MOVE | {"provider": {"npi": None, "name": "Robert Gray"}}, 2)
    assert visit(caller).lines[0].provider_npi == ""


@on_one_database
def test_a_place_on_file_is_found_by_name_or_code_and_two_of_them_wait(caller):
    practice.add_site(caller.session, caller.practice_id, replace(make.site(1, "Main Street"), code="MAIN"))
    practice.add_site(caller.session, caller.practice_id, make.site(2, "North"))
    caller.session.commit()
    assert take(caller, NEW | {"location": "main", "locations": ["main", "Room 2"]}).outcome is Outcome.MATCHED
    assert visit(caller).site_id == make.an_id(1)
    two = NEW | {"appointment_id": "A2", "location": "MAIN", "locations": ["MAIN", "North"]}
    assert take(caller, two, 1).why == "two_places"


@on_one_database
def test_a_patient_message_makes_the_patient_and_coverages_that_nobody_checked(caller):
    second = blue("Cigna", "C-2", group_number="G", begins="2026-01-01", ends="2026-12-31")
    assert take_person(caller, adt(coverage=[blue(), second]), REF).outcome is Outcome.MATCHED
    one, two = sorted(covered(caller), key=lambda each: each.rank)
    assert (one.payer, one.member_id, one.verified, one.result) == ("aetna", "W123", False, None)
    assert (two.group_number, two.begins, two.ends) == ("G", date(2026, 1, 1), date(2026, 12, 31))
    assert take_person(caller, adt(coverage=[blue(), second]), REF).outcome is Outcome.ALREADY
    only_second = adt(mrn="M2", coverage=[blue(payer=None), second])
    assert take_person(caller, only_second, REF).outcome is Outcome.MATCHED
    assert [one.rank for one in covered(caller, "M2")] == ["secondary"]


def test_a_checked_coverage_is_never_overwritten_and_visits_name_what_the_feed_named(caller, tmp_path):
    checked = {**COVERAGE, "result": "active", "checked_on": "2026-03-01"}
    bring(caller, tmp_path, [VISIT], [checked])
    take_person(caller, adt(coverage=[blue("Cigna", "C-2")]), REF)
    (kept,) = covered(caller)
    assert (kept.payer, kept.member_id, kept.verified) == ("aetna", "W123", True)
    (line,) = visit(caller).lines
    assert (line.named_payer, line.named_member is not None) == ("cigna", True)
    take(caller, NEW | {"appointment_id": "A2"}, 1)
    assert visit(caller, "A2").lines[0].named_payer == "cigna"


@on_one_database
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_every_order_of_patient_messages_ends_the_same(caller, order):
    told = (
        adt(minute=1, coverage=[blue(group_number="G1")], last_name="Smith"),
        adt(minute=2, coverage=[blue(member="W9")], last_name="Smith-Jones"),
        adt(minute=3, coverage=[blue("Cigna", None)]),
    )
    for place in order:
        take_person(caller, told[place], REF)
    (kept,) = covered(caller)
    assert (kept.payer, kept.member_id, kept.group_number) == ("cigna", "", None)
    assert patient(caller).last_name == "Smith"


@on_one_database
def test_other_events_and_unknown_people_change_nothing(caller):
    assert take_person(caller, adt("A03"), REF).outcome is Outcome.NOTED
    unknown = take_person(caller, adt(birth_date=None), REF)
    assert (unknown.outcome, unknown.why) == (Outcome.UNMATCHED, "unknown_patient")
    assert patient(caller) is None


TWO = [{**VISIT}, {**VISIT, "visit_id": "B1", "patient_mrn": "M2", "code": "96912"}]


def test_a_merge_gives_everything_to_the_record_that_stays(caller, tmp_path):
    bring(
        caller,
        tmp_path,
        TWO,
        [{**COVERAGE, "result": "active"}, {**COVERAGE, "patient_mrn": "M2", "rank": "secondary"}],
        [{**LOG, "patient_mrn": "M2", "number": "A2"}],
    )
    gone = patient(caller, "M2")
    filed = take_person(caller, adt("A40", "M2"), REF)
    stays = patient(caller)
    assert (filed.outcome, filed.patient_id, filed.subject_id) == (Outcome.MATCHED, stays.id, gone.id)
    assert patients.count(caller.session, caller.practice_id) == 1
    assert patient(caller, "M2") == stays
    assert {visit(caller).patient_id, visit(caller, "B1").patient_id} == {stays.id}
    assert sorted(one.rank for one in covered(caller)) == ["primary", "secondary"]
    (approval,) = authorizations.records_of(caller.session, caller.practice_id, [stays.id])[stays.id]
    assert approval.number == "A2"
    assert take_person(caller, adt("A40", "M2"), REF).outcome is Outcome.ALREADY


def test_messages_and_files_under_the_old_number_find_the_record_that_stays(caller, tmp_path):
    bring(caller, tmp_path, TWO)
    take_person(caller, adt("A40", "M2"), REF)
    assert (
        take(caller, NEW | {"appointment_id": "C1", "patient": PATIENT | {"mrn": "M2"}}, 1).outcome is Outcome.MATCHED
    )
    (report,) = bring(caller, tmp_path, [TWO[1], {**VISIT, "visit_id": "D1"}, {**TWO[1], "visit_id": "E1"}])
    assert report.refused == []
    assert {visit(caller, name).patient_id for name in ("A1", "B1", "C1", "D1", "E1")} == {patient(caller).id}
    assert patients.count(caller.session, caller.practice_id) == 1


@on_one_database
@pytest.mark.parametrize(
    "change", [{"birth_date": "1961-01-02"}, {"patient_last": "Kowalski"}, {"patient_first": "Bea"}]
)
def test_records_that_are_not_alike_are_left_for_a_person(caller, tmp_path, change):
    bring(caller, tmp_path, [TWO[0], {**TWO[1], **change}])
    before = state(caller.session)
    filed = take_person(caller, adt("A40", "M2"), REF)
    assert (filed.outcome, filed.why) == (Outcome.CONTRADICTING, "not_alike")
    assert state(caller.session) == before
    wrong = take_person(caller, adt("A40", "M2"), REF, patient_id=patient(caller, "M2").id)
    assert (wrong.outcome, wrong.why) == (Outcome.UNMATCHED, "not_the_one_that_stays")
    forced = take_person(caller, adt("A40", "M2"), REF, patient_id=patient(caller).id)
    assert forced.outcome is Outcome.MATCHED
    assert patients.count(caller.session, caller.practice_id) == 1


@on_one_database
def test_records_that_hold_the_same_approval_are_left_for_a_person(caller, tmp_path):
    bring(caller, tmp_path, TWO, None, [LOG, {**LOG, "patient_mrn": "M2"}])
    assert take_person(caller, adt("A40", "M2"), REF).why == "same_approval"


@on_one_database
def test_of_coverages_that_only_schedules_named_those_of_the_record_that_stays_are_kept(caller, tmp_path):
    named = [{**one, "payer": payer, "member_id": "W1"} for one, payer in zip(TWO, ("Aetna", "Cigna"), strict=True)]
    bring(caller, tmp_path, named)
    assert take_person(caller, adt("A40", "M2"), REF).outcome is Outcome.MATCHED
    assert [(one.payer, one.verified) for one in covered(caller)] == [("aetna", False)]


@on_one_database
def test_a_feed_may_say_that_there_is_no_insurance(caller):
    take_person(caller, adt(coverage=[blue()]), REF)
    take_person(caller, adt(coverage=[blue("Self Pay", None)], minute=1), REF)
    assert (covered(caller), patient(caller).no_coverage_on) == ([], make.NOW.date())
    take_person(caller, adt(coverage=[blue()], minute=2), REF)
    assert ([one.payer for one in covered(caller)], patient(caller).no_coverage_on) == (["aetna"], None)


@pytest.mark.parametrize("later", ["M1", "M2"])
def test_of_a_coverage_that_both_records_hold_the_one_checked_last_is_kept(caller, tmp_path, later):
    days = {"M1": "2026-02-01", "M2": "2026-02-01", later: "2026-03-01"}
    held = [{**COVERAGE, "patient_mrn": mrn, "result": "active", "checked_on": day} for mrn, day in days.items()]
    bring(caller, tmp_path, TWO, held)
    assert take_person(caller, adt("A40", "M2"), REF).outcome is Outcome.MATCHED
    (kept,) = covered(caller)
    assert kept.checked_on == date(2026, 3, 1)


@on_one_database
def test_a_merge_into_a_number_that_is_new_renames_the_record(caller, tmp_path):
    bring(caller, tmp_path, [VISIT])
    before = patient(caller)
    assert take_person(caller, adt("A40", "M1", mrn="M9"), REF).outcome is Outcome.MATCHED
    assert (patient(caller, "M9").id, patient(caller, "M1").id) == (before.id, before.id)
    assert patient(caller).mrn == "M9"


@on_one_database
def test_a_merge_may_come_before_what_it_merges(caller):
    take_person(caller, adt("A40", "M2", minute=5), REF)
    take_person(caller, adt("A28", mrn="M2", minute=1, coverage=[blue()], first_name="Anna"), REF)
    take(caller, NEW | {"patient": PATIENT | {"mrn": "M2"}}, 2)
    assert patients.count(caller.session, caller.practice_id) == 1
    assert (patient(caller).first_name, [one.payer for one in covered(caller)]) == ("Ann", ["aetna"])
    assert visit(caller).patient_id == patient(caller).id


@on_one_database
def test_another_practice_is_not_touched(caller, tmp_path):
    take(caller, NEW)
    of_practice(caller.session, caller.practice_id)
    other = replace(caller, practice_id=make.an_id(77))
    assert patients.by_mrn(other.session, other.practice_id, "M1") is None


@on_one_database
def test_messages_as_they_come_do_all_of_it(caller):
    text = (
        "MSH|^~\\&|PM|D|C|D|20260301080000-0500||SIU^{event}|{control}|P|2.5.1\r"
        "SCH|A1|F1\rTQ1|1||||||{start}\rPID|1||M1^^^D^MR||Smith^Ann||19600102\rRGS|1\rAIS|1||96910\r"
        f"AIL|1||Main\rAIP|1||{make.NPI}^Okafor^Ngozi\r"
    )
    for control, event, start in (("1", "S12", "20260309143000"), ("2", "S13", "20260310090000"), ("3", "S26", "")):
        for document in read_messages(text.format(event=event, control=control, start=start).encode()):
            for one in document["appointments"]:
                assert take_appointment(caller, one, REF, document).outcome is Outcome.MATCHED
    end = visit(caller)
    assert (end.status, end.day, end.starts_at.hour) == (VisitStatus.NO_SHOW, date(2026, 3, 10), 13)
