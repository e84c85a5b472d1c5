"""The names by which practice systems call the payers, and the names that must not lead to them."""

import pytest

from app.policies.files.directory import hash_of, policies_of
from app.policies.rules.compiling import compile_book
from app.policies.rules.payers import resolve_payer
from tests.support.rule_files import rule_files

BOOK = compile_book(policies_of(rule_files()), hash_of(rule_files()))


@pytest.mark.parametrize(
    ("name", "payer"),
    [
        ("medicare_ffs", "medicare_ffs"),
        ("MEDICARE", "medicare_ffs"),
        ("Medicare Part B", "medicare_ffs"),
        ("Original  Medicare", "medicare_ffs"),
        ("Medicare (Part A and B)", "medicare_ffs"),
        ("NOVITAS MEDICARE", "medicare_ffs"),
        ("Aetna", "aetna"),
        ("60054", "aetna"),
        ("AETNA LIFE INSURANCE COMPANY", "aetna"),
        ("TMHP", "texas_medicaid"),
        ("Medicaid - Texas", "texas_medicaid"),
        ("Cigna", "cigna"),
        ("CIGNA HEALTH AND LIFE INSURANCE COMPANY", "cigna"),
        ("UNITED HEALTHCARE", "unitedhealthcare"),
        ("UHC", "unitedhealthcare"),
        ("United HealthCare Insurance Company", "unitedhealthcare"),
    ],
)
def test_a_name_that_means_one_payer_leads_to_it(name: str, payer: str) -> None:
    assert resolve_payer(BOOK, name).key == payer


@pytest.mark.parametrize(
    "name",
    [
        "Medicare Advantage",
        "Aetna Medicare",
        "Aetna Medicare Advantage PPO",
        "Aetna Better Health of Texas",
        "Aetna PPO",
        "Medicare Part D",
        "Railroad Medicare",
        "Medicare Supplement",
        "Medicaid",
        "Superior HealthPlan",
        "Ambetter",
        "Cigna Medicare",
        "Cigna HealthSpring",
        "Cigna Dental",
        "UnitedHealthcare Medicare Solutions",
        "UnitedHealthcare Community Plan",
        "AARP Medicare Advantage",
        "UHC Dual Complete",
        "OptumRx",
        "UMR",
    ],
)
def test_a_name_that_may_mean_another_plan_leads_to_no_rules(name: str) -> None:
    found = resolve_payer(BOOK, name)

    assert not found.in_library
    assert found.key.startswith("local:")
