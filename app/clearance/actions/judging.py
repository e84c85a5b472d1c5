"""Judge patients from what is on file, and keep the stored verdicts equal to the answer."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter
from types import MappingProxyType
from uuid import UUID

from sqlalchemy.orm import Session

from app.authorizations import store as authorization_store
from app.clearance.actions.replacing import Replaced, keep_replaced
from app.clearance.actions.world import World
from app.clearance.facts.history import By, Standing
from app.clearance.facts.reasons import Badge
from app.clearance.facts.stored import VisitVerdict
from app.clearance.facts.verdicts import LineVerdict, PatientFile
from app.clearance.rules.accepting import badge_shown
from app.clearance.rules.judge import COUNTED, judge
from app.clearance.rules.packing import pack
from app.clearance.store import questions, risks
from app.clearance.store import verdicts as store
from app.clearance.store.questions import Asking
from app.clinical.store import charted as fact_store
from app.coverage.store import coverages as coverage_store
from app.patients import store as patient_store
from app.pharmacy import store as supply_store
from app.policies.store import answers as answer_store
from app.schedule import store as schedule_store
from app.schedule.facts import VisitStatus
from app.values.fact import fact

_VISIT = attrgetter("visit")
_NO_RISK: Mapping[UUID, Standing] = MappingProxyType({})
PIECE = 400  # patients read and judged at a time


@fact
class JudgedVisit:
    """One visit with the verdicts of its lines, the day asked about and the first day on which time changes it."""

    lines: tuple[LineVerdict, ...]
    as_of: date
    changes_on: date | None


def files_of(session: Session, practice_id: UUID, patient_ids: Sequence[UUID]) -> list[PatientFile]:
    """Read the whole files of patients: a fixed number of queries for each piece."""
    patients = patient_store.for_judging(session, practice_id, patient_ids)
    visits = schedule_store.of_patients(session, practice_id, patient_ids)
    coverages = coverage_store.of_patients(session, practice_id, patient_ids)
    authorizations = authorization_store.of_patients(session, practice_id, patient_ids)
    answers = answer_store.answers_of(session, practice_id, patient_ids)
    supplies = supply_store.of_patients(session, practice_id, patient_ids)
    facts = fact_store.of_patients(session, practice_id, patient_ids)
    return [
        PatientFile(
            patient,
            visits.get(patient.id, ()),
            coverages.get(patient.id, ()),
            authorizations.get(patient.id, ()),
            answers.get(patient.id, ()),
            supplies.get(patient.id, ()),
            facts.get(patient.id, ()),
        )
        for patient in patients.values()
    ]


def judge_file(file: PatientFile, world: World) -> dict[UUID, JudgedVisit]:
    """Judge one patient: each visit by the day that it is at its site."""
    judged: dict[UUID, JudgedVisit] = {}
    for as_of in {world.today(visit.site_id) for visit in file.visits}:
        verdict = judge(file, world.at(as_of))
        for visit, lines in groupby(verdict.lines, key=_VISIT):
            if world.today(visit.site_id) == as_of:
                judged[visit.id] = JudgedVisit(tuple(lines), as_of, verdict.changes_on)
    return judged


def judge_patients(
    session: Session, practice_id: UUID, world: World, patient_ids: Collection[UUID]
) -> Iterator[dict[UUID, JudgedVisit]]:
    """Judge patients piece by piece. Gives one mapping of visit to answer for each patient."""
    for file in files_in_pieces(session, practice_id, patient_ids):
        yield judge_file(file, world)


def files_in_pieces(session: Session, practice_id: UUID, patient_ids: Collection[UUID]) -> Iterator[PatientFile]:
    """Read the files of many patients, piece by piece."""
    ordered = sorted(set(patient_ids))
    for start in range(0, len(ordered), PIECE):
        yield from files_of(session, practice_id, ordered[start : start + PIECE])


def without_canceled(file: PatientFile) -> PatientFile:
    """Leave out canceled and missed visits: they have no stored verdict, and take nothing from others."""
    if all(visit.status in COUNTED for visit in file.visits):
        return file
    kept = tuple(visit for visit in file.visits if visit.status in COUNTED)
    return replace(file, visits=kept)


def to_store(
    judged: dict[UUID, JudgedVisit], rules_version: str, accepted: Mapping[UUID, Standing] = _NO_RISK
) -> Iterator[VisitVerdict]:
    """Make what is stored of a patient's booked visits. `accepted` gives by visit what a standing risk covers.

    The day after the end of a risk that shows is a day on which time alone changes the answer.
    """
    for visit_id, one in judged.items():
        visit = one.lines[0].visit
        if visit.status is VisitStatus.BOOKED:
            risk = accepted.get(visit_id)
            covered = risk.digest if risk is not None and risk.covers(one.as_of) else None
            badge = badge_shown(one.lines, covered)
            yield VisitVerdict(
                id=visit_id,
                patient_id=visit.patient_id,
                site_id=visit.site_id,
                day=visit.day,
                starts_at=visit.starts_at,
                badge=badge,
                as_of=one.as_of,
                changes_on=_first_change(one, risk if badge is Badge.ACCEPTED_RISK else None),
                rules_version=rules_version,
                content=pack(one.lines),
            )


def _first_change(one: JudgedVisit, risk: Standing | None) -> date | None:
    """The first day on which time alone changes what a visit shows: its lines, or a risk that comes to its end."""
    if risk is None or risk.until is None:
        return one.changes_on
    over = risk.until + timedelta(days=1)
    return over if one.changes_on is None else min(over, one.changes_on)


def rejudge(session: Session, practice_id: UUID, world: World, patient_ids: Collection[UUID], by: By) -> int:
    """Judge patients anew and store what differs, in the transaction that is open.

    What was shown before is kept as history, and a risk that no longer covers what was found is void.

    Returns   how many visits now have another answer (a visit no longer booked counts when it had one).
    """
    stored = store.stored_of(session, practice_id, patient_ids)
    accepted = risks.standing_of(session, practice_id, patient_ids)
    new: list[VisitVerdict] = []
    fresh: list[VisitVerdict] = []
    replaced: list[Replaced] = []
    askings: list[Asking | None] = []
    for file in files_in_pieces(session, practice_id, patient_ids):
        judged = judge_file(without_canceled(file), world)
        for verdict in to_store(judged, world.book.version, accepted):
            before = stored.get(verdict.patient_id, {}).pop(verdict.id, None)
            if before is None:
                new.append(verdict)
            elif not before.alike(verdict):
                fresh.append(verdict)
                replaced.append((verdict.id, before, verdict.badge))
            elif before.moved(verdict):
                fresh.append(before.goes_on(verdict))
            else:
                continue
            askings.append(Asking.of(verdict, before))
    gone: list[Replaced] = [(one, before, None) for visits in stored.values() for one, before in visits.items()]
    now = world.clock.now()
    store.save(session, practice_id, [*new, *fresh], now)
    store.drop(session, practice_id, [one for one, _before, _badge in gone])
    keep_replaced(session, practice_id, [*replaced, *gone], now, by)
    questions.keep(session, practice_id, [*askings, *(Asking.ended(one, before) for one, before, _badge in gone)])
    return len(new) + len(replaced) + len(gone)
