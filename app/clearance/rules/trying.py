"""What would be found if visits were as somebody thinks of them: for asking before anything is booked or sent."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from app.authorizations.facts import UNSENT, Authorization
from app.clearance.facts.verdicts import LineVerdict, PatientFile, Surroundings
from app.clearance.facts.work import Asked, Assessment
from app.clearance.rules.asking import channel_of, question_of
from app.clearance.rules.candidates import KINDS, best_first, concerns
from app.clearance.rules.coverages import coverage_of_day
from app.clearance.rules.judge import IN_TIME, Run, judge, not_asked
from app.policies.facts.answers import Question
from app.schedule.facts import ServiceLine, Visit


@dataclass(frozen=True, slots=True)
class Tried:
    """One line as it would be judged.

    `question` is what was put to the rules, None where there is no coverage; `held` every candidate held against
    it, best first; `unsent` requests that speak of it and were never sent.
    """

    verdict: LineVerdict
    question: Question | None
    held: tuple[Assessment, ...]
    unsent: tuple[Authorization, ...]


def try_visits(file: PatientFile, around: Surroundings, visits: Sequence[Visit]) -> dict[UUID, Tried]:
    """Judge visits as they are given, beside the others of the patient, with the judgement that clears booked ones.

    Takes     the patient's file; the surroundings; the visits, each in place of the one of its id where there is one.
    Returns   what would be found, by the id of each of their lines; one that insurance is not asked about is left out.
    """
    ids = {visit.id for visit in visits}
    whole = replace(file, visits=(*(one for one in file.visits if one.id not in ids), *visits))
    verdicts = {one.line.id: one for one in judge(whole, around).lines}
    run = Run(whole, around)
    tried: dict[UUID, Tried] = {}
    for visit in sorted(whole.visits, key=IN_TIME):
        for line in sorted(visit.lines, key=_place):
            if not_asked(visit, line, True, around) is not None:
                continue
            if visit.id in ids:
                tried[line.id] = _try(run, visit, line, verdicts[line.id])
            run.line(visit, line)
    return tried


def _try(run: Run, visit: Visit, line: ServiceLine, verdict: LineVerdict) -> Tried:
    channel = channel_of(line)
    coverage = coverage_of_day(run.file.coverages, channel, visit.day)
    asked = run.asker.ask(visit, line, coverage, channel)
    question: Question | None = None
    if coverage is not None and (line.code is not None or asked.drug is not None):
        known = (asked.drug, asked.npi, asked.group, asked.business)
        question = question_of(visit, line, coverage, channel, run.around, known)
    return Tried(verdict, question, best_first(run.candidates(asked)), _unsent(run, asked))


def _unsent(run: Run, asked: Asked) -> tuple[Authorization, ...]:
    rows = run.file.authorizations
    return tuple(row for row in rows if row.status in UNSENT and row.kind in KINDS and concerns(row, asked))


def _place(line: ServiceLine) -> int:
    return line.position
