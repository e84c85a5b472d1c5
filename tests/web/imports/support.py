"""Bring files in through the pages: a browser without a page, and files made of rows."""

import csv
import io
import re
from html import unescape

from app.platform.caller import Caller
from app.platform.db import db
from app.practice.actions import staff as actions
from app.practice.facts.staff import Role
from tests.store.imports.support import VISIT
from tests.support import make
from tests.support.web import equipped, token_of

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


MESSY = (
    "Appt ID", "Appt Date", "Appt Time", "Office", "Rendering NPI", "Chart #", "Last Name", "First Name", "DOB",
    "CPT Code", "Appointment Type", "Qty", "Mod", "Dx", "POS", "Insurance", "Member #", "Appt Status", "Room",
)  # fmt: skip
BROKEN = (
    ("Appt Date", "13/04/2026", "Start date", "Use month/day/year (3/9/2026) or 2026-03-09."),
    ("Appt Date", "Mar 14, 2026", "Start date", "Use month/day/year (3/9/2026) or 2026-03-09."),
    ("Appt Date", "2/30/2026", "Start date", "Use month/day/year (3/9/2026) or 2026-03-09."),
    ("Appt Time", "half past two", "Start date and time", "Write the time as 14:30, 14:30:00 or 2:30 PM"),
    ("Appt Time", "26:10", "Start date and time", "Write the time as 14:30, 14:30:00 or 2:30 PM"),
    ("Appt ID", "", "Appointment ID", "Write the appointment id of your practice system."),
    ("Appt ID", "1.2E+05", "Appointment ID", "A spreadsheet shortened this number; format the column as text."),
    ("Office", "", "Site", "Write the site by its name or code."),
    ("Rendering NPI", "1003000127", "Provider NPI", "its last digit is a check digit; this one does not agree"),
    ("Rendering NPI", "", "Provider NPI", "Write the NPI of who renders the service."),
    ("Chart #", "", "MRN", "Write the patient's record number."),
    ("Last Name", "", "Last name", "Write the last name of the patient."),
    ("DOB", "", "Date of birth", "Write the date of birth, such as 12/31/1980."),
    ("DOB", "5/17/2031", "Date of birth", "A date of birth lies in the past"),
    ("CPT Code", "9921", "CPT or HCPCS code", "Write five characters, such as 17000 or J2357"),
    ("Qty", "two", "Units", "Write a whole number from 1 to 100000."),
    ("Mod", "right side", "Modifiers", "write two characters each, such as 25;LT."),
    ("Dx", "psoriasis", "Diagnoses", "write ICD-10-CM codes with ; between, such as L40.0;L40.50."),
    ("POS", "the office", "Place of service", "Write two digits, such as 11."),
    ("Appt Status", "who knows", "Status", "Write one of: booked, canceled, no show, done."),
)
"""Cells that break a row of a schedule, each with the column as the page calls it and a part of the fix."""


def messy(size=500, broken=BROKEN):
    """Make a schedule as a practice system exports it, with cells broken in every 25th row."""
    rows = []
    for number in range(size):
        types = ("Mohs", "Full skin exam", "")[number % 3]
        row = dict(
            zip(
                MESSY,
                (
                    str(700000 + number), f"3/{9 + number % 20}/2026", f"{1 + number % 5}:{number % 6}0 PM",
                    ("Main Street", "North Clinic")[number % 2], "1003000126", f"{40000 + number}",
                    f"Name{number:03}", "Lee", "5/17/1980", "" if types else ("99213", "96910")[number % 2],
                    types, "", ("", "25")[number % 2], ("L40.0", "L57.0;L82.1", "")[number % 3], "",
                    ("Aetna", "Medicare", "Blue Sky of Nowhere")[number % 3], f"W{number:07}",
                    ("Scheduled", "Confirmed")[number % 2], f"Room {number % 4}",
                ),
                strict=True,
            )
        )  # fmt: skip
        if number % 25 == 3 and number // 25 < len(broken):
            column, text, *_ = broken[number // 25]
            row[column] = text
            if column == "CPT Code":
                row["Appointment Type"] = ""
        rows.append(row)
    return rows


ANSWERS = (
    "Approved",
    "Appr",
    "Pend",
    "DENIED",
    "No PA needed",
    "Expired",
    "In review",
    "Partial",
    "Need more info",
    "Canceled",
)
DATES = ("3/4/26", "03/04/2026", "2026-03-04", "3/4/2026")
COUNTS = ("36", "36 visits", "12.0", "")
BROKEN_LOG = {
    17: ("PA Status", "on file", "Status: found on file. The row must say which answer the payer gave"),
    41: ("Expires", "Dec 5, 2026", "End date: found Dec 5, 2026. Use month/day/year (3/9/2026) or 2026-03-09."),
    63: ("Expires", "ongoing", "Where the approval has no end, leave this cell empty and write yes in no_end."),
    88: ("CPT", "96910 x 36", "For 36 of 96910 write 96910:36."),
    111: ("PA Status", "approved thru 12/31", "Where the payer's answer is approved, write that word alone."),
    140: ("Chart #", "", "MRN: found nothing. Write the patient's record number."),
    166: ("Visits", "3x/week", "Units: found 3x/week. Write a whole number from 1 to 100000."),
    193: ("Carrier", "cash", "An authorization comes from a payer; write which one."),
}


def log():
    """Make an old log of two hundred rows, eight of them broken."""
    rows = []
    for number in range(200):
        answer = ANSWERS[number % 10]
        row = {
            "Chart #": f"C{number:04}", "Pt Last": f"Logged{number:03}", "Pt First": "Ana", "DOB": "7/8/61",
            "Carrier": ("Aetna", "Cigna", "Nowhere Mutual")[number % 3], "PA Status": answer, "CPT": "96910; 96912",
            "Visits": COUNTS[number % 4], "Auth #": ("verbal", "TBD", f"PA{5000 + number}")[number % 3],
            "From": DATES[number % 4], "Expires": "9/4/26" if answer != "Pend" else "", "Comments": "spoke w/ rep",
        }  # fmt: skip
        if number in BROKEN_LOG:
            column, text, _told = BROKEN_LOG[number]
            row[column] = text
        rows.append(row)
    return rows


def second_person(web_app, web_clock, email="sam@example.test", name="Sam Second"):
    """Sign a second coordinator in, in a browser of their own."""
    with web_app.app_context():
        caller = equipped(Caller(db.session(), make.PRACTICE_ID, web_clock, via="test"))
        password = actions.add_staff(caller, email, name, frozenset({Role.COORDINATOR}))
    browser = web_app.test_client()
    form = {"email": email, "password": password, "csrf_token": token_of(browser)}
    assert browser.post("/sign-in", data=form).status_code == 302
    return browser
