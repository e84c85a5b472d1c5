"""What the program itself fails in, as deadlines for administrators: imports that stopped, jobs that break."""

from datetime import datetime, timedelta
from uuid import UUID

from app.deadlines.facts import Basis, BasisKind, Clears, Deadline, Reason, Step, Subject, SubjectKind

LATE = timedelta(minutes=10)
"""A job that breaks is tried again; only one that goes on breaking is told."""


def import_failed(draft_id: UUID, at: datetime, zone: str) -> Deadline:
    """Tell that a file could not be read, or stopped half-way.

    Takes     the import; when it stopped (UTC); the practice's zone.
    Returns   one step at that instant; gone when the file is taken away or a person has seen it.
    """
    return _trouble(Subject(SubjectKind.IMPORT, draft_id.hex), Reason.IMPORT_FAILED, at, at, zone)


def job_late(name: str, since: datetime, zone: str) -> Deadline:
    """Tell that a job breaks again and again.

    Takes     its name; since when (UTC); the practice's zone.
    Returns   one step, ten minutes later; gone as soon as it runs again.
    """
    return _trouble(Subject(SubjectKind.JOB, name), Reason.JOB_LATE, since, since + LATE, zone)


def _trouble(subject: Subject, reason: Reason, since: datetime, tell_at: datetime, zone: str) -> Deadline:
    step = Step(f"{since:%Y-%m-%dT%H:%M:%S}Z-since", tell_at)
    return Deadline(subject, reason, (step,), zone, Clears.SEEN, Basis(BasisKind.PRACTICE))
