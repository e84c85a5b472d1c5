"""How long an approval lasts where it differs by the state of the plan or by the disease."""

from datetime import date

import pytest

from app.policies.facts.answers import Question
from app.policies.files.directory import hash_of, policies_of
from app.policies.rules.compiling import compile_book
from app.policies.rules.determine import determine
from app.values.spans import Duration
from tests.support.rule_files import rule_files

BOOK = compile_book(policies_of(rule_files()), hash_of(rule_files()))
DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("payer", "drug", "diagnosis", "state", "lasts"),
    [
        ("hcsc", "drug:opzelura", "L20.9", "IL", Duration(12, "month")),
        ("hcsc", "drug:opzelura", "L20.9", "TX", Duration(12, "month")),
        ("hcsc", "drug:opzelura", "L20.9", "NM", Duration(3, "month")),
        ("hcsc", "drug:opzelura", "L20.9", None, Duration(3, "month")),
        ("hcsc", "drug:ebglyss", "L20.9", "IL", Duration(12, "month")),
        ("hcsc", "drug:ebglyss", "L20.9", "MT", Duration(6, "month")),
        ("hcsc", "drug:sofdra", "L74.510", "IL", Duration(12, "month")),
        ("hcsc", "drug:sofdra", "L74.510", "OK", Duration(3, "month")),
        ("hcsc", "drug:qbrexza", "L74.510", "TX", Duration(3, "month")),
        ("hcsc", "drug:dupixent", "L20.9", "TX", None),
        ("medical_mutual", "drug:cosentyx", "L40.0", "OH", Duration(3, "month")),
        ("medical_mutual", "drug:cosentyx", "L73.2", "OH", Duration(3, "month")),
        ("medical_mutual", "drug:cosentyx", "L40.50", "OH", Duration(6, "month")),
        ("medical_mutual", "drug:adbry", "L20.9", "OH", Duration(6, "month")),
        ("tricare", "drug:adalimumab", "L40.0", None, Duration(None, "no_expiry")),
    ],
)
def test_an_approval_lasts_as_the_state_or_the_disease_says(
    payer: str, drug: str, diagnosis: str, state: str | None, lasts: Duration | None
) -> None:
    asked = Question(payer, DAY, drug=drug, diagnoses=(diagnosis,), state=state)
    assert determine(BOOK, (), (), asked).approval_lasts == lasts
