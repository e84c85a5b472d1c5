"""Patients, and ADT messages: who a message is about, whom that person was merged with, which coverages it names."""

from collections.abc import Iterator
from typing import Any

from app.standards.errors import Fault, ReadingError
from app.standards.hl7v2.message import Message, Segment
from app.standards.hl7v2.text import KIND
from app.standards.hl7v2.values import read_day

RECORD_NUMBERS = ("MR", "MRN")
"""The type of a medical record number among a person's identifiers (component 5), as the table and as some write it."""


def read_patient(segment: Segment | None) -> dict[str, Any]:
    """Read record number (PID-3), names (PID-5) and birth date (PID-7); each None where there is none."""
    if segment is None:
        return {"mrn": None, "last_name": None, "first_name": None, "birth_date": None}
    return {
        "mrn": record_number(segment, 3),
        "last_name": segment.value(5),
        "first_name": segment.value(5, 2),
        "birth_date": read_day(segment.value(7)),
    }


def record_number(segment: Segment, field: int) -> str | None:
    """Read the medical record number among identifiers: the one of its type, else the first."""
    numbers = [repeat for repeat in segment.repeats(field) if segment.value(field, repeat=repeat)]
    typed = [repeat for repeat in numbers if (segment.value(field, 5, repeat) or "").upper() in RECORD_NUMBERS]
    return segment.value(field, repeat=(typed or numbers)[0]) if numbers else None


def read_adt(message: Message) -> Iterator[dict[str, Any]]:
    """Read an ADT message: one document, of a merge of several patients one for each.

    Raises    ReadingError for a message without a patient.
    """
    patients = [(place, one) for place, one in enumerate(message.segments) if one.name == "PID"]
    if not patients:
        number = message.segments[-1].number
        raise ReadingError(Fault.TRUNCATED, "The message ends before its patient (PID).", "segment", number, KIND)
    ends = [place for place, _ in patients[1:]] + [len(message.segments)]
    for (place, segment), end in zip(patients, ends, strict=True):
        part = message.segments[place:end]
        merged = next((one for one in part if one.name == "MRG"), None)
        yield {
            "event": message.event,
            "patient": read_patient(segment) | {"sex": segment.value(8)},
            "merged_mrn": record_number(merged, 1) if merged is not None and message.event in MERGES else None,
            "coverages": [_coverage(one) for one in part if one.name == "IN1"],
        }


MERGES = frozenset({"A18", "A34", "A36", "A39", "A40"})
"""Events by which the patient of MRG-1 becomes the patient of PID-3."""


def _coverage(segment: Segment) -> dict[str, Any]:
    """Read IN1: payer by name, else by id; member id by policy number, else by the insured's own number."""
    return {
        "payer": segment.value(4) or segment.value(3),
        "member_id": segment.value(36) or segment.value(49),
        "group_number": segment.value(8),
        "begins": read_day(segment.value(12)),
        "ends": read_day(segment.value(13)),
    }
