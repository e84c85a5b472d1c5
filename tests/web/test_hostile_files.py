"""A small run of the drill with hostile files, and each bad design that is planted is caught by it."""

from pathlib import Path
from random import Random

import pytest

from app.practice.facts.staff import Role
from tests.drills import hostile
from tests.drills.hostile_files import HEADER, MAKERS, NAMES, ROW, Hostile, hostile_files
from tests.drills.hostile_x12 import any_set

FEW = 5
TABLE = Hostile("name", "a script", NAMES["a script"], (HEADER + ROW).encode())
ANSWER = Hostile("x12", "as it should be", "answer.edi", any_set(Random(1)))


def test_a_few_hostile_files_are_read_or_refused_by_name(sign_in, tmp_path: Path):
    files, browser = [ANSWER, TABLE, *hostile_files(Random(3), FEW, light=True)], sign_in(Role.COORDINATOR)
    doors = {
        "read": hostile.through("read", lambda file, seen: hostile.read(tmp_path, file, seen), files),
        "page": hostile.through("page", lambda file, seen: hostile.upload(browser, "/mail", file, seen), files),
        "tables": hostile.through("tables", lambda file, seen: hostile.upload(browser, "/imports", file, seen), files),
    }
    for tally in doors.values():
        assert sum(getattr(tally, fault) for fault in hostile.FAULTS) == 0, tally.first
        assert tally.read + tally.refused == len(files)
        assert tally.refused > 0
    assert doors["read"].read > 0 and doors["tables"].read > 0


def test_every_trick_comes_once_in_the_whole_run():
    tricks = sum(map(len, MAKERS.values())) + len(NAMES)
    assert tricks == hostile.FILES
    few = hostile_files(Random(5), 30, light=True)
    assert len({(file.kind, file.trick) for file in few}) == 30
    assert [file for file in few if file.kind != "xlsx"] == [
        file for file in hostile_files(Random(5), 30, light=True) if file.kind != "xlsx"
    ]


@pytest.mark.parametrize(
    ("plant", "count", "largest"), [("reader-dies", 1, 0), ("reader-takes-memory", 0, hostile.MEMORY_MIB), (None, 0, 0)]
)
def test_a_reader_of_a_bad_design_is_caught(plant: str | None, count: int, largest: int, tmp_path: Path):
    with hostile.planted(plant, tmp_path), hostile.measured() as children:
        tally = hostile.through("read", lambda file, seen: hostile.read(tmp_path, file, seen), [ANSWER])
    assert (tally.cut_short, tally.crashes, tally.unnamed) == (count, 0, 0)
    assert (children.largest > hostile.MEMORY_MIB) is bool(largest)
    assert children.largest > 0


def test_a_page_that_keeps_a_file_under_its_name_is_caught(sign_in, tmp_path: Path):
    browser = sign_in(Role.COORDINATOR)
    with hostile.planted("name-is-a-path", tmp_path):
        tally = hostile.through("tables", lambda file, seen: hostile.upload(browser, "/imports", file, seen), [TABLE])
    assert (tally.answers_5xx or tally.crashes) == 1
    tally = hostile.through("tables", lambda file, seen: hostile.upload(browser, "/imports", file, seen), [TABLE])
    assert (tally.answers_5xx, tally.crashes) == (0, 0)
