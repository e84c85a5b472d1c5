"""The eligibility page: whose coverage is not verified, or changed?"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from app.clearance.actions.opening import saw
from app.coverage.facts import Coverage
from app.coverage.store import checks as check_store
from app.coverage.store import coverages as coverage_store
from app.eligibility.facts.listing import PAGE_SIZE, EligibilityList, EligibilityQuery, EligibilityRow, ListedVisit
from app.eligibility.rules.standing import next_ask, standing_of
from app.eligibility.store import asking as asking_store
from app.eligibility.store import visits as store
from app.gateways.access import gateways_of
from app.patients import store as patient_store
from app.platform.caller import Caller
from app.policies.actions.payers import working_payers
from app.practice.facts.practice import Site
from app.practice.store import practice as practice_store


class SiteNotFoundError(Exception):
    """The site of the address is not one of the practice's, or out of sight."""


def read_list(caller: Caller, query: EligibilityQuery) -> EligibilityList:
    """Read one page of the list, and note whom it showed. The number of queries does not grow with the visits.

    Raises    SiteNotFoundError.
    """
    session, practice_id = caller.session, caller.practice_id
    practice = practice_store.practice_of(session, practice_id)
    sites = _sites(caller)
    if query.site is not None and query.site not in {one.id for one in sites}:
        raise SiteNotFoundError
    zones = {one.id: one.zone for one in sites}
    today = caller.clock.today(ZoneInfo(zones.get(query.site or practice_id, practice.zone)))
    first = query.day or today + timedelta(days=1)
    last = first + timedelta(days=query.days - 1)
    wanted = store.Wanted((first, last), query.site, query.payer, query.standing, caller.scope)
    found = store.listed(session, practice_id, wanted, PAGE_SIZE + 1, query.after)
    shown = found[:PAGE_SIZE]
    rows = _rows(caller, shown, today)
    saw(caller, "eligibility.seen", [one.patient_id for one in shown])
    return EligibilityList(
        query=replace(query, day=first),
        today=today,
        first=first,
        last=last,
        sites=tuple(sites),
        payers=dict(working_payers(caller)),
        rows=rows,
        next=shown[-1].place if len(found) > PAGE_SIZE else None,
        can_ask=bool(gateways_of(session).clearinghouses),
        zone=practice.zone,
        routes=frozenset(asking_store.routes(session, practice_id)),
        upcoming=None if rows else store.next_booked_day(session, practice_id, wanted),
    )


def _sites(caller: Caller) -> list[Site]:
    allowed = caller.scope.sites
    sites = practice_store.sites(caller.session, caller.practice_id)
    return [one for one in sites if allowed is None or one.id in allowed]


def _rows(caller: Caller, visits: Sequence[ListedVisit], today: date) -> tuple[EligibilityRow, ...]:
    session, practice_id = caller.session, caller.practice_id
    people = sorted({one.patient_id for one in visits})
    patients = patient_store.opened(session, practice_id, people)
    coverages: Mapping[UUID, Coverage] = {
        one.id: one for theirs in coverage_store.of_patients(session, practice_id, people).values() for one in theirs
    }
    ids = [one.coverage_id for one in visits if one.coverage_id is not None]
    checks = check_store.latest_of(session, practice_id, ids, 5)
    asks = asking_store.last_asks(session, practice_id, ids)
    rows = []
    for visit in visits:
        covered = visit.coverage_id
        coverage = coverages.get(covered) if covered is not None else None
        theirs = checks.get(covered, ()) if covered is not None else ()
        ask = asks.get(covered) if covered is not None else None
        rows.append(
            EligibilityRow(
                visit=visit,
                patient=patients[visit.patient_id],
                standing=standing_of(coverage, visit.day, theirs[-1] if theirs else None, ask),
                coverage=coverage,
                checks=theirs,
                ask=ask,
                next_ask=next_ask(visit.day, today, ask),
            )
        )
    return tuple(rows)
