"""The words of lines and visits: one table of tellers for every reason, and the sentence that a visit shows first."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from app.clearance.facts.answered import AnsweredVisit
from app.clearance.facts.reasons import Badge, Check, Reason
from app.clearance.facts.verdicts import LineVerdict
from app.clearance.rules.badges import badge_of_visit
from app.clearance.views import approval_words, binding_words, coverage_words, other_words
from app.clearance.views.context import Told, Words, called
from app.practice.facts.practice import Site
from app.values.wording import long_day

TELLERS = {**coverage_words.TELLERS, **approval_words.TELLERS, **binding_words.TELLERS, **other_words.TELLERS}

BADGE_WORDS = {
    Badge.BLOCKED: "Blocked",
    Badge.NOT_CHECKED: "Not checked",
    Badge.WAITING: "Waiting",
    Badge.AT_RISK: "At risk",
    Badge.CLEARED: "Cleared",
    Badge.ACCEPTED_RISK: "Accepted risk",
    Badge.SELF_PAY: "Self-pay",
}

CHECK_WORDS = {
    Check.CLASS: "Medical or cosmetic",
    Check.COVERAGE: "Coverage",
    Check.NETWORK: "Network",
    Check.RULE: "Payer's rule",
    Check.REFERRAL: "Referral",
    Check.APPROVAL: "Approval",
    Check.PLAN: "Plan",
    Check.CODE: "Code",
    Check.DATES: "Dates",
    Check.UNITS: "Units",
    Check.DIAGNOSIS: "Diagnosis",
    Check.PROVIDER: "Provider",
    Check.PLACE: "Place",
    Check.CHANNEL: "Benefit",
    Check.DRUG: "Drug",
    Check.SPACING: "Limits",
    Check.SECONDARY: "Further coverage",
    Check.RENEWAL: "Renewal",
}


def words_of(reason: Reason, told: Told) -> Words:
    """Put one finding of one line into words."""
    return TELLERS[reason](told)


def line_sentence(verdict: LineVerdict, sites: Mapping[UUID, Site], as_of: date) -> tuple[str, str]:
    """Say in one or two sentences why a line has its badge, and in at most eight words for lists."""
    told = Told(verdict, sites, as_of)
    if verdict.badge is None:
        biller = _biller(verdict)
        return f"{told.what} is billed by {biller}.", f"Billed by {biller}"
    if verdict.badge is Badge.SELF_PAY:
        return f"{told.what} is not asked of insurance.", "Not asked of insurance"
    if verdict.reason is None:
        return _cleared(told)
    words = words_of(verdict.reason, told)
    needs = f" Needed: {words.needs[0].lower()}{words.needs[1:]}" if words.needs and words.has is None else ""
    return f"{words.has or words.short + '.'}{needs}{_visit_day(verdict.reason, told)}", words.short


def _biller(verdict: LineVerdict) -> str:
    return "the pharmacy" if verdict.line.drug or verdict.line.ndc else "the lab, hospital or other outside biller"


def _visit_day(reason: Reason, told: Told) -> str:
    day_matters = reason.check in (Check.DATES, Check.COVERAGE)
    return f" This visit is {told.visit_day}." if day_matters else ""


def _cleared(told: Told) -> tuple[str, str]:
    verdict = told.verdict
    if Reason.RULE_NOT_REQUIRED in verdict.reasons:
        source = other_words.rule_source(told.requirement)
        return f"No approval needed: {source or 'by rule.'}", "No approval needed"
    if verdict.chosen is not None:
        left = verdict.units_left_after
        rest = f", {left} left after this visit" if left is not None else ""
        return f"{called(verdict.chosen)} of {told.payer} covers {told.what}{rest}.", "Approval fits in every check"
    return "Every check passed.", "Every check passed"


def _until(last: date | None) -> str:
    return f", until {long_day(last)}" if last is not None else ""


def shown_words(answer: AnsweredVisit) -> tuple[Badge, str, str]:
    """Say what an answered visit shows: as `visit_words`, but for a risk that a person accepted.

    Returns   the badge, the sentence and the sentence in short. An accepted risk says who let the visit through, when
              and why, and what stands against it; it is never said to be cleared.
    """
    badge, sentence, short = visit_words(answer.lines, answer.sites, answer.basis.as_of)
    risk = answer.accepted
    if risk is None:
        return badge, sentence, short
    when = f"{long_day(risk.accepted_at.astimezone(answer.zone).date())}{_until(risk.until)}"
    reason = risk.reason if risk.reason.endswith((".", "!", "?")) else f"{risk.reason}."
    said = f"{BADGE_WORDS[Badge.ACCEPTED_RISK]}. {risk.name} let it through on {when}: {reason} Without it: {sentence}"
    return Badge.ACCEPTED_RISK, said, " ".join(f"Risk accepted by {risk.name}".split()[:8])


def visit_words(verdicts: Sequence[LineVerdict], sites: Mapping[UUID, Site], as_of: date) -> tuple[Badge, str, str]:
    """Say what a visit's lines come to: the badge, its sentence, and the sentence in short. See `shown_words`.

    Takes     the verdicts of its lines in the order of the file; sites by id; the day asked about.
    Returns   the worst line's words after the badge's own word.
    """
    badge = badge_of_visit([verdict.badge for verdict in verdicts])
    speaking = [verdict for verdict in verdicts if verdict.badge is badge] or list(verdicts)
    sentence, short = line_sentence(speaking[0], sites, as_of)
    if len(speaking) > 1 and badge in (Badge.CLEARED, Badge.SELF_PAY):
        sentences = dict.fromkeys(line_sentence(verdict, sites, as_of)[0] for verdict in speaking)
        sentence = " ".join(sentences)
    return badge, f"{BADGE_WORDS[badge]}. {sentence}", short
