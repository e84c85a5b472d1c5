"""How each payer is asked about coverage: read and changed by people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from app.audit.actions import record
from app.eligibility.facts.asking import AskState, Batch, Route
from app.eligibility.rules.asking import ANSWERS_FROM, in_january
from app.eligibility.store import asking as store
from app.gateways.access import gateways_of
from app.platform.caller import Caller
from app.platform.db import writing
from app.policies.actions.payers import working_payers
from app.practice.store import practice as practice_store

SHOWN = 20


class StaleRouteError(Exception):
    """Somebody changed how the payer is asked meanwhile: nothing is saved. `now` is what is on file."""

    def __init__(self, now: Route) -> None:
        super().__init__("the route was changed meanwhile")
        self.now = now


class UnknownRouteError(Exception):
    """The practice works with no payer of this key."""


@dataclass(frozen=True, slots=True)
class AskingSetup:
    """How payers are asked: their names and routes by key, the clearinghouses, and the files made last.

    `january`: in January, how the requests stand that were made since the 2nd; None at any other time.
    """

    payers: Mapping[str, str]
    routes: Mapping[str, Route]
    clearinghouses: tuple[str, ...]
    has_npi: bool
    batches: tuple[Batch, ...]
    counts: Mapping[UUID, Mapping[AskState, int]]
    zone: ZoneInfo
    today: date
    january: Mapping[AskState, int] | None = None


def read_setup(caller: Caller) -> AskingSetup:
    """Read how payers are asked, and what became of the last 20 files."""
    session, practice_id = caller.session, caller.practice_id
    practice = practice_store.practice_of(session, practice_id)
    zone = ZoneInfo(practice.zone)
    batches, today = store.latest_batches(session, practice_id, SHOWN), caller.clock.today(zone)
    first = date(today.year, 1, ANSWERS_FROM)
    return AskingSetup(
        payers=working_payers(caller),
        routes=store.routes(session, practice_id),
        clearinghouses=tuple(gateways_of(session).clearinghouses),
        has_npi=practice.group_npi is not None,
        batches=batches,
        counts=store.counts(session, practice_id, [one.id for one in batches]),
        zone=zone,
        today=today,
        january=store.counts_between(session, practice_id, first, today) if in_january(today) else None,
    )


def route_of(caller: Caller, payer: str) -> tuple[str, Route]:
    """Read how one payer is asked, with its name; what is usual where nothing is on file.

    Raises    UnknownRouteError.
    """
    name = working_payers(caller).get(payer)
    if name is None:
        raise UnknownRouteError(payer)
    return name, store.routes(caller.session, caller.practice_id).get(payer, Route(payer, ""))


def save_route(caller: Caller, route: Route) -> None:
    """Store how a payer is asked; `route.version` is the one that the person saw.

    Raises    UnknownRouteError; StaleRouteError.
    """
    if route.payer not in working_payers(caller):
        raise UnknownRouteError(route.payer)
    with writing(caller.session) as session:
        now = store.routes(session, caller.practice_id).get(route.payer, Route(route.payer, ""))
        if now.version != route.version:
            raise StaleRouteError(now)
        store.save_route(session, caller.practice_id, route)
        record(caller, "eligibility.route_saved", [], payer=route.payer)
