"""From a booked line to the question that is put to the payer rules."""

from collections.abc import Callable
from dataclasses import replace

from app.clearance.facts.verdicts import ClassAnswer, PatientFile, Surroundings
from app.clearance.facts.work import Asked
from app.clearance.rules.coverages import line_of
from app.clearance.rules.known import answers_of_log
from app.coverage.facts import Coverage
from app.policies.facts.answers import Confidence, Grounds, Need, Question, Requirement
from app.schedule.facts import BillTo, ServiceLine, Supply, Visit
from app.values.codes import is_drug_code
from app.values.insurance import Channel, Line

STATE_OF_COVERAGE = frozenset({Line.MEDICAID, Line.MEDICAID_MANAGED, Line.CHIP})
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


def ask(
    file: PatientFile,
    visit: Visit,
    line: ServiceLine,
    coverage: Coverage | None,
    channel: Channel,
    around: Surroundings,
) -> Asked:
    """Put one line to the payer rules for one coverage.

    Takes     the patient's file as known on the day asked about; the visit and its line; the coverage; the benefit.
    Returns   the line with its requirement, family and who bills it.
    """
    code = line.code
    drug = line.drug or (around.drug_of(code) if code is not None and is_drug_code(code) else None)
    grid = around.classify(code, line.diagnoses, line.documented) if code is not None else None
    npi, group = _biller(line, around)
    answers = file.answers + answers_of_log(file.authorizations, coverage) if coverage is not None else ()

    def decide(asked: Question) -> Requirement:
        return around.requirement(asked, answers, file.patient)

    named = code is not None or drug is not None
    question = _question(visit, line, coverage, channel, around, (drug, npi, group)) if coverage and named else None
    requirement = decide(question) if question is not None else NOTHING_KNOWN
    stated = requirement.family if code in requirement.family else frozenset()
    return Asked(
        visit=visit,
        line=line,
        coverage=coverage,
        channel=channel,
        requirement=requirement,
        grid=grid,
        family=(grid.family | stated) if grid is not None else stated,
        drug=drug,
        is_drug=line.drug is not None or (code is not None and is_drug_code(code)),
        npi=npi,
        group=group,
        siblings=lambda: _open_siblings(visit, grid, question, decide),
    )


def _biller(line: ServiceLine, around: Surroundings) -> tuple[str, str | None]:
    """Who bills a line, else who renders it, and that person's group: as the file says, as on file, the practice's."""
    npi = line.billing_npi or line.provider_npi
    same_person = line.billing_npi is None or line.billing_npi == line.provider_npi
    stated = line.provider_group if same_person else None
    return npi, stated or around.groups.get(npi) or around.practice_group


def _question(
    visit: Visit,
    line: ServiceLine,
    coverage: Coverage,
    channel: Channel,
    around: Surroundings,
    known: tuple[str | None, str, str | None],
) -> Question:
    business = line_of(coverage, around)
    site = around.sites.get(visit.site_id)
    state = coverage.state if business in STATE_OF_COVERAGE else (site.state if site else None)
    drug, npi, group = known
    return Question(
        payer=coverage.payer,
        day=visit.day,
        code=line.code,
        drug=drug,
        line=business,
        plan=coverage.plan,
        channel=channel,
        companions=frozenset(other.code for other in visit.lines if other is not line and other.code is not None),
        diagnoses=line.diagnoses,
        place=line.place,
        state=state,
        provider=npi,
        group=group,
        supply=line.supply.value if line.supply is not None else None,
        documented=line.documented,
    )


def _open_siblings(
    visit: Visit, grid: ClassAnswer | None, question: Question | None, decide: Callable[[Question], Requirement]
) -> tuple[str, ...]:
    """Other codes of the same service that need approval and are not lines of the visit themselves."""
    if grid is None or question is None:
        return ()
    booked = {line.code for line in visit.lines}
    return tuple(
        code
        for code in sorted(grid.family)
        if code not in booked and decide(replace(question, code=code, drug=None)).need is Need.REQUIRED
    )
