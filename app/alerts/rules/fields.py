"""The fields of messages: which template takes which, how long each may be, and how its value is written.

A value travels as data: a day as 2026-12-01, a time of day as 14:30 (with a zone's name or label after a space where it
is a deadline), a count as digits. Words are made when the message is written. No field can hold a patient's name, a
drug, a diagnosis or a payer, but for a patient's own first name in a text to that patient.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time

from app.alerts.facts.outbox import Language
from app.alerts.rules.gsm7 import fit
from app.deadlines.facts import Reason, Subject, SubjectKind
from app.deadlines.rules.calendar import zone_of
from app.values.wording import long_day

APP = "Cleared"
LONGEST_BASE = 28
"""The longest address of ours with which each text has the length of its specification."""

_DAYS = ("end_date", "due_date", "decided_date", "appeal_date", "visit_date")
_CLOCKS = {"due_time": 11, "visit_time": 8, "sent_time": 8}
_COUNTS = (
    "days_left", "visits_after", "units_left", "units_total", "units_booked", "blocked", "waiting", "total", "count",
    "visits_cleared",
)  # fmt: skip
_WORDS = {"app": 7, "case": 8, "need": 19, "time_left": 8, "site": 12, "url": 41}
_PATIENT_WORDS = {"first_name": 12, "practice": 20, "phone": 12}

ROOM: Mapping[str, int] = dict.fromkeys(_DAYS, 8) | _CLOCKS | dict.fromkeys(_COUNTS, 3) | _WORDS | _PATIENT_WORDS
"""Most septets of each field in a text to staff. A day in a patient's text has 10 in English and 16 in Spanish."""

PATIENT_DAY = {Language.ENGLISH: 10, Language.SPANISH: 16}

STAFF_TEXTS: Mapping[str, frozenset[str]] = {
    "staff.expiring": frozenset({"app", "case", "end_date", "days_left", "visits_after", "url"}),
    "staff.deadline": frozenset({"app", "case", "need", "due_date", "due_time", "time_left", "url"}),
    "staff.denied": frozenset({"app", "case", "decided_date", "appeal_date", "visit_date", "url"}),
    "staff.units_low": frozenset({"app", "case", "units_left", "units_total", "units_booked", "url"}),
    "staff.tomorrow": frozenset({"app", "blocked", "total", "visit_date", "site", "visit_time", "url"}),
    "staff.coverage": frozenset({"app", "count", "visit_date", "url"}),
    "staff.approved": frozenset({"app", "case", "end_date", "visits_cleared", "url"}),
    "staff.escalated": frozenset({"app", "case", "sent_time", "due_date", "due_time", "url"}),
    "staff.merged": frozenset({"app", "count", "case", "due_date", "url"}),
    "staff.test": frozenset({"app"}),
    "staff.taken": frozenset({"app", "case", "count", "url"}),
    "staff.snoozed": frozenset({"app", "case", "count", "due_date", "url"}),
    "staff.handed": frozenset({"app", "case", "count", "url"}),
    "staff.too_soon": frozenset({"app", "case", "url"}),
    "staff.no_backup": frozenset({"app", "case", "url"}),
    "staff.nothing": frozenset({"app", "url"}),
    "staff.choices": frozenset({"app"}),
    "staff.stopped": frozenset({"app"}),
    "staff.started": frozenset({"app"}),
    "staff.help": frozenset({"app"}),
}
_VISIT = frozenset({"first_name", "visit_date", "practice", "phone"})
PATIENT_TEXTS: Mapping[str, frozenset[str]] = {
    "patient.optin": frozenset({"practice"}),
    "patient.ready": _VISIT | {"visit_time"},
    "patient.waiting": _VISIT,
    "patient.call_us": _VISIT,
    "patient.new_card": _VISIT,
    "patient.moved": frozenset({"first_name", "practice", "phone"}),
    "patient.help": frozenset({"practice", "phone"}),
    "patient.stopped": frozenset({"practice"}),
}
FIELDS: Mapping[str, frozenset[str]] = {**STAFF_TEXTS, **PATIENT_TEXTS}
"""What each text may be given. A template that asks for anything else is refused when it is loaded."""

MAY_BE_EMPTY: Mapping[str, frozenset[str]] = {
    "staff.deadline": frozenset({"due_date", "due_time", "time_left"}),
    "staff.denied": frozenset({"appeal_date", "visit_date"}),
    "staff.expiring": frozenset({"end_date"}),
    "staff.tomorrow": frozenset({"visit_date", "visit_time"}),
    "staff.coverage": frozenset({"visit_date"}),
    "staff.approved": frozenset({"end_date"}),
    "staff.escalated": frozenset({"due_date", "due_time"}),
    "staff.merged": frozenset({"due_date"}),
    "staff.digest": frozenset({"due_date", "case"}),
    "staff.weekly": frozenset({"due_date", "case"}),
    "staff.provider_request": frozenset({"due_date"}),
    "staff.eligibility_stale": frozenset({"visit_date"}),
    "staff.eligibility_unanswered": frozenset({"visit_date"}),
}
"""Fields that a message may leave out where they are not known: its template has words for that."""

