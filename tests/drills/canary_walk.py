"""What people do in the canary drill: they find marked patients, read them, and write marked words where they can."""

import re
from html import unescape
from html.parser import HTMLParser
from http.client import HTTPResponse
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, ProxyHandler, Request, build_opener
from uuid import uuid4

from tests.drills.canary_marks import Marks

FORMS = "application/x-www-form-urlencoded"
VISIT = re.compile(r"/visits/([0-9a-f-]{36})")
PATIENT = re.compile(r"/patients/([0-9a-f-]{36})")


class _Forms(HTMLParser):
    """The forms of a page: where each goes, and what stands in its fields."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, list[tuple[str, str]]]] = []
        self._open: list[tuple[str, str]] | None = None
        self._area: tuple[str, list[str]] | None = None
        self._choice: tuple[str, list[tuple[str, bool]]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a form or a field."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "").lower() == "post":
            self._open = []
            self.forms.append((given.get("action", ""), self._open))
        elif self._open is not None and given.get("name"):
            self._field(tag, given, dict(attrs))
        if tag == "option" and self._choice is not None:
            self._choice[1].append((given.get("value", ""), "selected" in given))

    def _field(self, tag: str, given: dict[str, str], attrs: dict[str, str | None]) -> None:
        assert self._open is not None
        kind = given.get("type", "text")
        ticked = kind not in ("checkbox", "radio") or "checked" in attrs
        if tag == "input" and kind not in ("submit", "file", "button") and ticked:
            self._open.append((given["name"], given.get("value", "")))
        elif tag == "textarea":
            self._area = (given["name"], [])
        elif tag == "select":
            self._choice = (given["name"], [])

    def handle_data(self, data: str) -> None:
        """Take what stands in a text area."""
        if self._area is not None:
            self._area[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        """End a form or a field."""
        if tag == "textarea" and self._area is not None and self._open is not None:
            self._open.append((self._area[0], "".join(self._area[1])))
            self._area = None
        elif tag == "select" and self._choice is not None and self._open is not None:
            name, options = self._choice
            chosen = next((value for value, on in options if on), options[0][0] if options else "")
            self._open.append((name, chosen))
            self._choice = None
        elif tag == "form":
            self._open = None


class Browser:
    """A person at the pages: cookies, forms with all that stands in them, a Referer as browsers send it."""

    def __init__(self, base: str) -> None:
        self.base, self.at, self.text, self.status = base, base, "", 0
        self.jar = CookieJar()
        self._opener = build_opener(ProxyHandler({}), HTTPCookieProcessor(self.jar))
        self.counts: dict[str, int] = {}

    def get(self, address: str) -> str:
        """Open a page."""
        return self._ask(Request(urljoin(self.base, address), headers={"Referer": self.at}))

    def submit(self, action: str, _near: str = "", **values: Any) -> str:
        """Send the form of this page whose address holds `action`, with what stands in it, changed by `values`."""
        parsed = _Forms()
        parsed.feed(self.text)
        where = next((one for one in parsed.forms if action in (one[0] or self.at)), None)
        if where is None:
            raise RuntimeError(
                f"{self.at} ({self.status}) holds no form to {action}; it has {[one[0] for one in parsed.forms]}"
            )
        given = [(name, value) for name, value in where[1] if name not in values]
        given += [
            (name, one) for name, value in values.items() for one in (value if isinstance(value, list) else [value])
        ]
        return self._post(where[0] or self.at, urlencode(given).encode(), FORMS)

    def upload(self, action: str, name: str, content: bytes, **values: str) -> str:
        """Send the form of this page with a file."""
        parsed = _Forms()
        parsed.feed(self.text)
        fields = dict(next(one[1] for one in parsed.forms if action in (one[0] or self.at))) | values
        mark = uuid4().hex
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
            for key, value in fields.items()
        ]
        head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        head += "Content-Type: text/csv\r\n\r\n"
        body = "".join(parts).encode() + head.encode() + content + f"\r\n--{mark}--\r\n".encode()
        return self._post(action, body, f"multipart/form-data; boundary={mark}")

    def _post(self, address: str, body: bytes, kind: str) -> str:
        own = f"{urlsplit(self.base).scheme}://{urlsplit(self.base).netloc}"
        headers = {"Referer": self.at, "Origin": own, "Content-Type": kind, "Sec-Fetch-Site": "same-origin"}
        return self._ask(Request(urljoin(self.at, address), data=body, headers=headers))

    def _ask(self, request: Request) -> str:
        try:
            answer: HTTPResponse = self._opener.open(request, timeout=60)
        except HTTPError as error:
            self.status, self.text = error.code, unescape(error.read().decode())
            self.at = error.url or self.at
        else:
            with answer:
                self.status, self.at, self.text = answer.status, answer.url, answer.read().decode()
        self.counts[str(self.status)] = self.counts.get(str(self.status), 0) + 1
        return self.text


def sign_in(base: str, email: str, password: str) -> Browser:
    """Sign in. Raises RuntimeError when that does not work."""
    browser = Browser(base)
    browser.get("/sign-in")
    browser.submit("/sign-in", email=email, password=password)
    if "/sign-in" in browser.at:
        raise RuntimeError(f"nobody could sign in: {browser.status}")
    return browser


def find(browser: Browser, words: str) -> str | None:
    """Look for a patient by words that are posted. Returns the id when exactly one was found."""
    browser.get("/patients")
    browser.submit("/patients", words=words)
    page = (
        browser.text if "/cases/" in browser.at else browser.at
    )  # the payer's number leads to the case, and on to whose
    found = re.search(r"/patients/([0-9a-f-]{36})", page)
    return found[1] if found else None


def work_on(browser: Browser, marks: Marks, number: int, day: str) -> dict[str, int]:
    """Do with one patient all that a person does. Returns how often marked words were shown, and notes were written."""
    done = {"shown": 0, "found": 0, "written": 0}
    for words in (marks.code("mr", number), marks.word("last", number), marks.phone(number), marks.code("ar", number)):
        patient = find(browser, words)
        done["found"] += patient is not None
        done["shown"] += marks.root in browser.text.lower()
    browser.get(f"/schedule?day={day}")
    done["shown"] += marks.root in browser.text.lower()
    if patient is not None:
        done["written"] += _write_on_patient(browser, marks, number, patient)
    return done


def _write_on_patient(browser: Browser, marks: Marks, number: int, patient: str) -> int:
    """Change the approval and coverage of a patient, ask about a visit, and answer: each with marked words."""
    written = 0
    note = f"typed: {marks.word('typed', number)}"
    page = browser.get(f"/patients/{patient}")
    for pattern, fields in (
        (
            rf"/patients/{patient}/approvals/[0-9a-f-]{{36}}",
            {"note": note, "next_action": note, "call_reference": note},
        ),
        (rf"/patients/{patient}/coverages/[0-9a-f-]{{36}}", {"reference": marks.code("typed", number)}),
    ):
        found = re.search(pattern, page)
        if found:
            browser.get(found[0])
            browser.submit(found[0], **fields)
            written += browser.status == 200
    visit = VISIT.search(page)
    if visit:
        browser.get(f"/visits/{visit[1]}/ask")
        browser.submit("/schedule/ask", note=note)
        written += browser.status == 200
        browser.get(f"/visits/{visit[1]}/ask")
        asked = re.search(r"/asks/[0-9a-f-]{36}/answer", browser.text)
        if asked:
            browser.submit(asked[0], answer=note)
            written += browser.status == 200
        browser.get(f"/visits/{visit[1]}/accept-risk")
        if browser.status == 200 and "accept-risk" in browser.at:
            browser.submit("accept-risk", reason=note)
            written += browser.status == 200
    return written
