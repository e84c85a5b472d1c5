"""A change or a cancellation of a PAS request, written: the bundle as it was sent last, with what is otherwise now.

As the guide asks: the new Claim names the earlier one, which stands in the bundle too; every line and document that was
ever sent stays, those taken back marked as such; what this change does is marked, and nothing else is.
"""

import hashlib
import json
from copy import deepcopy
from datetime import date
from typing import Any
from uuid import uuid5

from app.standards.fhir.nodes import Node
from app.standards.fhir.pas_claim import element, level, message_line, priority, serviced, trace_number
from app.standards.fhir.pas_facts import Certification, Change, LineChange, PasUpdate, SentDocument, SentLine
from app.standards.fhir.pas_papers import paper_line, paper_resource
from app.standards.fhir.pas_request import REQUEST, request_content
from app.standards.fhir.pas_terms import PAS, TERMS, coded, named
from app.standards.fhir.pas_writing import UnwritableError, bundled, entry, refuse_unsaid
from app.standards.fhir.strict_json import documents

_CHANGED = f"{PAS}extension-infoChanged"
_CERTIFIED = f"{PAS}extension-certificationType"
_LEVEL = f"{PAS}extension-levelOfServiceCode"
_CANCELED = f"{PAS}modifierextension-infoCancelled"
_OTHER = "what was written is not read back as what was meant"

Json = dict[str, Any]


def write_update(update: PasUpdate) -> bytes:
    """Write the bundle for Claim/$submit that changes a request, or cancels it where every line is canceled.

    Raises    UnwritableError where it changes nothing, a line is not there or was taken back before, a text cannot be
              said, or what is written would be read back otherwise.
    """
    refuse_unsaid(update)
    earlier: Json = json.loads(update.earlier)
    claim, ids = _claim(update, earlier), _paper_ids(update)
    patient = claim["patient"]["reference"].removeprefix("urn:uuid:")
    fresh = [entry(claim)]
    papers = [entry(paper_resource(one, patient, paper)) for one, paper in zip(ids, update.papers, strict=True)]
    content = bundled(
        update.bundle_id, update.created, "profile-pas-request-bundle", [*fresh, *papers, *earlier["entry"]]
    )
    _refuse_otherwise_read(update, content)
    return content


def sent_lines(content: bytes) -> tuple[SentLine, ...]:
    """Read the lines of a bundle of ours, those taken back among them."""
    return tuple(
        SentLine(
            one["sequence"],
            one["code"],
            one["quantity"],
            one["unit"],
            _day(one["service_dates"]["begins"]),
            _day(one["service_dates"]["ends"]),
            one["canceled"],
        )
        for one in _content(content)["items"]
    )


def sent_documents(content: bytes) -> tuple[SentDocument, ...]:
    """Read which documents a bundle of ours brought."""
    found = _content(content)["documents"]
    return tuple(SentDocument(one["title"] or "", one["size"] or 0, one["sha256"] or "") for one in found)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _paper_ids(update: PasUpdate) -> list[str]:
    return [str(uuid5(update.bundle_id, f"paper {at}")) for at, _paper in enumerate(update.papers)]


def _claim(update: PasUpdate, earlier: Json) -> Json:
    before: Json = earlier["entry"][0]["resource"]
    claim = deepcopy(before)
    claim["id"] = str(uuid5(update.bundle_id, "claim"))
    claim["meta"] = {"profile": [f"{PAS}profile-claim-update"]}
    claim["identifier"] = [trace_number(update.submitter, update.trace)]
    claim["created"] = update.created.isoformat(timespec="seconds")
    reference = {"reference": f"urn:uuid:{before['id']}", "type": "Claim", "identifier": before["identifier"][0]}
    prior = coded(f"{TERMS}ex-relatedclaimrelationship", "prior")
    claim["related"] = [{"claim": reference, "relationship": prior}]
    _mark_lines(claim, {one.sequence: one for one in update.lines})
    whole = Certification.CANCEL if all(_is_canceled(one) for one in claim["item"]) else Certification.REVISED
    _say(claim, _CERTIFIED, element("certificationType", "1322", whole.value))
    if update.urgent is not None:
        _say(claim, _LEVEL, level(update.urgent))
        claim["priority"] = priority(update.urgent)
    claim["supportingInfo"] = _told(update, claim)
    return claim


