"""The page of a case: where it stands, what happened, who owns it and what comes next."""

import re

import pytest

from app.casework.actions.entries import add_entry
from app.casework.facts.entries import Entry, EntryKind
from app.platform.db import db
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.desk import DAY, Booking
from tests.support.queries import counted
from tests.web.casework.support import errors_of, fields_of, fill, patient_id, words_of

CASE = make.an_id(60_001)
AT = f"/cases/{CASE}"


def decided(browser, what, **typed):
    """Record an answer, and confirm it where the page asks whether it is right. Returns the last answer."""
    at = f"{AT}/decision"
    page = fill(browser, f"{at}?what={what}", at, **typed)
    if page.status_code == 422 and "Is this right?" in page.text and not errors_of(page):
        page = browser.post(at, data=fields_of(page, at) | typed)
    return page


@pytest.fixture
def asked(desk):
    """A practice with one patient whose request waits for the payer."""
    desk.book(Booking(8, "Dubois", "Henri", "pending"))
    return desk


def test_the_page_says_where_the_case_stands(asked, sign_in):
    page = sign_in(Role.COORDINATOR).get(AT)
    text = words_of(page)
    assert page.status_code == 200
    assert f"Case A-{CASE.hex[-6:].upper()}" in text
    assert "Dubois, Henri MRN M00001" in text
    assert "Submitted Asked for. The payer has not decided." in text
    assert "Nobody owns this case. Choose an owner." in text


def test_a_call_is_kept_with_person_reference_and_next_action(asked, sign_in):
    browser = sign_in(Role.COORDINATOR)
    answer = fill(
        browser,
        f"{AT}?write=call",
        f"{AT}/entries/call",
        person="Dana, agent 412",
        reference="CR-77 120",
        outcome="still_pending",
        line="Provider line",
        started="",
        hold="12",
        words="In clinical review.",
        next_action="Call for the status",
        next_on="t+2",
    )
    assert answer.status_code == 303
    text = words_of(browser.get(AT))
    assert "Call: Still pending" in text
    assert "Dana, agent 412; reference CR-77 120; next: Call for the status by Wed 03/04/2026" in text
    assert "Next action Call for the status, by Wed 03/04/2026 (in 2 days)" in text
    found = fill(browser, "/patients", words="cr77120")
    assert found.location == AT


def test_an_approval_turns_badges_at_once_and_can_be_undone(asked, sign_in):
    browser = sign_in(Role.COORDINATOR)
    at = f"{AT}/decision"
    first = fields_of(browser.get(at), at)
    assert first["codes"] == "96910/96912:36"
    answer = browser.post(at, data=first | {"number": "PA-9001"})
    assert answer.status_code == 303, errors_of(answer)
    page = browser.get(AT)
    text = words_of(page)
    assert "Approval logged. 1 visit changed: 1 is now cleared." in text
    assert "Approved The payer granted what was asked." in text
    assert "Authorization PA-9001" in text
    assert "Authorization number: PA-9001" in text


def test_what_was_cut_and_which_visits_it_breaks_is_shown_before_it_is_saved(asked, sign_in):
    browser = sign_in(Role.COORDINATOR)
    at = f"{AT}/decision"
    typed = fields_of(browser.get(at), at) | {"number": "PA-9001", "codes": "96912:36"}
    page = browser.post(at, data=typed)
    text = words_of(page)
    assert page.status_code == 422
    assert "The payer grants other than was asked in 1 line. 1 booked visit will stand worse than now." in text
    assert "96910 Code 96910 Not said Not granted" in text
    assert "Mon 03/02/2026 Waiting Blocked" in text
    assert "Submitted" in words_of(browser.get(AT))
    answer = browser.post(at, data=fields_of(page, at))
    assert answer.status_code == 303
    text = words_of(browser.get(AT))
    assert "Partly approved The payer granted less than was asked." in text
    assert "Decision: Partly approved" in text


