"""A denial taken through a talk between physicians and appeals, as the pages let people do it."""

import re
from datetime import date, timedelta
from html import unescape

import pytest

from app.authorizations import store as authorization_store
from app.authorizations.facts import Status
from app.casework.store import denials as store
from app.deadlines import store as clock_store
from app.deadlines.facts import AppealOutcome, TalkOutcome
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.desk import TODAY, Booking
from tests.web.casework.support import errors_of, fields_of, words_of

CASE, PATIENT = make.an_id(60_001), make.an_id(10_001)
AT = f"/cases/{CASE}/denial"
WORDS = "Topical therapy was not tried for twelve weeks."


@pytest.fixture
def asked(desk):
    """A practice with one patient whose request waits for the payer."""
    desk.book(Booking(8, "Dubois", "Henri", "pending"))
    return desk.judge()


def record(desk):
    """The case as it is on file."""
    desk.session.rollback()
    return authorization_store.record_of(desk.session, make.PRACTICE_ID, CASE)[0]


def clocks(desk):
    """What was recorded of the case, opened."""
    desk.session.rollback()
    return clock_store.case_opened(desk.session, make.PRACTICE_ID, CASE)


def send(browser, page, address=None, **typed):
    """Fill the form of a page and send it."""
    where = address or page.partition("?")[0]
    return browser.post(where, data=fields_of(browser.get(page), where) | typed)


def beside(page, name):
    """The sentence beside a field."""
    return unescape(re.search(rf'id="{name}-error">(.*?)</p>', page.text).group(1))


def deny(browser, **typed):
    """Record the denial of the case."""
    said = {"denied_on": "t", "words": WORDS, "code": "N-17"} | typed
    return send(browser, f"{AT}/new", **said)


def test_a_denial_is_recorded_in_the_payers_words_and_blocks_its_visit(asked, sign_in):
    browser = sign_in(Role.COORDINATOR)
    answer = deny(browser, unmet_more="Twelve weeks of topicals\nPhotos of the lesions", appeal_by="t+60")
    assert answer.status_code == 303, errors_of(answer)
    text = words_of(browser.get(AT))
    assert "Denial recorded. 1 visit changed: 1 is now blocked." in text
    assert f"The request: denied Mon 03/02/2026 code N-17 {WORDS}" in text
    assert "Not met, by the payer Twelve weeks of topicals Photos of the lesions" in text
    assert "The letter names Fri 05/01/2026 as the last day to appeal." in text
    row = record(asked)
    assert (row.status, row.decided_on, row.denial_reason) == (Status.DENIED, TODAY, WORDS)
    assert (row.next_action, row.next_action_on) == (
        "Decide on a peer-to-peer or an appeal",
        TODAY + timedelta(days=2),
    )


def test_a_biller_may_add_a_denial_and_a_scheduler_may_not_read_its_words(asked, sign_in, client):
    browser = sign_in(Role.BILLER)
    assert deny(browser).status_code == 303
    assert WORDS in words_of(browser.get(AT))


def test_a_scheduler_sees_that_it_was_denied_and_not_why(asked, sign_in):
    deny_by = asked.caller
    from_log = record(asked)
    assert deny_by is not None and from_log.status is Status.SUBMITTED
    browser = sign_in(Role.SCHEDULER)
    assert browser.get(f"{AT}/new").status_code == 403
    assert browser.get(AT).status_code == 200


def test_a_form_sent_twice_denies_once(asked, sign_in):
    browser = sign_in(Role.COORDINATOR)
    where = f"{AT}/new"
    form = fields_of(browser.get(where), where) | {"denied_on": "t", "words": WORDS}
    assert [browser.post(where, data=form).status_code for _ in range(2)] == [303, 303]
    asked.session.rollback()
    assert len(store.of_case(asked.session, make.PRACTICE_ID, CASE, PATIENT)) == 1


