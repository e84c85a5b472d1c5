"""The pages of texts in words: what may be sent to a patient as it will read, why not, what was sent, what came in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.alerts.actions.spoken_visits import visit_fields
from app.alerts.facts.outbox import Language, State
from app.alerts.facts.text_page import ListedText, RepliesPage, TextsOfPatient
from app.alerts.facts.texts import HowStopped, Meaning, Reply, Stop
from app.alerts.rules.texting import CHOICES, HOLD, NEEDS_VISIT
from app.alerts.views.marks import STATES
from app.alerts.views.texts import preview
from app.casework.views.words import person_name
from app.deadlines.rules.calendar import zone_of
from app.deadlines.views import zone_letters
from app.values.phones import phone_words
from app.values.times import time_words
from app.values.wording import long_day

LANGUAGES = {Language.ENGLISH: "English", Language.SPANISH: "Spanish"}
KINDS = {
    "patient.ready": "The insurance step is done",
    "patient.waiting": "We are still waiting on the insurance",
    "patient.call_us": "Call us before the visit",
    "patient.new_card": "Has the insurance changed?",
    "patient.moved": "The visit needs a new date",
    "patient.optin": "What texts come, and how to end them",
}
STOPPED = {
    HowStopped.BY_TEXT: "the number sent a word that ends them",
    HowStopped.BY_PHONE: "it was said by phone",
    HowStopped.BY_MAIL: "it was said by mail",
    HowStopped.IN_PERSON: "it was said in person",
    HowStopped.BY_PROVIDER: "the provider of texts had ended them",
}
HOW = [(how.value, words) for how, words in ((HowStopped.BY_PHONE, "By phone"), (HowStopped.BY_MAIL, "By mail"))]
HOW.append((HowStopped.IN_PERSON.value, "In person"))

WHY = {
    "no_number": "No phone number is on file. Enter one under Contact wishes.",
    "bad_number": "The number on file takes no texts: it is no number of the United States that can get them. "
    "Correct it under Contact wishes.",
    "no_consent": "The patient has not said yes to texts. Record the consent under Contact wishes.",
    "no_practice_texts": "The practice has no name and phone for texts yet. An administrator enters them under Admin, "
    "Messages.",
    "held": "The patient wrote back, and nobody has read it yet. Read the reply first.",
    "never": "No hour lies between 9 AM and 6 PM both here and where the number may be. Call the patient.",
    "waiting": "A text to this patient waits to go already. Take it back first, or let it go.",
    "too_late": "No text may go before the visit: at most 1 a day and 3 a week, from 9 AM to 6 PM. Call the patient.",
    "no_visit": "Choose a booked visit of this patient that lies ahead.",
    "no_person": "Choose one of the texts.",
}
_UNSENT = {
    "no_consent": "the consent is gone",
    "stopped": "texts to the number ended",
    "visit_changed": "the visit changed",
    "no_number": "no number is on file",
    "bad_number": "the number takes no texts",
    "taken_back": "it was taken back",
    "held": "until a reply is read",
    "hours": "for the hours from 9 AM to 6 PM",
    "stale": "it came too late",
    "provider_opted_out": "the provider of texts had ended them",
    "provider_wrong_number": "the number takes no texts",
    "provider_unreachable": "the phone could not be reached",
}
MEANINGS = {
    Meaning.STOP: "Ends texts",
    Meaning.START: "Wants texts again",
    Meaning.HELP: "Asks for help",
    Meaning.OTHER: "Must be read",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One text that may be chosen, as it will read; `text` None: it needs a visit, and there is none."""

    template: str
    label: str
    text: str | None


@dataclass(frozen=True, slots=True)
class SentRow:
    """One text that was sent: when, what it says, how it stands, who sent it. `undo`: it can still be taken back."""

    id: UUID
    when: str
    kind: str
    text: str | None
    state: str
    who: str
    undo: bool


@dataclass(frozen=True, slots=True)
class TextPage:
    """One patient's texts."""

    patient_id: UUID
    name: str
    mrn: str
    to: str
    spanish: bool
    has_number: bool
    why: str | None
    held: bool
    stop: str | None
    when: str | None
    visits: list[tuple[str, str]]
    visit: str
    choices: list[Choice]
    sent: list[SentRow]


@dataclass(frozen=True, slots=True)
class ReplyRow:
    """One text that came in."""

    id: UUID
    when: str
    number: str
    people: list[tuple[UUID, str]]
    body: str
    read: str | None


@dataclass(frozen=True, slots=True)
class ReplyList:
    """A page of replies; `before`: the place from which the next page goes on."""

    rows: list[ReplyRow]
    read: bool
    before: UUID | None


