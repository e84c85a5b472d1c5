"""The list of one day on paper: all its visits, kept as it was printed."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.audit.actions import record
from app.clearance.actions.opening import Opener, saw
from app.clearance.store import listing
from app.clearance.store.listing import Which
from app.platform.caller import Caller
from app.platform.db import writing
from app.platform.ids import new_id
from app.practice.store import practice as practice_store
from app.practice.store import staff as staffing
from app.schedule import store as schedule_store
from app.worklists import store
from app.worklists.actions import shared
from app.worklists.actions.shared import SiteNotFoundError
from app.worklists.facts import DayList, PrintChoice, PrintedList

MOST_VISITS = 5_000
LISTED_BEFORE = 10


class PrintedNotFoundError(Exception):
    """No printed list has this id."""


class TooManyError(Exception):
    """The day has more visits than one list holds."""


def read_print(caller: Caller, day: date | None, site: UUID | None) -> PrintChoice:
    """Read what would be printed of a day: how many visits each site has, and what was printed before.

    Takes     the day, None for today; a site, None for all. Raises SiteNotFoundError.
    """
    session, practice_id = caller.session, caller.practice_id
    sites = shared.sites_in_sight(caller, practice_store.sites(session, practice_id))
    if site is not None and site not in {one.id for one in sites}:
        raise SiteNotFoundError
    zone = practice_store.practice_of(session, practice_id).zone
    day = day or caller.clock.today(ZoneInfo(zone))
    found = listing.site_counts(session, practice_id, Which((day, day), scope=caller.scope))
    files = shared.files(caller)
    return PrintChoice(
        day=day,
        now=caller.clock.now(),
        site=site,
        sites=sites,
        visits={one: sum(counts.values()) for one, counts in found.items()},
        imported_at=schedule_store.last_schedule_import(session, practice_id),
        stopped_at=shared.stopped_at(files),
        zone=zone,
        before=store.printed_of_day(session, practice_id, day, LISTED_BEFORE, caller.user_id, caller.scope),
        names={one.id: one.name for one in staffing.staff_of(session, practice_id)},
    )


def read_day(caller: Caller, day: date, site: UUID | None) -> DayList:
    """Open all booked visits of a day, none past its last day.

    Raises SiteNotFoundError; TooManyError.
    """
    opener = Opener(caller)
    world = opener.world
    if site is not None and site not in {one.id for one in shared.sites_in_sight(caller, world.sites.values())}:
        raise SiteNotFoundError
    shared.make_true(caller, (day, day), world)
    which = Which((day, day), site, scope=caller.scope)
    found = listing.page(caller.session, caller.practice_id, which, MOST_VISITS + 1)
    if len(found) > MOST_VISITS:
        raise TooManyError
    visits = tuple(opener.list(found).values())
    stopped_at = shared.stopped_at(shared.files(caller))
    return DayList(day, caller.clock.now(), visits, opener.imported, stopped_at, world.practice.zone)


def keep_printed(caller: Caller, shown: DayList, content: Mapping[str, Any]) -> UUID:
    """Keep the words of a list as they are printed, and note who printed whom. Returns the list's id."""
    printed = PrintedList(new_id(), shown.now, caller.user_id, shown.day, len(shown.visits), content)
    with writing(caller.session) as session:
        store.add_printed(session, caller.practice_id, printed)
        patients = dict.fromkeys(one.patient.id for one in shown.visits)
        record(caller, "schedule.printed", [printed.id, *patients], visits=printed.visits)
    return printed.id


def printed_in_sight(caller: Caller, list_id: UUID) -> bool:
    """Say whether a printed list is on file and in sight: under a limited scope only one's own, of sites in sight."""
    return _printed(caller, list_id) is not None


def _printed(caller: Caller, list_id: UUID) -> PrintedList | None:
    found = store.printed_list(caller.session, caller.practice_id, list_id)
    if found is None or not caller.scope.limited:
        return found
    sites = shared.sites_in_sight(caller, practice_store.sites(caller.session, caller.practice_id))
    named = {sheet["site"] for sheet in found.content["sheets"]}
    return found if found.by_id == caller.user_id and named <= {one.name for one in sites} else None


def read_printed(caller: Caller, list_id: UUID) -> PrintedList:
    """Show a list again as it was printed, and note it. Raises PrintedNotFoundError."""
    found = _printed(caller, list_id)
    if found is None:
        raise PrintedNotFoundError
    saw(caller, "schedule.printed_seen", [list_id])
    return found
