"""Which booked visits would a change break? Asked before it is saved."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from app.clearance.actions.preview import preview
from app.clearance.facts.turns import Turn
from app.clearance.rules.redacting import without_diagnoses
from app.platform.caller import Caller
from app.practice.facts.practice import Site
from app.practice.store import practice as practice_store
from app.schedule import store as schedule_store


@dataclass(frozen=True, slots=True)
class Breaks:
    """The booked visits that a change would let stand worse; `unseen` counts those out of the reader's sight."""

    turns: tuple[Turn, ...]
    unseen: int
    sites: Mapping[UUID, Site]
    today: date


def foresee_breaks(caller: Caller, patient_id: UUID, change: Callable[[], object]) -> Breaks:
    """Try a change of one patient's facts out and take it back: nothing of it is left, and nobody is told.

    Takes     the patient; the change, which saves as it will.
    Raises    what the change raises.
    """
    session, practice_id = caller.session, caller.practice_id

    def apply(_session: object) -> None:
        change()

    found = [turn for turn in preview(caller, [patient_id], apply) if turn.breaks]
    seen = schedule_store.of_patients(session, practice_id, [patient_id], caller.scope).get(patient_id, ())
    in_sight = {visit.id for visit in seen}
    turns = [turn for turn in found if turn.visit.id in in_sight]
    if not caller.reads("diagnosis"):
        turns = [Turn(one.visit, one.before, one.after, tuple(map(without_diagnoses, one.lines))) for one in turns]
    return Breaks(
        turns=tuple(turns),
        unseen=len(found) - len(turns),
        sites={site.id: site for site in practice_store.sites(session, practice_id)},
        today=caller.clock.today(ZoneInfo(practice_store.practice_of(session, practice_id).zone)),
    )
