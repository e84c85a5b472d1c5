"""What the pages of this room read alike: questions above a list, files that wait, and verdicts made true first."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from app.clearance.actions.keeping import judge_missing, rejudge_stale
from app.clearance.actions.world import World
from app.clearance.facts.reasons import Badge
from app.clearance.store import listing
from app.clearance.store import questions as question_store
from app.clearance.store.listing import Which
from app.imports.facts import Draft, DraftState, Kind
from app.imports.store import drafts
from app.platform.caller import Caller
from app.practice.facts.practice import Site
from app.questions.actions.naming import named
from app.questions.actions.reading import drop_past_days
from app.questions.facts.pages import Asked
from app.schedule import store as schedule_store
from app.worklists.facts import TopQuestions, WaitingFile

_FOR_A_PERSON = frozenset({DraftState.MATCHING, DraftState.CHECKED})


class SiteNotFoundError(Exception):
    """The practice has no site with this id."""


def sites_in_sight(caller: Caller, sites: Iterable[Site]) -> tuple[Site, ...]:
    """Keep to the sites in a caller's sight."""
    seen = caller.scope.sites
    return tuple(one for one in sites if seen is None or one.id in seen)


def make_true(caller: Caller, days: tuple[date, date], world: World) -> dict[Badge, int]:
    """Judge what is past its last day, and every booked visit of some days that no run has judged yet.

    Returns   how many visits of those days have each badge, in sight or not.
    """
    rejudge_stale(caller, days, world)
    session, practice_id = caller.session, caller.practice_id
    judged = listing.badge_counts(session, practice_id, Which(days))
    if sum(judged.values()) == sum(schedule_store.booked_by_day(session, practice_id, *days).values()):
        return judged
    judge_missing(caller, days)
    return listing.badge_counts(session, practice_id, Which(days))


def top_questions(caller: Caller, world: World, limit: int) -> TopQuestions:
    """Read the questions that hold most visits, and how many there are; whoever shows them notes whom they name."""
    session, practice_id = caller.session, caller.practice_id
    today = min((world.today(site) for site in world.sites), default=None)
    if today is not None and question_store.past(session, practice_id, today):
        drop_past_days(caller)
    count = sum(question_store.counts(session, practice_id, caller.scope).values())
    found = question_store.listed(session, practice_id, None, None, limit, caller.scope)
    return TopQuestions(named(caller, found), count)


def people_of(asked: Iterable[Asked]) -> list[UUID]:
    """Name the patients whom questions name."""
    return [one.patient.id for one in asked if one.patient is not None]


def files(caller: Caller) -> tuple[Draft, ...]:
    """Read the files that are under way or broke off."""
    return drafts.drafts(caller.session, caller.practice_id)


def stopped_at(found: Iterable[Draft]) -> int | None:
    """Tell how many rows the last file of a schedule had passed when it broke off; None where it did not."""
    schedules = [one for one in found if one.kind is Kind.SCHEDULE]
    last = max(schedules, key=lambda one: one.changed_at, default=None)
    return last.done if last is not None and last.state is DraftState.FAILED else None


def waiting_files(found: Iterable[Draft]) -> tuple[WaitingFile, ...]:
    """Find the files that wait for a person, with how many booked visits they no longer hold."""
    return tuple(
        WaitingFile(
            one.id, one.kind, one.state is DraftState.CHECKED, int((one.summary or {}).get("vanished_total", 0))
        )
        for one in found
        if one.state in _FOR_A_PERSON
    )
