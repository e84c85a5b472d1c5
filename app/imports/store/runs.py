"""What was brought in, and the matches of headers that a person made: the only queries over them."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.imports.facts import Outcome, Report
from app.imports.models import HeaderMatchRow, ImportRunRow
from app.platform.ids import new_id


def header_match(session: Session, practice_id: UUID, headers: str) -> Mapping[str, str]:
    """Read what a person matched for a set of headers; empty when nothing was."""
    found = session.scalar(
        select(HeaderMatchRow.columns).where(
            HeaderMatchRow.practice_id == practice_id, HeaderMatchRow.headers == headers
        )
    )
    return found or {}


def save_header_match(session: Session, practice_id: UUID, headers: str, columns: Mapping[str, str]) -> None:
    """Remember what a person matched for a set of headers."""
    row = session.scalar(
        select(HeaderMatchRow).where(HeaderMatchRow.practice_id == practice_id, HeaderMatchRow.headers == headers)
    )
    if row is None:
        session.add(HeaderMatchRow(practice_id=practice_id, id=new_id(), headers=headers, columns=dict(columns)))
    else:
        row.columns = dict(columns)
    session.flush()


def note_run(
    session: Session, practice_id: UUID, report: Report, sha256: str, ended_at: datetime, user_id: UUID | None
) -> None:
    """Note a file that was brought in to its end."""
    session.add(
        ImportRunRow(
            practice_id=practice_id,
            id=new_id(),
            kind=report.kind,
            sha256=sha256,
            ended_at=ended_at,
            user_id=user_id,
            rows=report.rows,
            created=report.counts[Outcome.CREATED],
            updated=report.counts[Outcome.UPDATED],
            unchanged=report.counts[Outcome.UNCHANGED],
            refused=len(report.refused),
        )
    )
    session.flush()
