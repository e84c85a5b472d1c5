"""The pages of texts: one patient's, the replies that wait, and how the practice names itself."""

import re
from html import unescape

import pytest

from app.alerts.facts.outbox import Language
from app.alerts.facts.texts import SentText
from app.alerts.store import texts as store
from app.audit import store as audit_store
from app.platform.caller import Caller
from app.platform.db import db, writing
from app.practice.facts.staff import Role
from tests.support import make
from tests.support.queries import counted
from tests.support.texting import LENA, LENAS, MAYA, OTTO, Texting
from tests.support.web import TOKEN, equipped

LENA_PAGE = f"/patients/{LENA}/texts"
KEY = re.compile(r'name="key" value="([^"]+)"')
WORDS = re.compile(r'<p class="text-words"[^>]*>(.*?)</p>')
UNDO = re.compile(r'action="([^"]+/undo)"')


@pytest.fixture
def desk(web_app, web_clock):
    """A practice that texts patients."""
    with web_app.app_context():
        yield Texting(equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))).furnish()


@pytest.fixture
def browser(desk, sign_in):
    return sign_in(Role.COORDINATOR)


def form_of(browser, address=LENA_PAGE, **more):
    """What the form of a page posts."""
    page = browser.get(address)
    found = {"csrf_token": TOKEN.search(page.text).group(1)}
    if key := KEY.search(page.text):
        found |= {"key": key.group(1), "visit": re.search(r'name="visit" value="([^"]*)"', page.text).group(1)}
    return found | more


def test_each_text_stands_there_as_it_will_read(desk, browser):
    page = browser.get(LENA_PAGE)
    assert page.status_code == 200
    assert [unescape(one) for one in WORDS.findall(page.text)] == [
        "Lena, your insurance step is done for your visit Tue Mar 10 9:30 AM. Lakeside 212-555-0199. "
        "Reply STOP to opt out",
        "Lena, we are still waiting on your insurance for your visit Tue Mar 10. We will text you. Lakeside "
        "212-555-0199. Reply STOP to opt out",
        "Lena, please call Lakeside at 212-555-0199 before your visit Tue Mar 10. It is about your insurance. "
        "Reply STOP to opt out",
        "Lena, has your insurance changed? Please call Lakeside at 212-555-0199 with your new card by Tue Mar 10. "
        "Reply STOP to opt out",
        "Lena, your visit with Lakeside needs a new date. Please call 212-555-0199 to choose one. "
        "Reply STOP to opt out",
    ]
    assert "It goes 30 seconds after you send it." in page.text
    assert "<title>Texts - Cleared</title>" in page.text


def test_what_stood_there_is_what_goes(desk, browser):
    stood = [unescape(one) for one in WORDS.findall(browser.get(f"/patients/{OTTO}/texts").text)]
    browser.post(
        f"/patients/{OTTO}/texts", data=form_of(browser, f"/patients/{OTTO}/texts", template="patient.new_card")
    )
    ((_number, text),) = desk.deliver(minutes=1)
    assert text == stood[3]
    assert "llame a Lakeside al 212-555-0199 con su tarjeta nueva antes del 10 de marzo." in text


def test_a_text_is_sent_once_listed_and_taken_back(desk, browser):
    form = form_of(browser, template="patient.moved")
    for _ in range(2):
        answer = browser.post(LENA_PAGE, data=form)
        assert answer.status_code == 303
    page = browser.get(LENA_PAGE)
    assert "The text goes in 30 seconds." in page.text
    assert desk.templates() == ["patient.moved"]
    undo = UNDO.search(page.text).group(1)
    page = browser.post(undo, data={"csrf_token": form["csrf_token"]}, follow_redirects=True)
    assert "The text was taken back." in page.text
    assert "Taken back before it went" in page.text
    assert desk.deliver(minutes=1) == []


def test_a_text_that_has_gone_cannot_be_taken_back(desk, browser):
    browser.post(LENA_PAGE, data=form_of(browser, template="patient.moved"))
    undo = UNDO.search(browser.get(LENA_PAGE).text).group(1)
    desk.deliver(minutes=1)
    page = browser.post(undo, data=form_of(browser), follow_redirects=True)
    assert "The text has gone already; it cannot be taken back." in page.text
    assert ">Sent<" in page.text
    assert UNDO.search(page.text) is None


