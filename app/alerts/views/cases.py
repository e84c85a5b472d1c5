"""Which approval or request an alert is about, by the payer's own number: on pages only, never in a message."""

from collections.abc import Mapping

from app.authorizations.facts import Authorization
from app.clearance.rules.candidates import GRANTED
from app.deadlines.facts import Subject, SubjectKind
from app.values.wording import short_day


def case_words(subject: Subject, rows: Mapping[str, Authorization]) -> str:
    """Name the approval or request of a subject as the patient's page does; empty where there is none to show."""
    row = rows.get(subject.key) if subject.kind is SubjectKind.AUTHORIZATION else None
    if row is None:
        return ""
    what = "approval" if row.status in GRANTED else "request"
    if row.number is not None or row.reference is not None:
        return f"{what} {row.number or row.reference}"
    day = row.requested_on or row.decided_on
    return f"{what} of {short_day(day)}" if day is not None else f"{what} without number"
