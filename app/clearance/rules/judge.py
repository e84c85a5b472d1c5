"""May the lines of one patient go ahead? One pure function, for a single visit and for the whole book."""

from operator import attrgetter

from app.clearance.facts.reasons import Badge, Check, Reason, Result
from app.clearance.facts.verdicts import LineVerdict, PatientFile, PatientVerdict, Surroundings
from app.clearance.facts.work import Asked, Assessment, Changes, Judged
from app.clearance.rules.approvals import assess, confirmed_continuity
from app.clearance.rules.asking import Asker, channel_of, is_judged
from app.clearance.rules.badges import badge_of_line
from app.clearance.rules.candidates import choose, is_candidate, never_sent
from app.clearance.rules.classes import check_class
from app.clearance.rules.coverages import (
    ReferralUse,
    check_coverage,
    check_network,
    check_referral,
    coverage_of_day,
    further_coverages,
)
from app.clearance.rules.deliveries import Deliveries
from app.clearance.rules.known import known_answers, known_authorizations, known_coverages, known_facts
from app.clearance.rules.needs import check_rule
from app.clearance.rules.renewal import check_renewals
from app.clearance.rules.secondary import check_secondary
from app.clearance.rules.spacing import Service, check_spacing
from app.coverage.facts import Coverage
from app.deadlines.rules.ledger import Ledger
from app.policies.facts.answers import Need, ServiceClass
from app.schedule.facts import BillTo, ServiceLine, Visit, VisitStatus

COUNTED = frozenset({VisitStatus.BOOKED, VisitStatus.DONE})
FRESH_DAYS = 7
BY_CHECK = attrgetter("number")  # reasons are numbered in the order of the checks; a test holds that
IN_TIME = attrgetter("starts_at", "reference")


class Run:
    """One patient on the way: the file as known on the day, and what lines took so far."""

    def __init__(self, file: PatientFile, around: Surroundings) -> None:
        self.changes = Changes(around.as_of)
        for day in around.turns:
            self.changes.on(day)
        self.around = around
        self.file = PatientFile(
            file.patient,
            file.visits,
            known_coverages(file.coverages, self.changes),
            known_authorizations(file.authorizations, self.changes),
            known_answers(file.answers, self.changes),
            file.supplies,
            known_facts(file.facts, self.changes) if file.facts else (),
        )
        self.deliveries = Deliveries(file, self.changes) if file.supplies else None
        self.asker = Asker(self.file, around)
        self.continuity = confirmed_continuity(self.file.authorizations)
        self.ledger = Ledger()
        self.referrals: ReferralUse = {}
        self.before: list[Service] = []

    def line(self, visit: Visit, line: ServiceLine) -> Judged:
        """Judge one line; units and referrals are taken at once, so that the next line sees what is left."""
        around, channel, coverages = self.around, channel_of(line), self.file.coverages
        coverage = coverage_of_day(coverages, channel, visit.day)
        asked = self.asker.ask(visit, line, coverage, channel)
        one = Judged(visit, line, asked)
        found = one.found
        site = around.sites.get(visit.site_id)
        fresh = site.fresh_days if site is not None else FRESH_DAYS
        counted = visit.status in COUNTED
        changes = self.changes if counted else Changes(around.as_of)  # nobody waits for a canceled visit
        found[Check.COVERAGE] = check_coverage(asked, asked.business, fresh, changes)
        if coverage is not None:
            self._plan_asks(one, asked, coverage)
        self._approval(one, asked)
        self._delivery(one, asked)
        found[Check.RULE] = check_rule(asked, one.held)
        one.put_class(check_class(asked, one.held), asked.shown_by)
        if asked.requirement.limits:
            one.put_all(Check.SPACING, check_spacing(asked, self.before))
        further = further_coverages(coverages, coverage, channel, visit.day) if len(coverages) > 1 else None
        if further:
            secondary = check_secondary(
                asked, asked.business, further, self.asker, around, self.ledger, self.candidates
            )
            one.put_all(Check.SECONDARY, secondary)
        if counted:
            self.before.append(Service(visit.day, visit.id, line.code or asked.drug, line.units))
        return one

    def _plan_asks(self, one: Judged, asked: Asked, coverage: Coverage) -> None:
        """What the plan asks beside approval, where anything is on file that says whether it does."""
        rows = self.file.authorizations
        if coverage.network is not None or coverage.payer in self.around.participations:
            one.put(Check.NETWORK, check_network(asked, asked.business, self.around, rows))
        if coverage.referral_required is not None or asked.line.referral is not None:
            one.put(Check.REFERRAL, check_referral(asked, rows, self.referrals))

    def _approval(self, one: Judged, asked: Asked) -> None:
        need = asked.requirement.need
        if need is Need.NOT_REQUIRED:
            return
        found = self.candidates(asked)
        if found:
            one.assessment = chosen = choose(found)
            for reason in chosen.reasons:
                one.put(reason.check, reason)
            one.left_after = chosen.left
            if chosen.passes:
                one.held = True
                one.left_after = self.ledger.take(chosen, asked)
        elif need is Need.REQUIRED:
            unsent = never_sent(self.file.authorizations, asked)
            one.put(Check.APPROVAL, Reason.APPROVAL_NOT_SENT if unsent else Reason.APPROVAL_NONE)
        elif need in (Need.VOLUNTARY, Need.NOTIFICATION):
            one.put(Check.APPROVAL, Reason.APPROVAL_OPTIONAL)

    def _delivery(self, one: Judged, asked: Asked) -> None:
        """Warn of a drug that has not come. What an approval fails for its drug stands before it."""
        finding = self.deliveries.check(asked) if self.deliveries is not None else None
        drug = one.found.get(Check.DRUG)
        if drug is None or drug.result is not Result.FAIL:
            one.put_all(Check.DRUG, finding)

    def candidates(self, asked: Asked) -> list[Assessment]:
        """Hold every candidate of the patient against one line."""
        return [
            assess(row, asked, self.ledger, self.around, self.continuity)
            for row in self.file.authorizations
            if is_candidate(row, asked)
        ]


