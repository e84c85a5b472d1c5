"""Words for the checks class, coverage, network and referral."""

from collections.abc import Callable
from datetime import timedelta

from app.clearance.facts.reasons import Check, Reason
from app.clearance.views.context import Told, Words, coverage_source
from app.clinical.facts import ClinicalFact, SourceKind
from app.values.wording import counted, listed, long_day, short_day

Teller = Callable[[Told], Words]


def _class(needs: str, has: Callable[[Told], str], fix: str | None, short: str) -> Teller:
    return lambda told: Words(needs, has(told), "Service grid of this program.", fix, short)


def _diagnoses(told: Told) -> str:
    codes = told.verdict.line.diagnoses
    return listed(list(codes)) if codes else "no diagnosis"


def _cosmetic(told: Told) -> Words:
    return Words(
        "A medical reason, or self-pay.",
        f"{told.what} with {_diagnoses(told)} is cosmetic.",
        "Service grid of this program.",
        "Mark the line self-pay, or correct the diagnosis if the chart holds a medical one.",
        "Service is cosmetic, and not marked self-pay",
    )


def _documented(told: Told) -> Words:
    """By the schedule's own words; by clinical facts without saying which, since not everybody reads those."""
    facts = [one for one in told.detail(Check.CLASS) if isinstance(one, ClinicalFact)]
    has = f"The chart holds {listed(sorted(word.replace('_', ' ') for word in told.verdict.line.documented))}."
    source = "Service grid of this program."
    if facts:
        days = listed([short_day(day) for day in sorted({one.dated for one in facts if one.dated is not None})])
        ways = listed(sorted({_SHOWN[one.source.kind] for one in facts}))
        has, source = f"The chart holds a medical reason of {days}.", f"A clinical fact on file, shown by {ways}."
    return Words("A medical reason in the chart.", has, source, None, "Medical reason is documented")


_SHOWN = {
    SourceKind.DOCUMENT: "a document",
    SourceKind.PROVIDER: "the provider's answer",
    SourceKind.CLAIM: "a paid claim",
    SourceKind.CALL: "a call",
    SourceKind.PATIENT: "the patient",
}


def _period(told: Told) -> str:
    checked = told.coverage.checked_on
    return f"Last checked {short_day(checked)}." if checked else "Never checked."


def _coverage(needs: str, has: Callable[[Told], str], fix: str | None, short: Callable[[Told], str] | str) -> Teller:
    def tell(told: Told) -> Words:
        said = short if isinstance(short, str) else short(told)
        return Words(needs.format(day=told.visit_day), has(told), coverage_source(told.coverage), fix, said)

    return tell


def _days_between(told: Told) -> int:
    checked = told.coverage.checked_on
    return (told.day - checked).days if checked else 0


def _ended(told: Told) -> str:
    ends = told.coverage.span.ends
    return f"{told.payer} ended {long_day(ends)}." if ends else f"{told.payer} has ended."


def _ended_short(told: Told) -> str:
    ends = told.coverage.span.ends
    return f"Coverage ended {counted((told.day - ends).days, 'day')} before visit" if ends else "Coverage has ended"


def _begins(told: Told) -> str:
    begins = told.coverage.span.begins
    return f"{told.payer} begins {long_day(begins)}." if begins else f"{told.payer} has not begun."


def _no_coverage(told: Told) -> Words:
    return Words(
        f"Coverage that is active on {told.visit_day}.",
        "No coverage is on file.",
        None,
        "Add the patient's coverage, or mark the visit self-pay.",
        "No coverage on file",
    )


def _other_primary(told: Told) -> Words:
    named = told.coverage.other_payer
    fix = "Find out the primary plan, add it, and set the order of coverages."
    if named:
        fix = f"Ask the patient for the card of {named}, add that coverage, and set the order of coverages."
    return Words(
        f"This plan pays first on {told.visit_day}.",
        f"{told.payer} names {named or 'another plan'} as primary.",
        coverage_source(told.coverage),
        fix,
        f"Payer names {named} as primary" if named and len(named) <= 24 else "Payer names another plan as primary",
    )


