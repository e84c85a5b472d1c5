"""The watchdog of the web server: sees that reminders stand still, and tells administrators and managers by e-mail.

It goes past the outbox, since whoever empties that may be what stands still. Two web workers watch: the row of the open
alarm, of which the database allows one a practice, keeps them from telling of one outage twice.
"""

import threading
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Flask, render_template
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit.actions import record
from app.gateways.facts import Gateways, Mail, MailGateway, Outcome
from app.platform import store as runs
from app.platform.caller import Caller
from app.platform.db import db, writing
from app.platform.ids import new_id
from app.platform.incidents import describe, new_incident
from app.platform.logs import log
from app.platform.runs import Alarm
from app.platform.sessions import session_on
from app.practice.facts.practice import Practice
from app.practice.facts.staff import Role, Staff
from app.practice.store import practice as store
from app.practice.store import staff as staffing
from app.web.guard import clock_of, gateways_in, keys_of
from app.web.job_words import When
from app.web.opening import gateways_for
from app.web.standing import Standstill, Why, standing_of, standing_words, standstill

EVERY = 30.0  # seconds between two looks
TOLD = frozenset({Role.ADMINISTRATOR, Role.MANAGER})
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=2), timedelta(hours=1)
NOBODY = "Until then nobody is told by text or e-mail of approvals that end or answers that are owed."
MAILS = {
    Why.STOPPED: (
        "Reminders stand still",
        "Until then nobody is told of approvals that end, answers that are owed, or visits that are not cleared.",
    ),
    Why.HELD: ("Messages are held back", NOBODY),
    Why.BEHIND: ("Reminders are behind", "Some of what is due was told to nobody."),
    Why.UNSENT: ("Messages do not go out", NOBODY),
}
"""The subject of the e-mail, and what the standstill means."""
OVER = frozenset({Outcome.ACCEPTED, Outcome.REFUSED})
"""Answers after which a person is not written to again: taken, or never to be taken."""


def begin_watching(app: Flask, ended: threading.Event | None = None) -> threading.Thread:
    """Watch in a thread of this process until it ends; each web worker calls it once, when it has been forked."""
    thread = threading.Thread(
        target=_keep_watching, args=(app, ended or threading.Event()), name="watchdog", daemon=True
    )
    thread.start()
    return thread


def _keep_watching(app: Flask, ended: threading.Event) -> None:
    while not ended.wait(EVERY):
        try:
            look(app)
        except Exception as error:  # whatever breaks, the next look comes
            log().error("watchdog broke", incident=new_incident(), what=describe(error))


def look(app: Flask) -> None:
    """Look once at every practice of the database."""
    with app.app_context(), session_on(db.engine, keys_of(app)) as session:
        for practice in store.all_practices(session):
            session.rollback()
            caller = Caller(session, practice.id, clock_of(app), via="watchdog")
            watch(caller, gateways_for(practice, gateways_in(app)), standing_of(app).begun)


def watch(caller: Caller, gateways: Gateways, begun: datetime) -> Standstill | None:
    """Find whether a practice's reminders stand still, raise or end its alarm, and tell of it once.

    Takes     the caller; the practice's ways out; the instant at which this process began to look.
    Returns   how they stand; None when they run.
    """
    session, practice_id, now = caller.session, caller.practice_id, caller.clock.now()
    found, alarm = standstill(session, practice_id, now, begun), runs.open_alarm(session, practice_id)
    if found is None:
        if alarm is not None:
            _end(caller)
        return None
    if alarm is None:
        _raise(caller, found)
    if gateways.mail is not None:
        _tell(caller, found, gateways, gateways.mail)
    return found


def _raise(caller: Caller, found: Standstill) -> None:
    """Open the alarm; another web worker may have been quicker."""
    now = caller.clock.now()
    alarm = Alarm(new_id(), found.since, now, found.count, next_try_at=now)
    try:
        with writing(caller.session) as session:
            if runs.open_alarm(session, caller.practice_id) is None:
                runs.save_alarm(session, caller.practice_id, alarm)
                record(caller, "web.alarm_raised", why=found.why, count=found.count)
    except IntegrityError:
        caller.session.rollback()


def _end(caller: Caller) -> None:
    with writing(caller.session) as session:
        if runs.end_alarms(session, caller.practice_id, caller.clock.now()):
            record(caller, "web.alarm_ended")


def _tell(caller: Caller, found: Standstill, gateways: Gateways, mail: MailGateway) -> None:
    """Write to whoever was not told yet. The turn is taken, and committed, before anything is sent."""
    alarm = _claimed(caller)
    if alarm is None:
        return
    people = [one for one in _to_tell(caller.session, caller.practice_id) if one.id not in alarm.told]
    practice = store.practice_of(caller.session, caller.practice_id)
    words = standing_words(found, When(caller.clock.now(), ZoneInfo(practice.zone)), practice)
    caller.session.rollback()  # nothing is open while the server is asked
    told = {
        one.id
        for one in people
        if mail.send(_written(alarm, one, practice, found.why, words, gateways)).outcome in OVER
    }
    with writing(caller.session) as session:
        now = runs.open_alarm(session, caller.practice_id, lock=True)
        if now is not None and now.id == alarm.id:
            left = {one.id for one in people} - told
            done = replace(now, told=now.told | told, next_try_at=now.next_try_at if left else None)
            runs.save_alarm(session, caller.practice_id, done)
            record(caller, "web.alarm_told", told, tried=len(people))


def _claimed(caller: Caller) -> Alarm | None:
    """Take the turn to tell; None when it is not due, or another worker has it. A broken turn comes again."""
    now = caller.clock.now()
    with writing(caller.session) as session:
        alarm = runs.open_alarm(session, caller.practice_id, lock=True)
        if alarm is None or alarm.next_try_at is None or alarm.next_try_at > now:
            return None
        wait = min(FIRST_WAIT * 2 ** min(alarm.attempts, 8), LONGEST_WAIT)
        claimed = replace(alarm, attempts=alarm.attempts + 1, next_try_at=now + wait)
        runs.save_alarm(session, caller.practice_id, claimed)
    return claimed


def _to_tell(session: Session, practice_id: UUID) -> list[Staff]:
    return [one for one in staffing.staff_of(session, practice_id) if one.active and one.roles & TOLD]


def _written(alarm: Alarm, person: Staff, practice: Practice, why: Why, words: str, gateways: Gateways) -> Mail:
    """The e-mail to one person. Its Message-ID is fixed, so that a second copy is known as one."""
    subject, effect = MAILS[why]
    fields = {"practice": practice.name, "words": words, "effect": effect, "url": gateways.base_url}
    return Mail(
        person.email,
        subject,
        render_template("web/standing_still.txt", **fields),
        render_template("web/standing_still.html", **fields),
        f"<alarm-{alarm.id.hex}-{person.id.hex}@cleared>",
    )
