"""A request by FHIR is sent once, its answer does its work once, and whatever is in doubt is asked for."""

import json
from datetime import timedelta

import pytest

from app.authorizations.actions import StaleAuthorizationError
from app.authorizations.facts import Kind, Status
from app.casework.actions import pas as sending
from app.casework.actions import pas_outcomes as outcomes
from app.casework.facts.pas import PasAct, PasRefusedError, PasState
from app.casework.store import entries as entry_store
from app.casework.store import pas as store
from app.gateways.facts import Answer, Gateways, Outcome
from app.mailroom.actions.pas import (
    PasNotSetUpError,
    follow_up,
    hear_notification,
    inquire_by_pas,
    submit_by_pas,
    subscribe,
)
from app.practice.store import practice as practice_store
from tests.support import make
from tests.support.desk import Desk
from tests.support.pas import bundle, notification, written
from tests.support.pas_cases import CASE, answered, case_of, payers_system, reached, ready_case, said, says

KEY, ASKING, AGAIN = make.an_id(7001), make.an_id(7002), make.an_id(7003)
on_one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what is the same on both databases, since its SQL is: the tests without it run on both."""
UNCLEAR = Answer(Outcome.UNCLEAR, code="no-answer")


@pytest.fixture
def system(caller):
    """The payer's system, with a case on file that is ready to be sent to it."""
    found = payers_system()
    caller.session.info["gateways"] = reached(found)
    ready_case(Desk(caller).furnish())
    return found


def member(caller):
    """The member id of the case."""
    found = case_of(caller)[0].member_id
    assert found is not None
    return found


def submit(caller, key=KEY, version=None):
    """Send the case."""
    return submit_by_pas(caller, CASE, version or case_of(caller)[1], key)


def test_a_request_is_sent_and_its_approval_stands_on_the_case(caller, system):
    system.answers.append(answered(says(KEY, member(caller))))
    came = submit(caller)
    record = case_of(caller)[0]
    assert (came.exchange.state, came.report.matched) == (PasState.ANSWERED, 1)
    assert (record.status, record.number, str(record.ends)) == (Status.APPROVED, "AUTH-77", "2026-08-31")
    assert came.exchange.answer is None
    assert came.exchange.document_id == came.report.document_id
    claim = json.loads(system.submitted[0])["entry"][0]["resource"]
    assert claim["item"][0]["productOrService"]["coding"][0]["code"] == "96910"
    assert claim["item"][0]["quantity"]["value"] == 36
    assert claim["identifier"][0]["value"] == KEY.hex.upper()


def test_a_form_that_is_sent_twice_goes_once(caller, system):
    system.answers.append(answered(says(KEY, member(caller), "A4")))
    version = case_of(caller)[1]
    submit(caller, version=version)
    again = submit_by_pas(caller, CASE, version, KEY)
    assert len(system.submitted) == 1
    assert again.exchange.state is PasState.ANSWERED


@on_one_database
def test_a_pended_request_is_asked_for_and_told_of_and_each_has_one_effect(caller, system):
    system.answers.append(answered(says(KEY, member(caller), "A4")))
    submit(caller)
    assert case_of(caller)[0].status in (Status.SUBMITTED, Status.MORE_INFO)
    still = written(notification(said(KEY, member(caller), "A4")))
    assert hear_notification(caller.session, caller.clock, "main", still)
    assert case_of(caller)[0].status in (Status.SUBMITTED, Status.MORE_INFO)
    decided = written(notification(said(KEY, member(caller))))
    for _ in range(2):
        assert hear_notification(caller.session, caller.clock, "main", decided)
    assert case_of(caller)[0].status is Status.APPROVED
    version = case_of(caller)[1]
    hear_notification(caller.session, caller.clock, "main", decided + b"\n")
    assert case_of(caller)[1] == version
    with pytest.raises(PasRefusedError, match="Nothing of this case is pending"):
        inquire_by_pas(caller, CASE, ASKING)
    assert system.inquired == []


@on_one_database
def test_a_person_asks_and_the_answer_does_its_work(caller, system):
    system.answers += [answered(says(KEY, member(caller), "A4")), answered(says(KEY, member(caller)))]
    submit(caller)
    came = inquire_by_pas(caller, CASE, ASKING)
    assert (came.exchange.act, came.report.matched) == (PasAct.INQUIRE, 1)
    assert case_of(caller)[0].status is Status.APPROVED
    claim = json.loads(system.inquired[0])["entry"][0]["resource"]
    assert claim["identifier"][0]["value"] == KEY.hex.upper()


