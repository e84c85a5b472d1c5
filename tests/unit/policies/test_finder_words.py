"""The finder's words: every answer has its own, and an old or unread source is never shown as fresh."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.policies.facts.answers import (
    Cite,
    Confidence,
    DecisionClock,
    Grounds,
    Need,
    PayerMatch,
    Requirement,
    ServiceClass,
    Submit,
)
from app.policies.facts.records import Found
from app.policies.views.finder import NEED_WORDS, finder_answer, with_codes
from app.values.spans import Duration

TODAY = date(2026, 12, 1)
CITE = Cite("Medical policy 12", "https://payer.example/12", TODAY - timedelta(days=90))
SEEN = Requirement(Need.REQUIRED, Confidence.SEEN, Grounds.RULE, "acme/light#1", cite=CITE)


def said(requirement=SEEN, known=True, verify=None):
    """Put a requirement into the finder's words."""
    payer = PayerMatch("acme", "Acme Health", in_library=known)
    return finder_answer(Found(requirement, ServiceClass.MEDICAL, payer, "96910", verify), TODAY)


def test_every_need_has_words_of_its_own():
    assert set(NEED_WORDS) == set(Need)
    assert len(set(NEED_WORDS.values())) == len(Need)


@pytest.mark.parametrize(("days", "warned"), [(0, False), (90, False), (91, True)])
def test_a_source_older_than_ninety_days_is_marked(days, warned):
    answer = said(replace(SEEN, cite=replace(CITE, read_on=TODAY - timedelta(days=days))))
    assert (answer.source.warning is not None) is warned
    if warned:
        assert answer.source.warning == "Read 91 days ago; verify it soon."


def test_a_source_without_a_day_is_marked():
    assert "not known" in said(replace(SEEN, cite=replace(CITE, read_on=None))).source.warning


def test_a_rule_from_memory_says_so():
    answer = said(replace(SEEN, confidence=Confidence.MEMORY, cite=None))
    assert (answer.source.title, answer.source.confidence) == ("No document", "From memory, to verify.")


def test_only_what_is_not_known_says_whom_to_ask():
    unknown = Requirement(Need.UNKNOWN, Confidence.NONE, Grounds.NO_RULE)
    assert [bool(said(replace(unknown, need=need)).ask) for need in Need] == [need is Need.UNKNOWN for need in Need]
    assert said(unknown).source is None
    assert said(unknown, known=False).ask[0].startswith("No rules are on file for Acme Health.")


def test_times_are_told_with_whose_rule_they_are():
    clock = DecisionClock(Duration(7, "calendar_day"), Duration(72, "hour"), "federal")
    answer = said(replace(SEEN, clock=clock, approval_lasts=Duration(1, "year"), renew_before=Duration(30, "day")))
    assert answer.times == (
        ("Payer decides within", "7 calendar days (federal rule)"),
        ("When urgent, within", "72 hours (federal rule)"),
        ("Approval lasts", "1 year"),
        ("Ask for renewal", "30 days before the end"),
    )


def test_what_is_to_be_verified_is_said():
    assert "To verify: the site of care." in said(verify="the site of care").why


def test_a_coverage_policy_says_nothing_of_approval_and_names_the_line_to_call():
    silent = replace(SEEN, need=Need.UNKNOWN, grounds=Grounds.SILENT)
    assert any("coverage only" in sentence for sentence in said(silent).ask)
    assert any("No phone number of Acme Health is on file." in sentence for sentence in said(silent).ask)
    payer = PayerMatch("acme", "Acme Health", in_library=True)
    line = Submit("phone", "Provider line", "800-555-0100")
    found = Found(silent, ServiceClass.MEDICAL, payer, "96910", None, phones=(line,))
    asked = finder_answer(found, TODAY).ask
    assert "Ask Acme Health whether 96910 needs approval: call Provider line: 800-555-0100." in asked[1]
    assert not any("No phone number" in sentence for sentence in asked)


@pytest.mark.parametrize(
    ("whole", "codes", "headline"),
    [
        (Need.NOT_REQUIRED, (Need.NOT_REQUIRED, Need.NOT_REQUIRED), "Not required"),
        (Need.NOT_REQUIRED, (Need.NOT_REQUIRED, Need.REQUIRED), "It depends on the code"),
        (Need.NOT_REQUIRED, (Need.NOT_REQUIRED, Need.UNKNOWN), "It depends on the code"),
        (Need.VOLUNTARY, (Need.NOT_REQUIRED,), "It depends on the code"),
        (Need.REQUIRED, (Need.NOT_REQUIRED,), "Required"),
        (Need.UNKNOWN, (Need.NOT_REQUIRED,), "Not known"),
    ],
)
def test_a_mild_answer_for_a_service_as_a_whole_holds_for_every_code_of_it(whole, codes, headline):
    answer = with_codes(said(replace(SEEN, need=whole)), [(f"1731{place}", need) for place, need in enumerate(codes)])
    assert answer.headline == headline
    assert [words for _code, words in answer.by_code] == [NEED_WORDS[need] for need in codes]
