"""What was brought in, and the matches of headers that a person made: the only queries over them."""

import json
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.imports.facts import Outcome, PastRun, Report
from app.imports.models import HeaderMatchRow, ImportRunRow
from app.platform.db import keyring_of
from app.platform.ids import new_id
from app.platform.sealed import Keyring

_COLUMNS = "header_match.columns"


def header_match(session: Session, practice_id: UUID, headers: str) -> Mapping[str, str]:
    """Read what a person matched for a set of headers; empty when nothing was."""
    row = _match_of(session, practice_id, headers)
    if row is None:
        return {}
    opened = keyring_of(session).unseal(_COLUMNS, practice_id, row.id, row.columns)
    return {str(header): str(column) for header, column in json.loads(opened).items()}


def save_header_match(session: Session, practice_id: UUID, headers: str, columns: Mapping[str, str]) -> None:
    """Remember what a person matched for a set of headers."""
    row, keyring = _match_of(session, practice_id, headers), keyring_of(session)
    match_id = new_id() if row is None else row.id
    sealed = keyring.seal(_COLUMNS, practice_id, match_id, json.dumps(dict(columns)))
    if row is None:
        blind = _blind(keyring, practice_id, headers)
        session.add(HeaderMatchRow(practice_id=practice_id, id=match_id, headers=blind, columns=sealed))
    else:
        row.columns = sealed
    session.flush()


def _match_of(session: Session, practice_id: UUID, headers: str) -> HeaderMatchRow | None:
    blind = _blind(keyring_of(session), practice_id, headers)
    return session.scalar(
        select(HeaderMatchRow).where(HeaderMatchRow.practice_id == practice_id, HeaderMatchRow.headers == blind)
    )


def _blind(keyring: Keyring, practice_id: UUID, headers: str) -> str:
    return keyring.blind("headers", practice_id, headers).hex()


def note_run(
    session: Session,
    practice_id: UUID,
    report: Report,
    sha256: str,
    ended_at: datetime,
    user_id: UUID | None,
    run_id: UUID | None = None,
) -> None:
    """Note a file that was brought in to its end, under an id that is known before or a new one."""
    session.merge(  # a run that stopped half-way and was taken up again is noted a second time
        ImportRunRow(
            practice_id=practice_id,
            id=run_id or new_id(),
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


_PAST = (
    ImportRunRow.id,
    ImportRunRow.kind,
    ImportRunRow.sha256,
    ImportRunRow.ended_at,
    ImportRunRow.user_id,
    ImportRunRow.rows,
    ImportRunRow.created,
    ImportRunRow.updated,
    ImportRunRow.unchanged,
    ImportRunRow.refused,
)


def past_runs(session: Session, practice_id: UUID, after: UUID | None, limit: int) -> tuple[PastRun, ...]:
    """List files that were brought in, newest first; `after` is the last one of the page before."""
    statement = select(*_PAST).where(ImportRunRow.practice_id == practice_id)
    if after is not None:
        statement = statement.where(ImportRunRow.id < after)
    rows = session.execute(statement.order_by(ImportRunRow.id.desc()).limit(limit))
    return tuple(PastRun(**row._mapping) for row in rows)


def last_of(session: Session, practice_id: UUID, sha256: str) -> PastRun | None:
    """Find the last run of a file of the same bytes."""
    same = (ImportRunRow.practice_id == practice_id, ImportRunRow.sha256 == sha256)
    row = session.execute(select(*_PAST).where(*same).order_by(ImportRunRow.id.desc()).limit(1)).one_or_none()
    return None if row is None else PastRun(**row._mapping)


def past_run(session: Session, practice_id: UUID, run_id: UUID) -> PastRun | None:
    """Read one file that was brought in; None: there is no such one."""
    statement = select(*_PAST).where(ImportRunRow.practice_id == practice_id, ImportRunRow.id == run_id)
    row = session.execute(statement).one_or_none()
    return None if row is None else PastRun(**row._mapping)
