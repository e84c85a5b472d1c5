"""Step Check: what will come of the rows, problems by their fix, corrections, decisions; nothing is written yet."""

import csv
import io
import re
from html import unescape

from app.patients import store as patients
from app.schedule import store as schedule
from app.schedule.facts import VisitStatus
from tests.store.imports.support import LOG, PERSON, VISIT, bring
from tests.support import make
from tests.web.imports.support import BROKEN, MESSY, csv_of, messy, tallies, visits

ROOMLESS = [name for name in MESSY if name != "Room"]


def without_room(rows):
    """A messy schedule whose columns are all known."""
    return csv_of([{name: text for name, text in row.items() if name != "Room"} for row in rows], ROOMLESS)


def test_twenty_broken_rows_of_five_hundred_are_explained_and_the_rest_is_taken(files, desk):
    address = files.begun(without_room(messy()))
    page = files.page(address)
    assert tallies(page) == (480, 0, 0, 20)
    problems = re.findall(r"<li><strong>(\d+) rows?</strong>, (.*?)</li>", page)
    assert sum(int(count) for count, _sentence in problems) == 20
    told = [sentence for _count, sentence in problems]
    for _header, text, column, fix in BROKEN:
        assert any(one.startswith(f"{column}: found") and text in one and fix in one for one in told), (column, text)
    assert "<strong>3 rows</strong>, Start date: found e.g. 13/04/2026 or Mar 14, 2026 or 2/30/2026." in page
    assert len(re.findall(r'id="cell-\d+-\d+"', page)) == 20
    assert patients.count(desk.session, make.PRACTICE_ID) == 0
    assert files.post(address, "/confirm").status_code == 303
    assert tallies(files.page(address)) == (480, 0, 0, 20)
    again = files.begun(without_room(messy()))
    assert tallies(files.page(again)) == (0, 0, 480, 20)


def corrected(column, place=0):
    """A value that mends each kind of broken cell."""
    whole = messy(3, ())[1]
    return {"Appt Date": "3/9/2026", "Appt Time": "2:30 PM", "CPT Code": "99213", "Qty": "2", "Mod": "RT"}.get(
        column, whole[column]
    )


def test_all_twenty_rows_are_mended_on_the_page(files):
    address = files.begun(without_room(messy()))
    page = files.page(address)
    form = {}
    for number, (header, *_rest) in enumerate(BROKEN):
        row = 2 + 25 * number + 3
        text = corrected(header)
        form[f"cell-{row}-{ROOMLESS.index(header)}"] = f"{text}{number}" if header in ("Appt ID", "Chart #") else text
    assert all(f'name="{name}"' in page for name in form)
    assert files.post(address, "/rows", **form).status_code == 303
    page = files.page(address)
    assert "The cells are written anew in this import and checked again." in page
    assert tallies(page) == (500, 0, 0, 0)
    assert "Refused rows" not in page
    files.post(address, "/confirm")
    assert tallies(files.page(address)) == (500, 0, 0, 0)


def test_a_correction_that_does_not_mend_stays_as_typed_and_an_unknown_cell_is_not_taken(files):
    rows = visits(3)
    rows[1]["starts_at"] = "tomorrow"
    address = files.begun(csv_of(rows))
    files.post(address, "/rows", **{"cell-3-1": "3/9/2026", "cell-2-1": "3/10/2026 9:00 AM", "cell-x": "y"})
    page = files.page(address)
    assert tallies(page) == (2, 0, 0, 1)
    assert 'value="3/9/2026"' in page
    assert "Add the time, such as 2026-03-09 14:30" in page
    assert "Mon 03/09/2026 8:30 AM" in page  # row 2 as the file has it
    files.post(address, "/rows", **{"cell-3-1": "3/9/2026"})
    assert "No cell was changed. Write the cells anew, then check again." in files.page(address)


def test_more_than_twenty_rows_are_mended_in_the_file(files):
    address = files.begun(csv_of(visits(30, birth_date="31/12/1980")))
    page = files.page(address)
    assert len(re.findall(r'id="cell-\d+-\d+"', page)) == 20
    assert "Correct the first 20 here" in page
    assert "10 more are corrected in the file" in page
    assert "<strong>30 rows</strong>, Date of birth: found e.g. 31/12/1980." in page


def test_a_refused_column_that_the_file_lacks_leads_to_the_columns(files):
    address = files.begun(csv_of([{**LOG, "patient_last": "Smith"}]))
    page = files.page(address)
    assert "No patient has this record number." in page
    row = {name: text for name, text in VISIT.items() if name != "code"} | {"visit_type": ""}
    page = files.page(files.begun(csv_of([row])))
    assert 'name="cell-2-8" value=""' in page
    assert "Visit type<span" in page


def test_what_names_a_patient_is_shown_here_and_masked_in_what_leaves_the_page(files):
    address = files.begun(csv_of(visits(1, patient_last="Verylong" * 40)))
    assert f"found {'Verylong' * 40}" in files.page(address)
    content = files.browser.get(f"{address}/refused.csv").text
    assert "Row 2, Last name: found (not shown)." in content


