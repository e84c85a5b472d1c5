"""Everything that hangs on one patient, moved to another: rows as they are, whatever room they are of."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import Table, UniqueConstraint, and_, delete, exists, select, update
from sqlalchemy.orm import Session

from app.imports.store.rows import remove
from app.platform.db import Model

PATIENT, COVERAGE = "patient_id", "coverage_id"


def move(session: Session, practice_id: UUID, merged: UUID, survivor: UUID) -> int:
    """Give every row of one patient to another, and remove the first. A row that was moved counts as edited.

    Returns   how many rows moved.
    Raises    IntegrityError where both have a row of which there may be only one.
    """
    session.flush()
    _in_replies(session, practice_id, merged, survivor)
    moved = 0
    for table in _tables():
        mine = and_(table.c.practice_id == practice_id, table.c[PATIENT] == merged)
        if PATIENT in table.primary_key.columns:
            _drop_doubles(session, table, practice_id, merged, survivor)
        values = {PATIENT: survivor} | ({"version": table.c.version + 1} if "version" in table.c else {})
        found = session.execute(update(table).where(mine).values(values))
        moved += found.rowcount  # type: ignore[attr-defined]
    session.expire_all()
    remove(session, practice_id, "patient", [merged])
    return moved


def fold_coverage(session: Session, practice_id: UUID, gone: UUID, kept: UUID) -> None:
    """Make one of two coverages that are the same: what was asked and answered of the first goes to the other.

    Of two askings or answers that are the same, that of the coverage that is kept stays.
    """
    session.flush()
    for table in (one for name, one in sorted(Model.metadata.tables.items()) if COVERAGE in one.c):
        mine = and_(table.c.practice_id == practice_id, table.c[COVERAGE] == gone)
        for rule in table.constraints:
            if isinstance(rule, UniqueConstraint) and COVERAGE in rule.columns:
                other = table.alias()
                rest = [column.name for column in rule.columns if column.name != COVERAGE]
                same = and_(other.c[COVERAGE] == kept, *(other.c[name] == table.c[name] for name in rest))
                session.execute(delete(table).where(mine, exists(select(1).select_from(other).where(same))))
        session.execute(update(table).where(mine).values({COVERAGE: kept}))
    session.expire_all()
    remove(session, practice_id, "coverage", [gone])


def _in_replies(session: Session, practice_id: UUID, merged: UUID, survivor: UUID) -> None:
    """Name the patient who stays in the texts that came from the number of the other."""
    reply, of = (Model.metadata.tables[name] for name in ("text_reply", "text_reply_patient"))
    theirs = select(of.c.reply_id).where(of.c.practice_id == practice_id, of.c[PATIENT] == merged)
    mine = and_(reply.c.practice_id == practice_id, reply.c.id.in_(theirs))
    for row in session.execute(select(reply.c.id, reply.c.patients).where(mine)).all():
        named = dict.fromkeys(survivor.hex if one == merged.hex else one for one in row.patients)
        own = and_(reply.c.practice_id == practice_id, reply.c.id == row.id)
        session.execute(update(reply).where(own).values(patients=list(named)))


def _tables() -> Iterator[Table]:
    """Every table with a row for each of something of a patient; the audit log names patients otherwise."""
    return (table for name, table in sorted(Model.metadata.tables.items()) if PATIENT in table.c)


def _drop_doubles(session: Session, table: Table, practice_id: UUID, merged: UUID, survivor: UUID) -> None:
    """Drop the rows that the other patient has too, where the patient is a part of the key."""
    other = table.alias()
    rest = [name for name in table.primary_key.columns.keys() if name != PATIENT]  # noqa: SIM118
    same = and_(other.c[PATIENT] == survivor, *(other.c[name] == table.c[name] for name in rest))
    mine = and_(table.c.practice_id == practice_id, table.c[PATIENT] == merged)
    session.execute(delete(table).where(mine, exists(select(1).select_from(other).where(same))))
