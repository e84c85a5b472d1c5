"""The search for what a set of rules would turn: whom to look at, and what of theirs stands otherwise."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.authorizations import store as authorization_store
from app.authorizations.facts import Authorization
from app.casework.actions.criteria import asked_by
from app.clearance.actions.judging import PIECE, JudgedVisit, files_in_pieces, judge_file, without_canceled
from app.clearance.actions.world import AgeReader, World
from app.clearance.facts.history import Standing
from app.clearance.facts.verdicts import PatientFile
from app.clearance.rules.accepting import badge_shown
from app.clearance.rules.packing import pack
from app.clearance.store import risks
from app.coverage.store import coverages as coverage_store
from app.platform.rows import as_uuid
from app.rule_changes.facts.impact import CaseTurn, VisitTurn
from app.rule_changes.rules.impact import same_verdict, turns_of
from app.rule_changes.rules.impact_asking import answered_alike
from app.rule_changes.rules.impact_cases import OPEN, Putting, case_turn, is_open_case, needs_of
from app.rule_changes.rules.impact_reach import Reach, Touched
from app.rule_changes.rules.impact_sieve import Sieve
from app.rule_changes.store import impact as store
from app.schedule.facts import VisitStatus

NO_SITE = UUID(int=0)
FEW = 20_000  # patients whose files are read sooner than all visits are looked through
MANY = 20_000  # lines of some codes that are found one by one no sooner than by looking through all visits


@dataclass
class Found:
    """What was found so far. `resting` are visits that keep their verdict and rest on something else."""

    visits: list[VisitTurn] = field(default_factory=list)
    cases: list[CaseTurn] = field(default_factory=list)
    resting: list[UUID] = field(default_factory=list)
    searched: int = 0

    def add(self, other: "Found") -> None:
        """Add what another part of the search found."""
        self.visits += other.visits
        self.cases += other.cases
        self.resting += other.resting
        self.searched += other.searched


@dataclass(frozen=True)
class Comparison:
    """The surroundings under the rules in force and under the others, and what the change between them touches."""

    before: World
    after: World
    touched: Touched

    def on(self, session: Session, practice_id: UUID) -> "Comparison":
        """The same for another process, which opens birth dates through a session of its own."""
        age = AgeReader(session, practice_id)
        before, after = (replace(one, age=age, families={}, days={}) for one in (self.before, self.after))
        return replace(self, before=before, after=after)


def patients_touched(session: Session, practice_id: UUID, comparison: Comparison) -> frozenset[UUID]:
    """The patients who may be touched, by what tables can tell: whose files are read.

    Units that past visits took count too, so a patient is looked for by lines of any day.
    """
    reach, touched = comparison.touched.reach, comparison.touched
    planned: frozenset[UUID] | None = None
    if not reach.all_payers:
        planned = coverage_store.patients_of_payers(session, practice_id, sorted(reach.named_payers))
    codes = reach.only_codes
    if codes is not None and store.lines_planned(session, practice_id, codes, MANY) < MANY:
        named = store.patients_planned(session, practice_id, codes)
        planned = named if planned is None else planned & named
    if planned is None or len(planned) > FEW:
        sifted = _sifted(session, practice_id, comparison)
        planned = sifted if planned is None else planned & sifted
    return planned | frozenset(_with_case(session, practice_id, reach, touched))


def _sifted(session: Session, practice_id: UUID, comparison: Comparison) -> frozenset[UUID]:
    """Of the patients with a visit ahead those of whose visits one is touched, by the content of its lines.

    Held are ids of patients alone.
    """
    before, after, touched = comparison.before, comparison.after, comparison.touched
    day = _first_day(before)
    sieve = Sieve(touched, before.at(day).classify, after.at(day).classify)
    members = {
        payer: coverage_store.patients_of_payers(session, practice_id, [payer]) for payer in touched.reach.named_payers
    }
    charted = store.patients_charted(session, practice_id) if touched.reach.every_code else frozenset()
    ahead: set[bytes | UUID] = set()
    found: set[bytes | UUID] = set()
    for patient, booked, lines in store.planned(session, practice_id, day):
        if booked:
            ahead.add(patient)
        sifted = sieve.of(lines)
        if sifted.everybody:
            found.add(patient)
        elif (sifted.payers or (sifted.charted and charted)) and patient not in found:
            patient_id = as_uuid(patient)
            of_payer = any(patient_id in members[payer] for payer in sifted.payers)
            if of_payer or (sifted.charted and patient_id in charted):
                found.add(patient)
    return frozenset(as_uuid(patient) for patient in found & ahead)


def _with_case(session: Session, practice_id: UUID, reach: Reach, touched: Touched) -> Iterator[UUID]:
    """The patients who have an open case that is touched: read before their files are."""
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


def search(session: Session, practice_id: UUID, comparison: Comparison, patients: Iterable[UUID]) -> Iterator[Found]:
    """Compare patients under both sets, a piece of them at a time. Gives what each piece holds."""
    judging = _Judging(comparison)
    standing = risks.standing(session, practice_id)
    ordered = sorted(patients)
    for start in range(0, len(ordered), PIECE):
        found = Found()
        for file in files_in_pieces(session, practice_id, ordered[start : start + PIECE]):
            file = without_canceled(file)
            judging.visits(file, standing, found)
            judging.cases(file, found)
        yield found


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

    def __init__(self, comparison: Comparison) -> None:
        self.before, self.after, self.touched = comparison.before, comparison.after, comparison.touched
        self._was = Putting(self.before.book, self.before.at, self.before.sites)
        self._will = Putting(self.after.book, self.after.at, self.after.sites)

    def visits(self, file: PatientFile, standing: dict[UUID, Standing], found: Found) -> None:
        """Compare the booked visits of a patient from today on."""
        ahead = any(
            one.status is VisitStatus.BOOKED and one.day >= self.before.today(one.site_id) for one in file.visits
        )
        if not ahead or not _visits_touched(file, self.touched):
            return
        found.searched += 1
        if self._answered_alike(file):
            return
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

    def _answered_alike(self, file: PatientFile) -> bool:
        """Say whether both sets answer whatever judging may ask alike, on each day that it is at a site."""
        days = {self.before.today(visit.site_id) for visit in file.visits}
        return all(answered_alike(file, self.before.at(day), self.after.at(day), self.touched) for day in days)

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

    def cases(self, file: PatientFile, found: Found) -> None:
        """Compare the needs of the open cases of a patient."""
        for row in file.authorizations:
            if is_open_case(row) and _case_touched(row, self.touched):
                turn = self._case(row, file)
                found.cases += [turn] if turn is not None else []

    def _case(self, row: Authorization, file: PatientFile) -> CaseTurn | None:
        asked, as_of = asked_by(row), self.before.today(row.site_id or NO_SITE)
        was, will = (needs_of(row, asked, file, as_of, one) for one in (self._was, self._will))
        return case_turn(row, was, will)
