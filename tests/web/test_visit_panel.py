"""The visit panel whole: what to do, units, latest day, accepted risk, and what we showed before."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import text

from app.audit import store as audit_store
from app.clearance.store import history, risks
from app.coverage.facts import CheckResult
from app.coverage.store import coverages as coverage_store
from app.platform.caller import Caller
from app.platform.changes import Changed, announce, announced
from app.platform.db import db
from app.practice.facts.staff import Role
from app.worklists.actions.printing import read_day
from app.worklists.views.printing import list_words
from tests.support import make
from tests.support.desk import TODAY, Booking, Desk
from tests.support.queries import counted
from tests.support.web import TOKEN, equipped

NONE = Booking(9, "Jensen", "Karl", "none")
APPROVED = Booking(9, "Bauer", "Otto", "approved")
ENDED = Booking(9, "Castillo", "Marisol", "ended")
REASON = "Medical director agreed, see her note."


@pytest.fixture
def desk(web_app, web_clock):
    """A practice with sites, people and a payer, and nobody booked yet."""
    with web_app.app_context():
        yield Desk(equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))).furnish()


def plain(page):
    """Read a page's text without its marks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def form_of(browser, visit):
    """Open the form of an accepted risk; gives its hidden fields."""
    page = browser.get(f"/visits/{visit}/accept-risk")
    assert page.status_code == 200
    return {
        "csrf_token": TOKEN.search(page.text).group(1),
        "seen": re.search(r'name="seen" value="(\w+)"', page.text).group(1),
    }


def accept(browser, visit, reason=REASON):
    """Accept a visit's risk as the form does."""
    return browser.post(f"/visits/{visit}/accept-risk", data=form_of(browser, visit) | {"reason": reason})


def badge_of(desk, visit):
    """The badge that is stored."""
    desk.session.rollback()
    return history.shown_now(desk.session, desk.practice_id, visit).badge.value


def check_again(desk, result):
    """Record another eligibility answer for everybody."""
    patients = [make.an_id(10_000 + number) for number in range(1, desk.count + 1)]
    with announced(desk.caller) as session:
        for rows in coverage_store.records_of(session, desk.practice_id, patients).values():
            changed = [replace(row, result=result) for row in rows]
            coverage_store.change_coverages(session, desk.practice_id, changed)
        announce(session, Changed(frozenset(patients)))


def test_a_manager_lets_a_visit_through_and_takes_it_back(desk, sign_in):
    (visit,) = desk.book(NONE)
    desk.judge()
    browser = sign_in(Role.MANAGER)
    done = accept(browser, visit)
    assert (done.status_code, done.location) == (303, f"/visits/{visit}")
    page = browser.get(f"/visits/{visit}")
    words = plain(page)
    said = "Accepted risk Kim Example let it through on Mon 03/02/2026, until Mon 03/02/2026"
    assert f"{said}: Medical director agreed, see her note." in words
    assert "Without it: Blocked." in words
    assert "The risk is accepted." in words and f'action="/visits/{visit}/withdraw-risk"' in page.text
    assert "visit-badge-cleared" not in page.text
    listed = browser.get("/schedule?badge=accepted_risk")
    assert "Risk accepted by Kim Example" in listed.text
    assert badge_of(desk, visit) == "accepted_risk"
    token = {"csrf_token": TOKEN.search(page.text).group(1)}
    assert browser.post(f"/visits/{visit}/withdraw-risk", data=token).status_code == 303
    page = browser.get(f"/visits/{visit}")
    assert "The accepted risk is withdrawn." in page.text and f'action="/visits/{visit}/restore-risk"' in page.text
    assert badge_of(desk, visit) == "blocked"
    browser.post(f"/visits/{visit}/restore-risk", data=token)
    assert "The accepted risk stands again." in browser.get(f"/visits/{visit}").text
    assert badge_of(desk, visit) == "accepted_risk"


def test_the_printed_list_shows_the_badge_that_the_panel_shows(desk, sign_in):
    (visit,) = desk.book(NONE)
    desk.judge()
    accept(sign_in(Role.MANAGER), visit)
    content = list_words(read_day(desk.caller, TODAY, None), "Kim Example", initials=False)
    assert "accepted_risk" in str(content) and "Risk accepted by Kim Example" in str(content)
    assert "blocked" not in str(content)


