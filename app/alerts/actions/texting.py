"""Text a patient, take a text back within the hold, and let through only what may go now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.alerts.actions.accounts import is_over
from app.alerts.actions.outgoing import Numbers, Unwritable
from app.alerts.actions.spoken_visits import read_visit, said_of, stands
from app.alerts.actions.writing import patient_number
from app.alerts.facts.outbox import Language, Message, To, Way
from app.alerts.facts.texts import Gate, PracticeTexts, SentText, Stop
from app.alerts.rules.area_codes import zones_of_address, zones_of_number
from app.alerts.rules.texting import CHOICES, CONFIRMS, HOLD, NEEDS_VISIT, go_from, language_of
from app.alerts.store import contacts, outbox
from app.alerts.store import replies as reply_store
from app.alerts.store import texts as store
from app.audit.actions import record
from app.patients import store as patient_store
from app.patients.facts import PatientDetails
from app.platform.caller import Caller
from app.platform.db import writing
from app.practice.store import practice as practice_store
from app.schedule.facts import VisitStatus

GO = Gate(True)
WRITER_SAYS = frozenset({"no_number", "bad_number"})
"""What is no reason to wait or to leave it: a person has to hear of it."""
READ_AGAIN = timedelta(minutes=10)
WEEK = timedelta(days=8)
LASTS = timedelta(days=5)
"""How long a text that is about no visit may wait."""


class CannotTextError(Exception):
    """A text may not go to this patient; `why` is the word of the reason."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Standing:
    """How texting a patient stands: what is on file, and why no text may go (one word), None: one may.

    `from_at`: from when one may go, by hours and counts.
    """

    details: PatientDetails
    texts: PracticeTexts | None
    language: Language
    number: str | None
    stop: Stop | None
    why: str | None
    from_at: datetime | None


def gate(session: Session, practice_id: UUID, message: Message, now: datetime, numbers: Numbers | None = None) -> Gate:
    """Say whether a message may go now, inside the transaction that claims it.

    E-mail always may, unless it brings a one-time code that opens nothing any more. A text to staff may unless its
    number ended texts. A text to a patient needs consent on record, a number that has not ended texts and waits for no
    reply to be read, 9 AM to 6 PM in the practice's zone and in the patient's, and room in 1 a day and 3 a week.
    Answers to a word go at once. What cannot be written goes on to the writer, whose refusal becomes a task for a
    person.
    """
    if is_over(session, practice_id, message, now):
        return Gate(False, why="code_over")
    if message.way is not Way.SMS or message.template in CONFIRMS:
        return GO
    if message.to is To.STAFF:
        staff_id = message.recipient_id
        known = (numbers or contacts.staff_numbers(session, practice_id, [staff_id])).get(staff_id)
        return Gate(False, why="stopped") if known is not None and known.stopped else GO
    if (found := patient_store.on_file(session, practice_id, message.recipient_id)) is None:
        return Gate(False, why="no_person")
    standing = standing_of(session, practice_id, found[0], now)
    if standing.why == "held":
        return Gate(False, now + READ_AGAIN, "held")
    if standing.why in WRITER_SAYS or not stands(session, practice_id, message):
        return GO
    if standing.why is not None:
        return Gate(False, why=standing.why)
    assert standing.from_at is not None
    return GO if standing.from_at <= now else Gate(False, standing.from_at, "hours")


def standing_of(session: Session, practice_id: UUID, details: PatientDetails, now: datetime) -> Standing:
    """Find out how texting a patient stands, and what is in the way first."""
    texts = store.practice_texts(session, practice_id)
    language = language_of(details.language, texts.language if texts else Language.ENGLISH)
    number = patient_number(details.phone)
    if isinstance(number, Unwritable):
        return Standing(details, texts, language, None, None, number.why, None)
    stop = store.stop_of(session, practice_id, number)
    why = _in_the_way(session, practice_id, details, texts, number, stop)
    from_at = _from(session, practice_id, details, number, now) if why is None else None
    return Standing(details, texts, language, number, stop, why or ("never" if from_at is None else None), from_at)


def _in_the_way(
    session: Session,
    practice_id: UUID,
    details: PatientDetails,
    texts: PracticeTexts | None,
    number: str,
    stop: Stop | None,
) -> str | None:
    if stop is not None:
        return "stopped"
    if not details.text_consent:
        return "no_consent"
    if texts is None:
        return "no_practice_texts"
    return "held" if reply_store.holds(session, practice_id, number) else None


