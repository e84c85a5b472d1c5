"""What comes in wrong is told so in a sentence, before it is read, and never as a failure of the program."""

import ast
import re
from io import BytesIO
from urllib.parse import quote

import pytest
from flask import Flask, abort, request
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError

from app.casework.facts.requests import MANY
from app.practice.facts.staff import Role
from app.web import errors
from app.web.gate import BODIES, LONGEST_ADDRESS, MIB, OF_A_PERSON, OF_A_STRANGER, REPEATED
from config import ROOT
from tests.support.web import open_everybody, token_of

MARK = "QUIXOTEMARK"
ODD = [
    "",
    "%00",
    "%0d%0aSet-Cookie:%20a=b",
    "..%2f..%2fetc%2fpasswd",
    "{{7*7}}",
    "%f0%28%8c%bc",
    "a" * 300,
    "-1",
    "1e999",
]


def told(answer, status, words):
    """Hold an answer to a status and to words on its page, which names no detail."""
    assert answer.status_code == status, answer.text[:300]
    assert words in answer.text
    assert "Traceback" not in answer.text
    assert "werkzeug" not in answer.text.lower()


def long(length):
    """What a request says that sends a form of so many bytes."""
    return {"CONTENT_LENGTH": str(length), "CONTENT_TYPE": "application/x-www-form-urlencoded"}


def test_a_strangers_body_is_refused_before_it_is_read(client):
    body = BytesIO(b"x" * 10)
    told(client.post("/sign-in", input_stream=body, environ_overrides=long(OF_A_STRANGER + 1)), 413, "up to 64 KB")
    assert body.tell() == 0


def test_a_persons_body_is_refused_by_address(sign_in):
    browser = sign_in(*Role)
    body = BytesIO(b"x" * 10)
    told(browser.post("/settings", input_stream=body, environ_overrides=long(OF_A_PERSON + 1)), 413, "up to 2 MB")
    limit = BODIES["import_pages.upload"]
    too_large = browser.post("/imports", input_stream=body, environ_overrides=long(limit + 1))
    told(too_large, 413, f"up to {limit // MIB} MB")
    assert body.tell() == 0


def test_every_address_of_the_table_of_bodies_is_there(web_app: Flask):
    assert set(BODIES) <= set(web_app.view_functions)


def test_a_body_without_a_length_is_refused_and_never_cut_off(client):
    endless = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    body = BytesIO(b"a=" + b"x" * (OF_A_STRANGER + 10))
    told(client.post("/sign-in", input_stream=body, environ_overrides=endless), 411, "how much")
    assert body.tell() == 0


def test_a_form_of_too_many_fields_is_told_so(client):
    many = {f"f{number}": "" for number in range(1200)}
    told(client.post("/sign-in", data=many, content_type="multipart/form-data"), 413, "too large")


def test_an_address_or_a_header_that_is_too_long_is_told_so(client):
    told(client.get("/sign-in?next=" + "a" * LONGEST_ADDRESS), 414, "too long")
    told(client.get("/sign-in", headers={"Accept-Language": "a" * 5000}), 431, "cookies")


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "application/xml", "image/png", "nonsense"])
def test_a_kind_of_content_that_no_page_sends_is_told_so(client, kind):
    told(client.post("/sign-in", data="a=b", content_type=kind), 415, "no form of a page")


def test_one_field_twice_with_different_values_is_told_so(client, sign_in):
    token = token_of(client)
    twice = f"email=a%40example.test&email=b%40example.test&password=x&csrf_token={token}"
    told(client.post("/sign-in", data=twice, content_type="application/x-www-form-urlencoded"), 400, "came twice")
    told(client.get("/sign-in?next=/a&next=//evil.example"), 400, "came twice")


