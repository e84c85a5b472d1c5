"""Let a person hear of what cannot be delivered: one task for each recipient and way, one for a way that is shut."""

from collections.abc import Iterable
from datetime import datetime

from app.alerts.actions.raising import end_event, raise_event
from app.alerts.facts.delivery import Brake, Means
from app.alerts.facts.outbox import Message, To, Way
from app.alerts.rules.provider_codes import means_of
from app.alerts.store import failures
from app.deadlines.facts import Basis, BasisKind, Clears, Deadline, Reason, Step, Subject, SubjectKind
from app.patients import store as patient_store
from app.platform.caller import Caller
from app.practice.store import practice as practice_store


def raise_undelivered(caller: Caller, failed: Iterable[tuple[Message, str | None]], now: datetime) -> None:
    """Raise the alert of each message that did not reach its person, inside the open transaction.

    Takes     messages that have just ended as failed or undelivered, with the provider's code. Who ended texts is no
              task; a recipient of whom the alert is open already is not told of again.
    """
    for message, code in failed:
        if means_of(code) is Means.OPTED_OUT:
            continue
        first = failures.first_failed(caller.session, caller.practice_id, message, now)
        if first is not None:
            raise_event(caller, _about(caller, message, Subject(SubjectKind.MESSAGE, first[0].hex), first[1]))


def raise_brake(caller: Caller, brake: Brake) -> None:
    """Tell administrators that a way out of the practice is shut, inside the open transaction."""
    assert brake.on_since is not None
    raise_event(caller, _deadline(caller, brake_subject(brake.way), brake.on_since))


def end_brake(caller: Caller, way: Way) -> None:
    """A person released the brake: nothing is left to tell."""
    end_event(caller, brake_subject(way), Reason.UNDELIVERED)


def brake_subject(way: Way) -> Subject:
    """What the alert about a shut way is about."""
    return Subject(SubjectKind.PRACTICE, f"brake-{way.value}")


def _about(caller: Caller, message: Message, subject: Subject, ended_at: datetime) -> Deadline:
    """The deadline of a recipient; a patient's leads to the patient's page."""
    known = message.to is To.PATIENT and patient_store.on_file(caller.session, caller.practice_id, message.recipient_id)
    return _deadline(caller, subject, ended_at, message if known else None)


def _deadline(caller: Caller, subject: Subject, at: datetime, to_patient: Message | None = None) -> Deadline:
    zone = practice_store.practice_of(caller.session, caller.practice_id).zone
    return Deadline(
        subject=subject,
        reason=Reason.UNDELIVERED,
        steps=(Step(f"{at:%Y-%m-%dT%H:%M:%S}Z", at),),
        zone=zone,
        clears=Clears.SEEN,
        basis=Basis(BasisKind.PRACTICE),
        patient_id=None if to_patient is None else to_patient.recipient_id,
    )
