"""Cells as text -> values, or a refusal that says how to write it."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.imports.facts import Code, RowRefusedError
from app.imports.intake.cells import Cells, read_day, read_time, real_id
from app.imports.intake.schedule import instant

TODAY = date(2026, 3, 2)
NEW_YORK = ZoneInfo("America/New_York")


def cells(**values):
    return Cells(values, TODAY)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-09", date(2026, 3, 9)),
        ("3/9/2026", date(2026, 3, 9)),
        ("03/09/2026", date(2026, 3, 9)),
        ("3/9/26", date(2026, 3, 9)),
        ("2026-03-09 00:00:00", date(2026, 3, 9)),
        ("3/9/99", date(2099, 3, 9)),
        ("2/29/2028", date(2028, 2, 29)),
        ("2/29/2026", None),
        ("13/04/2026", None),
        ("2026-13-01", None),
        ("2026-03-09 14:00", None),
        ("9.3.2026", None),
        ("20260309", None),
        ("1/1/1899", None),
        ("March 9", None),
    ],
)
def test_dates_are_iso_or_month_day_year(text, day):
    assert read_day(text) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12/31/9999", date(9999, 12, 31)),
        ("9999-12-31", date(9999, 12, 31)),
        ("12/31/2999 12:00:00 AM", date(2999, 12, 31)),
        ("12/31/2026", date(2026, 12, 31)),
        ("12/31/26", date(2026, 12, 31)),
    ],
)
def test_an_end_that_systems_write_for_none_known_is_a_date_like_others(text, day):
    assert cells(ends=text).last_day("ends") == day


@pytest.mark.parametrize("text", ["99/99/9999", "00/00/0000", "2/30/9999", "12/31/0001", "N/A"])
def test_an_end_that_is_no_date_is_refused(text):
    with pytest.raises(RowRefusedError) as refused:
        cells(ends=text).last_day("ends")
    assert refused.value.code is Code.BAD_DATE


@pytest.mark.parametrize(
    ("text", "birth"),
    [
        ("3/1/26", date(2026, 3, 1)),
        ("3/2/26", date(2026, 3, 2)),
        ("3/3/26", date(1926, 3, 3)),
        ("1/2/60", date(1960, 1, 2)),
        ("2/29/24", date(2024, 2, 29)),
        ("2/29/28", date(1928, 2, 29)),
        ("12/31/1980", date(1980, 12, 31)),
    ],
)
def test_two_digits_of_a_birth_year_are_the_latest_past_year(text, birth):
    assert cells(birth_date=text).birth("birth_date") == birth


def test_a_birth_in_the_future_is_refused():
    with pytest.raises(RowRefusedError) as refused:
        cells(birth_date="2026-03-03").birth("birth_date")
    assert (refused.value.code, refused.value.column) == (Code.BAD_DATE, "birth_date")


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("14:30", time(14, 30)),
        ("14:30:00", time(14, 30)),
        ("2:30 PM", time(14, 30)),
        ("2:30pm", time(14, 30)),
        ("02:30 p.m.", time(14, 30)),
        ("12:00 AM", time(0)),
        ("12:15 PM", time(12, 15)),
        ("24:00", None),
        ("13:00 PM", None),
        ("0:10 AM", None),
        ("9", None),
        ("14:60", None),
    ],
)
def test_times_are_of_24_hours_or_with_am_and_pm(text, at):
    assert read_time(text) == at


@pytest.mark.parametrize(
    "text", ["2026-03-09 14:30", "2026-03-09T14:30:00", "3/9/2026 2:30 PM", "3/9/26 14:30:00", "2026-03-09 02:30 PM"]
)
def test_a_start_is_date_and_time(text):
    assert cells(starts_at=text).moment("starts_at", "start_date") == datetime(2026, 3, 9, 14, 30)


@pytest.mark.parametrize("start", ["2:30 PM", "14:30:00", "1899-12-31 14:30:00"])
def test_a_time_beside_a_date_column_is_a_start(start):
    read = cells(starts_at=start, start_date="3/9/2026").moment("starts_at", "start_date")
    assert read == datetime(2026, 3, 9, 14, 30)


@pytest.mark.parametrize(
    "text", ["2026-03-09", "3/9/2026", "14:30", "2026-03-09 25:00", "2026-03-09T14:30:00-05:00", "soon"]
)
def test_a_start_without_date_or_time_is_refused(text):
    with pytest.raises(RowRefusedError) as refused:
        cells(starts_at=text).moment("starts_at", "start_date")
    assert (refused.value.code, refused.value.found) == (Code.BAD_DATE, text)


def test_a_time_that_the_clocks_skip_is_refused():
    with pytest.raises(RowRefusedError) as refused:
        instant(datetime(2026, 3, 8, 2, 30), NEW_YORK)
    assert refused.value.code is Code.BAD_DATE


def test_a_time_that_comes_twice_is_the_first():
    assert instant(datetime(2026, 11, 1, 1, 30), NEW_YORK).isoformat() == "2026-11-01T05:30:00+00:00"


@given(st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2035, 1, 1)))
def test_an_instant_is_the_time_that_the_sites_clock_shows(starts):
    try:
        at = instant(starts, NEW_YORK)
    except RowRefusedError:
        assert starts.month == 3
        assert starts.hour == 2
    else:
        assert at.astimezone(NEW_YORK).replace(tzinfo=None) == starts


@pytest.mark.parametrize(
    ("text", "code"), [("17000.0", "17000"), (" 0001A ", "0001A"), ("j2357", "J2357"), ("170 00", "17000")]
)
def test_codes_keep_zeros_and_lose_spaces_and_a_spreadsheets_decimals(text, code):
    assert cells(code=text).procedure("code") == code


@pytest.mark.parametrize("text", ["1700", "170000", "ABCDE", "17000-25", "17000/17003"])
def test_a_code_that_is_not_of_its_set_is_refused(text):
    with pytest.raises(RowRefusedError) as refused:
        cells(code=text).procedure("code")
    assert refused.value.code is Code.BAD_CODE


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "two", "1000000", "1e3"])
def test_units_are_whole_numbers_from_one(text):
    with pytest.raises(RowRefusedError) as refused:
        cells(units=text).number("units")
    assert refused.value.code is Code.BAD_NUMBER


def test_a_number_that_a_spreadsheet_shortened_is_refused():
    with pytest.raises(RowRefusedError) as refused:
        cells(member_id="1.23457E+15").identifier("member_id")
    assert refused.value.code is Code.BAD_NUMBER
    assert "1.23457" not in refused.value.found


def test_an_npi_is_checked():
    assert cells(npi="1003000126").npi("npi") == "1003000126"
    with pytest.raises(RowRefusedError) as refused:
        cells(npi="1003000127").npi("npi")
    assert refused.value.code is Code.BAD_NPI


@pytest.mark.parametrize("text", ["TBD", "pending", "None", "N/A", "n.a.", "0000", "0", "111111", "", None, "--"])
def test_what_is_no_number_counts_as_none(text):
    assert real_id(text) is None


@pytest.mark.parametrize(
    "text",
    [
        *(
            "pending 11/2",
            "TBD - call 12/1",
            "see notes 5/3",
            "verbal per Kim 11/20/26",
            "called 11/3",
            "faxed 11-1-2026",
        ),
        *("N/A - 2026", "N/R 11/2", "11/20/2026", "11/20", "2026-11-20", "11/20/26 3:15 PM", "on file 2026", "Pend#1"),
        *("faxed 11-1-2026", "no auth needed per rep 3345", "not required 2026", "waiting 24h"),
    ],
)
def test_a_word_with_a_day_or_a_name_is_no_number_either(text):
    assert real_id(text) is None


@pytest.mark.parametrize(
    "text",
    [
        *("A12", "1000", "10", "PA-0001", "PA 123456", "AUTH# 88213", "REF#7788 Kim", "12345 (exp 1/31)", "NOAUTH1"),
        *("2026-11-20-001", "A-2026-1", "12/34567", "11/31", "2026", "99:1234", "SEE123", "PENDING99", "PEND-2"),
        *("pa 2001", "PA-2026 7"),
    ],
)
def test_a_real_number_stays(text):
    assert real_id(text) == text


@given(st.text(max_size=40))
def test_no_text_breaks_a_reader(text):
    one = cells(a=text)
    for read in (
        one.day,
        one.birth,
        one.number,
        one.procedure,
        one.npi,
        one.place,
        one.ndc,
        one.diagnoses,
        one.identifier,
    ):
        try:
            read("a")
        except RowRefusedError as refused:
            assert refused.column == "a"
            assert refused.fix
