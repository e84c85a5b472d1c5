"""Record how a patient wishes to be reached, consent to texts, and the practice's word that there is no insurance."""

from dataclasses import replace
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.audit.actions import record
from app.casework.actions.reading import PatientNotFoundError
from app.casework.actions.watching import badges_of, turned_since
from app.casework.facts.done import Done
from app.casework.facts.wishes import WishesStart
from app.clearance.actions.opening import saw
from app.coverage.store import coverages as coverage_store
from app.patients import store as patient_store
from app.patients.facts import ContactWay, PatientDetails, WaySaid, Wish
from app.platform.caller import Caller
from app.platform.changes import Changed, announce, announced
from app.platform.ids import new_id
from app.practice.store import practice as practice_store

AT_THE_DESK = "desk"


class StalePatientError(Exception):
    """Somebody changed the patient meanwhile: nothing is saved."""


class CoverageOnFileError(Exception):
    """The patient has a coverage, so that there cannot be none."""


def start_wishes(caller: Caller, patient_id: UUID) -> WishesStart:
    """Read what the form of wishes starts from. Raises PatientNotFoundError."""
    found = patient_store.on_file(caller.session, caller.practice_id, patient_id)
    if found is None:
        raise PatientNotFoundError
    wishes = patient_store.wishes_of(caller.session, caller.practice_id, patient_id)
    saw(caller, "casework.wishes_form_seen", [patient_id])
    return WishesStart(*found, wishes[0] if wishes else None)


def save_wishes(
    caller: Caller,
    patient_id: UUID,
    version: int,
    reached: tuple[str | None, str | None, str | None],
    consent: bool,
    said: WaySaid | None,
    contact: ContactWay | None,
) -> None:
    """Record phone, e-mail and language (`reached`), consent to texts and how it was said, and the way to be reached.

    Raises    PatientNotFoundError, StalePatientError.
    """
    phone, email, language = reached
    with announced(caller) as session:
        old = _held(caller, session, patient_id, version)
        new = replace(old, phone=phone, email=email, language=language, text_consent=consent)
        patient_store.change_patients(session, caller.practice_id, [new])
        wish = Wish(new_id(), patient_id, caller.clock.now(), caller.user_id, caller.via, consent, said, contact)
        patient_store.add_wish(session, caller.practice_id, wish)
        announce(session, Changed(frozenset({patient_id})))
        record(caller, "casework.wishes_recorded", [patient_id], text_consent=consent)


def say_no_coverage(caller: Caller, patient_id: UUID, version: int, none: bool) -> Done:
    """Record, or take back, the practice's word that a patient has no insurance.

    Returns   what it did to the visits.
    Raises    PatientNotFoundError, StalePatientError, CoverageOnFileError.
    """
    before = badges_of(caller, patient_id)
    with announced(caller) as session:
        old = _held(caller, session, patient_id, version)
        if none and coverage_store.on_file(session, caller.practice_id, patient_id):
            raise CoverageOnFileError
        zone = ZoneInfo(practice_store.practice_of(session, caller.practice_id).zone)
        today, source = (caller.clock.today(zone), AT_THE_DESK) if none else (None, None)
        new = replace(old, no_coverage_on=today, no_coverage_source=source)
        patient_store.change_patients(session, caller.practice_id, [new])
        announce(session, Changed(frozenset({patient_id})))
        record(caller, "casework.no_coverage_said", [patient_id], none=none)
    return Done(patient_id, turned_since(caller, patient_id, before))


def _held(caller: Caller, session: Session, patient_id: UUID, version: int) -> PatientDetails:
    held = patient_store.details(session, caller.practice_id, [patient_id]).get(patient_id)
    found = patient_store.on_file(session, caller.practice_id, patient_id)
    if held is None or found is None:
        raise PatientNotFoundError
    if found[1] != version:
        raise StalePatientError
    return held
