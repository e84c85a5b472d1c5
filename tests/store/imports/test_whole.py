"""Whole calls: order of files, files that are no tables, dry runs, kills, and two imports at once."""

import os
import random
import signal
import subprocess
import sys
import threading
from datetime import datetime

import pytest
import xlsxwriter
from sqlalchemy.engine import make_url

from app.imports.actions.running import import_files
from app.imports.facts import Kind
from app.platform.caller import Caller
from app.platform.sessions import engine_of, session_on
from app.schedule import store
from tests.store.imports.support import COVERAGE, LOG, PERSON, VISIT, bring, counts, state, table
from tests.support import make

SCHEDULE = [
    {
        **VISIT,
        "visit_id": f"A{number}",
        "starts_at": f"2026-03-{9 + number % 5:02d} {8 + number % 8}:00",
        "patient_mrn": f"M{number % 7}",
        "patient_last": f"Last{number % 7}",
        "code": code,
        "visit_type": "" if code else "Mohs",
        "payer": ("Aetna", "Local Plan", "self pay")[number % 3],
        "member_id": f"W{number % 7}",
        "phone": f"555-{number}",
    }
    for number in range(20)
    for code in ("96910", "11102", "")
]
COVERAGES = [{**COVERAGE, "patient_mrn": f"M{number}", "member_id": f"W{number}"} for number in range(6)]
LOGGED = [{**LOG, "patient_mrn": f"M{number}", "number": f"A{number}"} for number in range(6)] + [
    {**LOG, "patient_mrn": "M9", **PERSON, "codes": "96912:4", "number": "", "reference": "R1"}
]


def test_files_are_taken_in_their_order_whatever_the_order_of_the_call(caller, tmp_path):
    paths = [
        table(tmp_path / "a.csv", LOGGED),
        table(tmp_path / "c.csv", COVERAGES),
        table(tmp_path / "s.csv", SCHEDULE),
    ]
    reports = list(import_files(caller, paths))
    assert [report.kind for report in reports] == list(Kind)
    assert [counts(report)[3] for report in reports] == [0, 0, 0]


def test_a_dry_run_reports_the_same_and_writes_nothing(caller, tmp_path):
    broken = [*LOGGED, {**LOG, "patient_mrn": "nobody"}, LOGGED[0]]
    before = state(caller.session)
    dry = bring(caller, tmp_path, SCHEDULE, COVERAGES, broken, dry_run=True)
    assert state(caller.session) == before
    assert store.last_schedule_import(caller.session, make.PRACTICE_ID) is None
    real = bring(caller, tmp_path, SCHEDULE, COVERAGES, broken)
    for pretended, report in zip(dry, real, strict=True):
        assert pretended.dry_run
        pretended.dry_run = False
        assert pretended == report


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_does_not_matter(caller, tmp_path, seed):
    bring(caller, tmp_path, SCHEDULE, COVERAGES, LOGGED)
    first = state(caller.session, positions=False)
    shuffled = [random.Random(seed).sample(rows, len(rows)) for rows in (SCHEDULE, COVERAGES, LOGGED)]
    reports = bring(caller, tmp_path, *shuffled)
    assert [counts(report)[:2] for report in reports] == [(0, 0)] * 3
    assert state(caller.session, positions=False) == first


def test_a_shuffled_file_ends_the_same_from_nothing(caller, tmp_path, database_url):
    rows = random.Random(1).sample(SCHEDULE, len(SCHEDULE))
    other = Caller(caller.session, make.OTHER_PRACTICE_ID, caller.clock)
    bring(caller, tmp_path, SCHEDULE, COVERAGES, LOGGED)
    bring(other, tmp_path, rows, list(reversed(COVERAGES)), list(reversed(LOGGED)))
    assert state(caller.session, positions=False) == state(
        caller.session, positions=False, practice_id=other.practice_id
    )


def test_another_spelling_of_the_file_is_the_same_file(caller, tmp_path):
    bring(caller, tmp_path, SCHEDULE)
    names = {"visit_id": "Appt ID", "starts_at": "Appt Time", "patient_mrn": "Chart #", "code": "CPT", "site": "Office"}
    renamed = [{names.get(name, name): value for name, value in row.items()} for row in SCHEDULE]
    path = table(tmp_path / "other.csv", renamed, ";")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\r\n", b"\n"))
    (report,) = import_files(caller, [path])
    assert counts(report) == (0, 0, 60, 0)


