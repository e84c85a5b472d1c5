"""Reads sets that we do not need as far as their envelope, 837 and others, and a 275 with what it carries."""

import re
from typing import Any

from app.standards.x12.amounts import whole
from app.standards.x12.facts import Segment, Transaction
from app.standards.x12.loops import components, heading, said
from app.standards.x12.periods import iso_moment

MOST_LEVELS = 1_000
ROLES = {"PR": "payer", "40": "receiver", "41": "submitter", "1P": "provider", "85": "provider", "X3": "payer"}
PATIENT = frozenset({"QC", "IL"})
HEADINGS = {"BHT": (2, 3), "BGN": (1, 2)}
LOINC = re.compile(r"(?a:\d{1,7}-\d)")


def read_envelope(transaction: Transaction) -> dict[str, Any]:
    """Read a set of any id.

    Takes     the transaction set; its segments are read through.
    Returns   `content`: version, `segments` (as SE01 counts them), what BHT or BGN say, and `hierarchy`: id, parent and
              code of the first 1,000 levels, `levels` saying how many there are.
    Raises    ReadingError: what the envelope raises.
    """
    outline = _Outline(transaction)
    for segment in transaction:
        outline.take(segment)
    return outline.document({})


def read_275(transaction: Transaction) -> dict[str, Any]:
    """Read a 275, information for a claim or a review: about whom, answering which traces, and what it carries.

    Returns   `content` as `read_envelope` gives it, and payer, receiver, submitter, provider, patient, `references`,
              `traces` (TRN02), `asked` (LOINC codes of STC), `dates`, and `attachments`: form, encoding and length.
              What they hold stays in the document.
    Raises    ReadingError: what the envelope raises.
    """
    outline, carried = _Outline(transaction), _Carried(transaction)
    for segment in transaction:
        outline.take(segment)
        carried.take(segment)
    return outline.document(carried.found)


class _Outline:
    """The frame of a set, while its segments come by."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._segments = 2
        self._levels = 0
        self._hierarchy: list[dict[str, str | None]] = []
        self._heading: dict[str, Any] = {"purpose": None, "reference": None}

    def take(self, segment: Segment) -> None:
        """Take in the next segment."""
        self._segments += 1
        if segment[0] == "HL":
            self._levels += 1
            if self._levels <= MOST_LEVELS:
                level = {"id": said(segment, 1), "parent": said(segment, 2), "code": said(segment, 3)}
                self._hierarchy.append(level)
        elif segment[0] in HEADINGS and self._heading["purpose"] is None:
            purpose, reference = HEADINGS[segment[0]]
            self._heading = {"purpose": said(segment, purpose), "reference": said(segment, reference)}

    def document(self, more: dict[str, Any]) -> dict[str, Any]:
        """Give the document of the set, with more in its content."""
        transaction = self._transaction
        content = {
            "version": transaction.version,
            "functional_group": transaction.group.functional or None,
            **self._heading,
            "segments": self._segments,
            "levels": self._levels,
            "hierarchy": self._hierarchy,
        }
        kind = f"x12.{transaction.set_id.lower()}"
        return heading(transaction, kind) | {"content": content | more}


class _Carried:
    """What a 275 says and carries, while its segments come by."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._form: str | None = None
        self.found: dict[str, Any] = {
            **dict.fromkeys(("payer", "receiver", "submitter", "provider", "patient")),
            "references": {},
            "traces": [],
            "asked": [],
            "dates": {},
            "attachments": [],
        }
        self._steps = {
            "NM1": self._name,
            "REF": self._reference,
            "DTP": self._date,
            "TRN": self._trace,
            "STC": self._status,
            "CAT": self._category,
            "BIN": self._carry,
            "BDS": self._carry,
        }

    def take(self, segment: Segment) -> None:
        """Take in the next segment; those that say nothing of this kind are passed over."""
        step = self._steps.get(segment[0])
        if step is not None:
            step(segment)

    def _name(self, segment: Segment) -> None:
        role = said(segment, 1) or ""
        if role in PATIENT:
            named = {"last_name": said(segment, 3), "first_name": said(segment, 4), "member_id": said(segment, 9)}
            self.found["patient"] = self.found["patient"] or named
        elif role in ROLES:
            self.found[ROLES[role]] = {"name": said(segment, 3), "id": said(segment, 9)}

    def _reference(self, segment: Segment) -> None:
        qualifier, value = said(segment, 1), said(segment, 2)
        if qualifier and value:
            self.found["references"].setdefault(qualifier, value)

    def _date(self, segment: Segment) -> None:
        qualifier, moment = said(segment, 1), iso_moment(said(segment, 3))
        if qualifier and moment:
            self.found["dates"].setdefault(qualifier, moment)

    def _trace(self, segment: Segment) -> None:
        if trace := said(segment, 2):
            self.found["traces"].append(trace)

    def _status(self, segment: Segment) -> None:
        """Note which information is asked for or given: LOINC codes, in whatever element they stand."""
        for text in segment[1:]:
            pieces = components(self._transaction, text)
            if any(piece == "LOI" for piece in pieces):
                self.found["asked"] += [piece for piece in pieces if LOINC.fullmatch(piece)]

    def _category(self, segment: Segment) -> None:
        self._form = said(segment, 2)

    def _carry(self, segment: Segment) -> None:
        """Note what is carried: BIN01 is its length; in a BDS that is the second element, after the encoding."""
        encoding, length = (None, said(segment, 1)) if segment[0] == "BIN" else (said(segment, 1), said(segment, 2))
        attachment = {"form": self._form, "encoding": encoding, "length": whole(length)}
        self.found["attachments"].append(attachment)
