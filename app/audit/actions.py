"""Write an audit line inside the caller's transaction, and check the chain of a practice."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from app.audit import store
from app.audit.facts import AuditEntry, AuditError, Broken, Checked, Fault, Head
from app.audit.files import add_head, heads_in
from app.audit.rules import (
    LONGEST_REASON,
    ZERO_MAC,
    Detail,
    clean_details,
    clean_source,
    mac_of,
    mac_of_reason,
    mac_of_text,
    name_of_browser,
)
from app.platform.caller import Caller
from app.platform.db import writing
from app.platform.ids import new_id
from app.platform.rows import as_uuid
from app.platform.sealed import UnsealError
from app.platform.sessions import engine_of
from app.platform.wall import of_practice
from app.platform.workers import workers

SMALL = 20_000  # lines below which one process is quicker than starting two
HEADS = "audit_heads"
"""Where in a session's info the folder of the heads outside the database stands."""


def record(caller: Caller, action: str, subjects: Iterable[UUID] = (), **details: Detail) -> None:
    """Write who did or saw what, from where and why, in the transaction that is open: either both stand or neither.

    Takes     the caller; the action as `room.verb` (`schedule.moved`, `clearance.seen`); the ids of the patients,
              visits or other rows that it was about; details that are ids, numbers or single words, never PHI.
    Raises    AuditError when the line cannot be written; the action then fails.
    """
    session, practice_id = caller.session, caller.practice_id
    key_id, keys = _keys(session)
    key, line_id = keys[key_id], new_id()
    reason = caller.reason[:LONGEST_REASON] if caller.reason else None
    clean = clean_details(details)
    sequence, before = store.head(session, practice_id)
    entry = AuditEntry(
        line_id,
        sequence + 1,
        caller.clock.now(),
        caller.user_id,
        caller.via,
        action,
        tuple(subjects),
        clean,
        clean_source(caller.source),
        name_of_browser(key, caller.browser),
        None if reason is None else mac_of_reason(key, practice_id, line_id, reason),
        key_id,
    )
    store.append(session, practice_id, entry, mac_of(key, practice_id, before, entry), reason)


def first_broken(caller: Caller) -> int | None:
    """Check the whole chain of a practice. Returns the number of the first line that is not as written, or None."""
    broken = check(caller).broken
    return None if broken is None else broken.sequence


