"""What a set of rules would change, in words and as objects for other programs."""

from collections.abc import Iterator
from typing import Any

from app.authorizations.views import STATUS_WORDS
from app.clearance.facts.reasons import Badge, Result
from app.clearance.views.sentences import BADGE_WORDS, CHECK_WORDS
from app.policies.facts.answers import Need
from app.rule_changes.facts.impact import CaseTurn, CheckTurn, Impact, LineTurn, Rested, ServiceNeed, VisitTurn
from app.values.wording import clock_time, counted, listed, long_day

NEED_WORDS = {
    Need.REQUIRED: "required",
    Need.NOT_REQUIRED: "not required",
    Need.REQUIRED_WHEN_UNMET: "required in some cases, and a fact that decides is missing",
    Need.NOTIFICATION: "a notice to the payer",
    Need.VOLUNTARY: "not required, but the claim is then reviewed",
    Need.NOT_COVERED: "not asked, since the service is not covered",
    Need.COSMETIC: "not asked, since the service counts as cosmetic",
    Need.UNKNOWN: "not known",
}
RESULT_WORDS = {
    Result.PASS: "holds",
    Result.WARN: "is to be looked at",
    Result.FAIL: "does not hold",
    Result.UNKNOWN: "is not known",
}
NO_CHECK = "does not apply"


def visit_why(turn: VisitTurn) -> str:
    """Say in one sentence why a visit would stand otherwise: of its lines the one that would change its badge."""
    told = next((one for one in turn.lines if one.badge_after is turn.after), turn.lines[0])
    return line_why(told)


def line_why(turn: LineTurn) -> str:
    """Say in one sentence why a line would stand otherwise."""
    if turn.before.need is not turn.after.need:
        return need_why(turn.service, turn.before, turn.after)
    by = f" under {turn.after.rule}" if turn.after.rule is not None else ""
    return f"{turn.service}: {listed([check_words(one) for one in turn.checks])}{by}."


def need_why(service: str, before: Rested, after: Rested) -> str:
    """Say in one sentence what a need would become, and by which rules."""
    return f"Approval for {service} would be {_rested(after)}; now it is {_rested(before)}."


def _rested(one: Rested) -> str:
    words = NEED_WORDS[one.need] if one.need is not None else "not asked"
    return f"{words} ({one.rule})" if one.rule is not None else words


def check_words(turn: CheckTurn) -> str:
    """Say what a check would find: `Approval would not apply, now it does not hold`."""
    before, after = _result(turn.before), _result(turn.after)
    return f"the check of {CHECK_WORDS[turn.check].lower()} {before} now and then {after}"


def _result(result: Result | None) -> str:
    return RESULT_WORDS[result] if result is not None else NO_CHECK


def impact_sentences(impact: Impact) -> Iterator[str]:
    """Say what would change, for people at a terminal: the sum first, then each visit and case."""
    yield summary(impact)
    for visit in impact.visits:
        when = f"{long_day(visit.starts_at.date())} {clock_time(visit.starts_at)}"
        badges = f"{BADGE_WORDS[visit.before]}, would be {BADGE_WORDS[visit.after]}"
        yield f"{visit.reference}  {when}  {visit.site}: {badges}. {visit_why(visit)}"
    for case in impact.cases:
        for one in case.services:
            yield f"Case {case.case_id}, {STATUS_WORDS[case.status]}: {need_why(one.service, one.before, one.after)}"
    if impact.resting:
        yield resting_words(impact)


def summary(impact: Impact) -> str:
    """Say in one sentence how much would change."""
    if not impact.payers:
        return "No rule that decides differs from those in force; no visit and no case would change."
    visits, cases = counted(len(impact.visits), "booked visit"), counted(len(impact.cases), "open case")
    return f"{visits} and {cases} would stand otherwise; rules of {counted(len(impact.payers), 'payer')} differ."


def resting_words(impact: Impact) -> str:
    """Say how many visits would keep their verdict and rest on something else."""
    many = impact.resting != 1
    keeps, rests = ("keep their", "rest") if many else ("keeps its", "rests")
    return f"{counted(impact.resting, 'more visit')} {keeps} verdict but {rests} on another rule or finding."


def impact_object(impact: Impact) -> dict[str, Any]:
    """Write what would change as one object."""
    return {
        "rules_version": impact.version,
        "payers": list(impact.payers),
        "visits": [_visit(one) for one in impact.visits],
        "cases": [_case(one) for one in impact.cases],
        "resting": impact.resting,
    }


def _visit(turn: VisitTurn) -> dict[str, Any]:
    return {
        "visit_id": turn.reference,
        "starts_at": turn.starts_at.isoformat(),
        "site": turn.site,
        "badge_before": turn.before.value,
        "badge_after": turn.after.value,
        "why": visit_why(turn),
        "lines": [_line(one) for one in turn.lines],
    }


def _line(turn: LineTurn) -> dict[str, Any]:
    return {
        "line": turn.position + 1,
        "service": turn.service,
        "badge_before": _badge(turn.badge_before),
        "badge_after": _badge(turn.badge_after),
        "checks": [
            {
                "id": one.check.value,
                "before": one.before.value if one.before is not None else None,
                "after": one.after.value if one.after is not None else None,
            }
            for one in turn.checks
        ],
        **_needs(turn.before, turn.after),
        "why": line_why(turn),
    }


def _badge(badge: Badge | None) -> str | None:
    return badge.value if badge is not None else None


def _needs(before: Rested, after: Rested) -> dict[str, Any]:
    return {
        "need_before": before.need.value if before.need is not None else None,
        "need_after": after.need.value if after.need is not None else None,
        "rule_before": before.rule,
        "rule_after": after.rule,
    }


def _case(turn: CaseTurn) -> dict[str, Any]:
    return {
        "case": str(turn.case_id),
        "payer": turn.payer_name,
        "status": turn.status.value,
        "services": [_service(one) for one in turn.services],
    }


def _service(one: ServiceNeed) -> dict[str, Any]:
    why = need_why(one.service, one.before, one.after)
    return {"service": one.service, **_needs(one.before, one.after), "why": why}