@pytest.mark.parametrize(
    ("typed", "name", "says"),
    [
        ({"words": ""}, "words", "Enter the reason in the payer's own words"),
        ({"denied_on": ""}, "denied_on", "Day of the denial: enter the day"),
        ({"denied_on": "t+1"}, "denied_on", "must be today or before"),
        ({"appeal_by": "t-1"}, "appeal_by", "Last day to appeal must be the same as or after the denial"),
        ({"denied_on": "2026-01-01"}, "denied_on", "the day it was sent"),
    ],
)
def test_what_cannot_be_is_told_beside_the_field_and_nothing_is_lost(asked, sign_in, typed, name, says):
    browser = sign_in(Role.COORDINATOR)
    answer = deny(browser, **typed)
    assert answer.status_code == 422
    assert says in beside(answer, name)
    assert "N-17" in answer.text
    assert "<title>Error: " in answer.text
    assert record(asked).status is Status.SUBMITTED


def test_the_second_of_two_people_is_shown_both_values(asked, sign_in):
    browser = sign_in(Role.COORDINATOR)
    where = f"{AT}/new"
    form = fields_of(browser.get(where), where) | {"denied_on": "t", "words": WORDS}
    other = fields_of(browser.get(f"/cases/{CASE}/decision"), f"/cases/{CASE}/decision")
    assert browser.post(f"/cases/{CASE}/decision", data=other | {"number": "PA-9001"}).status_code == 303
    answer = browser.post(where, data=form)
    assert answer.status_code == 409
    assert "Somebody changed this while you were typing" in words_of(answer)
    assert "Approved" in words_of(answer)
    assert record(asked).status is Status.APPROVED


def test_a_window_comes_from_the_rule_that_surely_applies(asked, sign_in):
    """Commercial coverage: 180 days from the notice, from memory, so that it is to be verified."""
    browser = sign_in(Role.COORDINATOR)
    deny(browser)
    text = words_of(browser.get(AT))
    assert "First appeal to the payer Sat 08/29/2026. 180 days left 29 CFR 2560.503-1" in text
    assert "to verify" in text
    answer = send(browser, f"/cases/{CASE}/appeals/new", level="1", filed_on="t")
    assert answer.status_code == 303, errors_of(answer)
    (level,) = clocks(asked).appeals
    assert (level.level, level.window_ends, level.filed_on) == (1, date(2026, 8, 29), TODAY)
    assert record(asked).status is Status.IN_APPEAL


def test_where_no_rule_says_a_window_the_letters_day_is_asked_for(asked, sign_in):
    browser = sign_in(Role.COORDINATOR)
    deny(browser)
    send(browser, f"/cases/{CASE}/appeals/new", level="1", filed_on="t")
    level = clocks(asked).appeals[0]
    decide = f"/cases/{CASE}/appeals/{level.id}/decide"
    upheld = send(browser, decide, decided_on="t", outcome="upheld", words="Still not tried.")
    assert upheld.status_code == 303, errors_of(upheld)
    text = words_of(browser.get(AT))
    assert "Second appeal to the payer Last day not known No rule surely names the last day" in text
    assert "External review Thu 07/02/2026. " in text
    refused = send(browser, f"/cases/{CASE}/appeals/new", level="2", filed_on="t")
    assert beside(refused, "window_ends").startswith("Enter the last day that the letter names")
    assert send(browser, f"/cases/{CASE}/appeals/new", level="2", filed_on="t", window_ends="t+30").status_code == 303
    assert [one.level for one in clocks(asked).appeals] == [1, 2]


def test_the_letters_day_goes_before_the_rule_and_a_late_appeal_is_asked_about_once(asked, sign_in):
    browser = sign_in(Role.COORDINATOR)
    deny(browser, denied_on="02/02/2026", appeal_by="02/27/2026")
    text = words_of(browser.get(AT))
    assert "First appeal to the payer Fri 02/27/2026. Ended 3 days ago By the payer's letter." in text
    at = f"/cases/{CASE}/appeals/new"
    late = send(browser, at, level="1", filed_on="t")
    assert late.status_code == 422
    assert "The window ended on 02/27/2026. A payer need not take a late appeal." in beside(late, "filed_on")
    assert clocks(asked).appeals == ()
    assert browser.post(at, data=fields_of(late, at)).status_code == 303
    assert clocks(asked).appeals[0].window_ends == date(2026, 2, 27)


