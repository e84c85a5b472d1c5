"""A case by FHIR on its page, and the door for payers' systems: forged, doubled and large messages change nothing."""

import pytest

from app.gateways.facts import Answer, Outcome
from app.mailroom.routes.pas_hook import Pace
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.pas import notification, written
from tests.support.pas_cases import CASE, SECRET, answered, case_of, payers_system, reached, ready_case, said, says
from tests.web.casework.support import fields_of, words_of

AT = f"/cases/{CASE}"
SEND, ASK, HOOK = f"{AT}/pas/send", f"{AT}/pas/ask", "/hooks/pas/main"
PROOF = {"Authorization": f"Bearer {SECRET}"}
KEY, OTHER = make.an_id(7001), make.an_id(7002)


@pytest.fixture
def system(web_app, desk):
    """The payer's system, with a case on file that is ready to be sent to it."""
    found = payers_system()
    web_app.extensions["cleared_gateways"] = reached(found)
    ready_case(desk)
    return found


@pytest.fixture
def pended(system, desk, sign_in):
    """A browser in which the request was sent; the payer has it and has not decided."""
    browser = sign_in(Role.COORDINATOR)
    form = fields_of(browser.get(AT), SEND) | {"key": str(KEY)}
    system.answers.append(answered(says(KEY, member(desk), "A4")))
    assert browser.post(SEND, data=form).status_code == 303
    return browser


def member(desk):
    """The member id of the case."""
    return case_of(desk.caller)[0].member_id


def standing(desk):
    """The state and number of the case now."""
    desk.session.rollback()
    record = case_of(desk.caller)[0]
    return record.status.value, record.number


def test_a_person_sends_a_request_and_asks_where_it_stands(system, desk, pended):
    text = words_of(pended.get(AT))
    assert "Electronic request" in text
    assert "The payer has it." in text
    assert "Send to the payer now" not in text
    asking = fields_of(pended.get(AT), ASK)
    system.answers.append(answered(says(KEY, member(desk))))
    for _ in range(2):
        assert pended.post(ASK, data=asking).status_code == 303
    assert len(system.inquired) == 1
    assert standing(desk) == ("approved", "AUTH-77")
    assert "Ask the payer now" not in words_of(pended.get(AT))


def test_what_did_not_get_through_is_sent_again_and_what_is_in_doubt_only_asked_for(system, sign_in):
    browser = sign_in(Role.COORDINATOR)
    form = fields_of(browser.get(AT), SEND)
    stale = browser.post(SEND, data=form | {"version": str(int(form["version"]) + 1)}, follow_redirects=True)
    assert "Somebody changed this case while you were looking at it" in words_of(stale)
    assert browser.post(SEND, data=form | {"key": "x"}).status_code == 404
    assert system.submitted == []
    system.answers.append(Answer(Outcome.LATER, code="no-connection"))
    page = browser.post(SEND, data=form, follow_redirects=True)
    assert "The payer has not got it. Send it again. The payer's system could not be reached." in words_of(page)
    system.answers.append(Answer(Outcome.UNCLEAR, code="no-answer"))
    text = words_of(browser.post(SEND, data=fields_of(page, SEND), follow_redirects=True))
    assert "It is not known whether the payer has it." in text
    assert "Ask the payer now" in text
    assert "Send to the payer now" not in text


def test_what_the_case_lacks_is_said_and_without_settings_the_page_says_nothing(web_app, desk, sign_in):
    ready_case(desk, member_id=None)
    browser = sign_in(Role.COORDINATOR)
    assert "Electronic request" not in words_of(browser.get(AT))
    system = payers_system()
    web_app.extensions["cleared_gateways"] = reached(system)
    page = browser.post(SEND, data=fields_of(browser.get(AT), SEND), follow_redirects=True)
    assert "The case has no member ID" in words_of(page)
    assert system.submitted == []


