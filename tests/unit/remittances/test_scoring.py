"""What a payer's answer says of the rule that had been shown: an answer left open is never right or wrong."""

from datetime import UTC, datetime

import pytest

from app.clearance.facts.reasons import Badge
from app.policies.facts.answers import Need
from app.remittances.actions.scoring import RuleNamed, Scorecard
from app.remittances.facts.claims import Link, Said
from app.remittances.facts.scores import Outcome, RuleScore, Suggested
from app.remittances.intake.claims import read_claim
from app.remittances.rules.scoring import scored_lines, suggestion
from app.remittances.views.scorecard import scorecard_page
from tests.support.remittances import adjustment, claim, line

AT = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
RULE = "acme/biologics#one"


def scored(need=Need.NOT_REQUIRED, rule=RULE, sent=None, **more):
    read = read_claim(claim(sent or line("99213"), **more))
    said = Said(Badge.CLEARED, None, AT, None, rule, need)
    return scored_lines(read, [Link(said=said)])


@pytest.mark.parametrize("need", Need)
def test_an_answer_left_open_is_never_counted(need):
    counted = bool(scored(need, sent=line("99213", "2026-03-02", adjustment("CO", "197", "100.00"))))
    assert counted is (need not in (Need.UNKNOWN, Need.REQUIRED_WHEN_UNMET))


@pytest.mark.parametrize(
    ("reason", "outcome"),
    [
        ("197", Outcome.AUTHORIZATION),
        ("50", Outcome.COVERAGE),
        ("29", Outcome.OTHER),
        ("45", Outcome.PAID),
        ("1", Outcome.PAID),
    ],
)
def test_what_became_of_a_line_is_told_by_its_reasons(reason, outcome):
    (one,) = scored(sent=line("99213", "2026-03-02", adjustment("CO" if reason != "1" else "PR", reason, "100.00")))
    assert (one.outcome, one.rule, one.code, one.position) == (outcome, RULE, "99213", 0)


def test_a_denied_claim_without_a_reason_is_not_paid():
    assert scored(status="4")[0].outcome is Outcome.OTHER


@pytest.mark.parametrize("status", ["2", "3", "20", "22", "23", "25"])
def test_only_the_first_payers_final_answer_is_counted(status):
    assert scored(status=status) == ()


def test_what_was_said_for_one_patient_and_lines_without_a_rule_are_not_counted():
    assert scored(rule="answer#7") == ()
    assert scored(rule=None) == ()
    assert scored_lines(read_claim(claim(line())), [Link()]) == ()


def score(need=Need.NOT_REQUIRED, paid=0, authorization=0, coverage=0, other=0):
    return RuleScore(RULE, need, paid, authorization, coverage, other, ("99213",))


@pytest.mark.parametrize(
    ("one", "found"),
    [
        (score(paid=1, authorization=3), Suggested.REQUIRED),
        (score(Need.VOLUNTARY, authorization=1), Suggested.REQUIRED),
        (score(Need.REQUIRED, authorization=2, paid=5), Suggested.SENT),
        (score(Need.REQUIRED, coverage=2), Suggested.CRITERIA),
        (score(Need.NOT_COVERED, paid=2), Suggested.COVERED),
        (score(Need.NOT_COVERED, other=2), None),
        (score(paid=9), None),
        (score(paid=9, other=3), None),
    ],
)
def test_what_is_to_be_corrected(one, found):
    assert suggestion(one) is found


def row(one):
    named = {RULE: RuleNamed("acme", "Acme Health", "Our words")}
    (shown,) = scorecard_page(Scorecard((one,), named, True, None), lambda place: "").rows
    return shown


def test_few_claims_are_told_as_few_and_without_a_share():
    shown = row(score(paid=1, authorization=3))
    assert shown.result == "Of 4 claim lines: 3 denied for authorization and 1 paid."
    assert shown.few == "4 claims only: look at each before you build on it."
    more = row(score(paid=1, authorization=4))
    assert more.result == "Of 5 claim lines: 4 (80%) denied for authorization and 1 (20%) paid."
    assert more.few is None


def test_a_correction_starts_the_form_with_its_basis():
    fields = row(score(paid=1, authorization=3)).correction.fields
    assert fields == {
        "payer": "acme", "codes": "99213", "need": "required", "basis_kind": "claims",
        "basis": "Remittances: 3 of 4 claim lines denied for authorization", "source_day": "t",
    }  # fmt: skip
    assert row(score(Need.REQUIRED, authorization=1)).correction.fields is None
    assert row(score(paid=3)).correction is None