def text_page(found: TextsOfPatient, wanted: UUID | None) -> TextPage:
    """Put a patient's texts into words. `wanted`: the visit that the texts are about, else the next one."""
    visit = next((one for one in found.visits if one.id == wanted), None) or next(iter(found.visits), None)
    about = {} if visit is None else dict(visit_fields(visit, _zone(found, visit.site_id)))
    language = LANGUAGES[found.language]
    return TextPage(
        patient_id=found.details.id,
        name=person_name(found.details),
        mrn=found.details.mrn,
        to=f"{phone_words(found.number)}, in {language}" if found.number else f"no number, in {language}",
        spanish=found.language is Language.SPANISH,
        has_number=found.number is not None,
        why=WHY.get(found.why or ""),
        held=found.why == "held",
        stop=_stop_words(found, found.stop),
        when=_when(found),
        visits=[(str(one.id), _visit_words(found, one.starts_at, one.site_id)) for one in found.visits],
        visit="" if visit is None else str(visit.id),
        choices=[_choice(template, found, about) for template in CHOICES],
        sent=[_sent(found, one) for one in found.sent],
    )


def sent_words(begins: datetime, now: datetime, zone: str) -> str:
    """Say on the next page when a text goes. It names nobody."""
    if begins <= now + HOLD:
        return "The text goes in 30 seconds."
    return f"The text goes {_instant(begins, zone)}: no earlier hour is allowed."


def reply_list(page: RepliesPage) -> ReplyList:
    """Put replies into words."""
    rows = [_reply(page, one) for one in page.replies]
    return ReplyList(rows, page.read, page.replies[-1].id if page.more else None)


def _reply(page: RepliesPage, one: Reply) -> ReplyRow:
    people = [(patient, person_name(page.names[patient])) for patient in one.patients if patient in page.names]
    reader = page.staff.get(one.read_by, "Someone") if one.read_by else "Someone"
    read = f"Read {_instant(one.read_at, page.zone)} by {reader}" if one.read_at else None
    return ReplyRow(one.id, _instant(one.at, page.zone), phone_words(one.number), people, one.body, read)


def _choice(template: str, found: TextsOfPatient, about: Mapping[str, str]) -> Choice:
    text = preview(template, found.language, {**found.values, **about})
    if template in NEEDS_VISIT and not about:
        text = None
    return Choice(template, KINDS[template], text)


def _sent(found: TextsOfPatient, one: ListedText) -> SentRow:
    words = preview(one.text.template, one.text.language, {**found.values, **one.fields})
    who = "The program" if one.text.sent_by is None else found.staff.get(one.text.sent_by, "Someone")
    waits = one.state is State.PENDING
    when = _instant(one.text.sent_at, found.practice.zone)
    kind = KINDS.get(one.text.template, "Text")
    return SentRow(one.text.id, when, kind, words, _state(found, one), who, waits)


def _state(found: TextsOfPatient, one: ListedText) -> str:
    if one.text.taken_back_at is not None:
        return "Taken back before it went"
    if one.state is None:
        return "Not known"
    why = _UNSENT.get(one.why or "")
    if one.state is State.PENDING:
        at = f"Goes {_instant(one.goes_at, found.practice.zone)}" if one.goes_at else "Waits"
        return f"{at}; held {why}" if one.why == "held" else at
    return f"{STATES[one.state]}: {why}" if why else STATES[one.state]


def _when(found: TextsOfPatient) -> str | None:
    if found.from_at is None:
        return None
    if found.from_at <= found.now + HOLD:
        return "It goes 30 seconds after you send it."
    at = _instant(found.from_at, found.practice.zone)
    return f"It goes {at}: texts go from 9 AM to 6 PM here and where the number may be, 1 a day and 3 a week."


def _stop_words(found: TextsOfPatient, stop: Stop | None) -> str | None:
    if stop is None:
        return None
    who = found.staff.get(stop.recorded_by, "") if stop.recorded_by else ""
    by = f", recorded by {who}" if who else ""
    return f"Texts to this number ended {_instant(stop.stopped_at, found.practice.zone)}: {STOPPED[stop.how]}{by}."


def _visit_words(found: TextsOfPatient, starts: datetime, site_id: UUID) -> str:
    return _instant(starts, _zone(found, site_id))


def _zone(found: TextsOfPatient, site_id: UUID) -> str:
    return found.zones.get(site_id, found.practice.zone)


def _instant(at: datetime, zone: str) -> str:
    local = at.astimezone(zone_of(zone))
    return f"{long_day(local.date())} {time_words(local.time())} {zone_letters(local)}"
