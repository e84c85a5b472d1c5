"""The schedule page: which visits of some days can go ahead?"""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID
from zoneinfo import ZoneInfo

from app.booking.actions.paying import unsigned_on_file
from app.clearance.actions.opening import Opener, saw
from app.clearance.facts.opened import OpenedVisit
from app.clearance.facts.stored import VisitVerdict
from app.clearance.store import listing
from app.clearance.store.listing import Which
from app.patients import store as patient_store
from app.patients.facts import Patient
from app.platform.caller import Caller
from app.practice.store import staff as practice_store
from app.schedule import store as schedule_store
from app.schedule.facts import BillTo
from app.worklists import store
from app.worklists.actions import shared
from app.worklists.actions.shared import SiteNotFoundError
from app.worklists.facts import NOBODY, PAGE_SIZE, Place, Schedule, ScheduleQuery, days_of

QUESTIONS = 3


class PatientNotFoundError(Exception):
    """Nobody has this record number."""


def read_schedule(caller: Caller, query: ScheduleQuery) -> Schedule:
    """Read one page of the schedule, nothing in it past its last day, and note whom it showed.

    The badges are stored and counted; the words of the visits shown are made anew. The number of queries does not grow
    with the visits. Raises SiteNotFoundError.
    """
    opener = Opener(caller)
    world = opener.world
    sites = shared.sites_in_sight(caller, world.sites.values())
    if query.site is not None and query.site not in {one.id for one in sites}:
        raise SiteNotFoundError
    today = world.today(query.site) if query.site is not None else caller.clock.today(ZoneInfo(world.practice.zone))
    query = replace(query, day=query.day or today)
    counts = shared.make_true(caller, days_of(query.span, query.day or today), world)
    which = which_of(caller, query)
    if query.narrowed or caller.scope.limited:
        counts = listing.badge_counts(caller.session, caller.practice_id, which)
    shown, following, previous = _page(caller, query, which)
    in_panel = opener.panel(_in_panel(caller, query)) if query.visit is not None else {}
    schedule = Schedule(
        query=query,
        today=today,
        now=caller.clock.now(),
        sites=sites,
        counts=counts,
        visits=tuple(opener.list(shown).values()),
        next=following,
        previous=previous,
        imported_at=opener.imported,
        panel=next(iter(in_panel.values()), None),
        zone=world.practice.zone,
        staff=practice_store.staff_of(caller.session, caller.practice_id),
        works=store.works(caller.session, caller.practice_id, [one.id for one in shown]),
        providers=world.people,
        patient=_patient(caller, query),
        stopped_at=shared.stopped_at(shared.files(caller)),
        questions=shared.top_questions(caller, world, QUESTIONS),
    )
    _note(caller, schedule)
    return replace(schedule, unsigned=unsigned_on_file(caller, world.book, _paying(schedule.visits)))


def _paying(visits: Sequence[OpenedVisit]) -> list[UUID]:
    """The visits of a page of which the patient pays for a line."""
    lines = [line for one in visits for line in one.answer.lines if line.line.bill_to is BillTo.SELF_PAY]
    return list(dict.fromkeys(line.visit.id for line in lines))


def _note(caller: Caller, schedule: Schedule) -> None:
    """Note whom the page shows: in the list, in the panel, by the filter and in the questions."""
    panel = (schedule.panel,) if schedule.panel is not None else ()
    named = [one.patient.id for one in (*schedule.visits, *panel)]
    named += [schedule.patient.id] if schedule.patient is not None else []
    named += shared.people_of(schedule.questions.asked)
    saw(caller, "schedule.seen", [*named, *(one.answer.lines[0].visit.id for one in panel)])


def which_of(caller: Caller, query: ScheduleQuery) -> Which:
    """Say of the store which visits a query asks for, its badge left out: the counts show every badge."""
    assert query.day is not None
    session, practice_id = caller.session, caller.practice_id
    days = days_of(query.span, query.day)
    among = []
    if query.provider is not None:
        among.append(schedule_store.ids_naming(session, practice_id, days, query.provider))
    if query.owner is not None and query.owner != NOBODY:
        among.append(store.ids_owned(session, practice_id, query.owner))
    but = [store.ids_owned(session, practice_id, None)] if query.owner == NOBODY else []
    return Which(days, query.site, (), query.patient, tuple(among), tuple(but), caller.scope)


def _page(
    caller: Caller, query: ScheduleQuery, which: Which
) -> tuple[tuple[VisitVerdict, ...], Place | None, Place | None]:
    """One page, and the places after and before which more follow.

    One visit more than a page is read: it tells whether there is more on that side. On the other side is whatever the
    address came from.
    """
    which = replace(which, badges=(query.badge,) if query.badge is not None else ())
    session, practice_id = caller.session, caller.practice_id
    if query.before is not None:
        found = listing.page(session, practice_id, which, PAGE_SIZE + 1, before=_key(query.before))
        shown = found[-PAGE_SIZE:]
        more = len(found) > PAGE_SIZE
        return shown, _place(shown[-1]) if shown else None, _place(shown[0]) if more else None
    after = _key(query.after) if query.after is not None else None
    found = listing.page(session, practice_id, which, PAGE_SIZE + 1, after=after)
    shown = found[:PAGE_SIZE]
    more = len(found) > PAGE_SIZE
    return shown, _place(shown[-1]) if more else None, _place(shown[0]) if shown and after is not None else None


def find_patient(caller: Caller, mrn: str) -> UUID:
    """Find whose record number it is, for a list of that patient's visits alone. Raises PatientNotFoundError."""
    found = patient_store.by_mrn(caller.session, caller.practice_id, mrn, caller.scope)
    if found is None:
        raise PatientNotFoundError
    return found


def _patient(caller: Caller, query: ScheduleQuery) -> Patient | None:
    if query.patient is None:
        return None
    if not patient_store.in_sight(caller.session, caller.practice_id, query.patient, caller.scope):
        return None
    return patient_store.opened(caller.session, caller.practice_id, [query.patient]).get(query.patient)


def _in_panel(caller: Caller, query: ScheduleQuery) -> dict[UUID, UUID]:
    assert query.visit is not None
    found = schedule_store.visits_by_ids(caller.session, caller.practice_id, [query.visit], caller.scope)
    return {visit_id: visit.patient_id for visit_id, visit in found.items()}


def _key(place: Place) -> listing.Place:
    return place.day, place.starts_at, place.visit_id


def _place(verdict: VisitVerdict) -> Place:
    return Place(verdict.day, verdict.starts_at, verdict.id)
