"""Take documents of the trade in: keep each as it came, read it apart, and file what it says. Safe to repeat."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from app.audit.actions import record as audit
from app.mailroom.actions.handing import file_records
from app.mailroom.facts import LARGEST, SAME_CONTROL, Envelope, Fault, Mail, MailState, RecordState, Report, Via
from app.mailroom.files.opening import envelopes_in
from app.mailroom.files.reading import documents_in
from app.mailroom.rules.controls import enveloped
from app.mailroom.rules.parting import parts_of
from app.mailroom.store import answers, documents, records
from app.platform.alone import alone
from app.platform.caller import Caller
from app.platform.db import writing
from app.platform.ids import new_id
from app.platform.pieces import DamagedContentError
from app.platform.runs import Ran

LEFT_FOR = timedelta(minutes=2)
"""How long a document lies still before a job goes on with it."""
AT_ONCE = 20
TOO_LARGE = Fault("too_large", f"The document is larger than {LARGEST // 2**20} MB. Ask its sender for it in parts.")
DAMAGED = Fault("damaged", "What is on file of the document is not what came. Ask its sender for it once more.")
Read = Mapping[str, Any]


def receive(
    caller: Caller, content: bytes, name: str, via: Via, most: int | None = None, house: str | None = None
) -> Report:
    """Take a document in: keep its bytes sealed, read it in a confined process, and file each of its records.

    The same bytes are kept once; so are sets that come again under their control numbers. A set that bears the numbers
    of another and says something else is kept for a person, and none of it is filed. A document that cannot be read to
    its end is kept too, with the reason, and none of it is filed. What was left half-way is gone on with.

    Takes     the bytes, LARGEST at most; what the file is called; by which way it came; how many records are filed
              before it returns, where somebody waits for it: a job files the rest within minutes; which clearinghouse
              brought it, so that it is told what became of it.
    Returns   what came of it; see Report. A document that cannot be read has a `fault` and raises nothing; one that is
              too large is not kept.
    """
    if len(content) > LARGEST:
        return Report(None, name, None, fault=TOO_LARGE)
    mail = _kept(caller, content, name, via, house)
    before = 0
    if mail.state in (MailState.RECEIVED, MailState.REFUSED):
        mail = _read_in(caller, mail, content)
    else:
        standing = records.counts(caller.session, caller.practice_id, [mail.id]).get(mail.id, {})
        before = sum(number for state, number in standing.items() if state is not RecordState.TO_FILE)
    return _reported(caller, replace(mail, name=name), before, most)


def foretell(_caller: Caller, content: bytes, name: str, _via: Via) -> Report:
    """Say how many records a document holds, or why it cannot be read, and keep nothing."""
    if len(content) > LARGEST:
        return Report(None, name, None, fault=TOO_LARGE)
    sets: list[Read] = []
    for read in documents_in(content):
        if "error" in read:
            return Report(None, name, str(read["kind"]), fault=_fault(read))
        sets.append(read)
    return Report(None, name, _kind(sets), sum(len(parts_of(one)) for one in sets))


def go_on(caller: Caller) -> Ran:
    """Go on with documents that were left half-way, by a program that ended or a job that was stopped.

    One that breaks keeps the others from nothing, and is tried again at a later turn.
    """
    left = documents.unfinished(caller.session, caller.practice_id, caller.clock.now() - LEFT_FOR, AT_ONCE)
    ran = Ran()
    for document_id in left:
        ran += alone(caller.session, "document not filed", partial(_go_on, caller, document_id))
    return ran


def _go_on(caller: Caller, document_id: UUID) -> Ran:
    with writing(caller.session) as session:
        documents.touch(session, caller.practice_id, document_id, caller.clock.now())
    mail = _as_it_stands(caller, document_id)
    if mail.state is MailState.RECEIVED:
        try:
            content = documents.content_of(caller.session, caller.practice_id, mail)
        except DamagedContentError:
            _refused(caller, mail, mail.kind or "unknown", DAMAGED)
            return Ran(1, 1)
        _read_in(caller, mail, content)
    file_records(caller, document_id)
    return Ran(1, 1)


def _kept(caller: Caller, content: bytes, name: str, via: Via, house: str | None) -> Mail:
    """Keep a document, or find it on file; and note which clearinghouse brought it, if one did."""
    sha256 = hashlib.sha256(content).hexdigest()
    known = documents.document_of_bytes(caller.session, caller.practice_id, sha256)
    if known is not None:
        _brought(caller, known, house)
        return known
    now = caller.clock.now()
    mail = Mail(new_id(), sha256, len(content), name, via, MailState.RECEIVED, now, caller.user_id)
    try:
        with writing(caller.session) as session:
            documents.add_document(session, caller.practice_id, mail, content)
            if house is not None:
                answers.note_source(session, caller.practice_id, mail.id, house)
            audit(caller, "mailroom.received", [mail.id], by=via.value, size=len(content))
    except IntegrityError:  # the same bytes came by another way at this moment
        known = documents.document_of_bytes(caller.session, caller.practice_id, sha256)
        assert known is not None
        _brought(caller, known, house)
        return known
    return mail


def _brought(caller: Caller, known: Mail, house: str | None) -> None:
    """Note that a clearinghouse brought what came before by another way; what it brought before is noted already."""
    if house is not None:
        with writing(caller.session) as session:
            answers.note_source(session, caller.practice_id, known.id, house)


def _read_in(caller: Caller, mail: Mail, content: bytes) -> Mail:
    """Read a document and keep its records, all or none. Returns it as it stands then."""
    sets: list[Read] = []
    for read in documents_in(content):
        if "error" in read:
            return _refused(caller, mail, str(read["kind"]), _fault(read))
        sets.append(read)
    return put_down(caller, mail, sets, envelopes_in(content))


def _refused(caller: Caller, mail: Mail, kind: str, fault: Fault) -> Mail:
    with writing(caller.session) as session:
        if documents.hold(session, caller.practice_id, mail.id) in (MailState.RECEIVED, MailState.REFUSED):
            documents.note_refused(session, caller.practice_id, mail.id, kind, fault)
            audit(caller, "mailroom.refused", [mail.id], fault=fault.code)
    return _as_it_stands(caller, mail.id)


def _fault(read: Read) -> Fault:
    error = read["error"]
    place = next((one for one in ("line", "segment", "pointer") if error.get(one) is not None), None)
    return Fault(error["code"], error["message"], place, None if place is None else str(error[place]))


def put_down(caller: Caller, mail: Mail, sets: Sequence[Read], envelopes: Sequence[Envelope]) -> Mail:
    """Keep the sets that a reader gave of a document, and their records, in one transaction; once, whoever comes too.

    Takes     the document; the reader's objects; who sent each set under which control numbers.
    Returns   the document as it stands then.
    """
    try:
        _put_down(caller, mail, sets, envelopes)
    except IntegrityError:  # a set with the same control numbers was put down at this moment: now it is seen
        _put_down(caller, mail, sets, envelopes)
    return _as_it_stands(caller, mail.id)


def _put_down(caller: Caller, mail: Mail, sets: Sequence[Read], envelopes: Sequence[Envelope]) -> None:
    practice_id, number = caller.practice_id, 0
    with writing(caller.session) as session:
        if documents.hold(session, practice_id, mail.id) not in (MailState.RECEIVED, MailState.REFUSED):
            return
        for place, (read, envelope) in enumerate(enveloped(sets, envelopes), start=1):
            set_id, state = records.add_set(session, practice_id, mail.id, place, read, envelope)
            parts = parts_of(read, envelope.sent_on if envelope is not None else None)
            why = SAME_CONTROL if state is RecordState.CONTRADICTING else None
            records.add_records(session, practice_id, mail.id, set_id, number + 1, parts, state, why)
            number += len(parts)
        sender = next((one.sender for one in envelopes if one.sender), None)
        documents.note_read(session, practice_id, mail.id, _kind(sets), sender, number)
        audit(caller, "mailroom.read", [mail.id], records=number)


def _kind(sets: Sequence[Read]) -> str | None:
    return next((str(one["kind"]) for one in sets), None)


def _as_it_stands(caller: Caller, document_id: UUID) -> Mail:
    found = documents.document_of(caller.session, caller.practice_id, document_id)
    assert found is not None
    return found


def _reported(caller: Caller, mail: Mail, before: int, most: int | None) -> Report:
    """File what is to be filed of a document, and count what came of it."""
    report = Report(mail.id, mail.name, mail.kind, mail.records, fault=mail.fault)
    if mail.state is MailState.REFUSED:
        return report
    came = dict(_repeats(caller, mail.id)) if not before else {}
    for state, count in file_records(caller, mail.id, most).items():
        came[state] = came.get(state, 0) + count
    unmatched = came.get(RecordState.UNMATCHED, 0) + came.get(RecordState.CONTRADICTING, 0)
    return replace(
        report,
        stored=mail.records - before,
        matched=came.get(RecordState.MATCHED, 0),
        unmatched=unmatched,
        already=before + came.get(RecordState.ALREADY, 0),
        left=len(records.to_file(caller.session, caller.practice_id, mail.id)),
    )


def _repeats(caller: Caller, document_id: UUID) -> Iterator[tuple[RecordState, int]]:
    """Count the records that had their outcome when they were put down: those of sets that came before."""
    standing = records.counts(caller.session, caller.practice_id, [document_id]).get(document_id, {})
    yield from ((state, number) for state, number in standing.items() if state is not RecordState.TO_FILE)
