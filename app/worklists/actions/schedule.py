"""The schedule page: which visits of some days can go ahead?"""

from dataclasses import replace
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from app.clearance.actions.keeping import judge_missing, rejudge_stale
from app.clearance.actions.opening import Opener, saw
from app.clearance.facts.reasons import Badge
from app.clearance.facts.stored import VisitVerdict
from app.clearance.store import verdicts as verdict_store
from app.platform.caller import Caller
from app.practice import store as practice_store
from app.schedule import store as schedule_store
from app.worklists import store
from app.worklists.facts import PAGE_SIZE, Place, Schedule, ScheduleQuery, days_of


class SiteNotFoundError(Exception):
    """The practice has no site with this id."""


def read_schedule(caller: Caller, query: ScheduleQuery) -> Schedule:
    """Read one page of the schedule, nothing in it past its last day, and note whom it showed.

    The badges are stored and counted; the words of the visits shown are made anew. The number of queries does not grow
    with the visits. Raises SiteNotFoundError.
    """
    opener = Opener(caller)
    world = opener.world
    if query.site is not None and query.site not in world.sites:
        raise SiteNotFoundError
    today = world.today(query.site) if query.site is not None else caller.clock.today(ZoneInfo(world.practice.zone))
    query = replace(query, day=query.day or today)
    days = days_of(query.span, query.day or today)
    rejudge_stale(caller, days, world)
    counts = _counts(caller, query, days)
    found = _listed(caller, query)
    shown = found[:PAGE_SIZE]
    visits = tuple(opener.list(shown).values())
    in_panel = opener.open(_in_panel(caller, query))
    panel = next(iter(in_panel.values()), None)
    staff = practice_store.staff_of(caller.session, caller.practice_id)
    works = store.works(caller.session, caller.practice_id, [one.id for one in shown])
    saw(caller, "schedule.seen", [*(one.patient.id for one in (*visits, *in_panel.values())), *in_panel])
    return Schedule(
        query=query,
        today=today,
        now=caller.clock.now(),
        sites=tuple(world.sites.values()),
        counts=counts,
        visits=visits,
        next=_place(shown[-1]) if len(found) > PAGE_SIZE else None,
        imported_at=opener.imported,
        panel=panel,
        zone=world.practice.zone,
        staff=staff,
        works=works,
    )


def _counts(caller: Caller, query: ScheduleQuery, days: tuple[date, date]) -> dict[Badge, int]:
    """Count by badge; a booked visit that no run has judged yet is judged first, so that none is missing."""
    session, practice_id = caller.session, caller.practice_id
    counts = verdict_store.badge_counts(session, practice_id, *days, query.site)
    if sum(counts.values()) == schedule_store.count_booked(session, practice_id, *days, query.site):
        return counts
    judge_missing(caller, days)
    return verdict_store.badge_counts(session, practice_id, *days, query.site)


def _listed(caller: Caller, query: ScheduleQuery) -> tuple[VisitVerdict, ...]:
    """One page and one more, which tells whether another page follows."""
    assert query.day is not None
    after = (query.after.day, query.after.starts_at, query.after.visit_id) if query.after is not None else None
    return verdict_store.listed(
        caller.session,
        caller.practice_id,
        days_of(query.span, query.day),
        query.site,
        [query.badge] if query.badge is not None else [],
        after,
        PAGE_SIZE + 1,
    )


def _in_panel(caller: Caller, query: ScheduleQuery) -> dict[UUID, UUID]:
    if query.visit is None:
        return {}
    found = schedule_store.visits_by_ids(caller.session, caller.practice_id, [query.visit])
    return {visit_id: visit.patient_id for visit_id, visit in found.items()}


def _place(verdict: VisitVerdict) -> Place:
    return Place(verdict.day, verdict.starts_at, verdict.id)
