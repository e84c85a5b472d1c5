"""A record of an appointment feed (contract of reading: `hl7.siu`, `hl7.adt`, FHIR Appointments) -> what it tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.imports.facts import Person
from app.imports.intake import words
from app.imports.intake.cells import fold_word
from app.schedule.facts import VisitStatus
from app.values.codes import read_diagnosis, read_npi, read_procedure

LONGEST = 200
RANKS = 3
COVERED = tuple(f"c{rank}." for rank in range(1, RANKS + 1))
"""How the fields of coverages begin, by rank."""
_BY_ACTION = {"cancel": VisitStatus.CANCELED, "delete": VisitStatus.CANCELED, "no_show": VisitStatus.NO_SHOW}
_WORDS = words.VISIT_STATUS | {
    "dc": VisitStatus.CANCELED,
    "discontinued": VisitStatus.CANCELED,
    "enteredinerror": VisitStatus.CANCELED,
    "overbook": VisitStatus.BOOKED,
    "started": VisitStatus.BOOKED,
    "complete": VisitStatus.DONE,
    "fulfilled": VisitStatus.DONE,
}
_NOT_BOOKED = ("proposed", "pending", "waitlist")
"""Statuses by which a FHIR Appointment is wished for and not booked."""
_NEW = ("new", "move")


@dataclass(frozen=True, slots=True)
class ToldAppointment:
    """What a message tells of an appointment. `values` by field, None where it does not say.

    start: ISO 8601, with an offset or in the site's time; status: one of VisitStatus; places; provider: NPI (None: not
    known) and name; services: pairs of a code or a visit type and diagnoses; mrn. `wished`: it is not booked.
    """

    placer: str | None
    filler: str | None
    wished: bool
    person: Person
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ToldPerson:
    """What a message tells of a patient. `values`: names, birth date (ISO), and of coverages `c1.payer` and so on."""

    event: str
    person: Person
    merged_mrn: str | None
    values: Mapping[str, Any]


def read_appointment(part: Mapping[str, Any]) -> ToldAppointment:
    """Read an appointment. A value that is not what it must be counts as not told."""
    person = _person(part.get("patient"))
    status, action = _text(part.get("status")), _text(part.get("action"))
    wished = action is None and (status or "").lower() in _NOT_BOOKED
    values = {
        "start": _start(part.get("starts_at")),
        "status": None if wished else _status(action, status),
        "places": _places(part),
        "provider": _provider(part.get("provider")),
        "services": _services(part.get("services")),
        "mrn": person.mrn or None,
    }
    return ToldAppointment(_text(part.get("appointment_id")), _text(part.get("filler_id")), wished, person, values)


def read_person(part: Mapping[str, Any]) -> ToldPerson:
    """Read a patient message. A value that is not what it must be counts as not told."""
    person = _person(part.get("patient"))
    values = told_of(person)
    listed = part.get("coverages")
    for rank, one in enumerate(listed[:RANKS] if isinstance(listed, list) else (), start=1):
        values |= _coverage(rank, one)
    return ToldPerson((_text(part.get("event")) or "").upper(), person, _text(part.get("merged_mrn")), values)


def told_of(person: Person) -> dict[str, Any]:
    """What is told of a person by itself."""
    birth = person.birth_date.isoformat() if person.birth_date else None
    return {"last_name": person.last_name, "first_name": person.first_name, "birth_date": birth}


def _text(value: Any) -> str | None:
    found = " ".join(value.split()) if isinstance(value, str) else ""
    return found if 0 < len(found) <= LONGEST else None


def _day(value: Any) -> date | None:
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return day if day is not None and 1900 <= day.year < 2200 else None


def _person(value: Any) -> Person:
    given = value if isinstance(value, Mapping) else {}
    return Person(
        _text(given.get("mrn")) or "",
        _text(given.get("last_name")),
        _text(given.get("first_name")),
        _day(given.get("birth_date")),
    )


def _start(value: Any) -> str | None:
    if not isinstance(value, str) or "T" not in value:
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found.isoformat() if 1900 <= found.year < 2200 else None


def _status(action: str | None, said: str | None) -> str | None:
    if action in _BY_ACTION:
        return _BY_ACTION[action].value
    word = _WORDS.get(fold_word(said or ""))
    return word.value if word else VisitStatus.BOOKED.value if action in _NEW else None


def _places(part: Mapping[str, Any]) -> list[str] | None:
    listed = part.get("locations")
    named = [part.get("location"), *(listed if isinstance(listed, list) else ())]
    return list(dict.fromkeys(filter(None, map(_text, named)))) or None


def _provider(value: Any) -> list[str | None] | None:
    given = value if isinstance(value, Mapping) else {}
    npi, name = read_npi(_text(given.get("npi")) or ""), _text(given.get("name"))
    return [npi, name] if npi or name else None


def _services(value: Any) -> list[list[Any]] | None:
    found = []
    for one in value if isinstance(value, list) else ():
        code = _text(one.get("code")) if isinstance(one, Mapping) else None
        if code is not None:
            listed = one.get("diagnoses")
            read = (read_diagnosis(_text(each) or "") for each in (listed if isinstance(listed, list) else ()))
            found.append([read_procedure(code) or code, list(dict.fromkeys(filter(None, read)))])
    return found or None


def _coverage(rank: int, value: Any) -> dict[str, Any]:
    """What a coverage tells, each value beside its payer: it holds for this payer only."""
    given = value if isinstance(value, Mapping) else {}
    payer = _text(given.get("payer"))
    if payer is None:
        return {}
    begins, ends = _day(given.get("begins")), _day(given.get("ends"))
    if begins and ends and ends < begins:
        begins = ends = None
    told = {
        "member": _text(given.get("member_id")),
        "group": _text(given.get("group_number")),
        "begins": begins and begins.isoformat(),
        "ends": ends and ends.isoformat(),
    }
    held = {f"c{rank}.{name}": [payer, value] for name, value in told.items() if value is not None}
    return {f"c{rank}.payer": payer} | held
