"""Open visits for a page, with the patient's name: words are made when someone looks, from what is on file then."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from app.audit.actions import record
from app.authorizations import store as authorization_store
from app.clearance.actions.answering import VisitNotFoundError, answered
from app.clearance.actions.judging import JudgedVisit, files_in_pieces, judge_file, judge_patients
from app.clearance.actions.world import World, world_of
from app.clearance.facts.history import AcceptedRisk
from app.clearance.facts.opened import Beside, OpenedVisit
from app.clearance.facts.stored import VisitVerdict
from app.clearance.facts.verdicts import LineVerdict
from app.clearance.rules.questions import keys_of_visit
from app.clearance.rules.recalling import recall
from app.clearance.rules.redacting import without_diagnoses
from app.clearance.store import questions, risks
from app.coverage.store import coverages as coverage_store
from app.patients import store as patient_store
from app.patients.facts import Patient
from app.platform.caller import Caller
from app.platform.db import writing
from app.policies.facts.freshness import VerifiedDays
from app.policies.facts.grid import RoutineFile, ServicesFile
from app.policies.facts.levels import Stand
from app.policies.rules.freshness import stand_of_rule
from app.policies.store import answers as answer_store
from app.policies.store.verifications import verified_days
from app.schedule import store as schedule_store
from app.schedule.facts import VisitStatus
from app.values.codes import is_drug_code


class Opener:
    """Reads once what all visits of a page share; then opens the visits asked of it.

    `imported` is when a schedule was last brought in.
    """

    def __init__(self, caller: Caller) -> None:
        self.caller = caller
        self.world: World = world_of(caller.session, caller.practice_id, caller.clock)
        self.imported: datetime | None = schedule_store.last_schedule_import(caller.session, caller.practice_id)
        self._providers = {person.npi: person.name for person in self.world.people if person.name}
        self._library_ends = {ref: rule.ends for ref, rule in self.world.book.rules.items() if rule.ends < date.max}
        self._services = service_labels(self.world.book.services, self.world.book.routine)

    def open(self, visits: Mapping[UUID, UUID]) -> dict[UUID, OpenedVisit]:
        """Open visits, given as visit id to patient id: judged anew, with a fixed number of queries.

        Returns   by visit id, in the order given; a visit that is no longer on file is left out.
        """
        session, practice_id = self.caller.session, self.caller.practice_id
        patients = set(visits.values())
        judged: dict[UUID, JudgedVisit] = {}
        for found in judge_patients(session, practice_id, self.world, patients):
            judged.update((visit_id, one) for visit_id, one in found.items() if visit_id in visits)
        people = patient_store.opened(session, practice_id, list(patients))
        accepted = risks.of_visits(session, practice_id, list(visits))
        return {
            visit_id: self._opened(judged[visit_id], people[patient_id], accepted.get(visit_id, ()))
            for visit_id, patient_id in visits.items()
            if visit_id in judged and patient_id in people
        }

    def panel(self, visits: Mapping[UUID, UUID]) -> dict[UUID, OpenedVisit]:
        """Open visits as `open` does, with what a panel shows beside the answer: approvals, other visits, questions."""
        session, practice_id = self.caller.session, self.caller.practice_id
        people = patient_store.opened(session, practice_id, list(set(visits.values())))
        accepted = risks.of_visits(session, practice_id, list(visits))
        verified = verified_days(session, practice_id)
        found: dict[UUID, OpenedVisit] = {}
        for file in files_in_pieces(session, practice_id, visits.values()):
            judged = judge_file(file, self.world)
            lines = tuple(sorted((line for one in judged.values() for line in one.lines), key=_in_time))
            for visit_id, patient_id in visits.items():
                if patient_id == file.patient.id and visit_id in judged and patient_id in people:
                    ever = accepted.get(visit_id, ())
                    opened = self._opened(judged[visit_id], people[patient_id], ever)
                    asked, stands = self._questions(judged[visit_id]), self._stands(judged[visit_id], verified)
                    beside = Beside(file, lines, asked, ever, stands)
                    found[visit_id] = replace(opened, beside=beside)
        return {visit_id: found[visit_id] for visit_id in visits if visit_id in found}

    def _stands(self, one: JudgedVisit, verified: VerifiedDays) -> dict[str, Stand]:
        """How fresh the library's rules are on which the lines of a visit rest."""
        refs = {line.requirement.rule or "" for line in one.lines if line.requirement is not None}
        rules = self.world.book.rules
        return {ref: stand_of_rule(rules[ref], one.as_of, verified) for ref in refs if ref in rules}

    def _questions(self, one: JudgedVisit) -> tuple[UUID, ...]:
        """The questions that a visit waits for; of a day that is past, or not booked, nothing is asked."""
        visit = one.lines[0].visit
        if visit.status is not VisitStatus.BOOKED or visit.day < one.as_of:
            return ()
        session, practice_id = self.caller.session, self.caller.practice_id
        return tuple(questions.question_id(session, practice_id, key) for key in keys_of_visit(one.lines))

    def list(self, verdicts: Sequence[VisitVerdict]) -> dict[UUID, OpenedVisit]:
        """Open stored verdicts for a list: called back where that is enough, judged again where it is not.

        Takes     verdicts that hold today, none past its last day.
        Returns   by visit id, in the order given.
        """
        session, practice_id = self.caller.session, self.caller.practice_id
        patients = list({one.patient_id for one in verdicts})
        visits = schedule_store.visits_by_ids(session, practice_id, [one.id for one in verdicts])
        people = patient_store.opened(session, practice_id, patients)
        coverages = coverage_store.of_patients(session, practice_id, patients)
        approvals = authorization_store.of_patients(session, practice_id, patients)
        until = self._until(patients)
        accepted = risks.of_visits(session, practice_id, list(visits))
        found: dict[UUID, OpenedVisit] = {}
        for one in verdicts:
            visit, patient_id = visits.get(one.id), one.patient_id
            today = self.world.today(one.site_id)
            known = coverages.get(patient_id, ()), approvals.get(patient_id, ())
            lines = recall(visit, one.content, *known, today, until) if visit is not None else None
            if lines is not None:
                judged = JudgedVisit(lines, today, one.changes_on)
                found[one.id] = self._opened(judged, people[patient_id], accepted.get(one.id, ()), whole=False)
        found |= self.open({one.id: one.patient_id for one in verdicts if one.id not in found})
        return {one.id: found[one.id] for one in verdicts if one.id in found}

    def _until(self, patients: Sequence[UUID]) -> dict[str, date]:
        """The last days of the library's and the practice's rules, and of what payers said for some patients."""
        answers = answer_store.answers_of(self.caller.session, self.caller.practice_id, patients)
        said = [(rule.ref, rule.span.ends) for rule in self.world.practice_rules]
        said += [(answer.ref, answer.span.ends) for found in answers.values() for answer in found]
        return {**self._library_ends, **{ref: ends for ref, ends in said if ends is not None}}

    def _opened(
        self, one: JudgedVisit, patient: Patient, accepted: Sequence[AcceptedRisk], whole: bool = True
    ) -> OpenedVisit:
        answer = answered(one, patient.mrn, self.world, self.imported, accepted)
        if not self.caller.reads("diagnosis"):
            answer = replace(answer, lines=tuple(map(without_diagnoses, answer.lines)))
        return OpenedVisit(answer, patient, self._providers, self._services, whole)


