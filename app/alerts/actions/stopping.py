"""End texts to a number, whatever they are about, and let them go again."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.alerts.facts.outbox import Way
from app.alerts.facts.texts import HowStopped, Stop
from app.alerts.store import outbox
from app.alerts.store import texts as store
from app.audit.actions import record
from app.patients import store as patient_store
from app.patients.rules import digits_of
from app.platform.caller import Caller
from app.platform.db import writing
from app.platform.ids import new_id
from app.values.phones import read_phone

MOST_OF_A_NUMBER = 50


class NoNumberError(Exception):
    """The patient has no number on file that texts could go to."""


def end_texts(caller: Caller, number: str, how: HowStopped, now: datetime) -> Stop | None:
    """End texts to a number, inside the transaction that is open, and cancel those that wait to go there.

    Takes     the number (`+1` and ten digits); how it was said.
    Returns   what was noted; None where texts had ended already.
    """
    session, practice_id = caller.session, caller.practice_id
    stop = Stop(new_id(), number, now, how, caller.user_id)
    fresh = store.stop(session, practice_id, stop)
    people = whose(session, practice_id, number)
    cancelled = outbox.cancel_to(session, practice_id, people, Way.SMS, now) if fresh else 0
    record(caller, "alerts.texts_stopped", people, how=how.value, cancelled=cancelled, fresh=fresh)
    return stop if fresh else None


def opted_out(caller: Caller, number: str) -> None:
    """Note, inside the transaction that is open, that the provider of texts has ended them for a number itself."""
    end_texts(caller, number, HowStopped.BY_PROVIDER, caller.clock.now())


def stop_for_patient(caller: Caller, patient_id: UUID, how: HowStopped) -> bool:
    """Note that a patient said by phone, mail or in person that texts must end: the same as a STOP.

    Returns   whether it is new.
    Raises    NoNumberError where no number is on file.
    """
    with writing(caller.session) as session:
        number = _number(session, caller.practice_id, patient_id)
        return end_texts(caller, number, how, caller.clock.now()) is not None


def start_for_patient(caller: Caller, patient_id: UUID) -> bool:
    """Let texts go to a patient's number again, by the patient's word. Consent on record is asked for all the same.

    Returns   whether they had ended.
    Raises    NoNumberError where no number is on file.
    """
    with writing(caller.session) as session:
        number = _number(session, caller.practice_id, patient_id)
        lifted = store.lift_stop(session, caller.practice_id, number, caller.clock.now(), caller.user_id)
        record(caller, "alerts.texts_allowed", [patient_id], lifted=lifted)
        return lifted


def whose(session: Session, practice_id: UUID, number: str) -> Sequence[UUID]:
    """Name the patients and the staff who have a number on file, patients first."""
    return [*patients_of(session, practice_id, number), *store.staff_of_number(session, practice_id, number)]


def patients_of(session: Session, practice_id: UUID, number: str) -> tuple[UUID, ...]:
    """Name the patients who have a number on file now; an older number of theirs does not count."""
    keys = [("phone", digits_of(number))]
    found = patient_store.found_under(session, practice_id, keys, MOST_OF_A_NUMBER)
    known = patient_store.seen(session, practice_id, found)
    return tuple(one for one in found if one in known and read_phone(known[one].phone or "") == number)


def _number(session: Session, practice_id: UUID, patient_id: UUID) -> str:
    found = patient_store.on_file(session, practice_id, patient_id)
    number = read_phone(found[0].phone or "") if found is not None else None
    if number is None:
        raise NoNumberError
    return number
