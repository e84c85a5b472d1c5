"""A file under way: begin it, match its columns, correct rows, check it, confirm it, or discard it.

Nothing is written to the practice's own tables before it is confirmed (app/imports/actions/confirming.py). Every step
changes the draft as it was read: of two people who act on one at once, the second is told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

from app.audit.actions import record
from app.imports.actions.checking import check
from app.imports.actions.undoing import undo_states
from app.imports.facts import WORKING, Draft, DraftState, Edits, FileRefusedError, Kind, PastRun, Table
from app.imports.files.reading import digest_of, read_bytes
from app.imports.intake.guessing import faults_of, guess, header_keys, header_set, kind_of, samples_of
from app.imports.intake.headers import likely
from app.imports.store import drafts, runs
from app.platform.caller import Caller
from app.platform.db import writing
from app.platform.ids import new_id
from app.practice.facts.staff import Staff
from app.practice.store import staff as practice

AT_ONCE = 2000
"""Rows that are checked and written while the person waits; longer files go to the worker."""
LIFETIME = timedelta(hours=24)
DOUBLE_CLICK = timedelta(seconds=30)
"""A file that one person sends twice within it is begun once."""
PAGE = 50


class DraftGoneError(Exception):
    """The draft was discarded, has expired or never was."""


class DraftChangedError(Exception):
    """Someone has changed the draft since the page was shown."""

    def __init__(self, draft: Draft) -> None:
        super().__init__("changed")
        self.draft = draft


@dataclass(frozen=True, slots=True)
class Desk:
    """What the list of imports shows."""

    drafts: tuple[Draft, ...]
    runs: tuple[PastRun, ...]
    more: bool
    people: Mapping[UUID, Staff]
    undo: Mapping[UUID, str]


def read_desk(caller: Caller, after: UUID | None) -> Desk:
    """List what is under way and what was brought in, newest first, a page at a time."""
    session, practice_id = caller.session, caller.practice_id
    found = runs.past_runs(session, practice_id, after, PAGE + 1)
    undo = undo_states(caller, found)
    return Desk(drafts.drafts(session, practice_id), found[:PAGE], len(found) > PAGE, people_of(caller), undo)


def people_of(caller: Caller) -> Mapping[UUID, Staff]:
    """The people of the practice by id."""
    return {one.id: one for one in practice.staff_of(caller.session, caller.practice_id)}


def read_draft(caller: Caller, draft_id: UUID) -> Draft:
    """Read a draft for its page, and note that it was seen. Raises DraftGoneError."""
    draft = _found(caller, draft_id)
    if draft.state not in WORKING:
        shown = {UUID(hex=one["patient"]) for one in (draft.summary or {}).get("gone", ())}
        with writing(caller.session):
            record(caller, "imports.draft_seen", (draft_id, *sorted(shown)))
    return draft


def read_edits(caller: Caller, draft_id: UUID) -> Edits:
    """Read what was decided on a draft so far."""
    return drafts.edits_of(caller.session, caller.practice_id, draft_id)


def begin(caller: Caller, name: str, content: bytes, kind: Kind | None) -> UUID:
    """Read a file and keep it as a draft; check it at once where its columns leave no doubt and it is short.

    Raises    FileRefusedError with a sentence when it is not a table, or has no rows.
    """
    table = read_bytes(content)
    if not table.rows:
        raise FileRefusedError("empty", "The file has a header and no rows. Export the table again with its rows.")
    draft = _new_draft(caller, name, digest_of(content), table, kind)
    with writing(caller.session) as session:
        before = drafts.begun_alike(session, caller.practice_id, draft, draft.began_at - DOUBLE_CLICK)
        if before is not None:
            return before
        drafts.add_draft(session, caller.practice_id, draft, table)
        record(caller, "imports.draft_begun", (draft.id,), rows=draft.rows)
    if draft.columns is not None:
        _go_on(caller, draft, Edits())
    return draft.id


def hand_in(caller: Caller, name: str, sha256: str, table: Table, kind: Kind | None, draft_id: UUID) -> Draft:
    """Keep a table as a draft and leave all work on it to the worker: one transaction, or a part of one.

    Takes     what a program handed in, read before; the id that the draft gets.
    Returns   the draft: to be checked, or to be matched by a person where its columns leave a doubt.
    """
    draft = replace(_new_draft(caller, name, sha256, table, kind), id=draft_id)
    if draft.columns is not None:
        draft = replace(draft, state=DraftState.TO_CHECK)
    with writing(caller.session) as session:
        drafts.add_draft(session, caller.practice_id, draft, table)
        record(caller, "imports.draft_begun", (draft.id,), rows=draft.rows)
    return draft


def _new_draft(caller: Caller, name: str, sha256: str, table: Table, kind: Kind | None) -> Draft:
    now = caller.clock.now()
    remembered = runs.header_match(caller.session, caller.practice_id, header_set(table.header))
    found = kind or kind_of(table.header, remembered)
    columns = None if found is None else _certain(table, found, remembered)
    head = {"name": name, "header": table.header, "samples": samples_of(table)}
    return Draft(
        id=new_id(),
        state=DraftState.MATCHING,
        kind=found or likely(table.header),
        version=1,
        sha256=sha256,
        rows=len(table.rows),
        done=0,
        columns=columns,
        began_at=now,
        began_by=caller.user_id,
        changed_at=now,
        ended_by=None,
        run_id=None,
        head=head,
        summary=None,
    )


def _certain(table: Table, kind: Kind, remembered: Mapping[str, str]) -> tuple[str, ...] | None:
    """Match the columns where that leaves no doubt."""
    found = guess(table.header, kind, remembered)
    return None if found.doubts or faults_of(kind, found.columns) else found.columns


def columns_of(caller: Caller, draft: Draft, kind: Kind) -> tuple[Sequence[str], frozenset[int]]:
    """Give the columns to show for a draft: as matched, else guessed; with the places to look at."""
    remembered = runs.header_match(caller.session, caller.practice_id, header_set(draft.head["header"]))
    found = guess(draft.head["header"], kind, remembered)
    if draft.columns is not None and kind is draft.kind:
        return draft.columns, frozenset()
    return found.columns, found.doubts


def match_columns(caller: Caller, draft_id: UUID, version: int, kind: Kind, columns: tuple[str, ...]) -> None:
    """Take columns as a person matched them, remember them for files of the same headers, and check.

    Takes     columns without faults (intake/guessing.py: faults_of).
    """
    draft = _as_read(caller, draft_id, version)
    header = draft.head["header"]
    by_hand = dict(zip(header_keys(header), columns, strict=True))
    with writing(caller.session) as session:
        runs.save_header_match(session, caller.practice_id, header_set(header), by_hand)
        record(caller, "imports.headers_matched", columns=len(columns))
    edits = drafts.edits_of(caller.session, caller.practice_id, draft_id)
    values = {"kind": kind, "columns": list(columns)}
    _go_on(caller, replace(draft, kind=kind, columns=columns), edits, values)


def correct_rows(caller: Caller, draft_id: UUID, version: int, cells: Mapping[tuple[int, int], str]) -> None:
    """Write cells of refused rows anew in the draft, by row and place, and check again. The file itself stays."""
    draft = _as_read(caller, draft_id, version)
    edits = drafts.edits_of(caller.session, caller.practice_id, draft_id)
    after = {row: dict(places) for row, places in edits.cells.items()}
    for (row, place), text in cells.items():
        after.setdefault(row, {})[place] = text
    changed = replace(edits, cells=after)
    _go_on(caller, draft, changed, {"edits": changed})


def check_again(caller: Caller, draft_id: UUID, version: int) -> None:
    """Check a draft against what is on file now."""
    draft = _as_read(caller, draft_id, version)
    _go_on(caller, draft, drafts.edits_of(caller.session, caller.practice_id, draft_id))


def discard(caller: Caller, draft_id: UUID, version: int) -> None:
    """Remove a draft with all that it holds. One that is being written, or is done, stays."""
    draft = _as_read(caller, draft_id, version)
    with writing(caller.session) as session:
        if not drafts.drop_draft(session, caller.practice_id, draft):
            raise DraftChangedError(draft)
        record(caller, "imports.draft_discarded", (draft_id,))


def forget_old(caller: Caller) -> int:
    """Remove the drafts whose day is over. Returns how many."""
    with writing(caller.session) as session:
        return drafts.drop_begun_before(session, caller.practice_id, caller.clock.now() - LIFETIME)


def found_draft(caller: Caller, draft_id: UUID) -> Draft:
    """Read a draft for an action. Raises DraftGoneError."""
    return _found(caller, draft_id)


def _found(caller: Caller, draft_id: UUID) -> Draft:
    draft = drafts.draft_of(caller.session, caller.practice_id, draft_id)
    if draft is None or caller.clock.now() - draft.began_at >= LIFETIME:
        raise DraftGoneError("gone")
    return draft


def _as_read(caller: Caller, draft_id: UUID, version: int) -> Draft:
    """Read a draft that a person may still change, as the page showed it."""
    draft = _found(caller, draft_id)
    if draft.version != version or draft.state in (DraftState.TO_CONFIRM, DraftState.CONFIRMING, DraftState.DONE):
        raise DraftChangedError(draft)
    return draft


def _go_on(caller: Caller, draft: Draft, edits: Edits, changed: Mapping[str, Any] = MappingProxyType({})) -> None:
    """Check a short file now; leave a long one to the worker."""
    values: dict[str, Any] = dict(changed)
    if draft.rows > AT_ONCE:
        values |= {"state": DraftState.TO_CHECK, "done": 0}
    else:
        checked = check(caller, draft, edits)
        values |= {"state": DraftState.CHECKED, "summary": checked.summary, "refused": checked.refused}
    with writing(caller.session) as session:
        if not drafts.change_draft(session, caller.practice_id, draft, caller.clock.now(), **values):
            raise DraftChangedError(_found(caller, draft.id))
        record(caller, "imports.draft_checked", (draft.id,), rows=draft.rows)
