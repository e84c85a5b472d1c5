"""Documents of a patient: added, listed, handed out as they came, corrected, taken away and back."""

import re
from datetime import date

import pytest
from sqlalchemy import func, select

from app.audit.models import AuditEntryRow
from app.documents import store
from app.documents.actions import add_document
from app.documents.facts import DocumentKind
from app.documents.models import DocumentPieceRow, DocumentRow
from app.platform.db import db
from app.platform.pieces import PIECE
from app.practice.facts.staff import Role
from tests.support import make, papers
from tests.support.desk import Booking
from tests.support.papers import multipart
from tests.support.queries import counted
from tests.web.casework.support import errors_of, fields_of, fill, patient_id, words_of

AT = f"/patients/{patient_id()}/documents"
NOTE = papers.pdf("Psoriasis of the trunk, BSA 12 percent")


@pytest.fixture
def browser(desk, sign_in):
    """A coordinator, and a patient on file."""
    desk.book(Booking(8, "Bauer", "Otto", "pending"))
    return sign_in(Role.COORDINATOR)


def send(browser, content=NOTE, file="Note 02-27.pdf", **typed):
    """Fill the form of the page and send it with a file. Returns the answer."""
    form = fields_of(browser.get(AT), AT) | {"kind": "chart_note", "dated": "2/27/2026"} | typed
    return browser.post(AT, **multipart(form, content, file))


def on_file():
    """The documents of the patient."""
    db.session.rollback()
    return store.of_patient(db.session(), make.PRACTICE_ID, patient_id(), with_removed=True)


def audited(action):
    """How often an action was written down."""
    db.session.rollback()
    return db.session.scalar(select(func.count()).where(AuditEntryRow.action == action))


def test_a_document_is_added_and_handed_out_as_it_came(browser):
    answer = send(browser)
    assert (answer.status_code, answer.location) == (303, AT)
    (one,) = on_file()
    assert (one.name, one.kind, one.dated, one.pages) == (
        "Note 02-27.pdf", DocumentKind.CHART_NOTE, date(2026, 2, 27), 1,
    )  # fmt: skip
    page = browser.get(AT)
    assert "Document added." in words_of(page)
    assert "Note 02-27.pdf Chart note 02/27/2026 PDF, 1 page" in words_of(page)
    handed = browser.get(f"/documents/{one.id}")
    assert handed.data == NOTE
    assert handed.headers["Content-Type"] == "application/pdf"
    assert re.fullmatch(r'attachment; filename="chart-note-[0-9a-f]{6}\.pdf"', handed.headers["Content-Disposition"])
    assert handed.headers["X-Content-Type-Options"] == "nosniff"
    assert handed.headers["Cache-Control"] == "no-store"
    assert [audited(f"documents.{done}") for done in ("added", "opened")] == [1, 1]


def test_a_large_document_lies_in_sealed_pieces_and_comes_back_whole(browser):
    photo = papers.picture("PNG", (64, 64)) + b"\0" * (2 * PIECE + 7)
    send(browser, photo, "photo.png", kind="photo")
    (one,) = on_file()
    pieces = db.session.scalars(select(DocumentPieceRow.content).order_by(DocumentPieceRow.place)).all()
    assert len(pieces) == 3
    assert all(b"\x89PNG\r\n\x1a" not in piece for piece in pieces)
    assert browser.get(f"/documents/{one.id}").data == photo


def test_a_form_sent_twice_adds_one_document(browser):
    form = fields_of(browser.get(AT), AT) | {"kind": "photo", "dated": ""}
    for _time in range(2):
        assert browser.post(AT, **multipart(form, papers.picture("JPEG"), "a.jpg")).status_code == 303
    assert len(on_file()) == 1
    assert audited("documents.added") == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty"),
        (b"PK\x03\x04 docx", "a Word document"),
        (papers.pdf("x", change=papers.with_script), "holds scripts"),
        (papers.pdf("x", secret="s"), "locked with a password"),
        (NOTE[:200], "damaged"),
        (b"%PDF-" + b"x" * 26 * 2**20, "up to 25 MB are taken"),
    ],
)
def test_what_cannot_be_taken_is_told_beside_the_field_and_nothing_typed_is_lost(browser, content, words):
    answer = send(browser, content, "x.pdf", name="Visit note", dated="2/1/2026", kind="pathology")
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    assert any(words in one for one in errors_of(answer))
    kept = fields_of(answer, AT)
    assert (kept["name"], kept["dated"], kept["kind"]) == ("Visit note", "2/1/2026", "pathology")
    assert on_file() == ()


def test_fields_that_cannot_be_read_are_told_in_their_order(browser):
    answer = send(browser, kind="", dated="3/9/2026", name="x" * 200)
    assert errors_of(answer) == [
        "Choose what kind of document it is",
        "Date on the document must not lie ahead; today is 03/02/2026",
        "Name must have at most 120 characters",
    ]
    assert "Choose the file again" in words_of(answer)


def test_a_document_is_corrected_and_of_two_people_the_second_sees_both(browser):
    send(browser)
    (one,) = on_file()
    at = f"/documents/{one.id}/edit"
    late = fields_of(browser.get(at), at)
    assert fill(browser, at, name="Note of Dr. Rivera", dated="").status_code == 303
    assert (on_file()[0].name, on_file()[0].dated) == ("Note of Dr. Rivera", None)
    second = browser.post(at, data=late | {"kind": "referral"})
    assert second.status_code == 409
    assert "Somebody changed this document meanwhile" in words_of(second)
    assert "Note of Dr. Rivera, Chart note" in words_of(second)
    again = fields_of(second, at)
    assert browser.post(at, data=again).status_code == 303
    assert on_file()[0].kind is DocumentKind.REFERRAL
    assert browser.get(f"/documents/{one.id}").data == NOTE


def test_a_document_is_taken_away_and_brought_back(browser):
    send(browser)
    (one,) = on_file()
    token = fields_of(browser.get(AT), AT)["csrf_token"]
    assert browser.post(f"/documents/{one.id}/take-away", data={"csrf_token": token}).status_code == 303
    page = browser.get(AT)
    assert "No document on file" in words_of(page)
    assert f"/documents/{one.id}/bring-back" in page.text
    browser.post(f"/documents/{one.id}/bring-back", data={"csrf_token": token})
    assert on_file()[0].removed_at is None


def test_bytes_that_changed_on_the_disk_are_not_handed_out(browser):
    send(browser)
    (one,) = on_file()
    db.session.execute(db.update(DocumentRow).values(sha256="0" * 64))
    db.session.commit()
    answer = browser.get(f"/documents/{one.id}")
    assert answer.status_code == 500
    assert "This document is damaged" in words_of(answer)


@pytest.mark.parametrize("role", [Role.SCHEDULER, Role.BILLER, Role.ADMINISTRATOR])
def test_whoever_reads_no_clinical_facts_opens_no_document(desk, sign_in, role):
    desk.book(Booking(8, "Bauer", "Otto", "pending"))
    key = make.an_id(900)
    add_document(desk.caller, patient_id(), key, "note.pdf", NOTE, DocumentKind.CHART_NOTE)
    other = sign_in(role)
    assert other.get(AT).status_code in (403, 404)
    assert other.get(f"/documents/{key}").status_code in (403, 404)


def test_the_page_asks_as_much_for_many_documents_as_for_one(browser):
    send(browser)
    with counted(db.engine) as one:
        browser.get(AT)
    for _more in range(4):
        send(browser)
    with counted(db.engine) as many:
        browser.get(AT)
    assert len(one) == len(many)
