"""A request that is with the payer: by whose clock it is owed an answer, and when."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.alerts.rules.approvals import visit_of
from app.alerts.rules.booked import Book as PatientBook
from app.alerts.rules.services import is_undecided, names
from app.authorizations.facts import Authorization, Status
from app.coverage.facts import Coverage
from app.deadlines.facts import About, Basis, BasisKind, Case, Deadline, Information, Receipt
from app.deadlines.rules.calendar import due_after, zone_of
from app.deadlines.rules.legal import NO_CLOCK, LegalClock, answer_due, appeal_window, information_due, legal_clock
from app.deadlines.rules.owed import Waiting, answer_owed
from app.deadlines.rules.pausing import Pause
from app.deadlines.rules.requests import coverage_of_request, line_of_request, rule_of_request
from app.policies.facts.answers import Confidence
from app.policies.facts.book import Book, CompiledRule
from app.policies.rules.clocks import ClockQuestion, for_drug


@dataclass(frozen=True, slots=True)
class Answer:
    """What is owed on an undecided request: the payer's answer (None while its clock stands still), and by us.

    `information` are the payer's questions; one without a day of its own has the least that the law leaves us.
    """

    deadline: Deadline | None
    information: tuple[Information, ...] = ()


def awaits_answer(row: Authorization) -> bool:
    """Say whether the payer may owe an answer: to a request, or to an appeal."""
    return is_undecided(row) or row.status is Status.IN_APPEAL


def answer_of(
    row: Authorization,
    about: About,
    case: Case,
    patient: PatientBook,
    coverages: Sequence[Coverage],
    book: Book,
    state: str | None,
    *,
    urgent: bool,
) -> Answer | None:
    """Work out when the payer owes its answer to a request.

    Takes     the request; whose it is; what was recorded of it; its patient's book and coverages; the payers' rules and
              clocks; the state of its site; whether the log calls it urgent.
    Returns   None for what is not with the payer; of an appeal what is owed on its last level that was filed. The
              receipt that a person recorded counts, else the day on which it was sent by the log; without either no
              clock can be told.
    """
    if row.status is Status.IN_APPEAL:
        return _on_appeal(row, about, case, patient, coverages, book, state, urgent=urgent)
    if not is_undecided(row):
        return None
    receipt = case.receipt or (None if row.requested_on is None else Receipt(row.requested_on, urgent=urgent))
    waits = any(one.answered_at is None for one in case.information) or (
        row.status is Status.MORE_INFO and not case.information
    )
    if receipt is None:
        basis = Basis(BasisKind.TARGET, words=NO_CLOCK, confidence=Confidence.NONE)
        return Answer(None if waits else answer_owed(Waiting(about, None, basis)), case.information)
    asked = question_of(row, about, receipt, patient, coverages, book, state)
    clock = legal_clock(asked, book.clocks)
    pauses = [_pause(one, about) for one in case.information]
    if waits and not pauses:  # the log says so, and nobody recorded since when: a clock that pauses stands still
        pauses = [Pause(receipt.received_on)]
    due = answer_due(asked, clock, pauses, noticed_on=receipt.extension_on)
    owed = answer_owed(Waiting(about, receipt.received_on, due.basis, due.due_on, due.due_at))
    still = due.paused or (waits and due.due_on is None and due.due_at is None)
    return Answer(None if still else owed, tuple(_with_day(one, asked, clock, about) for one in case.information))


def _on_appeal(
    row: Authorization,
    about: About,
    case: Case,
    patient: PatientBook,
    coverages: Sequence[Coverage],
    book: Book,
    state: str | None,
    *,
    urgent: bool,
) -> Answer:
    """The payer's answer to the last level of appeal that was filed and is not decided."""
    filed = [one for one in case.appeals if one.filed_on is not None and one.decided_on is None]
    level = max(filed, key=lambda one: (one.filed_on or one.denied_on, one.level), default=None)
    if level is None or level.filed_on is None:
        return Answer(None, case.information)
    denied = Receipt(level.denied_on, urgent=case.receipt.urgent if case.receipt is not None else urgent)
    asked = question_of(row, about, denied, patient, coverages, book, state)
    window = appeal_window(asked, level.level, book.clocks, level.external)
    basis = Basis(BasisKind.TARGET, words=NO_CLOCK, confidence=Confidence.NONE)
    if window is None or window.decided_within is None:
        return Answer(answer_owed(Waiting(about, level.filed_on, basis)), case.information)
    due_on, due_at = due_after(None, level.filed_on, window.decided_within, zone_of(about.zone))
    return Answer(answer_owed(Waiting(about, level.filed_on, window.basis, due_on, due_at)), case.information)


def question_of(
    row: Authorization,
    about: About,
    receipt: Receipt,
    patient: PatientBook,
    coverages: Sequence[Coverage],
    book: Book,
    state: str | None,
) -> ClockQuestion:
    """Put a request to the clocks: what is known of its line, service, place, program and receipt."""
    coverage = coverage_of_request(row, coverages)
    rule = _rule_of(row, patient, book)
    codes = tuple(code for item in row.items for code in item.codes if code != "*")
    return ClockQuestion(
        received_on=receipt.received_on,
        zone=about.zone,
        line=line_of_request(row, coverage, book),
        channel=row.channel,
        drug=for_drug(codes, row.drug or row.ndc),
        urgent=receipt.urgent,
        received_at=receipt.received_at,
        place=_place_of(row, patient),
        codes=codes,
        plan_state=coverage.state if coverage is not None else None,
        practice_state=state,
        program=rule.product if rule is not None else None,
        target=rule.extras.clock if rule is not None else None,
    )


def _rule_of(row: Authorization, patient: PatientBook, book: Book) -> CompiledRule | None:
    """The payer's rule that asked for the request: that of its booked line, else one that speaks of its services."""
    for one in patient.lines:
        if one.chosen is not None and one.chosen.id == row.id and one.requirement is not None:
            found = book.rules.get(one.requirement.rule or "")
            if found is not None:
                return found
    return rule_of_request(row, book, patient.day)


def _place_of(row: Authorization, patient: PatientBook) -> str | None:
    if row.places:
        return row.places[0] if len(row.places) == 1 else None
    visit = visit_of(row, patient)
    places = {line.place for line in visit.lines if names(row, line)} if visit is not None else set()
    return next(iter(places)) if len(places) == 1 else None


def _pause(one: Information, about: About) -> Pause:
    zone = zone_of(about.zone)
    answered = None if one.answered_at is None else one.answered_at.astimezone(zone).date()
    return Pause(one.asked_at.astimezone(zone).date(), answered, one.asked_at, one.answered_at)


def _with_day(one: Information, asked: ClockQuestion, clock: LegalClock, about: About) -> Information:
    if one.due_on is not None or one.due_at is not None:
        return one
    least = information_due(asked, clock, _pause(one, about))
    return one if least is None else replace(one, due_on=least.due_on, due_at=least.due_at)
