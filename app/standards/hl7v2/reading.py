"""HL7 v2 files -> the documents of the contract: `hl7.siu`, `hl7.adt`, and the envelope of every other message."""

from collections.abc import Iterator
from typing import Any

from app.standards.errors import ReadingError
from app.standards.hl7v2.appointments import ACTIONS, read_appointments
from app.standards.hl7v2.message import Message, parse
from app.standards.hl7v2.people import read_adt
from app.standards.hl7v2.text import split
from app.standards.hl7v2.values import read_stamp


def read_messages(content: bytes) -> Iterator[dict[str, Any]]:
    """Read the messages of a file, in order.

    Returns   a document each, without its file: `kind`, `transaction` (MSH-10), `interchange` (always None), `sent_at`
              (MSH-7, ISO 8601, None where it is no date and time), and what the kind holds. Messages behind a faulty
              one are read all the same.
    Raises    ReadingError, after the last document, for the first message that cannot be read.
    """
    first: ReadingError | None = None
    for raw in split(content):
        try:
            if isinstance(raw, ReadingError):
                raise raw
            yield from _documents(parse(raw))
        except ReadingError as error:
            first = first or error
    if first is not None:
        raise first


def _documents(message: Message) -> list[dict[str, Any]]:
    kind = f"hl7.{message.type.lower()}"
    sent = read_stamp(message.sent_at or "")
    head = {
        "kind": kind,
        "transaction": message.control,
        "interchange": None,
        "sent_at": None if sent is None else sent.isoformat(),
    }
    try:
        if message.type == "SIU" and message.event in ACTIONS:
            return [head | {"appointments": read_appointments(message)}]
        if message.type == "ADT":
            return [head | document for document in read_adt(message)]
    except ReadingError as error:
        error.kind = kind
        raise
    content = {"event": message.event, "segments": [segment.name for segment in message.segments]}
    empty: dict[str, Any] = {"appointments": []} if message.type == "SIU" else {}
    return [head | empty | {"control_number": message.control, "content": content}]
