"""The checks of a coverage, and one of them, in words."""

from dataclasses import dataclass
from uuid import UUID

from app.casework.views.words import answer_words
from app.eligibility.actions.checking import History
from app.eligibility.facts.checks import EligibilityCheck
from app.eligibility.rules.differences import before_each
from app.eligibility.views.checks import BenefitWords, CheckWords, benefit_words, check_words, plan_pairs
from app.values.wording import counted


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose coverage it is, and how it stands."""

    patient_id: UUID
    coverage_id: UUID
    patient: str
    mrn: str
    coverage: str
    member: str
    answer: str


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """All checks of a coverage, newest first; `older`: the check before which the next page begins."""

    whose: Whose
    checks: tuple[CheckWords, ...]
    count: str
    older: UUID | None


@dataclass(frozen=True, slots=True)
class CheckDetail:
    """One check: what came of it, the plan as answered, its benefits, and words of people."""

    whose: Whose
    check: CheckWords
    plan: tuple[tuple[str, str], ...]
    benefits: tuple[BenefitWords, ...]
    said: str


def history_page(found: History, member: bool) -> HistoryPage:
    """Put the checks of a coverage into words. `member`: the reader may see member ids."""
    before = before_each([*found.older[::-1], *found.checks[::-1]])
    checks = tuple(check_words(one, before[one], found.names, found.zone) for one in found.checks)
    older = found.checks[-1].id if found.older else None
    return HistoryPage(_whose(found, member), checks, counted(len(checks), "check"), older)


def check_detail(found: History, check: EligibilityCheck, member: bool, notes: bool) -> CheckDetail:
    """Put one check into words. `member`, `notes`: the reader may see member ids, and words of people."""
    before = before_each([*found.older[::-1], check])[check]
    hidden = "Not shown to your role" if check.said else ""
    return CheckDetail(
        whose=_whose(found, member),
        check=check_words(check, before, found.names, found.zone),
        plan=tuple(plan_pairs(check, member)),
        benefits=tuple(benefit_words(one) for one in check.benefits),
        said=(check.said or "") if notes else hidden,
    )


def _whose(found: History, member: bool) -> Whose:
    start = found.start
    coverage = start.coverage
    return Whose(
        patient_id=start.patient.id,
        coverage_id=coverage.id,
        patient=", ".join(part for part in (start.patient.last_name, start.patient.first_name) if part),
        mrn=start.patient.mrn,
        coverage=f"{coverage.payer_name}, {coverage.plan}" if coverage.plan else coverage.payer_name,
        member=coverage.member_id if member else "not shown to your role",
        answer=answer_words(coverage, start.today),
    )