def test_a_reason_that_is_too_short_is_refused_with_all_that_was_typed(desk, sign_in):
    (visit,) = desk.book(NONE)
    desk.judge()
    browser = sign_in(Role.MANAGER)
    page = accept(browser, visit, "do <it>")
    assert page.status_code == 422
    assert "<title>Error: Accept the risk - Cleared</title>" in page.text
    assert "Reason must have at least 10 characters; you entered 7." in page.text
    assert "do &lt;it&gt;</textarea>" in page.text
    assert badge_of(desk, visit) == "blocked"


def test_a_page_that_was_opened_before_the_checks_changed_stores_nothing(desk, sign_in):
    (visit,) = desk.book(NONE)
    desk.judge()
    browser = sign_in(Role.MANAGER)
    typed = form_of(browser, visit) | {"reason": REASON}
    check_again(desk, CheckResult.INACTIVE)
    page = browser.post(f"/visits/{visit}/accept-risk", data=typed)
    assert page.status_code == 409
    assert "What the checks find has changed since you opened this page." in page.text
    assert REASON in page.text and "inactive" in page.text
    desk.session.rollback()
    assert risks.of_visits(desk.session, desk.practice_id, [visit]) == {}
    seen = re.search(r'name="seen" value="(\w+)"', page.text).group(1)
    assert browser.post(f"/visits/{visit}/accept-risk", data=typed | {"seen": seen}).status_code == 303
    assert badge_of(desk, visit) == "accepted_risk"


def test_a_double_click_accepts_once(desk, sign_in):
    (visit,) = desk.book(NONE)
    desk.judge()
    browser = sign_in(Role.MANAGER)
    typed = form_of(browser, visit) | {"reason": REASON}
    assert [browser.post(f"/visits/{visit}/accept-risk", data=typed).status_code for _ in range(2)] == [303, 303]
    desk.session.rollback()
    assert len(risks.of_visits(desk.session, desk.practice_id, [visit])[visit]) == 1


def test_only_who_may_accept_sees_the_form_and_only_where_there_is_a_risk(desk, sign_in):
    (none,) = desk.book(NONE)
    desk.judge()
    browser = sign_in(Role.COORDINATOR, Role.SCHEDULER)
    assert "Accept the risk" not in browser.get(f"/visits/{none}").text
    assert browser.get(f"/visits/{none}/accept-risk").status_code == 403
    token = {"csrf_token": TOKEN.search(browser.get(f"/visits/{none}").text).group(1)}
    for address in ("accept-risk", "withdraw-risk", "restore-risk"):
        assert browser.post(f"/visits/{none}/{address}", data=token | {"reason": REASON}).status_code == 403
    assert badge_of(desk, none) == "blocked"


def test_a_visit_without_a_risk_is_shown_instead_of_the_form(desk, sign_in):
    none, cleared = desk.book(NONE, APPROVED)
    desk.judge()
    browser = sign_in(Role.MANAGER)
    assert browser.get(f"/visits/{cleared}/accept-risk").location == f"/visits/{cleared}"
    assert "Accept the risk" not in browser.get(f"/visits/{cleared}").text
    assert browser.get(f"/visits/{make.an_id(999)}/accept-risk").status_code == 404
    assert 'href="/visits/' in browser.get(f"/visits/{none}").text


def test_an_accepted_risk_is_void_once_a_check_finds_something_else(desk, sign_in):
    (visit,) = desk.book(NONE)
    desk.judge()
    browser = sign_in(Role.MANAGER)
    accept(browser, visit)
    check_again(desk, CheckResult.INACTIVE)
    page = browser.get(f"/visits/{visit}")
    assert "visit-badge-accepted_risk" in page.text, "what was shown is told below"
    assert "let it through" not in page.text
    assert badge_of(desk, visit) == "blocked"
    check_again(desk, CheckResult.ACTIVE)
    assert badge_of(desk, visit) == "blocked"