def test_what_is_in_doubt_is_never_sent_again_and_is_asked_for(caller, system):
    system.answers.append(UNCLEAR)
    came = submit(caller)
    record, version = case_of(caller)
    assert (came.exchange.state, record.status) == (PasState.UNCLEAR, Status.SUBMITTED)
    assert record.next_action == outcomes.ASK_WHETHER
    with pytest.raises(PasRefusedError, match="Ask the payer before you send it again"):
        submit(caller, AGAIN, version)
    system.answers.append(answered(says(KEY, member(caller))))
    inquire_by_pas(caller, CASE, ASKING)
    assert case_of(caller)[0].status is Status.APPROVED
    assert state(caller, KEY) is PasState.ANSWERED
    assert len(system.submitted) == 1


@on_one_database
def test_what_the_payer_does_not_know_is_ready_to_be_sent_again(caller, system):
    system.answers += [UNCLEAR, answered(b'{"resourceType": "Parameters"}'), answered(says(AGAIN, member(caller)))]
    submit(caller)
    inquire_by_pas(caller, CASE, ASKING)
    assert (state(caller, KEY), case_of(caller)[0].status) == (PasState.NOT_SENT, Status.READY)
    submit(caller, AGAIN)
    assert case_of(caller)[0].status is Status.APPROVED


@on_one_database
def test_an_answer_that_says_nothing_leaves_the_doubt(caller, system):
    system.answers += [UNCLEAR, answered(b'{"resourceType": "OperationOutcome"}')]
    submit(caller)
    inquire_by_pas(caller, CASE, ASKING)
    assert (state(caller, KEY), case_of(caller)[0].status) == (PasState.UNCLEAR, Status.SUBMITTED)


@on_one_database
@pytest.mark.parametrize(
    ("answer", "became", "step"),
    [
        (Answer(Outcome.LATER, code="no-connection"), PasState.NOT_SENT, outcomes.SEND_ANEW),
        (Answer(Outcome.REFUSED, code="http-422"), PasState.REFUSED, outcomes.MEND),
    ],
)
def test_what_was_clearly_not_taken_is_ready_again(caller, system, answer, became, step):
    system.answers.append(answer)
    came = submit(caller)
    record = case_of(caller)[0]
    assert (came.exchange.state, record.status, record.next_action) == (became, Status.READY, step)
    assert record.requested_on is None
    told = entry_store.of_cases(caller.session, caller.practice_id, [CASE], 50)
    assert any(one.contact is not None and one.contact.line == outcomes.CHANNEL for one in told)


@on_one_database
def test_a_program_that_ended_while_it_sent_leaves_a_doubt_that_the_job_finds(caller, system):
    sending.claim_submit(caller, CASE, case_of(caller)[1], KEY)
    follow_up(caller)
    assert state(caller, KEY) is PasState.SENDING
    with pytest.raises(PasRefusedError, match="on its way"):
        inquire_by_pas(caller, CASE, ASKING)
    caller.clock.instant += timedelta(minutes=4)
    for _ in range(2):
        follow_up(caller)
    assert state(caller, KEY) is PasState.UNCLEAR
    assert case_of(caller)[0].next_action == outcomes.ASK_WHETHER
    assert system.submitted == []


def test_an_answer_that_was_written_down_and_not_filed_is_filed_by_the_job(caller, system):
    claimed = sending.claim_submit(caller, CASE, case_of(caller)[1], KEY)
    outcomes.write_down(caller, claimed.exchange.id, answered(says(KEY, member(caller))))
    assert case_of(caller)[0].status is Status.SUBMITTED
    for _ in range(2):
        follow_up(caller)
    assert case_of(caller)[0].status is Status.APPROVED
    exchange = store.exchange(caller.session, caller.practice_id, KEY)
    assert exchange is not None
    assert (exchange.answer, exchange.document_id is None) == (None, False)


@on_one_database
def test_a_request_that_the_payer_did_not_take_up_is_ready_again(caller, system):
    refused = said(KEY, member(caller))
    refused["entry"][0]["resource"] |= {"outcome": "error", "item": [], "error": [{"code": {"text": "No such plan"}}]}
    system.answers += [answered(written(refused)), answered(says(AGAIN, member(caller)))]
    came = submit(caller)
    assert (came.exchange.state, came.exchange.code) == (PasState.REFUSED, "rejected")
    assert (case_of(caller)[0].status, case_of(caller)[0].next_action) == (Status.READY, outcomes.MEND)
    submit(caller, AGAIN)
    assert case_of(caller)[0].status is Status.APPROVED


