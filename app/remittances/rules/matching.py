"""Whom a claim is about, and which visit: by member id, control number, name, day and code. Never a guess."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from app.patients.rules import name_fits, plain_name
from app.remittances.facts.claims import Candidate, Named, ReadClaim, ReadLine, Why
from app.schedule.facts import Visit, VisitStatus
from app.values.members import MemberForms, member_forms

CAME = frozenset({VisitStatus.BOOKED, VisitStatus.DONE})


def patient_of(claim: ReadClaim, candidates: Sequence[Candidate]) -> tuple[UUID | None, Why | None]:
    """Choose the patient whom a claim is about.

    Takes     the claim; patients who have its member id, record number or visit.
    Returns   the patient, who has one of its member ids and does not go by another name, or is found by its control
              number and goes by its name; else None with the reason.
    """
    if not candidates:
        return None, Why.NO_PATIENT
    sure = [one for one in candidates if _has_member(claim, one) and _goes_by(claim.patient, one) is not False]
    sure = [one for one in sure if _goes_by(claim.patient, one)] or sure
    sure = sure or [one for one in candidates if one.by_control and _goes_by(claim.patient, one)]
    if len(sure) > 1:
        named = [one for one in sure if one.by_control]
        sure = named if len(named) == 1 else sure
    if len(sure) == 1:
        return sure[0].patient_id, None
    return None, Why.SEVERAL_PATIENTS if sure else Why.OTHER_PATIENT


def _has_member(claim: ReadClaim, one: Candidate) -> bool:
    return any(same_member(sent, kept) for sent in claim.members for kept in one.members)


def same_member(one: str, other: str) -> bool:
    """Say whether two member ids name the same member: equal, or equal but for a dependent's suffix."""
    first, second = member_forms(one), member_forms(other)
    return bool(first.whole) and _same(first, second)


def _same(first: MemberForms, second: MemberForms) -> bool:
    return first.base == second.base or first.whole in (second.base, second.cut) or second.whole == first.cut


def _goes_by(named: Named, one: Candidate) -> bool | None:
    """Say whether a patient goes by the name that a claim gives; None: it gives none. The first name decides: a family
    shares the last one, and the member id often too."""
    if not named.first_name or not plain_name(named.first_name):
        return None if not named.last_name else _fits(named.last_name, one.last_name)
    return _fits(named.first_name, one.first_name)


def _fits(sent: str, kept: str) -> bool:
    first = sent.split()[0] if sent.split() else sent
    return name_fits(first, kept) or name_fits(kept.split()[0] if kept.split() else kept, sent)


def visit_of(
    control: str | None, line: ReadLine | None, days: tuple[date | None, date | None], visits: Iterable[Visit]
) -> tuple[UUID | None, Why | None]:
    """Choose the visit that a line, or a claim without lines, is about.

    Takes     the control number; the line; its first and last day of service; the patient's visits.
    Returns   of the visits of those days that were not canceled: the one that the control number names, else the only
              one that plans the code, else the only one; else None with the reason.
    """
    begins, ends = days
    if begins is None:
        begins = ends
    if begins is None:
        return None, Why.NO_VISIT
    ends = ends or begins
    there = [one for one in visits if begins <= one.day <= ends and one.status in CAME]
    for fitting in (
        [one for one in there if control is not None and one.reference == control],
        [one for one in there if line is not None and _plans(one, line)],
        there,
    ):
        if len(fitting) == 1:
            return fitting[0].id, None
    return None, Why.SEVERAL_VISITS if there else Why.NO_VISIT


def _plans(visit: Visit, line: ReadLine) -> bool:
    return any(one.code is not None and one.code == line.code for one in visit.lines)
