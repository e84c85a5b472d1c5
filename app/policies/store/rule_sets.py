"""Rule sets at rest: every one that was ever in force at a practice."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.platform.ids import new_id
from app.policies.facts.records import InForce
from app.policies.models.kept import RuleSetInForceRow, RuleSetRow
from app.policies.models.proposals import RuleProposalRow


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


def in_force_at(session: Session, practice_id: UUID, instant: datetime) -> str | None:
    """The version of the rule set in force at an instant; None where none was yet."""
    row = RuleSetInForceRow
    return session.scalar(
        select(row.version)
        .where(row.practice_id == practice_id, row.since <= instant)
        .order_by(row.since.desc(), row.id.desc())
        .limit(1)
    )


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
    """The content of a rule set that was ever in force or put forward at a practice; None for any other."""
    was = select(RuleSetInForceRow.version).where(RuleSetInForceRow.practice_id == practice_id)
    proposed = select(RuleProposalRow.version).where(RuleProposalRow.practice_id == practice_id)
    known = RuleSetRow.version.in_(was) | RuleSetRow.version.in_(proposed)
    return session.scalar(select(RuleSetRow.content).where(RuleSetRow.version == version, known))


def versions(session: Session, practice_id: UUID) -> tuple[str, ...]:
    """Every rule set that was ever in force or put forward at a practice, sorted."""
    was = select(RuleSetInForceRow.version).where(RuleSetInForceRow.practice_id == practice_id)
    proposed = select(RuleProposalRow.version).where(RuleProposalRow.practice_id == practice_id)
    return tuple(sorted({*session.scalars(was), *session.scalars(proposed)}))


def put_in_force(session: Session, practice_id: UUID, content: str, entry: InForce) -> UUID:
    """Keep a rule set and put it in force. Returns the id of the time in force that begins."""
    if session.get(RuleSetRow, entry.version) is None:
        session.add(RuleSetRow(version=entry.version, content=content))
        session.flush()
    began = new_id()
    session.add(
        RuleSetInForceRow(
            practice_id=practice_id,
            id=began,
            version=entry.version,
            files=entry.files,
            shipped=entry.shipped,
            since=entry.since,
        )
    )
    session.flush()
    return began
