"""Documents are kept as they came, read apart once, and each record is filed once, whatever comes twice or half-way."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.authorizations import store as authorization_store
from app.authorizations.facts import Counting, Item, Status
from app.casework.facts.payer_answers import PayerRequest, RequestChannel
from app.casework.store.payer_answers import note_trace
from app.mailroom.actions import receiving
from app.mailroom.actions.mail import read_mail
from app.mailroom.actions.receiving import go_on, receive
from app.mailroom.facts import MailState, RecordState, Via
from app.mailroom.jobs.going_on import try_records_again
from app.mailroom.models import MailPieceRow
from app.mailroom.store import documents, records
from app.platform.caller import Caller
from app.platform.db import keyring_of
from app.values.scope import EVERYTHING
from tests.support import make
from tests.support.desk import Booking, Desk
from tests.support.reviews import Response, interchange, response, response_set

PRACTICE = make.PRACTICE_ID
CASES = (make.an_id(60_001), make.an_id(60_002))
FIRST = Response("T-1", "W00000001", "Dubois", "Henri")
SECOND = Response("T-2", "W00000002", "Moreau", "Anne", number="AUTH0002")


@pytest.fixture
def sent(caller):
    """Two cases of two patients that went to their payer."""
    Desk(caller).furnish().book(Booking(9, "Dubois", "Henri", "pending"), Booking(10, "Moreau", "Anne", "pending"))
    for place, (case, trace) in enumerate(zip(CASES, ("T-1", "T-2"), strict=True)):
        record = replace(standing(caller, case), items=(Item(("96910",), None, Counting.UNITS, 36),), used_on=None)
        record = replace(record, begins=date(2026, 3, 1), ends=date(2026, 8, 31))
        authorization_store.change_authorizations(caller.session, PRACTICE, [record], [])
        request = PayerRequest(make.an_id(800 + place), case, RequestChannel.X12, trace, make.NOW, payer_id="ACME1")
        note_trace(caller.session, PRACTICE, request)
    caller.session.commit()
    return caller


def standing(caller, case=CASES[0]):
    """A case as it stands."""
    found = authorization_store.record_of(caller.session, PRACTICE, case)
    assert found is not None
    return found[0]


def states(caller, document_id):
    """The states of a document's records, in order."""
    found = records.of_document(caller.session, PRACTICE, EVERYTHING, document_id, 0, 99)
    return [(one.state, one.why) for one in found]


def test_a_document_is_kept_as_it_came_and_its_record_does_its_work_once(sent):
    content = response(FIRST)
    report = receive(sent, content, "answers.x12", Via.UPLOAD)
    counted = (report.records, report.stored, report.matched, report.unmatched, report.already, report.fault)
    assert (report.file, report.kind, counted) == ("answers.x12", "x12.278", (1, 1, 1, 0, 0, None))
    assert (standing(sent).status, standing(sent).number) == (Status.APPROVED, "AUTH0001")
    mail = documents.document_of(sent.session, PRACTICE, report.document_id)
    assert mail is not None and (mail.state, mail.sender) == (MailState.DONE, "ZZ/ACMEHEALTH")
    assert documents.content_of(sent.session, PRACTICE, mail) == content
    again = receive(sent, content, "the same.txt", Via.FOLDER)
    assert (again.document_id, again.stored, again.matched, again.already) == (report.document_id, 0, 0, 1)
    raw = sent.session.connection().exec_driver_sql("SELECT part FROM mail_record").scalar_one()
    assert b"Dubois" not in bytes(raw) and b"AUTH0001" not in bytes(raw)


def test_a_set_that_comes_again_in_another_file_does_nothing(sent):
    receive(sent, response(FIRST), "a", Via.UPLOAD)
    report = receive(sent, response(FIRST).replace(b"~\n", b"~\r\n"), "b", Via.UPLOAD)
    assert (report.records, report.stored, report.matched, report.already) == (1, 1, 0, 1)
    assert states(sent, report.document_id) == [(RecordState.ALREADY, None)]


def test_the_same_control_numbers_with_other_bytes_flip_nothing(sent):
    receive(sent, response(FIRST), "a", Via.UPLOAD)
    before = standing(sent)
    forged = receive(sent, response(replace(FIRST, action="A3", lines=())), "b", Via.UPLOAD)
    assert (forged.matched, forged.unmatched) == (0, 1)
    assert states(sent, forged.document_id) == [(RecordState.CONTRADICTING, "same_control_numbers")]
    other = receive(sent, response(replace(FIRST, number="AUTH0009"), 418), "c", Via.UPLOAD)
    assert states(sent, other.document_id) == [(RecordState.CONTRADICTING, "not_open")]
    assert standing(sent) == before


def test_a_document_that_cannot_be_read_to_its_end_is_kept_and_nothing_of_it_is_filed(sent):
    whole = interchange([response_set(FIRST, 1), response_set(SECOND, 2)])
    report = receive(sent, whole[: len(whole) - 90], "cut", Via.UPLOAD)
    assert report.fault is not None and (report.records, report.stored) == (0, 0)
    assert standing(sent).status is Status.SUBMITTED
    mail = documents.document_of(sent.session, PRACTICE, report.document_id)
    assert mail is not None and mail.state is MailState.REFUSED and mail.fault == report.fault
    assert receive(sent, whole, "whole", Via.UPLOAD).matched == 2
    nonsense = receive(sent, b"\x00\x01 nothing", "n", Via.UPLOAD)
    assert nonsense.fault is not None


