"""What is typed and chosen about the audit log -> checked values, or errors beside the field."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from app.audit.facts import Asked
from app.oversight.facts import Finding
from app.values.days import read_typed_day

LONGEST_NOTE = 1000
SHORTEST_NOTE = 5


@dataclass
class SearchForm:
    """A search as typed: a person's id, an action, two days. `patient` and `before` come from addresses of ours."""

    person: str
    action: str
    begins: str
    ends: str
    patient_id: UUID | None
    first: date | None = None
    last: date | None = None
    before: tuple[datetime, int] | None = None
    errors: dict[str, str] = field(default_factory=dict)

    def asked(self, zone: ZoneInfo) -> Asked:
        """What is asked of the log; days are those of the practice, both included."""
        begins = None if self.first is None else _midnight(self.first, zone)
        ends = None if self.last is None else _midnight(self.last + timedelta(days=1), zone)
        who = UUID(self.person) if self.person and "person" not in self.errors else None
        action = self.action if self.action and "action" not in self.errors else None
        return Asked(who, None, action, begins, ends, self.before)


def read_search(typed: Mapping[str, str], people: Collection[str], actions: Collection[str], today: date) -> SearchForm:
    """Read a search. What is not known is named beside its field and left out."""
    form = SearchForm(
        typed.get("person", ""),
        typed.get("action", ""),
        typed.get("begins", "").strip(),
        typed.get("ends", "").strip(),
        read_id(typed.get("patient", "")),
    )
    if form.person and form.person not in people:
        form.errors["person"] = "Choose a person from the list"
    if form.action and form.action not in actions:
        form.errors["action"] = "Choose what was done from the list"
    form.first, form.last = _day(form, "begins", form.begins, today), _day(form, "ends", form.ends, today)
    if form.first and form.last and form.first > form.last:
        form.errors["ends"] = "The last day must be the same as or after the first day"
    form.before = read_cursor(typed.get("before", ""))
    return form


def read_id(text: str) -> UUID | None:
    """Read an id of an address; None for anything else."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def read_cursor(text: str) -> tuple[datetime, int] | None:
    """Read where a page begins, as `rules.cursor` wrote it; None for anything else."""
    micros, _, number = text.partition("-")
    if not (micros.isdecimal() and number.isdecimal()) or len(micros) > 17 or len(number) > 18:
        return None
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(micros)), int(number)


def _day(form: SearchForm, name: str, text: str, today: date) -> date | None:
    if not text:
        return None
    day = read_typed_day(text, today)
    if day is None or not date(2000, 1, 1) <= day <= date(2200, 1, 1):
        form.errors[name] = "Write the day like 12/01/2026, 12/1 or t-7"
        return None
    return day


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


@dataclass
class ReviewForm:
    """A review as typed."""

    finding: str
    note: str
    errors: dict[str, str] = field(default_factory=dict)


def read_review(typed: Mapping[str, str]) -> ReviewForm:
    """Read a review: a word of the list, and a note."""
    form = ReviewForm(typed.get("finding", ""), typed.get("note", "").strip())
    if form.finding not in tuple(Finding):
        form.errors["finding"] = "Choose what you found"
    if len(form.note) < SHORTEST_NOTE:
        form.errors["note"] = "Write what you looked at and whom you asked, at least a few words"
    elif len(form.note) > LONGEST_NOTE:
        form.errors["note"] = f"Write at most {LONGEST_NOTE} characters; there are {len(form.note)}"
    return form
