"""Step File: what is taken, and each sentence for what is not."""

import io
from datetime import timedelta
from html import unescape

import pytest
import xlsxwriter

from app.practice.facts.staff import Role
from app.web.gate import BODIES
from tests.store.imports.support import COVERAGE, LOG, PERSON
from tests.support.web import token_of
from tests.web.imports.support import Files, csv_of, second_person, tallies, visits

NO_TABLES = (
    (b"", "The file is empty. Export the table again with its header row."),
    (b" \r\n\r\n", "The file is empty. Export the table again with its header row."),
    (b"visit_id,starts_at\n", "The file has a header and no rows. Export the table again with its rows."),
    (b"\x89PNG\r\n\x1a\n\0\0\0", "This is a picture, not a table. Export the table as CSV or XLSX."),
    (b"a,b\n\0,1\n", "The file holds NUL bytes: it is not a text table. Save it as CSV UTF-8."),
    (b"\xd0\xcf\x11\xe0old", "This is an old or locked workbook (XLS). Save it as XLSX or CSV UTF-8."),
    ("a,b\n1,2\n".encode("utf-16"), "The file is in UTF-16. Save it as CSV UTF-8."),
    (b"PK\x03\x04torn", "The workbook is damaged. Save it again as XLSX, or as CSV UTF-8."),
    (b'a,b\n"1,2\n', "has a quotation mark that is never closed"),
)


@pytest.mark.parametrize(("content", "sentence"), NO_TABLES, ids=range(len(NO_TABLES)))
def test_what_is_no_table_is_told_beside_the_field(files, content, sentence):
    name = "export.xlsx" if content.startswith((b"PK", b"\xd0")) else "export.csv"
    answer = files.upload(content, name, kind="coverage")
    page = unescape(answer.text)
    assert answer.status_code == 422
    assert page.count(sentence) == 2  # in the summary and beside the field
    assert "<title>Error: Imports" in page
    assert 'id="kind-coverage" name="kind" value="coverage" checked' in page
    assert "Under way" not in page


def test_no_file_and_an_unknown_kind_are_told(files):
    page = unescape(files.upload(None).text)
    assert "Choose the file to bring in: CSV or XLSX, with its column names in the first row." in page
    page = unescape(files.upload(csv_of(visits(1)), kind="letters").text)
    assert "Kind of file must be one of the list." in page


def test_a_workbook_is_taken_like_text(files):
    rows = visits(2)
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, list(rows[0]))
        for place, row in enumerate(rows, 1):
            sheet.write_row(place, 0, list(row.values()))
    assert tallies(files.page(files.begun(out.getvalue(), "visits.xlsx"))) == (2, 0, 0, 0)


def test_each_kind_is_recognised_by_its_columns(files):
    for row, kind in ((visits(1)[0], "Schedule"), (COVERAGE | PERSON, "Patients and coverage"),
                      (LOG | PERSON, "Authorization log")):  # fmt: skip
        assert f"{kind}: export.csv. Begun by Kim Example" in files.page(files.begun(csv_of([row])))


def post_whole(browser, content):
    """Send a large file as one body, which no file of the test's own holds."""
    token = token_of(browser, "/imports" if browser.get("/imports").status_code == 200 else "/sign-in")
    parts = (
        f'--cut\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n',
        '--cut\r\nContent-Disposition: form-data; name="file"; filename="x.csv"\r\n\r\n',
    )
    body = "".join(parts).encode() + content + b"\r\n--cut--\r\n"
    return browser.post("/imports", data=body, content_type="multipart/form-data; boundary=cut")


def test_a_file_may_be_larger_than_a_form_but_not_without_limit(files, monkeypatch, web_app):
    monkeypatch.setitem(BODIES, "import_pages.upload", 3 * 2**20)
    padded = csv_of(visits(30_000))
    assert 2 * 2**20 < len(padded) < 3 * 2**20
    assert post_whole(files.browser, padded).status_code == 303
    answer = post_whole(files.browser, padded + padded)
    assert answer.status_code == 413
    assert "A file may have up to 3 MB. Export fewer days or columns at a time" in answer.text
    stranger = web_app.test_client()
    assert post_whole(stranger, padded).status_code in (401, 413)


def test_nothing_of_a_file_lies_on_the_disk_in_the_open(files, tmp_path):
    files.begun(csv_of(visits(30)))
    found = [path for path in tmp_path.rglob("*") if path.is_file() and b"Name00007" in path.read_bytes()]
    assert found == []


def test_only_who_may_import_opens_the_pages(sign_in):
    browser = sign_in(Role.SCHEDULER)
    assert browser.get("/imports").status_code == 403
    assert "Imports" not in browser.get("/finder").text


def test_the_empty_list_says_where_to_begin(files):
    page = files.page("/imports")
    assert "No file has been brought in yet. Begin with the schedule: it makes your patients and visits." in page
    assert "Needs MRN, Payer, Member ID." in page


def test_the_name_of_a_file_is_cut_and_loses_its_folders(files):
    page = files.page(files.begun(csv_of(visits(1)), "C:/Users/kim/" + "x" * 300 + ".csv"))
    assert "Users" not in page
    assert f"Schedule: {'x' * 116}.csv. Begun" in page


def test_two_browsers_see_the_same_drafts(files, web_app, web_clock):
    files.begun(csv_of(visits(1)), "Monday.csv")
    page = Files(second_person(web_app, web_clock)).page("/imports")
    assert "Monday.csv" in page
    assert "by Kim Example" in page


def test_a_double_click_begins_a_file_once_and_later_it_is_begun_anew(files, web_clock):
    first, second = (files.begun(csv_of(visits(2))) for _ in range(2))
    assert first == second
    web_clock.instant += timedelta(minutes=1)
    assert files.begun(csv_of(visits(2))) != first
    assert files.begun(csv_of(visits(2)), kind="schedule") != first
