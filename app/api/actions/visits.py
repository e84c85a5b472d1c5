"""Read visits with their verdicts for other programs."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.api.facts.problems import not_found
from app.api.rules.paging import Page
from app.api.store import listing as sights
from app.clearance.actions.answering import check_known_visit
from app.clearance.actions.opening import Opener, saw
from app.clearance.facts.answered import AnsweredVisit
from app.clearance.facts.reasons import Badge
from app.clearance.store import listing
from app.clearance.store.listing import Which
from app.platform.caller import Caller
from app.schedule import store as schedule_store
from app.worklists.actions import shared


@dataclass(frozen=True, slots=True)
class VisitQuery:
    """Which booked visits: days of service (both included), a site, badges, a patient."""

    first: date
    last: date
    site: UUID | None
    badges: tuple[Badge, ...]
    patient: UUID | None
    limit: int


def list_visits(caller: Caller, query: VisitQuery, after: tuple[str, ...] | None) -> Page[AnsweredVisit]:
    """Read one page of booked visits by day, start and id, each judged anew, and note whom it showed.

    Raises    ProblemError (404) for a site that is not in sight.
    """
    opener = Opener(caller)
    if query.site is not None and not _in_sight(caller, query.site, opener):
        raise not_found()
    days = (query.first, query.last)
    shared.make_true(caller, days, opener.world)
    among = sights.visits_in_sight(caller.session, caller.practice_id, caller.scope)
    which = Which(days, query.site, query.badges, query.patient, among)
    place = None if after is None else (date.fromisoformat(after[0]), datetime.fromisoformat(after[1]), UUID(after[2]))
    found = listing.page(caller.session, caller.practice_id, which, query.limit + 1, after=place)
    shown = found[: query.limit]
    opened = opener.open({one.id: one.patient_id for one in shown})
    saw(caller, "api.visits_read", [*(one.patient_id for one in shown), *(one.id for one in shown)])
    last = shown[-1] if len(found) > query.limit else None
    following = None if last is None else (last.day.isoformat(), last.starts_at.isoformat(), str(last.id))
    return Page(tuple(one.answer for one in opened.values()), following)


def _in_sight(caller: Caller, site: UUID, opener: Opener) -> bool:
    return site in opener.world.sites and (caller.scope.sites is None or site in caller.scope.sites)


def read_visit(caller: Caller, visit_id: UUID, as_of: date | None = None) -> AnsweredVisit:
    """Read one visit of any status, judged anew, and note whom it showed. Raises ProblemError (404)."""
    session, practice_id = caller.session, caller.practice_id
    visit = schedule_store.visits_by_ids(session, practice_id, [visit_id]).get(visit_id)
    if visit is None or not sights.visit_in_sight(session, practice_id, caller.scope, visit_id):
        raise not_found()
    return check_known_visit(caller, visit, as_of)
