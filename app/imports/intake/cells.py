"""Cells as text -> values, or a refusal that says how to write it. Reading never guesses between two meanings."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import NoReturn, TypeVar

from app.authorizations.rules.numbers import real_number
from app.imports.facts import Code, RowRefusedError
from app.values.codes import read_diagnosis, read_ndc, read_npi, read_place, read_procedure

T = TypeVar("T")
LONGEST = 200
LARGEST = 100_000
NO_VALUE = frozenset({"tbd", "pending", "none", "na", "null", "unknown", "notavailable", "notapplicable", "nil", "no"})
HIDDEN = frozenset({"patient_last", "patient_first", "phone", "email", "member_id"})

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_US = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})(?: 0?0:00(?::00)?| 12:00(?::00)? AM)?", re.IGNORECASE)
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.0+)?)?\s*([AaPp])?\.?(?:[Mm]\.?)?")
_SHORTENED = re.compile(r"\d(?:\.\d+)?[eE]\+\d+")


def fold_word(text: str) -> str:
    """Reduce a word of a closed list to letters and digits in lower case."""
    return re.sub(r"[^a-z0-9]", "", text.lower())


def as_identifier(text: str) -> str:
    """An id as it is kept: a number cell loses its .0."""
    return re.sub(r"^(\d+)\.0$", r"\1", text)


class Cells:
    """One row's cells by canonical column. Each reader gives a value, None for an empty cell, or refuses the row."""

    def __init__(self, values: Mapping[str, str], today: date) -> None:
        self.values = values
        self.today = today

    def refuse(self, column: str, code: Code, fix: str) -> NoReturn:
        """Refuse the row for one cell. What may name a patient is not repeated."""
        found = self.values.get(column, "")
        raise RowRefusedError(column, code, "(not shown)" if column in HIDDEN and found else found, fix)

    def text(self, column: str) -> str | None:
        """Read free text of one line."""
        found = " ".join(self.values.get(column, "").split())
        if len(found) > LONGEST:
            self.refuse(column, Code.BAD_CHOICE, f"Write at most {LONGEST} characters; there are {len(found)}.")
        return found or None

    def long_text(self, column: str) -> str | None:
        """Read free text of any length and any number of lines."""
        return self.values.get(column, "").strip() or None

    def need(self, column: str, what: str) -> str:
        """Read text that must be there."""
        found = self.text(column)
        if found is None:
            self.refuse(column, Code.MISSING, f"Write {what}.")
        return found

    def identifier(self, column: str) -> str | None:
        """Read an id or number of the practice or a payer. A number that a spreadsheet shortened is refused."""
        found = self.text(column)
        if found is not None and _SHORTENED.fullmatch(found):
            self.refuse(column, Code.BAD_NUMBER, "A spreadsheet shortened this number; format the column as text.")
        return None if found is None else as_identifier(found)

    def need_identifier(self, column: str, what: str) -> str:
        """Read an id that must be there."""
        self.need(column, what)
        found = self.identifier(column)
        assert found is not None
        return found

    def day(self, column: str) -> date | None:
        """Read a date: ISO, m/d/yyyy or m/d/yy (20yy)."""
        found = self.text(column)
        return None if found is None else self._day(column, found, birth=False)

    def last_day(self, column: str) -> date | None:
        """Read the last day of something: any year from 1900, since systems write 12/31/9999 where no end is known."""
        found = self.text(column)
        return None if found is None else read_far_day(found) or self._day(column, found, birth=False)

    def birth(self, column: str) -> date | None:
        """Read a date of birth: m/d/yy is the latest past year, and it is never later than today."""
        found = self.text(column)
        if found is None:
            return None
        day = self._day(column, found, birth=True)
        if day > self.today:
            self.refuse(
                column, Code.BAD_DATE, "A date of birth lies in the past; write it as 1980-12-31 or 12/31/1980."
            )
        return day

    def moment(self, column: str, day_column: str) -> datetime:
        """Read a local date and time from one cell, or a time from it and the date from another column."""
        found = self.need(column, "date and time, such as 2026-03-09 14:30")
        if self.values.get(day_column, "").strip():
            day = self.day(day_column)
            clock = found.replace("T", " ").split(" ", 1)[1] if re.match(r"\d+[-/]\d+[-/]\d+[T ]", found) else found
        else:
            day_text, _, clock = found.replace("T", " ").partition(" ")
            day = self._day(column, day_text, birth=False)
        if not clock:
            self.refuse(column, Code.BAD_DATE, "Add the time, such as 2026-03-09 14:30 or 3/9/2026 2:30 PM.")
        at = read_time(clock)
        if at is None or day is None:
            self.refuse(column, Code.BAD_DATE, "Write the time as 14:30, 14:30:00 or 2:30 PM, in the site's own zone.")
        return datetime.combine(day, at)

    def _day(self, column: str, found: str, birth: bool) -> date:
        day = read_day(found, self.today if birth else None)
        if day is None:
            self.refuse(column, Code.BAD_DATE, "Use month/day/year (3/9/2026) or 2026-03-09.")
        return day

    def number(self, column: str) -> int | None:
        """Read a whole number from 1."""
        found = self.text(column)
        if found is None:
            return None
        cleaned = re.sub(r"\.0+$", "", found)
        if not re.fullmatch(r"\d{1,6}", cleaned) or not 0 < int(cleaned) <= LARGEST:
            self.refuse(column, Code.BAD_NUMBER, f"Write a whole number from 1 to {LARGEST}.")
        return int(cleaned)

    def choice(self, column: str, words: Mapping[str, T], shown: str) -> T | None:
        """Read a word of a closed list."""
        found = self.text(column)
        if found is None:
            return None
        key = fold_word(re.sub(r"^(\d+)\.0$", r"\1", found))
        if key not in words:
            self.refuse(column, Code.BAD_CHOICE, f"Write one of: {shown}.")
        return words[key]

    def flag(self, column: str) -> bool | None:
        """Read yes or no."""
        return self.choice(column, YES_NO, "yes, no")

    def npi(self, column: str) -> str | None:
        """Read an NPI, its check digit too."""
        found = self.text(column)
        if found is None:
            return None
        npi = read_npi(found)
        if npi is None:
            self.refuse(
                column,
                Code.BAD_NPI,
                "An NPI has ten digits and its last digit is a check digit; this one does not agree. "
                "Copy it again from the NPI registry.",
            )
        return npi

    def procedure(self, column: str) -> str | None:
        """Read one CPT or HCPCS code."""
        return self._coded(column, read_procedure, "five characters, such as 17000 or J2357; as text where zeros lead")

    def place(self, column: str) -> str | None:
        """Read one place of service."""
        return self._coded(column, read_place, "two digits, such as 11")

    def ndc(self, column: str) -> str | None:
        """Read one NDC."""
        fix = "11 digits, or 10 with dashes (0024-5914-01); format the column as text so that zeros stay"
        return self._coded(column, read_ndc, fix)

    def _coded(self, column: str, read: Callable[[str], T | None], fix: str) -> T | None:
        found = self.text(column)
        if found is None:
            return None
        value = read(found)
        if value is None:
            self.refuse(column, Code.BAD_CODE, f"Write {fix}.")
        return value

    def several(self, column: str, read: Callable[[str], str | None], fix: str) -> tuple[str, ...] | None:
        """Read a list with `;`, `,` or line breaks between; repeats are dropped."""
        parts = [part.strip() for part in re.split(r"[;,|\n]", self.values.get(column, "")) if part.strip()]
        values = []
        for part in parts:
            value = read(part)
            if value is None:
                self.refuse(column, Code.BAD_CODE, f"'{part}' does not fit: write {fix}.")
            values.append(value)
        return tuple(dict.fromkeys(values)) or None

    def diagnoses(self, column: str) -> tuple[str, ...] | None:
        """Read ICD-10-CM codes."""
        return self.several(column, read_diagnosis, "ICD-10-CM codes with ; between, such as L40.0;L40.50")


