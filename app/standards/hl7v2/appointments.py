"""SIU messages: appointments booked, moved, changed, canceled, deleted, not kept."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from app.standards.errors import Fault, ReadingError
from app.standards.hl7v2.message import Message, Segment
from app.standards.hl7v2.people import read_patient
from app.standards.hl7v2.text import KIND
from app.standards.hl7v2.values import minutes_between, minutes_of, read_stamp
from app.values.codes import read_npi

ACTIONS = {
    "S12": "new",
    "S13": "move",
    "S14": "change",
    "S15": "cancel",
    "S16": "cancel",
    "S17": "delete",
    "S26": "no_show",
}
"""What each event does. Other events of schedules (blocks, single resources) are read as far as their envelope."""


def read_appointments(message: Message) -> list[dict[str, Any]]:
    """Read the appointment of a message, once for each patient of it.

    Raises    ReadingError where SCH is not there, or a time cannot be read.
    """
    head = message.first("SCH")
    if head is None:
        number = message.segments[-1].number
        raise ReadingError(Fault.TRUNCATED, "The message ends before its appointment (SCH).", "segment", number, KIND)
    patients: list[Segment | None] = [*message.all("PID")]
    return [_appointment(message, head, patient) for patient in patients or [None]]


def _appointment(message: Message, head: Segment, patient: Segment | None) -> dict[str, Any]:
    assert message.event is not None
    provider = _provider(list(message.all("AIP")))
    locations = [place for place in map(_location, message.all("AIL")) if place is not None]
    return {
        "event": message.event,
        "action": ACTIONS[message.event],
        "appointment_id": head.value(1),
        "filler_id": head.value(2),
        "starts_at": _starts_at(message, head),
        "minutes": _minutes(message, head),
        "status": head.coded(25),
        "locations": locations,
        "patient": read_patient(patient),
        "provider": provider,
        "location": locations[0] if locations else None,
        "services": _services(message, patient),
        "reason": head.coded(7) or head.coded(6),
    }


def _starts_at(message: Message, head: Segment) -> str | None:
    """The start: TQ1-7, else AIS-4, else the fourth component of SCH-11 (until HL7 2.5)."""
    given = [(one, one.value(7)) for one in message.all("TQ1")]
    given += [(one, one.value(4)) for one in message.all("AIS")]
    given.append((head, head.value(11, 4)))
    for segment, text in given:
        if text is not None:
            return _iso(read_stamp(text), segment)
    return None


def _iso(found: date | datetime | None, segment: Segment) -> str:
    if found is None:
        sentence = f"The start in {segment.name} is no date and time."
        raise ReadingError(Fault.BAD_VALUE, sentence, "segment", segment.number, KIND)
    return found.isoformat()


def _minutes(message: Message, head: Segment) -> int | float | None:
    """How long it takes: AIS-7, else from start to end of TQ1, else SCH-9."""
    found = [minutes_of(one.value(7), one.coded(8)) for one in message.all("AIS")]
    found += [minutes_between(one.value(7), one.value(8)) for one in message.all("TQ1")]
    found.append(minutes_of(head.value(9), head.coded(10)))
    return next((minutes for minutes in found if minutes is not None), None)


def _location(segment: Segment) -> str | None:
    """AIL-3: the point of care, else facility, building or room, whichever is there first."""
    return next(filter(None, (segment.value(3, component) for component in (1, 4, 7, 2))), None)


def _provider(resources: Sequence[Segment]) -> dict[str, Any]:
    """AIP-3: the first person with an NPI, else the first person. An id that is no NPI is left out."""
    people = [(one, repeat) for one in resources for repeat in one.repeats(3)]
    found = [{"npi": _npi(one, repeat), "name": _name(one, repeat)} for one, repeat in people]
    named = [person for person in found if person["npi"] or person["name"]]
    return next((person for person in named if person["npi"]), (named or [{"npi": None, "name": None}])[0])


def _npi(segment: Segment, repeat: int) -> str | None:
    kind = (segment.value(3, 13, repeat) or "NPI").upper()
    return read_npi(segment.value(3, 1, repeat) or "") if kind == "NPI" else None


def _name(segment: Segment, repeat: int) -> str | None:
    names = (segment.value(3, 3, repeat), segment.value(3, 2, repeat))
    return " ".join(filter(None, names)) or None


def _services(message: Message, patient: Segment | None) -> list[dict[str, Any]]:
    """AIS-3 of each group of resources, with the diagnoses of the patient (DG1 before the groups) and of the group."""
    common: list[str] = []
    services: list[dict[str, Any]] = []
    own: list[str] = []
    grouped, mine = False, patient is None
    for segment in message.segments:
        if segment.name == "PID":
            mine = segment is patient
        elif segment.name == "RGS":
            grouped, own = True, []
        elif segment.name == "AIS" and segment.coded(3) is not None:
            services.append({"code": segment.coded(3), "diagnoses": own})
        elif segment.name == "DG1" and (mine or grouped) and segment.coded(3) is not None:
            (own if grouped else common).append(segment.coded(3) or "")
    return [one | {"diagnoses": list(dict.fromkeys([*common, *one["diagnoses"]]))} for one in services]
