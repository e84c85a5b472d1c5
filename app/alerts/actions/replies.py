"""Take in what people answer to texts: kept sealed, done at once where a word says what, else read by a person."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from app.alerts.actions import steps
from app.alerts.actions.raising import end_event, raise_event
from app.alerts.actions.steps import AlertNotFoundError, ChangedSinceError, NobodyToHandToError, SnoozeError
from app.alerts.actions.stopping import end_texts, patients_of
from app.alerts.actions.writing import REPLY
from app.alerts.facts.alerts import Alert
from app.alerts.facts.outbox import Language, Message, To, Way
from app.alerts.facts.texts import HowStopped, Meaning, PracticeTexts, Reply
from app.alerts.rules.fields import case_word
from app.alerts.rules.replies import meaning_of, spoken_in
from app.alerts.rules.routing import local_day
from app.alerts.rules.texting import ANSWER_WITHIN, ASK_ONCE, language_of
from app.alerts.store import alerts as alert_store
from app.alerts.store import outbox
from app.alerts.store import replies as store
from app.alerts.store import texts as text_store
from app.audit.actions import record
from app.deadlines.facts import Basis, BasisKind, Clears, Deadline, Reason, Step, Subject, SubjectKind
from app.patients import store as patient_store
from app.platform.caller import Caller
from app.platform.db import writing
from app.platform.ids import new_id
from app.practice.store import practice as practice_store
from app.values.phones import read_phone

LONGEST_BODY = 2000
VIA = "sms"
SAME_MOMENT = 5
"""How often a text is taken in anew because another one of the same number was quicker."""


class ReplyNotFoundError(Exception):
    """No text that came in has this id."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """What is answered: a template, its fields, and what it tells of. `once`: the end of its unique key."""

    template: str
    once: str
    fields: Mapping[str, str] = field(default_factory=dict)
    alert_ids: tuple[UUID, ...] = ()


def take_in(caller: Caller, sid: str, from_number: str, to_number: str, body: str, at: datetime) -> Reply:
    """Take in one text, once: the same `sid` again changes nothing and is answered by what was made of it first.

    Takes     the caller of the webhook, whose signature was checked; the provider's id; the sender's number and ours;
              the text; when it came. One transaction with its audit line.
    Returns   what was kept. STOP ends texts to the number at once, START lets them go again, HELP is answered. 1, 2 and
              3 of a staff member take, snooze or hand over what the last text to that number told of first. What else a
              patient or an unknown number writes waits for a person, and holds further texts to the number.
    """
    for _ in range(SAME_MOMENT):
        try:
            return _take_in(caller, sid, from_number, body, at)
        except IntegrityError:  # the same text, or another STOP of the number, came at the same moment: it stands now
            continue
    return _take_in(caller, sid, from_number, body, at)


def _take_in(caller: Caller, sid: str, from_number: str, body: str, at: datetime) -> Reply:
    with writing(caller.session) as session:
        known = store.reply_of_sid(session, caller.practice_id, sid)
        if known is not None:
            return known
        reply = _read(caller, sid, from_number, body[:LONGEST_BODY], at)
        answer = _react(caller, reply)
        store.add_reply(session, caller.practice_id, reply)
        if answer is not None:
            _answer(caller, reply, answer)
        who = [*reply.patients, *([reply.staff_id] if reply.staff_id else [])]
        record(caller, "alerts.reply_came", [reply.id, *who], meaning=reply.meaning.value, held=reply.held)
    return reply


def read_reply(caller: Caller, reply_id: UUID) -> bool:
    """Note that a person read a text: further texts to its number may go. Returns whether that is new.

    Raises    ReplyNotFoundError.
    """
    with writing(caller.session) as session:
        reply = store.reply_of(session, caller.practice_id, reply_id)
        if reply is None or not reply.held:
            raise ReplyNotFoundError
        fresh = store.mark_read(session, caller.practice_id, reply_id, caller.clock.now(), caller.user_id)
        end_event(caller, _subject(reply), Reason.REPLY)
        text_store.let_go(session, caller.practice_id, reply.patients, caller.clock.now())
        record(caller, "alerts.reply_read", [reply_id, *reply.patients])
        return fresh


def unread_reply(caller: Caller, reply_id: UUID) -> None:
    """Take back that a text was read: it waits for a person again. Raises ReplyNotFoundError."""
    with writing(caller.session) as session:
        reply = store.reply_of(session, caller.practice_id, reply_id)
        if reply is None or not store.mark_read(session, caller.practice_id, reply_id, None, None):
            raise ReplyNotFoundError
        _raise(caller, reply)
        record(caller, "alerts.reply_unread", [reply_id, *reply.patients])


def _read(caller: Caller, sid: str, from_number: str, body: str, at: datetime) -> Reply:
    """Whose number it is and what the words mean."""
    session, practice_id = caller.session, caller.practice_id
    number = read_phone(from_number) or from_number.strip()
    staff = next(iter(text_store.staff_of_number(session, practice_id, number)), None)
    patients = patients_of(session, practice_id, number)
    meaning = meaning_of(body, staff is not None)
    held = meaning is Meaning.OTHER and (staff is None or bool(patients))
    return Reply(new_id(), sid, number, body, at, meaning, staff, patients, held)


def _react(caller: Caller, reply: Reply) -> _Answer | None:
    """Do what a text asks for. Returns what is answered, None: nothing."""
    if reply.held:
        _raise(caller, reply)
        return None
    if reply.meaning in (Meaning.TAKE, Meaning.SNOOZE, Meaning.HAND_OVER):
        return _handle(caller, reply)
    if reply.meaning is Meaning.OTHER:
        known = store.came_before(caller.session, caller.practice_id, reply.number, Meaning.OTHER, reply.at - ASK_ONCE)
        return None if known else _Answer("staff.choices", reply.id.hex)
    return _keyword(caller, reply)


def _keyword(caller: Caller, reply: Reply) -> _Answer | None:
    """STOP, START and HELP. Where the provider answers them itself, we do not."""
    session, practice_id, now = caller.session, caller.practice_id, caller.clock.now()
    kind = "staff" if reply.staff_id is not None else "patient"
    answer = None
    if reply.meaning is Meaning.STOP:
        stop = end_texts(caller, reply.number, HowStopped.BY_TEXT, now)
        answer = _Answer(f"{kind}.stopped", stop.id.hex) if stop is not None else None
    elif reply.meaning is Meaning.START:
        lifted = text_store.lift_stop(session, practice_id, reply.number, now, reply.staff_id)
        answer = _Answer("staff.started", reply.id.hex) if lifted and reply.staff_id else None
    elif not store.came_before(session, practice_id, reply.number, Meaning.HELP, reply.at - ANSWER_WITHIN):
        answer = _Answer(f"{kind}.help", reply.id.hex)
    texts = text_store.practice_texts(session, practice_id)
    if texts is not None and texts.provider_answers_stop:
        return None
    return None if answer is not None and answer.template == "patient.help" and texts is None else answer


def _handle(caller: Caller, reply: Reply) -> _Answer:
    """Do with the last alert that was texted to a staff member what the person answered."""
    assert reply.staff_id is not None
    me = replace(caller, user_id=reply.staff_id, via=VIA)
    last = text_store.last_alert_text(caller.session, caller.practice_id, reply.staff_id)
    alerts = alert_store.by_ids(caller.session, caller.practice_id, last[1]) if last else {}
    alert = alerts.get(last[1][0]) if last else None
    if last is None or alert is None:
        return _Answer("staff.nothing", reply.id.hex)
    fields = {"case": case_word(alert.subject), "count": str(len(last[1]))}
    try:
        template, more = _step(me, alert, reply.meaning)
    except (AlertNotFoundError, ChangedSinceError):
        template, more = "staff.nothing", {}
    except SnoozeError:
        template, more = "staff.too_soon", {}
    except NobodyToHandToError:
        template, more = "staff.no_backup", {}
    return _Answer(template, reply.id.hex, fields | more, (alert.id,) if template != "staff.nothing" else ())


def _step(me: Caller, alert: Alert, meaning: Meaning) -> tuple[str, dict[str, str]]:
    if meaning is Meaning.TAKE:
        steps.take(me, alert.id)
        return "staff.taken", {}
    if meaning is Meaning.HAND_OVER:
        steps.hand_over(me, alert.id, None)
        return "staff.handed", {}
    until = local_day(me.clock.now(), alert.zone) + timedelta(days=1)
    steps.snooze(me, alert.id, until)
    return "staff.snoozed", {"due_date": until.isoformat()}


def _answer(caller: Caller, reply: Reply, answer: _Answer) -> None:
    """Queue an answer to the number that a text came from, for the next five minutes only."""
    if read_phone(reply.number) is None:
        return
    now = caller.clock.now()
    staff = answer.template.startswith("staff.")
    recipient = reply.staff_id if staff else next(iter(reply.patients), None)
    texts = text_store.practice_texts(caller.session, caller.practice_id)
    message = Message(
        new_id(),
        f"{answer.once}:{answer.template}:answer:sms",
        Way.SMS,
        To.STAFF if staff else To.PATIENT,
        recipient or reply.id,
        answer.template,
        now,
        now,
        now + ANSWER_WITHIN,
        Language.ENGLISH if staff else _language(caller, reply, texts),
        {**dict(answer.fields), REPLY: reply.id.hex},
        answer.alert_ids,
    )
    outbox.queue_once(caller.session, caller.practice_id, message)


def _language(caller: Caller, reply: Reply, texts: PracticeTexts | None) -> Language:
    spoken = spoken_in(reply.body)
    if spoken is not None:
        return spoken
    default = texts.language if texts is not None else Language.ENGLISH
    found = patient_store.seen(caller.session, caller.practice_id, reply.patients[:1])
    return language_of(next((one.language for one in found.values()), None), default)


def _raise(caller: Caller, reply: Reply) -> None:
    """Let people hear that a text waits to be read."""
    zone = practice_store.practice_of(caller.session, caller.practice_id).zone
    step = Step(f"{caller.clock.now():%Y-%m-%dT%H:%M:%S}", caller.clock.now())
    basis = Basis(BasisKind.PRACTICE, words="A text that came in holds further texts to its number until it is read.")
    raise_event(caller, Deadline(_subject(reply), Reason.REPLY, (step,), zone, Clears.SEEN, basis))


def _subject(reply: Reply) -> Subject:
    return Subject(SubjectKind.MESSAGE, reply.id.hex)
