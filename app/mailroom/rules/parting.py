"""Which records a set of a document is made of, each for one room."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.mailroom.facts import SENT_ON, Part, Sort

_LISTS: Mapping[str, tuple[str, Sort]] = {
    "x12.271": ("responses", Sort.ANSWER),
    "x12.278": ("reviews", Sort.REVIEW),
    "x12.835": ("claims", Sort.CLAIM),
    "fhir.pas-response": ("reviews", Sort.REVIEW),
    "fhir.pas-notification": ("reviews", Sort.REVIEW),
    "hl7.siu": ("appointments", Sort.APPOINTMENT),
    "fhir.Appointment": ("appointments", Sort.APPOINTMENT),
    "fhir.Bundle": ("appointments", Sort.APPOINTMENT),
    "fhir.crd-response": ("coverages", Sort.COVERAGE_INFORMATION),
}
"""Where each kind keeps its parts, and what they are."""
_IN_CONTENT = frozenset({"fhir.pas-notification", "fhir.Appointment", "fhir.Bundle"})
"""Kinds that keep their parts in their content."""
_WHOLE: Mapping[str, Sort] = {
    "hl7.adt": Sort.PERSON,
    "x12.999": Sort.RECEIPT,
    "x12.ta1": Sort.RECEIPT,
    "x12.277ca": Sort.RECEIPT,
}
Read = Mapping[str, Any]
"""One object of a reader, as reading.md describes it."""


def parts_of(read: Read, sent_on: str | None = None) -> tuple[Part, ...]:
    """Part what a reader gave of one set into records. A set without parts is one record, for reading.

    Takes     the reader's object; the day that its envelope bears.
    """
    kind = str(read["kind"])
    return tuple(_parts(kind, read, sent_on)) or (Part(Sort.MESSAGE, kind, read),)


def _parts(kind: str, read: Read, sent_on: str | None) -> Iterator[Part]:
    if kind in _WHOLE:
        yield Part(_WHOLE[kind], kind, read)
        return
    name, sort = _LISTS.get(kind, ("", Sort.MESSAGE))
    if kind == "x12.278" and read.get("direction") != "response":
        return
    holder = read.get("content") or {} if kind in _IN_CONTENT else read
    about = {
        Sort.ANSWER: {SENT_ON: sent_on},
        Sort.APPOINTMENT: {"sent_at": holder.get("sent_at"), "transaction": read.get("transaction")},
    }.get(sort, read.get("payment"))
    for one in holder.get(name) or ():
        yield Part(sort, kind, one, about)