def test_a_form_without_a_choice_comes_back_with_what_to_do(desk, browser):
    answer = browser.post(LENA_PAGE, data=form_of(browser))
    assert answer.status_code == 422
    assert "<title>Error: Texts - Cleared</title>" in answer.text
    assert answer.text.count("Choose one of the texts") == 2
    gone = form_of(browser, template="patient.ready") | {"visit": str(make.an_id(77))}
    answer = browser.post(LENA_PAGE, data=gone)
    assert answer.status_code == 422
    assert "Choose a booked visit of this patient that lies ahead" in answer.text


def test_why_no_text_may_go_is_said_and_no_form_is_offered(desk, browser):
    page = browser.get(f"/patients/{MAYA}/texts")
    assert "The patient has not said yes to texts. Record the consent under Contact wishes." in page.text
    assert "Send the text" not in page.text
    answer = browser.post(f"/patients/{MAYA}/texts", data=form_of(browser, template="patient.moved"))
    assert answer.status_code == 422
    assert desk.templates() == []


def test_one_visit_leads_to_its_patients_texts(desk, browser):
    visit = desk.book(LENA, 31_500)
    desk.caller.session.commit()
    page = browser.get(f"/visits/{visit}/texts", follow_redirects=True)
    assert f'<option value="{visit}" selected>' in page.text
    assert browser.get(f"/visits/{make.an_id(4)}/texts").status_code == 404
    assert f'href="/patients/{LENA}/texts"' in browser.get(f"/patients/{LENA}").text
    assert f'href="/visits/{visit}/texts"' in browser.get(f"/visits/{visit}").text


def test_an_opt_out_told_by_phone_is_recorded_and_undone(desk, browser):
    token = form_of(browser)["csrf_token"]
    answer = browser.post(f"{LENA_PAGE}/stop", data={"csrf_token": token})
    assert answer.status_code == 422
    assert "Choose how it was said" in answer.text
    page = browser.post(f"{LENA_PAGE}/stop", data={"csrf_token": token, "how": "by_phone"}, follow_redirects=True)
    assert "ended Mon 03/02/2026 10:00 AM ET: it was said by phone, recorded by Kim Example." in page.text
    assert "Send the text" not in page.text
    page = browser.post(f"{LENA_PAGE}/start", data={"csrf_token": token}, follow_redirects=True)
    assert "Texts may go to this number again." in page.text
    assert "Send the text" in page.text


def test_a_reply_is_read_by_a_person_and_lets_texts_go_again(desk, browser):
    reply = desk.reply(LENAS, "Can I come <b>Friday</b>?\nThanks")
    page = browser.get(LENA_PAGE)
    assert "The patient wrote back, and nobody has read it yet." in page.text
    page = browser.get("/alerts/replies")
    assert "Can I come &lt;b&gt;Friday&lt;/b&gt;?" in page.text
    assert "Example, Lena" in page.text and "(212) 555-0141" in page.text
    form = {"csrf_token": TOKEN.search(page.text).group(1)}
    page = browser.post(f"/alerts/replies/{reply.id}/read", data=form, follow_redirects=True)
    assert "No reply waits to be read." in page.text
    assert "Send the text" in browser.get(LENA_PAGE).text
    page = browser.get("/alerts/replies?read=yes")
    assert "by Kim Example" in page.text
    page = browser.post(f"/alerts/replies/{reply.id}/unread", data=form, follow_redirects=True)
    assert "I have read it" in page.text
    assert browser.post(f"/alerts/replies/{make.an_id(5)}/read", data=form).status_code == 404


def test_replies_are_listed_fifty_a_page_with_a_fixed_number_of_queries(desk, browser):
    desk.reply(LENAS, "one")
    browser.get("/alerts/replies")
    with counted(db.engine) as few:
        browser.get("/alerts/replies")
    for place in range(60):
        desk.reply(LENAS, f"reply {place}")
    with counted(db.engine) as many:
        page = browser.get("/alerts/replies")
    assert len(few) == len(many)
    assert page.text.count("<article") == 50
    rest = browser.get(unescape(re.search(r'href="([^"]+)" rel="next"', page.text).group(1)))
    assert rest.text.count("<article") == 11
    assert 'rel="next"' not in rest.text


def test_the_patients_page_of_texts_asks_a_fixed_number_of_queries(desk, browser):
    browser.get(LENA_PAGE)
    with counted(db.engine) as few:
        browser.get(LENA_PAGE)
    for number in range(10):
        desk.book(LENA, 31_600 + number)
        sent = SentText(make.an_id(32_000 + number), LENA, None, "patient.moved", Language.ENGLISH, make.NOW, None)
        store.add_text(desk.caller.session, make.PRACTICE_ID, sent)
    desk.caller.session.commit()
    with counted(db.engine) as many:
        browser.get(LENA_PAGE)
    assert len(few) == len(many) <= 30


