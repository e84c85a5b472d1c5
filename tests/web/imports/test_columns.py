"""Step Match columns: guesses, doubts, double and missing columns, and what is remembered."""

import re
from html import unescape

from tests.store.imports.support import VISIT
from tests.web.imports.support import csv_of, tallies, visits


def renamed(names, size=2):
    """Make a schedule whose columns have other names."""
    return csv_of([{names.get(name, name): text for name, text in row.items()} for row in visits(size)])


def chosen(page):
    """Read what the page takes each column for."""
    found = {}
    for place, options in re.findall(r'id="column-(\d+)" name="column-\d+"[^>]*>(.*?)</select>', page, re.DOTALL):
        match = re.search(r'value="([^"]*)" selected', options)
        found[int(place)] = match.group(1)
    return found


def as_form(page):
    """The choices of a page as its form sends them."""
    return {f"column-{place}": column for place, column in chosen(page).items()}


def test_a_file_without_doubt_goes_straight_to_its_check_from_where_the_columns_are_reached(files):
    address = files.begun(renamed({"visit_id": "Appt ID", "patient_mrn": "Chart #"}))
    page = files.page(address)
    assert "<h1>Check</h1>" in page
    columns = files.page(f"{address}/columns")
    assert chosen(columns)[list(VISIT).index("patient_mrn")] == "patient_mrn"
    assert "A00000 · A00001" in columns


def test_an_unknown_column_is_shown_with_its_values_left_out_until_someone_says_what_it_is(files):
    address = files.begun(renamed({"patient_mrn": "Folder"}))
    page = files.page(address)
    place = list(VISIT).index("patient_mrn")
    assert "<h1>Match columns</h1>" in page
    assert chosen(page)[place] == ""
    assert "M00000 · M00001" in page
    form = {**as_form(page), "kind": "schedule"}
    answer = files.post(address, "/columns", **form)
    assert answer.status_code == 422
    sentence = "No column is matched with MRN. Schedule files need it: choose the column that holds it"
    assert unescape(answer.text).count(sentence) == 2
    assert chosen(answer.text) == chosen(page)
    answer = files.post(address, "/columns", **form | {f"column-{place}": "patient_mrn"})
    assert answer.status_code == 303
    assert tallies(files.page(address)) == (2, 0, 0, 0)


def test_a_match_is_remembered_for_files_of_the_same_columns(files):
    names = {"patient_mrn": "Folder", "code": "What"}
    address = files.begun(renamed(names))
    places = {f"column-{list(VISIT).index(name)}": name for name in names}
    assert files.post(address, "/columns", kind="schedule", **as_form(files.page(address)) | places).status_code == 303
    again = files.begun(renamed(names, 3))
    assert tallies(files.page(again)) == (3, 0, 0, 0)


def test_two_columns_of_one_meaning_are_told_beside_both_and_nothing_is_lost(files):
    address = files.begun(csv_of([row | {"Room": "4"} for row in visits(2)]))
    form = as_form(files.page(address)) | {"column-9": "site", "kind": "schedule"}
    answer = files.post(address, "/columns", **form)
    page = unescape(answer.text)
    assert answer.status_code == 422
    assert page.count("“site” is matched with Site, and so is “Room”. Keep one of them, and leave the rest out.") == 2
    assert page.count("“Room” is matched with Site, and so is “site”. Keep one of them, and leave the rest out.") == 2
    assert chosen(answer.text)[9] == "site"
    assert "<title>Error: Match columns" in page


def test_two_columns_of_one_name_are_matched_one_by_one(files):
    rows = csv_of(visits(2)).replace(b",code\r\n", b",code,Note,Note\r\n").replace(b",96910\r\n", b",96910,x,Mohs\r\n")
    address = files.begun(rows)
    form = as_form(files.page(address)) | {"column-10": "visit_type", "kind": "schedule"}
    assert files.post(address, "/columns", **form).status_code == 303
    assert "Note" in files.page(address)
    assert "<h1>Check</h1>" in files.page(files.begun(rows))


def test_a_file_whose_columns_say_nothing_asks_what_it_is_first(files):
    address = files.begun(b"eins,zwei\n1,2\n")
    page = files.page(address)
    assert "What the file is" in page
    assert chosen(page) == {}
    page = files.page(f"{address}/columns?kind=coverage")
    assert chosen(page) == {0: "", 1: ""}
    answer = files.post(address, "/columns", kind="coverage", **{"column-0": "patient_mrn", "column-1": "payer"})
    assert answer.status_code == 422
    assert "No column is matched with Member ID. Patients and coverage files need it" in unescape(answer.text)
    answer = files.post(address, "/columns", **{"column-0": "payer"})
    assert "Choose what the file is." in answer.text


def test_a_column_of_another_kind_is_not_taken(files):
    address = files.begun(renamed({"code": "What"}))
    form = as_form(files.page(address)) | {"column-8": "rx_bin", "kind": "schedule"}
    answer = files.post(address, "/columns", **form)
    assert answer.status_code == 422
    assert chosen(answer.text)[8] == ""


def test_columns_left_out_are_named_on_the_check(files):
    address = files.begun(csv_of([row | {"Room": "4", "": "x"} for row in visits(2)]))
    files.post(address, "/columns", kind="schedule", **as_form(files.page(address)))
    assert "Room, column 11." in files.page(address)


def test_the_second_of_two_who_match_at_once_keeps_what_was_chosen(files):
    address = files.begun(csv_of([row | {"Room": "4"} for row in visits(2)]))
    page = files.page(address)
    stale = files.version(address)
    assert files.post(address, "/columns", kind="schedule", **as_form(page)).status_code == 303
    form = as_form(page) | {"column-9": "visit_type"}
    answer = files.post(address, "/columns", kind="schedule", version=stale, **form)
    assert answer.status_code == 409
    assert "Someone has changed this file since you opened the page." in answer.text
    assert chosen(answer.text)[9] == "visit_type"
