"""Which visits would turn if something were saved? Tried out, judged, and taken back."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy.orm import Session

from app.clearance.actions.judging import JudgedVisit, judge_patients
from app.clearance.actions.world import world_of
from app.clearance.facts.reasons import Badge
from app.clearance.facts.turns import Turn
from app.clearance.rules.badges import badge_of_visit
from app.platform.caller import Caller
from app.schedule.facts import VisitStatus

_UNDER_WAY = ("joined", "announcing", "touched", "visits_changed", "rejudge_later")
"""What a session notes while a transaction is open: put back as it was."""


def preview(caller: Caller, patient_ids: Collection[UUID], apply: Callable[[Session], None]) -> tuple[Turn, ...]:
    """Tell which booked visits from today on would have another badge after a change, and leave nothing behind.

    Takes     the patients whom the change concerns; `apply`, which makes it through stores or actions, without a way
              out of the building. Call it outside a transaction, or inside `announced` or `joined`: there it is a
              savepoint. Listeners do not run, so that nothing is told to anybody.
    Returns   the visits that would turn, in order of time; the worst first is for whoever shows them.
    Raises    what `apply` raises; then too nothing is left.
    """
    with _taken_back(caller.session) as session:
        before = _booked(caller, patient_ids)
        apply(session)
        session.flush()
        session.expire_all()
        after = _booked(caller, patient_ids)
    turned = [_turn(before.get(one), after.get(one)) for one in {**before, **after}]
    found = [one for one in turned if one.before is not one.after]
    return tuple(sorted(found, key=lambda one: (one.visit.starts_at, one.visit.reference)))


@contextmanager
def _taken_back(session: Session) -> Iterator[Session]:
    """Let everything inside write, and roll all of it back at the end, whatever became of it."""
    under_way = {name: session.info[name] for name in _UNDER_WAY if name in session.info}
    inside = session.begin_nested() if "joined" in under_way or "announcing" in under_way else None
    if inside is None:
        session.rollback()
        session.connection(execution_options={"begin": "IMMEDIATE"})
    session.info |= {"joined": True, "announcing": True}
    session.info.pop("touched", None)
    try:
        yield session
    finally:
        for name in _UNDER_WAY:
            session.info.pop(name, None)
        session.info |= under_way
        if inside is not None:
            inside.rollback()
        else:
            session.rollback()
        session.expire_all()


def _booked(caller: Caller, patient_ids: Collection[UUID]) -> Mapping[UUID, JudgedVisit]:
    session, practice_id = caller.session, caller.practice_id
    world = world_of(session, practice_id, caller.clock)
    return {
        visit_id: one
        for judged in judge_patients(session, practice_id, world, patient_ids)
        for visit_id, one in judged.items()
        if one.lines[0].visit.status is VisitStatus.BOOKED and one.lines[0].visit.day >= one.as_of
    }


def _turn(before: JudgedVisit | None, after: JudgedVisit | None) -> Turn:
    shown = after or before
    assert shown is not None
    return Turn(shown.lines[0].visit, _badge(before), _badge(after), shown.lines)


def _badge(one: JudgedVisit | None) -> Badge | None:
    return None if one is None else badge_of_visit([line.badge for line in one.lines])
