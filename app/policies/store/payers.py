"""Payers that files named, what a person said of their names, and which payers the practice works with."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.platform.ids import new_id
from app.policies.facts.records import NameMatch, PayerChoice
from app.policies.models.kept import PayerChoiceRow, PayerMatchRow, PayerRow


def payers(session: Session, practice_id: UUID) -> Mapping[str, str]:
    """The payers that files named and the library does not know: name by key.

    One that a person matched with a payer of the library is no payer any more.
    """
    matched = select(PayerMatchRow.local).where(
        PayerMatchRow.practice_id == practice_id, PayerMatchRow.payer.is_not(None)
    )
    statement = select(PayerRow.key, PayerRow.name).where(PayerRow.practice_id == practice_id)
    return {row.key: row.name for row in session.execute(statement.where(PayerRow.key.not_in(matched)))}


def add_payer(session: Session, practice_id: UUID, key: str, name: str) -> UUID | None:
    """Add a payer without rules. Returns its id; None when it is on file."""
    statement = select(PayerRow.id).where(PayerRow.practice_id == practice_id, PayerRow.key == key)
    if session.scalar(statement) is not None:
        return None
    payer_id = new_id()
    session.add(PayerRow(practice_id=practice_id, id=payer_id, key=key, name=name))
    session.flush()
    return payer_id


def payer_choices(session: Session, practice_id: UUID) -> Mapping[str, bool]:
    """Whether the practice works with each payer of which a person said so, by key.

    It works with one whose name in its files a person matched, until someone says no.
    """
    statement = select(PayerChoiceRow.payer, PayerChoiceRow.turned_on).where(PayerChoiceRow.practice_id == practice_id)
    chosen = {row.payer: row.turned_on for row in session.execute(statement)}
    return {**dict.fromkeys(aliases(session, practice_id).values(), True), **chosen}


def choose_payers(session: Session, practice_id: UUID, choices: Iterable[PayerChoice]) -> None:
    """Note whether the practice works with some payers."""
    statement = select(PayerChoiceRow).where(PayerChoiceRow.practice_id == practice_id)
    rows = {row.payer: row for row in session.scalars(statement)}
    for choice in choices:
        row = rows.get(choice.payer) or PayerChoiceRow(practice_id=practice_id, id=new_id(), payer=choice.payer)
        row.turned_on, row.changed_at, row.changed_by = choice.turned_on, choice.changed_at, choice.changed_by
        session.add(row)
    session.flush()


def name_matches(session: Session, practice_id: UUID) -> tuple[NameMatch, ...]:
    """Read what was said of payers' names, the last first."""
    rows = session.scalars(
        select(PayerMatchRow)
        .where(PayerMatchRow.practice_id == practice_id)
        .order_by(PayerMatchRow.matched_at.desc(), PayerMatchRow.id)
        .execution_options(populate_existing=True)
    )
    return tuple(
        NameMatch(row.id, row.folded, row.name, row.local, row.payer, row.matched_at, row.user_id, row.moved or {})
        for row in rows
    )


def aliases(session: Session, practice_id: UUID) -> Mapping[str, str]:
    """The practice's own names of payers of the library: key by folded name."""
    statement = select(PayerMatchRow.folded, PayerMatchRow.payer)
    mine = statement.where(PayerMatchRow.practice_id == practice_id, PayerMatchRow.payer.is_not(None))
    return {row.folded: row.payer for row in session.execute(mine) if row.payer is not None}


def add_match(session: Session, practice_id: UUID, match: NameMatch) -> None:
    """Keep what a person said of a payer's name. One key is matched once (the database refuses a second)."""
    session.add(PayerMatchRow(practice_id=practice_id, **asdict(match)))
    session.flush()


def remove_match(session: Session, practice_id: UUID, match_id: UUID) -> None:
    """Forget what a person said of a payer's name."""
    session.execute(delete(PayerMatchRow).where(PayerMatchRow.practice_id == practice_id, PayerMatchRow.id == match_id))
