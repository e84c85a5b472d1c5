"""Visits that are thought of, put into a patient's file so that a cadence can be walked like booked ones."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from uuid import UUID

from app.authorizations.facts import ANY_CODE, Authorization
from app.clearance.facts.verdicts import PatientFile
from app.deadlines.rules.runout import Planned
from app.schedule.facts import ServiceLine, Visit, VisitStatus
from app.values.codes import is_drug_code

NOON = time(17)
"""UTC: about noon in the zones of the United States; only the order of days matters."""


def pattern_of(row: Authorization, planned: Sequence[Planned], site_id: UUID, npi: str) -> tuple[UUID, ServiceLine]:
    """Find what a visit under an approval looks like: its site and its line.

    Takes     the approval; the lines of its patient in order of time; a site and a provider for where neither a visit
              nor the approval names one.
    Returns   those of the latest visit for which the approval may stand, else as the approval says.
    """
    for one in reversed(planned):
        if any(fit.approval.id == row.id for fit in one.fits):
            return one.visit.site_id, one.line
    code = next((item.codes[0] for item in row.items if item.codes and item.codes[0] != ANY_CODE), None)
    line = ServiceLine(
        id=row.id,
        position=0,
        code=code,
        drug=row.drug if row.drug is not None and (code is None or is_drug_code(code)) else None,
        ndc=row.ndc,
        diagnoses=row.diagnoses,
        place=row.places[0] if row.places else "11",
        channel=row.channel,
        provider_npi=row.provider_npi or npi,
        provider_group=row.provider_group,
    )
    return row.site_id or site_id, line


def thought_of(
    file: PatientFile, days: Iterable[tuple[date, int]], site_id: UUID, line: ServiceLine
) -> tuple[Visit, ...]:
    """Make booked visits of one line each, on some days with their units; their ids stand for nothing on file."""
    return tuple(
        Visit(
            UUID(int=number),
            f"~{number:04}",
            file.patient.id,
            site_id,
            datetime.combine(day, NOON, UTC),
            day,
            VisitStatus.BOOKED,
            (replace(line, id=UUID(int=number), position=0, units=units),),
        )
        for number, (day, units) in enumerate(days, start=1)
    )
