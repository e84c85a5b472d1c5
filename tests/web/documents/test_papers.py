"""Documents of a case, its letters by version, and the packet of its request."""

import io
import os
import re
from datetime import date
from typing import get_args
from uuid import UUID

import pypdf
import pytest

from app.casework.actions.papers import papers_of
from app.casework.facts.entries import EntryKind
from app.casework.rules.form_values import values_of
from app.casework.store import entries as entry_store
from app.documents import store
from app.documents.actions import add_document
from app.documents.facts import Cover, DocumentKind, LetterKind
from app.platform.db import db
from app.policies.facts.forms import FormValue, PayerForm
from app.practice.facts.staff import Role
from tests.support import make, papers
from tests.support.desk import Booking
from tests.support.papers import multipart
from tests.web.casework.support import errors_of, fields_of, fill, patient_id, words_of

CASE = make.an_id(60_001)
AT = f"/cases/{CASE}/documents"
PACKET = f"/cases/{CASE}/packet"
LETTER = f"/cases/{CASE}/letters/medical_necessity"
NOTE = papers.pdf("Plaque psoriasis, BSA 12 percent", "Second page of the note")


@pytest.fixture
def browser(desk, sign_in):
    """A coordinator, and a request that is pending."""
    desk.book(Booking(8, "Bauer", "Otto", "pending"))
    return sign_in(Role.COORDINATOR)


def put(desk, content=NOTE, number=900, kind=DocumentKind.CHART_NOTE, dated=date(2026, 2, 27)):
    """Put a document on file for the case. Returns its id."""
    key = make.an_id(number)
    add_document(desk.caller, patient_id(), key, "note.pdf", content, kind, dated, CASE)
    return key


def made():
    """The newest packet: its PDF and its document."""
    db.session.rollback()
    session = db.session()
    (packet, *_older) = store.packets_of(session, make.PRACTICE_ID, CASE)
    document = store.document_of(session, make.PRACTICE_ID, packet.id)
    return pypdf.PdfReader(io.BytesIO(store.content_of(session, make.PRACTICE_ID, document))), document, packet


def text_of(reader) -> str:
    """The words of a PDF."""
    return " ".join(" ".join(page.extract_text().split()) for page in reader.pages)


def test_a_document_is_added_to_the_case_and_stands_in_its_history(browser):
    form = fields_of(browser.get(AT), AT) | {"kind": "chart_note", "dated": "2/27/2026"}
    for _twice in range(2):
        assert browser.post(AT, **multipart(form, NOTE, "Visit.pdf")).status_code == 303
    page = words_of(browser.get(AT))
    assert "Documents of this case" in page
    assert "Visit.pdf Chart note 02/27/2026 PDF, 2 pages" in page
    db.session.rollback()
    (entry,) = entry_store.of_cases(db.session(), make.PRACTICE_ID, [CASE], 10)
    assert (entry.kind, entry.document_id) == (EntryKind.DOCUMENT, UUID(form["key"]))


@pytest.mark.parametrize("content", [b"MZ program", NOTE[:150]])
def test_what_is_no_document_is_told_beside_the_field(browser, content):
    form = fields_of(browser.get(AT), AT) | {"kind": "chart_note", "name": "Visit note"}
    answer = browser.post(AT, **multipart(form, content, "x.pdf"))
    assert answer.status_code == 422
    assert errors_of(answer)
    assert fields_of(answer, AT)["name"] == "Visit note"


def test_a_letter_says_only_what_is_on_file_and_is_kept_by_version(browser):
    first = fields_of(browser.get(LETTER), LETTER)
    page = browser.get(LETTER)
    words = re.search(r'<textarea[^>]*id="words"[^>]*>(.*?)</textarea>', page.text, re.DOTALL).group(1)
    assert "I ask Acme Health to approve 96910, 96912 for Otto Bauer" in words
    assert "Member ID: W00000001" in words
    assert first["version"] == "0"
    assert browser.post(LETTER, data=first | {"words": "To the reviewer:\r\n\r\nFirst."}).status_code == 303
    assert fill(browser, LETTER, words="To the reviewer:\n\nSecond.").status_code == 303
    db.session.rollback()
    kept = store.letters_of(db.session(), make.PRACTICE_ID, CASE, LetterKind.MEDICAL_NECESSITY)
    assert [(one.number, one.words) for one in kept] == [
        (2, "To the reviewer:\n\nSecond.\n"),
        (1, "To the reviewer:\n\nFirst.\n"),
    ]
    late = browser.post(LETTER, data=first | {"version": "1", "words": "Mine."})
    assert late.status_code == 409
    assert "Somebody saved version 2 meanwhile" in words_of(late)
    assert "Second." in late.text
    assert "Mine." in late.text
    again = fields_of(late, LETTER) | {"words": "Mine."}
    assert browser.post(LETTER, data=again).status_code == 303
    assert "Version 3" in words_of(browser.get(AT))


