"""Rule sets at rest: every one that was ever in force at a practice."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.platform.ids import new_id
from app.policies.facts.records import InForce
from app.policies.models.rules import RuleSetInForceRow, RuleSetRow


def in_force(session: Session, practice_id: UUID) -> InForce | None:
    """The rule set in force at a practice; None when none was ever loaded."""
    statement = (
        select(RuleSetInForceRow)
        .where(RuleSetInForceRow.practice_id == practice_id)
        .order_by(RuleSetInForceRow.since.desc(), RuleSetInForceRow.id.desc())
        .limit(1)
    )
    row = session.scalar(statement)
    return InForce(row.version, row.files, row.shipped, row.since) if row is not None else None


def history(session: Session, practice_id: UUID, most: int) -> tuple[InForce, ...]:
    """The last rule sets that came into force at a practice, the newest first."""
    statement = (
        select(RuleSetInForceRow)
        .where(RuleSetInForceRow.practice_id == practice_id)
        .order_by(RuleSetInForceRow.since.desc(), RuleSetInForceRow.id.desc())
        .limit(most)
    )
    return tuple(InForce(row.version, row.files, row.shipped, row.since) for row in session.scalars(statement))


def rule_set(session: Session, practice_id: UUID, version: str) -> str | None:
    """The content of a rule set that was ever in force at a practice; None for any other."""
    statement = (
        select(RuleSetRow.content)
        .join(RuleSetInForceRow, RuleSetInForceRow.version == RuleSetRow.version)
        .where(RuleSetInForceRow.practice_id == practice_id, RuleSetRow.version == version)
        .limit(1)
    )
    return session.scalar(statement)


def put_in_force(session: Session, practice_id: UUID, content: str, entry: InForce) -> None:
    """Keep a rule set and put it in force."""
    if session.get(RuleSetRow, entry.version) is None:
        session.add(RuleSetRow(version=entry.version, content=content))
        session.flush()
    session.add(
        RuleSetInForceRow(
            practice_id=practice_id,
            id=new_id(),
            version=entry.version,
            files=entry.files,
            shipped=entry.shipped,
            since=entry.since,
        )
    )
    session.flush()
