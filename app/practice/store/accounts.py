"""One-time codes, and who asked at the door for a new password: the only queries over them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.platform.db import keyring_of
from app.platform.ids import new_id
from app.platform.wall import finds_practice
from app.practice.facts.accounts import CodeKind, CodeWay, OneTimeCode
from app.practice.models.accounts import OneTimeCodeDigestRow, OneTimeCodeRow, ResetAskedRow

_CODE = OneTimeCodeRow
_ASKED = ResetAskedRow


def add_code(session: Session, practice_id: UUID, code: OneTimeCode) -> None:
    """Add a code. A person has one open code of a kind: end the others first (the database refuses a second)."""
    assert code.practice_id == practice_id
    session.add(
        _CODE(
            practice_id=practice_id,
            id=code.id,
            staff_id=code.staff_id,
            kind=code.kind,
            way=code.way,
            made_at=code.made_at,
            expires_at=code.expires_at,
            made_by=code.made_by,
            used_at=code.used_at,
            ended_at=code.ended_at,
        )
    )
    session.flush()


def add_digest(session: Session, practice_id: UUID, code_id: UUID, digest: bytes) -> None:
    """Note the digest of a code as it goes out."""
    session.add(OneTimeCodeDigestRow(digest=digest, practice_id=practice_id, code_id=code_id))
    session.flush()


@finds_practice
def code_behind(session: Session, digest: bytes) -> OneTimeCode | None:
    """Find what a typed code stands for, whether or not it still opens: it finds the practice itself."""
    row = session.scalar(
        select(_CODE)
        .join(
            OneTimeCodeDigestRow,
            (OneTimeCodeDigestRow.practice_id == _CODE.practice_id) & (OneTimeCodeDigestRow.code_id == _CODE.id),
        )
        .where(OneTimeCodeDigestRow.digest == digest)
    )
    return None if row is None else _code(row)


def code_of(session: Session, practice_id: UUID, code_id: UUID) -> OneTimeCode | None:
    """Read one code; None: there is no such code."""
    row = session.get(_CODE, (practice_id, code_id))
    return None if row is None else _code(row)


def use_code(session: Session, practice_id: UUID, code_id: UUID, now: datetime) -> bool:
    """Use a code up. Returns False when it was used, ended or has expired: of two at once, one uses it."""
    used = session.execute(
        update(_CODE)
        .where(_CODE.practice_id == practice_id, _CODE.id == code_id, _CODE.expires_at > now)
        .where(_CODE.used_at.is_(None), _CODE.ended_at.is_(None))
        .values(used_at=now)
        .returning(_CODE.id)
    )
    return used.one_or_none() is not None


def end_codes(session: Session, practice_id: UUID, staff_id: UUID, now: datetime, kind: CodeKind | None = None) -> int:
    """End the open codes of a person, of one kind or of both. Returns how many."""
    open_ones = update(_CODE).where(_CODE.practice_id == practice_id, _CODE.staff_id == staff_id)
    open_ones = open_ones.where(_CODE.used_at.is_(None), _CODE.ended_at.is_(None))
    if kind is not None:
        open_ones = open_ones.where(_CODE.kind == kind)
    return len(session.execute(open_ones.values(ended_at=now).returning(_CODE.id)).all())


def end_all_codes(session: Session, practice_id: UUID, now: datetime) -> None:
    """End every open invitation and reset of a practice."""
    open_ones = update(_CODE).where(_CODE.practice_id == practice_id, _CODE.used_at.is_(None), _CODE.ended_at.is_(None))
    session.execute(open_ones.values(ended_at=now).execution_options(synchronize_session=False))


def last_codes(session: Session, practice_id: UUID, kind: CodeKind) -> dict[UUID, OneTimeCode]:
    """The last code of a kind of each person who ever had one, by person."""
    place = func.row_number().over(partition_by=_CODE.staff_id, order_by=_CODE.id.desc())
    placed = (
        select(_CODE.id, place.label("place")).where(_CODE.practice_id == practice_id, _CODE.kind == kind).subquery()
    )
    last = select(placed.c.id).where(placed.c.place == 1)
    rows = session.scalars(select(_CODE).where(_CODE.practice_id == practice_id, _CODE.id.in_(last)))
    return {row.staff_id: _code(row) for row in rows}


def last_code(session: Session, practice_id: UUID, staff_id: UUID, kind: CodeKind, way: CodeWay) -> OneTimeCode | None:
    """The last code of a kind that went one way to a person; None: there was none."""
    row = session.scalar(
        select(_CODE)
        .where(_CODE.practice_id == practice_id, _CODE.staff_id == staff_id, _CODE.kind == kind, _CODE.way == way)
        .order_by(_CODE.id.desc())
        .limit(1)
    )
    return None if row is None else _code(row)


def forget_codes_before(session: Session, practice_id: UUID, made_at: datetime) -> int:
    """Remove reset codes that were made at this instant or before; invitations stay, as what is known of a person."""
    old = (_CODE.practice_id == practice_id, _CODE.kind == CodeKind.RESET, _CODE.made_at <= made_at)
    return len(session.execute(delete(_CODE).where(*old).returning(_CODE.id)).all())


def add_asked(session: Session, practice_id: UUID, typed: str, source: str | None, asked_at: datetime) -> UUID:
    """Note that somebody asked for a new password; the address as typed is sealed. Returns its id."""
    asked_id = new_id()
    sealed = keyring_of(session).seal("reset_asked.typed", practice_id, asked_id, typed)
    session.add(_ASKED(practice_id=practice_id, id=asked_id, typed=sealed, source=source, asked_at=asked_at))
    session.flush()
    return asked_id


def asked_since(session: Session, practice_id: UUID, since: datetime, source: str | None) -> tuple[int, int]:
    """Count who asked since an instant: in all, and from one network address."""
    found = session.execute(
        select(func.count(), func.count().filter(_ASKED.source == source)).where(
            _ASKED.practice_id == practice_id, _ASKED.asked_at > since
        )
    ).one()
    return found[0], found[1]


def unanswered(session: Session, practice_id: UUID, limit: int) -> tuple[tuple[UUID, str], ...]:
    """List what was asked and not answered, oldest first: the id and the address as typed."""
    rows = session.scalars(
        select(_ASKED)
        .where(_ASKED.practice_id == practice_id, _ASKED.typed.is_not(None))
        .order_by(_ASKED.id)
        .limit(limit)
    )
    keyring = keyring_of(session)
    return tuple(
        (row.id, keyring.unseal("reset_asked.typed", practice_id, row.id, row.typed))
        for row in rows
        if row.typed is not None
    )


def answer_asked(session: Session, practice_id: UUID, asked_id: UUID) -> bool:
    """Note that what was asked is answered, and erase the address. Returns False when it was answered before."""
    mine = (_ASKED.practice_id == practice_id, _ASKED.id == asked_id, _ASKED.typed.is_not(None))
    done = session.execute(update(_ASKED).where(*mine).values(typed=None).returning(_ASKED.id))
    return done.one_or_none() is not None


def forget_asked_before(session: Session, practice_id: UUID, asked_at: datetime) -> int:
    """Remove what was asked at this instant or before. Returns how many."""
    old = (_ASKED.practice_id == practice_id, _ASKED.asked_at <= asked_at)
    return len(session.execute(delete(_ASKED).where(*old).returning(_ASKED.id)).all())


def _code(row: OneTimeCodeRow) -> OneTimeCode:
    times = (row.made_at, row.expires_at, row.made_by, row.used_at, row.ended_at)
    return OneTimeCode(row.id, row.practice_id, row.staff_id, row.kind, row.way, *times)