@on_one_database
def test_an_answer_about_somebody_else_changes_nothing(caller, system):
    system.answers.append(answered(says(KEY, "X99999999", last="Moreau")))
    came = submit(caller)
    assert (came.report.unmatched, case_of(caller)[0].status) == (1, Status.SUBMITTED)


@on_one_database
@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"kind": Kind.APPEAL}, "An appeal does not go by FHIR"),
        ({"member_id": None}, "no member ID"),
        ({"requested": (), "items": ()}, "names no service"),
        ({"status": Status.SUBMITTED, "raw_status": "submitted"}, "has gone to the payer already"),
    ],
)
def test_what_may_not_go_is_refused_with_its_reason(caller, changed, words):
    system = payers_system()
    caller.session.info["gateways"] = reached(system)
    ready_case(Desk(caller).furnish(), **changed)
    with pytest.raises(PasRefusedError, match=words):
        submit(caller)
    assert system.submitted == []
    assert store.exchange(caller.session, caller.practice_id, KEY) is None


@on_one_database
def test_a_case_that_somebody_changed_is_not_sent(caller, system):
    with pytest.raises(StaleAuthorizationError):
        submit(caller, version=case_of(caller)[1] + 1)
    assert system.submitted == []


@on_one_database
def test_a_practice_that_came_from_a_backup_sends_nothing(caller, system):
    practice_store.hold_restored(caller.session, caller.practice_id, make.NOW)
    caller.session.commit()
    with pytest.raises(PasRefusedError, match="came from a backup"):
        submit(caller)


@on_one_database
def test_without_settings_nothing_can_be_sent_and_the_page_says_nothing(caller, system):
    caller.session.info["gateways"] = Gateways()
    assert sending.read_standing(caller, CASE) is None
    with pytest.raises(PasRefusedError, match="set up for this payer"):
        submit(caller)


@on_one_database
def test_what_is_sent_and_what_comes_back_is_sealed(caller, system):
    system.answers.append(answered(says(KEY, member(caller), "A4")))
    submit(caller)
    raw = caller.session.connection().exec_driver_sql("SELECT request FROM pas_exchange").scalar_one()
    assert b"Dubois" not in bytes(raw)
    assert b"Dubois" in system.submitted[0]


def state(caller, key):
    """How far a message has come."""
    found = store.exchange(caller.session, caller.practice_id, key)
    assert found is not None
    return found.state


@on_one_database
def test_a_notification_that_names_nothing_of_ours_is_nobodys_where_there_are_two_practices(caller, system):
    submit_pended(caller, system)
    before = case_of(caller)
    for content in (b'{"a": ', written(notification()), written(bundle(without_trace(said(KEY, "X0"))))):
        assert not hear_notification(caller.session, caller.clock, "main", content)
    assert case_of(caller) == before


@on_one_database
def test_a_notification_that_cannot_be_read_is_kept_and_changes_nothing(caller, system):
    submit_pended(caller, system)
    before = case_of(caller)
    assert hear_notification(caller.session, caller.clock, "main", b'{"a": "%s"' % KEY.hex.upper().encode())
    forged = written(notification(said(KEY, "X99999999", last="Moreau")))
    assert hear_notification(caller.session, caller.clock, "main", forged)
    assert case_of(caller) == before


@on_one_database
def test_a_payers_system_is_asked_to_tell_us_once_it_is_set_up(caller, system):
    with pytest.raises(PasNotSetUpError, match="PUBLIC_BASE_URL"):
        subscribe(caller, "main")
    caller.session.info["gateways"] = Gateways(base_url="https://cleared.example", pas={"main": system})
    system.answers.append(Answer(Outcome.ACCEPTED))
    assert subscribe(caller, "main").outcome is Outcome.ACCEPTED
    assert system.subscribed == ["https://cleared.example"]
    with pytest.raises(PasNotSetUpError, match="No payer's system is called 'other'"):
        subscribe(caller, "other")


def submit_pended(caller, system):
    """Send the case; the payer pends it."""
    system.answers.append(answered(says(KEY, member(caller), "A4")))
    submit(caller)


def without_trace(document):
    """The ClaimResponse of a bundle, under a number that is not ours."""
    return {**document["entry"][0]["resource"], "identifier": [{"value": "NOT-OURS"}]}