def test_an_approval_sent_twice_is_logged_once_and_undo_puts_all_back(asked, sign_in):
    browser = sign_in(Role.COORDINATOR)
    at = f"{AT}/decision"
    typed = fields_of(browser.get(at), at) | {"number": "PA-9001"}
    assert browser.post(at, data=typed).status_code == 303
    assert browser.post(at, data=typed).status_code == 303
    page = browser.get(AT)
    assert words_of(page).count("Decision: Approved") == 1 + 2  # the line, and the two buttons that name it
    undo = re.search(rf'action="({AT}/undo/[^"]+)"', page.text)[1]
    answer = browser.post(undo, data=fields_of(page, undo))
    assert answer.status_code == 303
    text = words_of(browser.get(AT))
    assert "Change taken back. 1 visit changed: 1 is now waiting." in text
    assert "Submitted Asked for." in text
    assert "PA-9001" not in text.split("What happened")[0]


def test_two_people_who_answer_at_once_are_shown_both(asked, sign_in):
    browser = sign_in(Role.COORDINATOR)
    at = f"{AT}/decision"
    mine = fields_of(browser.get(at), at) | {"number": "PA-1111"}
    theirs = fields_of(browser.get(at), at) | {"number": "PA-2222"}
    assert browser.post(at, data=theirs).status_code == 303
    page = browser.post(at, data=mine)
    text = words_of(page)
    assert page.status_code == 409
    assert "Somebody changed this while you were typing" in text
    assert "Number PA-2222 PA-1111" in text
    assert "Authorization PA-2222" in words_of(browser.get(AT))
    answer = browser.post(at, data=fields_of(page, at))
    assert answer.status_code == 303, errors_of(answer)
    assert "Authorization PA-1111" in words_of(browser.get(AT))


def test_a_spoken_yes_clears_nothing_until_its_number_is_there(asked, sign_in):
    browser = sign_in(Role.COORDINATOR)
    at = f"{AT}/decision"
    answer = fill(browser, f"{at}?what=verbal", at, contact_reference="CR-1", person="Lee", next_on="t+3")
    assert answer.status_code == 303, errors_of(answer)
    text = words_of(browser.get(AT))
    assert "Approved Verbal" in text
    assert "Record the number" in text
    assert "Ask for the number of the approval, by Thu 03/05/2026 (in 3 days)" in text
    assert "Cleared" not in text.split("Visits")[1].split("For the claim")[0].replace("Cleared only", "")
    assert fill(browser, f"{at}?what=approved", at, number="PA-7").status_code == 303
    assert "1 is now cleared" in words_of(browser.get(AT))


@pytest.mark.parametrize(
    ("what", "typed", "sentence", "status"),
    [
        ("more-info", {"words": "Photos", "due_on": "t+5"}, "More info asked", "More information asked"),
        ("not-required", {"contact_reference": "CR-8"}, "Not required", "Not required"),
        ("too-early", {"until": "t+20"}, "Ready to send Too early", "Too early to submit"),
        ("withdrawn", {"words": "The patient changed the plan"}, "Withdrawn", "Decision"),
        ("dismissed", {"why": "duplicate"}, "Dismissed", "Decision"),
    ],
)
def test_each_answer_moves_the_case(asked, sign_in, what, typed, sentence, status):
    browser = sign_in(Role.COORDINATOR)
    answer = decided(browser, what, **typed)
    assert answer.status_code == 303, errors_of(answer)
    text = words_of(browser.get(AT))
    assert sentence in text
    assert status in text.split("What happened")[1]


