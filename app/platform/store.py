"""Runs of jobs and the watchdog's alarms: the only queries over them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, Select, delete, select, text, update
from sqlalchemy.orm import Session

from app.platform.ids import new_id
from app.platform.models import FAILED, JobRunRow, WatchdogAlarmRow
from app.platform.runs import Alarm, JobRun, Ran


def record_run(session: Session, practice_id: UUID, run: JobRun) -> None:
    """Keep one run. A run that found nothing joins the row of those before it; so does one that broke again."""
    last = _last(session, practice_id, run.name)
    if last is not None and _same_nothing(_run(last), run):
        last.ended_at = max(last.began_at, run.ended_at)
        last.times += 1
        last.incident = run.incident
        return
    session.add(
        JobRunRow(
            practice_id=practice_id,
            id=new_id(),
            name=run.name,
            began_at=run.began_at,
            ended_at=max(run.began_at, run.ended_at),
            times=1,
            found=run.ran.found,
            done=run.ran.done,
            failed=run.ran.failed,
            incident=run.incident,
        )
    )


def _same_nothing(last: JobRun, run: JobRun) -> bool:
    broke_again = last.incident is not None and run.incident is not None
    return last.ran == run.ran and (broke_again or (last.idle and run.idle))


def latest_runs(session: Session, practice_id: UUID, names: Iterable[str]) -> Mapping[str, JobRun]:
    """Read the last run of each job that is named; one that never ran is left out. One query a name."""
    found = (_last(session, practice_id, name) for name in names)
    return {row.name: _run(row) for row in found if row is not None}


def failed_runs(session: Session, practice_id: UUID, limit: int) -> tuple[JobRun, ...]:
    """List the last runs in which something broke or failed, newest first."""
    return tuple(_run(row) for row in session.scalars(_runs(practice_id).where(text(FAILED)).limit(limit)))


def last_finished(session: Session, practice_id: UUID, name: str, now: datetime) -> datetime | None:
    """Find when a job last finished without breaking, not after `now`: a clock set back leaves rows of the future."""
    finished = (
        select(JobRunRow.ended_at)
        .where(
            JobRunRow.practice_id == practice_id,
            JobRunRow.name == name,
            JobRunRow.incident.is_(None),
            JobRunRow.ended_at <= now,
        )
        .order_by(JobRunRow.ended_at.desc())
        .limit(1)
    )
    return session.scalar(finished)


def forget_runs(session: Session, practice_id: UUID, before: datetime) -> int:
    """Remove the runs and the alarms that ended before an instant. Returns how many."""
    gone = 0
    for table in (JobRunRow, WatchdogAlarmRow):
        old = delete(table).where(table.practice_id == practice_id, table.ended_at < before)
        gone += cast(CursorResult[Any], session.execute(old)).rowcount
    return gone


def open_alarm(session: Session, practice_id: UUID, lock: bool = False) -> Alarm | None:
    """Read the alarm that is open; None when reminders run. `lock`: keep it from others until the transaction ends."""
    row = session.scalars(_open(practice_id).with_for_update() if lock else _open(practice_id)).one_or_none()
    return None if row is None else _alarm(row)


def last_alarm(session: Session, practice_id: UUID) -> Alarm | None:
    """Read the alarm that was raised last, open or over."""
    newest = (
        select(WatchdogAlarmRow)
        .where(WatchdogAlarmRow.practice_id == practice_id)
        .order_by(WatchdogAlarmRow.found_at.desc(), WatchdogAlarmRow.id.desc())
        .limit(1)
    )
    row = session.scalars(newest).first()
    return None if row is None else _alarm(row)


def save_alarm(session: Session, practice_id: UUID, alarm: Alarm) -> None:
    """Write an alarm as given, new or known. The database refuses a second open one."""
    session.merge(
        WatchdogAlarmRow(
            practice_id=practice_id,
            id=alarm.id,
            since=alarm.since,
            found_at=alarm.found_at,
            behind=alarm.behind,
            told=sorted(one.hex for one in alarm.told),
            attempts=alarm.attempts,
            next_try_at=alarm.next_try_at,
            ended_at=alarm.ended_at,
        )
    )


def end_alarms(session: Session, practice_id: UUID, now: datetime) -> int:
    """End the open alarm: reminders run again. Returns how many there were, 0 or 1."""
    over = (
        update(WatchdogAlarmRow)
        .where(WatchdogAlarmRow.practice_id == practice_id, WatchdogAlarmRow.ended_at.is_(None))
        .values(ended_at=now, next_try_at=None)
    )
    return cast(CursorResult[Any], session.execute(over)).rowcount


def _runs(practice_id: UUID) -> Select[JobRunRow]:
    newest_first = JobRunRow.ended_at.desc(), JobRunRow.id.desc()
    return select(JobRunRow).where(JobRunRow.practice_id == practice_id).order_by(*newest_first)


def _last(session: Session, practice_id: UUID, name: str) -> JobRunRow | None:
    return session.scalars(_runs(practice_id).where(JobRunRow.name == name).limit(1)).first()


def _open(practice_id: UUID) -> Select[WatchdogAlarmRow]:
    return select(WatchdogAlarmRow).where(
        WatchdogAlarmRow.practice_id == practice_id, WatchdogAlarmRow.ended_at.is_(None)
    )


def _run(row: JobRunRow) -> JobRun:
    ran = Ran(row.found, row.done, row.failed)
    return JobRun(row.name, row.began_at, row.ended_at, ran, row.incident, row.times)


def _alarm(row: WatchdogAlarmRow) -> Alarm:
    return Alarm(
        row.id,
        row.since,
        row.found_at,
        row.behind,
        frozenset(UUID(hex=one) for one in row.told),
        row.attempts,
        row.next_try_at,
        row.ended_at,
    )
