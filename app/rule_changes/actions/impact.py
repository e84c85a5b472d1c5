"""What would a set of rules change if it were in force? Judged under both sets; nothing is written."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID

from app.authorizations import store as authorization_store
from app.authorizations.facts import Authorization
from app.casework.actions.criteria import asked_by
from app.clearance.actions.judging import PIECE, JudgedVisit, files_in_pieces, judge_file, without_canceled
from app.clearance.actions.world import World, world_of
from app.clearance.facts.history import Standing
from app.clearance.facts.verdicts import PatientFile
from app.clearance.rules.accepting import badge_shown
from app.clearance.rules.packing import pack
from app.clearance.store import risks
from app.coverage.store import coverages as coverage_store
from app.patients import store as patient_store
from app.platform.caller import Caller
from app.policies.actions.library import changed_payers, content_of, current_policies, version_of
from app.policies.facts.grid import PolicySet
from app.policies.rules.compiling import compile_book
from app.policies.rules.payers import with_aliases
from app.policies.store.payers import aliases
from app.rule_changes.facts.impact import CaseTurn, Impact, VisitTurn
from app.rule_changes.rules.impact import same_verdict, turns_of
from app.rule_changes.rules.impact_cases import OPEN, Putting, case_turn, is_open_case, needs_of
from app.rule_changes.rules.impact_reach import Reach, Touched, reach_of
from app.rule_changes.store import impact as store
from app.schedule import store as schedule_store
from app.schedule.facts import VisitStatus

NO_SITE = UUID(int=0)
FEW = 2_000  # patients whose files are read sooner than all booked visits are looked through


@dataclass
class _Found:
    """What was found so far. `resting` are visits that keep their verdict and rest on something else."""

    visits: list[VisitTurn] = field(default_factory=list)
    cases: list[CaseTurn] = field(default_factory=list)
    resting: list[UUID] = field(default_factory=list)
    searched: int = 0


def impact_of(caller: Caller, policies: PolicySet) -> Impact:
    """List exactly the booked visits from today on, and the open cases, whose verdict a set of rules would change.

    Takes     the caller, who is told of no visit and patient out of sight; a set that has passed the loader's checks.
    Returns   what would differ if the set were in force now, with the facts, practice rules and answers on file.
    Writes nothing; whoever shows the list notes whom it showed.
    """
    session, practice_id = caller.session, caller.practice_id
    standing = current_policies(session, practice_id)
    version = version_of(content_of(policies))
    before = world_of(session, practice_id, caller.clock)
    book = with_aliases(compile_book(policies, version), aliases(session, practice_id))
    after = replace(before, book=book, classes={}, families={}, days={})
    payers = tuple(sorted(changed_payers(standing, policies)))
    reach = reach_of(standing, policies, before.book, book)
    found = _Found()
    if reach:
        with _no_collecting():
            _search(caller, _Judging(before, after), reach, found)
    _out_of_sight(caller, found)
    visits = sorted(found.visits, key=lambda one: (one.starts_at, one.reference))
    cases = sorted(found.cases, key=lambda one: one.case_id.int)
    return Impact(version, payers, tuple(visits), tuple(cases), len(found.resting), found.searched)


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Look for no garbage meanwhile: judging makes no cycles, and each look walks through two whole sets of rules."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _search(caller: Caller, judging: "_Judging", reach: Reach, found: _Found) -> None:
    """Judge every patient whom the change touches, a piece of patients at a time."""
    session, practice_id = caller.session, caller.practice_id
    touched = Touched(reach, judging.before.book, judging.after.book)
    standing = risks.standing(session, practice_id)
    for file in files_in_pieces(session, practice_id, _patients(caller, judging.before, reach, touched)):
        file = without_canceled(file)
        if _visits_touched(file, touched):
            found.searched += 1
            judging.visits(file, standing, found)
        for row in file.authorizations:
            if is_open_case(row) and _case_touched(row, touched):
                turn = judging.case(row, file)
                found.cases += [turn] if turn is not None else []


def _patients(caller: Caller, world: World, reach: Reach, touched: Touched) -> frozenset[UUID]:
    """The patients who may be touched, by what tables can tell: whose files are read.

    Units that past visits took count too, so a patient is looked for by lines of any day.
    """
    session, practice_id = caller.session, caller.practice_id
    planned: frozenset[UUID] | None = None
    if not reach.all_payers:
        planned = coverage_store.patients_of_payers(session, practice_id, sorted(reach.named_payers))
    codes = reach.only_codes
    if codes is not None:
        named = store.patients_planned(session, practice_id, codes)
        planned = named if planned is None else planned & named
    if planned is None or len(planned) > FEW:
        booked = store.patients_booked_from(session, practice_id, _first_day(world))
        planned = booked if planned is None else planned & booked
    return planned | frozenset(_with_case(caller, reach, touched))


def _with_case(caller: Caller, reach: Reach, touched: Touched) -> Iterator[UUID]:
    """The patients who have an open case that is touched: read before their files are."""
    session, practice_id = caller.session, caller.practice_id
    waiting = authorization_store.patients_in_status(session, practice_id, sorted(OPEN))
    if not reach.all_payers:
        waiting &= authorization_store.patients_of_payers(session, practice_id, sorted(reach.named_payers))
    ordered = sorted(waiting)
    for start in range(0, len(ordered), PIECE):
        rows = authorization_store.of_patients(session, practice_id, ordered[start : start + PIECE])
        for patient_id, some in rows.items():
            if any(is_open_case(row) and _case_touched(row, touched) for row in some):
                yield patient_id


def _first_day(world: World) -> date:
    """The earliest day that it is at any site."""
    days = [world.today(site_id) for site_id in world.sites]
    return min(days, default=world.clock.now().date() - timedelta(days=1))


def _visits_touched(file: PatientFile, touched: Touched) -> bool:
    lines = [line for visit in file.visits for line in visit.lines]
    codes = (line.code for line in lines if line.code is not None)
    drugs = (line.drug for line in lines if line.drug is not None)
    return touched.any_of((one.payer for one in file.coverages), codes, drugs)


def _case_touched(row: Authorization, touched: Touched) -> bool:
    asked = asked_by(row)
    return touched.any_of((asked.payer,), asked.codes, [asked.drug] if asked.drug is not None else ())


class _Judging:
    """Judges patients under the rules in force and under the others: all else is the same."""

    def __init__(self, before: World, after: World) -> None:
        self.before, self.after = before, after
        self._was = Putting(before.book, before.at, before.sites)
        self._will = Putting(after.book, after.at, after.sites)

    def visits(self, file: PatientFile, standing: dict[UUID, Standing], found: _Found) -> None:
        """Compare the booked visits of a patient from today on."""
        was, will = judge_file(file, self.before), judge_file(file, self.after)
        for visit_id, one in was.items():
            visit = one.lines[0].visit
            if visit.status is not VisitStatus.BOOKED or visit.day < one.as_of:
                continue
            turn = self._turn(one, will[visit_id], standing.get(visit_id))
            if turn is not None:
                found.visits.append(turn)
            elif pack(one.lines) != pack(will[visit_id].lines):
                found.resting.append(visit_id)

    def _turn(self, was: JudgedVisit, will: JudgedVisit, risk: Standing | None) -> VisitTurn | None:
        if same_verdict(was.lines, will.lines):
            return None
        visit = was.lines[0].visit
        covered = risk.digest if risk is not None and risk.covers(was.as_of) else None
        site = self.before.sites.get(visit.site_id)
        return VisitTurn(
            visit_id=visit.id,
            reference=visit.reference,
            patient_id=visit.patient_id,
            site=site.name if site is not None else "",
            starts_at=visit.starts_at.astimezone(self.before.zone(visit.site_id)),
            before=badge_shown(was.lines, covered),
            after=badge_shown(will.lines, covered),
            lines=turns_of(was.lines, will.lines),
        )

    def case(self, row: Authorization, file: PatientFile) -> CaseTurn | None:
        """Compare the needs of one open case."""
        asked, as_of = asked_by(row), self.before.today(row.site_id or NO_SITE)
        was, will = (needs_of(row, asked, file, as_of, one) for one in (self._was, self._will))
        return case_turn(row, was, will)


def _out_of_sight(caller: Caller, found: _Found) -> None:
    """Leave out what the caller may not see."""
    if not caller.scope.limited:
        return
    session, practice_id, scope = caller.session, caller.practice_id, caller.scope
    named = [*(one.visit_id for one in found.visits), *found.resting]
    seen = schedule_store.visits_by_ids(session, practice_id, named, scope).keys()
    found.visits = [one for one in found.visits if one.visit_id in seen]
    found.resting = [one for one in found.resting if one in seen]
    found.cases = list(_cases_in_sight(caller, found.cases))


def _cases_in_sight(caller: Caller, cases: list[CaseTurn]) -> Iterator[CaseTurn]:
    session, practice_id = caller.session, caller.practice_id
    seen: dict[UUID, bool] = {}
    for one in cases:
        if one.patient_id not in seen:
            seen[one.patient_id] = patient_store.in_sight(session, practice_id, one.patient_id, caller.scope)
        if seen[one.patient_id]:
            yield one