def _schedule_differs(told: Told) -> Words:
    return Words(
        "The schedule and the coverage on file name the same payer and member.",
        f"The schedule names another payer or member than {told.payer} on file.",
        coverage_source(told.coverage),
        "Ask the patient which card is right and correct the other record.",
        "Schedule names another payer or member",
    )


def _stale_fix(told: Told) -> str:
    site = told.sites.get(told.verdict.visit.site_id)
    days = site.fresh_days if site is not None else 7
    first = max(told.day - timedelta(days=days), told.as_of)
    return f"Check eligibility with {told.payer} on or after {short_day(first)}."


def _stale(told: Told) -> Words:
    return Words(
        "A check at most a week before the visit.",
        f"{_period(told)} That is {counted(_days_between(told), 'day')} before {told.visit_day}.",
        coverage_source(told.coverage),
        _stale_fix(told),
        f"Eligibility was checked {counted(_days_between(told), 'day')} before visit",
    )


def _network(needs: str, has: Callable[[Told], str], fix: str | None, short: str) -> Teller:
    def tell(told: Told) -> Words:
        asked = told.coverage.network is not None
        source = coverage_source(told.coverage) if asked else "The practice's record of participation."
        return Words(needs, has(told), source, fix, short)

    return tell


def _referral(needs: str | None, has: Callable[[Told], str], fix: str | None, short: str) -> Teller:
    return lambda told: Words(needs, has(told), coverage_source(told.coverage), fix, short)


_ACTIVE = "Coverage active on {day}, by a check that is fresh enough."
_CHECK = "Check eligibility with the payer and record the answer."

