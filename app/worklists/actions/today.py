"""The page of today: what must be done now?"""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from app.alerts.actions.due import Due, read_due
from app.casework.actions.case_blocks import read_case_blocks
from app.casework.facts.today import CaseBlocks
from app.clearance.actions.opening import Opener, saw
from app.clearance.facts.reasons import Badge
from app.clearance.store import listing
from app.clearance.store.listing import Which
from app.mailroom.actions.mail import count_waiting
from app.patients import store as patient_store
from app.platform import store as runs
from app.platform.caller import Caller
from app.policies.actions.payers import rules_to_verify
from app.policies.store.proposals import count_open
from app.practice.facts.staff import Permission
from app.practice.store import staff as practice_store
from app.schedule import store as schedule_store
from app.worklists import store
from app.worklists.actions import shared
from app.worklists.actions.shared import SiteNotFoundError
from app.worklists.facts import AskedOfMe, FailedJob, RiskDay, Today, TodayQuery, TopQuestions

RISKY = (Badge.BLOCKED, Badge.NOT_CHECKED, Badge.WAITING, Badge.AT_RISK)
"""Badges of visits that somebody should look at before the day."""
SHOWN, ASKS, QUESTIONS, DUE = 10, 10, 5, 6
AHEAD = timedelta(days=14)


def read_page(caller: Caller, query: TodayQuery, permissions: Collection[Permission]) -> tuple[Today, Due, CaseBlocks]:
    """Read what is due for a person: today, the alerts that are due first, and the cases. Raises SiteNotFoundError."""
    found = read_today(caller, query, permissions)
    cases = read_case_blocks(caller, query.mine, query.site)
    saw(caller, "casework.cases_seen", cases.named())
    return found, read_due(caller, query.mine, query.site, permissions, DUE), cases


def read_today(caller: Caller, query: TodayQuery, permissions: Collection[Permission]) -> Today:
    """Read what is due for a person, with a fixed number of queries, and note whom the page shows.

    Raises SiteNotFoundError.
    """
    opener = Opener(caller)
    world, session, practice_id = opener.world, caller.session, caller.practice_id
    sites = shared.sites_in_sight(caller, world.sites.values())
    if query.site is not None and query.site not in {one.id for one in sites}:
        raise SiteNotFoundError
    today = caller.clock.today(ZoneInfo(world.practice.zone))
    books = Permission.SEE_SCHEDULE in permissions
    risk = _risk_day(caller, opener, query, today) if books else RiskDay(None, {}, (), {})
    asks = _asks(caller, query, permissions) if books else ()
    questions = shared.top_questions(caller, world, QUESTIONS) if books else TopQuestions((), 0)
    files = shared.files(caller)
    people = {one.id: one.name for one in practice_store.staff_of(session, practice_id)}
    named = [*(one.patient.id for one in risk.shown), *(one.patient.id for one in asks)]
    named += shared.people_of(questions.asked)
    saw(caller, "worklists.today_seen", named)
    return Today(
        query=query,
        today=today,
        now=caller.clock.now(),
        zone=world.practice.zone,
        sites=sites,
        books=books,
        questions=questions,
        risk=risk,
        asks=asks,
        names=people,
        imported_at=opener.imported,
        stopped_at=shared.stopped_at(files),
        files=shared.waiting_files(files) if Permission.IMPORT in permissions else (),
        verify=rules_to_verify(caller) if Permission.SEE_RULES in permissions else (),
        next_risk=None if risk.shown or not books else _next_risk(caller, risk.day or today, today),
        failed_job=_failed_job(caller) if Permission.SETTINGS in permissions else None,
        to_match=count_waiting(caller) if Permission.EDIT_CASES in permissions else 0,
        new_rules=count_open(session, practice_id) if Permission.EDIT_RULES in permissions else 0,
    )


def _failed_job(caller: Caller) -> FailedJob | None:
    """The job that failed last, unless it has run well since."""
    session, practice_id = caller.session, caller.practice_id
    for failed in runs.failed_runs(session, practice_id, 1):
        if runs.latest_runs(session, practice_id, [failed.name]).get(failed.name) == failed:
            return FailedJob(failed.name, failed.ended_at, failed.incident)
    return None


def _risk_day(caller: Caller, opener: Opener, query: TodayQuery, today: date) -> RiskDay:
    """The next day that has visits, counted by site and badge, and the first visits that somebody should look at."""
    session, practice_id = caller.session, caller.practice_id
    day = listing.next_day(session, practice_id, today, today + timedelta(days=400), scope=caller.scope)
    if day is None:
        return RiskDay(None, {}, (), {})
    shared.make_true(caller, (day, day), opener.world)
    mine = (store.ids_owned(session, practice_id, caller.user_id),) if query.mine and caller.user_id else ()
    which = Which((day, day), query.site, (), None, mine, scope=caller.scope)
    counts = listing.site_counts(session, practice_id, which)
    first = listing.page(session, practice_id, replace(which, badges=RISKY), SHOWN)
    works = store.works(session, practice_id, [one.id for one in first])
    owners = {visit: work.owner_id for visit, work in works.items() if work.owner_id is not None}
    return RiskDay(day, counts, tuple(opener.list(first).values()), owners)


def _next_risk(caller: Caller, after: date, today: date) -> date | None:
    return listing.next_day(caller.session, caller.practice_id, after, today + AHEAD, RISKY, caller.scope)


def _asks(caller: Caller, query: TodayQuery, permissions: Collection[Permission]) -> tuple[AskedOfMe, ...]:
    """The open questions of colleagues: those asked of the person, and of all coordinators where the person is one."""
    session, practice_id = caller.session, caller.practice_id
    of_all = Permission.EDIT_CASES in permissions and not query.mine
    asks = store.open_asks(session, practice_id, caller.user_id, of_all, ASKS, caller.scope)
    visits = schedule_store.visits_by_ids(session, practice_id, [one.visit_id for one in asks])
    kept = [one for one in asks if query.site is None or visits[one.visit_id].site_id == query.site]
    patients = patient_store.opened(session, practice_id, [visits[one.visit_id].patient_id for one in kept])
    return tuple(AskedOfMe(one, visits[one.visit_id], patients[visits[one.visit_id].patient_id]) for one in kept)
