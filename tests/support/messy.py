"""Files as practices really bring them: a schedule of 500 visits with 20 broken rows, and an old log of 200 rows.

Nobody in them exists. The broken rows are known by name, so that a test can ask whether each was explained.
"""

import csv
import io
from dataclasses import dataclass
from datetime import date, timedelta

NPIS = ("2000000101", "2000000119", "2000000127")
SITES = ("Elm Street", "Lakeside")
LAST = (
    "Alder",
    "Birchwood",
    "Cedarholm",
    "Dogwood",
    "Elmsworth",
    "Firth",
    "Ginkgo",
    "Hawthorne",
    "Ironwood",
    "Juniper",
)
FIRST = ("Ana", "Bo", "Cy", "Di", "Ed", "Fay", "Gus", "Hal", "Ivy", "Jo", "Kit", "Lou", "Max", "Ned", "Oz", "Pat")
PAYERS = ("Aetna", "MEDICARE PART B", "Cigna PPO", "Blue Plan of Nowhere", "aetna", "Texas Medicaid")
ORDINARY = (
    ("99213", "L70.0"), ("99214", "L40.0"), ("11102", "D48.5"), ("17000", "L57.0"), ("17110", "B07.9"),
    ("99203", "L30.9"), ("96910", "L40.0"), ("11900", "L63.9"), ("17311", "C44.311"), ("11402", "D17.1"),
)  # fmt: skip
SCHEDULE_HEADER = (
    "Appt ID", "Appt Time", "Location", "NPI", "Chart #", "Last Name", "First Name", "DOB", "CPT", "Visit Type", "Qty",
    "Dx", "POS", "Insurance", "Policy #", "Appt Status", "Cell Phone", "Room",
)  # fmt: skip
LOG_HEADER = (
    "MRN", "Last", "First", "DOB", "Insurance", "Auth #", "CPT", "Visits Approved", "Auth Start", "Auth End",
    "Auth Status", "Notes", "Fax sheet",
)  # fmt: skip
SCHEDULE_BREAKS = (
    ("Appt Time", "13/04/2026 9:00"), ("Appt Time", "tomorrow 9am"), ("Appt Time", "03/09/2026"), ("Appt Time", ""),
    ("NPI", "2000000102"), ("NPI", "20000001"), ("NPI", ""), ("Chart #", ""), ("Last Name", ""), ("DOB", "1/1/2199"),
    ("DOB", "31.12.1980"), ("CPT", "1731"), ("CPT", "Mohs!"), ("Qty", "two"), ("Qty", "0"), ("Dx", "psoriasis"),
    ("POS", "office"), ("Appt Status", "maybe"), ("Location", ""), ("Appt ID", ""),
)  # fmt: skip
LOG_STATUSES = (
    "Approved", "certified", "Active", "APPROVED", "expired", "Pended", "In review", "Denied", "not certified",
    "No Auth Required", "partially approved", "more info requested", "appealed", "cancelled", "void", "draft",
)  # fmt: skip
LOG_BREAKS = (
    ("Auth Status", "done"), ("Auth Status", "on file"), ("Auth Status", "N/A"), ("Auth Status", ""),
    ("Auth End", "13/31/2026"), ("Auth Start", "Dec 5, 2026"), ("CPT", "light box"), ("Visits Approved", "lots"),
)  # fmt: skip


@dataclass(frozen=True)
class MessyFile:
    """A file as text, how many rows it has, and which of them (counted as a spreadsheet does) cannot be taken."""

    text: str
    rows: int
    broken: tuple[int, ...]

    @property
    def content(self) -> bytes:
        """The bytes as a spreadsheet program writes them: UTF-8 with a mark, CRLF."""
        return ("\ufeff" + self.text).encode()


def schedule(today: date, visits: int = 500, breaks: int = len(SCHEDULE_BREAKS)) -> MessyFile:
    """Write a schedule of visits over the four weeks from a day on, one row a visit, some rows broken."""
    rows = [_visit(today, number) for number in range(1, visits + 1)]
    broken = _break(rows, SCHEDULE_BREAKS[:breaks], step=24)
    return MessyFile(_text(SCHEDULE_HEADER, rows), len(rows), broken)


def old_log(today: date, rows: int = 200) -> MessyFile:
    """Write an old authorization log for the patients of the schedule: synonyms, mixed dates, free words."""
    entries = [_entry(today, number) for number in range(1, rows + 1)]
    broken = _break(entries, LOG_BREAKS, step=23)
    return MessyFile(_text(LOG_HEADER, entries), len(entries), broken)


def _break(rows: list[dict[str, str]], breaks: tuple[tuple[str, str], ...], step: int) -> tuple[int, ...]:
    places = [5 + step * turn for turn in range(len(breaks))]
    for place, (column, text) in zip(places, breaks, strict=True):
        rows[place][column] = text
    return tuple(place + 2 for place in places)


def _person(number: int) -> dict[str, str]:
    born = date(1950 + number * 7 % 50, 1 + number % 12, 1 + number % 28)
    return {"last": LAST[number % len(LAST)], "first": FIRST[number % len(FIRST)], "born": f"{born:%m/%d/%Y}"}


def _visit(today: date, number: int) -> dict[str, str]:
    patient = 1 + number % 300
    person = _person(patient)
    day = today + timedelta(days=number * 28 // 500)
    day += timedelta(days=max(0, day.weekday() - 4) and 7 - day.weekday())
    code, diagnosis = ORDINARY[number % len(ORDINARY)]
    typed = number % 25 == 0
    at = f"{8 + number % 9}:{(number * 20) % 60:02}"
    shown = f"{day.month}/{day.day}/{day:%y} {at}" if number % 3 else f"{day.isoformat()} {at}"
    return dict(
        zip(
            SCHEDULE_HEADER,
            (
                f"{70000 + number}", shown, SITES[number % 2], NPIS[number % 3], f"{4000 + patient}", person["last"],
                person["first"], person["born"], "" if typed else f" {code} ", "Full skin exam" if typed else "", "",
                diagnosis.replace(".", "") if number % 4 == 0 else diagnosis, "11.0" if number % 5 == 0 else "",
                PAYERS[patient % len(PAYERS)], f"{810000000 + patient}",
                ("Scheduled", "Confirmed", "scheduled")[number % 3], f"(212) 555-{1000 + patient % 100:04}",
                f"R{number % 6}",
            ),
            strict=True,
        )
    )  # fmt: skip


def _entry(today: date, number: int) -> dict[str, str]:
    patient = 1 + number
    person = _person(patient)
    status = LOG_STATUSES[number % len(LOG_STATUSES)]
    begins, ends = today - timedelta(days=20 + number % 40), today + timedelta(days=90 + number % 60)
    if status == "expired":
        begins, ends = today - timedelta(days=300), today - timedelta(days=30)
    numbered = status.lower() not in ("pended", "in review", "draft", "more info requested")
    dates = (f"{begins.month}/{begins.day}/{begins:%y}", ends.isoformat())
    return dict(
        zip(
            LOG_HEADER,
            (
                f"{4000 + patient}", person["last"], person["first"], person["born"], PAYERS[patient % len(PAYERS)],
                f"A{number:05}-{patient}" if numbered else ("TBD", "pending")[number % 2],
                ("96910", "96910/96912", "J2357", "17311")[number % 4], "36" if number % 4 < 2 else "12", *dates,
                status,
                ("called 2x, lady said ok", "see fax", "", "left vm")[number % 4], "scan" if number % 7 == 0 else "",
            ),
            strict=True,
        )
    )  # fmt: skip


def _text(header: tuple[str, ...], rows: list[dict[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, header)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
