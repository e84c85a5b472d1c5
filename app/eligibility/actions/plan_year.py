"""The page of a plan year: who is checked anew for it, and how far that has come?"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from app.clearance.actions.opening import saw
from app.coverage.store import coverages as coverage_store
from app.eligibility.facts.listing import PAGE_SIZE
from app.eligibility.facts.plan_year import STRETCH, YearList, YearQuery, YearRow, YearState, YearVisit
from app.eligibility.rules.asking import ANSWERS_FROM
from app.eligibility.rules.plan_year import state_of, year_due
from app.eligibility.store import plan_year as store
from app.gateways.access import gateways_of
from app.patients import store as patient_store
from app.platform.caller import Caller
from app.policies.actions.payers import working_payers
from app.practice.store import practice as practice_store


def read_year(caller: Caller, query: YearQuery) -> YearList:
    """Read one page of a plan year, and note whom it showed: of the year that it is, the visits from today on.

    One stretch of patients is looked at and counted at once, whatever the size of the practice: a page costs the same
    in a year of a million visits. The number of queries does not grow with the rows.
    """
    session, practice_id = caller.session, caller.practice_id
    practice = practice_store.practice_of(session, practice_id)
    today = caller.clock.today(ZoneInfo(practice.zone))
    year = query.year or year_due(today)
    days = today if year == today.year else date(year, 1, 1), date(year, 12, 31)
    found = store.first_visits(session, practice_id, days, caller.scope, STRETCH + 1, query.begins)
    looked = found[:STRETCH]
    told = [(one, state_of(one, year)) for one in looked if query.payer in (None, one.payer)]
    kept = [(one, state) for one, state in told if query.state in (None, state)]
    behind = kept if query.after is None else [pair for pair in kept if _is_behind(pair[0], query)]
    shown = behind if query.whole else behind[:PAGE_SIZE]
    saw(caller, "eligibility.plan_year_seen", [one.visit.patient_id for one, _state in shown])
    return YearList(
        query=replace(query, year=year),
        year=year,
        today=today,
        open_from=date(year, 1, ANSWERS_FROM),
        counts=Counter(state for _one, state in told),
        looked=len(told),
        last=looked[-1].visit.day if looked else None,
        rows=_rows(caller, shown),
        next=shown[-1][0].visit.place if len(behind) > len(shown) else None,
        next_stretch=looked[-1].visit.place if len(found) > STRETCH else None,
        payers=dict(working_payers(caller)),
        zones={one.id: one.zone for one in practice_store.sites(session, practice_id)},
        zone=practice.zone,
        can_ask=bool(gateways_of(session).clearinghouses),
    )


def _is_behind(one: YearVisit, query: YearQuery) -> bool:
    here, after = one.visit.place, query.after
    assert after is not None
    return (here.day, here.starts_at, here.visit_id) > (after.day, after.starts_at, after.visit_id)


def _rows(caller: Caller, shown: Sequence[tuple[YearVisit, YearState]]) -> tuple[YearRow, ...]:
    people = sorted({one.visit.patient_id for one, _state in shown})
    patients = patient_store.opened(caller.session, caller.practice_id, people)
    theirs = coverage_store.of_patients(caller.session, caller.practice_id, people).values()
    coverages = {one.id: one for some in theirs for one in some}
    return tuple(
        YearRow(
            one,
            state,
            patients[one.visit.patient_id],
            None if one.visit.coverage_id is None else coverages.get(one.visit.coverage_id),
        )
        for one, state in shown
    )
