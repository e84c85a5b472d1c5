"""What people typed comes back as text, in pages and in addresses, and is read once, as it was typed."""

from markupsafe import escape

from app.platform.caller import Caller
from app.platform.db import db
from app.practice.facts.practice import Site
from app.practice.facts.staff import Role
from app.practice.store import practice as practice_store
from tests.support import make
from tests.support.web import equipped, token_of

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'; DROP TABLE visit; --",
    "{{ 7 * 7 }}",
    "%3Cscript%3E",
    "&lt;b&gt;",
    "javascript:alert(1)",
)
ELSEWHERE = (
    "https://elsewhere.example/",
    "//elsewhere.example",
    "/\\elsewhere.example",
    "javascript:elsewhere.example",
)


def test_a_name_that_looks_like_code_is_shown_as_it_is_written(sign_in, web_app, web_clock):
    browser = sign_in(Role.ADMINISTRATOR)
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
        for number, text in enumerate(HOSTILE):
            site = Site(make.an_id(70 + number), text, None, make.ZONE, "NY")
            practice_store.add_site(caller.session, caller.practice_id, site)
        caller.session.commit()
    page = browser.get("/admin/sites").text
    for text in HOSTILE:
        assert str(escape(text)) in page
        assert escape(text) == text or text not in page


def test_what_was_typed_wrong_comes_back_in_its_field_as_it_was_typed(sign_in):
    browser = sign_in(Role.ADMINISTRATOR)
    token = token_of(browser, "/setup")
    for text in HOSTILE:
        answer = browser.post("/setup", data={"name": text, "zone": "nowhere", "csrf_token": token})
        assert answer.status_code == 422
        assert f'value="{escape(text)}"' in answer.text


def test_a_value_in_an_address_is_shown_as_text(sign_in):
    browser = sign_in(Role.COORDINATOR)
    for text in HOSTILE:
        page = browser.get("/finder", query_string={"payer": text, "code": text})
        assert page.status_code in (200, 422)
        assert escape(text) == text or text not in page.text


def test_sign_in_leads_to_no_address_that_a_link_brings(client):
    for address in ELSEWHERE:
        assert "elsewhere.example" not in client.get("/sign-in", query_string={"next": address}).text


def test_a_path_is_decoded_once_and_leads_to_no_file_beside_our_own(sign_in):
    browser = sign_in(Role.ADMINISTRATOR)
    assert browser.get("/admin/sites").status_code == 200
    for path in ("/admin%252Fsites", "/static/..%2f..%2fconfig.py", "/static/%2e%2e/%2e%2e/config.py", "/.git/config"):
        assert browser.get(path).status_code == 404, path


def test_a_refusal_at_sign_in_shows_what_was_typed_as_text(client):
    form = {"email": "<b>kim</b>@example.test", "password": "<i>x</i>", "csrf_token": token_of(client)}
    page = client.post("/sign-in", data=form).text
    assert "<b>kim" not in page
    assert "<i>x" not in page
    assert "&lt;i&gt;x" not in page  # a password is never sent back
