"""Asking payers: who needs it, once a day; sent once whatever crashes; refused, overdue, answered; what comes in."""

import io
import os
from dataclasses import replace
from datetime import timedelta

import pytest

from app.alerts.actions.gathering import deadlines_of_practice
from app.coverage.facts import CheckResult
from app.coverage.store import coverages as coverage_store
from app.deadlines.facts import Reason
from app.eligibility.actions import asking, sending
from app.eligibility.actions.asking import ask_for, ask_who_needs_it
from app.eligibility.actions.sending import end_overdue, send_files, take_acknowledgement
from app.eligibility.facts.asking import AskState, NotAsked, Route
from app.eligibility.jobs.asking import ask_payers
from app.eligibility.store import asking as store
from app.gateways.clearinghouse.folder import FolderClearinghouse
from app.gateways.clearinghouse.recording import RecordingClearinghouse
from app.gateways.clearinghouse.settings import ClearinghouseSettings
from app.gateways.facts import Answer, Gateways, Incoming, Outcome
from app.mailroom.actions import incoming
from app.mailroom.jobs.incoming import take_incoming
from app.platform.runs import Ran
from app.standards.x12.eligibility.questions import read_270
from app.standards.x12.reader import transactions
from app.values.records import Outcome as Came
from app.values.records import RecordRef
from tests.support import make
from tests.support.desk import DAY, PAYER, Booking, Desk

REF = RecordRef(make.an_id(77), 1)


@pytest.fixture
def house(caller):
    """A clearinghouse that reaches nobody."""
    house = RecordingClearinghouse()
    caller.session.info["gateways"] = Gateways(clearinghouses={"main": house})
    return house


@pytest.fixture
def desk(caller):
    """A practice with one day of visits, whose payer has an id."""
    desk = Desk(caller).furnish()
    desk.visits = desk.book(*DAY)
    store.save_route(caller.session, caller.practice_id, Route(PAYER, "60054"))
    caller.session.commit()
    return desk


def _asks(caller):
    """Every request on file, by its coverage."""
    ids = [one.coverage_id for one in _all(caller)]
    return store.last_asks(caller.session, caller.practice_id, ids)


def _all(caller):
    traces = [trace for _name, content in _sent(caller) for trace in _traces(content)]
    return list(store.asked_by_trace(caller.session, caller.practice_id, traces).values())


def _sent(caller):
    return caller.session.info["gateways"].clearinghouses["main"].sent


def _traces(content):
    return [
        trace
        for one in transactions(io.BytesIO(content))
        for ask in read_270(one)["requests"]
        for trace in ask["trace"]
    ]


def test_who_needs_it_is_asked_about_in_one_file_that_reads_back_and_only_once(caller, desk, house):
    assert ask_payers(caller).done > 0
    ((name, content),) = house.sent
    requests = [ask for one in transactions(io.BytesIO(content)) for ask in read_270(one)["requests"]]
    # One patient's last answer is old; the others were asked lately.
    assert {ask["subscriber"]["last_name"] for ask in requests} == {"Greene"}
    assert requests[0]["payer"] == {"name": "Acme Health", "id": "60054"}
    assert requests[0]["service_types"] == ["30", "98"]
    assert len(requests[0]["trace"][0]) == 32
    assert "Greene" not in name and name.startswith("270-000000001-")
    (ask,) = _all(caller)
    assert (ask.state, ask.number) == (AskState.SENT, 1)
    assert ask_payers(caller) == Ran()
    assert len(house.sent) == 1


def test_what_a_person_chose_is_asked_about_although_fresh_and_never_twice_a_day(caller, desk, house):
    made = ask_for(caller, desk.visits)
    assert made.asks > 5
    assert {one.why for one in made.cannot} <= {NotAsked.SELF_PAY, NotAsked.NO_COVERAGE}
    again = ask_for(caller, desk.visits)
    assert again.asks == 0
    send_files(caller)
    assert made.asks == len(_all(caller))


def test_without_a_clearinghouse_or_an_id_nothing_is_made_and_it_is_said(caller, desk):
    caller.session.info["gateways"] = Gateways()
    assert ask_payers(caller) == Ran()
    made = ask_for(caller, desk.visits)
    assert made.batches == ()
    assert NotAsked.NO_CLEARINGHOUSE in {one.why for one in made.cannot}


