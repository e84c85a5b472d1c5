"""Nothing is changed by a form of another site: a small run of the drill, its planted holes, and a real browser."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser

from app.practice.facts.staff import Role
from tests.drills import crossing


def test_no_form_of_another_site_is_taken_at_any_kind_of_address():
    answer = crossing.run(every=9, few=True)
    assert answer["passed"], answer
    assert answer["addresses"] >= 8


@pytest.mark.parametrize("plant", crossing.PLANTS)
def test_the_drill_finds_each_planted_hole(plant):
    answer = crossing.run(plant, every=40, few=True)
    assert not answer["passed"]
    assert answer["taken"] > 0


def test_only_the_mix_of_a_page_of_ours_counts_as_ours():
    ours = [mix for mix in crossing.mixes() if mix.ours]
    assert {(mix.token, mix.origin, mix.site, mix.referer) for mix in ours} == {
        ("right", "http://localhost", "same-origin", None),
        ("right", "http://localhost", None, None),
        ("right", None, "same-origin", None),
        ("right", None, None, "same"),
    }


PAGE = """<!doctype html><title>elsewhere</title>
<form id="form" method="post" action="{target}" enctype="{kind}">
<input name="theme" value="dark"><input name="density" value="compact"><input name="csrf_token" value="{token}">
</form><script>document.getElementById("form").submit()</script>"""


class Evil(BaseHTTPRequestHandler):
    """Another site: every page of it sends a form to us by itself."""

    page = ""

    def do_GET(self) -> None:
        content = self.page.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_given: Any) -> None:
        """Say nothing."""


@pytest.fixture
def evil() -> Iterator[int]:
    """The port of another site on this machine."""
    server = HTTPServer(("127.0.0.1", 0), Evil)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.browser
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_real_browser_that_is_signed_in_sends_nothing_for_another_site(
    web_app: Flask, served: str, chromium: Browser, sign_in: Any, evil: int
) -> None:
    signed_in = sign_in(Role.SCHEDULER)
    cookie = signed_in.get_cookie("cleared")
    token = signed_in.get("/settings").text.partition('name="csrf_token" value="')[2].partition('"')[0]
    context = chromium.new_context()
    context.add_cookies([{"name": "cleared", "value": cookie.value, "url": served, "sameSite": "Lax"}])
    page = context.new_page()
    assert page.goto(f"{served}/settings").status == 200
    for host in ("localhost", "127.0.0.1"):  # the first is the same site on another port, so that its cookie is sent
        for kind in ("application/x-www-form-urlencoded", "multipart/form-data", "text/plain"):
            Evil.page = PAGE.format(target=f"{served}/settings", kind=kind, token=token)
            with page.expect_response(f"{served}/settings") as answered:
                page.goto(f"http://{host}:{evil}/")
            assert answered.value.status in (403, 415), (host, kind)
    page.goto(f"{served}/settings")
    assert page.locator("input[name=theme]:checked").get_attribute("value") == "auto"
    framed = f'<iframe src="{served}/settings"></iframe><img src="{served}/settings">'
    Evil.page = f"<!doctype html><title>elsewhere</title>{framed}"
    # The page can be loaded before the frame holds the browser's own error page: that is what is waited for.
    with page.expect_event("framenavigated", lambda frame: frame.url.startswith("chrome-error:")):
        page.goto(f"http://127.0.0.1:{evil}/", wait_until="load")
    context.close()