def test_a_workbook_means_the_same_as_text(caller, tmp_path):
    bring(caller, tmp_path, SCHEDULE)
    book = xlsxwriter.Workbook(tmp_path / "s.xlsx")
    sheet = book.add_worksheet()
    clock, day = book.add_format({"num_format": "m/d/yy h:mm"}), book.add_format({"num_format": "m/d/yyyy"})
    sheet.write_row(0, 0, list(SCHEDULE[0]))
    for place, row in enumerate(SCHEDULE, start=1):
        for column, (name, value) in enumerate(row.items()):
            if name == "starts_at":
                sheet.write_datetime(place, column, datetime.fromisoformat(f"{value[:11]}{value[11:]:0>5}"), clock)
            elif name == "birth_date":
                sheet.write_datetime(place, column, datetime.fromisoformat(value), day)
            elif name in ("code", "provider_npi") and value:
                sheet.write_number(place, column, int(value))
            else:
                sheet.write_string(place, column, value)
    book.close()
    (report,) = import_files(caller, [tmp_path / "s.xlsx"])
    assert counts(report) == (0, 0, 60, 0)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"a,b\n1,2\n", "no_kind"),
        ("patient_mrn,payer,member_id\nM1,\xc4,1\n".encode("latin-1"), "wrong_encoding"),
        ("patient_mrn,payer,member_id\nM1,A,1\n".encode("utf-16"), "wrong_encoding"),
        (b"patient_mrn,payer,member_id\nM1,A\0,1\n", "not_a_table"),
        (b'patient_mrn,payer,member_id\nM1,"A,1\n', "not_a_table"),
        (b"patient_mrn,payer,member_id\nM1," + b"A" * 40_000 + b",1\n", "too_large"),
        (b"PK\x03\x04 no workbook", "not_a_table"),
        (b"\xd0\xcf\x11\xe0 an old workbook", "not_a_table"),
        (b"MRN,Chart #,payer,member_id\nM1,M2,A,1\n", "double_column"),
    ],
)
def test_a_file_that_is_no_table_is_refused_whole_and_stops_no_other(caller, tmp_path, content, code):
    (tmp_path / "bad.csv").write_bytes(content)
    reports = list(import_files(caller, [tmp_path / "bad.csv", table(tmp_path / "s.csv", [VISIT])]))
    good, bad = reports
    assert (good.exit_code, counts(good)) == (0, (1, 0, 0, 0))
    assert (bad.exit_code, bad.error.code) == (2, code)
    assert bad.error.sentence.endswith(".")


def test_a_row_with_more_cells_than_the_header_is_refused(caller, tmp_path):
    path = table(tmp_path / "s.csv", [VISIT])
    path.write_text(path.read_text() + "A2,2026-03-09 10:00,Main, North,1003000126,M1,Smith,Ann,1960-01-02,96910\n")
    (report,) = import_files(caller, [path])
    assert [(one.row, one.code.value) for one in report.refused] == [(3, "conflict")]


def test_what_a_person_matched_is_remembered(caller, tmp_path):
    rows = [{"Whose" if name == "patient_mrn" else name: value for name, value in VISIT.items()}]
    path = table(tmp_path / "s.csv", rows)
    (report,) = import_files(caller, [path], Kind.SCHEDULE)
    assert report.error.code == "missing_column"
    (report,) = import_files(caller, [path], Kind.SCHEDULE, chosen={"Whose": "patient_mrn"})
    assert counts(report) == (1, 0, 0, 0)
    (report,) = import_files(caller, [path], Kind.SCHEDULE)
    assert counts(report) == (0, 0, 1, 0)


def test_two_imports_of_one_file_at_once_end_right(caller, tmp_path, database_url):
    paths = [table(tmp_path / "s.csv", SCHEDULE), table(tmp_path / "a.csv", LOGGED)]
    done, failed = [], []

    def run():
        engine = engine_of(make_url(database_url))
        try:
            with session_on(engine, make.keys()) as session:
                done.append(
                    [counts(one) for one in import_files(Caller(session, make.PRACTICE_ID, make.clock()), paths)]
                )
        except Exception as error:
            failed.append(error)
        finally:
            engine.dispose()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert failed == []
    assert sorted(done) == [[(0, 0, 60, 0), (0, 0, 7, 0)], [(60, 0, 0, 0), (7, 0, 0, 0)]]


KILLED = """
import sys, time
from pathlib import Path
from sqlalchemy.engine import make_url
from app.imports.actions import pieces
from app.imports.actions.running import import_files
from app.platform.caller import Caller
from app.platform.sessions import engine_of, session_on
from tests.support import make

pieces.PIECE = 5

def progress(report, done, rows):
    if done > rows // 2:
        print("half", flush=True)
        time.sleep(60)

engine = engine_of(make_url(sys.argv[1]))
with session_on(engine, make.keys()) as session:
    list(import_files(Caller(session, make.PRACTICE_ID, make.clock()), [Path(sys.argv[2])], progress=progress))
"""


def test_a_kill_in_the_middle_then_importing_again_ends_right(caller, tmp_path, database_url):
    path = table(tmp_path / "s.csv", SCHEDULE)
    child = subprocess.Popen([sys.executable, "-c", KILLED, database_url, str(path)], stdout=subprocess.PIPE)
    assert child.stdout.readline() == b"half\n"
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
    (report,) = import_files(caller, [path])
    created, updated, unchanged, refused = counts(report)
    assert created > 0
    assert unchanged > 0
    assert (created + unchanged, updated, refused) == (60, 0, 0)
    other = Caller(caller.session, make.OTHER_PRACTICE_ID, caller.clock)
    list(import_files(other, [path]))
    assert state(caller.session) == state(caller.session, practice_id=other.practice_id)
