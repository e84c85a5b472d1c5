"""Search the audit log, and read who saw or changed one patient."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from app.audit import store as audit_store
from app.audit.actions import record
from app.audit.facts import Asked, AuditEntry
from app.authorizations import store as authorization_store
from app.coverage.store import coverages as coverage_store
from app.patients import store as patient_store
from app.platform.caller import Caller
from app.platform.db import writing
from app.practice.store import practice as practice_store
from app.practice.store import staff as staffing
from app.schedule import store as schedule_store
from app.values.members import member_forms

PAGE = 50
MOST_REPORTED = 2_000
FEW_NAMED = 3  # patients that are told apart on one line of a list


class PatientNotFoundError(Exception):
    """No patient has this id, or the caller may not know of the patient."""


@dataclass(frozen=True, slots=True)
class Around:
    """What lines need to be told in words: people by id, initials of patients where the caller may know them, zone.

    `patients`  those of the subjects who are patients, with initials, or None where the caller may not know them.
    `reasons`   why, by the lines' ids.
    """

    people: Mapping[UUID, str]
    patients: Mapping[UUID, str | None]
    reasons: Mapping[UUID, str]
    zone: ZoneInfo
    now: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """One page of lines; `more`: older ones follow."""

    lines: Sequence[AuditEntry]
    more: bool
    around: Around


@dataclass(frozen=True, slots=True)
class Report:
    """Who saw or changed one patient. `cut`: there are more lines than are shown, all of them older."""

    patient_id: UUID
    lines: Sequence[AuditEntry]
    cut: bool
    around: Around


def search(caller: Caller, asked: Asked, patient_id: UUID | None, knows: bool) -> Found:
    """Find lines, with a fixed number of queries, and note that the log was read.

    Takes     what is asked for; a patient whom lines must be about; whether the caller may know patients' initials.
    """
    session, practice_id = caller.session, caller.practice_id
    if patient_id is not None:
        subjects = _all_of(caller, patient_id)
        asked = Asked(asked.user_id, subjects, asked.action, asked.begins, asked.ends, asked.before)
    lines = audit_store.find(session, practice_id, asked, PAGE + 1)
    shown = lines[:PAGE]
    found = Found(shown, len(lines) > PAGE, _around(caller, shown, knows))
    with writing(session):
        record(caller, "audit.searched", [patient_id] if patient_id else (), lines=len(shown))
    return found


def report(caller: Caller, patient_id: UUID, begins: datetime | None, ends: datetime | None, knows: bool) -> Report:
    """Read every line about one patient and what belongs to the patient, newest first, and note who read it.

    Raises    PatientNotFoundError.
    """
    session, practice_id = caller.session, caller.practice_id
    if not patient_store.in_sight(session, practice_id, patient_id, caller.scope):
        raise PatientNotFoundError
    asked = Asked(subjects=_all_of(caller, patient_id), begins=begins, ends=ends)
    lines = audit_store.find(session, practice_id, asked, MOST_REPORTED + 1)
    shown = lines[:MOST_REPORTED]
    found = Report(patient_id, shown, len(lines) > MOST_REPORTED, _around(caller, shown, knows, [patient_id]))
    with writing(session):
        record(caller, "audit.report_read", [patient_id], lines=len(shown))
    return found


def patient_named(caller: Caller, words: str) -> UUID | None:
    """Find the one patient in sight with exactly this record number or member id; None for nobody, or several."""
    session, practice_id = caller.session, caller.practice_id
    by_mrn = patient_store.by_mrn(session, practice_id, words, caller.scope)
    if by_mrn is not None:
        return by_mrn
    whole = member_forms(words).whole
    found = patient_store.found_under(session, practice_id, [("member", whole)], 2, caller.scope) if whole else ()
    return found[0] if len(found) == 1 else None


def initials_of(caller: Caller, ids: Collection[UUID], knows: bool) -> Mapping[UUID, str | None]:
    """Tell which ids are patients, with their initials where the caller may know them: two queries at most."""
    session, practice_id = caller.session, caller.practice_id
    opened = patient_store.opened(session, practice_id, sorted(ids))
    if not knows or caller.scope.limited:
        return dict.fromkeys(opened)
    return {one: f"{who.first_name[:1]}{who.last_name[:1]}".upper() for one, who in opened.items()}


def names_of_people(caller: Caller) -> Mapping[UUID, str]:
    """The names of everybody who signs in or did, by id."""
    return {one.id: one.name for one in staffing.staff_of(caller.session, caller.practice_id)}


def _all_of(caller: Caller, patient_id: UUID) -> frozenset[UUID]:
    """A patient, and the visits, approvals and coverages of the patient: lines may name only one of these."""
    session, practice_id = caller.session, caller.practice_id
    visits = schedule_store.of_patients(session, practice_id, [patient_id]).get(patient_id, ())
    approvals = authorization_store.of_patients(session, practice_id, [patient_id]).get(patient_id, ())
    coverages = coverage_store.on_file(session, practice_id, patient_id)
    ids = [one.id for one in visits] + [one.id for one in approvals] + [one.id for one in coverages]
    return frozenset({patient_id, *ids})


def _around(caller: Caller, lines: Sequence[AuditEntry], knows: bool, besides: Sequence[UUID] = ()) -> Around:
    session, practice_id = caller.session, caller.practice_id
    few = {one for line in lines for one in line.subjects[:FEW_NAMED]} if not besides else set(besides)
    why = [line.id for line in lines if line.reason_mac is not None]
    return Around(
        names_of_people(caller),
        initials_of(caller, few, knows),
        audit_store.reasons_of(session, practice_id, why) if knows else {},
        ZoneInfo(practice_store.practice_of(session, practice_id).zone),
        caller.clock.now(),
    )
