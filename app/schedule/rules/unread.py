"""A row of a schedule file that was refused holds its visit: one line stands for a service that nobody could read.

Without it the visit would be judged by its other rows, and could be shown as cleared although a service is missing.
"""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from app.schedule.facts import LineSource, ServiceLine, VisitRecord


def unread_line(record: VisitRecord | None) -> ServiceLine | None:
    """Find the line of a visit that stands for refused rows; None: there is none."""
    lines = () if record is None else record.visit.lines
    return next((line for line in lines if line.refused_row is not None), None)


def with_unread(record: VisitRecord, row: int, known: ServiceLine | None, new_id: Callable[[], UUID]) -> VisitRecord:
    """Put the line of a refused row last in a visit.

    Takes     a visit, whose own line of this kind is replaced; the number of the refused row; such a line that the
              visit has or had, whose id stays.
    """
    kept = [
        (line, source)
        for line, source in zip(record.visit.lines, record.sources, strict=True)
        if line.refused_row is None
    ]
    position = max((line.position for line, _ in kept), default=-1) + 1
    place = max((source.place for _, source in kept), default=-1) + 1
    held = ServiceLine(known.id if known else new_id(), position, None, refused_row=row)
    lines = (*(line for line, _ in kept), held)
    return VisitRecord(replace(record.visit, lines=lines), (*(source for _, source in kept), LineSource(place)))
