"""Checks that people make: the form, one check, and all checks of a coverage."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.audit.actions import record
from app.casework.actions.watching import badges_of, turned_since
from app.clearance.actions.opening import saw
from app.clearance.facts.reasons import Badge
from app.coverage.actions.checks import record_check
from app.coverage.actions.coverages import StaleCoverageError
from app.coverage.facts import CoverageRecord, EligibilityCheck
from app.coverage.rules import changes_of, is_newest, values_before
from app.coverage.store import checks as check_store
from app.coverage.store import coverages as coverage_store
from app.eligibility.facts.checks import Answered
from app.eligibility.rules.needs import answer_ends, needs_of
from app.eligibility.store import visits as store
from app.patients import store as patient_store
from app.patients.facts import Patient
from app.platform.caller import Caller
from app.platform.changes import announced
from app.policies.actions.recording import keep_answer
from app.policies.facts.answers import PatientAnswer
from app.practice.store import practice as practice_store
from app.practice.store import staff as staff_store
from app.values.spans import DateSpan

HISTORY = 25


class CheckNotFoundError(Exception):
    """No such coverage or check is on file."""


@dataclass(frozen=True, slots=True)
class CheckStart:
    """What the form of a check starts from. `service_day`: the day of the next visit, else today."""

    patient: Patient
    coverage: CoverageRecord
    version: int
    today: date
    service_day: date


@dataclass(frozen=True, slots=True)
class Checked:
    """What recording a check did. `counts` False: a younger answer is on file, so that the coverage stays as it is."""

    check_id: UUID
    counts: bool
    answers: int
    undoable: bool
    turned: tuple[Badge, ...] = ()
    again: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """Checks of a coverage, newest first, each with the last one before it that got an answer."""

    start: CheckStart
    checks: tuple[EligibilityCheck, ...]
    older: tuple[EligibilityCheck, ...]
    names: Mapping[UUID, str]
    zone: ZoneInfo


def start_check(caller: Caller, coverage_id: UUID) -> CheckStart:
    """Read what the form starts from. Raises CheckNotFoundError."""
    start = _start(caller, coverage_id)
    saw(caller, "eligibility.check_form_seen", [start.patient.id])
    return start


def _start(caller: Caller, coverage_id: UUID) -> CheckStart:
    session, practice_id = caller.session, caller.practice_id
    patient_id = store.coverage_patient(session, practice_id, coverage_id)
    if patient_id is None:
        raise CheckNotFoundError
    on_file = coverage_store.on_file(session, practice_id, patient_id)
    coverage = next((one for one in on_file if one.id == coverage_id), None)
    if coverage is None:
        raise CheckNotFoundError
    zone = practice_store.practice_of(session, practice_id).zone
    today = caller.clock.today(ZoneInfo(zone))
    day = store.next_visit_day(session, practice_id, patient_id, today)
    patient = patient_store.opened(session, practice_id, [patient_id])[patient_id]
    return CheckStart(patient, coverage, on_file[coverage], today, day or today)


def record_manual(caller: Caller, check: EligibilityCheck, version: int, changes: Mapping[str, Any]) -> Checked:
    """Record what a person was told, under the id that the form carried, so that a form sent twice counts once.

    Takes     the check; the version of the coverage that the person saw; the values of the coverage that it changes.
    Raises    StaleCoverageError; CheckNotFoundError.
    """
    before = badges_of(caller, check.patient_id)
    with announced(caller) as session:
        if check_store.check_by_id(session, caller.practice_id, check.id) is not None:
            return Checked(check.id, True, 0, False, again=True)
        on_file = coverage_store.on_file(session, caller.practice_id, check.patient_id, hold=True)
        old = next((one for one in on_file if one.id == check.coverage_id), None)
        if old is None:
            raise CheckNotFoundError
        if on_file[old] != version:
            raise StaleCoverageError
        counts = check.result is not Answered.NOT_ASKED and is_newest(old, check.answered_on)
        new = record_check(caller, check, changes if counts else {})
        answers = _settle(caller, old, check)
        subjects = [check.patient_id, check.coverage_id, check.id]
        record(caller, "eligibility.checked", subjects, result=check.result.value, method=check.method.value)
        undoable = not answers and new != old and values_before(changes_of(old, new)) is not None
    turned = turned_since(caller, check.patient_id, before)
    return Checked(check.id, counts or check.result is Answered.NOT_ASKED, answers, undoable, turned)


def _settle(caller: Caller, coverage: CoverageRecord, check: EligibilityCheck) -> int:
    """Keep what the plan said of the need for approval of codes. Returns of how many."""
    day = check.answered_on
    needs = needs_of(check.benefits)
    for code, need in needs.items():
        span = DateSpan(day, answer_ends(day))
        said = PatientAnswer("", coverage.payer, frozenset({code}), need, span, day, check.reference or "")
        keep_answer(caller, check.patient_id, said)
    return len(needs)


def read_history(caller: Caller, coverage_id: UUID, before: UUID | None = None) -> History:
    """Read the checks of a coverage, at most 25, before one or the latest. Raises CheckNotFoundError."""
    session, practice_id = caller.session, caller.practice_id
    start = _start(caller, coverage_id)
    last = check_store.check_by_id(session, practice_id, before) if before is not None else None
    if before is not None and (last is None or last.coverage_id != coverage_id):
        raise CheckNotFoundError
    found = check_store.of_coverage(session, practice_id, coverage_id, 2 * HISTORY, last)[::-1]
    saw(caller, "eligibility.history_seen", [start.patient.id])
    return History(start, found[:HISTORY], found[HISTORY:], _names(caller), _zone(caller))


def read_check(caller: Caller, check_id: UUID) -> tuple[History, EligibilityCheck]:
    """Read one check, with those before it. Raises CheckNotFoundError."""
    session, practice_id = caller.session, caller.practice_id
    check = check_store.check_by_id(session, practice_id, check_id)
    if check is None:
        raise CheckNotFoundError
    start = _start(caller, check.coverage_id)
    older = check_store.of_coverage(session, practice_id, check.coverage_id, HISTORY, check)[::-1]
    saw(caller, "eligibility.check_seen", [start.patient.id])
    return History(start, (check,), older, _names(caller), _zone(caller)), check


def _names(caller: Caller) -> Mapping[UUID, str]:
    return {one.id: one.name for one in staff_store.staff_of(caller.session, caller.practice_id)}


def _zone(caller: Caller) -> ZoneInfo:
    return ZoneInfo(practice_store.practice_of(caller.session, caller.practice_id).zone)
