"""Who is let in, and who is not: every rule and method, every role, every limit."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from app.platform.caller import Caller
from app.platform.db import db
from app.practice.actions import staff as actions
from app.practice.facts.staff import Permission, Role
from app.practice.rules.fields import Field
from app.practice.rules.roles import permissions_of
from app.practice.store import staff as store
from app.web.doorkeeping import UnguardedRouteError, refuse_unguarded
from app.web.doors import EVERYBODY, STRANGERS, DoorsError, doors, read_doors
from tests.support import make
from tests.support.web import EMAIL, equipped, open_everybody, token_of


def _address(rule):
    return rule.rule if not rule.arguments else "/" + "/".join("x" for part in rule.rule.split("/") if part)


def _doors(app: Flask):
    for rule in app.url_map.iter_rules():
        for method in sorted(rule.methods or ()):
            door = doors().at(method, rule.rule)
            if door is None or door.group != STRANGERS:
                yield _address(rule), method


def test_every_page_refuses_a_stranger_by_every_method(web_app, client):
    web_app.config["WTF_CSRF_ENABLED"] = False  # the doors must hold alone
    doors = list(_doors(web_app))
    answers = {(address, method): client.open(address, method=method) for address, method in doors}
    assert len(answers) >= 8
    for (address, method), answer in answers.items():
        sent_away = answer.status_code == 302 and answer.location.startswith("/sign-in?")
        assert sent_away or answer.status_code in (401, 404), (address, method, answer.status_code)


def test_a_route_that_is_not_in_the_table_stops_the_start(web_app):
    web_app.add_url_rule("/open", "open", lambda: "everybody's")
    with pytest.raises(UnguardedRouteError, match=r"GET /open: this route is not in the table"):
        refuse_unguarded(web_app, doors())


def test_a_method_that_is_not_in_the_table_stops_the_start(web_app):
    web_app.add_url_rule("/keys", "desk_pages.keys", methods=["DELETE"])
    with pytest.raises(UnguardedRouteError, match=r"DELETE /keys: this route is not in the table"):
        refuse_unguarded(web_app, doors())


@pytest.mark.parametrize(
    ("row", "change", "fault"),
    [
        ("GET /keys", {"address": "/lost"}, "no route has this address"),
        ("GET /keys", {"view": "desk_pages.day"}, "the view is desk_pages.keys"),
        ("GET /keys", {"group": STRANGERS}, "the view is marked with a policy"),
        ("GET /keys", {"group": None, "roles": frozenset(Role)}, "differ on whether everybody"),
        ("GET /setup", {"roles": frozenset(Role)}, "the view is open to administrator"),
        ("GET /setup", {"roles": frozenset({Role.MANAGER})}, "the view is open to administrator"),
        ("GET /setup", {"group": EVERYBODY}, "differ on whether everybody"),
        ("GET /health", {"group": EVERYBODY}, "the view has no policy"),
        ("GET /setup", {"fresh": True}, "differ on asking for a fresh proof"),
        ("GET /setup", {"whole": True}, "differ on `sight: whole`"),
        ("GET /imports", {"whole": False}, "differ on `sight: whole`"),
        ("GET /visits/<uuid:visit_id>", {"objects": (("visit_id", "visitor"),)}, "does not know this kind"),
    ],
)
def test_a_row_that_says_otherwise_than_its_view_stops_the_start(web_app, row, change, fault):
    rows = {at: replace(door, **change) if str(door) == row else door for at, door in doors().rows.items()}
    rows = {(door.method, door.address): door for door in rows.values()}
    with pytest.raises(UnguardedRouteError, match=fault):
        refuse_unguarded(web_app, replace(doors(), rows=rows))


def test_fields_that_differ_from_the_roles_stop_the_start(web_app):
    fields = doors().fields | {Field.DIAGNOSIS: frozenset(Role)}
    with pytest.raises(UnguardedRouteError, match="of scheduler"):
        refuse_unguarded(web_app, replace(doors(), fields=fields))


_FIELDS = "fields: {" + ", ".join(f"{field}: [manager]" for field in Field) + "}"


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("FETCH /x: {view: x, open: everybody, object: none}", "this is no method and address"),
        ("GET x: {view: x, open: everybody, object: none}", "this is no method and address"),
        ("GET /x: {view: x, open: everybody}", "the row lacks a key or has another"),
        ("GET /x: {view: x, open: everybody, object: none, may: all}", "the row lacks a key or has another"),
        ("GET /x: {view: x, open: anybody, object: none}", "these are no roles"),
        ("GET /x: {view: x, open: [], object: none}", "these are no roles"),
        ("GET /x: {view: x, open: [manager, manager], object: none}", "these are no roles"),
        ("GET /x: {view: x, open: [janitor], object: none}", "these are no roles"),
        ("GET /x/<uuid:one>: {view: x, open: everybody, object: none}", "the address holds 1 ids"),
        ("GET /x: {view: x, open: everybody, object: visit}", "the address holds 0 ids"),
        ("GET /x: {view: x, open: everybody, object: none, fresh: yes}", "this word is not known"),
        ("GET /x: {view: x, open: everybody, object: none, sight: part}", "this word is not known"),
        ("GET /x: {view: x, view: y, open: everybody, object: none}", "stands here again"),
    ],
)
def test_the_table_is_read_strictly(row, fault):
    with pytest.raises(DoorsError, match=fault):
        read_doors("doors.yaml", f"doors:\n  {row}\n{_FIELDS}\n".encode())


def test_a_table_without_all_fields_is_refused():
    row = "  GET /x: {view: x, open: everybody, object: none}\n"
    assert read_doors("doors.yaml", f"doors:\n{row}{_FIELDS}\n".encode()).at("HEAD", "/x").view == "x"
    with pytest.raises(DoorsError, match="these are not all fields"):
        read_doors("doors.yaml", f"doors:\n{row}fields: {{identity: [manager]}}\n".encode())


def test_a_role_without_the_permission_is_refused(sign_in):
    browser = sign_in(Role.SCHEDULER)
    answer = browser.get("/setup")
    assert answer.status_code == 403
    assert "not open to your role" in answer.text


def test_every_permission_is_held_by_some_role_and_an_administrator_sees_no_patient():
    assert permissions_of(Role) == frozenset(Permission)
    assert Permission.SEE_SCHEDULE not in permissions_of({Role.ADMINISTRATOR})


def test_fifteen_idle_minutes_end_the_session_and_use_prolongs_it(sign_in, web_clock):
    browser = sign_in(Role.ADMINISTRATOR)
    for _ in range(3):
        web_clock.instant += timedelta(minutes=14)
        assert browser.get("/setup").status_code == 200
    web_clock.instant += timedelta(minutes=15)
    assert browser.get("/setup").status_code == 302


def test_twelve_hours_end_the_session_however_much_it_is_used(sign_in, web_clock):
    browser = sign_in(Role.ADMINISTRATOR)
    for _ in range(71):
        web_clock.instant += timedelta(minutes=10)
        assert browser.get("/setup").status_code == 200
    web_clock.instant += timedelta(minutes=10)
    assert browser.get("/setup").status_code == 302


def test_signing_out_ends_the_session_on_the_server(sign_in, web_app):
    browser = sign_in(Role.ADMINISTRATOR)
    kept = browser.get_cookie("cleared").value
    assert browser.post("/sign-out", data={"csrf_token": token_of(browser, "/setup")}).status_code == 302
    thief = web_app.test_client()
    thief.set_cookie("cleared", kept)
    assert thief.get("/setup").status_code == 302


def _try(client, password):
    form = {"email": EMAIL, "password": password, "csrf_token": token_of(client)}
    return client.post("/sign-in", data=form)


def test_five_failures_lock_sign_in_and_the_lock_ends(sign_in, web_app, web_clock):
    sign_in(Role.ADMINISTRATOR)
    other = web_app.test_client()
    answers = [_try(other, "wrong-password") for _ in range(5)]
    assert {answer.status_code for answer in answers} == {422}
    with web_app.app_context():
        assert store.sign_in_state(db.session(), EMAIL).failures == 5


def test_a_stranger_and_a_wrong_password_get_the_same_page(sign_in, web_app):
    sign_in(Role.BILLER)
    other = web_app.test_client()
    known = _try(other, "wrong-password").text
    form = {"email": "no@example.test", "password": "wrong-password", "csrf_token": token_of(other)}
    unknown = other.post("/sign-in", data=form).text
    assert "do not belong together" in known
    assert _bare(known, EMAIL) == _bare(unknown, "no@example.test")


def _bare(page, email):
    """A page up to its token, without the address that was typed and without its nonce."""
    return re.sub(r'nonce="[^"]+"', "", page.replace(email, "").split("csrf_token")[0])


def test_a_form_without_its_token_is_refused(client):
    answer = client.post("/sign-in", data={"email": EMAIL, "password": "x"})
    assert answer.status_code == 400
    assert "open too long" in answer.text


def test_every_answer_has_the_headers_and_a_nonce_of_its_own(client):
    first, second = client.get("/sign-in"), client.get("/sign-in")
    for answer in (first, client.get("/nothing"), client.get("/health")):
        assert answer.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert first.headers["Content-Security-Policy"] != second.headers["Content-Security-Policy"]


def test_pages_hold_no_inline_script_or_style(sign_in):
    page = sign_in(Role.ADMINISTRATOR).get("/setup").text
    scripts = re.findall(r"<script[^>]*>", page)
    assert scripts
    assert [one for one in scripts if "src=" not in one or "nonce=" not in one] == []
    assert not re.search(r"<script[^>]*>[^<]", page)
    assert "style=" not in page
    assert "<style" not in page


def test_a_page_that_breaks_shows_a_number_and_no_detail(capsys, web_app, sign_in):
    def burst() -> str:
        raise ValueError("Ada Lovelace")

    open_everybody(web_app, "/burst", "burst", burst)
    answer = sign_in(Role.BILLER).get("/burst")
    assert answer.status_code == 500
    number = answer.text.split('class="incident">')[1].split("<")[0]
    logged = capsys.readouterr()
    assert number in logged.err
    assert "Lovelace" not in answer.text + logged.err + logged.out


def test_a_practice_that_is_not_set_up_leads_to_its_page(web_app, sign_in):
    browser = sign_in(Role.ADMINISTRATOR)
    with web_app.app_context():
        db.session.execute(text("UPDATE practice SET set_up = false"))
        db.session.commit()
    assert browser.get("/").location == "/setup"
    token = token_of(browser, "/setup")
    wrong = browser.post("/setup", data={"csrf_token": token, "name": "", "zone": "Mars/North", "group_npi": "123"})
    assert wrong.status_code == 422
    assert "Error: " in wrong.text
    assert 'value="123"' in wrong.text
    right = {
        "csrf_token": token,
        "name": "Lakeside",
        "zone": "America/Chicago",
        "state": "tx",
        "group_npi": make.GROUP_NPI,
    }
    assert browser.post("/setup", data=right).status_code == 302
    assert "Lakeside" in browser.get("/setup").text


def test_health_answers_a_stranger(client):
    assert client.get("/health").json == {"status": "ok", "reminders": "running"}


@pytest.mark.parametrize(
    ("method", "address", "options", "status"),
    [
        ("GET", "/sign-in", {"headers": {"Host": "evil.example"}}, 400),
        ("GET", "/%00", {}, 404),
        ("GET", "/static/%2e%2e/%2e%2e/config.py", {}, 404),
        ("PUT", "/sign-in", {}, 405),
        ("POST", "/sign-in", {"data": b"x" * 3_000_000, "content_type": "application/x-www-form-urlencoded"}, 413),
        ("GET", "/setup", {"headers": {"Authentication-Token": "x"}}, 302),
        ("GET", "/setup", {"headers": {"Cookie": "cleared=garbage"}}, 302),
        ("GET", "/verify", {}, 404),
    ],
)
def test_a_malformed_or_foreign_request_gets_a_plain_answer(client, method, address, options, status):
    answer = client.open(address, method=method, **options)
    assert answer.status_code == status
    assert "Traceback" not in answer.text
    assert "Content-Security-Policy" in answer.headers


def test_sign_in_leads_to_pages_of_this_program_only(web_app, sign_in):
    sign_in(Role.ADMINISTRATOR)
    other = web_app.test_client()
    with web_app.app_context():
        password = actions.renew_password(equipped(Caller(db.session(), make.PRACTICE_ID, make.clock())), EMAIL)
    form = {"email": EMAIL, "password": password, "csrf_token": token_of(other), "next": "https://evil.example/"}
    answer = other.post("/sign-in?next=https://evil.example/", data=form)
    assert answer.status_code == 302
    assert "evil" not in answer.location


def test_a_person_who_may_no_longer_sign_in_is_refused(sign_in, web_app):
    browser = sign_in(Role.ADMINISTRATOR)
    with web_app.app_context():
        db.session.execute(text("UPDATE staff SET active = false"))
        db.session.commit()
    assert browser.get("/setup").status_code == 302