def test_the_same_letter_saved_twice_is_one_version(browser):
    for _twice in range(2):
        assert fill(browser, LETTER, words="Once.").status_code == 303
    db.session.rollback()
    assert len(store.letters_of(db.session(), make.PRACTICE_ID, CASE)) == 1


@pytest.mark.parametrize(("words", "said"), [("  ", "Write the letter"), ("x" * 20_001, "1 character too many")])
def test_a_letter_that_cannot_be_kept_is_told_beside_the_field(browser, words, said):
    token = fields_of(browser.get(LETTER), LETTER)["csrf_token"]
    answer = browser.post(LETTER, data={"csrf_token": token, "version": "0", "words": words})
    assert answer.status_code == 422
    assert said in errors_of(answer)[0]


def test_a_letter_that_is_none_of_ours_is_not_found(browser):
    assert browser.get(f"/cases/{CASE}/letters/love").status_code == 404


def test_an_appeal_quotes_the_payer(desk, browser):
    page = browser.get(f"/cases/{CASE}/letters/appeal_first").text
    assert "I appeal the denial" in page
    assert "overturn the denial" in page


def test_a_packet_holds_cover_request_letter_and_documents_in_their_order(desk, browser):
    note, photo = put(desk), put(desk, papers.picture("JPEG"), 901, DocumentKind.PHOTO, None)
    fill(browser, LETTER, words="To the reviewer:\n\nThis <b>matters</b>.")
    form = fields_of(browser.get(PACKET), PACKET)
    chosen = {
        "part": [str(note), str(photo)],
        f"order-{photo}": "1",
        f"order-{note}": "2",
        "to_fax": "(800) 555-0100",
        "from_phone": "512-555-0142",
        "letter": "medical_necessity",
    }
    for _twice in range(2):
        assert browser.post(PACKET, data=form | chosen).status_code == 303
    reader, document, packet = made()
    assert (document.kind, document.pages) == (DocumentKind.PACKET, len(reader.pages))
    assert packet.parts == (photo, note)
    assert len(store.packets_of(db.session(), make.PRACTICE_ID, CASE)) == 1
    text = text_of(reader)
    for words in (
        "Fax (800) 555-0100",
        "Our phone 512-555-0142",
        "Your reference REF-701",
        "Member ID W00000001",
        "Date of birth 05/17/1980",
        "This <b>matters</b>.",
        "Document 1 of 2: Photo",
        "Document 2 of 2: Chart note of 02/27/2026",
        "Plaque psoriasis, BSA 12 percent",
        f"Page {len(reader.pages)} of {len(reader.pages)}",
    ):
        assert words in text
    assert "Bauer" not in reader.pages[0].extract_text()
    assert f"Request packet A-{CASE.hex[-6:].upper()} Request packet 03/02/2026 PDF, 6 pages" in words_of(
        browser.get(AT)
    )


def test_a_packet_can_be_read_out(desk, browser):
    """Tagged, with language, title and headings; each appended page is a figure with its words in one tree."""
    note = put(desk)
    browser.post(PACKET, data=fields_of(browser.get(PACKET), PACKET) | {"part": [str(note)]})
    reader = made()[0]
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == f"Request packet A-{CASE.hex[-6:].upper()}"
    tree = list(_walk(root["/StructTreeRoot"]["/K"]))
    kinds = [one.get("/S") for one in tree]
    assert kinds.count("/H1") == 1
    assert kinds.count("/H2") >= 3
    assert {"/Table", "/TH", "/TR", "/L", "/LI"} <= set(kinds)
    figures = [one for one in tree if one.get("/S") == "/Figure"]
    assert [one["/Alt"].startswith("Chart note of 02/27/2026, page ") for one in figures] == [True, True]
    assert "Plaque psoriasis, BSA 12 percent" in figures[0]["/Alt"]
    pages = {one["/Pg"].indirect_reference.idnum if hasattr(one["/Pg"], "indirect_reference") else 0 for one in figures}
    assert len(pages) == 2
    assert all("/StructParents" in page for page in reader.pages)


