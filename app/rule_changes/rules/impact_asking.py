"""Is all that judging asks the rules about one patient answered alike by two sets? Then so is every verdict.

Judging reads the rules through five questions of its surroundings, which all stand in `Asked`: requirement, class,
drug, line of business and siblings. It is a function of these answers and of what is on file, so where every question
that it may ask is answered alike, it need not be run twice.
"""

from collections.abc import Iterator

from app.clearance.facts.verdicts import PatientFile, Surroundings
from app.clearance.facts.work import Asked, Changes
from app.clearance.rules.asking import Asker, channel_of
from app.clearance.rules.known import known_answers, known_authorizations, known_coverages, known_facts
from app.coverage.facts import Coverage
from app.rule_changes.rules.impact_reach import Touched
from app.schedule.facts import ServiceLine, Visit


def answered_alike(file: PatientFile, was: Surroundings, will: Surroundings, touched: Touched) -> bool:
    """Say whether two sets answer alike whatever judging may ask about one patient on one day.

    Takes     the patient's file without canceled visits; the surroundings of the day under both sets; what the change
              touches: lines that it does not touch are not asked.
    Returns   False also where an answer differs that judging would not ask for: it may be too strict, never too mild.
    """
    changes = Changes(was.as_of)
    known = PatientFile(
        file.patient,
        file.visits,
        known_coverages(file.coverages, changes),
        known_authorizations(file.authorizations, changes),
        known_answers(file.answers, changes),
        file.supplies,
        known_facts(file.facts, changes) if file.facts else (),
    )
    before, after = Asker(known, was), Asker(known, will)
    for visit, line, coverage in _questions(known, touched):
        channel = channel_of(line)
        if not _alike(before.ask(visit, line, coverage, channel), after.ask(visit, line, coverage, channel)):
            return False
        if coverage is None and _class_of(line, was) != _class_of(line, will):
            return False
    return True


def _questions(file: PatientFile, touched: Touched) -> Iterator[tuple[Visit, ServiceLine, Coverage | None]]:
    """Every line that is touched, with each coverage whose payer it is touched for, and where any is, without one."""
    for visit, line in ((one, line) for one in file.visits for line in one.lines):
        codes = () if line.code is None else (line.code,)
        drugs = () if line.drug is None else (line.drug,)
        if touched.any_of((), codes, drugs):
            yield visit, line, None
        for coverage in file.coverages:
            if touched.any_of((coverage.payer,), codes, drugs):
                yield visit, line, coverage


def _alike(was: Asked, will: Asked) -> bool:
    return (
        was.requirement == will.requirement
        and was.grid == will.grid
        and (was.drug, was.family, was.business) == (will.drug, will.family, will.business)
        and was.siblings() == will.siblings()
    )


def _class_of(line: ServiceLine, around: Surroundings) -> object:
    """The class of a line that insurance is not asked about: by its own words, without the chart."""
    return around.classify(line.code, line.diagnoses, line.documented) if line.code is not None else None
