"""Record what the clocks of a case run from: one transaction each, with an audit line, and its patient to look at."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit.actions import record
from app.authorizations import store as authorization_store
from app.deadlines import store
from app.deadlines.facts import AppealLevel, AppealOutcome, Case, Information, PeerToPeer, Receipt, TalkOutcome
from app.platform.caller import Caller
from app.platform.changes import Changed, announce, announced
from app.practice.store import staff as practice_store


class CaseNotFoundError(Exception):
    """The practice has no authorization of this id."""


class NothingOpenError(Exception):
    """There is no open request, call or appeal of this id: it is not on file, or was done already."""


class KnownAlreadyError(Exception):
    """It is on file already: the same id, or the same level of appeal against the same denial."""


class PersonNotFoundError(Exception):
    """Nobody of this id may sign in at the practice."""


class BackwardsError(Exception):
    """Something would end before it began. The first argument says what, as a sentence."""


def read_case(caller: Caller, authorization_id: UUID) -> Case:
    """Read what was recorded of a case, and note the reading. Raises CaseNotFoundError."""
    with announced(caller) as session:
        patient = _patient(session, caller.practice_id, authorization_id)
        found = store.cases(session, caller.practice_id, [authorization_id]).get(authorization_id)
        record(caller, "deadlines.seen", [patient, authorization_id])
    return found or Case(authorization_id)


def record_receipt(caller: Caller, authorization_id: UUID, receipt: Receipt) -> None:
    """Record when the payer received a request; it replaces what was recorded before.

    Raises CaseNotFoundError; BackwardsError.
    """
    if receipt.extension_on is not None and receipt.extension_on < receipt.received_on:
        raise BackwardsError("The payer's notice cannot be older than the receipt.")
    with _recording(caller, authorization_id, "deadlines.receipt", urgent=receipt.urgent) as session:
        store.save_receipt(session, caller.practice_id, authorization_id, receipt, _by(caller))


def ask_information(caller: Caller, authorization_id: UUID, asked: Information) -> None:
    """Record what the payer asked for. Raises CaseNotFoundError; KnownAlreadyError; BackwardsError."""
    if asked.due_at is not None and asked.due_at < asked.asked_at:
        raise BackwardsError("It cannot be due before it was asked for.")
    with _recording(caller, authorization_id, "deadlines.information_asked") as session:
        store.add_information(session, caller.practice_id, authorization_id, asked, _by(caller))


def answer_information(caller: Caller, request_id: UUID, at: datetime) -> None:
    """Record that the payer has what it asked for. Raises NothingOpenError; BackwardsError."""
    with _closing(caller, "deadlines.information_sent") as (session, closed):
        closed.append(store.answer_information(session, caller.practice_id, request_id, at))


def reopen_information(caller: Caller, request_id: UUID) -> None:
    """Take back that the payer has what it asked for. Raises NothingOpenError where that was not recorded."""
    with _closing(caller, "deadlines.information_reopened") as (session, closed):
        closed.append(store.reopen_information(session, caller.practice_id, request_id))


def offer_call(caller: Caller, authorization_id: UUID, call: PeerToPeer) -> None:
    """Record a call between physicians that the payer offered.

    Raises CaseNotFoundError; KnownAlreadyError; BackwardsError.
    """
    if call.closes_at < call.offered_at:
        raise BackwardsError("The call cannot close before it was offered.")
    with _recording(caller, authorization_id, "deadlines.call_offered") as session:
        store.add_call(session, caller.practice_id, authorization_id, call, _by(caller))


def book_call(caller: Caller, call: PeerToPeer) -> None:
    """Record when an open call is to be held (`booked_for`), by whom of ours, and how the payer is reached.

    Raises    NothingOpenError; BackwardsError; PersonNotFoundError.
    """
    with _closing(caller, "deadlines.call_booked", "The call cannot be held before it was offered.") as found:
        session, closed = found
        people = practice_store.staff_of(session, caller.practice_id)
        if call.provider_id is not None and not any(one.id == call.provider_id and one.active for one in people):
            raise PersonNotFoundError
        closed.append(store.book_call(session, caller.practice_id, call))


def hold_call(caller: Caller, call_id: UUID, at: datetime, outcome: TalkOutcome | None = None) -> None:
    """Record that a call was held, and how it ended. Raises NothingOpenError; BackwardsError."""
    with _closing(caller, "deadlines.call_held") as (session, closed):
        closed.append(store.hold_call(session, caller.practice_id, call_id, at, outcome))


def open_level(caller: Caller, authorization_id: UUID, level: AppealLevel) -> None:
    """Record a denial that opened a level of appeal, with the last day of its window.

    Raises CaseNotFoundError; KnownAlreadyError; BackwardsError.
    """
    if level.window_ends < level.denied_on:
        raise BackwardsError("The window of appeal cannot end before the denial.")
    with _recording(caller, authorization_id, "deadlines.appeal_opened", level=level.level) as session:
        store.add_level(session, caller.practice_id, authorization_id, level, _by(caller))


def file_appeal(caller: Caller, level_id: UUID, on: date, reference: str | None = None) -> None:
    """Record that an appeal was filed, and under which reference. Raises NothingOpenError; BackwardsError."""
    with _closing(caller, "deadlines.appeal_filed") as (session, closed):
        closed.append(store.file_level(session, caller.practice_id, level_id, on, reference))


def decide_appeal(caller: Caller, level_id: UUID, on: date, outcome: AppealOutcome | None = None) -> None:
    """Record that a filed appeal was decided, and how. Raises NothingOpenError; BackwardsError."""
    with _closing(caller, "deadlines.appeal_decided") as (session, closed):
        closed.append(store.decide_level(session, caller.practice_id, level_id, on, outcome))


def own_case(caller: Caller, authorization_id: UUID, owner_id: UUID | None) -> None:
    """Say whose a case is; None: nobody's, so that it belongs to the site's coordinators again.

    Raises CaseNotFoundError; PersonNotFoundError.
    """
    with _recording(caller, authorization_id, "deadlines.owner") as session:
        people = practice_store.staff_of(session, caller.practice_id)
        if owner_id is not None and not any(one.id == owner_id and one.active for one in people):
            raise PersonNotFoundError
        store.save_owner(session, caller.practice_id, authorization_id, owner_id, _by(caller))


@contextmanager
def _recording(caller: Caller, authorization_id: UUID, action: str, **details: int) -> Iterator[Session]:
    """One transaction that adds something to a case."""
    try:
        with announced(caller) as session:
            patient = _patient(session, caller.practice_id, authorization_id)
            yield session
            announce(session, Changed(frozenset({patient})))
            record(caller, action, [patient, authorization_id], **details)
    except IntegrityError:
        raise KnownAlreadyError from None


@contextmanager
def _closing(
    caller: Caller, action: str, backwards: str = "It cannot be done before it was asked for, offered or denied."
) -> Iterator[tuple[Session, list[UUID | None]]]:
    """One transaction that closes something of a case; the block tells which authorization it was of."""
    closed: list[UUID | None] = []
    try:
        with announced(caller) as session:
            yield session, closed
            if closed[0] is None:
                raise NothingOpenError
            patient = _patient(session, caller.practice_id, closed[0])
            announce(session, Changed(frozenset({patient})))
            record(caller, action, [patient, closed[0]])
    except IntegrityError:
        raise BackwardsError(backwards) from None


def _patient(session: Session, practice_id: UUID, authorization_id: UUID) -> UUID:
    found = authorization_store.patients_by_id(session, practice_id, [authorization_id])
    if authorization_id not in found:
        raise CaseNotFoundError
    return found[authorization_id]


def _by(caller: Caller) -> store.By:
    return caller.clock.now(), caller.user_id
