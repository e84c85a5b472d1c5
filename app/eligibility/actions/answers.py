"""Take what payers answer: an eligibility answer (271) or coverage-information (CRD), each once, in any order."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.audit.actions import record
from app.coverage.actions.checks import record_check
from app.coverage.facts import CoverageRecord, EligibilityCheck
from app.coverage.store import checks as check_store
from app.coverage.store import coverages as coverage_store
from app.eligibility.actions.coverage_information import take_crd as take_crd
from app.eligibility.actions.matching import OTHER_COVERAGE, Matched, match
from app.eligibility.facts.checks import Answered, Method, PlanAnswer
from app.eligibility.intake.responses import canonical, read_response
from app.eligibility.rules.differences import ANSWERS
from app.eligibility.rules.needs import answer_ends, needs_of
from app.eligibility.rules.updates import changes_of_answer
from app.eligibility.store import asking as asking_store
from app.platform.caller import Caller
from app.platform.changes import announced
from app.platform.db import keyring_of
from app.platform.ids import new_id
from app.policies.actions.recording import keep_answer
from app.policies.facts.answers import PatientAnswer
from app.practice.store import practice as practice_store
from app.values.members import member_forms
from app.values.records import Filed, Outcome, RecordRef
from app.values.spans import DateSpan

WEIGHT = {Answered.NOT_ASKED: 0, Answered.ACTIVE: 1, Answered.UNKNOWN: 2, Answered.INACTIVE: 3}
"""Which of two answers of one day counts, whichever came first: the one that is less good."""
NAME = "271"


def take_answer(caller: Caller, response: Mapping[str, Any], ref: RecordRef, answered_on: date | None = None) -> Filed:
    """Take one element of the `responses` of a 271.

    Takes     the response as the reader gives it; where it stands; the day on which the payer answered, where the
              envelope tells it. Our own trace tells it too: the day on which we asked. Without either the answer is
              as old as the day that it speaks of, and never younger than today.
    Returns   MATCHED with the check: the coverage is as answered, unless a younger answer is on file. ALREADY: the
              same answer was taken before. UNMATCHED and CONTRADICTING with why: nothing on file changed.
    """
    with announced(caller) as session:
        found = match(caller, session, response)
        if isinstance(found, Filed):
            return found
        return _Taking(caller, session, found, response, ref).take(answered_on)


class _Taking:
    """One answer about one coverage, being taken."""

    def __init__(
        self, caller: Caller, session: Session, found: Matched, response: Mapping[str, Any], ref: RecordRef
    ) -> None:
        self.caller, self.session, self.found, self.ref = caller, session, found, ref
        self.practice_id, self.coverage = caller.practice_id, found.coverage
        self.text = canonical(response)
        day = found.ask.service_day if found.ask is not None else None
        self.today = caller.clock.today(ZoneInfo(practice_store.practice_of(session, self.practice_id).zone))
        self.answer = read_response(response, found.line, day, self.today)

    def take(self, answered_on: date | None) -> Filed:
        """Keep the check and write what it changes."""
        patient_id = self.coverage.patient_id
        text = self.text if self._says_it_once() or answered_on is None else f"{self.text} {answered_on}"
        self.digest = keyring_of(self.session).blind("eligibility answer", self.practice_id, text)[:16]
        if check_store.taken_already(self.session, self.practice_id, self.coverage.id, self.digest, self.ref):
            return Filed(Outcome.ALREADY, patient_id, self.coverage.id)
        old = self._held()
        on = self._answered_on(answered_on)
        checks = check_store.latest_of(self.session, self.practice_id, [old.id], 2).get(old.id, ())
        newest = _is_newest(old, checks, on, self.answer, self.digest)
        changes: dict[str, Any] = {}
        if newest:
            before = next((one for one in reversed(checks) if one.result in ANSWERS), None)
            changes = changes_of_answer(old, self.answer, on, before, self._reference())
        if self._clashes(old, changes):
            return Filed(Outcome.CONTRADICTING, patient_id, old.id, OTHER_COVERAGE)
        check = self._check(on, self._instant(on, checks, newest))
        record_check(self.caller, check, changes)
        if newest and self.answer.outcome.result in (Answered.ACTIVE, Answered.UNKNOWN):
            self._settle(on)
        if self.found.ask is not None:
            asking_store.note_answered(self.session, self.practice_id, self.found.ask.id, self.caller.clock.now())
        subjects = [patient_id, old.id, check.id]
        record(self.caller, "eligibility.answered", subjects, result=check.result.value, newest=newest)
        return Filed(Outcome.MATCHED, patient_id, check.id)

    def _says_it_once(self) -> bool:
        """Say whether the same words on another day are the same answer: that a plan is active, to one question.

        A plan that says on another day in the same words that it is not active, or answers without the trace of a
        question, answers anew: what it said between must not stand.
        """
        return self.answer.outcome.result is Answered.ACTIVE and bool(self.answer.traces)

    def _held(self) -> CoverageRecord:
        on_file = coverage_store.on_file(self.session, self.practice_id, self.coverage.patient_id, hold=True)
        self.others = [one for one in on_file if one.id != self.coverage.id]
        return next(one for one in on_file if one.id == self.coverage.id)

    def _answered_on(self, told: date | None) -> date:
        today = self.today
        if told is not None:
            return min(told, today)
        if self.found.ask is not None:
            return min(self.found.ask.asked_on, today)
        return min(self.answer.service_day or today, today)

    def _reference(self) -> str | None:
        return self.found.ask.trace if self.found.ask is not None else next(iter(self.answer.traces), None)

    def _instant(self, on: date, checks: tuple[EligibilityCheck, ...], newest: bool) -> datetime:
        """Now; but one that gives way to another of its day stands right before that in the history, else after it."""
        now, step = self.caller.clock.now(), timedelta(microseconds=1)
        same_day = [one.at for one in checks if one.answered_on == on]
        if newest:
            return max([now, *(at + step for at in same_day)])
        return min([now, *(at - step for at in same_day)])

    def _check(self, on: date, at: datetime) -> EligibilityCheck:
        return EligibilityCheck(
            id=new_id(),
            patient_id=self.coverage.patient_id,
            coverage_id=self.coverage.id,
            method=Method.X12_271,
            result=self.answer.outcome.result,
            answered_on=on,
            at=at,
            service_day=self.answer.service_day,
            record=self.ref,
            reference=self._reference(),
            why=self.answer.outcome.why,
            because=self.answer.outcome.because,
            plan=self.answer.plan,
            benefits=self.answer.benefits,
            digest=self.digest,
        )

    def _clashes(self, old: CoverageRecord, changes: Mapping[str, Any]) -> bool:
        """Say whether the coverage would become one that the patient has already."""
        new = replace(old, **changes)
        return _key(new) != _key(old) and any(_key(one) == _key(new) for one in self.others)

    def _settle(self, on: date) -> None:
        """Keep what the answer says of the need for approval of procedures."""
        ends, reference = answer_ends(on), self._reference() or NAME
        for code, need in needs_of(self.answer.benefits).items():
            said = PatientAnswer("", self.coverage.payer, frozenset({code}), need, DateSpan(on, ends), on, reference)
            keep_answer(self.caller, self.coverage.patient_id, said)


def _is_newest(
    old: CoverageRecord, checks: tuple[EligibilityCheck, ...], on: date, answer: PlanAnswer, digest: bytes
) -> bool:
    """Say whether an answer goes before what is on file: it is younger, or of the same day and less good."""
    if old.checked_on is not None and old.checked_on > on:
        return False
    last = checks[-1] if checks else None
    if last is None or last.answered_on < on or last.digest is None:
        return last is None or last.answered_on <= on
    if last.answered_on > on:
        return False
    return (WEIGHT[answer.outcome.result], digest) > (WEIGHT[last.result], last.digest)


def _key(record: CoverageRecord) -> tuple[object, ...]:
    return record.rank, record.payer, member_forms(record.member_id).whole, record.begins
