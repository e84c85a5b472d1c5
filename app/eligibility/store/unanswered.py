"""Booked visits whose plans were asked and have not answered: the query behind the alert.

The tables of visits and coverages are named as text, since they belong to rooms below.
"""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, String, and_, column, exists, func, or_, select, table
from sqlalchemy.orm import Session

from app.eligibility.facts.asking import OPEN, WITHOUT_ANSWER
from app.eligibility.models.asking import EligibilityAskRow, EligibilityBatchRow
from app.platform.db import Uuid16
from app.schedule.facts import VisitStatus

_V = table(
    "visit",
    column("practice_id", Uuid16()), column("patient_id", Uuid16()), column("site_id", Uuid16()),
    column("day", Date()), column("status", String()),
)  # fmt: skip
_C = table(
    "coverage", column("practice_id", Uuid16()), column("id", Uuid16()), column("checked_on", Date())
)  # fmt: skip
_A, _B = EligibilityAskRow, EligibilityBatchRow


def without_answer(
    session: Session, practice_id: UUID, days: tuple[date, date], made_before: datetime
) -> Mapping[tuple[UUID, date], int]:
    """Count, by site and day, the patients of booked visits whose plans were asked and have not answered.

    Takes     the days, both included; before which instant a request that may still be answered must have been made.
    Returns   patients by site and day. A request counts where it is the last one about its coverage, it was refused or
              overdue or has waited, and no answer about the coverage came since by any way.
    """
    later = _A.__table__.alias("later")
    again = exists().where(
        later.c.practice_id == practice_id, later.c.coverage_id == _A.coverage_id, later.c.asked_on > _A.asked_on
    )
    waits = and_(_A.state.in_(OPEN), _B.made_at < made_before)
    statement = (
        select(_V.c.site_id, _V.c.day, func.count(_V.c.patient_id.distinct()))
        .join(_A, and_(_A.practice_id == practice_id, _A.patient_id == _V.c.patient_id))
        .join(_B, and_(_B.practice_id == practice_id, _B.id == _A.batch_id))
        .join(_C, and_(_C.c.practice_id == practice_id, _C.c.id == _A.coverage_id))
        .where(
            _V.c.practice_id == practice_id,
            _V.c.day.between(*days),
            _V.c.status == VisitStatus.BOOKED.value,
            or_(_A.state.in_(WITHOUT_ANSWER), waits),
            or_(_C.c.checked_on.is_(None), _C.c.checked_on < _A.asked_on),
            ~again,
        )
        .group_by(_V.c.site_id, _V.c.day)
    )
    return {(row[0], row[1]): row[2] for row in session.execute(statement)}