TEMPLATES: Mapping[Reason, str] = {
    Reason.APPROVAL_ENDS: "staff.expiring",
    Reason.UNITS_LOW: "staff.units_low",
    Reason.RENEWAL_DUE: "staff.deadline",
    Reason.ANSWER_OWED: "staff.deadline",
    Reason.INFORMATION_OWED: "staff.deadline",
    Reason.PEER_TO_PEER: "staff.deadline",
    Reason.RETRO_DUE: "staff.deadline",
    Reason.APPEAL: "staff.deadline",
    Reason.TOMORROW: "staff.tomorrow",
    Reason.COVERAGE_CHANGED: "staff.coverage",
    Reason.ELIGIBILITY_STALE: "staff.eligibility_stale",
    Reason.ELIGIBILITY_UNANSWERED: "staff.eligibility_unanswered",
    Reason.IMPORT_STALE: "staff.import_stale",
    Reason.RULES_UNVERIFIED: "staff.rules_unverified",
    Reason.DENIED: "staff.denied",
    Reason.APPROVED: "staff.approved",
    Reason.IMPORT_FAILED: "staff.import_failed",
    Reason.JOB_LATE: "staff.job_late",
    Reason.REPLY: "staff.reply",
    Reason.UNDELIVERED: "staff.undelivered",
}
"""The message of each reason. One that is not in STAFF_TEXTS goes by e-mail and in the program only."""

NEEDS: Mapping[Reason, str] = {
    Reason.RENEWAL_DUE: "the renewal request",
    Reason.ANSWER_OWED: "the payer's answer",
    Reason.INFORMATION_OWED: "requested documents",
    Reason.PEER_TO_PEER: "a peer-to-peer call",
    Reason.RETRO_DUE: "the request",
    Reason.APPEAL: "the appeal",
}
"""What a case needs (`need`) when its reason goes as `staff.deadline`."""

_CASES = {
    SubjectKind.SITE_DAY: "visits",
    SubjectKind.PATIENT: "coverage",
    SubjectKind.PAYER: "rules",
    SubjectKind.PRACTICE: "practice",
    SubjectKind.IMPORT: "import",
    SubjectKind.JOB: "job",
    SubjectKind.MESSAGE: "message",
    SubjectKind.STAFF: "account",
}

_ZONES = {
    "EST": "ET", "CST": "CT", "MST": "MT", "PST": "PT", "AKST": "AK", "HST": "HI", "AST": "AT", "ChST": "GU",
    "SST": "AS",
}  # fmt: skip
"""What clocks call a zone in winter, and the two letters of a text."""
_MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
    "diciembre",
)  # fmt: skip
_CLOCK = re.compile(r"(\d{1,2}:\d{2})(?: (\S+))?")


class FieldError(Exception):
    """A value cannot be written. The text names the field, never the value."""


def case_word(subject: Subject) -> str:
    """Name what an alert is about in at most 8 characters: an authorization by our own code, not the payer's number."""
    if subject.kind is SubjectKind.AUTHORIZATION:
        return f"A-{subject.key[-6:].upper()}"
    return _CASES[subject.kind]


def text_values(template: str, language: Language, fields: Mapping[str, str]) -> dict[str, str]:
    """Write the values of a text: each in the alphabet of texts and within its room; fields it does not take are left.

    Takes     a key of FIELDS; values as the module's page says.
    Returns   one value for each field of the template; empty for one that may be and is not known.
    Raises    FieldError for a field that is missing or no day, time or count.
    """
    patient = template in PATIENT_TEXTS
    found: dict[str, str] = {}
    for name in FIELDS[template]:
        typed = fields.get(name, "")
        found[name] = _text_value(name, typed, language, patient) if typed.strip() else missing(template, name)
    return found


def mail_value(name: str, typed: str) -> str:
    """Write one value of an e-mail: days with their weekday and year, counts as they are. Raises FieldError."""
    if name in _DAYS:
        return long_day(_day(name, typed))
    if name in _CLOCKS:
        return _clock(name, typed)
    if name in _COUNTS:
        return f"{_count(name, typed):,}"
    return typed


def _text_value(name: str, typed: str, language: Language, patient: bool) -> str:
    if name in _DAYS:
        day = _day(name, typed)
        return _patient_day(day, language) if patient else f"{day:%m/%d/%y}"
    if name in _CLOCKS:
        return _clock(name, typed)
    if name in _COUNTS:
        count = _count(name, typed)
        return str(count) if count < 1000 else "1K+"
    if name == "url":
        return typed
    return fit(typed, ROOM[name])


def missing(template: str, name: str) -> str:
    """What stands for a value that is not known: nothing. Raises FieldError where the template needs it."""
    if name not in MAY_BE_EMPTY.get(template, frozenset()):
        raise FieldError(f"{name} is missing")
    return ""


def _patient_day(day: date, language: Language) -> str:
    if language is Language.SPANISH:
        return f"{day.day} de {_MONTHS[day.month - 1]}"
    return f"{day:%a %b} {day.day}"


def _day(name: str, typed: str) -> date:
    for form in ("%Y-%m-%d", "%m/%d/%Y", "%a %m/%d/%Y"):
        try:
            return datetime.strptime(typed.strip(), form).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
    raise FieldError(f"{name} is no day such as 2026-12-01")


def _clock(name: str, typed: str) -> str:
    found = _CLOCK.fullmatch(typed.strip())
    try:
        at = time.fromisoformat(found.group(1).zfill(5)) if found else None
    except ValueError:
        at = None
    if found is None or at is None:
        raise FieldError(f"{name} is no time of day such as 14:30")
    words = f"{at.hour % 12 or 12}:{at:%M} {'AM' if at.hour < 12 else 'PM'}"
    return f"{words} {_zone_letters(found.group(2))}" if found.group(2) else words


def _zone_letters(zone: str) -> str:
    """Two letters for a zone, whatever the season: CT for America/Chicago, and for CT itself."""
    if "/" not in zone:
        return zone[:2]
    winter = datetime(2026, 1, 1, tzinfo=zone_of(zone)).tzname() or ""
    return _ZONES.get(winter, winter[:2])


def _count(name: str, typed: str) -> int:
    digits = typed.replace(",", "").strip()
    if not (digits.isascii() and digits.isdigit()):
        raise FieldError(f"{name} is no count such as 12")
    return int(digits)
