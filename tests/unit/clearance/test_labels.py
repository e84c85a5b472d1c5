"""A code's label on the schedule never names a drug that the visit does not give."""

from app.clearance.actions.opening import service_labels
from app.policies.files.directory import policies_of
from tests.support.rule_files import rule_files

POLICIES = policies_of(rule_files())


def test_a_drugs_name_labels_its_own_codes_and_never_the_injection_beside_it():
    labels = service_labels(POLICIES.services, POLICIES.routine)
    assert labels["J2357"] == "Xolair"
    assert "96372" not in labels


def test_a_routine_code_is_called_by_its_routine_group():
    labels = service_labels(POLICIES.services, POLICIES.routine)
    groups = {code: group.label for group in POLICIES.routine.groups for code in group.codes}
    assert {code: labels[code] for code in ("99203", "10060")} == {code: groups[code] for code in ("99203", "10060")}
