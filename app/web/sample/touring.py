"""The tour as a page shows it: each story with the badge that its visit has now."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.audit.actions import record
from app.clearance.actions.judging import judge_patients
from app.clearance.actions.world import world_of
from app.clearance.facts.reasons import Badge
from app.clearance.rules.accepting import badge_shown
from app.clearance.store import risks
from app.platform.caller import Caller
from app.platform.db import writing
from app.schedule import store as schedule
from app.web.sample.tour import STORIES


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop of the tour: the visit, its day, its badge as of now, and the story's sentence."""

    visit_id: UUID
    day: date
    badge: Badge
    sentence: str


def stops(caller: Caller) -> dict[Badge, list[Stop]]:
    """List the stories whose visits are on file, by badge from worst to best; a person may have changed some since."""
    session, practice_id = caller.session, caller.practice_id
    records = schedule.records(session, practice_id, [story.visit_id for story in STORIES])
    visits = {reference: record.visit for reference, record in records.items()}
    patients = sorted({visit.patient_id for visit in visits.values()})
    world = world_of(session, practice_id, caller.clock)
    accepted = risks.standing_of(session, practice_id, patients)
    badges = {
        visit_id: badge_shown(judged.lines, accepted[visit_id].digest if visit_id in accepted else None)
        for found in judge_patients(session, practice_id, world, patients)
        for visit_id, judged in found.items()
    }
    toured: dict[Badge, list[Stop]] = {badge: [] for badge in Badge}
    for story in STORIES:
        visit = visits.get(story.visit_id)
        if visit is not None:
            badge = badges[visit.id]
            toured[badge].append(Stop(visit.id, visit.day, badge, story.sentence))
    if patients:
        with writing(session):
            record(caller, "sample.toured", patients)
    return {badge: found for badge, found in toured.items() if found}
