"""The list of alerts and what is done with them; the short links of messages; a fixed number of queries."""

import re
from base64 import urlsafe_b64encode
from datetime import date, datetime, timedelta
from html import unescape
from uuid import UUID

import pytest

from app.alerts.actions import handling
from app.alerts.facts.alerts import Alert, ClosedBy
from app.audit import store as audit
from app.audit.facts import AuditEntry
from app.deadlines.facts import Basis, BasisKind, Clears, Deadline, Reason, Step, Subject, SubjectKind
from app.patients import store as patient_store
from app.patients.facts import PatientDetails
from app.platform.caller import Caller
from app.platform.db import db
from app.platform.sessions import session_on
from app.policies.facts.answers import Confidence
from app.practice.facts.staff import Role
from app.practice.store import staff as practice_store
from app.web.bell import Bell
from tests.support import make
from tests.support.queries import counted
from tests.support.swept import ANA, CARA, MAIN, NORTH, ZONE, Practice, approval_ends
from tests.support.web import EMAIL, token_of

ENDS = date(2026, 3, 16)
LENA = make.an_id(700)
ROW = re.compile(r'<li class="alert-row.*?</li>\s*(?=<li class="alert-row|</ul>\s*</form>)', re.DOTALL)


class Live(Practice):
    """A practice that other sessions change too: what is read is what is there now."""

    def alerts(self) -> list[Alert]:
        """As there now."""
        self.caller.session.rollback()
        return super().alerts()

    def happened(self, alert: Alert) -> list[str]:
        """As there now."""
        self.caller.session.rollback()
        return super().happened(alert)

    def audited(self) -> list[AuditEntry]:
        """What stands in the audit log now."""
        self.caller.session.rollback()
        return [entry for entry, _mac in audit.entries(self.caller.session, make.PRACTICE_ID)]


@pytest.fixture
def practice(web_app, web_clock):
    """A practice with people to tell, on the database of the web program, through a session of its own."""
    with web_app.app_context():
        engine = db.engine
    with session_on(engine, make.keys()) as session:
        caller = Caller(session, make.PRACTICE_ID, web_clock, via="test")
        person = PatientDetails(LENA, "M1", "Abbott", "Lena", date(1980, 5, 17))
        patient_store.add_patients(session, make.PRACTICE_ID, [person])
        session.commit()
        yield Live(caller).furnish()


@pytest.fixture
def browser(practice, sign_in):
    """The browser of a coordinator of all sites."""
    return sign_in(Role.COORDINATOR)


def kim(practice):
    """The id of whoever signed in."""
    found = practice_store.staff_of(practice.caller.session, make.PRACTICE_ID)
    return next(one.id for one in found if one.email == EMAIL)


def tomorrow(number_blocked: int = 3, waiting: int = 2) -> Deadline:
    """Tomorrow's visits of the main site."""
    day = date(2026, 3, 3)
    return Deadline(
        Subject(SubjectKind.SITE_DAY, f"{MAIN.hex}:{day}"),
        Reason.TOMORROW,
        (Step(f"{day}-day-before", make.NOW - timedelta(minutes=1)),),
        ZONE,
        Clears.VISITS_CLEARED,
        Basis(BasisKind.PRACTICE),
        due_at=datetime.fromisoformat("2026-03-03T13:00:00+00:00"),
        site_id=MAIN,
        urgent=True,
        counts={"blocked": number_blocked, "waiting": waiting, "total": 14},
    )


def post(browser, do: str, *ticks: str, **more: str):
    """Do something with alerts."""
    data = {"csrf_token": token_of(browser, "/settings"), "do": do, "tick": list(ticks)} | more
    return browser.post("/alerts/work", data=data)


def ticks_of(page: str) -> list[str]:
    """The ticks that a page offers."""
    return re.findall(r'name="tick" value="([^"]+)"', page)


