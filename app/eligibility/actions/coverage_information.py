"""Take what a payer says of need and coverage while something is ordered or booked (CRD)."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.audit.actions import record
from app.coverage.facts import Coverage
from app.coverage.store import coverages as coverage_store
from app.eligibility.rules.needs import answer_ends, crd_need
from app.eligibility.rules.plans import as_day
from app.patients import store as patient_store
from app.platform.caller import Caller
from app.platform.changes import announced
from app.policies.actions.recording import keep_answer
from app.policies.facts.answers import PatientAnswer
from app.policies.store import answers as answer_store
from app.practice.store import practice as practice_store
from app.values.insurance import Benefit, Rank
from app.values.records import Filed, Outcome, RecordRef
from app.values.spans import DateSpan

NO_PATIENT, NO_COVERAGE, SETTLES_NOTHING = "no_patient", "no_single_coverage", "settles_nothing"
NAME = "CRD"


def take_crd(caller: Caller, information: Mapping[str, Any], ref: RecordRef, patient_id: UUID) -> Filed:
    """Take one element of the `coverages` of a CRD answer for a patient.

    Returns   MATCHED: the need of its codes is on file as the payer's answer. NOTED: it settles nothing, such as
              conditional, over, or without a code. UNMATCHED: the patient is not on file, or it is not known which of
              the patient's plans speaks. ALREADY: it is on file.
    """
    with announced(caller) as session:
        if not patient_store.opened(session, caller.practice_id, [patient_id]):
            return Filed(Outcome.UNMATCHED, why=NO_PATIENT)
        zone = practice_store.practice_of(session, caller.practice_id).zone
        today = caller.clock.today(ZoneInfo(zone))
        said_on = min(as_day(information.get("date")) or today, today)
        need, codes = (
            crd_need(information),
            frozenset(str(one).upper() for one in information.get("billing_codes") or ()),
        )
        ends = answer_ends(said_on, as_day(information.get("expiry_date")))
        if need is None or not codes or ends < today:
            return Filed(Outcome.NOTED, patient_id, why=SETTLES_NOTHING)
        coverages = coverage_store.of_patients(session, caller.practice_id, [patient_id]).get(patient_id, ())
        coverage = _speaking(coverages, said_on)
        if coverage is None:
            return Filed(Outcome.UNMATCHED, patient_id, why=NO_COVERAGE)
        reference = str(information.get("assertion_id") or NAME)
        answer = PatientAnswer("", coverage.payer, codes, need, DateSpan(said_on, ends), said_on, reference)
        known = answer_store.answers_of(session, caller.practice_id, [patient_id]).get(patient_id, ())
        if any(_content(one) == _content(answer) for one in known):
            return Filed(Outcome.ALREADY, patient_id, coverage.id)
        keep_answer(caller, patient_id, answer)
        record(caller, "eligibility.information", [patient_id, coverage.id], need=need.value, number=ref.number)
        return Filed(Outcome.MATCHED, patient_id, coverage.id)


def _speaking(coverages: tuple[Coverage, ...], day: date) -> Coverage | None:
    """The patient's only primary coverage of the medical benefit on the day; None where there is none, or several."""
    mine = [
        one for one in coverages if one.rank is Rank.PRIMARY and one.benefit is not Benefit.PHARMACY and day in one.span
    ]
    return mine[0] if len({one.payer for one in mine}) == 1 else None


def _content(answer: PatientAnswer) -> tuple[object, ...]:
    return answer.payer, answer.names, answer.need, answer.span, answer.said_on, answer.reference
