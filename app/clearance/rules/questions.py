"""Which questions does a judged line wait for? One answer to each of them settles it."""

from collections.abc import Callable, Iterable, Iterator

from app.clearance.facts.questions import PART, QuestionKind
from app.clearance.facts.reasons import Badge, Check, Reason
from app.clearance.facts.verdicts import LineVerdict
from app.coverage.facts import Coverage
from app.policies.facts.answers import Need
from app.schedule.rules.types import type_key

_OPEN = frozenset({Badge.NOT_CHECKED, Badge.WAITING, Badge.AT_RISK})
"""A line that something else blocks waits for no answer yet."""
_PLAIN = str.maketrans({PART: " ", "\n": " "})


def questions_of(verdict: LineVerdict) -> tuple[str, ...]:
    """Find the questions of one line.

    Takes     a judged line.
    Returns   their keys, without repeats: at least one of a line that is not checked; of a waiting one where its
              approval has no number; of one at risk where an approval has no count, the network's or a referral's
              answer is unknown, or the need of a further coverage is; none of any other.
    """
    if verdict.badge not in _OPEN:
        return ()
    return tuple(dict.fromkeys(_found(verdict)))


def keys_of_visit(verdicts: Iterable[LineVerdict]) -> tuple[str, ...]:
    """Find the questions of a visit: those of its lines, without repeats."""
    return tuple(dict.fromkeys(key for one in verdicts for key in questions_of(one)))


def reasons_of(verdict: LineVerdict, key: str) -> tuple[Reason, ...]:
    """Find the findings of one line that a question would settle."""
    if verdict.badge not in _OPEN:
        return ()
    return tuple(reason for reason in verdict.reasons if _asked(reason, verdict) == key)


def _found(verdict: LineVerdict) -> Iterator[str]:
    for reason in verdict.reasons:
        key = _asked(reason, verdict)
        if key is not None:
            yield key


def _asked(reason: Reason, verdict: LineVerdict) -> str | None:
    asks = ASKS.get(reason)
    return asks(verdict) if asks is not None else None


def _key(kind: QuestionKind, *parts: str) -> str:
    return PART.join((kind.value, *(part.translate(_PLAIN) for part in parts)))


def service_of(verdict: LineVerdict) -> str:
    """What is planned, as a rule may name it: the drug where the file names one, since unlisted codes serve many."""
    return verdict.line.drug or verdict.line.code or ""


def _need(verdict: LineVerdict) -> str | None:
    """Which payer's need is asked: none while no coverage is known; then the coverage is what is asked."""
    coverage = verdict.coverage
    return None if coverage is None else _key(QuestionKind.NEED, coverage.payer, service_of(verdict))


def _unmet(verdict: LineVerdict) -> str | None:
    coverage = verdict.coverage
    if coverage is None:
        return None
    return _key(QuestionKind.UNMET, verdict.visit.patient_id.hex, coverage.payer, service_of(verdict))


def _class(verdict: LineVerdict) -> str:
    return _key(QuestionKind.CLASS, verdict.visit.patient_id.hex, verdict.line.code or service_of(verdict))


def _coverage(verdict: LineVerdict) -> str:
    return _key(QuestionKind.COVERAGE, verdict.visit.patient_id.hex)


def _participation(verdict: LineVerdict) -> str | None:
    coverage, line = verdict.coverage, verdict.line
    if coverage is None:
        return None
    plan = "".join((coverage.plan or "").split()).casefold()
    return _key(QuestionKind.PARTICIPATION, coverage.payer, plan, line.billing_npi or line.provider_npi)


def _group(verdict: LineVerdict) -> str:
    return _key(QuestionKind.GROUP, verdict.line.billing_npi or verdict.line.provider_npi)


def _type(verdict: LineVerdict) -> str:
    named = verdict.line.visit_type
    return _key(QuestionKind.TYPE, type_key(named) if named else "")


def _approval(verdict: LineVerdict) -> str | None:
    return None if verdict.chosen is None else _key(QuestionKind.APPROVAL, verdict.chosen.id.hex)


def _referral(verdict: LineVerdict) -> str:
    return _key(QuestionKind.REFERRAL, verdict.visit.patient_id.hex)


def _further(verdict: LineVerdict) -> str | None:
    """The need of a further coverage, where that is what is unknown."""
    details = verdict.details.get(Check.SECONDARY, ())
    coverage, need = details[:2] if len(details) > 1 else (None, None)
    if not isinstance(coverage, Coverage) or need not in (Need.UNKNOWN, Need.REQUIRED_WHEN_UNMET):
        return None
    if need is Need.UNKNOWN:
        return _key(QuestionKind.NEED, coverage.payer, service_of(verdict))
    return _key(QuestionKind.UNMET, verdict.visit.patient_id.hex, coverage.payer, service_of(verdict))


ASKS: dict[Reason, Callable[[LineVerdict], str | None]] = {
    Reason.CLASS_WEAK: _class,
    Reason.COVERAGE_NONE: _coverage,
    Reason.COVERAGE_NEVER_CHECKED: _coverage,
    Reason.COVERAGE_ANSWER_UNKNOWN: _coverage,
    Reason.COVERAGE_CHECK_STALE: _coverage,
    Reason.COVERAGE_PERIOD_TURNED: _coverage,
    Reason.COVERAGE_CHECK_OLD: _coverage,
    Reason.NETWORK_UNKNOWN: _participation,
    Reason.RULE_UNKNOWN: _need,
    Reason.RULE_UNMET: _unmet,
    Reason.RULE_NO_PROCEDURE: _type,
    Reason.RULE_ROW_REFUSED: lambda _verdict: QuestionKind.ROW.value,
    Reason.REFERRAL_NOT_ON_FILE: _referral,
    Reason.REFERRAL_UNKNOWN: _referral,
    Reason.APPROVAL_NO_NUMBER: _approval,
    Reason.PLAN_BEFORE_COVERAGE: _approval,
    Reason.PLAN_NO_COVERAGE: _coverage,
    Reason.DATES_MISSING: _approval,
    Reason.UNITS_NO_COUNT: _approval,
    Reason.PROVIDER_GROUP_UNKNOWN: _group,
    Reason.SECONDARY_UNKNOWN: _further,
}
"""Which question settles a finding, for each that one answer can settle."""