def check(caller: Caller, processes: int | None = None) -> Checked:
    """Check every line of a practice: its MAC, its place, whom it is about, its reason, the head, the heads outside.

    Takes     how many processes read; by default one for each core, or none but this for a short log.
    Returns   what was checked, and the first place that is not as it was written.
    """
    session, practice_id = caller.session, caller.practice_id
    _key_id, keys = _keys(session)
    session.rollback()
    last = store.last_line(session, practice_id)
    many = processes or (_cores() if last >= SMALL else 1)
    pieces = [_Piece(last * part // many, last * (part + 1) // many) for part in range(many)]
    ends = [_check_piece(session, practice_id, keys, pieces[0])] if many == 1 else _in_processes(caller, pieces)
    found = [broken for end in ends if (broken := end.broken) is not None]
    with writing(session):  # holds the head: nobody writes a line while the end is compared with it
        tail = _check_piece(session, practice_id, keys, _Piece(last, None))
        found += _faults_of_the_end(session, practice_id, tail)
    heads, outside = _outside(session, practice_id, keys[min(keys)], tail.last)
    # The chain names the very line; the heads outside only say after which one it is another chain.
    return Checked(tail.last, heads, min(found or outside, default=None))


def write_head(caller: Caller) -> bool:
    """Write the end of the chain into the file outside the database, unless it says so already. Returns whether."""
    session, folder = caller.session, caller.session.info.get(HEADS)
    if not isinstance(folder, Path):
        raise AuditError("the folder of the heads is missing: open the session through the program")
    _key_id, keys = _keys(session)
    found = store.head_as_is(session, caller.practice_id)
    session.rollback()
    if found is None:
        return False
    return add_head(folder, keys[min(keys)], Head(caller.practice_id, caller.clock.now().date(), *found))


@dataclass(frozen=True)
class _Piece:
    """The lines after one number up to another; None: all that follow."""

    after: int
    until: int | None


@dataclass(frozen=True)
class _End:
    """What one piece came to: the number and MAC of its last good line, and what is broken after it."""

    last: int
    mac: bytes
    broken: Broken | None


@dataclass(frozen=True)
class _Task:
    """What a process needs to check one piece."""

    url: URL
    info: dict[Any, Any]
    practice_id: UUID
    keys: Mapping[int, bytes]
    piece: _Piece


def _check_piece(session: Session, practice_id: UUID, keys: Mapping[int, bytes], piece: _Piece) -> _End:
    """Follow the chain through one piece, from the MAC that is stored with the line before it."""
    last, mac = piece.after, ZERO_MAC
    if piece.after:
        mac = store.mac_at(session, practice_id, piece.after) or b""
    reasons: dict[UUID, tuple[int, bytes, bytes]] = {}
    for number, line, told, subjects_agree, line_id, reason_mac, key_id in store.stored(
        session, practice_id, piece.after, piece.until
    ):
        key = keys.get(key_id)
        if number != last + 1:
            fault = Fault.MISSING if number > last + 1 else Fault.LINE
            return _End(last, mac, Broken(min(number, last + 1), fault))
        if key is None or mac_of_text(key, mac, line) != told:
            return _End(last, mac, Broken(number, Fault.LINE))
        if not subjects_agree:
            return _End(last, mac, Broken(number, Fault.SUBJECTS))
        if reason_mac is not None:
            reasons[as_uuid(line_id)] = number, reason_mac, key
        last, mac = number, told
    missing = Broken(last + 1, Fault.MISSING) if piece.until is not None and last < piece.until else None
    return _End(last, mac, min(filter(None, [missing, _reason_fault(session, practice_id, reasons)]), default=None))


def _reason_fault(
    session: Session, practice_id: UUID, reasons: Mapping[UUID, tuple[int, bytes, bytes]]
) -> Broken | None:
    """Find the first line whose reason is missing, was changed, or does not open."""
    wrong = []
    for line_id, (sequence, told, key) in reasons.items():
        try:
            words = store.reasons_of(session, practice_id, [line_id]).get(line_id)
        except UnsealError:
            words = None
        if words is None or mac_of_reason(key, practice_id, line_id, words) != told:
            wrong.append(Broken(sequence, Fault.REASON))
    return min(wrong, default=None)


def _faults_of_the_end(session: Session, practice_id: UUID, tail: _End) -> list[Broken]:
    """Compare the last line with the head, and look for what belongs to no line."""
    head = store.head_as_is(session, practice_id) or (0, ZERO_MAC)
    found = [] if tail.broken is None else [tail.broken]
    if tail.broken is None and head[0] > tail.last:
        found.append(Broken(tail.last + 1, Fault.MISSING))
    elif tail.broken is None and head != (tail.last, tail.mac):
        found.append(Broken(tail.last, Fault.HEAD))
    lost = store.lost_subjects(session, practice_id)
    unasked = store.unasked_reason(session, practice_id)
    found += [Broken(lost, Fault.SUBJECTS)] if lost is not None else []
    return found + ([Broken(unasked, Fault.REASON)] if unasked is not None else [])


def _outside(session: Session, practice_id: UUID, key: bytes, last: int) -> tuple[int, list[Broken]]:
    """Compare the log with the heads outside the database. Returns how many there are, and the first that disagrees."""
    folder = session.info.get(HEADS)
    heads = heads_in(folder, key) if isinstance(folder, Path) else []
    agreed, mine = 0, 0
    for number, head in enumerate(heads, 1):
        if head is None:
            return mine, [Broken(number, Fault.HEADS_FILE)]
        if head.practice_id != practice_id:
            continue
        mine += 1
        if head.sequence and store.mac_at(session, practice_id, head.sequence) != head.mac:
            return mine, [Broken(last + 1 if head.sequence > last else agreed + 1, Fault.OUTSIDE)]
        agreed = head.sequence
    return mine, []


def _in_processes(caller: Caller, pieces: list[_Piece]) -> list[_End]:
    """Check pieces beside each other: each line needs only the MAC that is stored with the line before it."""
    session = caller.session
    info = {name: session.info[name] for name in ("keyring", "audit_key")}
    url, keys = session.get_bind().engine.url, _keys(session)[1]
    session.rollback()
    with workers(len(pieces)) as pool:
        tasks = [_Task(url, info, caller.practice_id, keys, piece) for piece in pieces]
        return list(pool.map(_work, tasks, chunksize=1))


def _work(task: _Task) -> _End:
    engine = engine_of(task.url)
    try:
        with Session(engine, info=dict(task.info)) as session:
            of_practice(session, task.practice_id)
            return _check_piece(session, task.practice_id, task.keys, task.piece)
    finally:
        engine.dispose()


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _keys(session: Session) -> tuple[int, Mapping[int, bytes]]:
    """The id of the key that signs now, and every audit key by its id."""
    key = session.info.get("audit_key")
    if not isinstance(key, bytes) or len(key) < 32:
        raise AuditError("the audit key is missing: open the session through the program")
    key_id = session.info.get("audit_key_id", 1)
    keys: Mapping[int, bytes] = session.info.get("audit_keys") or {key_id: key}
    return key_id, keys
