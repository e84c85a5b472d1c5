"""From a booked line to the question that is put to the payer rules."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from app.clearance.facts.verdicts import ClassAnswer, PatientFile, Surroundings
from app.clearance.facts.work import Asked
from app.clearance.rules.coverages import line_of
from app.clearance.rules.known import answers_of_log
from app.clinical.facts import ClinicalFact
from app.coverage.facts import Coverage
from app.policies.facts.answers import Confidence, Grounds, Need, PatientAnswer, Question, Requirement
from app.policies.rules.chart import NOTHING_KNOWN as NOTHING_PROVEN
from app.policies.rules.chart import Known
from app.policies.rules.chart import known as chart_known
from app.schedule.facts import BillTo, ServiceLine, Supply, Visit
from app.values.codes import is_drug_code
from app.values.insurance import Channel, Line

STATE_OF_COVERAGE = frozenset({Line.MEDICAID, Line.MEDICAID_MANAGED, Line.CHIP})
NO_CODES: frozenset[str] = frozenset()
NOTHING_KNOWN = Requirement(Need.UNKNOWN, Confidence.NONE, Grounds.NO_RULE)


def is_pharmacy_supplied(line: ServiceLine) -> bool:
    """Say whether a pharmacy supplies and bills the drug of a line."""
    named_drug = line.drug is not None or line.ndc is not None
    return line.supply is Supply.SPECIALTY_PHARMACY and (
        named_drug or (line.code is not None and is_drug_code(line.code))
    )


def channel_of(line: ServiceLine) -> Channel:
    """The benefit under which a line is billed: as the file says, else pharmacy for a drug that a pharmacy supplies."""
    if line.channel is not None:
        return line.channel
    return Channel.PHARMACY if is_pharmacy_supplied(line) else Channel.MEDICAL


def is_judged(line: ServiceLine) -> bool:
    """Say whether a line is judged: a line billed outside is not, unless a pharmacy supplies its drug."""
    return line.bill_to is not BillTo.OUTSIDE or is_pharmacy_supplied(line)


class Asker:
    """Puts the lines of one patient to the payer rules.

    Takes     the patient's file as known on the day asked about; the surroundings.
    """

    def __init__(self, file: PatientFile, around: Surroundings) -> None:
        self._file = file
        self._around = around
        self._answers: dict[UUID, tuple[PatientAnswer, ...]] = {}
        self._charts: dict[tuple[date, tuple[str, ...]], Known] = {}

    def ask(self, visit: Visit, line: ServiceLine, coverage: Coverage | None, channel: Channel) -> Asked:
        """Put one line for one coverage. Returns it with its requirement, family and who bills it."""
        around, code = self._around, line.code
        coded_drug = code is not None and is_drug_code(code)
        drug = line.drug or (around.drug_of(code) if code is not None and coded_drug else None)
        chart = self._chart(visit, line) if self._file.facts else NOTHING_PROVEN
        documented = line.documented | chart.documented if chart.documented else line.documented
        grid = around.classify(code, line.diagnoses, documented) if code is not None else None
        npi, group = _biller(line, around)
        business = line_of(coverage, around) if coverage is not None else None
        question: Question | None = None
        requirement, family = NOTHING_KNOWN, grid.family if grid is not None else NO_CODES
        if coverage is not None and (code is not None or drug is not None):
            question = question_of(visit, line, coverage, channel, around, (drug, npi, group, business))
            if chart.facts or chart.documented:
                question = replace(question, documented=documented, facts=chart.facts)
            requirement = around.requirement(question, self._answers_for(coverage), self._file.patient)
            if code in requirement.family:
                family = family | requirement.family
        return Asked(
            visit, line, coverage, channel, requirement, grid, family, drug, coded_drug or line.drug is not None, npi,
            group, business, lambda: self._siblings(visit, grid, question, coverage),
            _reasons_shown(grid, line, chart) if chart.documented else (),
        )  # fmt: skip

    def _chart(self, visit: Visit, line: ServiceLine) -> Known:
        """What the chart showed on the day asked about, and at the latest on the day of the visit."""
        key = visit.day, line.diagnoses
        found = self._charts.get(key)
        if found is None:
            on = min(self._around.as_of, visit.day)
            found = self._charts[key] = chart_known(self._file.facts, on, line.diagnoses, visit.day)
        return found

    def _answers_for(self, coverage: Coverage) -> tuple[PatientAnswer, ...]:
        """What the payer said for the patient: recorded answers, and the log's `not required` rows of the coverage."""
        found = self._answers.get(coverage.id)
        if found is None:
            found = self._file.answers + answers_of_log(self._file.authorizations, coverage)
            self._answers[coverage.id] = found
        return found

    def _siblings(
        self, visit: Visit, grid: ClassAnswer | None, question: Question | None, coverage: Coverage | None
    ) -> tuple[str, ...]:
        """Other codes of the same service that need approval and are not lines of the visit themselves."""
        if grid is None or question is None or coverage is None:
            return ()
        answers, patient = self._answers_for(coverage), self._file.patient
        family = sorted(grid.family) if answers else self._around.may_require(coverage.payer, grid.family)
        if not family:
            return ()
        booked = {line.code for line in visit.lines}
        return tuple(
            code
            for code in family
            if code not in booked
            and self._around.requirement(replace(question, code=code, drug=None), answers, patient).need
            is Need.REQUIRED
        )


def _reasons_shown(grid: ClassAnswer | None, line: ServiceLine, chart: Known) -> tuple[ClinicalFact, ...]:
    """The clinical facts that make a conditional service medical, where the schedule's own words do not."""
    if grid is None or grid.shown & line.documented:
        return ()
    names = sorted(grid.shown & chart.documented)
    return tuple(fact for name in names for fact in chart.evidence[f"documented:{name}"])


def _biller(line: ServiceLine, around: Surroundings) -> tuple[str, str | None]:
    """Who bills a line, else who renders it, and that person's group: as the file says, as on file, the practice's."""
    billing, rendering = line.billing_npi, line.provider_npi
    npi = billing or rendering
    stated = line.provider_group if billing is None or billing == rendering else None
    return npi, stated or around.groups.get(npi) or around.practice_group


def question_of(
    visit: Visit,
    line: ServiceLine,
    coverage: Coverage,
    channel: Channel,
    around: Surroundings,
    known: tuple[str | None, str, str | None, Line | None],
) -> Question:
    """Make the question of one line for one coverage; `known`: its drug, who bills, that person's group, the line."""
    drug, npi, group, business = known
    site = around.sites.get(visit.site_id)
    state = coverage.state if business in STATE_OF_COVERAGE else (site.state if site else None)
    return Question(
        payer=coverage.payer,
        day=visit.day,
        code=line.code,
        drug=drug,
        line=business,
        plan=coverage.plan,
        channel=channel,
        companions=_companions(visit, line),
        diagnoses=line.diagnoses,
        place=line.place,
        state=state,
        provider=npi,
        group=group,
        supply=line.supply.value if line.supply is not None else None,
        documented=line.documented,
    )


def _companions(visit: Visit, line: ServiceLine) -> frozenset[str]:
    if len(visit.lines) == 1:
        return NO_CODES
    return frozenset(other.code for other in visit.lines if other is not line and other.code is not None)