def test_a_name_that_x12_cannot_carry_holds_up_no_other(caller, desk, house):
    desk.book(Booking(14, "Star*Name", "Kim", "stale"))
    made = ask_who_needs_it(caller)
    assert made.asks == 1
    assert NotAsked.NOT_WRITABLE in {one.why for one in made.cannot}


def test_a_crash_between_claim_and_answer_sends_the_same_bytes_under_the_same_number(caller, desk, house, monkeypatch):
    ask_who_needs_it(caller)
    monkeypatch.setattr(sending, "_note", _crash)
    with pytest.raises(KeyboardInterrupt):
        send_files(caller)
    monkeypatch.undo()
    assert send_files(caller) == Ran(), "the claim holds for a while"
    caller.clock.instant += timedelta(minutes=11)
    assert send_files(caller) == Ran(1, 1)
    assert house.sent[0] == house.sent[1]


def _crash(*_):
    """End as a program that is killed."""
    raise KeyboardInterrupt


@pytest.mark.parametrize("outcome", [Outcome.LATER, Outcome.UNCLEAR])
def test_what_may_not_have_arrived_goes_again_as_it_was(caller, desk, house, outcome):
    house.answers.append(Answer(outcome, code="no-answer"))
    ask_payers(caller)
    (ask,) = _all(caller)
    assert ask.state is AskState.MADE
    caller.clock.instant += timedelta(minutes=11)
    ask_payers(caller)
    assert house.sent[0] == house.sent[1] and len(house.sent) == 2
    assert _all(caller)[0].state is AskState.SENT


def test_a_file_that_is_refused_was_not_asked_and_its_number_is_never_used_again(caller, desk, house):
    house.answers.append(Answer(Outcome.REFUSED, code="http-401"))
    ask_payers(caller)
    (ask,) = _all(caller)
    assert ask.state is AskState.REFUSED
    assert ask_payers(caller) == Ran(), "not again on the same day"
    caller.clock.instant += timedelta(days=1)
    desk.book(*DAY[6:7])
    ask_for(caller, desk.visits)
    send_files(caller)
    assert house.sent[-1][0].startswith("270-000000002-")


def test_no_answer_in_a_day_is_overdue_and_asked_again_while_the_visit_is_ahead(caller, desk, house):
    ahead = desk.book(Booking(9, "Ahead", "Kim", "stale", day=make.NOW.date() + timedelta(days=7)))
    assert ahead
    ask_payers(caller)
    before = {one.coverage_id for one in _all(caller)}
    assert end_overdue(caller) == 0
    caller.clock.instant += timedelta(hours=25)
    assert ask_payers(caller).done >= 2
    states = {one.coverage_id: one.state for one in _all(caller)}
    assert AskState.OVERDUE in states.values() or AskState.SENT in states.values()
    assert len(house.sent) == 2
    assert set(_asks(caller)) == before
    assert sorted(one.state for one in _asks(caller).values()) == [AskState.OVERDUE, AskState.SENT]


def _receipt(control, status="R", sets=()):
    told = [{"control_number": f"{number:04}", "status": "R", "errors": []} for number in sets]
    group = {"functional": "HS", "control_number": str(control), "version": "005010X279A1"}
    return {"kind": "x12.999", "content": {"group": group, "group_status": status, "sets": told}}


def test_a_999_that_refuses_the_group_refuses_every_request_once(caller, desk, house):
    ask_payers(caller)
    assert take_acknowledgement(caller, _receipt(1), REF).outcome is Came.MATCHED
    assert _all(caller)[0].state is AskState.REFUSED
    assert take_acknowledgement(caller, _receipt(1), REF).outcome is Came.ALREADY


def test_a_999_that_refuses_some_sets_refuses_those_requests(caller, desk, house):
    ask_for(caller, desk.visits)
    send_files(caller)
    assert take_acknowledgement(caller, _receipt(1, "P", (2, 3)), REF).outcome is Came.MATCHED
    refused = [one.number for one in _all(caller) if one.state is AskState.REFUSED]
    assert sorted(refused) == [2, 3]
    assert take_acknowledgement(caller, _receipt(1, "P", (2, 3)), REF).outcome is Came.ALREADY


