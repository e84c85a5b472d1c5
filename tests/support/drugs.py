"""The drugs of the shipped rules, for tests of single criteria."""

import yaml

from app.policies.facts.drugs import DrugsFile
from app.policies.rules.pharmacy import pharmacy_of
from tests.support.rule_files import rule_files

PHARMACY = pharmacy_of(DrugsFile.model_validate(yaml.safe_load(rule_files()["_grid/drugs.yaml"])))
