"""Bring files in through the pages: a browser without a page, and files made of rows."""

import csv
import io
import re
from html import unescape

from tests.store.imports.support import VISIT
from tests.support.web import token_of

VERSION = re.compile(r'name="version" value="(\d+)"')


def csv_of(rows, columns=None, delimiter=","):
    """Write rows (dicts) as the bytes of a CSV file."""
    names = columns or list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, names, restval="", delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def visits(size, **over):
    """Make the rows of a schedule: one visit and one patient each."""
    return [
        VISIT
        | {
            "visit_id": f"A{number:05}",
            "patient_mrn": f"M{number:05}",
            "patient_last": f"Name{number:05}",
            "starts_at": f"2026-03-{9 + number % 20:02} {8 + number % 9:02}:30",
        }
        | over
        for number in range(size)
    ]


class Files:
    """A person at the pages of imports."""

    def __init__(self, browser):
        self.browser = browser

    def upload(self, content, name="export.csv", kind=""):
        """Bring a file in. Returns the answer."""
        form = {"csrf_token": token_of(self.browser, "/imports"), "kind": kind}
        if content is not None:
            form["file"] = (io.BytesIO(content), name)
        return self.browser.post("/imports", data=form, content_type="multipart/form-data")

    def begun(self, content, name="export.csv", kind=""):
        """Bring a file in that is taken. Returns its address."""
        answer = self.upload(content, name, kind)
        assert answer.status_code == 303, answer.text
        return answer.location

    def page(self, address):
        """Open a page as text without entities, through redirects."""
        answer = self.browser.get(address, follow_redirects=True)
        assert answer.status_code == 200, answer.status_code
        return unescape(answer.text)

    def version(self, address):
        """Read the version that the page of a draft holds."""
        return VERSION.search(self.page(address)).group(1)

    def post(self, address, step="", version=None, **form):
        """Send one form of a draft's page. Returns the answer."""
        form |= {"csrf_token": token_of(self.browser, "/imports"), "version": version or self.version(address)}
        return self.browser.post(f"{address}{step}", data=form)


def tallies(page):
    """Read the counts of a page: new, changed, unchanged, refused."""
    return tuple(int(one.replace(",", "")) for one in re.findall(r'tally-number">([\d,]+)<', page))