def rows_of(answer):
    """Read a CSV file as the browser saves it."""
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def test_refused_rows_are_downloaded_with_problem_and_fix_and_run_nothing(files):
    rows = visits(3, site='=HYPERLINK("http://x")', patient_first="+1", patient_last="@x")
    rows[0]["provider_npi"] = "-5"
    rows[2]["code"] = "=1+1"
    answer = files.browser.get(f"{files.begun(csv_of(rows))}/refused.csv")
    header, *refused = rows_of(answer)
    assert header == [*VISIT, "Problem", "Fix"]
    assert [row[0] for row in refused] == ["A00000", "A00002"]
    assert refused[0][2] == """'=HYPERLINK("http://x")"""
    assert [refused[0][place] for place in (3, 5, 6)] == ["'-5", "'@x", "'+1"]
    assert refused[0][-2] == "Row 2, Provider NPI: found -5."
    assert refused[1][-1].startswith("Write five characters, such as 17000 or J2357")
    assert not [cell for row in refused for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert answer.headers["Content-Disposition"] == "attachment; filename=refused-rows.csv"
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_mended_download_is_brought_in_as_it_is(files):
    rows = visits(3)
    rows[1]["starts_at"] = "?"
    answer = files.browser.get(f"{files.begun(csv_of(rows))}/refused.csv")
    mended = answer.data.replace(b"?,", b"2026-03-10 09:00,", 1)
    address = files.begun(mended)
    page = files.page(address)
    form = {"kind": "schedule"} | {f"column-{place}": name for place, name in enumerate(VISIT)}
    assert "<h1>Match columns</h1>" in page
    files.post(address, "/columns", **form)
    assert tallies(files.page(address)) == (1, 0, 0, 0)


def test_the_first_rows_are_shown_as_they_are_read(files):
    rows = visits(8, starts_at="3/9/26 2:30 pm", birth_date="1/2/60", diagnoses="L400;L4050", units="2.0")
    page = files.page(files.begun(csv_of(rows)))
    preview = re.search(r'<table class="table preview">(.*?)</table>', page, re.DOTALL).group(1)
    assert preview.count("<tr>") == 6
    for text in ("Mon 03/09/2026 2:30 PM", "01/02/1960", "L40.0; L40.50", "<td>2</td>"):
        assert text in preview


def test_a_log_shows_its_codes_and_counts_as_read(files):
    page = files.page(files.begun(csv_of([LOG | PERSON | {"codes": "96910/96912:36;J2357:12 visits;11102;17000:*"}])))
    shown = "96910/96912 (36 units); J2357 (12 visits); 11102 (count not known); 17000 (not counted by the payer)"
    assert shown in page
    assert "<td>approved</td>" in page


def test_unknown_types_payers_codes_and_places_are_named_with_their_rows(files):
    rows = visits(3, payer="Blue Sky of Nowhere", visit_type="Mohs", code="") + visits(1, visit_id="B", code="99999")
    page = files.page(files.begun(csv_of(rows)))
    assert 'Blue Sky of Nowhere <span class="quiet">(3 rows)' in page
    assert 'Mohs <span class="quiet">(3 rows)' in page
    assert "Code 99999 is well formed but on none of our lists (row 5)" in page
    assert re.search(r"<dt>Sites</dt><dd>Main</dd>", page)
    assert f"<dt>Provider NPIs</dt><dd>{make.NPI}</dd>" in page


def test_visits_gone_from_the_file_are_kept_unless_someone_says_otherwise(files, desk, tmp_path):
    bring(desk, tmp_path, schedule=visits(4, starts_at="2026-03-09 14:30"))
    address = files.begun(csv_of(visits(1, starts_at="2026-03-09 14:30")))
    page = files.page(address)
    assert "3 booked visits are no longer in the file" in page
    assert "Mon 03/09/2026 2:30 PM, Name00001, Ann, appointment A00001" in page
    files.post(address, "/confirm")
    assert "Gone from the file and still booked: 3 visits." in files.page(address)
    assert states(desk) == {VisitStatus.BOOKED: 4}


def states(desk):
    """Count the visits by their status."""
    desk.session.rollback()
    found = schedule.records(desk.session, make.PRACTICE_ID, [f"A{number:05}" for number in range(9)])
    counts = {}
    for one in found.values():
        counts[one.visit.status] = counts.get(one.visit.status, 0) + 1
    return counts


def test_ticked_visits_are_canceled_and_no_others(files, desk, tmp_path):
    bring(desk, tmp_path, schedule=visits(4, starts_at="2026-03-09 14:30"))
    address = files.begun(csv_of(visits(1, starts_at="2026-03-09 14:30")))
    files.post(address, "/confirm", gone="ticked", cancel=["A00002", "A00000", "nobody"])
    page = files.page(address)
    assert "Canceled, because gone from the file: 1 visit." in page
    assert "Gone from the file and still booked: 2 visits." in page
    assert states(desk) == {VisitStatus.BOOKED: 3, VisitStatus.CANCELED: 1}


def test_all_visits_gone_are_canceled_at_one_word(files, desk, tmp_path):
    bring(desk, tmp_path, schedule=visits(4, starts_at="2026-03-09 14:30"))
    address = files.begun(csv_of(visits(1, starts_at="2026-03-09 14:30")))
    files.post(address, "/confirm", gone="all")
    assert states(desk) == {VisitStatus.BOOKED: 1, VisitStatus.CANCELED: 3}


def test_two_who_correct_at_once_both_see_what_they_typed(files):
    address = files.begun(csv_of(visits(2, starts_at="soon")))
    stale = files.version(address)
    assert files.post(address, "/rows", **{"cell-2-1": "3/9/2026 9:00 AM"}).status_code == 303
    answer = files.post(address, "/rows", version=stale, **{"cell-3-1": "3/10/2026 9:00 AM"})
    assert answer.status_code == 409
    page = unescape(answer.text)
    assert page.count("Someone has changed this file since you opened the page.") == 1
    assert 'value="3/10/2026 9:00 AM"' in page
    assert tallies(page) == (1, 0, 0, 1)
