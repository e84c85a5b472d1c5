"""Undo an import within a day: what it made is removed and what it replaced comes back, where nothing changed since.

Piece by piece, as it was written, the last piece first. A piece takes two transactions: in the first what it made ends
and what it replaced comes back, and the patients are judged again; in the second the rows that ended are removed, of
which no verdict speaks any more. After a crash the next call goes on with the pieces that are left.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.audit.actions import record
from app.imports.actions.histories import told
from app.imports.facts import PastRun
from app.imports.rules.undoing import Piece, Same, Step, changes_between, step_of
from app.imports.store import pieces, rows, runs
from app.imports.store.pieces import Undo
from app.platform.caller import Caller
from app.platform.changes import Changed, announce, announced
from app.platform.db import writing
from app.platform.lock import held
from app.schedule import store as schedule

KEPT = timedelta(hours=24)
SHOWN = 50
"""Visits that stay, named on the page."""
AT_ONCE = 10
"""Pieces undone while a person waits; the worker undoes longer runs."""
SAME_MOMENT = timedelta(seconds=2)
"""How far apart in time two rows of one transaction may be."""
RESTORED = ("authorization", "coverage", "visit", "patient")
AT_FIRST = ("authorization", "coverage")
AT_LAST = ("visit", "patient", "schedule_import", "site", "provider", "payer")
"""Tables of which rows are put back; those removed at first; those removed at last, what hangs on others first."""
EVENTS = frozenset({"coverage"})
"""Tables that keep what happened to their rows, beside authorizations."""


class NothingToUndoError(Exception):
    """There is no such run, or it is more than a day old: what it replaced is no longer kept."""


class ImportBusyError(Exception):
    """Another import works on this practice now; ask again later."""


@dataclass(frozen=True, slots=True)
class Undoing:
    """A run that can be undone, or was: what it made and changed by table, its undo, and the first visits that stay."""

    run: PastRun
    until: datetime
    counts: Mapping[str, list[int]]
    undo: Undo | None
    possible: bool
    visits: tuple[tuple[UUID, str], ...] = ()  # our id and the practice system's


def see_undo(caller: Caller, run_id: UUID) -> Undoing:
    """Say what undoing a run would do, or what it did. Raises NothingToUndoError for a run that is not there."""
    session, practice_id = caller.session, caller.practice_id
    run = runs.past_run(session, practice_id, run_id)
    if run is None:
        raise NothingToUndoError
    undo = pieces.undo_of(session, practice_id, run_id)
    counts = pieces.counts_of(session, practice_id, run_id) if undo is None else {}
    left = [UUID(one) for one in undo.left.get("visit", ())[:SHOWN]] if undo is not None else []
    visits = schedule.visits_by_ids(session, practice_id, left)
    named = tuple(sorted(((one.id, one.reference) for one in visits.values()), key=lambda pair: pair[1]))
    return Undoing(run, run.ended_at + KEPT, counts, undo, undo is None and _is_kept(caller, run), named)


def undo_states(caller: Caller, past: Sequence[PastRun]) -> dict[UUID, str]:
    """Say of runs whether their undo is `possible`, `working` or `undone`; one that is too old is left out."""
    undone = pieces.undone_runs(caller.session, caller.practice_id, [one.id for one in past])
    states = {one: "working" if ended is None else "undone" for one, ended in undone.items()}
    return {one.id: "possible" for one in past if _is_kept(caller, one)} | states


def _is_kept(caller: Caller, run: PastRun) -> bool:
    return caller.clock.now() < run.ended_at + KEPT


def undo_import(caller: Caller, run_id: UUID) -> Undo:
    """Undo a run, or go on with it; a second time nothing is done. Returns how far it is: a long one goes on by itself.

    Raises    NothingToUndoError; ImportBusyError while another import works on this practice.
    """
    with _alone(caller):
        if pieces.undo_of(caller.session, caller.practice_id, run_id) is None:
            _begin(caller, run_id)
        return _go_on(caller, run_id, AT_ONCE)


def _begin(caller: Caller, run_id: UUID) -> None:
    """Say that a run is being undone: nobody else says it meanwhile, for imports are kept off."""
    run = runs.past_run(caller.session, caller.practice_id, run_id)
    if run is None or not _is_kept(caller, run):
        raise NothingToUndoError
    with writing(caller.session) as session:
        pieces.begin_undo(session, caller.practice_id, run_id, caller.clock.now(), caller.user_id)
        record(caller, "imports.undo", (run_id,))


def finish_undos(caller: Caller) -> int:
    """Go on with the undos that a person began and that are not at their end. Returns how many ended."""
    waiting = pieces.open_undos(caller.session, caller.practice_id)
    if not waiting:
        return 0
    try:
        with _alone(caller):
            for undo in waiting:
                _go_on(replace(caller, user_id=undo.user_id), undo.run_id, None)
    except ImportBusyError:
        return 0
    return len(waiting)


def forget_pieces(caller: Caller) -> int:
    """Remove what is kept of imports that can no longer be undone. Returns how many pieces."""
    with writing(caller.session) as session:
        return pieces.forget_before(session, caller.practice_id, caller.clock.now() - KEPT)


def _go_on(caller: Caller, run_id: UUID, most: int | None) -> Undo:
    session, practice_id = caller.session, caller.practice_id
    waiting = pieces.pieces_to_undo(session, practice_id, run_id)
    same = pieces.restored(session, practice_id)  # by earlier undos: a run touches a row once
    for piece_id in waiting[:most]:
        _undo_piece(caller, run_id, piece_id, same)
    with writing(session):
        undo = pieces.undo_of(session, practice_id, run_id)
        assert undo is not None
        if undo.ended_at is None and (most is None or len(waiting) <= most):
            undo = replace(undo, ended_at=caller.clock.now())
            pieces.note_undo(session, practice_id, undo)
            left = sum(len(ids) for ids in undo.left.values())
            record(caller, "imports.undone", (run_id,), left=left, pieces=len(waiting))
    return undo


def _undo_piece(caller: Caller, run_id: UUID, piece_id: UUID, same: Same) -> None:
    piece = pieces.piece_of(caller.session, caller.practice_id, piece_id)
    if pieces.begun(caller.session, caller.practice_id, piece_id) is None:
        _end_and_restore(caller, run_id, piece_id, piece, same)
    _remove_ended(caller, run_id, piece_id, piece, same)


def _end_and_restore(caller: Caller, run_id: UUID, piece_id: UUID, piece: Piece, same: Same) -> None:
    """Remove what no verdict names as a row, put back what was replaced, and let new visits end."""
    practice_id = caller.practice_id
    with announced(caller) as session:
        patients = rows.patients_of(session, practice_id, piece)
        announce(session, Changed(patients=patients))
        ended = rows.set_aside(session, practice_id, _step(session, practice_id, piece, "visit", same).remove)
        replaced = Piece({table: piece.made.get(table, ()) for table in AT_FIRST}, piece.changed, piece.removed)
        steps = {table: _step(session, practice_id, replaced, table, same) for table in RESTORED}
        versions: dict[UUID, tuple[int, int]] = {}
        for table, step in steps.items():
            rows.remove(session, practice_id, table, step.remove)
            versions |= _restore(caller, table, step)
        _forget_turns(session, practice_id, piece_id, steps["coverage"])
        pieces.mark_begun(session, practice_id, piece_id, versions, ended)
        _note(session, practice_id, run_id, steps)
        record(caller, "imports.undone_piece", sorted(patients), rows=len(patients))


def _forget_turns(session: Session, practice_id: UUID, piece_id: UUID, step: Step) -> None:
    """Drop what the piece turned of plans, as far as nobody has looked at it: it is turned back."""
    coverages = [*step.remove, *(one.row["id"] for one in step.restore), *(one.row["id"] for one in step.add)]
    since = pieces.made_at(session, practice_id, piece_id) - SAME_MOMENT
    rows.forget_turns(session, practice_id, coverages, since)


def _restore(caller: Caller, table: str, step: Step) -> dict[UUID, tuple[int, int]]:
    """Put rows back. Returns their versions now and before the import."""
    session, practice_id = caller.session, caller.practice_id
    ids = [one.row["id"] for one in step.restore]
    if table == "authorization":
        with told(caller, ids, "undo"):
            rows.restore(session, practice_id, table, step.restore)
    else:
        _restore_others(caller, table, step)
    rows.add_again(session, practice_id, table, step.add)
    now_is = rows.versions(session, practice_id, table, ids)
    return {one.row["id"]: (now_is[one.row["id"]], one.version) for one in step.restore}


def _restore_others(caller: Caller, table: str, step: Step) -> None:
    session, practice_id = caller.session, caller.practice_id
    ids = [one.row["id"] for one in step.restore]
    if table in EVENTS and ids:
        now = {one.row["id"]: one.row for one in rows.images(session, practice_id, table, ids)}
        changes = {
            one.row["id"]: changes_between(
                rows.opened(session, practice_id, table, now[one.row["id"]]),
                rows.opened(session, practice_id, table, one.row),
            )
            for one in step.restore
        }
        rows.add_events(session, caller.practice_id, table, now, changes, (caller.clock.now(), caller.user_id))
    rows.restore(session, practice_id, table, step.restore)


def _remove_ended(caller: Caller, run_id: UUID, piece_id: UUID, piece: Piece, same: Same) -> None:
    """Remove the rows that ended, but those on which something hangs by now, and say that the piece is undone."""
    practice_id = caller.practice_id
    with announced(caller) as session:
        steps: dict[str, Step] = {}
        for table in AT_LAST:
            made = Piece({table: piece.made.get(table, ())})
            steps[table] = step = _step(session, practice_id, made, table, same)
            rows.remove(session, practice_id, table, step.remove)
        ended = pieces.begun(session, practice_id, piece_id) or {}
        stay = {one: ended[one] for one in steps["visit"].stay if one in ended}
        if stay:
            rows.take_up_again(session, practice_id, stay)
            announce(session, Changed(patients=rows.patients_of(session, practice_id, piece)))
        pieces.mark_undone(session, practice_id, piece_id, caller.clock.now())
        _note(session, practice_id, run_id, steps)


def _step(session: Session, practice_id: UUID, piece: Piece, table: str, same: Same) -> Step:
    made = piece.made.get(table, ())
    replaced = (*piece.changed.get(table, ()), *piece.removed.get(table, ()))
    ids = [*made, *(one.row["id"] for one in replaced)]
    if not ids:
        return Step((), (), (), ())
    now = rows.versions(session, practice_id, table, ids)
    hangs = rows.held(session, practice_id, table, made) | rows.named(session, practice_id, table, made)
    going = frozenset(one for one in made if one in now and one not in hangs)
    taken = rows.key_taken(session, practice_id, table, replaced, going)
    return step_of(piece, table, now, same, hangs, taken)


def _note(session: Session, practice_id: UUID, run_id: UUID, steps: Mapping[str, Step]) -> None:
    """Add to what the undo did: by table what was removed and put back, and which rows stay."""
    undo = pieces.undo_of(session, practice_id, run_id)
    assert undo is not None
    done = {table: list(counts) for table, counts in undo.done.items()}
    left = {table: list(ids) for table, ids in undo.left.items()}
    for table, step in steps.items():
        counts = done.setdefault(table, [0, 0])
        counts[0] += len(step.remove)
        counts[1] += len(step.restore) + len(step.add)
        stay = [one.hex for one in step.stay]
        left[table] = [*left.get(table, ()), *(one for one in stay if one not in left.get(table, ()))]
    pieces.note_undo(session, practice_id, replace(undo, done=done, left=left))


@contextmanager
def _alone(caller: Caller) -> Iterator[None]:
    """Keep imports off this practice while one is undone."""
    caller.session.rollback()
    engine = caller.session.get_bind()
    assert isinstance(engine, Engine)
    with held(engine, f"import-{caller.practice_id.hex}") as mine:
        if not mine:
            raise ImportBusyError
        yield
