"""Keep a patient's coverages by hand, and record whether a provider is in a payer's network."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit.actions import record
from app.coverage.facts import CoverageEvent, CoverageRecord, UnknownPayerError
from app.coverage.rules import (
    changes_of,
    check_of_edit,
    values_before,
    without_answer_of_another,
    without_older_answer,
)
from app.coverage.store import checks as check_store
from app.coverage.store import coverages as store
from app.platform.caller import Caller
from app.platform.changes import Changed, announce, announced
from app.platform.ids import new_id
from app.policies.actions.library import current_book
from app.policies.rules.payers import resolve_payer
from app.policies.store.payers import payers
from app.practice.actions import practice
from app.practice.facts.practice import Network
from app.values.spans import DateSpan

UNDO_FOR = timedelta(hours=24)
LOOKED_THROUGH = 60  # the latest changes of a patient, among which the last one of the coverage is


class UndoRefusedError(Exception):
    """The change cannot be taken back: it is too old, another followed, or its old values are not kept."""


class CoverageNotFoundError(Exception):
    """The patient has no coverage with this id."""


class StaleCoverageError(Exception):
    """Somebody changed the coverage meanwhile: nothing is saved."""


class KnownCoverageError(Exception):
    """The patient has a coverage of this rank, payer, member and begin already."""


def add_coverage(caller: Caller, new: CoverageRecord) -> bool:
    """Add one coverage; its id, made by who asks, lets a form that is sent twice add it once.

    Returns   False when it is on file already under this id.
    Raises    KnownCoverageError; ValueError where it would end before it begins.
    """
    _refuse_backwards(new.begins, new.ends)
    try:
        with announced(caller) as session:
            if any(one.id == new.id for one in store.on_file(session, caller.practice_id, new.patient_id, hold=True)):
                return False
            store.add_coverages(session, caller.practice_id, [new])
            _noted(caller, session, None, new, "coverage.added")
    except IntegrityError:
        raise KnownCoverageError from None
    return True


def change_coverage(
    caller: Caller,
    patient_id: UUID,
    coverage_id: UUID,
    version: int,
    changes: Mapping[str, Any],
    event_id: UUID | None = None,
) -> CoverageRecord:
    """Change one coverage, or record what the plan said of it, which is a check; its patient's visits are judged anew.

    Takes     the patient, the coverage, the version that the person saw, and the new values by the field names of
              CoverageRecord. Where payer or member become another, the last answer is forgotten, unless a new one is
              among the values. An answer of a day before that of the one on file is kept as a check and changes
              nothing. `event_id`: the id that the change gets, for taking it back.
    Returns   what is on file now. Values that change nothing leave no trace.
    Raises    CoverageNotFoundError; StaleCoverageError; KnownCoverageError; ValueError where it would end before it
              begins.
    """
    try:
        with announced(caller) as session:
            old, now = held(caller, session, patient_id, coverage_id)
            if now != version:
                raise StaleCoverageError
            counts = without_older_answer(old, changes)
            new = replace(old, **counts)
            new = new if "checked_on" in counts else without_answer_of_another(old, new)
            event_id = event_id or new_id()
            check = check_of_edit(old, changes, event_id, caller.clock.now(), caller.user_id)
            if check is not None and (new != old or counts != changes):
                check_store.add_check(session, caller.practice_id, check)
            return write_coverage(caller, session, old, new, event_id)
    except IntegrityError:
        raise KnownCoverageError from None


def take_back(caller: Caller, patient_id: UUID, coverage_id: UUID, event_id: UUID) -> CoverageRecord:
    """Put back what a coverage was before its last change by hand, within 24 hours.

    Raises    CoverageNotFoundError; UndoRefusedError; KnownCoverageError.
    """
    try:
        with announced(caller) as session:
            old, _version = held(caller, session, patient_id, coverage_id)
            events = store.latest_events(session, caller.practice_id, patient_id, LOOKED_THROUGH)
            last = next((one for one in events if one.coverage_id == coverage_id), None)
            if last is None or last.id != event_id or last.at + UNDO_FOR < caller.clock.now():
                raise UndoRefusedError
            before = values_before(last.changes)
            if before is None or any(_differs(old, name, pair[1]) for name, pair in last.changes.items()):
                raise UndoRefusedError  # an import wrote over it since
            check_store.take_back(session, caller.practice_id, event_id, caller.clock.now())
            return write_coverage(caller, session, old, replace(old, **before), new_id(), undoes=True)
    except IntegrityError:
        raise KnownCoverageError from None


def _differs(record: CoverageRecord, name: str, after: str | None) -> bool:
    value = getattr(record, name)
    return (None if value is None else str(value)) != after


def held(caller: Caller, session: Session, patient_id: UUID, coverage_id: UUID) -> tuple[CoverageRecord, int]:
    """Read one coverage with its version, and hold it for writing. Raises CoverageNotFoundError."""
    coverages = store.on_file(session, caller.practice_id, patient_id, hold=True)
    found = next((one for one in coverages if one.id == coverage_id), None)
    if found is None:
        raise CoverageNotFoundError
    return found, coverages[found]


def write_coverage(
    caller: Caller,
    session: Session,
    old: CoverageRecord,
    new: CoverageRecord,
    event_id: UUID | None,
    undoes: bool = False,
    verified: bool = True,
) -> CoverageRecord:
    """Write a coverage that is held, with its event, inside `announced`; nothing where nothing changed.

    `verified` False: it is no more certain by this than it was.
    """
    _refuse_backwards(new.begins, new.ends)
    if new == old:
        return old
    new = replace(new, verified=verified or old.verified)
    store.change_coverages(session, caller.practice_id, [new])
    _noted(caller, session, old, new, "coverage.changed", event_id, undoes)
    return new


def _refuse_backwards(begins: date | None, ends: date | None) -> None:
    if begins is not None and ends is not None and ends < begins:
        raise ValueError("a coverage cannot end before it begins")


def _noted(
    caller: Caller,
    session: Session,
    old: CoverageRecord | None,
    new: CoverageRecord,
    action: str,
    event_id: UUID | None = None,
    undoes: bool = False,
) -> None:
    changes = changes_of(old, new) | ({"why": [None, "undone"]} if undoes else {})
    event = CoverageEvent(
        event_id or new_id(), new.patient_id, new.id, caller.clock.now(), caller.via, caller.user_id, changes
    )
    store.add_event(session, caller.practice_id, event)
    announce(session, Changed(frozenset({new.patient_id})))
    record(caller, action, [new.patient_id, new.id])


def record_participation(
    caller: Caller, payer: str, plan: str | None, provider_npi: str, network: Network, span: DateSpan
) -> bool:
    """Record the practice's word on one provider in the network of a payer, named by id, name or alias.

    Returns   False when this was the last word already.
    Raises    UnknownPayerError when neither the rules nor the practice's files know the payer.
    """
    match = resolve_payer(current_book(caller.session, caller.practice_id), payer)
    known = match.in_library or match.key in payers(caller.session, caller.practice_id)
    if match.self_pay or not known:
        raise UnknownPayerError(payer)
    return practice.record_participation(caller, match.key, plan, provider_npi, network, span)
