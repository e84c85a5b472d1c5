"""Which visits turn when a patient's facts change?"""

from collections.abc import Mapping
from uuid import UUID

from app.clearance.actions.judging import judge_patients
from app.clearance.actions.world import world_of
from app.clearance.facts.reasons import Badge
from app.clearance.rules.badges import badge_of_visit
from app.platform.caller import Caller
from app.schedule.facts import VisitStatus


def badges_of(caller: Caller, patient_id: UUID) -> Mapping[UUID, Badge]:
    """Judge a patient's booked visits now: the badge of each from today on, by the visit's id."""
    session, practice_id = caller.session, caller.practice_id
    world = world_of(session, practice_id, caller.clock)
    found: dict[UUID, Badge] = {}
    for judged in judge_patients(session, practice_id, world, [patient_id]):
        for visit_id, one in judged.items():
            visit = one.lines[0].visit
            if visit.status is VisitStatus.BOOKED and visit.day >= one.as_of:
                found[visit_id] = badge_of_visit([line.badge for line in one.lines])
    return found


def turned_since(caller: Caller, patient_id: UUID, before: Mapping[UUID, Badge]) -> tuple[Badge, ...]:
    """List the new badges of the visits whose badge is another than before."""
    return tuple(
        badge for visit_id, badge in badges_of(caller, patient_id).items() if before.get(visit_id) is not badge
    )