_YES = dict.fromkeys(("yes", "y", "true", "1", "x", "t"), True)
YES_NO = _YES | dict.fromkeys(("no", "n", "false", "0", "f"), False)


def read_day(text: str, past: date | None = None) -> date | None:
    """Read a date.

    Takes     ISO, m/d/yyyy or m/d/yy, also with the midnight that spreadsheets add; `past`: a day of birth is asked
              for on that day, so that two digits mean the latest past year, else 20yy.
    Returns   the date; None when it is not one, or lies outside 1900 to 2199.
    """
    iso, us = _ISO.fullmatch(text), _US.fullmatch(text)
    if iso:
        year, month, day = map(int, iso.groups())
    elif us:
        month, day = int(us[1]), int(us[2])
        year = int(us[3]) + (2000 if len(us[3]) == 2 else 0)
    else:
        return None
    found = _real_day(year, month, day)
    if past is not None and us and len(us[3]) == 2 and (found is None or found > past):
        found = _real_day(year - 100, month, day)
    return found


def read_far_day(text: str) -> date | None:
    """Read a day of the years 2200 to 9999 that is written with four digits of the year; None for any other text."""
    iso, us = _ISO.fullmatch(text), _US.fullmatch(text)
    if iso:
        return _real_day(int(iso[1]), int(iso[2]), int(iso[3]), 2200, 10_000)
    return _real_day(int(us[3]), int(us[1]), int(us[2]), 2200, 10_000) if us else None


def _real_day(year: int, month: int, day: int, first: int = 1900, beyond: int = 2200) -> date | None:
    try:
        return date(year, month, day) if first <= year < beyond else None
    except ValueError:
        return None


def read_time(text: str) -> time | None:
    """Read a time of day: 14:30, 14:30:00 or 2:30 PM. Returns None when it is not one."""
    found = _TIME.fullmatch(text.strip())
    if not found:
        return None
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    if found[4]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found[4].lower() == "p" else 0)
    return time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


def real_id(text: str | None) -> str | None:
    """Keep an authorization or case number only when it is one: as `real_number`, and no word for none (`na`)."""
    return None if text is None or fold_word(text) in NO_VALUE or real_number(text) is None else text
