"""The codes of an authorization, and units used."""

from datetime import date

import pytest

from app.authorizations.facts import Counting, Item
from app.authorizations.rules.items import pack_items, unpack_items
from app.imports.facts import Code, RowRefusedError
from app.imports.intake.cells import Cells
from app.imports.intake.items import read_items, read_used
from app.imports.rules.used import with_used

U, V, N, A = Counting.UNITS, Counting.VISITS, Counting.UNKNOWN, Counting.NOT_COUNTED


def read(codes, units=""):
    return read_items(Cells({"codes": codes, "units": units}, date(2026, 3, 2)))


@pytest.mark.parametrize(
    ("codes", "items"),
    [
        ("96910:36;96912:10", (Item(("96910",), None, U, 36), Item(("96912",), None, U, 10))),
        ("96910:36, 96912:10", (Item(("96910",), None, U, 36), Item(("96912",), None, U, 10))),
        ("96910/96912:36", (Item(("96910", "96912"), None, U, 36),)),
        ("96920-96922:12", (Item(("96920",), "96922", U, 12),)),
        ("J2357:12 visits", (Item(("J2357",), None, V, 12),)),
        ("96910:*", (Item(("96910",), None, A),)),
        ("96910", (Item(("96910",), None, N),)),
        ("96910:", (Item(("96910",), None, N),)),
        ("*:6", (Item(("*",), None, U, 6),)),
        ("17000.0", (Item(("17000",), None, N),)),
        ("96910 : 36", (Item(("96910",), None, U, 36),)),
        ("", None),
    ],
)
def test_the_grammar_of_codes(codes, items):
    assert read(codes) == items


@pytest.mark.parametrize(
    ("codes", "code"),
    [
        ("9691:36", Code.BAD_CODE),
        ("96910:0", Code.BAD_NUMBER),
        ("96910:many", Code.BAD_NUMBER),
        ("96910:-3", Code.BAD_NUMBER),
        ("96910:36;96910:10", Code.BAD_CODE),
        ("96922-96920:12", Code.BAD_CODE),
        ("96920-J2357:12", Code.BAD_CODE),
        ("96910x36", Code.BAD_CODE),
    ],
)
def test_what_is_not_of_the_grammar_is_refused(codes, code):
    with pytest.raises(RowRefusedError) as refused:
        read(codes)
    assert (refused.value.column, refused.value.code) == ("codes", code)


def test_a_count_column_is_shared_by_codes_that_bring_none():
    assert read("96910", "36") == (Item(("96910",), None, U, 36),)
    assert read("96910;96912", "36") == (Item(("96910", "96912"), None, U, 36),)


def test_a_count_said_twice_is_refused():
    with pytest.raises(RowRefusedError) as refused:
        read("96910:36", "36")
    assert refused.value.column == "units"


def used(text, codes):
    pairs = read_used(Cells({"used": text}, date(2026, 3, 2)))
    return with_used(read(codes), pairs)


def test_used_units_go_to_the_item_that_names_the_code():
    assert [item.used for item in used("96910:22", "96910:36;96912:10")] == [22, None]
    assert [item.used for item in used("96912:22", "96910/96912:36")] == [22]
    assert [item.used for item in used("96910:2;96912:3", "96910/96912:36")] == [5]
    assert [item.used for item in used("96921:4", "96920-96922:12")] == [4]
    assert [item.used for item in used("22", "96910:36")] == [22]
    assert [item.used for item in used("0", "96910:36")] == [0]


def test_used_units_of_a_code_that_is_not_named_are_not_taken():
    assert used("17000:1", "96910:36") is None
    assert used("22", "96910:36;96912:10") is None


@pytest.mark.parametrize(
    "codes", ["96910:36;96912:10", "96910/96912:36", "96920-96922:12", "J2357:12 visits", "96910:*", "96910", "*:6"]
)
def test_items_are_stored_as_one_text(codes):
    items = used("3", codes) if ";" not in codes else read(codes)
    assert unpack_items(pack_items(items)) == items
