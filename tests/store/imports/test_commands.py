"""Imports and visit types on the command line."""

import json

import pytest

from tests.store.imports.support import COVERAGE, LOG, PERSON, VISIT, table

KEYS = [
    "file", "kind", "rows", "created", "updated", "unchanged", "vanished", "refused", "ignored_columns", "unmapped",
    "created_sites", "created_providers", "created_payers", "warnings", "dry_run",
]  # fmt: skip


def lines(ran):
    return [json.loads(line) for line in ran.out.splitlines()]


def test_one_object_for_each_file_in_the_order_of_taking(manage, tmp_path):
    schedule = table(tmp_path / "s.csv", [{**VISIT, "Color": "red"}, {**VISIT, "visit_id": "A2", "code": "1"}])
    coverage = table(tmp_path / "c.csv", [COVERAGE])
    logged = table(tmp_path / "a.csv", [LOG])
    ran = manage("import", str(logged), str(coverage), str(schedule), "--json")
    found = lines(ran)
    assert ran.code == 1
    assert [one["kind"] for one in found] == ["schedule", "coverage", "authorizations"]
    assert [list(one) for one in found] == [KEYS] * 3
    assert found[0]["file"] == str(schedule)
    assert found[0]["ignored_columns"] == ["Color"]
    assert found[0]["refused"] == [
        {
            "row": 3,
            "column": "code",
            "code": "bad_code",
            "found": "1",
            "fix": "Write five characters, such as 17000 or J2357; as text where zeros lead.",
        }
    ]
    again = lines(manage("import", str(logged), str(coverage), str(schedule), "--json"))
    assert [(one["created"], one["updated"], one["unchanged"]) for one in again] == [(0, 0, 1)] * 3


def test_a_refused_file_has_a_sentence_and_exit_2_and_the_others_are_taken(manage, tmp_path):
    (tmp_path / "bad.csv").write_bytes(b"a,b\n1,2\n")
    good = table(tmp_path / "c.csv", [{**COVERAGE, **PERSON}])
    ran = manage("import", str(tmp_path / "bad.csv"), str(tmp_path / "none.csv"), str(good), "--json")
    found = lines(ran)
    assert ran.code == 2
    assert [one.get("error", {}).get("code") for one in found] == [None, "no_kind", "no_file"]
    assert found[0]["created"] == 1
    assert "was not taken" in ran.err


def test_clean_files_exit_0_and_a_dry_run_writes_nothing(manage, tmp_path):
    path = table(tmp_path / "s.csv", [VISIT])
    for flag, created in (("--dry-run", 1), ("--json", 1), ("--json", 0)):
        ran = manage("import", str(path), "--json", flag)
        assert (ran.code, lines(ran)[0]["created"], lines(ran)[0]["dry_run"]) == (0, created, flag == "--dry-run")


def test_a_person_is_told_in_sentences(manage, tmp_path):
    rows = [{**VISIT, "code": "", "visit_type": "Mohs", "payer": "Local Plan"}, {**VISIT, "birth_date": "13/45/1960"}]
    ran = manage("import", str(table(tmp_path / "s.csv", rows)))
    assert "Row 3, birth_date: found 13/45/1960. Use month/day/year (3/9/2026) or 2026-03-09." in ran.out
    assert "schedule map-type 'Mohs'" in ran.out
    assert "Local Plan" in ran.out


def test_the_kind_can_be_said_and_a_header_matched(manage, tmp_path):
    path = table(tmp_path / "c.csv", [{"Whose": "M1", "payer": "Aetna", "member_id": "W1", **PERSON}])
    assert manage("import", str(path), "--kind", "coverage").code == 2
    ran = manage("import", str(path), "--kind", "coverage", "--map", "Whose=patient_mrn", "--json")
    assert (ran.code, lines(ran)[0]["created"]) == (0, 1)
    assert manage("import", str(path), "--map", "Whose=nothing").code == 2


def test_a_visit_type_is_mapped_once(manage, tmp_path):
    manage("import", str(table(tmp_path / "s.csv", [{**VISIT, "code": "", "visit_type": "Mohs"}])))
    ran = manage("schedule", "map-type", "Mohs", "17311:1", "17312:2", "--json")
    assert (ran.code, lines(ran)[0]["visits_changed"]) == (0, 1)
    assert manage("schedule", "map-type", "Mohs", "self_pay").code == 0


@pytest.mark.parametrize(
    "words",
    [["Mohs", "1731:1"], ["Mohs", "17311:0"], ["Mohs", "17311:x"], ["Mohs", "drug::1"], [" ", "17311"], ["Mohs"]],
)
def test_a_wrong_line_of_a_visit_type_is_refused_with_a_sentence(manage, words):
    ran = manage("schedule", "map-type", *words)
    assert ran.code == 2
    assert ran.err.strip()
    assert ran.out == ""
