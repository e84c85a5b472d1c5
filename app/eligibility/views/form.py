"""The form of a check, and what recording it did, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from app.casework.facts.done import Done
from app.casework.views.changed import changed_words
from app.casework.views.words import answer_words
from app.coverage.facts import Answered, Method, NetworkAnswer
from app.eligibility.actions.checking import Checked, CheckStart
from app.eligibility.views.words import KNOWN, METHODS, NETWORKS, RESULTS
from app.values.insurance import Known
from app.values.wording import counted, short_day

Choices = tuple[tuple[str, str], ...]
_FIELDS = (
    "method", "who", "reference", "answered_on", "service_day", "result", "ends", "other_primary", "other_payer",
    "network", "referral", "copay", "coinsurance", "deductible", "deductible_left", "needs", "needs_none", "said",
    "confirmed",
)  # fmt: skip
_BY_HAND = (Method.PORTAL, Method.PHONE, Method.CARD)


@dataclass(frozen=True, slots=True)
class CheckPage:
    """The form: whom and what it is about, the last answer, the values of its fields, and its lists."""

    patient_id: UUID
    coverage_id: UUID
    patient: str
    mrn: str
    coverage: str
    member: str
    answer: str
    values: Mapping[str, str]
    methods: Choices
    results: Choices
    networks: Choices
    referrals: Choices
    errors: Mapping[str, str | None]


def check_page(start: CheckStart, typed: Mapping[str, str] | None, errors: Mapping[str, str]) -> CheckPage:
    """Put the form into words. `typed`, `errors`: what came back, and the sentences beside it; None: a fresh form."""
    coverage = start.coverage
    fresh = {"answered_on": short_day(start.today), "service_day": short_day(start.service_day)}
    name = ", ".join(part for part in (start.patient.last_name, start.patient.first_name) if part)
    values = dict.fromkeys(_FIELDS, "") | (dict(typed.items()) if typed is not None else fresh)
    answer = answer_words(coverage, start.today)
    return CheckPage(
        patient_id=start.patient.id,
        coverage_id=coverage.id,
        patient=name,
        mrn=start.patient.mrn,
        coverage=f"{coverage.payer_name}, {coverage.plan}" if coverage.plan else coverage.payer_name,
        member=coverage.member_id,
        answer=answer,
        values=values,
        methods=(("", "Choose"), *((one.value, METHODS[one]) for one in _BY_HAND)),
        results=tuple((one.value, RESULTS[one]) for one in Answered),
        networks=(("", "Not asked"), *((one.value, NETWORKS[one]) for one in NetworkAnswer)),
        referrals=(("", "Not asked"), *((one.value, KNOWN[one]) for one in Known)),
        errors=dict.fromkeys(_FIELDS) | dict(errors),
    )


def recorded_words(done: Checked) -> str:
    """Say what recording a check did."""
    if done.again:
        return "This check is on file already; nothing was added."
    if not done.counts:
        return "Check kept in the history. A later answer is on file, so the coverage stays as that one says."
    answers = f". Need for approval noted for {counted(done.answers, 'code')}" if done.answers else ""
    return changed_words(f"Check recorded{answers}", Done(done.check_id, done.turned))
