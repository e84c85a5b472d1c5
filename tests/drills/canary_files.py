"""The files of the canary drill: a schedule, coverages and a log in which every field that identifies is marked."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from tests.drills.canary_marks import Marks
from tests.support import make

CODES = ("99213", "11102", "96910", "J2357", "17110")
PAYERS = ("Aetna", "Medicare", "Canary Health")


def write_files(marks: Marks, folder: Path, today: date, people: range, name: str) -> list[Path]:
    """Write the three files for some patients. Returns their paths."""
    tables = {
        "schedule": [_visit(marks, number, today) for number in people],
        "coverage": [_coverage(marks, number, today) for number in people],
        "authorizations": [_approval(marks, number, today) for number in people],
    }
    return [_write(folder / f"{name}-{kind}.csv", rows) for kind, rows in tables.items()]


def _write(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def _person(marks: Marks, number: int) -> dict[str, str]:
    return {
        "patient_mrn": marks.code("mr", number),
        "patient_last": marks.word("last", number),
        "patient_first": marks.word("first", number),
        "birth_date": marks.birth(number).isoformat(),
    }


def _visit(marks: Marks, number: int, today: date) -> dict[str, str]:
    day = today + timedelta(days=number % 20)
    hour, minute = 8 + number // 20 % 9, number % 4 * 15
    phone = marks.phone(number)
    return _person(marks, number) | {
        "visit_id": f"V-{number:05}",
        "starts_at": f"{day.isoformat()} {hour:02}:{minute:02}",
        "site": "Main",
        "provider_npi": make.NPI,
        "code": CODES[number % len(CODES)] if number % 7 else "",
        "visit_type": "" if number % 7 else "Follow-up",
        "referral": marks.code("rf", number),
        "payer": PAYERS[number % len(PAYERS)],
        "member_id": marks.code("mb", number),
        "phone": f"({phone[:3]}) {phone[3:6]}-{phone[6:]}",
        "email": f"{marks.word('mail', number)}@patients.example",
        "language": marks.word("lang", number),
        "text_consent": "yes",
    }


def _coverage(marks: Marks, number: int, today: date) -> dict[str, str]:
    return _person(marks, number) | {
        "payer": PAYERS[number % len(PAYERS)],
        "member_id": marks.code("mb", number),
        "rank": "primary",
        "subscriber_relationship": marks.word("relative", number),
        "checked_on": (today - timedelta(days=1)).isoformat(),
        "result": "active",
        "source": f"told by {marks.word('source', number)}",
        "reference": marks.code("cr", number),
    }


def _approval(marks: Marks, number: int, today: date) -> dict[str, str]:
    decided = number % 3 > 0
    return _person(marks, number) | {
        "payer": PAYERS[number % len(PAYERS)],
        "status": "approved" if number % 3 == 1 else "denied" if decided else "submitted",
        "codes": CODES[number % len(CODES)],
        "units": "12",
        "number": marks.code("an", number) if number % 3 == 1 else "",
        "reference": marks.code("ar", number),
        "member_id": marks.code("mb", number),
        "begins": (today - timedelta(days=60)).isoformat() if number % 3 == 1 else "",
        "ends": (today + timedelta(days=number % 30)).isoformat() if number % 3 == 1 else "",
        "requested_on": (today - timedelta(days=61)).isoformat(),
        "decided_on": (today - timedelta(days=60)).isoformat() if decided else "",
        "denial_reason": f"not shown for {marks.word('denial', number)}" if number % 3 == 2 else "",
        "owner": marks.word("owner", number),
        "next_action": f"call about {marks.word('next', number)}",
        "submitted_by_channel": f"fax of {marks.word('channel', number)}",
        "representative": marks.word("rep", number),
        "call_reference": marks.code("call", number),
        "note": f"her sister {marks.word('note', number)} calls",
    }


def fields() -> Iterator[str]:
    """The columns of the files that are marked."""
    marks = Marks(1, 1)
    for make_row in (_visit, _coverage, _approval):
        yield from (name for name, value in make_row(marks, 1, date(2026, 1, 1)).items() if marks.root in value.lower())