def _mark_lines(claim: Json, changes: dict[int, LineChange]) -> None:
    """Mark what this change does to the lines; what an earlier one did is no news any more."""
    for item in claim["item"]:
        _say(item, _CHANGED, None)
        change = changes.pop(item["sequence"], None)
        if change is None:
            continue
        if _is_canceled(item):
            raise UnwritableError("a line was taken back before")
        _change(item, change)
    if changes:
        raise UnwritableError("a line is not in the request")


def _change(item: Json, change: LineChange) -> None:
    certification = Certification.CANCEL if change.canceled else Certification.REVISED
    _say(item, _CERTIFIED, element("certificationType", "1322", certification.value))
    _say(item, _CHANGED, named("infoChanged", valueCode=Change.CHANGED.value))
    if change.canceled:
        item["modifierExtension"] = [{"url": _CANCELED, "valueBoolean": True}]
        return
    if change.quantity is not None:
        item["quantity"] = {**item.get("quantity", {}), "value": change.quantity}
    if change.begins is not None or change.ends is not None:
        day, period = item.pop("servicedDate", None), item.pop("servicedPeriod", {})
        dates = serviced(change.begins, change.ends)
        begins, ends = day or period.get("start"), day or period.get("end")
        told = dates.get("servicedPeriod")
        if told is not None:
            kept = {"start": told["start"] or begins, "end": told["end"] or ends}
            dates = {"servicedPeriod": {key: value for key, value in kept.items() if value}}
        item.update(dates)


def _told(update: PasUpdate, claim: Json) -> list[Json]:
    """Documents and words: all that were ever sent, and those of this change."""
    told = [_unmarked(one) for one in claim.get("supportingInfo", [])]
    ids = _paper_ids(update)
    told += [paper_line(one, paper, Change.ADDED) for one, paper in zip(ids, update.papers, strict=True)]
    if update.note:
        told.append({"extension": [named("infoChanged", valueCode=Change.ADDED.value)], **message_line(update.note)})
    return [{**one, "sequence": at} for at, one in enumerate(told, start=1)]


def _unmarked(line: Json) -> Json:
    kept = deepcopy(line)
    _say(kept, _CHANGED, None)
    return kept


def _say(holder: Json, url: str, extension: Json | None) -> None:
    """Put an extension in the place of that of the same address; None takes it away."""
    kept = [one for one in holder.get("extension", []) if one["url"] != url]
    holder["extension"] = kept if extension is None else [*kept, extension]


def _is_canceled(item: Json) -> bool:
    return any(one["url"] == _CANCELED and one["valueBoolean"] for one in item.get("modifierExtension", []))


def _refuse_otherwise_read(update: PasUpdate, content: bytes) -> None:
    read, before = _content(content), _content(update.earlier)
    papers = [*before["documents"], *({"sha256": hashlib.sha256(one.content).hexdigest()} for one in update.papers)]
    if (read["trace"], read["related"], read["patient"]) != (update.trace, ["prior"], before["patient"]):
        raise UnwritableError(_OTHER)
    if [one["sha256"] for one in read["documents"]] != [one["sha256"] for one in papers]:
        raise UnwritableError(_OTHER)
    changes = {one.sequence: one for one in update.lines}
    lines = [_line(one, changes.get(one["sequence"])) for one in before["items"]]
    if [_line(one, None) for one in read["items"]] != lines:
        raise UnwritableError(_OTHER)
    if not (changes or update.papers or update.note or update.urgent is not None):
        raise UnwritableError("a change changes something")


def _line(one: Json, change: LineChange | None) -> tuple[Any, ...]:
    """What a line says: as it stands, or as a change makes it."""
    quantity, days, canceled = one["quantity"], dict(one["service_dates"]), one["canceled"]
    if change is not None and change.canceled:
        canceled = True
    elif change is not None:
        quantity = str(change.quantity) if change.quantity is not None else quantity
        days["begins"] = change.begins.isoformat() if change.begins is not None else days["begins"]
        days["ends"] = change.ends.isoformat() if change.ends is not None else days["ends"]
    return one["sequence"], one["code"], one["modifiers"], quantity, days, canceled


def _content(content: bytes) -> Json:
    (bundle,) = documents(content)
    return request_content(Node(bundle, "", REQUEST))
