"""What was known on a day: a check, a decision or an answer that is itself dated later does not count."""

from dataclasses import replace
from datetime import date, timedelta

from app.authorizations.facts import ANY_CODE, Authorization, Status
from app.clearance.facts.work import Changes
from app.clearance.rules.candidates import KINDS
from app.clinical.facts import ClinicalFact
from app.coverage.facts import Coverage
from app.policies.facts.answers import Need, PatientAnswer
from app.values.spans import DateSpan

_DECIDED = frozenset(
    {
        Status.APPROVED,
        Status.PARTLY_APPROVED,
        Status.DENIED,
        Status.IN_APPEAL,
        Status.DISMISSED,
        Status.NOT_REQUIRED,
        Status.NOTIFIED,
    }
)
ANSWER_DAYS = 90


def known_coverages(coverages: tuple[Coverage, ...], changes: Changes) -> tuple[Coverage, ...]:
    """Forget the answers of checks made after the day asked about.

    Takes     coverages; the day, which also notes when a later check begins to count.
    Returns   the coverages, a later check's answer removed (never checked).
    """
    if not any(one.checked_on is not None and one.checked_on > changes.as_of for one in coverages):
        return coverages
    known = []
    for coverage in coverages:
        checked = coverage.checked_on
        if checked is not None and checked > changes.as_of:
            changes.on(checked)
            coverage = replace(
                coverage,
                checked_on=None,
                result=None,
                network=None,
                referral_required=None,
                other_primary=False,
                other_payer=None,
            )
        known.append(coverage)
    return tuple(known)


def known_authorizations(rows: tuple[Authorization, ...], changes: Changes) -> tuple[Authorization, ...]:
    """Take back decisions made after the day asked about, and requests made after it.

    Returns   the authorizations known on the day; a later decision leaves the request submitted, and a later
              `not required` leaves nothing.
    """
    if not any(_later(row, changes.as_of) for row in rows):
        return rows
    known = []
    for row in rows:
        if row.requested_on is not None and row.requested_on > changes.as_of:
            changes.on(row.requested_on)
            continue
        if row.decided_on is not None and row.decided_on > changes.as_of and row.status in _DECIDED:
            changes.on(row.decided_on)
            if row.status is Status.NOT_REQUIRED:
                continue
            row = replace(row, status=Status.SUBMITTED)
        known.append(row)
    return tuple(known)


def _later(row: Authorization, as_of: date) -> bool:
    decided, requested = row.decided_on, row.requested_on
    return (decided is not None and decided > as_of) or (requested is not None and requested > as_of)


def known_answers(answers: tuple[PatientAnswer, ...], changes: Changes) -> tuple[PatientAnswer, ...]:
    """Leave out what the payer said after the day asked about. An answer without a day counts only from its span."""
    if not answers:
        return answers
    known = []
    for answer in answers:
        said = answer.said_on or answer.span.begins
        if said is not None and said > changes.as_of:
            changes.on(said)
        else:
            known.append(answer)
    return tuple(known)


def known_facts(facts: tuple[ClinicalFact, ...], changes: Changes) -> tuple[ClinicalFact, ...]:
    """Leave out clinical facts of days after the day asked about, and note when they begin to count."""
    later = [one.dated for one in facts if one.dated is not None and one.dated > changes.as_of]
    if not later:
        return facts
    for day in later:
        changes.on(day)
    return tuple(one for one in facts if one.dated is None or one.dated <= changes.as_of)


def answers_of_log(rows: tuple[Authorization, ...], coverage: Coverage) -> tuple[PatientAnswer, ...]:
    """Read the log's `not required` rows as answers for one coverage.

    Takes     the known authorizations; the coverage of the day (a row of another payer or member is not its answer).
    Returns   answers from the day decided to the end that the row states; without one for 90 days; never past
              31 December. A row without any date answers for no day.
    Source    imports contract: a `not required` row is an answer for its patient, coverage and codes.
    """
    found = []
    for row in rows:
        if row.status is not Status.NOT_REQUIRED or row.kind not in KINDS or row.payer != coverage.payer:
            continue  # that no referral or exception is required says nothing of an approval
        if row.member is not None and not row.member.same_as(coverage.member):
            continue
        begins = row.decided_on or row.begins or row.requested_on
        if row.member is None and begins is not None and _before(begins, coverage):
            continue  # it was said of an earlier coverage
        if begins is not None:
            span = _answer_span(begins, row.ends)
            if span is not None:
                found.append(_answer(row, span))
    return tuple(found)


def _before(day: date, coverage: Coverage) -> bool:
    return coverage.span.begins is not None and day < coverage.span.begins


def _answer_span(begins: date, ends: date | None) -> DateSpan | None:
    last = min(ends or begins + timedelta(days=ANSWER_DAYS - 1), date(begins.year, 12, 31))
    return DateSpan(begins, last) if last >= begins else None


def _answer(row: Authorization, span: DateSpan) -> PatientAnswer:
    names = set()
    for item in row.items:
        if item.last is not None:
            names.add(f"{item.codes[0]}-{item.last}")
        else:
            names.update(code for code in item.codes if code != ANY_CODE)
    if row.drug is not None:
        names.add(row.drug)
    return PatientAnswer(
        ref=f"answer#{row.id.hex}",
        payer=row.payer,
        names=frozenset(names),
        need=Need.NOT_REQUIRED,
        span=span,
        said_on=row.decided_on,
        reference=row.reference or row.number or "",
        channel=row.channel,
    )