def _from(session: Session, practice_id: UUID, details: PatientDetails, number: str, now: datetime) -> datetime | None:
    zone = practice_store.practice_of(session, practice_id).zone
    zones = [*zones_of_number(number), *zones_of_address(details.address)]
    return go_from(zones, store.sent_to(session, practice_id, details.id, now - WEEK), now, zone)


def send_text(caller: Caller, patient_id: UUID, template: str, visit_id: UUID | None, message_id: UUID) -> UUID:
    """Queue one of the texts that a person may choose; it waits 30 seconds, so that it can be taken back.

    Takes     the visit that it is about, None where it needs none; the id that the form carried: the same form twice is
              one text.
    Returns   the message's id.
    Raises    CannotTextError with the reason's word, also for a visit that is not this patient's or is not booked.
    """
    now = caller.clock.now()
    with writing(caller.session) as session:
        if store.text_of(session, caller.practice_id, message_id) is not None:
            return message_id
        found = patient_store.on_file(session, caller.practice_id, patient_id)
        if found is None or template not in CHOICES:
            raise CannotTextError("no_person")
        standing = standing_of(session, caller.practice_id, found[0], now)
        if standing.why is not None:
            raise CannotTextError(standing.why)
        fields, expires = _about(session, caller, patient_id, template, visit_id, now)
        begins = _begins(session, caller, standing, expires, now)
        message = Message(
            message_id,
            f"{patient_id.hex}:{template}:{message_id.hex}:sms:{patient_id.hex}",
            Way.SMS,
            To.PATIENT,
            patient_id,
            template,
            now,
            begins,
            expires,
            standing.language,
            fields,
        )
        outbox.queue_once(session, caller.practice_id, message)
        sent = SentText(message_id, patient_id, visit_id, template, standing.language, now, caller.user_id)
        store.add_text(session, caller.practice_id, sent)
        record(caller, "alerts.patient_texted", [patient_id, message_id], template=template.replace(".", "_"))
    return message_id


def goes_at(caller: Caller, message_id: UUID) -> tuple[datetime, str]:
    """From when a text may go (UTC), and the practice's zone to say it in."""
    found = outbox.delivery(caller.session, caller.practice_id, message_id)
    zone = practice_store.practice_of(caller.session, caller.practice_id).zone
    return (caller.clock.now() if found is None else found.message.not_before), zone


def take_back(caller: Caller, message_id: UUID) -> bool:
    """Take a patient's text back. Returns False when it has gone already."""
    now = caller.clock.now()
    with writing(caller.session) as session:
        sent = store.text_of(session, caller.practice_id, message_id)
        if sent is None or not outbox.cancel(session, caller.practice_id, message_id, now, "taken_back"):
            return sent is not None and sent.taken_back_at is not None
        store.mark_taken_back(session, caller.practice_id, message_id, now)
        record(caller, "alerts.text_taken_back", [sent.patient_id, message_id])
    return True


def _begins(session: Session, caller: Caller, standing: Standing, expires: datetime, now: datetime) -> datetime:
    """When a text goes at the earliest: after the hold, in hours, one at a time, and before what it is about."""
    if store.pending_to(session, caller.practice_id, standing.details.id):
        raise CannotTextError("waiting")
    assert standing.from_at is not None
    if standing.from_at >= expires:
        raise CannotTextError("too_late")
    return max(now + HOLD, standing.from_at)


def _about(
    session: Session, caller: Caller, patient_id: UUID, template: str, visit_id: UUID | None, now: datetime
) -> tuple[dict[str, str], datetime]:
    """The fields of a text, and until when it may wait: at most to the visit."""
    visit = read_visit(session, caller.practice_id, visit_id)
    if visit is None or visit.patient_id != patient_id:
        if template in NEEDS_VISIT or visit is not None:
            raise CannotTextError("no_visit")
        return {}, now + LASTS
    booked = visit.status is VisitStatus.BOOKED and visit.starts_at > now
    if template in NEEDS_VISIT and not booked:
        raise CannotTextError("no_visit")
    fields = said_of(session, caller.practice_id, visit) if template in NEEDS_VISIT else {}
    return fields, min(now + LASTS, visit.starts_at) if booked else now + LASTS


def opt_in(message_id: UUID, patient_id: UUID, language: Language, now: datetime) -> Message:
    """The message that tells a patient once what texts come and how to end them."""
    key = f"{patient_id.hex}:optin:1:sms:{patient_id.hex}"
    to = To.PATIENT
    return Message(message_id, key, Way.SMS, to, patient_id, "patient.optin", now, now + HOLD, now + LASTS, language)
