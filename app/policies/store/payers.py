"""Payers that files named."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.platform.ids import new_id
from app.policies.models import PayerRow


def payers(session: Session, practice_id: UUID) -> Mapping[str, str]:
    """The payers that files named and the library does not know: name by key."""
    rows = session.execute(select(PayerRow.key, PayerRow.name).where(PayerRow.practice_id == practice_id))
    return {row.key: row.name for row in rows}


def add_payer(session: Session, practice_id: UUID, key: str, name: str) -> bool:
    """Add a payer without rules. Returns False when it is on file."""
    statement = select(PayerRow.id).where(PayerRow.practice_id == practice_id, PayerRow.key == key)
    if session.scalar(statement) is not None:
        return False
    session.add(PayerRow(practice_id=practice_id, id=new_id(), key=key, name=name))
    session.flush()
    return True
