"""What people who write rules lean on: the schema in their editor, the first files of a new payer, situations."""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from click.testing import CliRunner

from app.policies.commands.writing import new_payer, situations
from app.policies.facts.faults import PolicyFilesError
from app.policies.files.directory import files_of, policies_of, read_policies
from app.policies.files.schema import json_schema
from app.policies.files.situations import situations_of
from app.policies.files.skeleton import schema_text
from app.policies.rules.compiling import answering_rules
from tests.support.rule_files import DIRECTORY

SCHEMA = json_schema()
VALID = jsonschema_rs.validator_for(SCHEMA)
FILES = sorted(DIRECTORY.glob("*/*.yaml"))


class EditorLoader(yaml.SafeLoader):
    """YAML as editors read it (1.2): numbers are numbers, `yes` and days are texts."""


EditorLoader.yaml_implicit_resolvers = {
    first: [
        (tag, shape)
        for tag, shape in ways
        if not tag.endswith(("timestamp", "bool")) or (tag.endswith("bool") and first in "tTfF")
    ]
    for first, ways in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def as_an_editor_reads(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), EditorLoader)


@pytest.mark.parametrize("path", FILES, ids=[f"{path.parent.name}/{path.name}" for path in FILES])
def test_an_editor_finds_no_fault_in_a_file_that_the_loader_takes(path: Path) -> None:
    assert [f"{one.instance_path}: {one.message}" for one in VALID.iter_errors(as_an_editor_reads(path))] == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("approval", "maybe"),
        ("aproval", "required"),
        ("codes", ["1700"]),
        ("until", ["2026-01-01"]),
        ("closed_list", "perhaps"),
        ("limits", [{"what": "units", "most": "many", "surplus": 1}]),
    ],
)
def test_an_editor_marks_what_the_loader_refuses(key: str, value: Any) -> None:
    file = as_an_editor_reads(DIRECTORY / "aetna" / "biologics.yaml")
    assert VALID.is_valid(file)
    file["rules"][0][key] = value
    assert not VALID.is_valid(file)


def test_the_schema_beside_the_folders_is_the_one_of_the_program() -> None:
    assert (DIRECTORY / "schema.json").read_text(encoding="utf-8") == schema_text()
    jsonschema_rs.meta.validate(SCHEMA)


def test_the_first_files_of_a_payer_pass_and_answer_nothing(tmp_path: Path) -> None:
    done = CliRunner().invoke(new_payer, ["blue_shield_ca", "--into", str(tmp_path)])
    assert done.exit_code == 0, done.output
    for path in (tmp_path / "blue_shield_ca").iterdir():
        assert VALID.is_valid(as_an_editor_reads(path)), path.name
        assert str(path) in done.output
    assert json.loads((tmp_path / "schema.json").read_text()) == SCHEMA

    policies = policies_of(files_of(DIRECTORY) | files_of(tmp_path))
    assert policies.payers["blue_shield_ca"].file.payer.name == "Blue Shield Ca"
    assert not [payer for payer, *_ in answering_rules(policies) if payer == "blue_shield_ca"]


def test_the_example_in_the_first_files_is_a_rule_once_its_signs_are_removed(tmp_path: Path) -> None:
    CliRunner().invoke(new_payer, ["blue_shield_ca", "--into", str(tmp_path)])
    path = tmp_path / "blue_shield_ca" / "first_topic.yaml"
    head, _, example = path.read_text().partition("  # - id: phototherapy")
    sources = "\n".join(line.removeprefix("# ") for line in head.splitlines() if not line.startswith("# yaml"))
    rules = "\n".join(line.replace("  # ", "  ", 1) for line in ("  # - id: phototherapy" + example).splitlines())
    path.write_text(
        sources.partition("rules:")[0].partition("schema: rules/1")[2].join(("schema: rules/1", ""))
        + "rules:\n"
        + rules
    )

    policies = policies_of(files_of(DIRECTORY) | files_of(tmp_path))
    assert [rule.id for payer, _, _, rule in answering_rules(policies) if payer == "blue_shield_ca"] == ["phototherapy"]


@pytest.mark.parametrize("name", ["Blue Shield", "_grid", "../aetna", "a", "blue-shield"])
def test_an_id_that_is_none_is_refused_with_the_way_to_write_it(tmp_path: Path, name: str) -> None:
    done = CliRunner().invoke(new_payer, ["--into", str(tmp_path), "--", name])
    assert done.exit_code != 0
    assert not list(tmp_path.iterdir())


def test_a_folder_that_stands_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "aetna").mkdir()
    done = CliRunner().invoke(new_payer, ["aetna", "--into", str(tmp_path)])
    assert done.exit_code != 0
    assert list((tmp_path / "aetna").iterdir()) == []


def test_situations_on_the_command_line_name_what_is_wrong_and_what_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / "aetna").mkdir()
    told = '- {on: 2026-11-23, code: J2357, dx: [L50.1], expect: {need: not_required, rule: "biologics#xolair.csu"}}\n'
    (tmp_path / "aetna" / "biologics.yaml").write_text(told)
    done = CliRunner().invoke(situations, [str(DIRECTORY), str(tmp_path), "--payer", "aetna"])
    assert done.exit_code == 1
    assert "aetna/biologics.yaml:1: need should be not_required and is required." in done.stderr
    assert "aetna/biologics#xolair.csu: no situation shows where it does not answer (not_named)." in done.stderr
    assert "1 situation, 1 answered otherwise." in done.stdout

    shown = CliRunner().invoke(situations, [str(DIRECTORY), str(Path(__file__).parent), "--payer", "aetna"])
    assert shown.exit_code == 0, shown.stderr


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("on: 2026-11-23\n", "1: this is no list"),
        ("- {on: 2026-11-23, code: J2357}\n", "1: expect: is missing"),
        ("- {on: soon, expect: {need: required}}\n", "1: on: 'soon' is no date"),
        ("- on: 2026-11-23\n  cod: J2357\n  expect: {need: required}\n", "2: cod: unknown key 'cod'"),
        ("- on: 2026-11-23\n  expect: {need: perhaps}\n", "2: need: 'perhaps' is not one of its words"),
        ("- on: 2026-11-23\n  expect:\n    need: required\n    rule: xolair\n", "4: rule: 'xolair' names no rule"),
    ],
)
def test_a_situation_that_cannot_be_read_is_named_by_line_and_key(text: str, found: str) -> None:
    with pytest.raises(PolicyFilesError) as refused:
        situations_of({"aetna/x.yaml": text.encode()})
    assert f"aetna/x.yaml:{found}" in str(refused.value)


def test_the_shipped_directory_reads() -> None:
    assert len(read_policies(DIRECTORY).payers) >= 3