def _walk(node):
    """Every element of what a PDF says, in the order in which it is read out."""
    found = node.get_object()
    if isinstance(found, list):
        for one in found:
            yield from _walk(one)
    elif isinstance(found, dict) and "/S" in found:
        yield found
        if "/K" in found:
            yield from _walk(found["/K"])


def worked() -> float:
    """Seconds of processor time of this process and its children: others on the machine do not count."""
    mine = os.times()
    return mine.user + mine.system + mine.children_user + mine.children_system


def test_a_packet_of_ten_pages_is_made_within_three_seconds(desk, browser):
    note = put(desk, papers.pdf(*[f"Page {number} of a long note" for number in range(8)]))
    fill(browser, LETTER, words="Dear reviewer.\n\n" + "This is one of many sentences. " * 40)
    form = fields_of(browser.get(PACKET), PACKET) | {"part": [str(note)], "letter": "medical_necessity"}
    began = worked()
    assert browser.post(PACKET, data=form).status_code == 303
    assert worked() - began < 3
    assert len(made()[0].pages) >= 10


def test_what_is_typed_wrong_for_a_packet_is_told_and_nothing_is_lost(desk, browser):
    note = put(desk)
    form = fields_of(browser.get(PACKET), PACKET)
    answer = browser.post(PACKET, data=form | {"to_fax": "555-01", "part": [str(note)], f"order-{note}": "first"})
    assert answer.status_code == 422
    assert errors_of(answer) == [
        "Fax number must have 10 digits; you entered 5",
        "Order must be a whole number, like 2; you entered first",
    ]
    assert fields_of(answer, PACKET)["to_fax"] == "555-01"
    assert f'value="{note}" id="part-{note}" checked' in answer.text


def test_a_machine_without_the_library_says_which_is_missing(desk, browser, tmp_path, monkeypatch):
    bare = tmp_path / "bare.py"
    bare.write_text(
        "import sys\nMEMORY, SECONDS = 2**29, 9\ndef main():\n"
        "    print('{\"missing\": \"cannot load library \\'libpango-1.0-0\\': not found\"}')\n"
    )
    monkeypatch.setattr("app.documents.files.pressing.PRESSER", bare)
    answer = browser.post(PACKET, data=fields_of(browser.get(PACKET), PACKET))
    assert answer.status_code == 422
    assert "libpango-1.0-0 is missing" in errors_of(answer)[0]
    assert "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0" in errors_of(answer)[0]


def test_the_numbers_of_the_last_packet_are_offered_again(desk, browser):
    form = fields_of(browser.get(PACKET), PACKET) | {"to_fax": "800-555-0100", "from_fax": "512-555-0143"}
    assert form["to_name"] == "Acme Health"
    browser.post(PACKET, data=form)
    again = fields_of(browser.get(PACKET), PACKET)
    assert (again["to_fax"], again["from_fax"]) == ("800-555-0100", "512-555-0143")


def test_every_name_that_a_rule_file_may_put_into_a_field_is_filled(desk):
    desk.book(Booking(8, "Bauer", "Otto", "pending"))
    names = get_args(FormValue)
    form = PayerForm(id="all", title="All", sha256="0" * 64, pages=1, fields={name: name for name in names})
    cover = Cover(from_phone="512-555-0142", from_fax="512-555-0143")
    values = values_of(form, papers_of(desk.caller, CASE), cover, "Dear reviewer")
    assert values.keys() == set(names)
    known = {name: value for name, value in values.items() if value}
    assert known.items() >= {
        ("patient_name", "Bauer, Otto"), ("patient_birth_date", "05/17/1980"), ("member_id", "W00000001"),
        ("payer_name", "Acme Health"), ("practice_name", "Example Dermatology"), ("practice_phone", "512-555-0142"),
        ("codes", "96910, 96912"), ("code_1", "96910"), ("units_1", "36"), ("code_2", "96912"),
        ("reference", "REF-701"), ("begins", "01/01/2026"), ("letter", "Dear reviewer"), ("is_standard", "yes"),
        ("is_initial", "yes"), ("today", "03/02/2026"),
    }  # fmt: skip
    assert not known.keys() & {"drug", "ndc", "approval_number", "is_urgent", "is_renewal", "code_3"}


def test_whoever_reads_no_clinical_facts_sees_none_of_it(desk, sign_in):
    desk.book(Booking(8, "Bauer", "Otto", "pending"))
    biller = sign_in(Role.BILLER)
    assert [biller.get(address).status_code for address in (AT, LETTER, PACKET)] == [403, 403, 403]