def open_visit(caller: Caller, visit_id: UUID) -> OpenedVisit:
    """Open one visit of any status by our own id for its panel, and note who read it. Raises VisitNotFoundError."""
    visit = schedule_store.visits_by_ids(caller.session, caller.practice_id, [visit_id]).get(visit_id)
    if visit is None:
        raise VisitNotFoundError
    opened = Opener(caller).panel({visit.id: visit.patient_id}).get(visit.id)
    if opened is None:
        raise VisitNotFoundError
    saw(caller, "clearance.seen", [visit.patient_id, visit.id])
    return opened


def _in_time(line: LineVerdict) -> tuple[datetime, str, int]:
    return line.visit.starts_at, line.visit.reference, line.line.position


def saw(caller: Caller, action: str, subjects: Iterable[UUID]) -> None:
    """Note on one audit line whom a page showed; a page that shows nobody leaves none."""
    named = list(dict.fromkeys(subjects))
    if named:
        with writing(caller.session):
            record(caller, action, named)


def service_labels(services: ServicesFile | None, routine: RoutineFile | None) -> dict[str, str]:
    """Our own label of each code: of the routine group that it is offered in, else of the one service that names it.

    A drug's name labels the drug's own codes only: the injection beside it (96372) serves many drugs. The labels of
    the book asked last are kept: every page asks for them, some twice.
    """
    if _last_labels and _last_labels[0][0] is services and _last_labels[0][1] is routine:
        return _last_labels[0][2]
    found = _labels(services, routine)
    _last_labels[:] = [(services, routine, found)]
    return found


_last_labels: list[tuple[ServicesFile | None, RoutineFile | None, dict[str, str]]] = []


def _labels(services: ServicesFile | None, routine: RoutineFile | None) -> dict[str, str]:
    labels: dict[str, str | None] = {}
    for key, service in services.services.items() if services is not None else ():
        for code in service.codes:
            if is_drug_code(code) or not key.startswith("drug"):
                labels[code] = service.label if code not in labels else None
    for group in routine.groups if routine is not None else ():
        labels.update(dict.fromkeys(group.codes, group.label))
    return {code: label for code, label in labels.items() if label is not None}
