"""What is due and overdue for a person: the few alerts that the page of today shows."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from app.alerts.actions.reading import Around, around_of
from app.alerts.facts.alerts import Alert
from app.alerts.store import theirs
from app.alerts.store.soonest import soonest
from app.platform.caller import Caller
from app.practice.facts.staff import Permission
from app.practice.store import practice


@dataclass(frozen=True, slots=True)
class Due:
    """The first alerts by what is due, of `count` in all, to whom each is shown, and what their words need."""

    alerts: tuple[Alert, ...]
    count: int
    shown_to: dict[UUID, frozenset[UUID]]
    around: Around


def read_due(caller: Caller, mine: bool, site_id: UUID | None, permissions: Collection[Permission], limit: int) -> Due:
    """Read what is due first, of the person's own or of everybody's alerts, and note whose names are shown.

    Takes     whose; the site, None: all; what the person may do; how many are shown at most.
    """
    session, practice_id = caller.session, caller.practice_id
    found, count = soonest(session, practice_id, caller.user_id if mine else None, site_id, limit, caller.scope)
    shown_to = theirs.people_of(session, practice_id, [one.id for one in found])
    sites = practice.sites(session, practice_id)
    return Due(found, count, dict(shown_to), around_of(caller, found, sites, permissions))
