"""Reading pages and sending forms, as a browser does."""

import re
from html import unescape
from html.parser import HTMLParser

from tests.support import make


def patient_id(number: int = 1):
    """The id of the patient of a booking, by its place."""
    return make.an_id(10_000 + number)


def words_of(page) -> str:
    """The page's text without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


class _Fields(HTMLParser):
    """Collects the values that a form would send."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action, self.inside = action, False
        self.found: dict[str, str] = {}
        self.selects: list[str] = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self.inside = given.get("action") == self.action
        if not self.inside:
            return
        kind, name = given.get("type", "text"), given.get("name")
        if tag == "input" and name and (kind not in ("checkbox", "radio") or "checked" in given):
            self.found[name] = given.get("value", "")
        if tag == "select" and name:
            self.selects.append(name)
        if tag == "option" and self.selects:
            name = self.selects[-1]
            if name not in self.found or "selected" in given:
                self.found[name] = given.get("value", "")

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False


def fields_of(page, action: str) -> dict[str, str]:
    """What the form of an address would send if nobody touched it."""
    reader = _Fields(action)
    reader.feed(page.text)
    assert reader.found, f"the page has no form that goes to {action}"
    return reader.found


def fill(browser, shown_at: str, action: str | None = None, **typed: str):
    """Open a page, fill its form and send it. Returns the answer."""
    action = action or shown_at.split("?")[0]
    page = browser.get(shown_at)
    assert page.status_code == 200, page.status
    return browser.post(action, data=fields_of(page, action) | typed)


def errors_of(page) -> list[str]:
    """The sentences of the error summary."""
    summary = re.search(r'class="error-summary".*?</section>', page.text, re.DOTALL)
    return [unescape(one) for one in re.findall(r'<a href="#[^"]*">(.*?)</a>', summary.group())] if summary else []


def said_yes(browser, page, action: str):
    """Answer yes to what a page asks before it saves; another page is given back as it is."""
    if page.status_code != 422 or "Is this right?" not in page.text:
        return page
    return browser.post(action, data=fields_of(page, action))
