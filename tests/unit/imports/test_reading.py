"""Files from outside are read by a confined process: tables become text, hostile files become a sentence."""

import io
import json
import subprocess
import sys
import zipfile
from datetime import date, datetime, time, timedelta

import pytest

from app.imports.facts import FileRefusedError
from app.imports.files import child
from app.imports.files.reading import CHILD, digest, read_table
from app.platform.confined import CONFINEMENT


def write(path, content):
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_csv_in_its_usual_forms(tmp_path, delimiter, line_end, mark):
    lines = [
        delimiter.join(("a", '"b, or; c"')),
        delimiter.join(('"two\nlines"', '"say ""x"""')),
        "",
        delimiter.join("34"),
    ]
    found = read_table(write(tmp_path / "t.csv", mark + line_end.join(lines).encode()))
    assert found.header == ("a", "b, or; c")
    assert found.rows == ((2, ("two\nlines", 'say "x"')), (4, ("3", "4")))


def test_rows_count_as_a_spreadsheet_shows_them(tmp_path):
    found = read_table(write(tmp_path / "t.csv", b"\n\na,b\n1,2\n,\n3,4\n"))
    assert found.header == ("a", "b")
    assert [row for row, _ in found.rows] == [4, 6]


def test_empty_columns_at_the_right_are_none(tmp_path):
    assert read_table(write(tmp_path / "t.csv", b"a,b,,\n1,2,,\n")).header == ("a", "b")
    assert read_table(write(tmp_path / "t.csv", b"a,b,,\n1,2,3,\n")).header == ("a", "b", "", "")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (17000.0, "17000"),
        (0.5, "0.5"),
        (1.23457e15, "1234570000000000.0"),
        (True, "yes"),
        (False, "no"),
        (date(2026, 3, 9), "2026-03-09"),
        (datetime(2026, 3, 9, 14, 29, 59, 999_999), "2026-03-09 14:30:00"),
        (time(14, 30), "14:30:00"),
        (timedelta(hours=14.5), "14:30:00"),
        ("00123", "00123"),
    ],
)
def test_typed_cells_become_the_text_that_means_the_same(cell, text):
    assert child.plain(cell) == text


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (300 * child.MIB))
    with pytest.raises(FileRefusedError) as refused:
        read_table(write(tmp_path / "bomb.xlsx", packed.getvalue()))
    assert refused.value.code == "too_large"


def test_an_archive_of_too_many_parts_is_refused(tmp_path):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(child.MOST_PARTS + 1):
            archive.writestr(f"{number}", b"")
    with pytest.raises(FileRefusedError) as refused:
        read_table(write(tmp_path / "many.xlsx", packed.getvalue()))
    assert refused.value.code == "too_large"


def test_more_columns_than_a_table_has_are_refused(tmp_path):
    with pytest.raises(FileRefusedError) as refused:
        read_table(write(tmp_path / "wide.csv", b"," * child.MOST_COLUMNS + b"x\n"))
    assert refused.value.code == "too_large"


def test_a_file_that_is_not_there_and_a_folder_are_refused(tmp_path):
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(FileRefusedError) as refused:
            read_table(path)
        assert refused.value.code == "no_file"


def test_a_reader_that_ends_early_gives_a_sentence(tmp_path, monkeypatch):
    broken = tmp_path / "broken.py"
    broken.write_text("MEMORY, SECONDS = 2**29, 9\ndef main():\n    print('[1, [\"a\"]]')")
    monkeypatch.setattr("app.imports.files.reading.CHILD", broken)
    with pytest.raises(FileRefusedError) as refused:
        read_table(write(tmp_path / "t.csv", b"a\n1\n"))
    assert refused.value.code == "unreadable"


def test_the_same_bytes_have_the_same_digest(tmp_path):
    one, two, other = (write(tmp_path / name, content) for name, content in (("1", b"a"), ("2", b"a"), ("3", b"b")))
    assert digest(one) == digest(two) != digest(other)


def test_the_reader_speaks_json_lines(tmp_path):
    path = write(tmp_path / "t.csv", b"a,b\n1,2\n")
    line = [sys.executable, "-I", str(CONFINEMENT), str(CHILD), str(path)]
    ran = subprocess.run(line, capture_output=True, text=True, check=True)
    assert [json.loads(line) for line in ran.stdout.splitlines()] == [[1, ["a", "b"]], [2, ["1", "2"]], {"end": True}]