def test_what_was_left_half_way_is_gone_on_with(sent, monkeypatch):
    content = interchange([response_set(FIRST, 1), response_set(SECOND, 2)])
    with monkeypatch.context() as broken:

        def stop(*_arguments: object) -> None:
            raise KeyboardInterrupt

        broken.setattr(receiving, "file_records", stop)
        with pytest.raises(KeyboardInterrupt):
            receive(sent, content, "a", Via.UPLOAD)
    assert standing(sent).status is Status.SUBMITTED
    later = Caller(sent.session, PRACTICE, make.clock(make.NOW + timedelta(minutes=5)))
    assert go_on(later).found == 1
    assert [standing(sent, case).status for case in CASES] == [Status.APPROVED] * 2
    assert go_on(later).found == 0
    assert receive(sent, content, "a", Via.UPLOAD).already == 2


def test_what_nobody_asked_for_waits_for_a_person(sent):
    report = receive(sent, response(replace(FIRST, trace="T-9", reference="Z99999")), "a", Via.UPLOAD)
    assert (report.matched, report.unmatched) == (0, 1)
    assert states(sent, report.document_id) == [(RecordState.UNMATCHED, "no_request")]
    assert records.count_waiting(sent.session, PRACTICE, EVERYTHING, 99) == 1


def test_what_waited_finds_its_place_once_what_it_is_about_has_come(sent):
    receive(sent, response(replace(FIRST, trace="T-9", reference="Z99999")), "a", Via.UPLOAD)
    assert try_records_again(sent) == 0
    request = PayerRequest(make.an_id(810), CASES[0], RequestChannel.X12, "T-9", make.NOW)
    assert note_trace(sent.session, PRACTICE, request)
    sent.session.commit()
    assert try_records_again(sent) == 1
    assert standing(sent).status is Status.APPROVED
    assert try_records_again(sent) == 0


def test_of_a_long_document_a_part_is_filed_while_somebody_waits_and_the_rest_by_the_job(sent):
    both = interchange([response_set(FIRST, 1), response_set(SECOND, 2)])
    report = receive(sent, both, "answers.x12", Via.UPLOAD, most=1)
    assert (report.records, report.matched, report.left) == (2, 1, 1)
    assert standing(sent, CASES[1]).status is Status.SUBMITTED
    sent.clock.instant += timedelta(minutes=3)
    assert go_on(sent).done == 1
    assert [state for state, _why in states(sent, report.document_id)] == [RecordState.MATCHED] * 2
    assert standing(sent, CASES[1]).status is Status.APPROVED


def spoil(caller, document_id):
    """Let the bytes on file of a document be others than those that came."""
    piece = caller.session.scalars(select(MailPieceRow).where(MailPieceRow.document_id == document_id)).one()
    keyring = keyring_of(caller.session)
    piece.content = keyring.seal_bytes("mail_piece.content", PRACTICE, piece.id, b"ISA spoilt")
    caller.session.commit()


def test_a_document_that_is_damaged_on_file_is_named_and_holds_up_no_other(sent, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(receiving, "_read_in", stopped)
        for place, one in enumerate((FIRST, SECOND)):
            with pytest.raises(KeyboardInterrupt):
                receive(sent, interchange([response_set(one, 1)], control=place + 1), f"{place}", Via.FOLDER)
    spoilt, whole = sorted(one.id for one in documents.documents(sent.session, PRACTICE, None, 9))
    spoil(sent, spoilt)
    sent.clock.instant += timedelta(minutes=5)
    assert go_on(sent).done == 2
    named = documents.document_of(sent.session, PRACTICE, spoilt)
    assert (named.state, named.fault.code) == (MailState.REFUSED, "damaged")
    assert [state for state, _why in states(sent, whole)] == [RecordState.MATCHED]
    assert read_mail(sent, spoilt, 0, 0).lines is None
    assert go_on(sent).found == 0


def test_a_document_that_breaks_its_reading_holds_up_no_other(sent, monkeypatch):
    read_in = receiving._read_in
    with monkeypatch.context() as broken:
        broken.setattr(receiving, "_read_in", stopped)
        for place, one in enumerate((FIRST, SECOND)):
            with pytest.raises(KeyboardInterrupt):
                receive(sent, interchange([response_set(one, 1)], control=place + 1), f"{place}", Via.FOLDER)
    first, second = sorted(one.id for one in documents.documents(sent.session, PRACTICE, None, 9))

    def breaks_once(caller, mail, content):
        if mail.id == first:
            raise RuntimeError
        return read_in(caller, mail, content)

    monkeypatch.setattr(receiving, "_read_in", breaks_once)
    sent.clock.instant += timedelta(minutes=5)
    ran = go_on(sent)
    assert (ran.found, ran.done, ran.failed) == (2, 1, 1)
    assert [state for state, _why in states(sent, second)] == [RecordState.MATCHED]


def stopped(*_arguments):
    """End as a program that is killed."""
    raise KeyboardInterrupt
