"""What each transaction of an import made and replaced, and that an import was undone: the only queries over them."""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.imports.models import ImportPieceRow, ImportUndoRow
from app.imports.rules.packing import pack, unpack
from app.imports.rules.undoing import Image, Piece, Row
from app.platform.db import keyring_of
from app.platform.ids import new_id
from app.platform.sealed import Sealed

_P, _U = ImportPieceRow, ImportUndoRow
Counts = Mapping[str, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Undo:
    """How far an undo is: by table what was removed and put back, and the rows that stay. Ended: it is done."""

    run_id: UUID
    began_at: datetime
    ended_at: datetime | None
    user_id: UUID | None
    done: Counts
    left: Mapping[str, Sequence[str]]


def add_piece(session: Session, practice_id: UUID, run_id: UUID, piece: Piece, at: datetime) -> None:
    """Keep what one transaction made and replaced; what it replaced is sealed."""
    piece_id = new_id()
    content = keyring_of(session).seal_bytes("import_piece.content", practice_id, piece_id, _packed(piece))
    session.add(_P(practice_id=practice_id, id=piece_id, run_id=run_id, at=at, counts=piece.counts(), content=content))
    session.flush()


def pieces_to_undo(session: Session, practice_id: UUID, run_id: UUID) -> tuple[UUID, ...]:
    """List the pieces of a run that are not undone yet, the last first."""
    statement = select(_P.id).where(_P.practice_id == practice_id, _P.run_id == run_id, _P.undone_at.is_(None))
    return tuple(session.scalars(statement.order_by(_P.at.desc(), _P.id.desc())))


def count_pieces(session: Session, practice_id: UUID, run_id: UUID) -> int:
    """Count the pieces of a run that are kept."""
    statement = select(func.count()).select_from(_P).where(_P.practice_id == practice_id, _P.run_id == run_id)
    return session.scalar(statement) or 0


def piece_of(session: Session, practice_id: UUID, piece_id: UUID) -> Piece:
    """Open one piece."""
    sealed = session.scalar(select(_P.content).where(_P.practice_id == practice_id, _P.id == piece_id))
    assert sealed is not None
    return _opened(keyring_of(session).unseal_bytes("import_piece.content", practice_id, piece_id, sealed))


def made_at(session: Session, practice_id: UUID, piece_id: UUID) -> datetime:
    """Say when a piece was brought in."""
    return session.execute(select(_P.at).where(_P.practice_id == practice_id, _P.id == piece_id)).scalar_one()


def counts_of(session: Session, practice_id: UUID, run_id: UUID) -> dict[str, list[int]]:
    """Add up by table the rows that a run made and changed."""
    total: dict[str, list[int]] = {}
    for counts in session.scalars(select(_P.counts).where(_P.practice_id == practice_id, _P.run_id == run_id)):
        for table, (made, changed) in counts.items():
            sums = total.setdefault(table, [0, 0])
            sums[0] += made
            sums[1] += changed
    return total


def restored(session: Session, practice_id: UUID) -> dict[tuple[UUID, int], int]:
    """Tell, by id and version, which earlier version an undo brought back."""
    statement = select(_P.restored).where(_P.practice_id == practice_id, _P.restored.is_not(None))
    return {
        (UUID(row_id), now): before
        for stored in session.scalars(statement)
        for row_id, (now, before) in stored["versions"].items()
    }


def begun(session: Session, practice_id: UUID, piece_id: UUID) -> dict[UUID, str] | None:
    """Read which visits a piece that is being undone set aside, with the status that they had; None: not begun."""
    stored = session.scalar(select(_P.restored).where(_P.practice_id == practice_id, _P.id == piece_id))
    return None if stored is None else {UUID(one): status for one, status in stored["aside"].items()}


def mark_begun(
    session: Session,
    practice_id: UUID,
    piece_id: UUID,
    versions: Mapping[UUID, tuple[int, int]],
    aside: Mapping[UUID, str],
) -> None:
    """Note the versions of the rows that were put back, now and before the import, and the visits set aside."""
    stored = {
        "versions": {row_id.hex: list(pair) for row_id, pair in versions.items()},
        "aside": {visit_id.hex: status for visit_id, status in aside.items()},
    }
    session.execute(update(_P).where(_P.practice_id == practice_id, _P.id == piece_id).values(restored=stored))


def mark_undone(session: Session, practice_id: UUID, piece_id: UUID, at: datetime) -> None:
    """Note that a piece is undone."""
    session.execute(update(_P).where(_P.practice_id == practice_id, _P.id == piece_id).values(undone_at=at))


def undo_of(session: Session, practice_id: UUID, run_id: UUID) -> Undo | None:
    """Read how far the undo of a run is; None: nobody has undone it."""
    row = session.scalar(
        select(_U).where(_U.practice_id == practice_id, _U.id == run_id).execution_options(populate_existing=True)
    )
    return None if row is None else Undo(row.id, row.began_at, row.ended_at, row.user_id, row.done, row.left)


def begin_undo(session: Session, practice_id: UUID, run_id: UUID, at: datetime, user_id: UUID | None) -> None:
    """Note that a run is being undone."""
    session.add(_U(practice_id=practice_id, id=run_id, began_at=at, user_id=user_id, done={}, left={}))
    session.flush()


def note_undo(session: Session, practice_id: UUID, undo: Undo) -> None:
    """Note how far the undo of a run is."""
    session.execute(
        update(_U)
        .where(_U.practice_id == practice_id, _U.id == undo.run_id)
        .values(ended_at=undo.ended_at, done=dict(undo.done), left=dict(undo.left))
    )


def open_undos(session: Session, practice_id: UUID) -> tuple[Undo, ...]:
    """List the undos that are begun and not ended, the oldest first."""
    statement = select(_U).where(_U.practice_id == practice_id, _U.ended_at.is_(None)).order_by(_U.began_at)
    return tuple(
        Undo(row.id, row.began_at, row.ended_at, row.user_id, row.done, row.left) for row in session.scalars(statement)
    )


def undone_runs(session: Session, practice_id: UUID, run_ids: Sequence[UUID]) -> dict[UUID, datetime | None]:
    """Name, of some runs, those that are undone, with when it ended; None: it is under way."""
    statement = select(_U.id, _U.ended_at).where(_U.practice_id == practice_id, _U.id.in_(run_ids))
    return {row.id: row.ended_at for row in session.execute(statement)}


def forget_before(session: Session, practice_id: UUID, at: datetime) -> int:
    """Remove what imports made and replaced before an instant, but of runs that are being undone. Returns how many."""
    being_undone = select(_U.id).where(_U.practice_id == practice_id, _U.ended_at.is_(None))
    done = session.execute(delete(_P).where(_P.practice_id == practice_id, _P.at < at, _P.run_id.not_in(being_undone)))
    return int(getattr(done, "rowcount", 0))


def _packed(piece: Piece) -> bytes:
    return pack(
        {
            "made": {table: [one.hex for one in ids] for table, ids in piece.made.items()},
            "changed": {table: [_plain_image(one) for one in rows] for table, rows in piece.changed.items()},
            "removed": {table: [_plain_image(one) for one in rows] for table, rows in piece.removed.items()},
        }
    )


def _opened(content: bytes) -> Piece:
    stored = unpack(content)
    return Piece(
        {table: tuple(map(UUID, ids)) for table, ids in stored["made"].items()},
        {table: tuple(map(_image, rows)) for table, rows in stored["changed"].items()},
        {table: tuple(map(_image, rows)) for table, rows in stored["removed"].items()},
    )


def _plain_image(image: Image) -> list[Any]:
    return [_plain_row(image.row), {part: [_plain_row(row) for row in rows] for part, rows in image.owned.items()}]


def _image(stored: Sequence[Any]) -> Image:
    row, owned = stored
    return Image(_row(row), {part: tuple(_row(one) for one in rows) for part, rows in owned.items()})


def _plain_row(row: Row) -> dict[str, Any]:
    return {name: _plain(value) for name, value in row.items()}


def _row(stored: Mapping[str, Any]) -> Row:
    return {name: _value(value) for name, value in stored.items()}


def _plain(value: Any) -> Any:
    """Write a value of a column with a letter for its kind, where JSON has none for it."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bytes):
        return ["s" if isinstance(value, Sealed) else "b", base64.b64encode(value).decode()]
    if isinstance(value, UUID):
        return ["u", value.hex]
    if isinstance(value, datetime):
        return ["t", value.isoformat()]
    if isinstance(value, date):
        return ["d", value.isoformat()]
    return ["j", value] if isinstance(value, list | dict) else value


def _value(stored: Any) -> Any:
    return _READERS[stored[0]](stored[1]) if isinstance(stored, list) else stored


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "s": lambda text: Sealed(base64.b64decode(text)),
    "b": base64.b64decode,
    "u": UUID,
    "t": datetime.fromisoformat,
    "d": date.fromisoformat,
    "j": lambda value: value,
}
