"""Ask what would be found for visits that somebody thinks of, with the judgement that clears booked ones."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from app.clearance.actions.judging import files_of, without_canceled
from app.clearance.actions.world import World
from app.clearance.rules.trying import Tried, try_visits
from app.platform.caller import Caller
from app.schedule.facts import Visit
from app.values.insurance import Rank


def try_under(
    caller: Caller, world: World, patient_id: UUID, coverage_id: UUID, visits: Sequence[Visit]
) -> dict[UUID, Tried]:
    """Judge visits of a patient as they are given, as if one coverage were the only one. Nothing is stored.

    Takes     the caller and the world; the patient; one of the patient's coverages; at least one visit, all judged by
              the day that it is at the first one's site.
    Returns   by the id of each of their lines what would be found; nothing for a patient who is not on file.
    """
    found = files_of(caller.session, caller.practice_id, [patient_id])
    if not found:
        return {}
    file = without_canceled(found[0])
    chosen = tuple(replace(one, rank=Rank.PRIMARY) for one in file.coverages if one.id == coverage_id)
    around = world.at(world.today(visits[0].site_id))
    return try_visits(replace(file, coverages=chosen), around, visits)
