"""Documents that go with a PAS request: written into the bundle with their content, and read out of it again."""

import hashlib
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Iterator
from typing import Any

from app.standards.fhir.bundles import Entry, entries, first_code, resolved
from app.standards.fhir.nodes import Node
from app.standards.fhir.pas_facts import Change, Paper, PaperSort
from app.standards.fhir.pas_terms import CATEGORIES, LOINC, NO_CODE, PAS, PAS_TERMS, X12, coded, named

ADDITIONAL = "additionalInformation"
_TYPES: dict[PaperSort, tuple[str | None, str]] = {
    PaperSort.NOTE: ("11506-3", "M1"),
    PaperSort.PHOTO: ("72170-4", "XP"),
    PaperSort.LAB: ("11502-2", "LA"),
    PaperSort.PATHOLOGY: ("11526-1", "P4"),
    PaperSort.REFERRAL: ("57133-1", "77"),
    PaperSort.OTHER: (None, "77"),
}
"""LOINC code of the document, and the kind of report (X12 755) that a 278 would name it by."""


def paper_resource(identity: str, patient: str, paper: Paper) -> dict[str, Any]:
    """Write a document with its content in it, so that the payer needs no way back to us (profile of PAS 2.2.1)."""
    loinc, _report = _TYPES[paper.sort]
    kind = coded(LOINC, loinc) if loinc is not None else coded(NO_CODE, "UNK")
    return {
        "resourceType": "DocumentReference",
        "id": identity,
        "meta": {"profile": [f"{PAS}profile-documentreference"]},
        "status": "current",
        "type": {**kind, "text": paper.title},
        "category": [coded(CATEGORIES, "clinical-note")],
        "subject": {"reference": f"urn:uuid:{patient}"},
        "content": [
            {
                "attachment": {
                    "contentType": paper.media_type,
                    "data": b64encode(paper.content).decode(),
                    "size": len(paper.content),
                    "title": paper.title,
                }
            }
        ],
    }


def paper_line(identity: str, paper: Paper, change: Change | None = None) -> dict[str, Any]:
    """Write where the Claim names a document; `change`: what an update does to it. The sequence is the caller's."""
    _loinc, report = _TYPES[paper.sort]
    parts = [{"url": "reportTypeCode", "valueCodeableConcept": coded(f"{X12}755", report)}]
    told = [named("documentInformation", extension=parts)]
    if change is not None:
        told.append(named("infoChanged", valueCode=change.value))
    return {
        "extension": told,
        "category": coded(PAS_TERMS, ADDITIONAL),
        "valueReference": {"reference": f"urn:uuid:{identity}"},
    }


def documents_of(claim: Node, known: list[Entry]) -> list[dict[str, Any]]:
    """Say which documents a Claim brings: title, media type, bytes and SHA-256 (null where none are in it)."""
    found = []
    for attachment in _attachments(claim, known):
        content = _content(attachment)
        found.append(
            {
                "title": attachment.text("title"),
                "content_type": attachment.text("contentType"),
                "size": None if content is None else len(content),
                "sha256": None if content is None else hashlib.sha256(content).hexdigest(),
            }
        )
    return found


def contents_of(bundle: Node, claim: Node) -> list[bytes | None]:
    """Give the bytes of the documents that a Claim brings, in order; None where none are in it."""
    return [_content(one) for one in _attachments(claim, entries(bundle))]


def _attachments(claim: Node, known: list[Entry]) -> Iterator[Node]:
    for line in claim.each("supportingInfo"):
        if first_code(line.at("category")) != ADDITIONAL or line.at("valueReference").value is None:
            continue
        paper = resolved(claim, line.at("valueReference"), known, "DocumentReference")
        if paper is not None:
            yield from (one.at("attachment") for one in paper.each("content"))


def _content(attachment: Node) -> bytes | None:
    text = attachment.text("data")
    try:
        return None if text is None else b64decode("".join(text.split()), validate=True)
    except NotBase64:
        return None