TELLERS: dict[Reason, Teller] = {
    Reason.CLASS_MEDICAL: _class(
        "A medical service.", lambda told: f"{told.what} with {_diagnoses(told)} is medical.", None, "Medical"
    ),
    Reason.CLASS_DOCUMENTED: _documented,
    Reason.CLASS_SETTLED: lambda told: Words(
        "A medical reason.",
        "The payer approved it, which settles the class.",
        None,
        None,
        "Payer has approved it",
    ),
    Reason.CLASS_COSMETIC: _cosmetic,
    Reason.CLASS_WEAK: _class(
        "A diagnosis or a note that makes it medical.",
        lambda told: f"{_diagnoses(told)} is cosmetic or weak for {told.what}, and nothing on file says why.",
        "Record what the chart holds (such as bleeding or pain), or correct the diagnosis.",
        "Diagnosis is weak, and no reason recorded",
    ),
    Reason.CLASS_UNLISTED: _class(
        "A diagnosis that makes it medical.",
        lambda told: f"The service grid does not list {_diagnoses(told)} for {told.what}.",
        "Record what the chart holds, or check the diagnosis.",
        "Diagnosis is not listed for this service",
    ),
    Reason.CLASS_NO_DIAGNOSIS: _class(
        "A diagnosis that makes it medical.",
        lambda told: f"{told.what} has no diagnosis.",
        "Add the diagnosis to the schedule.",
        "No diagnosis planned for this service",
    ),
    Reason.COVERAGE_ACTIVE: _coverage(
        _ACTIVE, lambda told: f"{told.payer} is active. {_period(told)}", None, "Coverage is active"
    ),
    Reason.COVERAGE_ENDED: _coverage(
        _ACTIVE, _ended, "Ask the patient for the new card and add that coverage.", _ended_short
    ),
    Reason.COVERAGE_NOT_BEGUN: _coverage(
        _ACTIVE, _begins, "Move the visit, or add the coverage that holds that day.", "Coverage begins after the visit"
    ),
    Reason.COVERAGE_INACTIVE: _coverage(
        _ACTIVE,
        lambda told: f"The plan says inactive. {_period(told)}",
        "Ask the patient for the new card, or check again with the payer.",
        "The plan says coverage is inactive",
    ),
    Reason.COVERAGE_OTHER_PRIMARY: _other_primary,
    Reason.COVERAGE_NONE: _no_coverage,
    Reason.COVERAGE_NEVER_CHECKED: _coverage(
        _ACTIVE,
        lambda told: f"{told.payer} is on file and was never checked.",
        _CHECK,
        "Coverage was never checked",
    ),
    Reason.COVERAGE_ANSWER_UNKNOWN: _coverage(
        _ACTIVE,
        lambda told: f"{_period(told)} The answer did not say whether it is active.",
        "Check again by portal or phone and record the answer.",
        "The payer's answer was unclear",
    ),
    Reason.COVERAGE_CHECK_STALE: _stale,
    Reason.COVERAGE_PERIOD_TURNED: _coverage(
        _ACTIVE,
        lambda told: f"{_period(told)} A new coverage period has begun since.",
        _CHECK,
        "New coverage period since the last check",
    ),
    Reason.COVERAGE_CHECK_OLD: _coverage(
        "A check at most 90 days old.", _period, _CHECK, "Eligibility check is over 90 days old"
    ),
    Reason.COVERAGE_PERIOD_TURNS: _coverage(
        _ACTIVE,
        lambda told: f"{_period(told)} A new coverage period begins before the visit.",
        "Check eligibility again once the new period has begun.",
        "New coverage period begins before visit",
    ),
    Reason.COVERAGE_SCHEDULE_DIFFERS: _schedule_differs,
    Reason.NETWORK_IN: _network(
        "A provider in the plan's network.", lambda told: "The provider is in network.", None, "Provider is in network"
    ),
    Reason.NETWORK_NOT_NEEDED: _network(
        "No network: this plan pays outside it too.",
        lambda told: "The provider is out of network.",
        None,
        "Out of network, and plan allows it",
    ),
    Reason.NETWORK_EXCEPTION: _network(
        "A provider in the plan's network, or an approved exception.",
        lambda told: "A network exception is approved.",
        None,
        "Network exception is approved",
    ),
    Reason.NETWORK_OUT: _network(
        "A provider in the plan's network, or an approved exception.",
        lambda told: "The provider is out of network, and the plan needs one in it.",
        "Book a provider in network, or ask the payer for a network exception.",
        "Provider is out of the plan's network",
    ),
    Reason.NETWORK_UNKNOWN: _network(
        "A provider in the plan's network.",
        lambda told: "The payer's answer does not say whether the provider is in network.",
        "Ask the payer, and record the provider's participation.",
        "Provider's network standing is not known",
    ),
    Reason.REFERRAL_NOT_NEEDED: _referral(None, lambda told: "The plan asks no referral.", None, "No referral needed"),
    Reason.REFERRAL_ON_FILE: _referral(
        "A referral that holds this visit.", lambda told: "A referral on file fits.", None, "Referral is on file"
    ),
    Reason.REFERRAL_MISSING: _referral(
        "A referral for this payer, member and day with a visit left.",
        lambda told: "None on file fits, and the visit names none.",
        "Ask the referring office for a referral and log it.",
        "The plan asks a referral; none fits",
    ),
    Reason.REFERRAL_NOT_ON_FILE: _referral(
        "A referral on file under the number that the visit names.",
        lambda told: f"The visit names referral {told.verdict.line.referral}, and no row on file has it.",
        "Log the referral with its dates and visits, or correct the number.",
        "Named referral is not on file",
    ),
    Reason.REFERRAL_UNKNOWN: _referral(
        "An answer whether the plan asks a referral.",
        lambda told: "The payer's answer does not say, and plans of this kind often ask one.",
        "Ask the payer whether a referral is required.",
        "Not known whether a referral is needed",
    ),
}