def test_a_payers_system_tells_and_it_has_one_effect(system, desk, pended, client):
    decided = written(notification(said(KEY, member(desk))))
    for _ in range(2):
        answer = client.post(HOOK, data=decided, headers=PROOF, content_type="application/fhir+json")
        assert (answer.status_code, answer.data) == (202, b"")
    assert standing(desk) == ("approved", "AUTH-77")


REFUSED = (
    (HOOK, {}, "application/json", 401),
    (HOOK, {"Authorization": "Bearer wrong"}, "application/json", 401),
    (HOOK, {"Authorization": SECRET}, "application/json", 401),
    ("/hooks/pas/other", PROOF, "application/json", 401),
    (HOOK, PROOF, "text/plain", 415),
    (HOOK, PROOF, "application/x-www-form-urlencoded", 415),
)


def test_who_does_not_prove_itself_changes_nothing(system, desk, client):
    for address, headers, kind, status in REFUSED:
        answer = client.post(address, data=b"{}", headers=headers, content_type=kind)
        assert (answer.status_code, answer.data) == (status, b"")
    large = client.post(HOOK, data=b"x" * (9 * 2**20), headers=PROOF, content_type="application/json")
    assert large.status_code == 413
    assert client.get(HOOK).status_code in (404, 405)
    assert count(desk, "mail_document") == 0


def test_whoever_tells_too_often_waits(web_clock):
    pace = Pace(2)
    now = web_clock.now()
    assert [pace.allows("a", now) for _ in range(3)] == [True, True, False]
    assert pace.allows("b", now)


def count(desk, table):
    """Count the rows of a table."""
    desk.session.rollback()
    return desk.session.connection().exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()


CHANGE, CANCEL = f"{AT}/pas/change", f"{AT}/pas/cancel"


def test_a_person_changes_a_request_after_seeing_what_will_be_sent(system, desk, pended):
    page = pended.get(CHANGE)
    assert "96910, 36 units, 03/09/2026 to 08/31/2026" in words_of(page)
    form = fields_of(page, CHANGE) | {"key": str(OTHER)}
    assert "Nothing is changed." in words_of(pended.post(CHANGE, data=form))
    assert pended.post(CHANGE, data=form | {"count-1": "none"}).status_code == 422
    shown = pended.post(CHANGE, data=form | {"count-1": "12", "note": "Fewer"})
    assert "96910: 12 units in place of 36." in words_of(shown)
    assert len(system.submitted) == 1
    system.answers.append(answered(says(OTHER, member(desk), "A4")))
    sure = fields_of(shown, CHANGE)
    for _ in range(2):
        assert pended.post(CHANGE, data=sure).status_code == 303
    assert len(system.submitted) == 2
    desk.session.rollback()
    assert case_of(desk.caller)[0].requested[0].count == 12
    text = words_of(pended.get(AT))
    assert "Change sent" in text
    proof = pended.get(f"{AT}/pas/sent/{OTHER}")
    assert "96910, 12 units" in words_of(proof)
    assert "Yes: the bytes are those that left." in words_of(proof)
    assert pended.get(f"{AT}/pas/sent/{make.an_id(999)}").status_code == 404


def test_a_person_cancels_a_request_after_a_page_that_asks(system, desk, pended):
    page = pended.get(CANCEL)
    assert "is asked to cancel the whole request: 96910, 36 units" in words_of(page)
    assert pended.post(CANCEL, data=fields_of(page, CANCEL) | {"note": "x" * 300}).status_code == 422
    system.answers.append(answered(says(OTHER, member(desk), "A4")))
    for _ in range(2):
        assert pended.post(CANCEL, data=fields_of(page, CANCEL) | {"key": str(OTHER)}).status_code == 303
    assert len(system.submitted) == 2
    text = words_of(pended.get(AT))
    assert "The payer has the cancellation." in text
    assert "Send change" not in text
    after = pended.get(CHANGE, follow_redirects=True)
    assert "This request cannot be changed by FHIR now" in words_of(after)
