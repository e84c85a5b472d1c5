"""Drill `headers`: every answer of every address has all security headers, and no page breaks the content policy.

Every row of the table of doors is asked by a person who may and by a stranger, read and posted to, with ids that are
there and with nobody's, at the https address of production; then all pages are opened in a real browser, which must
report nothing that its content policy forbids.
"""

import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import ConsoleMessage, sync_playwright
from playwright.sync_api import Error as BrowserError
from werkzeug.test import TestResponse

from app.practice.facts.staff import Role
from tests.support.browsers import ServerThatEnds, chromium_path
from tests.support.web import open_everybody
from tests.support.whole import Whole, whole_program

PLANTS = ("no-policy-on-errors", "inline-script", "store-redirects")
NONCE = re.compile(r"'nonce-([A-Za-z0-9_-]{22,})'")
WANTED = {
    "X-Content-Type-Options": r"nosniff",
    "X-Frame-Options": r"DENY",
    "Referrer-Policy": r"same-origin",
    "Cross-Origin-Opener-Policy": r"same-origin",
    "Cross-Origin-Embedder-Policy": r"require-corp",
    "Cross-Origin-Resource-Policy": r"same-origin",
    "Permissions-Policy": r"(?=.*camera=\(\))(?=.*geolocation=\(\))(?=.*microphone=\(\)).*",
    "Strict-Transport-Security": r"max-age=(6307200\d|[1-9]\d{8,}); includeSubDomains",
}
POLICY = (
    "default-src 'none'",
    "style-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "object-src 'none'",
)
NEVER = ("Server", "X-Powered-By", "Access-Control-Allow-Origin", "X-XSS-Protection", "Public-Key-Pins")
ASSETS = ("/static/", "/bootstrap/")


