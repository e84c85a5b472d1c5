"""Read what came: the list of documents, and one of them in words and as it came. Each reading is noted."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from app.audit.actions import record as audit
from app.mailroom.facts import WAITING, Mail, Record, RecordState
from app.mailroom.files.opening import UnopenedError, lines_in
from app.mailroom.store import documents, records
from app.patients import store as patient_store
from app.patients.facts import Patient
from app.platform.caller import Caller
from app.platform.db import writing
from app.platform.pieces import DamagedContentError
from app.practice.store import staff as staffing

PAGE = 50
LINES = 200
"""Lines of a document as it came that one page shows."""
COUNTED = 500
"""Records that wait are counted up to here."""


class MailNotFoundError(Exception):
    """No document has this id, or nothing in it is in sight."""


@dataclass(frozen=True, slots=True)
class MailList:
    """A page of the documents that came, newest first: how many of their records wait, by state; who brought them.

    `more`: older ones follow. `waiting`: how many records wait for a person, up to COUNTED.
    """

    mails: tuple[Mail, ...]
    counts: Mapping[UUID, Mapping[RecordState, int]]
    staff: Mapping[UUID, str]
    more: bool
    waiting: int


@dataclass(frozen=True, slots=True)
class MailFile:
    """One document: its records in sight with their patients, and its lines as they came.

    `lines` None: not shown, since the document tells of people out of sight (`hidden`), or could not be opened.
    `first`: how many lines stand before them; `total`: how many there are.
    """

    mail: Mail
    records: tuple[Record, ...]
    patients: Mapping[UUID, Patient]
    more: bool
    lines: tuple[str, ...] | None
    first: int
    total: int
    hidden: bool


def list_mail(caller: Caller, before: UUID | None) -> MailList:
    """List the documents that came, from behind one of them, a page at a time."""
    session, practice_id = caller.session, caller.practice_id
    found = documents.documents(session, practice_id, before, PAGE + 1)
    counts = records.counts(session, practice_id, [one.id for one in found[:PAGE]], WAITING)
    staff = {one.id: one.name for one in staffing.staff_of(session, practice_id)}
    waiting = records.count_waiting(session, practice_id, caller.scope, COUNTED)
    with writing(session):
        audit(caller, "mailroom.listed", count=len(found[:PAGE]))
    return MailList(found[:PAGE], counts, staff, len(found) > PAGE, waiting)


def count_waiting(caller: Caller) -> int:
    """Count the records in sight that wait for a person, up to COUNTED."""
    return records.count_waiting(caller.session, caller.practice_id, caller.scope, COUNTED)


def mail_in_sight(caller: Caller, document_id: UUID) -> bool:
    """Say whether a document is there, and anything of it in sight."""
    if documents.document_of(caller.session, caller.practice_id, document_id) is None:
        return False
    return not caller.scope.limited or records.any_in_sight(
        caller.session, caller.practice_id, caller.scope, document_id
    )


def record_in_sight(caller: Caller, record_id: UUID) -> bool:
    """Say whether a record is there and in sight."""
    return records.in_sight(caller.session, caller.practice_id, caller.scope, record_id)


def read_mail(caller: Caller, document_id: UUID, after: int, first: int) -> MailFile:
    """Read one document, and note whom the page shows.

    Takes     behind which record, and behind how many lines, the page begins.
    Raises    MailNotFoundError.
    """
    session, practice_id = caller.session, caller.practice_id
    mail = documents.document_of(session, practice_id, document_id)
    if mail is None:
        raise MailNotFoundError
    found = records.of_document(session, practice_id, caller.scope, document_id, after, PAGE + 1)
    shown = found[:PAGE]
    patients = patient_store.opened(session, practice_id, [one.patient_id for one in shown if one.patient_id])
    hidden = records.has_out_of_sight(session, practice_id, caller.scope, document_id)
    lines, total = (None, 0) if hidden else _lines(caller, mail, first)
    with writing(session):
        audit(caller, "mailroom.opened", [document_id, *sorted(patients)], raw=lines is not None)
    return MailFile(mail, shown, patients, len(found) > PAGE, lines, first, total, hidden)


def _lines(caller: Caller, mail: Mail, first: int) -> tuple[tuple[str, ...] | None, int]:
    try:
        return lines_in(documents.content_of(caller.session, caller.practice_id, mail), first, LINES)
    except (UnopenedError, DamagedContentError):
        return None, 0
