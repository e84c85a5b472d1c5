"""`policies impact` and `policies replay`: what they print, and how they refuse."""

import json
import shutil
from datetime import timedelta

import pytest
import yaml

from app.platform.clock import SystemClock
from app.policies.actions.library import SHIPPED
from tests.store.imports.support import COVERAGE, VISIT, table

CODE = "99199"


@pytest.fixture
def rules(tmp_path):
    """The shipped rules with one more of Aetna, which asks approval for a code that no other rule names."""
    folder = tmp_path / "policies"
    shutil.copytree(SHIPPED, folder)
    products = yaml.safe_load((folder / "aetna" / "payer.yaml").read_text())["products"]
    product = next(key for key, one in products.items() if one["benefit"] == "medical")
    (folder / "aetna" / "added_here.yaml").write_text(
        "schema: rules/1\npayer: aetna\nread_on: 2026-01-15\n"
        "sources:\n  s: {title: A list, url: 'https://payer.example/list', kind: primary}\n"
        "rules:\n  - id: added\n    service: any_listed_service\n    summary: Added here\n"
        f"    product: {product}\n    approval: required\n    coverage: covered\n    confidence: seen\n"
        f"    source: s\n    from: unknown\n    codes: ['{CODE}']\n"
    )
    return folder


@pytest.fixture
def booked(manage, tmp_path):
    """One visit of that code in three weeks."""
    now = SystemClock().now()
    visit = VISIT | {"starts_at": f"{now + timedelta(days=21):%Y-%m-%d} 14:30", "code": CODE}
    schedule, coverage = table(tmp_path / "s.csv", [visit]), table(tmp_path / "c.csv", [COVERAGE])
    assert manage("import", str(schedule), str(coverage)).code == 0


@pytest.mark.usefixtures("booked")
def test_impact_prints_the_visits_that_would_turn_and_changes_nothing(manage, rules):
    before = manage("visits", "why", "A1", "--json").out
    ran = manage("policies", "impact", str(rules), "--json")
    found = json.loads(ran.out)
    assert ran.code == 0
    assert found["payers"] == ["aetna"]
    (visit,) = found["visits"]
    (line,) = visit["lines"]
    assert (visit["visit_id"], line["need_before"], line["need_after"]) == ("A1", "unknown", "required")
    assert line["rule_after"] == "aetna/added_here#added"
    assert {"id": "rule", "before": "unknown", "after": "pass"} in line["checks"]
    said = manage("policies", "impact", str(rules)).out.splitlines()
    assert said[0] == "1 booked visit and 0 open cases would stand otherwise; rules of 1 payer differ."
    assert said[1].startswith("A1  ")
    assert manage("visits", "why", "A1", "--json").out == before
    nothing = manage("policies", "impact", str(SHIPPED))
    assert nothing.out.startswith("No rule that decides differs")


def test_impact_refuses_what_is_no_directory_and_files_with_faults(manage, rules, tmp_path):
    missing = manage("policies", "impact", str(tmp_path / "nowhere"))
    assert (missing.code, missing.out) == (2, "")
    assert "There is no directory" in missing.err
    (rules / "aetna" / "added_here.yaml").write_text("schema: rules/1\npayer: aetna\n")
    broken = manage("policies", "impact", str(rules))
    assert broken.code == 2
    assert "aetna/added_here.yaml" in broken.err
    assert broken.err.endswith("Nothing was compared; the rules in force stay.\n")


@pytest.mark.usefixtures("booked")
def test_replay_gives_the_answer_of_today_again(manage):
    why = json.loads(manage("visits", "why", "A1", "--json").out)
    today = why["basis"]["as_of"]
    ran = manage("policies", "replay", "--visit", "A1", "--on", today, "--json")
    found = json.loads(ran.out)
    assert ran.code == 0
    assert found["equal"]
    assert (found["differences"], found["why"]) == ([], [])
    assert found["shown"]["badge"] == found["anew"]["badge"] == why["badge"]
    assert found["shown"]["lines"] == found["anew"]["lines"]
    checks = [{"id": one["id"], "result": one["result"]} for one in why["lines"][0]["checks"]]
    assert found["shown"]["lines"][0]["checks"] == checks
    said = manage("policies", "replay", "--visit", "A1", "--on", today).out
    assert "the same answer, equal in every check." in said


@pytest.mark.usefixtures("booked")
def test_replay_refuses_with_a_sentence(manage):
    for visit, day, says in (
        ("A9", "2026-01-05", "No visit has the id 'A9'"),
        ("A1", "2020-01-05", "Nothing was shown of this visit on 2020-01-05"),
        ("A1", "2199-01-05", "2199-01-05 lies ahead"),
        ("A1", "soon", "'soon' is not a date"),
    ):
        refused = manage("policies", "replay", "--visit", visit, "--on", day)
        assert (refused.code, refused.out) == (2, "")
        assert says in refused.err
