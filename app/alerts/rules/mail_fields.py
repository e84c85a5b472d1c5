"""The fields of e-mails: which kind takes which. None can hold a patient's name, a drug, a diagnosis or a payer."""

from collections.abc import Mapping

from app.alerts.rules.accounts import ACCOUNT_MAILS
from app.alerts.rules.fields import APP, STAFF_TEXTS, FieldError, mail_value, missing

LONGEST_SUBJECT = 60
LONGEST_LINE = 90
MOST_LINES = 50

_LIST = frozenset({"count", "case", "due_date"})
MAIL_FIELDS: Mapping[str, frozenset[str]] = {
    "staff.expiring": frozenset({"case", "end_date", "days_left", "visits_after"}),
    "staff.deadline": frozenset({"case", "need", "due_date", "due_time", "time_left"}),
    "staff.denied": STAFF_TEXTS["staff.denied"] - {"app", "url"},
    "staff.units_low": STAFF_TEXTS["staff.units_low"] - {"app", "url"},
    "staff.tomorrow": frozenset({"blocked", "waiting", "uncleared", "total", "visit_date", "site", "visit_time"}),
    "staff.coverage": frozenset({"count", "visit_date"}),
    "staff.approved": frozenset({"case", "end_date", "visits_cleared"}),
    "staff.escalated": STAFF_TEXTS["staff.escalated"] - {"app", "url"},
    "staff.merged": _LIST,
    "staff.digest": _LIST,
    "staff.weekly": _LIST,
    "staff.provider_request": frozenset({"case", "need", "due_date"}),
    **dict.fromkeys(sorted(ACCOUNT_MAILS), frozenset({"app"})),
    "staff.import_failed": frozenset(),
    "staff.import_stale": frozenset({"count"}),
    "staff.job_late": frozenset({"count"}),
    "staff.rules_unverified": frozenset({"count"}),
    "staff.eligibility_stale": frozenset({"count", "visit_date"}),
    "staff.eligibility_unanswered": frozenset({"count", "visit_date"}),
    "staff.reply": frozenset(),
    "staff.undelivered": frozenset(),
    "staff.test": frozenset({"app"}),
}
"""What each kind of e-mail may be given, beside the link and, for those that list, `items`."""

LISTS = frozenset({"staff.merged", "staff.digest", "staff.weekly"})
"""Kinds that may list what they tell of: a field `items` with a line for each."""

_LENGTHS = {"case": 20, "site": 60, "need": 60, "time_left": 20}


def mail_values(template: str, fields: Mapping[str, str]) -> dict[str, str]:
    """Write the values of an e-mail.

    Takes     a key of MAIL_FIELDS; values as data (`rules/fields.py`).
    Returns   one value for each field of the kind; empty for one that may be and is not known.
    Raises    FieldError for a field that is missing or cannot be written.
    """
    given = {"app": APP, **fields}
    return {name: _value(template, name, given) for name in MAIL_FIELDS[template]}


def mail_lines(template: str, fields: Mapping[str, str]) -> list[str]:
    """The lines of a list, each on one line and cut to its room; empty for a kind that lists nothing."""
    if template not in LISTS:
        return []
    lines = [one_line(line, LONGEST_LINE) for line in fields.get("items", "").splitlines() if line.strip()]
    more = len(lines) - MOST_LINES
    return lines if more <= 0 else [*lines[:MOST_LINES], f"and {more:,} more"]


def one_line(text: str, room: int) -> str:
    """A value on one line, so that none can break a header, cut to its room."""
    line = " ".join(text.split())
    return line if len(line) <= room else line[: room - 3].rstrip() + "..."


def _value(template: str, name: str, given: Mapping[str, str]) -> str:
    if name == "uncleared":
        return str(_number(given, "blocked") + _number(given, "waiting"))
    if name == "waiting":
        return f"{_number(given, 'waiting'):,}"
    typed = one_line(given.get(name, ""), _LENGTHS.get(name, 40))
    return mail_value(name, typed) if typed else missing(template, name)


def _number(given: Mapping[str, str], name: str) -> int:
    digits = given.get(name, "0").replace(",", "").strip() or "0"
    if not (digits.isascii() and digits.isdigit()):
        raise FieldError(f"{name} is no count such as 12")
    return int(digits)
