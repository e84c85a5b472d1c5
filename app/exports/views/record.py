"""A person's record: as JSON for programs, and as words for a page that can be read and printed anywhere."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

from app.exports.facts import LEFT_OUT, PARTS, AccessLine, AnswerTold, PatientRecord, Row
from app.values.wording import clock_time, counted, long_day, short_day

FORMAT = "cleared-patient-record-1"
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(\+\d\d:\d\d)?")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_UNTOLD = frozenset(
    {
        "id", "version", "rank", "lines", "row_facts", "source_place", "position", "key", "watch_id", "step_id",
        "batch_id", "alert_ids", "subject_key", "sid", "patients", "provider_id", "zone", "type_key", "natural_key",
        "payer", "raw_status", "rules_version", "source_id",
    }
)  # fmt: skip
"""Columns that are of use to programs only; the JSON holds them."""
_LABELS = {
    "mrn": "Record number (MRN)",
    "member_id": "Member ID",
    "plan_id": "Plan ID",
    "npi": "NPI",
    "provider_npi": "Provider",
    "site_id": "Site",
    "user_id": "By",
    "by_id": "By",
    "owner_id": "Owner",
    "staff_id": "By",
    "asked_of": "Asked of",
    "at": "When",
    "via": "Through",
    "body": "Text",
    "email": "E-mail",
    "as_of": "Judged for",
}
_KEPT_IN_FULL = frozenset({"note", "body", "reason", "answer", "address", "last_name", "first_name", "template"})
"""Columns whose text is shown as it stands."""


@dataclass(frozen=True, slots=True)
class PartWords:
    """One part of the record: its title, a sentence on it, and its rows as pairs of a label and words."""

    title: str
    about: str
    rows: Sequence[Sequence[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class RecordWords:
    """The whole record in words."""

    name: str
    made: str
    summary: Sequence[tuple[str, str]]
    parts: Sequence[PartWords]
    answers: Sequence[AnswerTold]
    access: Sequence[AccessLine]


def record_json(record: PatientRecord) -> bytes:
    """Write the record for programs: every column of every row, and what the program shows in words."""
    content = {
        "format": FORMAT,
        "made_at": record.made_at.isoformat(),
        "made_by": record.made_by,
        "practice": record.practice,
        "patient_id": str(record.patient_id),
        "parts": {part.table: {"title": part.title, "rows": record.tables[part.table]} for part in PARTS},
        "answers_in_words": [asdict(one) for one in record.answers],
        "access_report": [asdict(one) for one in record.access],
        "texts_ended": record.texts_ended,
        "names": record.names,
        "not_in_this_record": LEFT_OUT,
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def record_words(record: PatientRecord) -> RecordWords:
    """Put the record into words."""
    person = record.tables["patient"][0]
    texts = f"Ended {record.texts_ended}" if record.texts_ended else "Not ended"
    summary = [
        ("Practice", record.practice),
        ("Made", f"{_instant(record.made_at, record)} by {record.made_by}"),
        ("Texts to this number", texts),
        ("Holds", f"{counted(sum(map(len, record.tables.values())), 'entry', 'entries')} of {len(PARTS)} kinds"),
    ]
    return RecordWords(
        f"{person['first_name']} {person['last_name']}",
        _instant(record.made_at, record),
        summary,
        [PartWords(one.title, one.about, [_pairs(row, record) for row in record.tables[one.table]]) for one in PARTS],
        record.answers,
        record.access,
    )


def _pairs(row: Row, record: PatientRecord) -> Sequence[tuple[str, str]]:
    told = ((name, _words(name, value, record)) for name, value in row.items() if name not in _UNTOLD)
    return [(_label(name), words) for name, words in told if words]


def _label(name: str) -> str:
    return _LABELS.get(name) or name.removesuffix("_id").replace("_", " ").capitalize()


def _words(name: str, value: Any, record: PatientRecord) -> str:
    """A value in words; nothing for what is empty, or an id that only programs know."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Mapping | list):
        return _structure(value, record)
    return _text(name, str(value), record)


def _text(name: str, text: str, record: PatientRecord) -> str:
    if name in _KEPT_IN_FULL:
        return text
    if name == "changes":
        return _changes(text, record)
    if text in record.names:
        return record.names[text]
    if _ID.fullmatch(text):
        return ""
    if _INSTANT.fullmatch(text):
        return _instant(datetime.fromisoformat(text), record)
    if _DAY.fullmatch(text):
        return short_day(date.fromisoformat(text))
    return text.replace("_", " ").capitalize() if re.fullmatch(r"[a-z]+(_[a-z]+)*", text) else text


def _changes(text: str, record: PatientRecord) -> str:
    """What was changed, one thing a line: what it was, and what it is since."""
    told = []
    for name, change in json.loads(text).items():
        before, after = change if isinstance(change, list) and len(change) == 2 else (None, change)
        was, now = _words(name, before, record), _words(name, after, record)
        if was != now and name not in _UNTOLD:
            told.append(f"{_label(name)}: {now or 'removed'}{f' (was {was})' if was else ''}")
    return "\n".join(told)


def _structure(value: Any, record: PatientRecord) -> str:
    if isinstance(value, Mapping):
        told = ((key, _words(str(key), one, record)) for key, one in value.items())
        return "; ".join(f"{_label(str(key)).lower()}: {words}" for key, words in told if words)
    return ", ".join(filter(None, (_words("", one, record) for one in value)))


def _instant(instant: datetime, record: PatientRecord) -> str:
    local = (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(record.zone)
    return f"{long_day(local.date())} {clock_time(local)}"
