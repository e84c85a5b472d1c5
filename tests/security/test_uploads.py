"""A file from outside is taken by its name, its size and what it holds; what goes out again is an attachment."""

import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.imports.intake.uploads import LONGEST_NAME, fault_of_content, fault_of_name, plain_name
from app.practice.facts.staff import Role
from tests.support.web import token_of

CSV = b"Visit ID,Date\n1,12/01/2026\n"


def archive(**parts: str) -> bytes:
    """A ZIP file that holds these parts."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        for name, text in parts.items():
            packed.writestr(name, text)
    return made.getvalue()


WORKBOOK = archive(**{"[Content_Types].xml": "<Types/>"})


@pytest.mark.parametrize(
    "name", ["schedule.csv", "Schedule 12.01.2026.XLSX", "log.final.txt", "Citas de mañana.csv", "a.tsv"]
)
def test_a_plain_name_is_taken(name):
    assert fault_of_name(plain_name(name)) is None


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("schedule", "must end with"),
        ("schedule.csv.exe", "must end with"),
        ("schedule.html", "must end with"),
        ("schedule.exe.csv", "two endings"),
        ("page.html.csv", "two endings"),
        ("sche\u202evsc.csv", "cannot be seen"),
        ("a\x00.csv", "cannot be seen"),
        ("a\r\nb.csv", "cannot be seen"),
        (".csv.", "must end with"),
    ],
)
def test_a_name_that_hides_something_is_refused(name, words):
    assert words in (fault_of_name(plain_name(name)) or "")


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.csv", "C:\\Users\\x\\passwd.csv", "/etc/passwd.csv", "..\\passwd.csv", "a/../passwd.csv"]
)
def test_no_folder_of_a_name_is_left(name):
    assert plain_name(name) == "passwd.csv"


@given(st.text(max_size=400))
def test_whatever_a_name_is_its_plain_name_is_short_and_without_folders(name):
    plain = plain_name(name)
    assert 0 < len(plain) <= LONGEST_NAME
    assert not set(plain) & {"/", "\\"}
    assert plain not in (".", "..")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", b"%PDF-1.7 x", "a PDF"),
        ("a.csv", b"MZ\x90\x00", "a program"),
        ("a.csv", b"\x7fELF\x02", "a program"),
        ("a.csv", b"#!/bin/sh\nrm", "a program"),
        ("a.csv", b"\x89PNG\r\n", "a picture"),
        ("a.csv", b"\xef\xbb\xbf  <!DOCTYPE html><script>", "a web page"),
        ("a.txt", b"<?xml version='1.0'?>", "a web page"),
        ("a.csv", b"\x1f\x8b\x08", "a packed file"),
        ("a.csv", WORKBOOK, "named as text"),
        ("a.xlsx", CSV, "named as a workbook"),
        ("a.csv", b"SQLite format 3\x00", "a database"),
    ],
)
def test_what_a_file_holds_decides_not_what_it_is_called(name, content, words):
    assert words in (fault_of_content(name, content) or "")


@pytest.mark.parametrize(("name", "content"), [("a.csv", CSV), ("a.csv", b"\xef\xbb\xbf" + CSV), ("a.xlsx", WORKBOOK)])
def test_a_table_is_read(name, content):
    assert fault_of_content(name, content) is None


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("page.html", b"<html>", "must end with"),
        ("a.csv", b"%PDF-1.7", "This is a PDF"),
        ("a.xlsx", archive(payload="x"), "XLSX"),
        ("x.exe.csv", CSV, "two endings"),
    ],
)
def test_the_page_refuses_it_beside_the_field(sign_in, name, content, words):
    browser = sign_in(*Role)
    form = {"csrf_token": token_of(browser, "/imports"), "kind": "", "file": (BytesIO(content), name)}
    answer = browser.post("/imports", data=form, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert words in answer.text


def test_a_type_that_the_browser_names_is_not_believed(sign_in):
    browser = sign_in(*Role)
    lying = (BytesIO(b"%PDF-1.7"), "a.csv", "text/csv")
    form = {"csrf_token": token_of(browser, "/imports"), "kind": "", "file": lying}
    answer = browser.post("/imports", data=form, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "This is a PDF" in answer.text
