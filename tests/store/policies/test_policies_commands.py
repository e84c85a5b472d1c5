"""The command line of payer rules: what it prints, and how it ends."""

import json
from pathlib import Path

import pytest

from app.policies.actions.library import SHIPPED
from app.policies.files.typed import SCHEMAS

OPD = ("--payer", "medicare_ffs", "--code", "J0585", "--with", "64615", "--pos", "22", "--state", "TX")
KEYS = [
    "need", "confidence", "class", "coverage", "rule", "why", "criteria", "unmet", "documents", "submit", "clock",
    "approval_lasts", "renew_before", "cite", "alternatives",
]  # fmt: skip


def test_find_answers_with_the_contracts_object(manage):
    ran = manage("policies", "find", *OPD, "--json")
    assert ran.code == 0
    answer = json.loads(ran.out)
    assert list(answer) == KEYS
    assert (answer["need"], answer["confidence"]) == ("required", "seen")
    assert answer["rule"] == "medicare_ffs/hospital_outpatient#opd.botulinum"
    assert set(answer["cite"]) == {"title", "url", "read_on"}
    assert answer["clock"]["standard"] == {"value": 7, "unit": "calendar_day"}
    assert answer["approval_lasts"] == {"value": 120, "unit": "day"}


@pytest.mark.parametrize(
    "words",
    [
        ("--payer", "aetna", "--code", "99999"),
        ("--payer", "aetna", "--drug", "dupixent", "--dx", "L20.9"),
        ("--payer", "Nobody Health", "--code", "11102"),
        ("--payer", "aetna", "--service", "nothing_like_it"),
    ],
)
def test_what_no_rule_names_is_unknown_without_a_source(manage, words):
    ran = manage("policies", "find", *words, "--json")
    answer = json.loads(ran.out)
    assert (ran.code, answer["need"], answer["cite"], answer["rule"]) == (0, "unknown", None, None)


def test_find_reads_facts_and_documented_findings(manage):
    asked = ("--payer", "aetna", "--code", "J2357", "--dx", "L501", "--age", "11", "--json")
    facts = ("--fact", "trial:h1_antihistamine_2g=inadequate_response", "--fact", "other_causes_evaluated=yes")
    answer = json.loads(manage("policies", "find", *asked, *facts).out)
    assert [entry["result"] for entry in answer["criteria"]] == ["not_met", "met", "met"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--payer", "aetna", "--code", "1234"), "--code '1234' is not a CPT or HCPCS code"),
        (("--payer", "aetna", "--code", "11102", "--on", "soon"), "--on 'soon' is no date"),
        (("--payer", "cash", "--code", "11102"), "there is no insurance"),
    ],
)
def test_a_malformed_question_exits_2_with_a_sentence(manage, words, says):
    ran = manage("policies", "find", *words, "--json")
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err


def test_routine_then_find_then_explain(manage):
    confirmed = manage("policies", "routine", "--payer", "aetna", "--basis", "list", "--until", "2030-01-01", "--json")
    assert confirmed.code == 2
    assert "at most 12 months" in confirmed.err
    missing = manage("policies", "routine", "--payer", "aetna", "--until", "2026-12-31")
    assert missing.code == 2
    ran = manage("policies", "explain", "aetna/biologics#xolair.csu")
    assert ran.code == 0
    assert "Approval: required." in ran.out
    assert manage("policies", "explain", "aetna/none#x").code == 2


def test_an_answer_for_nobody_is_refused(manage):
    words = ("--patient", "9", "--payer", "aetna", "--code", "11102", "--need", "not_required")
    assert manage("policies", "answer", *words, "--reference", "call 1").code == 2


def test_check_reads_the_shipped_rules_and_names_the_faults_of_others(manage, tmp_path):
    assert manage("policies", "check").code == 0
    assert manage("policies", "check", str(tmp_path / "none")).code == 2
    broken = tmp_path / "rules" / "aetna"
    broken.mkdir(parents=True)
    (broken / "payer.yaml").write_text((SHIPPED / "aetna" / "payer.yaml").read_text() + "colour: red\n")
    ran = manage("policies", "check", str(Path(broken).parent))
    assert ran.code == 1
    assert "aetna/payer.yaml:" in ran.err
    assert "unknown key 'colour'" in ran.err


def test_schema_names_every_kind_of_file(manage):
    schema = json.loads(manage("policies", "schema").out)
    assert schema["properties"]["schema"]["enum"] == list(SCHEMAS)
    assert "approval" in json.dumps(schema["$defs"]["rules"])


def test_search_says_what_words_mean_and_how_find_asks_for_it(manage):
    exact = json.loads(manage("policies", "search", "Dupixent", "--json").out)
    assert (exact["exact"]["ask"], exact["hits"]) == ({"drug": "drug:dupixent"}, [])
    several = json.loads(manage("policies", "search", "eczema", "shot", "--json").out)
    assert several["exact"] is None
    assert {"drug:dupixent", "drug:adbry"} <= {hit["ask"].get("drug") for hit in several["hits"]}
    assert "Diagnosis: B00.1 Herpesviral vesicular dermatitis" in manage("policies", "search", "cold sore").out
    assert manage("policies", "search", "qqqqqq").out.startswith("Nothing is called so.")
    assert manage("policies", "search", "x" * 201).code == 2
