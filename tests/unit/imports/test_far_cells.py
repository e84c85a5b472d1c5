"""A workbook that reaches far beyond a table is refused before a reader makes room for it."""

import io
import zipfile

import pytest

from app.imports.files.child import CannotTakeError, check_archive


def book(sheet: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", f"<worksheet><sheetData>{sheet}</sheetData></worksheet>")
    return out.getvalue()


@pytest.mark.parametrize("cell", ["XFD1", "KO1", "AAA9", "A500001", "B1048576", "KN600000"])
def test_a_cell_beyond_a_table_is_refused(cell: str):
    for text in (f'<c r="{cell}"><v>1</v></c>', f"<x:c s='1' r = '{cell}' t='s'><v>1</v></x:c>"):
        with pytest.raises(CannotTakeError) as refused:
            check_archive(book(text))
        assert refused.value.code == "too_large"


@pytest.mark.parametrize("cell", ["A1", "KN500000", "JZ1", "Z499999"])
def test_a_cell_of_a_table_is_none(cell: str):
    check_archive(book(f'<row r="1"><c r="{cell}"><v>1</v></c></row>'))


def test_what_is_only_painted_far_away_does_not_matter():
    check_archive(book('<dimension ref="A1:XFD1048576"/><row r="1048576" s="1"><c r="XFD1048576" s="1"/></row>'))


def test_a_far_cell_is_found_where_two_pieces_meet():
    for before in range(2**20 - 90, 2**20 + 10, 7):
        with pytest.raises(CannotTakeError):
            check_archive(book("x" * before + '<c r="XFD1048576"><v>1</v></c>' + "x" * 10**6))