def test_receipts_of_others_and_good_ones_change_nothing(caller, desk, house):
    ask_payers(caller)
    assert take_acknowledgement(caller, _receipt(9), REF).outcome is Came.UNMATCHED
    assert take_acknowledgement(caller, _receipt(1, "A"), REF).outcome is Came.NOTED
    other = {"kind": "x12.999", "content": {"group": {"functional": "HC", "control_number": "1"}, "group_status": "R"}}
    assert take_acknowledgement(caller, other, REF).outcome is Came.UNMATCHED
    bad = {"kind": "x12.ta1", "content": {"acknowledged": "000000001", "status": "R"}}
    assert _all(caller)[0].state is AskState.SENT
    assert take_acknowledgement(caller, bad, REF).outcome is Came.MATCHED
    assert _all(caller)[0].state is AskState.REFUSED


def test_a_refusal_after_an_answer_contradicts_and_changes_nothing(caller, desk, house):
    ask_payers(caller)
    (ask,) = _all(caller)
    assert store.note_answered(caller.session, caller.practice_id, ask.id, caller.clock.now())
    assert not store.note_answered(caller.session, caller.practice_id, ask.id, caller.clock.now())
    caller.session.commit()
    assert take_acknowledgement(caller, _receipt(1), REF).outcome is Came.CONTRADICTING
    assert _all(caller)[0].state is AskState.ANSWERED


def _answer(asked, eb="EB*6**30"):
    """A 271 that answers one request of ours by its trace."""
    who = asked["subscriber"]
    inside = [
        "BHT*0022*11*1-1*20260302*1000",
        "HL*1**20*1",
        "NM1*PR*2*ACME HEALTH*****PI*60054",
        "HL*2*1*21*1",
        "NM1*1P*2*EXAMPLE DERMATOLOGY*****XX*1003000134",
        "HL*3*2*22*0",
        f"TRN*2*{asked['trace'][0]}*9003000134",
        f"NM1*IL*1*{who['last_name']}*{who['first_name']}****MI*{who['member_id']}",
        f"DMG*D8*{who['birth_date'].replace('-', '')}",
        "DTP*291*D8*20260302",
        eb,
    ]
    envelope = [
        "ISA*00*          *00*          *ZZ*HOUSE          *ZZ*CLINIC         *260302*1000*^*00501*000000077*0*P*:",
        "GS*HB*HOUSE*CLINIC*20260302*1000*77*X*005010X279A1",
        "ST*271*0001*005010X279A1",
        *inside,
        f"SE*{len(inside) + 2}*0001",
        "GE*1*77",
        "IEA*1*000000077",
    ]
    return "".join(f"{segment}~" for segment in envelope).encode()


def test_an_inactive_answer_of_the_folder_ends_its_request_and_is_written_on_the_coverage(caller, desk, house):
    ask_payers(caller)
    ((_name, content),) = house.sent
    (asked,) = (ask for one in transactions(io.BytesIO(content)) for ask in read_270(one)["requests"])
    house.incoming.append(Incoming("answer.x12", _answer(asked)))
    assert take_incoming(caller) == Ran(3, 3), "taken, and its 999 made and sent"
    assert house.settled == [("answer.x12", None)]
    (ask,) = _all(caller)
    assert ask.state is AskState.ANSWERED
    (coverage,) = coverage_store.of_patients(caller.session, caller.practice_id, [ask.patient_id])[ask.patient_id]
    assert (coverage.result, coverage.checked_on) == (CheckResult.INACTIVE, make.NOW.date())
    house.incoming.append(Incoming("again.x12", _answer(asked)))
    take_incoming(caller)
    assert _all(caller)[0] == ask, "the same answer again does nothing"


def test_an_answer_at_once_is_kept_until_the_room_of_documents_has_it(caller, desk, house):
    house.one_at_a_time = True
    house.answers.append(Answer(Outcome.ACCEPTED, "x", content=b"not an X12 file"))
    ask_payers(caller)
    assert [one.content for one in sending.replies_waiting(caller).values()] == [b"not an X12 file"]
    assert take_incoming(caller) == Ran(1, 0, 1)
    assert sending.replies_waiting(caller) == {}


def test_files_of_the_incoming_folder_are_taken_once_and_what_cannot_be_read_lies_beside_its_reason(caller, tmp_path):
    for name in ("out", "in"):
        (tmp_path / name).mkdir()
    settings = ClearinghouseSettings("main", "A1", "B2", out=tmp_path / "out", incoming=tmp_path / "in")
    caller.session.info["gateways"] = Gateways(clearinghouses={"main": FolderClearinghouse(settings, caller.clock)})
    path = tmp_path / "in" / "answer.x12"
    path.write_bytes(b"this is no document of the trade")
    assert take_incoming(caller) == Ran(), "it may still grow"
    old = caller.clock.now().timestamp() - 60
    os.utime(path, (old, old))
    assert take_incoming(caller) == Ran(1, 0, 1)
    refused = tmp_path / "in" / "refused"
    assert sorted(one.name for one in refused.iterdir()) == ["answer.x12", "answer.x12.reason.txt"]
    assert take_incoming(caller) == Ran()


