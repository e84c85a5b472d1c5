"""Write a message as it leaves: look up what it may not carry with it, and put it into words."""

from collections.abc import Mapping
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy.orm import Session

from app.alerts.actions.accounts import link_about
from app.alerts.actions.outgoing import Numbers, Unwritable, Written
from app.alerts.actions.spoken_visits import stands
from app.alerts.facts.outbox import Language, Message, To, Way
from app.alerts.files.mails import render_mail
from app.alerts.files.texts import render_sms
from app.alerts.rules.accounts import ACCOUNT_MAILS, mail_address
from app.alerts.rules.fields import APP, FIELDS, ROOM, FieldError
from app.alerts.rules.gsm7 import fit, segments
from app.alerts.rules.mail_fields import MAIL_FIELDS
from app.alerts.rules.texting import suggested_name
from app.alerts.store import alerts as alert_store
from app.alerts.store import contacts
from app.alerts.store import replies as reply_store
from app.alerts.store import texts as store
from app.gateways.facts import Mail
from app.patients import store as patient_store
from app.patients.facts import PatientDetails
from app.practice.store import practice as practice_store
from app.practice.store import staff as staffing
from app.values.phones import read_phone

REPLY = "reply"
"""The field that names the text which a message answers: it goes to that text's number."""
HELLO = {Language.ENGLISH: "Hello", Language.SPANISH: "Hola"}


def written(
    session: Session,
    practice_id: UUID,
    message: Message,
    base_url: str,
    reference: str,
    numbers: Numbers | None = None,
    to_read: bool = False,
) -> Written | Unwritable:
    """Write one message, with what is on file now; inside the transaction that claims it.

    Takes     the message; our address, without a slash at its end; our own reference of it, which no text holds; the
              numbers of staff where they were read for a whole batch; whether it is written for a page, so that a link
              that brings a one-time code is shown without one.
    Returns   the address with the text or the e-mail; or why it cannot be written, in one word for a task of a person:
              `no_number`, `bad_number`, `no_address`, `no_person`, `no_practice_texts`, `visit_changed`, `field`,
              `too_long`, `no_text`.
    """
    if message.way is Way.EMAIL:
        return _mail(session, practice_id, message, base_url, to_read)
    if message.template not in FIELDS:
        return Unwritable("no_text")
    number = number_of(session, practice_id, message, numbers)
    if isinstance(number, Unwritable):
        return number
    if not stands(session, practice_id, message):
        return Unwritable("visit_changed")
    values = _values(session, practice_id, message, base_url)
    if isinstance(values, Unwritable):
        return values
    try:
        text = render_sms(message.template, message.language, values)
    except FieldError:
        return Unwritable("field")
    return Written(number, text=text) if segments(text) == 1 else Unwritable("too_long")


def number_of(
    session: Session, practice_id: UUID, message: Message, numbers: Numbers | None = None
) -> str | Unwritable:
    """The number that a text goes to (`+1` and ten digits), or why there is none."""
    if REPLY in message.fields:
        reply = reply_store.reply_of(session, practice_id, UUID(hex=message.fields[REPLY]))
        return Unwritable("no_number") if reply is None else reply.number
    if message.to is To.STAFF:
        staff_id = message.recipient_id
        known = (numbers or contacts.staff_numbers(session, practice_id, [staff_id])).get(staff_id)
        return Unwritable("no_number") if known is None else known.phone
    found = patient_store.on_file(session, practice_id, message.recipient_id)
    if found is None:
        return Unwritable("no_person")
    return patient_number(found[0].phone)


def patient_number(phone: str | None) -> str | Unwritable:
    """Read a patient's number for texts, or say why it cannot get any."""
    if not (phone or "").strip():
        return Unwritable("no_number")
    number = read_phone(phone or "")
    return Unwritable("bad_number") if number is None else number


def _values(session: Session, practice_id: UUID, message: Message, base_url: str) -> Mapping[str, str] | Unwritable:
    if message.to is To.PATIENT:
        return _patient_values(session, practice_id, message)
    path = alert_store.link_of(session, practice_id, message.alert_ids)
    return {"count": "1", **message.fields, "app": APP, "url": base_url + path}


def _patient_values(session: Session, practice_id: UUID, message: Message) -> Mapping[str, str] | Unwritable:
    """The values of a text to a patient: its own, and the patient's first name, the practice's name and phone."""
    fields = FIELDS[message.template]
    named = dict(message.fields)
    if "first_name" in fields:
        found = patient_store.on_file(session, practice_id, message.recipient_id)
        if found is None:
            return Unwritable("no_person")
        named["first_name"] = first_name_of(found[0], message.language)
    practice = practice_values(session, practice_id, "phone" in fields)
    return practice if isinstance(practice, Unwritable) else {**named, **practice}


def first_name_of(details: PatientDetails, language: Language) -> str:
    """A patient's first name as texts write it; a greeting where it cannot be written in their alphabet."""
    return fit(details.first_name, ROOM["first_name"]) or HELLO[language]


def practice_values(session: Session, practice_id: UUID, with_phone: bool) -> Mapping[str, str] | Unwritable:
    """How the practice names itself in texts, and its phone where a text holds one."""
    texts = store.practice_texts(session, practice_id)
    if texts is not None:
        return {"practice": texts.short_name, "phone": _dashed(texts.phone)}
    if with_phone:
        return Unwritable("no_practice_texts")
    practice = practice_store.practice_of(session, practice_id)
    return {"practice": suggested_name(practice.name) or APP}


def _dashed(phone: str) -> str:
    return f"{phone[:3]}-{phone[3:6]}-{phone[6:]}"


def _mail(session: Session, practice_id: UUID, message: Message, base_url: str, to_read: bool) -> Written | Unwritable:
    if message.to is not To.STAFF or message.template not in MAIL_FIELDS:
        return Unwritable("no_text")
    people = staffing.staff_of(session, practice_id)
    address = mail_address(message, people)
    if address is None:
        return Unwritable("no_address")
    if message.template in ACCOUNT_MAILS:
        path = link_about(session, practice_id, message, to_read)
    else:
        path = alert_store.link_of(session, practice_id, message.alert_ids)
    if path is None:
        return Unwritable("code_over")
    url = base_url + path
    try:
        words = render_mail(message.template, message.fields, url)
    except FieldError:
        return Unwritable("field")
    return Written(address, mail=Mail(address, words.subject, words.text, words.html, message_id(message, base_url)))


def message_id(message: Message, base_url: str) -> str:
    """The Message-ID of an e-mail: the same for every attempt, so that a second copy is known as one."""
    return f"<{message.id.hex}@{urlsplit(base_url).hostname or 'localhost'}>"
