"""The work on visits: owners, steps to take back, questions asked, lists printed. The only queries over them."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from app.platform import sight
from app.platform.db import keyring_of
from app.platform.rows import chunks
from app.platform.sealed import Keyring, Sealed
from app.values.scope import EVERYTHING, Scope
from app.worklists.facts import Ask, PrintedList, Step, VisitWork
from app.worklists.models import PrintedListRow, VisitAskRow, VisitStepRow, VisitWorkRow

_PRINTED = "printed_list.content"


def works(session: Session, practice_id: UUID, visit_ids: Collection[UUID]) -> dict[UUID, VisitWork]:
    """Read who works on the visits named; a visit that nobody ever took is left out."""
    row = VisitWorkRow
    return {
        found.id: VisitWork(found.owner_id, found.version)
        for ids in chunks(list(visit_ids))
        for found in session.execute(
            select(row.id, row.owner_id, row.version).where(row.practice_id == practice_id, row.id.in_(ids))
        )
    }


def ids_owned(session: Session, practice_id: UUID, owner_id: UUID | None) -> Select[UUID]:
    """Select the ids of the visits that a person owns; None: that anybody owns. For the lists of other rooms."""
    row = VisitWorkRow
    owned = row.owner_id.is_not(None) if owner_id is None else row.owner_id == owner_id
    return select(row.id).where(row.practice_id == practice_id, owned)


def save_owners(
    session: Session, practice_id: UUID, owners: Mapping[UUID, UUID | None], by_id: UUID | None, at: datetime
) -> None:
    """Write who works on visits that are on file, and count the hand."""
    row = VisitWorkRow
    for ids in chunks(list(owners)):
        known = {
            one.id: one for one in session.scalars(select(row).where(row.practice_id == practice_id, row.id.in_(ids)))
        }
        for visit_id in ids:
            one = known.get(visit_id)
            if one is None:
                one = VisitWorkRow(practice_id=practice_id, id=visit_id)
                session.add(one)
            one.owner_id, one.by_id, one.at = owners[visit_id], by_id, at
    session.flush()


def add_step(session: Session, practice_id: UUID, step: Step) -> None:
    """Note what an action did."""
    session.add(
        VisitStepRow(
            practice_id=practice_id, id=step.id, kind=step.kind, at=step.at, by_id=step.by_id, before=dict(step.before)
        )
    )
    session.flush()


def step_of(session: Session, practice_id: UUID, step_id: UUID) -> Step | None:
    """Read what an action did."""
    row = session.get(VisitStepRow, (practice_id, step_id))
    return None if row is None else Step(row.id, row.kind, row.at, row.by_id, row.before, row.undone_at)


def end_step(session: Session, practice_id: UUID, step_id: UUID, at: datetime) -> None:
    """Note that what an action did was taken back."""
    mine = (VisitStepRow.practice_id == practice_id, VisitStepRow.id == step_id)
    session.execute(update(VisitStepRow).where(*mine).values(undone_at=at))


def add_asks(session: Session, practice_id: UUID, asks: Sequence[Ask]) -> None:
    """Add questions about visits that are on file; the step that asked them stands already."""
    keyring = keyring_of(session)
    for one in asks:
        session.add(
            VisitAskRow(
                practice_id=practice_id,
                id=one.id,
                visit_id=one.visit_id,
                step_id=one.step_id,
                asked_by=one.asked_by,
                asked_of=one.asked_of,
                asked_at=one.asked_at,
                note=_sealed(keyring, practice_id, one.id, "note", one.note),
            )
        )
    session.flush()


def asks_of_visits(session: Session, practice_id: UUID, visit_ids: Collection[UUID]) -> dict[UUID, tuple[Ask, ...]]:
    """Read the questions about the visits named, oldest first."""
    found: dict[UUID, list[Ask]] = {}
    for ids in chunks(list(visit_ids)):
        statement = (
            select(VisitAskRow)
            .where(VisitAskRow.practice_id == practice_id, VisitAskRow.visit_id.in_(ids))
            .order_by(VisitAskRow.asked_at, VisitAskRow.id)
        )
        for row in session.scalars(statement):
            found.setdefault(row.visit_id, []).append(_ask(keyring_of(session), row))
    return {visit_id: tuple(asks) for visit_id, asks in found.items()}


def open_asks(
    session: Session,
    practice_id: UUID,
    asked_of: UUID | None,
    of_all: bool,
    limit: int,
    scope: Scope = EVERYTHING,
) -> tuple[Ask, ...]:
    """Read open questions about visits in sight, oldest first: those asked of one person, and (`of_all`) of all
    coordinators."""
    row = VisitAskRow
    whom = row.asked_of == asked_of
    statement = (
        select(row)
        .where(
            row.practice_id == practice_id, row.answered_at.is_(None), whom | row.asked_of.is_(None) if of_all else whom
        )
        .where(*sight.by_visit(practice_id, scope, row.visit_id))
        .order_by(row.asked_at, row.id)
        .limit(limit)
    )
    return tuple(_ask(keyring_of(session), found) for found in session.scalars(statement))


def ask_of(session: Session, practice_id: UUID, ask_id: UUID) -> Ask | None:
    """Read one question."""
    row = session.get(VisitAskRow, (practice_id, ask_id))
    return None if row is None else _ask(keyring_of(session), row)


def save_answer(
    session: Session, practice_id: UUID, ask_id: UUID, answer: str, by_id: UUID | None, at: datetime
) -> None:
    """Write the answer to a question."""
    sealed = _sealed(keyring_of(session), practice_id, ask_id, "answer", answer)
    mine = (VisitAskRow.practice_id == practice_id, VisitAskRow.id == ask_id)
    session.execute(update(VisitAskRow).where(*mine).values(answer=sealed, answered_by=by_id, answered_at=at))


def remove_open_asks(session: Session, practice_id: UUID, step_id: UUID) -> int:
    """Take back the questions of one step that nobody has answered. Returns how many."""
    row = VisitAskRow
    gone = session.execute(
        delete(row)
        .where(row.practice_id == practice_id, row.step_id == step_id, row.answered_at.is_(None))
        .returning(row.id)
    )
    return len(gone.all())


def add_printed(session: Session, practice_id: UUID, printed: PrintedList) -> None:
    """Keep a list as it was printed."""
    content = json.dumps(printed.content, separators=(",", ":"), ensure_ascii=False)
    session.add(
        PrintedListRow(
            practice_id=practice_id,
            id=printed.id,
            printed_at=printed.printed_at,
            by_id=printed.by_id,
            day=printed.day,
            visits=printed.visits,
            content=keyring_of(session).seal(_PRINTED, practice_id, printed.id, content),
        )
    )
    session.flush()


def printed_list(session: Session, practice_id: UUID, list_id: UUID) -> PrintedList | None:
    """Read a list as it was printed."""
    row = session.get(PrintedListRow, (practice_id, list_id))
    if row is None:
        return None
    content = json.loads(keyring_of(session).unseal(_PRINTED, practice_id, row.id, row.content))
    return PrintedList(row.id, row.printed_at, row.by_id, row.day, row.visits, content)


def printed_of_day(
    session: Session, practice_id: UUID, day: date, limit: int, by_id: UUID | None = None, scope: Scope = EVERYTHING
) -> tuple[tuple[UUID, datetime, UUID | None, int], ...]:
    """List the lists that were printed for a day, newest first: id, when, by whom, how many visits.

    Under a limited scope only the person's own, `by_id`.
    """
    row = PrintedListRow
    statement = (
        select(row.id, row.printed_at, row.by_id, row.visits)
        .where(row.practice_id == practice_id, row.day == day, *([row.by_id == by_id] if scope.limited else []))
        .order_by(row.printed_at.desc(), row.id)
        .limit(limit)
    )
    return tuple((one.id, one.printed_at, one.by_id, one.visits) for one in session.execute(statement))


def _sealed(keyring: Keyring, practice_id: UUID, row_id: UUID, name: str, text: str | None) -> Sealed | None:
    return None if text is None else keyring.seal(f"visit_ask.{name}", practice_id, row_id, text)


def _ask(keyring: Keyring, row: VisitAskRow) -> Ask:
    def plain(name: str, sealed: Sealed | None) -> str | None:
        return None if sealed is None else keyring.unseal(f"visit_ask.{name}", row.practice_id, row.id, sealed)

    return Ask(
        row.id,
        row.visit_id,
        row.step_id,
        row.asked_by,
        row.asked_of,
        row.asked_at,
        plain("note", row.note),
        row.answered_by,
        row.answered_at,
        plain("answer", row.answer),
    )