def test_the_fields_that_may_repeat_are_those_of_which_every_value_is_read():
    read = set()
    for path in sorted((ROOT / "app").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "getlist":
                named = node.args[0]
                if isinstance(named, ast.Constant):
                    read.add(str(named.value))
    assert read | set(MANY) == REPEATED


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_no_header_and_no_field_makes_another_method_of_a_request(sign_in, header):
    browser = sign_in(Role.SCHEDULER)
    assert browser.get("/sign-out", headers={header: "POST"}).status_code == 405
    assert browser.get("/sign-out?_method=POST").status_code == 405
    assert browser.get("/settings").status_code == 200


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND", "XYZ"])
def test_methods_that_no_page_has_are_refused(client, method):
    answer = client.open("/sign-in", method=method)
    assert answer.status_code in (401, 403, 404, 405)
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_another_sites_frame_or_picture_of_a_page_is_refused_but_its_link_is_followed(client):
    crossed = {"Sec-Fetch-Site": "cross-site"}
    for dest, mode in (("iframe", "navigate"), ("image", "no-cors"), ("script", "no-cors"), ("empty", "cors")):
        asked = {**crossed, "Sec-Fetch-Dest": dest, "Sec-Fetch-Mode": mode}
        told(client.get("/sign-in", headers=asked), 403, "own pages only")
    linked = {**crossed, "Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate"}
    assert client.get("/sign-in", headers=linked).status_code == 200


def test_what_broke_has_a_number_and_no_detail(web_app, sign_in, capsys):
    def break_down() -> str:
        raise ValueError(MARK)

    open_everybody(web_app, "/break-down", "break_down", break_down)
    browser = sign_in(Role.SCHEDULER)
    answer = browser.get("/break-down")
    told(answer, 500, "Something broke")
    incident = re.search(r'class="incident">([0-9a-f]{8})<', answer.text)
    said = capsys.readouterr().err
    assert incident
    assert incident[1] in said
    assert MARK not in answer.text + said
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_page_that_breaks_while_it_tells_of_an_error_is_told_plainly(web_app, sign_in, capsys, monkeypatch):
    def break_down() -> str:
        raise OperationalError(f"SELECT '{MARK}'", {}, Exception(MARK))

    open_everybody(web_app, "/break-down", "break_down", break_down)
    browser = sign_in(Role.SCHEDULER)
    real = errors._page

    def page(code, title, advice, incident, known):
        if known:
            raise OperationalError(MARK, {}, Exception(MARK))
        return real(code, title, advice, incident, known)

    monkeypatch.setattr(errors, "_page", page)
    answer = browser.get("/break-down")
    told(answer, 500, "Something broke")
    assert 'class="incident"' in answer.text
    assert MARK not in answer.text + capsys.readouterr().err


def test_every_status_that_may_come_has_a_page_of_its_own(web_app, sign_in):
    from_werkzeug = {400, 401, 403, 404, 405, 408, 409, 410, 413, 414, 415, 422, 428, 429, 431, 500, 501, 503, 504}

    def refuse() -> str:
        abort(int(request.args["status"]))

    open_everybody(web_app, "/refuse", "refuse", refuse)
    browser = sign_in(Role.SCHEDULER)
    for status in sorted(from_werkzeug):
        answer = browser.get(f"/refuse?status={status}")
        assert answer.status_code == status
        assert "<h1>" in answer.text
        assert ('class="incident"' in answer.text) == (status >= 500)
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.one_of(
        st.sampled_from(["/sign-in", "/day", "/settings", "/schedule", "/hooks/sms/in"]), st.text(max_size=40)
    ),
    query=st.dictionaries(st.text(max_size=8), st.one_of(st.sampled_from(ODD), st.text(max_size=30)), max_size=4),
    body=st.binary(max_size=200),
    kind=st.sampled_from(
        ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json", ""]
    ),
    method=st.sampled_from(["GET", "POST", "HEAD"]),
)
def test_nothing_that_a_stranger_sends_breaks_the_program(client, path, query, body, kind, method):
    address = "/" + quote(path.lstrip("/"), safe="/")
    answer = client.open(address, method=method, query_string=query, data=body, content_type=kind or None)
    assert answer.status_code < 500
    answer.close()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nothing_odd_that_a_person_sends_breaks_a_page(sign_in, web_app):
    browser = sign_in(*Role)
    for rule in sorted({rule.rule for rule in web_app.url_map.iter_rules() if "GET" in (rule.methods or ())}):
        if "<" in rule or rule.startswith("/api/"):
            continue
        for value in ODD[len(rule) % 3 :: 3]:
            query = "&".join(
                f"{name}={value}" for name in ("day", "page", "after", "site", "q", "state", "payer", "visit")
            )
            answer = browser.get(f"{rule}?{query}")
            assert answer.status_code < 500, (rule, value)
            answer.close()
