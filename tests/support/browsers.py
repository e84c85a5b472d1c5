"""Fixtures for tests marked `browser`: the web program on a port of this machine, and Chromium."""

import os
import re
import shutil
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Lock, Thread, local
from typing import Any
from weakref import WeakSet

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect, sync_playwright
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from tests.support import hands

PATIENCE = 90_000
"""Milliseconds that anything on a page may take: a busy machine is no failure."""
expect.set_options(timeout=PATIENCE)
hands.teach()
NAMES = ("chromium", "chromium-browser", "google-chrome")
PLACES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def chromium_path() -> str:
    """Find Chromium; `scripts/test` has installed it."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    found = found or next((place for place in PLACES if Path(place).exists()), None)
    if not found:
        raise RuntimeError("Chromium is not installed; run `scripts/test`, or: apt-get install chromium")
    return found


class Answer:
    """The body of an answer, which is closed once, whoever closes it."""

    def __init__(self, body: Any) -> None:
        self._body, self._closed = body, False

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._body)

    def close(self) -> None:
        """Close the body, as the file that it reads from."""
        if not self._closed:
            self._closed = True
            getattr(self._body, "close", lambda: None)()


class ClosingHandler(WSGIRequestHandler):
    """A handler that closes an answer even when the browser breaks the connection off behind it.

    The server of the library then leaves it open, and a file that was sent is collected unclosed in another test.
    """

    def run_wsgi(self) -> None:
        """Answer one request."""
        try:
            super().run_wsgi()
        finally:
            self.server.close_answer()  # type: ignore[attr-defined]


class ServerThatEnds(ThreadedWSGIServer):
    """A server that ends with no request under way: whoever takes its database away breaks none of them off."""

    daemon_threads = False  # so that closing waits for the requests

    def __init__(self, app: Any) -> None:
        self._closing = Lock()
        super().__init__("127.0.0.1", 0, self._answer, handler=ClosingHandler)
        self._app, self._here = app, local()
        self._sockets: list[socket.socket] = []

    def _answer(self, environ: Any, start: Any) -> Answer:
        self._here.answer = Answer(self._app(environ, start))
        return self._here.answer

    def close_answer(self) -> None:
        """Close what this thread answered."""
        if (answer := getattr(self._here, "answer", None)) is not None:
            answer.close()

    def get_request(self) -> Any:
        """Keep each connection, to end those on which nothing was asked."""
        accepted = super().get_request()
        self._sockets.append(accepted[0])
        return accepted

    def server_close(self) -> None:
        """Wait for the requests under way; the thread that serves closes too, and takes them off the list."""
        with self._closing:
            super().server_close()

    def end(self) -> None:
        """Take no more requests, and wait for those that came."""
        self.shutdown()
        for one in self._sockets:
            with suppress(OSError):  # answered and closed already
                one.shutdown(socket.SHUT_RD)
        self.server_close()


@pytest.fixture
def served(web_app: Flask) -> Iterator[str]:
    """The address of the web program, served on this machine while the test runs."""
    server = ServerThatEnds(web_app)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.end()
    thread.join()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for the run of a worker."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
        browser.on("context", lambda context: context.set_default_timeout(PATIENCE))
        yield browser
        browser.close()


_without_script: WeakSet[Page] = WeakSet()


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A fresh page, once with JavaScript and once without."""
    context = chromium.new_context(java_script_enabled=request.param)
    made = context.new_page()
    if not request.param:
        _without_script.add(made)
    yield made
    context.close()


def runs_script(page: Page) -> bool:
    """Say whether a page of the fixture has JavaScript."""
    return page not in _without_script


def arrived(page: Page, title: str | re.Pattern[str] | None = None, *, at: str | re.Pattern[str] | None = None) -> None:
    """Wait until a page is there, told by its title, its address or both, and its scripts have run.

    The title stands before deferred scripts run: whoever goes by it alone presses keys that nobody hears yet.
    """
    assert title is not None or at is not None, "a page is told by its title or its address"
    if title is not None:
        expect(page).to_have_title(title)
    if at is not None:
        expect(page).to_have_url(at)
    page.wait_for_load_state("load")


FOCUSED = """() => {
  const here = document.activeElement === document.body ? null : document.activeElement;
  return {
    id: here?.id || "",
    name: here?.getAttribute("name") || "",
    value: here?.getAttribute("value") || "",
    text: (here?.innerText || "").trim(),
  };
}"""


def focused(page: Page) -> dict[str, str]:
    """Tell of the element in focus, in one look: its id, name, value and text; each is empty where there is none."""
    return dict(page.evaluate(FOCUSED))


RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def faults_of(page: Page) -> list[str]:
    """Check a page for accessibility. Returns the rules that it breaks.

    It needs JavaScript in the page: without, axe would never come back.
    """
    assert runs_script(page), "axe needs JavaScript in the page"
    page.wait_for_load_state("load")
    found = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]})
    return [f"{fault['id']}: {fault['nodes'][0]['html']}" for fault in found.response["violations"]]
