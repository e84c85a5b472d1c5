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
from app.practice import store as practice_store
from app.worklists import store
from app.worklists.actions import shared
from app.worklists.actions.shared import SiteNotFoundError
from app.worklists.facts import DayList, PrintedList

MOST_VISITS = 2_000
LISTED_BEFORE = 10


class PrintedNotFoundError(Exception):
    """No printed list has this id."""


def read_day(caller: Caller, day: date | None, site: UUID | None) -> DayList:
    """Open all booked visits of a day, none past its last day, and note whom the list shows.

    Takes     the day, None for today; a site, None for all. Raises SiteNotFoundError.
    """
    opener = Opener(caller)
    world, session, practice_id = opener.world, caller.session, caller.practice_id
    if site is not None and site not in world.sites:
        raise SiteNotFoundError
    today = caller.clock.today(ZoneInfo(world.practice.zone))
    day = day or today
    shared.make_true(caller, (day, day), world)
    found = listing.page(session, practice_id, Which((day, day), site), MOST_VISITS)
    visits = tuple(opener.list(found).values())
    before = store.printed_of_day(session, practice_id, day, LISTED_BEFORE)
    names = {one.id: one.name for one in practice_store.staff_of(session, practice_id)}
    stopped_at = shared.stopped_at(shared.files(caller))
    saw(caller, "schedule.list_seen", [one.patient.id for one in visits])
    return DayList(
        day,
        today,
        caller.clock.now(),
        site,
        tuple(world.sites.values()),
        visits,
        opener.imported,
        stopped_at,
        world.practice.zone,
        before,
        names,
    )


def keep_printed(caller: Caller, shown: DayList, content: Mapping[str, Any]) -> UUID:
    """Keep the words of a list as they are printed, and note who printed whom. Returns the list's id."""
    printed = PrintedList(new_id(), shown.now, caller.user_id, shown.day, len(shown.visits), content)
    with writing(caller.session) as session:
        store.add_printed(session, caller.practice_id, printed)
        patients = dict.fromkeys(one.patient.id for one in shown.visits)
        record(caller, "schedule.printed", [printed.id, *patients], visits=printed.visits)
    return printed.id


def read_printed(caller: Caller, list_id: UUID) -> PrintedList:
    """Show a list again as it was printed, and note it. Raises PrintedNotFoundError."""
    found = store.printed_list(caller.session, caller.practice_id, list_id)
    if found is None:
        raise PrintedNotFoundError
    saw(caller, "schedule.printed_seen", [list_id])
    return found
