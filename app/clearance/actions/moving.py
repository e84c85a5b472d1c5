"""Try a booked visit on another day before anybody moves it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from app.clearance.actions.answering import VisitNotFoundError
from app.clearance.actions.judging import without_canceled
from app.clearance.actions.opening import Opener, saw
from app.clearance.actions.world import World
from app.clearance.facts.opened import OpenedVisit
from app.clearance.facts.turns import Turn
from app.clearance.rules.moving import Days, Tried, days_of, try_day
from app.clearance.rules.redacting import without_diagnoses
from app.platform.caller import Caller
from app.schedule import store as schedule_store
from app.schedule.facts import VisitStatus


@dataclass(frozen=True, slots=True)
class Move:
    """A visit and where it could go: `days` None where it is not booked; `tried` the day that was asked about.

    `unseen` counts visits that would turn and are out of the reader's sight.
    """

    opened: OpenedVisit
    today: date
    days: Days | None
    tried: Tried | None
    unseen: int = 0


def read_move(caller: Caller, visit_id: UUID, day: date | None = None) -> Move:
    """Find the days on which a visit could go ahead, and judge it on one where that is asked; the reading is noted.

    Every other visit of the patient stays where it is. Nothing is written of the visit: it is moved in the practice's
    own system. Raises VisitNotFoundError.
    """
    visit = schedule_store.visits_by_ids(caller.session, caller.practice_id, [visit_id]).get(visit_id)
    if visit is None:
        raise VisitNotFoundError
    opener = Opener(caller)
    opened = opener.panel({visit.id: visit.patient_id}).get(visit.id)
    if opened is None or opened.beside is None:
        raise VisitNotFoundError
    world = opener.world
    today = world.today(visit.site_id)
    move = Move(opened, today, None, None)
    if visit.status is VisitStatus.BOOKED:
        file, zone, around = without_canceled(opened.beside.file), world.zone(visit.site_id), world.at(today)
        days = days_of(file, visit, zone, around, _turns(world))
        tried = try_day(file, visit.id, day, zone, around) if day is not None else None
        move = _in_sight(caller, Move(opened, today, days, tried), visit.patient_id)
    saw(caller, "clearance.move_seen", [visit.patient_id, visit.id])
    return move


def _turns(world: World) -> Iterator[date]:
    """The days on which the payers' rules begin, and those after their last."""
    spans = [(rule.begins, rule.ends) for rule in world.book.rules.values()]
    spans += [(rule.span.begins or date.min, rule.span.ends or date.max) for rule in world.practice_rules]
    for first, last in spans:
        yield first
        if last < date.max:
            yield last + timedelta(days=1)


def _in_sight(caller: Caller, move: Move, patient_id: UUID) -> Move:
    """Leave out what the reader may not see: visits out of sight, and diagnoses in the words of the others."""
    if move.tried is None:
        return move
    turned: tuple[Turn, ...] = move.tried.turned
    if caller.scope.limited:
        found = schedule_store.of_patients(caller.session, caller.practice_id, [patient_id], caller.scope)
        seen = {visit.id for visit in found.get(patient_id, ())}
        turned = tuple(one for one in turned if one.visit.id in seen)
    unseen = len(move.tried.turned) - len(turned)
    tried = replace(move.tried, turned=turned)
    if not caller.reads("diagnosis"):
        shown = tuple(replace(one, lines=tuple(map(without_diagnoses, one.lines))) for one in turned)
        tried = replace(tried, lines=tuple(map(without_diagnoses, tried.lines)), turned=shown)
    return replace(move, tried=tried, unseen=unseen)
