"""What was performed at a visit, beside what was planned and approved."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from app.casework.facts.performed import Compared, Performed
from app.clearance.facts.reasons import CHECK_ORDER, Check, Result
from app.clearance.facts.verdicts import LineVerdict, PatientFile, Surroundings
from app.clearance.rules.judge import judge
from app.schedule.facts import ServiceLine, Visit, VisitStatus

_ASKED = frozenset({Check.RULE, *list(Check)[CHECK_ORDER[Check.APPROVAL] : CHECK_ORDER[Check.DRUG] + 1]})
"""Checks that say whether a payer had to be asked, and whether it was: what can still be settled after a visit."""
_HOLDS = frozenset({Result.PASS, Result.WARN})


def compare(
    file: PatientFile, visit: Visit, performed: Sequence[Performed], around: Surroundings
) -> tuple[Compared, ...]:
    """Judge what was performed as if it had been planned, with the judgement that clears booked visits.

    Takes     the patient's file; the visit; what was performed; the surroundings.
    Returns   one entry for each service performed, in order. Every other visit takes its units as planned.
    """
    lines = tuple(_line(visit, one, place) for place, one in enumerate(performed))
    done = replace(visit, status=VisitStatus.DONE, lines=lines)
    others = tuple(one for one in file.visits if one.id != visit.id)
    verdicts = {one.line.position: one for one in judge(replace(file, visits=(*others, done)), around).lines
                if one.visit.id == visit.id}  # fmt: skip
    return tuple(
        Compared(one, _planned(visit, one.code), _is_covered(verdicts[place]), verdicts[place])
        for place, one in enumerate(performed)
    )


def left_out(visit: Visit, performed: Iterable[Performed]) -> tuple[str, ...]:
    """The codes that were planned and not performed."""
    done = {one.code for one in performed}
    return tuple(dict.fromkeys(line.code for line in visit.lines if line.code and line.code not in done))


def _line(visit: Visit, one: Performed, place: int) -> ServiceLine:
    """The line as it was planned, else like the visit's first with another code."""
    planned = next((line for line in visit.lines if line.code == one.code), None)
    if planned is not None:
        return replace(planned, position=place, units=one.units)
    like = visit.lines[0]
    return replace(
        like, id=UUID(int=place + 1), position=place, code=one.code, units=one.units, drug=None, ndc=None,
        visit_type=None, refused_row=None, klass=None,
    )  # fmt: skip


def _planned(visit: Visit, code: str) -> int:
    return sum(line.units for line in visit.lines if line.code == code)


def _is_covered(verdict: LineVerdict) -> bool:
    """Say whether nothing stands against a service that a payer could still be asked about."""
    return all(one.result in _HOLDS for one in verdict.reasons if one.check in _ASKED)