def run(plant: str | None = None, every: int = 1, pages: int | None = None) -> dict[str, Any]:
    """Ask every address (or one of `every`), and open all pages (or so many) in a browser. Returns the answer."""
    https = {"PUBLIC_BASE_URL": "https://localhost"}
    with TemporaryDirectory() as folder, whole_program(Path(folder), **https) as whole, planted(whole.app, plant):
        answers = list(_answers(whole, every))
    faults = [fault for name, answer in answers for fault in faults_of(name, answer)]
    nonces = Counter(match for _, answer in answers for match in NONCE.findall(answer.headers.get(POLICY_NAME, "")))
    faults += [f"nonce {nonce} came {count} times" for nonce, count in nonces.items() if count > 1]
    opened, broken = (0, []) if pages == 0 else _in_the_browser(plant, pages)
    return {
        "drill": "headers",
        "plant": plant,
        "answers": len(answers),
        "statuses": dict(sorted(Counter(f"{answer.status_code // 100}xx" for _, answer in answers).items())),
        "faults": len(faults),
        "pages": opened,
        "violations": len(broken),
        "first": (faults + broken)[:3],
        "passed": not faults
        and not broken
        and (opened > 0 or pages == 0)
        and len({a.status_code // 100 for _, a in answers}) >= 4,
    }


POLICY_NAME = "Content-Security-Policy"


def _answers(whole: Whole, every: int) -> Iterator[tuple[str, TestResponse]]:
    person, stranger = whole.enter(*Role), whole.app.test_client()
    yield "GET /break-down", person.get("/break-down")
    yield "GET /nowhere", stranger.get("/nowhere")
    yield "GET /sign-in of another host", stranger.get("/sign-in", headers={"Host": "evil.example"})
    yield "TRACE /sign-in", stranger.open("/sign-in", method="TRACE")
    doors = [(door, at) for door, at in whole.doors("GET", "POST", "PUT", "PATCH", "DELETE")][::every]
    for door, address in doors:
        if door.view == "security.logout":
            continue
        for name, browser in (("person", person), ("stranger", stranger)):
            yield f"{name}: {door}", _asked(browser, door.method, address)
    yield "POST /sign-out", _asked(person, "POST", "/sign-out")


def _asked(browser: FlaskClient, method: str, address: str) -> TestResponse:
    answer = browser.open(address, method=method, base_url="https://localhost")
    answer.get_data()  # before the file that it may be is closed
    answer.close()
    return answer


def faults_of(name: str, answer: TestResponse) -> list[str]:
    """What an answer's headers lack. Takes what to call it; a stored copy is for static files alone."""
    named = f"{name} -> {answer.status_code}"
    found = [
        f"{named}: {header}"
        for header, form in WANTED.items()
        if not re.fullmatch(form, answer.headers.get(header, ""), re.DOTALL)
    ]
    policy = answer.headers.get(POLICY_NAME, "")
    found += [f"{named}: policy without {part}" for part in POLICY if part not in policy]
    if not NONCE.search(policy) or "unsafe" in policy or "*" in policy:
        found.append(f"{named}: policy")
    if answer.status_code >= 500 and answer.request.path != "/break-down":
        found.append(f"{named}: it broke")
    found += [f"{named}: {header} is there" for header in NEVER if header in answer.headers]
    asset = any(part in answer.request.path for part in ASSETS) and answer.status_code < 400
    if (answer.headers.get("Cache-Control") == "no-store") == asset:
        found.append(f"{named}: Cache-Control")
    if answer.data and not re.match(r"[a-z]+/[a-z0-9.+-]+(; charset=utf-8)?$", answer.headers.get("Content-Type", "")):
        found.append(f"{named}: Content-Type")
    for cookie in answer.headers.getlist("Set-Cookie"):
        wanted = ("__Host-", "Secure", "HttpOnly", "Path=/", "SameSite=Lax")
        found += [f"{named}: cookie without {part}" for part in wanted if part not in cookie]
    if answer.request.path == "/sign-out" and answer.status_code < 400 and "Clear-Site-Data" not in answer.headers:
        found.append(f"{named}: Clear-Site-Data")
    return found


def _in_the_browser(plant: str | None, pages: int | None) -> tuple[int, list[str]]:
    with TemporaryDirectory() as folder, whole_program(Path(folder)) as whole, planted(whole.app, plant):
        return _in_a_browser(whole, pages)


def _in_a_browser(whole: Whole, pages: int | None) -> tuple[int, list[str]]:
    """Open pages in Chromium. Returns how many, and what their policy forbade."""
    signed_in = whole.enter(*Role, email="browser@example.test")
    cookie = signed_in.get_cookie("cleared")
    assert cookie is not None
    server = ServerThatEnds(whole.app)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    served, broken = f"http://localhost:{server.server_port}", []
    places = [at for _door, at in whole.doors("GET") if not at.startswith((*ASSETS, "/api/", "/fs-static/"))]
    chosen = places if pages is None else places[:: max(1, len(places) // pages)]
    try:
        # in a thread of its own: a process may have one Playwright a thread, and other tests keep theirs open
        with ThreadPoolExecutor(1) as apart:
            apart.submit(_walk, cookie.value or "", served, chosen, broken).result()
    finally:
        server.end()
        thread.join()
    return len(chosen), broken


def _walk(cookie: str, served: str, places: list[str], broken: list[str]) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
        context = browser.new_context()
        context.add_cookies([{"name": "cleared", "value": cookie, "url": served}])
        _open_all(context.new_page(), served, places, broken)
        browser.close()


def _open_all(page: Any, served: str, places: list[str], broken: list[str]) -> None:
    here = [""]

    def hear(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "Refused to" in message.text:
            broken.append(f"{here[0]}: {message.text[:200]}")

    page.on("console", hear)
    page.on("pageerror", lambda error: broken.append(f"{here[0]}: {str(error)[:200]}"))
    for place in places:
        here[0] = place
        with suppress(BrowserError):  # a file is downloaded, which ends the opening of a page
            page.goto(served + place, wait_until="load")


def broken_page() -> str:
    """Break, so that an error's page is among the answers."""
    raise RuntimeError


@contextmanager
def planted(app: Flask, plant: str | None) -> Iterator[None]:
    """Plant a bad design for the run, beside a page that breaks."""
    open_everybody(app, "/break-down", "break_down", broken_page)

    @app.after_request
    def spoil(response: Any) -> Any:
        if plant == "store-redirects" and 300 <= response.status_code < 400:
            response.headers["Cache-Control"] = "private, max-age=60"
        if plant == "no-policy-on-errors" and response.status_code >= 400:
            del response.headers[POLICY_NAME]
        if plant == "inline-script" and response.mimetype == "text/html" and not response.direct_passthrough:
            response.set_data(response.get_data(as_text=True).replace("</body>", "<script>1</script></body>"))
        return response

    app.after_request_funcs[None].insert(0, app.after_request_funcs[None].pop())  # after all others
    yield
