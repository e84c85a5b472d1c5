"""What comes in at the webhooks, after its signature was checked: find whose it is, and hand it on."""

import re
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.alerts.actions.hands import HANDS
from app.alerts.actions.replies import take_in
from app.alerts.actions.reporting import take_report
from app.alerts.store import outbox
from app.platform.caller import Caller
from app.platform.clock import Clock
from app.practice.store import practice as practice_store

T = TypeVar("T")
VIA = "webhook"
_PROVIDER_ID = re.compile(r"[A-Z]{2}[0-9a-fA-F]{32}")
_CODE = re.compile(r"\d{1,6}")


def hear_report(
    session: Session, clock: Clock, reference: str, provider_id: str, status: str, code: str, number: str
) -> bool:
    """Take in a signed report of the message that our own reference names. Returns whether anything changed.

    A report that names no message of ours, or cannot be read, changes nothing.
    """
    found = outbox.by_reference(session, reference)
    if found is None or not _PROVIDER_ID.fullmatch(provider_id):
        return False
    caller = Caller(session, found[0], clock, via=VIA)
    known_code = code if _CODE.fullmatch(code) else None
    return _patiently(session, lambda: take_report(caller, HANDS, found[1], provider_id, status, known_code, number))


def hear_text(session: Session, clock: Clock, provider_id: str, sender: str, to: str, body: str) -> bool:
    """Take in a signed text that someone wrote to our number. Returns whether it could be read.

    An installation has one practice; where a database holds several they share the number, and each hears it.
    """
    if not _PROVIDER_ID.fullmatch(provider_id) or not sender:
        return False
    for practice in practice_store.all_practices(session):
        if not practice.sample:
            caller = Caller(session, practice.id, clock, via=VIA)
            _patiently(session, partial(take_in, caller, provider_id, sender, to, body, clock.now()))
    return True


def _patiently(session: Session, work: Callable[[], T]) -> T:
    """Try once more where the database was busy all the time: the provider says a thing once, and a STOP must be heard.

    Both things are safe twice. Two waits of five seconds end before the provider's own fifteen do.
    """
    try:
        return work()
    except OperationalError:
        session.rollback()
        return work()