def test_who_may_not_see_cases_and_who_may_only_read(desk, sign_in):
    reader = sign_in(Role.SCHEDULER)
    page = reader.get(LENA_PAGE)
    assert page.status_code == 200
    assert "Send the text" not in page.text and "End texts" not in page.text
    token = TOKEN.search(page.text).group(1)
    assert reader.post(LENA_PAGE, data={"csrf_token": token, "template": "patient.moved"}).status_code == 403
    assert reader.post(f"{LENA_PAGE}/stop", data={"csrf_token": token, "how": "by_phone"}).status_code == 403


def test_an_administrator_alone_sees_no_reply_and_no_patient(desk, sign_in):
    admin = sign_in(Role.ADMINISTRATOR)
    assert admin.get(LENA_PAGE).status_code == 403
    assert admin.get("/alerts/replies").status_code == 403


def test_another_practices_patient_is_not_found(desk, browser):
    assert browser.get(f"/patients/{make.an_id(1)}/texts").status_code == 404


def test_reading_leaves_an_audit_line(desk, browser):
    desk.reply(LENAS, "hello")
    browser.get(LENA_PAGE)
    browser.get("/alerts/replies")
    desk.caller.session.rollback()
    told = [entry for entry, _mac in audit_store.entries(desk.caller.session, make.PRACTICE_ID)]
    assert [LENA in one.subjects for one in told if one.action in ("alerts.texts_seen", "alerts.replies_seen")] == [
        True,
        True,
    ]


def admin_form(browser, **more):
    """What the form of the practice's texts posts."""
    page = browser.get("/admin/messages")
    found = {"csrf_token": TOKEN.search(page.text).group(1)}
    found["version"] = re.search(r'name="version" value="([^"]*)"', page.text).group(1)
    return found | {"short_name": "Lakeview", "phone": "(800) 555-0188", "language": "es"} | more


def test_an_administrator_names_the_practice_and_sees_every_text(desk, sign_in):
    admin = sign_in(Role.ADMINISTRATOR)
    assert "Messages" in admin.get("/admin").text
    page = admin.post("/admin/messages", data=admin_form(admin), follow_redirects=True)
    assert "Saved. Patients&#39; texts name the practice like this from now on." in page.text
    assert unescape(page.text).count("Lakeview") >= 16
    ready = "Maria, ya tenemos lo que pide su seguro para su cita del 15 de diciembre, 9:30 AM. Lakeview 800-555-0188"
    assert ready in page.text
    assert store.practice_texts(desk.caller.session, make.PRACTICE_ID).language == "es"


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"short_name": ""}, "Enter the name that patients know the practice by"),
        ({"short_name": "Lakeview Dermatology"}, "leave out 'Dermatology'"),
        ({"short_name": "L" * 21}, "Name must have at most 20 characters; you entered 21"),
        ({"short_name": "Clínica"}, "Name must be in the letters of texts; write Clinica"),
        ({"phone": "555"}, "Phone must be a number of the United States, like (212) 555-0123"),
        ({"language": "fr"}, "Choose a language"),
    ],
)
def test_what_cannot_stand_in_a_text_is_said_beside_the_field(desk, sign_in, changed, fault):
    admin = sign_in(Role.ADMINISTRATOR)
    answer = admin.post("/admin/messages", data=admin_form(admin, **changed))
    assert answer.status_code == 422
    assert "<title>Error: Messages - Cleared</title>" in answer.text
    assert unescape(answer.text).count(fault) == 2


def test_two_who_name_the_practice_at_once_are_asked_which_to_keep(desk, sign_in):
    admin = sign_in(Role.ADMINISTRATOR)
    form = admin_form(admin)
    with writing(desk.caller.session) as session:
        texts = store.practice_texts(session, make.PRACTICE_ID)
        store.save_practice_texts(session, make.PRACTICE_ID, type(texts)("Hillside", texts.phone))
    answer = admin.post("/admin/messages", data=form)
    assert answer.status_code == 409
    assert "Hillside" in answer.text and "Lakeview" in answer.text
    version = re.search(r'name="version" value="([^"]*)"', answer.text).group(1)
    assert admin.post("/admin/messages", data=form | {"version": version}).status_code == 303


def test_a_new_practice_is_suggested_a_name_without_its_specialty(web_app, sign_in):
    page = sign_in(Role.ADMINISTRATOR).get("/admin/messages")
    assert 'name="short_name" type="text" value="Example"' in page.text
    assert "How patients" not in re.sub(r"<p>How patients.*?</p>", "", page.text)
