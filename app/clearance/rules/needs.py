"""Check `rule`: is it known whether approval is needed, and is it covered?"""

from app.clearance.facts.reasons import Reason
from app.clearance.facts.work import Asked
from app.policies.facts.answers import Grounds, Need

_FOUND = {
    Need.REQUIRED: Reason.RULE_REQUIRED,
    Need.NOT_REQUIRED: Reason.RULE_NOT_REQUIRED,
    Need.NOTIFICATION: Reason.RULE_MILD,
    Need.VOLUNTARY: Reason.RULE_MILD,
    Need.NOT_COVERED: Reason.RULE_NOT_COVERED,
    Need.COSMETIC: Reason.RULE_NOT_COVERED,
    Need.UNKNOWN: Reason.RULE_UNKNOWN,
    Need.REQUIRED_WHEN_UNMET: Reason.RULE_UNMET,
}
_SETTLED_BY_APPROVAL = frozenset({Grounds.CONTRADICTED, Grounds.CONDITION_FALSE})


def check_rule(asked: Asked, settled: bool) -> Reason:
    """Judge what the rules say.

    Takes     what is asked; whether an approval passes all its checks. Such an approval settles an unknown or unmet
              need and coverage criteria, since the payer has decided; it does not settle an exclusion.
    Returns   the finding.
    """
    if asked.line.refused_row is not None:
        return Reason.RULE_ROW_REFUSED
    if asked.line.code is None and asked.line.drug is None:
        return Reason.RULE_NO_PROCEDURE
    requirement = asked.requirement
    found = _FOUND[requirement.need]
    if settled and found in (Reason.RULE_UNKNOWN, Reason.RULE_UNMET):
        return Reason.RULE_SETTLED
    if settled and found is Reason.RULE_NOT_COVERED and requirement.grounds in _SETTLED_BY_APPROVAL:
        return Reason.RULE_SETTLED
    return found
