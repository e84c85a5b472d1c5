"""A document is what it holds, is read whole in a confined process, and does nothing but show pages."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.documents.facts import LARGEST, DocumentRefusedError, Looked, MediaType
from app.documents.files import looking
from app.documents.files.looking import look
from app.documents.intake import LONGEST_NAME, called, media_of
from tests.support import papers


def refused(content: bytes) -> str:
    """The sentence with which a file is refused."""
    with pytest.raises(DocumentRefusedError) as error:
        look(content)
    return error.value.sentence


@pytest.mark.parametrize(
    ("content", "looked"),
    [
        (papers.pdf("one", "two", "three"), Looked(MediaType.PDF, 3)),
        (papers.picture("PNG"), Looked(MediaType.PNG, 1)),
        (papers.picture("JPEG"), Looked(MediaType.JPEG, 1)),
    ],
)
def test_documents_and_pictures_are_taken_with_their_pages(content, looked):
    assert look(content) == looked


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (papers.with_script, "holds scripts"),
        (papers.with_hidden_script, "holds scripts"),
        (papers.with_launch, "runs or sends something"),
        (papers.with_attachment, "other files inside"),
    ],
)
def test_a_pdf_that_does_more_than_show_pages_is_refused(change, words):
    assert words in refused(papers.pdf("x", change=change))


def test_a_locked_pdf_is_refused_with_what_to_do():
    assert refused(papers.pdf("x", secret="secret")) == (
        "This PDF is locked with a password. Print it to a new PDF, and add that."
    )


def test_a_pdf_without_pages_and_one_of_too_many_are_refused():
    assert "no page" in refused(papers.pdf())
    assert "up to 500 are taken" in refused(papers.pdf(*["x"] * 501))


@pytest.mark.parametrize("cut", [0.1, 0.4, 0.7])
def test_a_broken_pdf_is_refused_with_a_sentence(cut):
    whole = papers.pdf("one", "two")
    broken = whole[: int(len(whole) * cut)].replace(b"endobj", b"endxxx")
    assert "damaged" in refused(broken) or "no page" in refused(broken)


def test_a_broken_picture_is_refused_with_a_sentence():
    assert "damaged" in refused(papers.picture("PNG", (800, 800))[:-400])
    assert "damaged" in refused(b"\xff\xd8\xff\xe0 no more of it")


def test_a_picture_of_too_many_dots_is_refused_before_it_is_unpacked():
    assert "60 million dots" in refused(papers.picture("PNG", (9000, 9000)))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"PK\x03\x04 a workbook", "a Word document"),
        (b"\x00\x00\x00\x18ftypheic....", "HEIC photo"),
        (b"II*\x00 fax", "a TIFF picture"),
        (b"GIF89a", "a GIF picture"),
        (b"MZ\x90", "a program"),
        (b"\xef\xbb\xbf <!DOCTYPE html><script>", "a web page"),
        (b"<svg xmlns=''>", "a web page"),
        (b"Hello", "of another kind"),
    ],
)
def test_what_is_no_document_is_named(content, words):
    assert words in refused(content)


def test_what_is_too_large_says_how_large_it_is_and_how_large_it_may_be():
    with pytest.raises(DocumentRefusedError, match="26 MB; up to 25 MB"):
        media_of(b"%PDF-" + b"x" * LARGEST)
    assert media_of(b"%PDF-" + b"x" * (LARGEST - 5)) is MediaType.PDF


def test_a_reader_that_dies_leaves_a_sentence(tmp_path, monkeypatch):
    dying = tmp_path / "dying.py"
    dying.write_text("import os\nMEMORY, SECONDS = 2**29, 9\ndef main():\n    os._exit(1)\n")
    monkeypatch.setattr(looking, "LOOKER", dying)
    assert refused(papers.pdf("x")) == looking.UNREADABLE


@settings(max_examples=200)
@given(st.text(max_size=300))
def test_the_name_of_a_document_is_one_short_line_without_folders(given_name):
    name = called(given_name)
    assert len(name) <= LONGEST_NAME
    assert not set(name) & {"/", "\\", "\n", "\r", "\0"}


def test_the_name_of_a_document_loses_what_hides():
    assert called("C:\\scans\\Note \u202e3\x00.pdf") == "Note 3.pdf"
