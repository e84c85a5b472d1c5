"""The shape of a visit's answer for other programs: exactly that of the verdict contract."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.clearance.facts.answered import AnsweredVisit
from app.clearance.facts.reasons import Badge
from app.clearance.facts.verdicts import LineVerdict
from app.clearance.views.context import Told
from app.clearance.views.sentences import shown_words, words_of
from app.policies.facts.answers import Confidence, Need, Requirement
from app.policies.views.requirements import why_sentence
from app.practice.facts.practice import Site


def visit_shape(answer: AnsweredVisit) -> dict[str, Any]:
    """Write one visit as the contract's object."""
    verdicts, sites, basis, zone = answer.lines, answer.sites, answer.basis, answer.zone
    badge, sentence, short = shown_words(answer)
    visit = verdicts[0].visit
    site = sites.get(visit.site_id)
    checked = [one.coverage.checked_on for one in verdicts if one.coverage and one.coverage.checked_on]
    return {
        "visit_id": visit.reference,
        "starts_at": visit.starts_at.astimezone(zone).isoformat(),
        "site": site.name if site else None,
        "patient_mrn": answer.mrn,
        "badge": badge.value,
        "sentence": sentence,
        "short": short,
        "lines": [line_shape(one, sites, basis.as_of) for one in verdicts],
        "basis": {
            "as_of": basis.as_of.isoformat(),
            "schedule_import": _instant(basis.schedule_import, zone),
            "eligibility_checked": min(checked).isoformat() if checked else None,
            "rules_version": basis.rules_version,
        },
    }


def _instant(instant: datetime | None, zone: ZoneInfo) -> str | None:
    return instant.astimezone(zone).isoformat() if instant is not None else None


def line_shape(verdict: LineVerdict, sites: Mapping[UUID, Site], as_of: date) -> dict[str, Any]:
    """Write one line with its checks in words."""
    told = Told(verdict, sites, as_of)
    chosen = verdict.chosen
    reason = verdict.reason
    return {
        "code": verdict.line.code,
        "drug": verdict.line.drug,
        "units": verdict.line.units,
        "badge": verdict.badge.value if verdict.badge is not None else None,
        "class": verdict.klass.value,
        "reason": reason.check.value if reason is not None else None,
        "requirement": _requirement(verdict.requirement, told),
        "authorization": (chosen.number or chosen.reference) if chosen is not None else None,
        "units_left_after": verdict.units_left_after,
        "checks": [_check(one.check.value, one.result.value, words_of(one, told)) for one in verdict.reasons],
    }


def _check(check: str, result: str, words: Any) -> dict[str, Any]:
    return {
        "id": check,
        "result": result,
        "needs": words.needs,
        "has": words.has,
        "source": words.source,
        "fix": words.fix,
    }


def _requirement(requirement: Requirement | None, told: Told) -> dict[str, Any]:
    if requirement is None:
        why = "Billed by somebody else." if told.verdict.badge is not Badge.SELF_PAY else "Not asked of insurance."
        return {
            "need": Need.UNKNOWN.value,
            "confidence": Confidence.NONE.value,
            "rule": None,
            "why": why,
            "cite": None,
        }
    cite = requirement.cite
    return {
        "need": requirement.need.value,
        "confidence": requirement.confidence.value,
        "rule": requirement.rule,
        "why": why_sentence(requirement, told.payer, told.what),
        "cite": {
            "title": cite.title,
            "url": cite.url,
            "read_on": cite.read_on.isoformat() if cite.read_on else None,
        }
        if cite is not None
        else None,
    }
