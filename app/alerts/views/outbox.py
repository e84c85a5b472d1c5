"""The Outbox and one message in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.alerts.actions.outgoing import Unwritable, Written
from app.alerts.actions.overseeing import MOST_COUNTED, MessageStory, OutboxListing, Standing
from app.alerts.facts.delivery import Attempt, Brake, Tried
from app.alerts.facts.outbox import Delivery, Language, Message, State, To, Way
from app.alerts.rules.fields import FIELDS
from app.alerts.views.marks import STATES, WAY_WORDS
from app.alerts.views.reasons import BRAKES, OUTCOMES, code_words, why_words
from app.alerts.views.texts import blank_text
from app.deadlines.rules.calendar import zone_of
from app.values.wording import counted, near_time

SETTINGS = {
    Way.SMS: "TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, and TWILIO_FROM or TWILIO_MESSAGING_SERVICE_SID",
    Way.EMAIL: "SMTP_HOST and SMTP_FROM",
}
TEMPLATES = {
    "expiring": "Approval ends",
    "deadline": "Deadline",
    "denied": "Denied",
    "units_low": "Visits or units low",
    "tomorrow": "Tomorrow's visits",
    "coverage": "Coverage changed",
    "approved": "Approved",
    "escalated": "Nobody has acknowledged",
    "merged": "Several things",
    "digest": "Daily digest",
    "test": "Test",
    "invitation": "Invitation",
    "reset": "New password asked for",
    "reset_offered": "New password",
    "recovery_codes": "New recovery codes",
    "roles_changed": "Rights changed",
    "rights_raised": "Own rights widened",
    "sign_in_changed": "Sign-in address changed",
    "second_factor_off": "Second factors switched off",
    "optin": "Welcome to texts",
    "ready": "Insurance step done",
    "waiting": "Still waiting on insurance",
    "call_us": "Please call us",
    "new_card": "New insurance card",
    "moved": "Visit needs a new date",
    "help": "Help",
    "stopped": "Texts ended",
    "started": "Texts begun again",
}
"""What a message is called by the second part of its template's key."""


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message of the list."""

    id: str
    what: str
    to: str
    way: str
    state: str
    bad: bool
    why: str
    queued: str
    attempts: str
    segments: str
    pending: bool


@dataclass(frozen=True, slots=True)
class Held:
    """What a sweep held back: since when and how much."""

    words: str


@dataclass(frozen=True, slots=True)
class BrakeRow:
    """A brake that is on: its way, and what happened."""

    way: str
    words: str


@dataclass(frozen=True, slots=True)
class StandingPage:
    """The banners over the Outbox."""

    missing: Sequence[str]
    brakes: Sequence[BrakeRow]
    held: Held | None


@dataclass(frozen=True, slots=True)
class OutboxPage:
    """The list. `states`: key, words, count and whether chosen; `next`: the id from which the next page goes on."""

    standing: StandingPage
    states: Sequence[tuple[str, str, str, bool]]
    state: str
    rows: Sequence[MessageRow]
    next: str | None
    empty: str


@dataclass(frozen=True, slots=True)
class MessagePage:
    """One message: its row, how it reads, and each attempt."""

    row: MessageRow
    facts: Sequence[tuple[str, str]]
    subject: str
    text: str
    note: str
    attempts: Sequence[tuple[str, str]]


def outbox_page(found: OutboxListing) -> OutboxPage:
    """Make the list."""
    full = any(count >= MOST_COUNTED for count in found.counts.values())
    total = MOST_COUNTED if full else sum(found.counts.values())
    states = [("", "All", _counted(total), found.state is None)]
    states += [(state.value, STATES[state], _counted(found.counts[state]), state is found.state) for state in State]
    empty = "" if found.deliveries else "No message is in this state." if found.state else "No message was queued yet."
    return OutboxPage(
        _standing_page(found.standing),
        states,
        "" if found.state is None else found.state.value,
        [_row(one, found.standing) for one in found.deliveries],
        None if found.next is None else str(found.next),
        empty,
    )


def message_page(found: MessageStory) -> MessagePage:
    """Make the page of one message."""
    one, standing = found.delivery, found.standing
    subject, text, note = _reading(one.message, found.reads)
    return MessagePage(
        _row(one, standing),
        _facts(one, standing),
        subject,
        text,
        note,
        [_attempt(attempt, standing) for attempt in found.attempts],
    )


def _counted(count: int) -> str:
    """A count as it is shown; empty for none."""
    return f"{MOST_COUNTED:,}+" if count >= MOST_COUNTED else f"{count or ''}"


def what_words(message: Message) -> str:
    """Name a message by its template."""
    _to, _, key = message.template.partition(".")
    return TEMPLATES.get(key, key.replace("_", " ").capitalize())


def _row(one: Delivery, standing: Standing) -> MessageRow:
    message = one.message
    return MessageRow(
        str(message.id),
        what_words(message),
        _to(message, standing.names),
        WAY_WORDS[message.way].capitalize(),
        STATES[one.state],
        one.state in (State.FAILED, State.UNDELIVERED, State.EXPIRED),
        _why(one, standing),
        _at(message.queued_at, standing),
        str(one.attempts),
        "Not applicable" if message.way is Way.EMAIL else "Not known" if one.segments is None else str(one.segments),
        one.state is State.PENDING,
    )


def _to(message: Message, names: Mapping[UUID, str]) -> str:
    return "A patient" if message.to is To.PATIENT else names.get(message.recipient_id, "Someone who left")


def _why(one: Delivery, standing: Standing) -> str:
    """Why it waits or ended, and when it is tried next."""
    parts = [code_words(one.code)] if one.code else []
    if one.why and not one.code:
        parts.append(why_words(one.why))
    if one.state is State.PENDING:
        if standing.sample:
            parts.append("Nothing leaves the sample.")
        elif standing.restored:
            parts.append("Nothing leaves before this practice is released.")
        elif one.message.way in standing.missing:
            parts.append(f"Waits until {WAY_WORDS[one.message.way]}s are set up.")
        elif any(brake.way is one.message.way for brake in standing.brakes):
            parts.append(f"{WAY_WORDS[one.message.way].capitalize()}s are stopped: see the top of the Outbox.")
        elif one.next_try_at is not None and one.next_try_at > standing.now:
            parts.append(f"Next try {_at(one.next_try_at, standing)}.")
    return " ".join(parts)


def _facts(one: Delivery, standing: Standing) -> list[tuple[str, str]]:
    message = one.message
    language = "Spanish" if message.language is Language.SPANISH else "English"
    found = [
        ("Queued", _at(message.queued_at, standing)),
        ("Not before", _at(message.not_before, standing)),
        ("Too old to send after", _at(message.expires_at, standing)),
        ("Sent", "" if one.sent_at is None else _at(one.sent_at, standing)),
        ("Ended", "" if one.ended_at is None else _at(one.ended_at, standing)),
        ("Attempts", str(one.attempts)),
        ("Segments", "" if one.segments is None else str(one.segments)),
        ("Language", language),
        ("Template", message.template),
        ("Provider's id", one.provider_id or ""),
        ("Provider's code", one.code or ""),
    ]
    return [(label, words) for label, words in found if words]


def _reading(message: Message, reads: Written | Unwritable | None) -> tuple[str, str, str]:
    """The subject, the text, and a note of one message."""
    if isinstance(reads, Unwritable):
        return "", "", f"It cannot be written. {why_words(reads.why)}"
    if isinstance(reads, Written):
        if reads.mail is not None:
            return reads.mail.subject, reads.mail.text, ""
        return "", reads.text or "", ""
    note = "The fields are blank here: what a patient is told is shown to nobody who may not see patients."
    known = message.template in FIELDS
    return "", blank_text(message.template, message.language) if known else "", note


def _attempt(attempt: Attempt, standing: Standing) -> tuple[str, str]:
    said = OUTCOMES[attempt.outcome]
    if attempt.code and attempt.outcome is not Tried.ACCEPTED:
        said = f"{said} {code_words(attempt.code)}"
    return _at(attempt.at, standing), said


def _standing_page(standing: Standing) -> StandingPage:
    missing = []
    for way in (Way.SMS, Way.EMAIL):
        if way in standing.missing and not standing.sample:
            words = WAY_WORDS[way].capitalize()
            missing.append(f"{words}s are not set up: they stay here until the settings {SETTINGS[way]} are given.")
    if standing.sample:
        missing = ["Sample data: nothing leaves the building. Messages stay here."]
    elif standing.restored:
        missing = [
            "This practice was restored from a backup: nothing leaves the building until it is released at Admin > "
            "Backups. What waits here then is cancelled."
        ]
    held = standing.held
    return StandingPage(
        missing,
        [_brake(one, standing) for one in standing.brakes],
        None if held.held_at is None else Held(_held_words(held.held_at, held.held, standing)),
    )


def _held_words(since: datetime, count: int, standing: Standing) -> str:
    return (
        f"Since {_at(since, standing)} no message is made of alerts: {counted(count, 'reminder')} came due at once, "
        "more than is believable. Look at Alerts, and at the clock of this machine, before you let them through."
    )


def _brake(one: Brake, standing: Standing) -> BrakeRow:
    assert one.on_since is not None
    what = BRAKES.get(one.why or "", "Too much failed.")
    code = f" {code_words(one.code)}" if one.code else ""
    words = f"{WAY_WORDS[one.way].capitalize()}s have been stopped since {_at(one.on_since, standing)}. {what}{code}"
    return BrakeRow(one.way.value, words)


def _at(instant: datetime, standing: Standing) -> str:
    return near_time(instant.astimezone(zone_of(standing.zone)), standing.today)