def test_the_latest_day_is_told_and_offered_while_it_lies_ahead(desk, sign_in):
    past, ahead, later = desk.book(ENDED, APPROVED, replace(APPROVED, day=TODAY + timedelta(days=150)))
    desk.judge()
    browser = sign_in(Role.SCHEDULER)
    assert "No day is left. Latest day was Fri 02/27/2026" in plain(browser.get(f"/visits/{past}"))
    words = plain(browser.get(f"/visits/{ahead}"))
    assert "Latest day: Tue 06/30/2026, approval PA-1042 ends." in words and "Move the visit" not in words
    assert "Move the visit: the latest day is Tue 06/30/2026." in plain(browser.get(f"/visits/{later}"))


def test_the_units_of_every_counted_approval_are_drawn_and_told(desk, sign_in):
    (visit,) = desk.book(APPROVED)
    for number, days in enumerate((20, 40, 200)):
        desk._visit(APPROVED, make.an_id(10_001), 45_000 + number, TODAY + timedelta(days=days))
    desk.session.commit()
    desk.judge()
    browser = sign_in(Role.SCHEDULER)
    for address in (f"/visits/{visit}", f"/schedule?visit={visit}"):
        page = browser.get(address)
        words = plain(page)
        assert (
            'aria-label="36 units 01/01/2026 to 06/30/2026; 21 used, 3 booked, 12 free; 1 visit not covered."'
            in page.text
        )
        assert "96910/96912: 36 units approved, 21 used, 3 booked, 12 free, 1 booked that it does not cover." in words
        assert (
            "Booked: Mon 03/02/2026 (this visit) , Sun 03/22/2026 , Sat 04/11/2026 , Fri 09/18/2026 not covered"
            in words
        )
        assert "First visit that it will not cover: Fri 09/18/2026." in words
        assert " style=" not in page.text


def test_what_is_to_do_is_a_link_where_the_page_is_open_to_the_person(desk, sign_in):
    (visit,) = desk.book(NONE)
    desk.judge()
    page = sign_in(Role.MANAGER).get(f"/visits/{visit}")
    patient = make.an_id(10_001)
    for address in (
        f"/patients/{patient}/approvals/new?visit={visit}",
        f"/patients/{patient}",
        f"/visits/{visit}/ask",
        f"/visits/{visit}/accept-risk",
        f"/visits/{visit}#shown",
    ):
        assert f'href="{address}"' in page.text, address


def test_the_question_that_would_settle_a_visit_is_one_link_away(desk, sign_in):
    (visit,) = desk.book(replace(NONE, case="stale"))
    desk.judge()
    browser = sign_in(Role.COORDINATOR)
    page = browser.get(f"/visits/{visit}")
    (address,) = re.findall(r'href="(/questions/[0-9a-f-]{36})">Answer what is not known', page.text)
    assert browser.get(address).status_code == 200


def test_every_answer_is_listed_with_its_time_reason_basis_and_what_replaced_it(desk, sign_in, web_clock):
    (visit,) = desk.book(APPROVED)
    desk.judge()
    browser = sign_in(Role.MANAGER)
    web_clock.instant += timedelta(minutes=5)
    check_again(desk, CheckResult.INACTIVE)
    words = plain(browser.get(f"/visits/{visit}"))
    told = words[words.index("What we showed What did we show on") :]
    assert re.search(
        r"Blocked Since 03/02/2026 10:05 AM .*? Approval: PA-1041\. "
        r"Judged for Mon 03/02/2026 by rules \w{12}\. "
        r"Cleared 03/02/2026 10:00 AM to 03/02/2026 10:05 AM Approval fits in every check\. Approval: PA-1041\. "
        r"Judged for Mon 03/02/2026 by rules \w{12}\. "
        r"Replaced because a fact on file was changed\. Then changed: Coverage\.",
        told,
    ), told


def test_an_answer_whose_words_need_judging_is_told_by_its_check_once_it_is_past(desk, sign_in, web_clock):
    (visit,) = desk.book(Booking(9, "Eriksen", "Astrid", "renewal"))
    desk.judge()
    browser = sign_in(Role.SCHEDULER)
    assert "At risk Since 03/02/2026 10:00 AM Renewal is due; a later visit is open." in plain(
        browser.get(f"/visits/{visit}")
    )
    web_clock.instant += timedelta(minutes=5)
    check_again(desk, CheckResult.INACTIVE)
    assert "At risk 03/02/2026 10:00 AM to 03/02/2026 10:05 AM Renewal is to be looked at." in plain(
        browser.get(f"/visits/{visit}")
    )