def test_a_talk_is_offered_booked_and_held_and_turns_the_denial(asked, sign_in):
    browser = sign_in(Role.COORDINATOR)
    deny(browser)
    offered = send(browser, f"/cases/{CASE}/talks/new", offered_on="t", closes_on="t+7", closes_at="5:00 PM")
    assert offered.status_code == 303, errors_of(offered)
    (talk,) = clocks(asked).peers
    book = f"/cases/{CASE}/talks/{talk.id}/book"
    refused = send(browser, book, booked_on="t+1", booked_at="")
    assert "Enter the time of the talk" in beside(refused, "booked_at")
    booked = send(
        browser, book, booked_on="t+1", booked_at="9:05 AM", line="800-555-0142", person="Dr. Lin", reference="P2P-9"
    )
    assert booked.status_code == 303, errors_of(booked)
    text = words_of(browser.get(AT))
    assert "Offered Mon 03/02/2026, until Mon 03/09/2026 5:00 PM Booked for Tue 03/03/2026 9:05 AM." in text
    assert "Line 800-555-0142. Payer's physician: Dr. Lin. Reference P2P-9." in text
    held = send(
        browser,
        f"/cases/{CASE}/talks/{talk.id}/held",
        held_on="t",
        outcome="overturned",
        number="PA-77",
        begins="03/02/2026",
        ends="06/30/2026",
    )
    assert held.status_code == 303, errors_of(held)
    assert held.location.endswith("/saved")
    row = record(asked)
    assert (row.status, row.number, row.verbal) == (Status.APPROVED, "PA-77", False)
    assert clocks(asked).peers[0].outcome is TalkOutcome.OVERTURNED
    assert "1 visit changed: 1 is now" in words_of(browser.get(AT))


def test_an_overturned_denial_without_a_number_is_a_spoken_yes_that_clears_nothing(asked, sign_in):
    browser = sign_in(Role.COORDINATOR)
    deny(browser)
    send(browser, f"/cases/{CASE}/talks/new", offered_on="t", closes_on="t+7")
    (talk,) = clocks(asked).peers
    held = send(browser, f"/cases/{CASE}/talks/{talk.id}/held", held_on="t", outcome="overturned", number="")
    assert held.status_code == 303, errors_of(held)
    row = record(asked)
    assert (row.status, row.verbal) == (Status.APPROVED, True)
    page = browser.get(f"/visits/{make.an_id(20_001)}")
    assert "visit-badge-cleared" not in page.text


def test_an_appeal_is_won(asked, sign_in):
    browser = sign_in(Role.COORDINATOR)
    deny(browser)
    send(browser, f"/cases/{CASE}/appeals/new", level="1", filed_on="t", reference="FAX-1")
    level = clocks(asked).appeals[0]
    assert level.reference == "FAX-1"
    decided = send(
        browser,
        f"/cases/{CASE}/appeals/{level.id}/decide",
        decided_on="t",
        outcome="overturned",
        number="PA-88",
        begins="03/02/2026",
        ends="06/30/2026",
    )
    assert decided.status_code == 303, errors_of(decided)
    assert record(asked).status is Status.APPROVED
    assert clocks(asked).appeals[0].outcome is AppealOutcome.OVERTURNED
    text = words_of(browser.get(AT))
    assert "Appeal won." in text
    assert "Decided Mon 03/02/2026: the denial is overturned." in text


def test_a_correction_takes_the_place_of_a_denial_and_nothing_is_removed(asked, sign_in):
    browser = sign_in(Role.COORDINATOR)
    deny(browser)
    link = re.search(r'href="([^"]+corrects=[^"]+)">Correct it', browser.get(AT).text).group(1)
    answer = send(browser, link, words="Photos are missing.", denied_on="t")
    assert answer.status_code == 303, errors_of(answer)
    text = words_of(browser.get(AT))
    assert "Photos are missing." in text
    assert f"(corrected) {WORDS}" in text
    assert record(asked).denial_reason == "Photos are missing."


def test_the_sheet_names_the_payers_reason_and_the_window(asked, sign_in):
    browser = sign_in(Role.PROVIDER, Role.COORDINATOR)
    deny(browser, unmet_more="Twelve weeks of topicals")
    text = words_of(browser.get(f"{AT}/sheet"))
    assert f"Denied Mon 03/02/2026, code N-17. {WORDS}" in text
    assert "Also named by the payer Twelve weeks of topicals" in text
    assert "First appeal to the payer: Sat 08/29/2026." in text
