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
        ("Anthem", "anthem"),
        ("Anthem Blue Cross and Blue Shield", "anthem"),
        ("Healthy Blue North Carolina", "anthem"),
        ("BLUE CROSS BLUE SHIELD OF ALABAMA", "bcbs_alabama"),
        ("BCBS of Kansas", "bcbs_kansas"),
        ("Blue Cross Blue Shield of Massachusetts", "bcbs_massachusetts"),
        ("BCBS of Mississippi", "bcbs_mississippi"),
        ("BCBSND", "bcbs_north_dakota"),
        ("WellSense Health Plan", "wellsense"),
        ("Quartz", "quartz"),
        ("HMSA", "hmsa"),
        ("Oscar Health", "oscar"),
        ("Priority Health", "priority_health"),
        ("Triple-S Salud", "triples"),
        ("NYS Medicaid", "ny_medicaid"),
        ("Oregon Medicaid", "oregon_medicaid"),
        ("FEP", "fep"),
        ("Florida Blue", "flblue"),
        ("California Medicaid", "california_medicaid"),
        ("Express Scripts", "express_scripts"),
        ("Optum Rx", "optumrx"),
        ("Ohio Medicaid", "ohio_medicaid"),
        ("Florida Medicaid", "florida_medicaid"),
        ("BCBS of Texas", "hcsc"),
        ("BLUE CROSS & BLUE SHIELD OF ILLINOIS", "hcsc"),
        ("Blue Cross and Blue Shield of New Mexico", "hcsc"),
        ("BCBSOK", "hcsc"),
        ("Highmark Blue Shield", "highmark"),
        ("Medical Mutual", "medical_mutual"),
        ("SoonerCare", "oklahoma_medicaid"),
        ("Medicaid - Oklahoma", "oklahoma_medicaid"),
        ("TRICARE EAST", "tricare"),
        ("Humana Military", "tricare"),
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
        "UMR",
        "BCBS",
        "Blue Cross Blue Shield",
        "Anthem Medicare",
        "Anthem HealthKeepers Plus",
        "Healthy Blue",
        "BCBS MA",
        "Blue Cross Blue Shield of Kansas City",
        "Blue Advantage",
        "Medicare PPO Blue",
        "Home State Health",
        "Wellcare",
        "Quartz Medicare Advantage",
        "HMSA QUEST",
        "Cigna + Oscar",
        "Priority",
        "Priority Partners",
        "Triple-S Advantage",
        "Excellus",
        "Excellus BCBS",
        "FEHB",
        "Medical",
        "Medi-Cal",
        "Express Scripts Medicare",
        "Optum",
        "Managed Medicaid",
        "Blue Cross Blue Shield",
        "BCBS",
        "Blue Cross Medicare Advantage",
        "Blue Cross Community Health Plans",
        "Highmark Wholecare",
        "Highmark Health Options",
        "MedMutual Advantage",
        "SoonerSelect",
        "TRICARE For Life",
        "TriWest",
        "CHAMPVA",
    ],
)
def test_a_name_that_may_mean_another_plan_leads_to_no_rules(name: str) -> None:
    found = resolve_payer(BOOK, name)

    assert not found.in_library
    assert found.key.startswith("local:")