def test_what_was_shown_on_a_day_stands_beside_what_we_would_answer_now_for_it(desk, sign_in, web_clock):
    (visit,) = desk.book(replace(APPROVED, day=TODAY + timedelta(days=3)))
    desk.judge()
    browser = sign_in(Role.SCHEDULER)
    web_clock.instant += timedelta(days=1)
    page = browser.get(f"/visits/{visit}?shown_on=t-1")
    words = plain(page)
    assert page.status_code == 200
    assert "Mon 03/02/2026 Shown then Cleared Since 03/02/2026 10:00 AM" in words
    assert "Answered now for that day With what is on file now we would answer the same." in words
    check_again(desk, CheckResult.INACTIVE)
    words = plain(browser.get(f"/visits/{visit}?shown_on=3/2/2026"))
    assert "Shown then Cleared 03/02/2026 10:00 AM to 03/03/2026 10:00 AM" in words
    assert re.search(r"Answered now for that day Blocked .*inactive", words)
    assert "Nothing was shown on that day: the first answer is of 03/02/2026 10:00 AM." in plain(
        browser.get(f"/visits/{visit}?shown_on=3/1/2026")
    )


def test_a_day_that_cannot_be_read_or_lies_ahead_is_refused(desk, sign_in):
    (visit,) = desk.book(APPROVED)
    desk.judge()
    browser = sign_in(Role.SCHEDULER)
    for typed, sentence in (("soon", "Enter the day like 11/20"), ("t+1", "Tue 03/03/2026 lies ahead")):
        page = browser.get(f"/visits/{visit}?shown_on={typed.replace('+', '%2B')}")
        assert page.status_code == 422
        assert sentence in page.text and "<title>Error: Visit - Cleared</title>" in page.text
        assert f'value="{typed}"' in page.text


def test_a_visit_whose_approval_is_gone_still_tells_what_it_showed(desk, sign_in, web_clock):
    (visit,) = desk.book(APPROVED)
    desk.judge()
    browser = sign_in(Role.SCHEDULER)
    web_clock.instant += timedelta(minutes=5)
    with announced(desk.caller) as session:
        session.execute(text("DELETE FROM authorization_event"))
        session.execute(text('DELETE FROM "authorization"'))
        announce(session, Changed(frozenset({make.an_id(10_001)})))
    words = plain(browser.get(f"/visits/{visit}?shown_on=t"))
    assert "Cleared 03/02/2026 10:00 AM to 03/02/2026 10:05 AM Every check passed." in words
    assert "Approval: one no longer on file." in words


def test_the_number_of_queries_does_not_grow_with_other_patients_visits_or_answers(desk, sign_in, web_app, web_clock):
    (visit,) = desk.book(APPROVED)
    desk.judge()
    browser = sign_in(Role.MANAGER)
    addresses = [f"/visits/{visit}", f"/visits/{visit}?shown_on=t", f"/visits/{visit}/accept-risk"]

    def count():
        found = []
        for address in addresses:
            browser.get(address)
            with counted(db.engine) as seen:
                assert browser.get(address).status_code in (200, 303)
            found.append(len([one for one in seen if "staff_session" not in one]))
        return found

    few = count()
    desk.book(*(replace(NONE, hour=7 + place / 10, last=f"Name{place}") for place in range(40)))
    for number in range(10):
        desk._visit(APPROVED, make.an_id(10_001), 47_000 + number, TODAY + timedelta(days=3 + number))
    desk.session.commit()
    desk.judge()
    for number in range(12):
        web_clock.instant += timedelta(minutes=1)
        check_again(desk, (CheckResult.INACTIVE, CheckResult.ACTIVE)[number % 2])
    assert count() == few


def test_reading_what_was_shown_is_noted_once(desk, sign_in):
    (visit,) = desk.book(APPROVED)
    desk.judge()
    sign_in(Role.SCHEDULER).get(f"/visits/{visit}?shown_on=t")
    desk.session.rollback()
    actions = [entry.action for entry, _mac in audit_store.entries(desk.session, desk.practice_id)]
    assert actions.count("clearance.seen") == 1
