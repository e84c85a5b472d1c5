"""No patient's word is found in what the program leaves behind: a small run of the drill, and its search by itself."""

import base64
import gzip

import pytest

from tests.drills import canary
from tests.drills.canary_files import fields
from tests.drills.canary_marks import Marks

MARKS = Marks(3, 40)


@pytest.mark.loopback
def test_nothing_marked_is_found_where_it_does_not_belong():
    answer = canary.drill(7, 2, "sqlite", None, seconds=1)
    assert answer["first_hits"] == []
    assert answer["passed"], answer
    assert answer["written"] >= 6


@pytest.mark.loopback
def test_a_planted_leak_is_found_where_it_is_and_nothing_elsewhere():
    answer = canary.drill(7, 3, "postgres", "log", seconds=1)
    assert not answer["passed"]
    assert {hit.split(":")[0] for hit in answer["first_hits"]} == {"logs"}
    assert answer["hits_by_place"].keys() == {"logs"}


@pytest.mark.parametrize(
    "written",
    [
        MARKS.word("note", 7).encode(),
        MARKS.word("note", 7).upper().encode(),
        MARKS.code("an", 7).encode(),
        base64.b64encode(b"x: " + MARKS.word("last", 3).encode()),
        base64.b64encode(b"xy: " + MARKS.code("mr", 3).encode()),
        base64.b64encode(b"xyz: " + MARKS.word("last", 3).lower().encode()),
        MARKS.word("last", 3).encode().hex().encode(),
        MARKS.code("mr", 3).encode().hex().upper().encode(),
        MARKS.word("last", 3)[::-1].encode(),
        MARKS.word("last", 3).encode("utf-16-le"),
        "".join(f"\\u{ord(one):04X}" for one in MARKS.word("last", 3).lower()).encode(),
        gzip.compress(MARKS.word("last", 3).encode(), mtime=0),
        f"+1{MARKS.phone(12)}".encode(),
        f"({MARKS.phone(12)[:3]}) {MARKS.phone(12)[3:6]}-{MARKS.phone(12)[6:]}".encode(),
        MARKS.birth(5).isoformat().encode(),
        f"{MARKS.birth(5):%m/%d/%Y}".encode(),
    ],
)
def test_the_search_finds_a_mark_in_every_form(written):
    around = written if written[:2] == b"\x1f\x8b" else b"before " + written + b" after"
    assert [*MARKS.hits_in(around)]


def test_the_search_finds_nothing_in_other_words():
    assert [*MARKS.hits_in(b"Abbott, Lena; M12345; 2026-03-02; (212) 555-0100; QUJDREVGRw==" * 50)] == []


def test_every_field_of_files_that_identifies_or_is_free_is_marked():
    marked = set(fields())
    free = {
        "patient_mrn", "patient_last", "patient_first", "member_id", "email", "language", "referral", "source",
        "reference", "subscriber_relationship", "number", "owner", "next_action", "submitted_by_channel",
        "representative", "call_reference", "note",
    }  # fmt: skip
    assert free <= marked
