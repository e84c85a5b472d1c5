"""The researched grid of services, the code lists and the service keys stand in `_grid/` as they were researched.

The facts lie beside the project, in the folder `shared`; without it these tests say so and are skipped.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml

from app.policies.facts.grid import GridService
from app.policies.files.directory import policies_of
from tests.support.rule_files import rule_files

pytestmark = pytest.mark.shared

FACTS = Path(__file__).parents[2].parent / "shared" / "payer_facts"
POLICIES = policies_of(rule_files())
assert POLICIES.grid is not None and POLICIES.codes is not None and POLICIES.services is not None
GRID, CODES, SERVICES = POLICIES.grid, POLICIES.codes, POLICIES.services
OURS = {service.id: service for service in GRID.services}
NAMES = {"icd10_medical": "medical", "icd10_cosmetic_or_weak": "weak", "class": "class_"}
"""What a key of the facts is called here."""
LEFT_OUT = {"seed"}
"""Remarks on a first guide, which decide nothing."""


def read(name: str) -> Any:
    """A file of facts; its absence is said."""
    path = FACTS / name
    if not path.exists():
        pytest.skip(f"the researched facts are not beside the project ({name}); nothing was compared")
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def services() -> list[Any]:
    """The services of the facts, or one placeholder that says the facts are absent."""
    if not (FACTS / "service_grid.yaml").exists():
        return [pytest.param({}, id="absent")]
    return [pytest.param(service, id=service["id"]) for service in read("service_grid.yaml")["services"]]


def kept(service: GridService, key: str) -> Any:
    """What our service says under a key of the facts; named lists of triggers are advice here."""
    value = service.model_dump()[NAMES.get(key, key)]
    if key == "medical_if_documented" and value is not None:
        return {"any": list(value["any"]), "all": list(value["all"])} | {
            name: list(keys) for name, keys in value["advice"].items()
        }
    if key == "medicare":
        return {name: list(part) if isinstance(part, tuple) else part for name, part in value.items() if part}
    return list(value) if isinstance(value, tuple) else value


def wanted(service: dict[str, Any], key: str) -> Any:
    """What a service of the facts says under a key, with the triggers that it leaves out."""
    value = service[key]
    return {"any": [], "all": [], **value} if key == "medical_if_documented" else value


@pytest.mark.parametrize("service", services())
def test_each_service_of_the_grid_is_kept(service: dict[str, Any]) -> None:
    if not service:
        read("service_grid.yaml")
    ours = OURS[service["id"]]

    compared = set(service) - LEFT_OUT
    assert {key: kept(ours, key) for key in compared} == {key: wanted(service, key) for key in compared}
    # What the facts do not say the grid does not say either.
    said = {key for key, value in ours.model_dump().items() if value}
    assert said <= {NAMES.get(key, key) for key in compared}


def test_the_grid_has_the_49_services_of_the_facts_in_their_order() -> None:
    facts = read("service_grid.yaml")

    assert [service.id for service in GRID.services] == [service["id"] for service in facts["services"]]
    assert len(OURS) == 49
    assert [str(GRID.read_on), GRID.classes, GRID.rule] == [facts["retrieved"], facts["classes"], facts["rule"]]


def test_the_triggers_are_kept() -> None:
    triggers = {
        name: {key: list(words) for key, words in trigger.model_dump().items() if words}
        for name, trigger in GRID.triggers.items()
    }

    assert triggers == read("service_grid.yaml")["triggers"]


def test_the_lists_of_codes_and_drugs_to_offer_first_are_kept() -> None:
    facts = read("code_lists.yaml")

    assert {key: list(codes) for key, codes in CODES.icd10.items()} == facts["icd10"]
    assert {key: list(codes) for key, codes in CODES.cpt_hcpcs.items()} == facts["cpt_hcpcs"]
    assert {key: list(names) for key, names in CODES.drugs.items()} == facts["drugs_by_use"]
    assert facts["note"] in CODES.notes.values()


def test_the_service_keys_are_kept_with_their_codes() -> None:
    facts = read("services.yaml")["services"]
    ours = {key: (SERVICES.services[key].label, list(SERVICES.services[key].codes)) for key in facts}

    assert ours == {key: (service["label"], service["codes"]) for key, service in facts.items()}