def words(text: str) -> str:
    """A page or row as it reads."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text))).strip()


def test_a_row_says_what_when_by_whose_clock_what_clears_it_and_who_was_told(practice, browser):
    practice.watch(approval_ends(1, ENDS, patient_id=LENA))
    practice.sweep()
    page = browser.get("/alerts").text
    (row,) = ROW.findall(page)
    text = words(row)
    code = f"A-{make.an_id(1).hex[-6:].upper()}"
    assert f"Approval {code} ends" in text
    assert "ends Mon 03/16/2026 (in 14 days)" in text
    assert "2 booked visits fall after it." in text
    assert "The last day that the payer approved. Goes away once a later approval is on file" in text
    assert "Owner: Ana and Kim Example." in text
    assert "Ana by e-mail (not sent yet)" in text
    assert f'href="/cases/{make.an_id(1)}">Abbott, Lena</a>' in row
    assert "<title>Alerts - Cleared</title>" in page


def test_whom_the_page_shows_is_on_record(practice, browser):
    practice.watch(approval_ends(1, ENDS, patient_id=LENA))
    practice.sweep()
    browser.get("/alerts")
    last = practice.audited()[-1]
    assert (last.action, last.subjects, last.user_id) == ("alerts.seen", (LENA,), kim(practice))


def test_who_may_not_see_patients_reads_no_name(practice, sign_in):
    browser = sign_in(Role.ADMINISTRATOR)
    practice.watch(approval_ends(1, ENDS, patient_id=LENA))
    practice.sweep()
    page = browser.get("/alerts?whose=all").text
    assert "ends" in words(page) and "Abbott" not in page and f"/patients/{LENA}" not in page


@pytest.mark.parametrize(
    ("basis", "sentence"),
    [
        (Basis(BasisKind.TARGET), "No legal clock; the payer's own target."),
        (Basis(BasisKind.FEDERAL, "cms", "72 hours, CMS-0057-F."), "72 hours, CMS-0057-F."),
        (
            Basis(BasisKind.STATE, "x", "3 business days.", Confidence.MEMORY),
            "3 business days. From memory, to verify.",
        ),
    ],
)
def test_the_basis_is_a_sentence(practice, browser, basis, sentence):
    practice.watch(approval_ends(1, ENDS, reason=Reason.ANSWER_OWED, clears=Clears.ANSWERED, basis=basis))
    practice.sweep()
    assert sentence in words(browser.get("/alerts").text)


def test_tomorrow_keeps_what_needs_work_apart_from_what_waits_for_payers(practice, browser):
    practice.watch(tomorrow())
    practice.sweep()
    (row,) = ROW.findall(browser.get("/alerts").text)
    assert "Visits of Tue 03/03/2026 at Main Street are not cleared" in words(row)
    assert "3 visits need your work, of 14." in words(row)
    assert "2 visits are waiting on the payer." in words(row)
    for badge in ("blocked", "not_checked", "waiting"):
        assert f"/schedule?day=2026-03-03&amp;site={MAIN}&amp;badge={badge}" in row
    assert "Tue 03/03/2026 8:00 AM ET (in 22 hours)" in words(row)


def test_acknowledge_and_undo(practice, browser):
    practice.watch(approval_ends(1, ENDS))
    practice.sweep()
    (tick,) = ticks_of(browser.get("/alerts").text)
    answer = post(browser, f"acknowledge:{tick}")
    assert (answer.status_code, answer.location) == (303, "/alerts")
    page = browser.get("/alerts").text
    assert "1 alert acknowledged." in page and ROW.findall(page) == []
    assert "Acknowledged by Kim Example 10:00 AM" in words(browser.get("/alerts?shown=open").text)
    undo = re.search(r'action="(/alerts/undo/[^"]+)"', page).group(1)
    assert browser.post(undo, data={"csrf_token": token_of(browser, "/settings")}).status_code == 303
    page = browser.get("/alerts").text
    assert "1 alert stands as before." in page and len(ROW.findall(page)) == 1


def test_a_double_click_acknowledges_once(practice, browser):
    practice.watch(approval_ends(1, ENDS))
    practice.sweep()
    (tick,) = ticks_of(browser.get("/alerts").text)
    assert [post(browser, f"acknowledge:{tick}").status_code for _twice in range(2)] == [303, 303]
    assert practice.happened(practice.alert()).count("acknowledged") == 1


def test_several_are_acknowledged_together_and_come_back_together(practice, browser):
    practice.watch(*(approval_ends(number, ENDS) for number in range(1, 4)))
    practice.sweep()
    ticks = ticks_of(browser.get("/alerts").text)
    assert len(ticks) == 3
    post(browser, "acknowledge", *ticks[:2])
    page = browser.get("/alerts").text
    assert "2 alerts acknowledged." in page and len(ROW.findall(page)) == 1
    undo = re.search(r'action="(/alerts/undo/[^"]+)"', page).group(1)
    browser.post(undo, data={"csrf_token": token_of(browser, "/settings")})
    assert len(ROW.findall(browser.get("/alerts").text)) == 3


def test_when_somebody_was_quicker_nothing_is_changed(practice, browser):
    practice.watch(approval_ends(1, ENDS), approval_ends(2, ENDS))
    practice.sweep()
    ticks = ticks_of(browser.get("/alerts").text)
    ana = Caller(practice.caller.session, make.PRACTICE_ID, practice.caller.clock, ANA, via="test")
    handling.snooze(ana, practice.alerts()[0].id, date(2026, 3, 5))
    answer = post(browser, "acknowledge", *ticks)
    assert answer.status_code == 409
    assert "Somebody did something with these alerts after the page was loaded" in answer.text
    assert [one.acknowledged_at for one in practice.alerts()] == [None, None]


def test_snooze_until_a_day_and_until_the_next_business_day(practice, browser):
    practice.watch(approval_ends(1, ENDS))
    practice.sweep()
    (tick,) = ticks_of(browser.get("/alerts").text)
    post(browser, "snooze", tick, until="t+2")
    assert "1 alert snoozed until Wed 03/04/2026." in browser.get("/alerts").text
    page = browser.get("/alerts?shown=open").text
    assert "Snoozed until Wed 03/04/2026" in words(page)
    assert "Until Tue 03/03/2026" in words(page)
    (tick,) = ticks_of(page)
    post(browser, "snooze_next", tick)
    assert "Snoozed until Tue 03/03/2026" in words(browser.get("/alerts?shown=open").text)


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("soon", "Snooze until must be a date, like 12/5, t+1 or t+7"),
        ("t", "Snooze until must be after today, 03/02/2026"),
        ("5/1", "Snooze until must be from Tue 03/03/2026 to Mon 03/16/2026"),
    ],
)
def test_a_day_that_cannot_be_is_named_and_what_was_typed_stays(practice, browser, typed, error):
    practice.watch(approval_ends(1, ENDS))
    practice.sweep()
    (tick,) = ticks_of(browser.get("/alerts").text)
    answer = post(browser, "snooze", tick, until=typed)
    assert answer.status_code == 422
    assert f'id="until-error">{error}' in answer.text and f'value="{typed}"' in answer.text
    assert f'value="{tick}" checked' in answer.text
    own = post(browser, "snooze", tick, until=typed, page=str(practice.alert().id))
    assert own.status_code == 422 and f'id="until-error">{error}' in own.text and f'value="{typed}"' in own.text


def test_hand_over_to_a_person_and_to_the_backup(practice, browser):
    practice.watch(approval_ends(1, ENDS))
    practice.sweep()
    (tick,) = ticks_of(browser.get("/alerts").text)
    post(browser, "hand_over", tick, to=str(CARA))
    assert practice.alert().owner_id == CARA
    page = browser.get("/alerts").text
    assert "1 alert handed over." in page and ROW.findall(page) == []
    assert "Owner: Cara." in words(browser.get("/alerts?whose=all").text)
    (tick,) = ticks_of(browser.get("/alerts?whose=all").text)
    answer = post(browser, "hand_over", tick, to="nobody", whose="all")
    assert answer.status_code == 422 and 'id="to-error">Choose to whom to hand over' in answer.text


def test_nothing_ticked_and_nothing_chosen_are_named(practice, browser):
    practice.watch(approval_ends(1, ENDS))
    practice.sweep()
    assert "Tick at least one alert" in post(browser, "acknowledge").text
    assert "Choose what to do with the alerts" in post(browser, "delete", *ticks_of(browser.get("/alerts").text)).text


def test_an_empty_list_names_what_is_due_next(practice, browser):
    assert "Nothing waits for you. No deadline is ahead." in words(browser.get("/alerts").text)
    practice.watch(approval_ends(1, date(2026, 4, 6), days=(30,)))
    practice.sweep()
    assert "Next: Approval A-" in browser.get("/alerts").text
    assert "told on Sat 03/07/2026." in browser.get("/alerts").text
    assert "No alert matches." in browser.get("/alerts?reason=appeal").text
    assert "Nothing is done yet" in browser.get("/alerts?shown=done").text


def test_filters_stand_in_the_address(practice, browser):
    practice.watch(approval_ends(1, ENDS), approval_ends(2, ENDS, site=NORTH), tomorrow())
    practice.sweep()
    assert len(ROW.findall(browser.get("/alerts").text)) == 3
    assert len(ROW.findall(browser.get("/alerts?reason=approval_ends").text)) == 2
    assert len(ROW.findall(browser.get(f"/alerts?site={NORTH}").text)) == 1
    page = browser.get(f"/alerts?reason=tomorrow&site={MAIN}").text
    assert f"/alerts?shown=open&amp;site={MAIN}&amp;reason=tomorrow" in page
    for address, error in (
        ("site=oops", "The site in the address is cut off"),
        (f"site={make.an_id(77)}", "This site is not one of the practice"),
        ("reason=gossip", "The kind of alert in the address is not known"),
        ("shown=later", "Shown must be one of todo, open or done"),
        ("after=1", "The address of this page is cut off"),
    ):
        answer = browser.get(f"/alerts?{address}")
        assert answer.status_code == 422 and error in answer.text
        assert "<title>Error: Alerts" in answer.text


def test_closed_alerts_are_listed_without_anything_to_do(practice, browser):
    ends = approval_ends(1, ENDS)
    practice.watch(ends)
    practice.sweep()
    practice.forget(ends)
    practice.sweep()
    assert practice.alert().closed_by is ClosedBy.CLEARED
    page = browser.get("/alerts?shown=done").text
    assert "Cleared 10:00 AM" in words(page) and ticks_of(page) == []


def test_one_alert_tells_its_story(practice, browser):
    practice.watch(approval_ends(1, ENDS, patient_id=LENA))
    practice.sweep()
    alert = practice.alert()
    post(browser, "take", f"{alert.id}.{alert.version}")
    text = words(browser.get(f"/alerts/{alert.id}").text)
    assert "Owner: Kim Example." in text
    assert "10:00 AM Taken by Kim Example" in text and "10:00 AM Opened" in text
    assert "From Tue 03/03/2026 to Mon 03/16/2026." in text
    assert "Ana E-mail Cancelled before it went" in text
    assert browser.get(f"/alerts/{make.an_id(77)}").status_code == 404


def test_a_short_link_leads_to_where_it_is_dealt_with_and_is_noted(practice, browser):
    practice.watch(approval_ends(1, ENDS, patient_id=LENA), tomorrow(), approval_ends(3, ENDS))
    practice.sweep()
    leads = {}
    for one in practice.alerts():
        answer = browser.get(f"/a/{one.code.lower()}")
        assert answer.status_code == 302
        leads[one.id] = answer.location
    known, day, unknown = sorted(
        practice.alerts(), key=lambda one: (one.patient_id is None, one.reason is not Reason.TOMORROW)
    )
    assert leads[known.id] == f"/cases/{UUID(hex=known.subject.key)}"
    assert leads[day.id] == f"/schedule?day=2026-03-03&site={MAIN}"
    assert leads[unknown.id] == f"/alerts/{unknown.id}"
    assert [entry.action for entry in practice.audited()].count("alerts.link_opened") == 3
    assert browser.get("/a/0000000000").status_code == 404


def test_a_short_link_survives_signing_in(practice, client):
    practice.watch(approval_ends(1, ENDS))
    practice.sweep()
    answer = client.get(f"/a/{practice.alert().code}")
    assert answer.status_code == 302 and answer.location.startswith("/sign-in?next=")
    assert practice.alert().code in answer.location


def test_who_may_not_open_the_place_is_led_to_the_alert(practice, sign_in):
    browser = sign_in(Role.ADMINISTRATOR)
    practice.watch(approval_ends(1, ENDS, patient_id=LENA))
    practice.sweep()
    alert = practice.alert()
    assert browser.get(f"/a/{alert.code}").location == f"/alerts/{alert.id}"


def test_an_undo_that_is_none_is_not_found(practice, browser):
    token = {"csrf_token": token_of(browser, "/settings")}
    unknown = urlsafe_b64encode(make.an_id(5).bytes).decode().rstrip("=")
    for address in ("x", "é", "AAAA", unknown):
        assert browser.post(f"/alerts/undo/{address}", data=token).status_code == 404


def test_fifty_a_page_in_a_fixed_number_of_queries(practice, browser):
    practice.watch(*(approval_ends(number, ENDS, patient_id=LENA) for number in range(1, 3)))
    practice.sweep(notices=10_000)
    browser.get("/alerts")
    engine = practice.caller.session.get_bind()
    with counted(engine) as few:
        browser.get("/alerts")
    practice.watch(*(approval_ends(number, ENDS, patient_id=LENA) for number in range(3, 61)))
    practice.sweep(notices=10_000)
    with counted(engine) as many:
        page = browser.get("/alerts").text
    assert len(ROW.findall(page)) == 50 and len(many) == len(few)
    following = re.search(r'href="(/alerts\?after=[^"]+)"', page).group(1)
    second = browser.get(following.replace("&amp;", "&")).text
    assert len(ROW.findall(second)) == 10
    assert set(ticks_of(page)).isdisjoint(ticks_of(second)) and len({*ticks_of(page), *ticks_of(second)}) == 60


def bells(page: str) -> list[str]:
    """The bells of a page as they read: in the top bar, and in the bottom bar of a phone."""
    return [
        words(link)
        for link in re.findall(r'<a[^>]*href="/alerts"[^>]*>.*?</a>', page, re.DOTALL)
        if "bell" in link or "waiting" in link
    ]


def test_the_bell_counts_what_waits_for_me_on_every_page(practice, browser):
    assert bells(browser.get("/today").text) == ["Alerts , none waiting"] * 2
    practice.watch(*(approval_ends(number, ENDS) for number in range(1, 4)))
    practice.sweep()
    assert bells(browser.get("/finder").text) == ["Alerts 3 , 3 waiting"] * 2
    post(browser, f"acknowledge:{ticks_of(browser.get('/alerts').text)[0]}")
    assert bells(browser.get("/settings").text) == ["Alerts 2 , 2 waiting"] * 2


def test_the_bell_shows_no_more_than_99():
    assert [Bell("/alerts", count, False).shown for count in (0, 7, 99, 100, None)] == ["", "7", "99", "99+", "?"]
    assert Bell("/alerts", 1200, False).words == "1,200 waiting"
    assert Bell("/alerts", None, False).words == "it could not be read how many wait"