@pytest.mark.parametrize(
    ("what", "typed", "error"),
    [
        ("approved", {"number": ""}, "Enter the number that the payer gave"),
        ("approved", {"number": "PA-1", "ends": "12/31/2025"}, "End date must be the same as or after the start date"),
        ("approved", {"number": "PA-1", "codes": "96910:5"}, "21 units of 96910 are used already"),
        ("more-info", {}, "Write what the payer asks for"),
        ("not-required", {}, "Enter the reference of the answer"),
        ("too-early", {"until": "t-1"}, "From must be after today"),
        ("dismissed", {}, "Choose the reason"),
        ("withdrawn", {}, "Write why"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(asked, sign_in, what, typed, error):
    browser = sign_in(Role.COORDINATOR)
    at = f"{AT}/decision"
    page = fill(browser, f"{at}?what={what}", at, person="Lee Ann", **typed)
    assert page.status_code == 422
    assert any(error in one for one in errors_of(page)), errors_of(page)
    assert "<title>Error: " in page.text
    if what not in ("withdrawn",):
        assert "Lee Ann" in page.text


def test_a_decision_for_a_withdrawn_request_is_refused_in_a_sentence(asked, sign_in):
    browser = sign_in(Role.COORDINATOR)
    at = f"{AT}/decision"
    mine = fields_of(browser.get(at), at) | {"number": "PA-1"}
    assert decided(browser, "withdrawn", words="Moved away").status_code == 303
    page = browser.post(at, data=mine)
    assert page.status_code == 409
    page = browser.post(at, data=fields_of(page, at))
    assert page.status_code == 422
    assert "This case is withdrawn; it cannot become approved." in words_of(page)


def test_an_entry_is_corrected_by_another_and_taken_back(asked, sign_in):
    browser = sign_in(Role.COORDINATOR)
    assert fill(browser, f"{AT}?write=note", f"{AT}/entries/note", words="Fax number is wrong").status_code == 303
    page = browser.get(AT)
    wrong = re.search(rf'href="({AT}\?corrects=[^"#]+)', page.text)[1]
    answer = fill(browser, wrong, f"{AT}/entries/note", words="Fax number is right")
    assert answer.status_code == 303
    page = browser.get(AT)
    assert "<s>Note</s>" in page.text
    assert "see the entry that stands" in page.text
    assert "Corrects the entry below" in words_of(page)
    back = re.search(rf'action="({AT}/entries/[^"]+/take-back)"', page.text)[1]
    assert browser.post(back, data=fields_of(page, back)).status_code == 303
    page = browser.get(AT)
    assert page.text.count("<s>Note</s>") == 1, "the note stands again once its correction is taken back"


def test_what_a_call_is_lacking_is_said_and_what_was_typed_stays(asked, sign_in):
    browser = sign_in(Role.COORDINATOR)
    page = fill(
        browser,
        f"{AT}?write=call",
        f"{AT}/entries/call",
        started="25:00",
        hold="a while",
        words="Kept words",
        next_action="Call again",
    )
    assert page.status_code == 422
    assert errors_of(page) == [
        "Enter the name of the person you spoke to",
        "Choose how it ended",
        "Start must be a time of day, like 9:05 AM or 14:05; you entered 25:00",
        "Minutes on hold must be a whole number up to 480, like 12",
        "Enter the day by which it is to be done",
    ]
    assert "Kept words" in page.text


def test_owner_and_next_action_are_set_and_two_people_are_shown_both(asked, sign_in):
    browser = sign_in(Role.COORDINATOR)
    before = browser.get(AT)
    owner = re.search(r'<option value="([^"]+)">Kim', before.text)
    step = fields_of(before, f"{AT}/next") | {"step": "Call Acme", "step_on": "t+1"}
    assert browser.post(f"{AT}/next", data=step).status_code == 303
    assert "Call Acme, by Tue 03/03/2026 (in 1 day)" in words_of(browser.get(AT))
    other = fields_of(before, f"{AT}/next") | {"step": "Send a fax", "step_on": "t+2"}
    page = browser.post(f"{AT}/next", data=other)
    assert page.status_code == 409
    assert "On file now: Call Acme, by Tue 03/03/2026" in words_of(page)
    assert "Send a fax" in page.text
    assert browser.post(f"{AT}/next", data=fields_of(page, f"{AT}/next")).status_code == 303
    assert "Send a fax, by Wed 03/04/2026" in words_of(browser.get(AT))
    assert owner is not None
    chosen = fields_of(before, f"{AT}/owner") | {"owner": owner[1]}
    assert browser.post(f"{AT}/owner", data=chosen).status_code == 303
    text = words_of(browser.get(AT))
    assert "Nobody owns this case" not in text
    assert "No next action" not in text


def test_a_renewal_is_begun_once_and_hangs_in_the_chain(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "approved"))
    browser = sign_in(Role.COORDINATOR)
    page = browser.get(AT)
    typed = fields_of(page, f"{AT}/follow") | {"kind": "renewal"}
    first = browser.post(f"{AT}/follow", data=typed)
    assert browser.post(f"{AT}/follow", data=typed).location == first.location
    text = words_of(browser.get(first.location))
    assert "Draft" in text
    assert f"Chain A-{CASE.hex[-6:].upper()} Initial: Approved" in text
    assert "Renewal: Draft" in text
    assert "Complete the request and send it, by Wed 03/04/2026" in text
    assert "Nobody owns this case" not in text


def test_what_the_payer_asked_for_is_sent_and_its_clock_stops_and_runs_again_on_undo(asked, sign_in):
    browser = sign_in(Role.COORDINATOR)
    assert decided(browser, "more-info", words="Photos", due_on="t+5").status_code == 303
    assert "The payer waits for information" in words_of(browser.get(AT))
    assert decided(browser, "info-sent", words="Photos by fax").status_code == 303
    page = browser.get(AT)
    text = words_of(page)
    assert "Submitted Asked for." in text
    assert "The payer waits for information" not in text
    undo = re.search(rf'action="({AT}/undo/[^"]+)"', page.text)[1]
    assert browser.post(undo, data=fields_of(page, undo)).status_code == 303
    text = words_of(browser.get(AT))
    assert "More info asked" in text
    assert "The payer waits for information" in text


def test_a_wrong_decision_is_corrected_by_another_that_points_at_it(asked, sign_in):
    browser = sign_in(Role.COORDINATOR)
    at = f"{AT}/decision"
    assert decided(browser, "approved", number="PA-1").status_code == 303
    page = browser.get(AT)
    wrong = re.search(rf'href="({AT}/decision\?corrects=[^"]+)"', page.text)[1]
    first = browser.get(wrong)
    assert "Correct the decision" in words_of(first)
    answer = browser.post(at, data=fields_of(first, at) | {"number": "PA-2"})
    assert answer.status_code == 303, errors_of(answer)
    page = browser.get(AT)
    assert "Authorization PA-2" in words_of(page)
    assert "<s>Decision: Approved</s>" in page.text


def test_who_may_not_edit_reads_and_is_offered_nothing(asked, sign_in):
    caller = asked.caller
    entry = Entry(make.an_id(7), CASE, patient_id(), EntryKind.NOTE, caller.clock.now(), None, "Only for us")
    assert add_entry(caller, entry)
    biller = sign_in(Role.BILLER)
    page = biller.get(AT)
    assert page.status_code == 200
    assert "Only for us" not in page.text
    assert "Not shown to your role" in words_of(page)
    assert "Write down" not in page.text
    assert biller.get(f"{AT}/decision").status_code == 403
    assert biller.post(f"{AT}/entries/note", data={}).status_code in (400, 403)


def test_the_number_of_queries_does_not_grow(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "approved"), *DAY, Booking(9, "Last", "One", "approved"))
    desk.judge()
    browser = sign_in(Role.COORDINATOR)
    other = f"/cases/{make.an_id(60_000 + len(DAY) + 2)}"
    browser.get(AT)
    for words in ("One", "Two", "Three"):
        assert fill(browser, f"{other}?write=note", f"{other}/entries/note", words=words).status_code == 303
    seen = []
    for address in (AT, other):
        with counted(db.engine) as statements:
            assert browser.get(address).status_code == 200
        seen.append(len(statements))
    assert seen[0] == seen[1] <= 100
