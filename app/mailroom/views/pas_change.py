"""Changing a request that the payer has, in words: the form, what will be sent, and what was sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from app.casework.actions.pas_changes import Changeable, SentMessage
from app.casework.facts.casebook import case_code
from app.casework.facts.pas import GoesAlong, PasAct
from app.casework.rules.pas_papers import megabytes
from app.documents.facts import Document
from app.mailroom.views.pas import ACT_WORDS, state_words
from app.standards.fhir.pas_facts import SentLine
from app.values.wording import counted, near_time, short_day

SHA_WORDS = "SHA-256 of the bytes"


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One line of the form, as the payer has it. `counts`: its count may be changed."""

    sequence: int
    code: str
    was: str
    counts: bool
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ChangePage:
    """The form of a change. `sentences`: what will be sent, once it can be."""

    case_id: UUID
    code: str
    payer: str
    lines: tuple[ChangeLine, ...]
    papers: tuple[tuple[str, str], ...]
    chosen: tuple[str, ...]
    limit: str
    values: Mapping[str, str]
    sentences: tuple[str, ...] = ()


def change_page(
    found: Changeable,
    papers: Sequence[Document],
    named: Sequence[GoesAlong],
    typed: Mapping[str, str] | None,
    chosen: Sequence[str] = (),
    sentences: Sequence[str] = (),
) -> ChangePage:
    """Put the form into words.

    Takes     the request as the payer has it; the documents of the patient, and how they are named outside; what was
              typed (None: nothing yet); the ids that were ticked; what will be sent.
    """
    record = found.record
    values = {"urgent": "yes" if record.urgent else ""} if typed is None else typed
    pairs = zip(papers, named, strict=True)
    return ChangePage(
        record.id,
        case_code(record.id),
        record.payer_name,
        tuple(_line(one, typed) for one in found.lines if not one.canceled),
        tuple((str(one.id), f"{name.title}, {megabytes(one.size)} ({one.name})") for one, name in pairs),
        tuple(chosen),
        _limit(found),
        values,
        tuple(sentences),
    )


def _limit(found: Changeable) -> str:
    if not found.largest:
        return "This payer's system takes no documents."
    went = f"; {megabytes(found.sent_bytes)} went before and go again" if found.sent_bytes else ""
    return f"At most {megabytes(found.largest)} in all{went}."


def _line(one: SentLine, typed: Mapping[str, str] | None) -> ChangeLine:
    at = one.sequence
    first = {
        f"count-{at}": str(one.count) if one.count is not None else "",
        f"begins-{at}": short_day(one.begins) if one.begins else "",
        f"ends-{at}": short_day(one.ends) if one.ends else "",
    }
    return ChangeLine(at, one.code, line_words(one), one.count is not None, first if typed is None else typed)


def line_words(one: SentLine) -> str:
    """Say what a line asks for: the code, how many, and when."""
    told = [one.code]
    if one.count is not None:
        told.append(counted(one.count, "visit" if one.unit == "VS" else "unit"))
    if one.begins or one.ends:
        told.append(f"{short_day(one.begins) if one.begins else '?'} to {short_day(one.ends) if one.ends else '?'}")
    return ", ".join(told) + (" (taken back)" if one.canceled else "")


@dataclass(frozen=True, slots=True)
class CancelPage:
    """The page that asks before a request is canceled: what it asks for."""

    case_id: UUID
    code: str
    payer: str
    lines: tuple[str, ...]


def cancel_page(found: Changeable) -> CancelPage:
    """Put what will be canceled into words."""
    lines = tuple(line_words(one) for one in found.lines if not one.canceled)
    return CancelPage(found.record.id, case_code(found.record.id), found.record.payer_name, lines)


@dataclass(frozen=True, slots=True)
class SentPage:
    """What was sent: when, what of it is known, its lines and documents, and the proof of its bytes."""

    case_id: UUID
    code: str
    what: str
    when: str
    words: str
    pairs: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]
    documents: tuple[tuple[str, str, str], ...]


def sent_page(sent: SentMessage, zone: ZoneInfo) -> SentPage:
    """Put a message into words. Documents: title, size, SHA-256."""
    one = sent.exchange
    pairs = [("Number of the request", one.trace), ("Sent to", one.system), ("Size", counted(sent.size, "byte"))]
    if one.control is not None:
        pairs.append(("Number of the file", f"{one.control:09}"))
    pairs.append((SHA_WORDS, sent.sha256))
    if one.digest is not None:
        same = one.digest.hex() == sent.sha256
        pairs.append(("Kept as it left", "Yes: the bytes are those that left." if same else "No: the bytes differ."))
    return SentPage(
        one.case_id,
        case_code(one.case_id),
        ACT_WORDS[one.act],
        near_time(one.at.astimezone(zone), one.at.astimezone(zone).date()),
        "" if one.act is PasAct.INQUIRE else state_words(one),
        tuple(pairs),
        tuple(line_words(line) for line in sent.lines),
        tuple((paper.title, megabytes(paper.size), paper.sha256) for paper in sent.documents),
    )
