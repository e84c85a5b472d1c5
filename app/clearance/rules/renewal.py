"""Will care go on? Looks back over all lines of a patient once each is judged."""

from datetime import date

from app.clearance.facts.reasons import Check, Reason
from app.clearance.facts.work import Asked, Changes, Judged
from app.clearance.rules.candidates import names_drug
from app.deadlines.rules.ledger import Ledger
from app.policies.facts.answers import Need
from app.schedule.facts import VisitStatus
from app.values.spans import Duration, days_before

LEAD = Duration(30, "day")


def check_renewals(judged: list[Judged], ledger: Ledger, changes: Changes) -> None:
    """Warn on every held line whose approval runs out while a later line of the family is not held.

    Takes     the patient's judged lines in order; the ledger after all of them took their units.
    Changes   adds the finding `renewal` to each held line; notes the day on which a lead time begins.
    Source    verdict contract: the lead is the rule's, else 30 days, counted back from the end or from the line that
              takes the last unit.
    """
    for place, one in enumerate(judged):
        if not one.held or one.asked is None or one.assessment is None:
            continue
        one.found[Check.RENEWAL] = Reason.RENEWAL_NOT_DUE
        later = next((other for other in judged[place + 1 :] if _goes_on(other, one)), None)
        if later is None:
            continue
        turns = _turns(one, ledger)
        if not turns:
            continue
        lead = one.asked.requirement.renew_before or LEAD
        starts = days_before(min(turns)[0], lead)
        if starts <= changes.as_of:
            one.found[Check.RENEWAL] = Reason.RENEWAL_DUE
            one.details[Check.RENEWAL] = (later.visit.day, *min(turns))
        elif one.visit.status in (VisitStatus.BOOKED, VisitStatus.DONE):
            changes.on(starts)


def _goes_on(later: Judged, one: Judged) -> bool:
    """A booked line after this one, of the same family, that needs approval and is not held."""
    if later.visit.status is not VisitStatus.BOOKED or later.held or later.asked is None:
        return False
    if Check.APPROVAL not in later.found or later.asked.requirement.need is Need.NOT_REQUIRED:
        return False
    return _same_family(later.asked, one)


def _same_family(later: Asked, one: Judged) -> bool:
    asked, assessment = one.asked, one.assessment
    assert asked is not None and assessment is not None
    code = later.line.code
    if code is not None and (code == asked.line.code or code in asked.family):
        return True
    if later.drug is not None and later.drug == asked.drug:
        return True
    row = assessment.approval
    return (code is not None and any(item.names(code) for item in row.items)) or names_drug(row, later)


def _turns(one: Judged, ledger: Ledger) -> list[tuple[date, str]]:
    """The days on which the approval of a line turns: its end, and the line that takes its last unit."""
    assert one.assessment is not None
    row, item = one.assessment.approval, one.assessment.item
    turns = [(row.ends, "ends")] if row.ends is not None else []
    last_unit = ledger.last_unit.get((row.id, -1 if item is None else item))
    if last_unit is not None:
        turns.append((last_unit, "last unit"))
    return turns