def test_requests_are_counted_by_the_days_on_which_they_were_made(caller, desk, house):
    ask_payers(caller)
    today = make.NOW.date()
    assert store.counts_between(caller.session, caller.practice_id, today, today) == {AskState.SENT: 1}
    later = today + timedelta(days=1)
    assert store.counts_between(caller.session, caller.practice_id, later, later) == {}


def test_the_limits_stand_as_they_are_written():
    assert asking.MOST_IN_A_FILE == 500
    assert timedelta(hours=24) == sending.ANSWERED_WITHIN


def test_a_file_that_breaks_its_taking_stays_and_holds_up_no_other(caller, desk, tmp_path, monkeypatch):
    (tmp_path / "in").mkdir()
    settings = ClearinghouseSettings("main", "A1", "B2", out=tmp_path, incoming=tmp_path / "in")
    caller.session.info["gateways"] = Gateways(clearinghouses={"main": FolderClearinghouse(settings, caller.clock)})
    old = caller.clock.now().timestamp() - 60
    for name in ("a.x12", "b.x12"):
        (tmp_path / "in" / name).write_bytes(f"this is no document of the trade: {name}".encode())
        os.utime(tmp_path / "in" / name, (old, old))
    receive = incoming.receive

    def breaks(caller, content, name, via, house):
        if name == "a.x12":
            raise RuntimeError
        return receive(caller, content, name, via, house=house)

    monkeypatch.setattr(incoming, "receive", breaks)
    assert take_incoming(caller) == Ran(2, 0, 2)
    assert [one.name for one in (tmp_path / "in" / "work").iterdir()] == ["a.x12"]
    assert (tmp_path / "in" / "refused" / "b.x12").exists()
    monkeypatch.undo()
    assert take_incoming(caller) == Ran(1, 0, 1)
    assert (tmp_path / "in" / "refused" / "a.x12").exists()


def test_a_file_that_breaks_its_sending_is_told_and_goes_later(caller, desk, house, monkeypatch):
    ask_who_needs_it(caller)

    def breaks(*_):
        raise RuntimeError

    monkeypatch.setattr(sending.store, "content_of", breaks)
    assert send_files(caller) == Ran(1, 0, 1)
    monkeypatch.undo()
    caller.clock.instant += timedelta(minutes=11)
    assert send_files(caller) == Ran(1, 1)


def _told_unanswered(caller):
    """How many patients' plans have not answered, by what the alert of the day says."""
    found = [one for one in deadlines_of_practice(caller) if one.reason is Reason.ELIGIBILITY_UNANSWERED]
    return [one.counts["count"] for one in found]


def test_a_plan_that_has_not_answered_is_told_until_an_answer_comes_by_any_way(caller, desk, house):
    ask_payers(caller)
    assert _told_unanswered(caller) == [], "a plan may take some hours"
    caller.clock.instant += timedelta(hours=5)
    assert _told_unanswered(caller) == [1]
    (ask,) = _all(caller)
    (held,) = coverage_store.on_file(caller.session, caller.practice_id, ask.patient_id)
    by_phone = replace(held, checked_on=make.NOW.date(), result=CheckResult.ACTIVE)
    coverage_store.change_coverages(caller.session, caller.practice_id, [by_phone])
    caller.session.commit()
    assert _told_unanswered(caller) == []


def test_a_refused_request_is_told_at_once_and_says_why(caller, desk, house):
    ask_payers(caller)
    sets = [{"control_number": "0001", "status": "R", "reasons": ["5"]}]
    group = {"functional": "HS", "control_number": "1"}
    document = {"kind": "x12.999", "content": {"group": group, "group_status": "P", "reasons": [], "sets": sets}}
    assert take_acknowledgement(caller, document, REF).outcome is Came.MATCHED
    (ask,) = _all(caller)
    assert (ask.state, ask.code) == (AskState.REFUSED, "set:5")
    assert _told_unanswered(caller) == [1]
