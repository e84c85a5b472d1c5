"""A payer's no: record it, talk it over between physicians, appeal it level by level, and record how that ended."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.audit.actions import record
from app.authorizations import store as authorization_store
from app.authorizations.actions import move
from app.authorizations.facts import AuthorizationRecord, Status
from app.casework.actions.cases import read_case
from app.casework.actions.entries import add_entry
from app.casework.actions.steering import set_next
from app.casework.actions.watching import badges_of, turned_since
from app.casework.facts.cases import CaseFile, CaseNotFoundError
from app.casework.facts.denials import Answered, Denial, DenialFile, NewDenial, Window
from app.casework.facts.done import Done
from app.casework.facts.entries import Entry, EntryKind, NextStep
from app.casework.rules.windows import name_of, open_levels, window_of
from app.casework.store import denials as store
from app.coverage.store import coverages as coverage_store
from app.deadlines import store as clock_store
from app.deadlines.rules.requests import question_of_denial
from app.platform.caller import Caller
from app.platform.changes import announced
from app.platform.ids import new_id
from app.policies.actions.library import current_book
from app.practice.store import practice as practice_store

Seen = tuple[UUID, int]
"""A case and the version of it that the person saw."""
REFUSED = frozenset({Status.DENIED, Status.PARTLY_APPROVED, Status.IN_APPEAL})


def read_denials(caller: Caller, case_id: UUID) -> DenialFile:
    """Read the denials of a case with their windows, and note who read them. Raises CaseNotFoundError."""
    case = read_case(caller, case_id)
    session, practice_id, patient = caller.session, caller.practice_id, case.record.patient_id
    denials = store.of_case(session, practice_id, case_id, patient)
    struck = frozenset(one.corrects for one in denials if one.corrects is not None)
    found = DenialFile(case, denials, struck, clock_store.case_opened(session, practice_id, case_id), ())
    return replace(found, windows=_windows(caller, found))


def window_against(caller: Caller, case: CaseFile, level: str, denied_on: date, denial: Denial | None) -> Window:
    """Find the window of one level of appeal against a denial of a day."""
    session, practice_id, row = caller.session, caller.practice_id, case.row
    book = current_book(session, practice_id)
    coverages = coverage_store.of_patients(session, practice_id, [row.patient_id]).get(row.patient_id, ())
    practice = practice_store.practice_of(session, practice_id)
    site = case.chart.sites.get(row.site_id) if row.site_id is not None else None
    where = (site.zone, site.state) if site is not None else (practice.zone, practice.state)
    receipt = case.clocks.receipt
    urgent = receipt.urgent if receipt is not None else case.record.urgent
    question = question_of_denial(row, coverages, book, where, denied_on, urgent=urgent)
    return window_of(level, question, book.clocks, denial)


def _windows(caller: Caller, found: DenialFile) -> tuple[Window, ...]:
    """The windows of what can be opened now; nothing can be while a payer that was asked has not answered."""
    day = found.denied_on
    if day is None or found.case.record.status not in REFUSED:
        return ()
    waiting = {name_of(one): one for one in found.clocks.appeals if one.filed_on is None and one.decided_on is None}
    names = [name for name in open_levels(found.clocks.appeals, day) if name not in waiting]
    opened = [Window(name, one.window_ends, letter=True) for name, one in waiting.items()]
    return (*opened, *(window_against(caller, found.case, name, day, found.last) for name in names))


def record_denial(caller: Caller, seen: Seen, key: UUID, new: NewDenial) -> Done:
    """Record that the payer denied a case.

    Takes     the case as the person saw it; the id that the form carries, so that a form sent twice counts once; the
              denial. One that corrects another takes its place.
    Returns   what it did to the visits.
    Raises    CaseNotFoundError; StaleAuthorizationError, IllegalMoveError, RefusedValueError of the room of
              authorizations; nothing is saved then.
    """
    case_id, version = seen
    old = held(caller.session, caller.practice_id, case_id)
    if store.is_on_file(caller.session, caller.practice_id, key):
        return Done(None)
    before, event_id = badges_of(caller, old.patient_id), new_id()
    with announced(caller) as session:
        values: dict[str, Any] = {"decided_on": new.denied_on, "denial_reason": new.words}
        move(caller, case_id, version, Status.DENIED, values, event_id=event_id)
        denial = _denial(caller, old, key, new)
        store.add(session, caller.practice_id, denial)
        tell(caller, old, EntryKind.DECISION, _denied_words(denial), event_id, new.next_step, new.document_id)
        record(caller, "casework.denied", [old.patient_id, case_id], level=0)
    return Done(event_id, turned_since(caller, old.patient_id, before))


def _denial(caller: Caller, old: AuthorizationRecord, key: UUID, new: NewDenial, level: int = 0) -> Denial:
    return Denial(
        id=key,
        case_id=old.id,
        patient_id=old.patient_id,
        denied_on=new.denied_on,
        words=new.words,
        recorded_at=caller.clock.now(),
        recorded_by=caller.user_id,
        level=level,
        code=new.code,
        unmet=new.unmet,
        appeal_by=new.appeal_by,
        document_id=new.document_id,
        corrects=new.corrects,
    )


def _denied_words(denial: Denial) -> str:
    code = f" (code {denial.code})" if denial.code else ""
    return f"Denied{code}: {denial.words}"


def settle(caller: Caller, old: AuthorizationRecord, version: int, ended: Answered, event_id: UUID) -> None:
    """Take a case to what a talk or an appeal came to: granted, granted in part, or denied as before.

    Runs in the transaction of whoever calls. Raises as `record_denial`.
    """
    granted = ended.granted
    values: dict[str, Any] = {"decided_on": ended.on}
    if granted is None:
        values |= {"denial_reason": ended.words} if ended.words else {}
        move(caller, old.id, version, Status.DENIED, values, event_id=event_id)
        return
    values |= {"number": granted.number, "verbal": granted.number is None}
    values |= _kept(granted.begins, granted.ends)
    to = Status.PARTLY_APPROVED if ended.partly else Status.APPROVED
    move(caller, old.id, version, to, values, event_id=event_id)


def _kept(begins: date | None, ends: date | None) -> Mapping[str, date]:
    """The days that were said; what was not said stays as it was."""
    return {name: day for name, day in (("begins", begins), ("ends", ends)) if day is not None}


def add_denial_of_level(
    caller: Caller, session: Session, old: AuthorizationRecord, key: UUID, ended: Answered, level: int
) -> None:
    """Keep the payer's words where an appeal was turned down: the denial that the next level is against."""
    new = NewDenial(ended.on, ended.words or "The denial was upheld.")
    store.add(session, caller.practice_id, _denial(caller, old, key, new, level))


def tell(
    caller: Caller,
    old: AuthorizationRecord,
    kind: EntryKind,
    words: str,
    event_id: UUID | None,
    step: NextStep | None,
    document_id: UUID | None = None,
) -> None:
    """Write what happened into the case's history, and what comes next. Runs in the caller's transaction."""
    entry = Entry(
        id=new_id(),
        case_id=old.id,
        patient_id=old.patient_id,
        kind=kind,
        at=caller.clock.now(),
        by_id=caller.user_id,
        words=words,
        document_id=document_id,
        event_id=event_id,
        next_action=step.action if step is not None else None,
        next_action_on=step.on if step is not None else None,
    )
    add_entry(caller, entry)
    if step is not None:
        set_next(caller, [old.id], step.action, step.on)


def held(session: Session, practice_id: UUID, case_id: UUID) -> AuthorizationRecord:
    """Read a case. Raises CaseNotFoundError."""
    found = authorization_store.record_of(session, practice_id, case_id)
    if found is None:
        raise CaseNotFoundError
    return found[0]