def judge(file: PatientFile, around: Surroundings) -> PatientVerdict:
    """Answer for every line of one patient.

    Takes     the patient's file (visits of any status); what is the same for all patients.
    Returns   one verdict a line, in order of start, visit id and row, and the first day on which time alone may change
              one of them (None: never).
    Source    verdict contract. Units are reserved in that order; canceled and missed visits take none.
    """
    run = Run(file, around)
    insured = not without_coverage(file, run.changes)
    judged: list[Judged] = []
    verdicts: list[Judged | LineVerdict] = []
    for visit in sorted(file.visits, key=IN_TIME):
        for line in sorted(visit.lines, key=_row):
            plain = not_asked(visit, line, insured, around)
            if plain is not None:
                verdicts.append(plain)
                continue
            one = run.line(visit, line)
            judged.append(one)
            verdicts.append(one)
    _crowded(judged, run.ledger)
    check_renewals(judged, run.ledger, run.changes)
    lines = tuple(entry if isinstance(entry, LineVerdict) else _verdict(entry) for entry in verdicts)
    return PatientVerdict(lines, run.changes.first)


def without_coverage(file: PatientFile, changes: Changes) -> bool:
    """Has the practice said, by the day asked about, that this patient has no coverage, and is none on file?"""
    if not file.patient.no_coverage or file.coverages:
        return False
    said_on = file.patient.no_coverage_on
    if said_on is None or said_on <= changes.as_of:
        return True
    changes.on(said_on)
    return False


def _row(line: ServiceLine) -> int:
    return line.position


def not_asked(visit: Visit, line: ServiceLine, insured: bool, around: Surroundings) -> LineVerdict | None:
    """A line that insurance is not asked about: self-pay, or billed by somebody else. Of a refused row who knows."""
    if line.refused_row is not None:
        return None
    outside = not is_judged(line)
    if not outside and insured and line.bill_to is not BillTo.SELF_PAY:
        return None
    klass = around.classify(line.code, line.diagnoses, line.documented).klass if line.code else ServiceClass.UNKNOWN
    return LineVerdict(visit, line, None if outside else Badge.SELF_PAY, klass)


def _crowded(judged: list[Judged], ledger: Ledger) -> None:
    """An approval without a count is enough for one line only: with more booked on it, each of them warns."""
    for one in judged:
        if not one.held or one.found.get(Check.UNITS) is not Reason.UNITS_SINGLE or one.assessment is None:
            continue
        if ledger.lines.get(one.assessment.approval.id, 0) > 1:
            one.found[Check.UNITS] = Reason.UNITS_NO_COUNT


def _verdict(one: Judged) -> LineVerdict:
    asked = one.asked
    assert asked is not None
    reasons = tuple(sorted(one.found.values(), key=BY_CHECK))
    return LineVerdict(
        visit=one.visit,
        line=one.line,
        badge=badge_of_line(reasons),
        klass=_class(asked),
        reasons=reasons,
        requirement=asked.requirement,
        coverage=asked.coverage,
        chosen=one.assessment.approval if one.assessment is not None else None,
        units_left_after=one.left_after if _units_stand(one) else None,
        details=one.details,
    )


def _class(asked: Asked) -> ServiceClass:
    """The class that a person stated for the visit type, else that of the grid."""
    if asked.line.klass is not None:
        return ServiceClass(asked.line.klass)
    return asked.grid.klass if asked.grid is not None else ServiceClass.UNKNOWN


def _units_stand(one: Judged) -> bool:
    units = one.found.get(Check.UNITS)
    return units is not None and units.result is not Result.WARN
