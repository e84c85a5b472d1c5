"""Which authorizations may stand for a line, and which of them is chosen."""

from collections.abc import Iterable
from datetime import date

from app.authorizations.facts import UNSENT, Authorization, Kind, Status
from app.clearance.facts.work import Asked, Assessment
from app.deadlines.rules.ledger import in_turn
from app.policies.facts.answers import Need

KINDS = frozenset({Kind.INITIAL, Kind.RENEWAL, Kind.RETRO, Kind.EXTENSION, Kind.APPEAL, Kind.CONTINUITY})
UNDECIDED = frozenset({Status.SUBMITTED, Status.MORE_INFO})
REFUSED = frozenset({Status.DENIED, Status.IN_APPEAL, Status.DISMISSED})
GRANTED = frozenset({Status.APPROVED, Status.PARTLY_APPROVED})
_NEVER = UNSENT | {Status.WITHDRAWN, Status.VOIDED, Status.NOT_REQUIRED, Status.CLOSED}


def is_candidate(row: Authorization, asked: Asked) -> bool:
    """Say whether an authorization may stand for a line, whatever it then lacks.

    Source    verdict contract, Candidates: kinds of approvals only (a referral or an exception is never one), sent,
              and naming the line's code, drug or range, or a code of the same service of the grid or family of a rule.
    """
    if row.kind not in KINDS or row.status in _NEVER:
        return False
    if row.status is Status.NOTIFIED and asked.requirement.need is not Need.NOTIFICATION:
        return False
    return concerns(row, asked)


def concerns(row: Authorization, asked: Asked) -> bool:
    """Say whether an authorization speaks of the line's code, drug, range, service or family."""
    if names_line(row, asked):
        return True
    return any(item.names(code) for item in row.items for code in asked.family)


def names_line(row: Authorization, asked: Asked) -> bool:
    """Say whether an authorization names the planned code, its range, or the drug."""
    code = asked.line.code
    if code is not None and any(item.names(code) for item in row.items):
        return True
    return names_drug(row, asked)


def names_drug(row: Authorization, asked: Asked) -> bool:
    """Say whether an authorization names the drug of the line: its service key, or the product of its NDC."""
    if asked.drug is not None and row.drug == asked.drug:
        return True
    return row.ndc is not None and asked.line.ndc is not None and row.ndc[:9] == asked.line.ndc[:9]


def stated_family(asked: Asked) -> frozenset[str]:
    """The codes that the rule counts as one with the planned code; none where its family is of other codes."""
    family = asked.requirement.family
    return family if asked.line.code in family else frozenset()


def never_sent(rows: Iterable[Authorization], asked: Asked) -> bool:
    """Say whether a draft for the line is on file: it was written and not sent."""
    return any(row.status in UNSENT and row.kind in KINDS and concerns(row, asked) for row in rows)


def choose(assessments: list[Assessment]) -> Assessment:
    """Choose the approval that a line is judged by.

    Takes     at least one assessment.
    Returns   one whose findings all pass or warn, fewer warnings first; else an undecided one without a fail; else
              the fewest fails; among equals approved before undecided before refused, then the one that ends first
              (no end last), begins first, lowest number.
    """
    return min(assessments, key=_order)


def best_first(assessments: Iterable[Assessment]) -> tuple[Assessment, ...]:
    """Put assessments in the order in which `choose` would choose them."""
    return tuple(sorted(assessments, key=_order))


def _order(found: Assessment) -> tuple[int, int, int, date, date, str, str]:
    row = found.approval
    if found.passes:
        group, within = 0, found.warns
    elif row.status in UNDECIDED and not found.fails:
        group, within = 1, 0
    else:
        group, within = 2, found.fails
    standing = 1 if row.status in UNDECIDED else 2 if row.status in REFUSED else 0
    return (group, within, standing, *in_turn(row))
