"""Which approvals and requests are for the same service, and which goes on where another ends."""

from collections.abc import Iterable

from app.authorizations.facts import Authorization, Item
from app.clearance.rules.candidates import GRANTED, KINDS, UNDECIDED
from app.schedule.facts import ServiceLine


def is_granted(row: Authorization) -> bool:
    """Say whether an authorization is an approval that holds: granted, and no referral or exception."""
    return row.status in GRANTED and row.kind in KINDS


def is_undecided(row: Authorization) -> bool:
    """Say whether an authorization is a request for approval that is with the payer."""
    return row.status in UNDECIDED and row.kind in KINDS


def names(row: Authorization, line: ServiceLine) -> bool:
    """Say whether an authorization names a line's code, its drug, or the product of its NDC."""
    if line.code is not None and any(item.names(line.code) for item in row.items):
        return True
    if row.drug is not None and line.drug == row.drug:
        return True
    return row.ndc is not None and line.ndc is not None and row.ndc[:9] == line.ndc[:9]


def same_service(one: Authorization, other: Authorization) -> bool:
    """Say whether two authorizations of one payer and member speak of a service in common."""
    if not _same_plan(one, other):
        return False
    if _same_drug(one, other):
        return True
    return any(_shares(item, other.items) for item in one.items) or any(
        _shares(item, one.items) for item in other.items
    )


def covers(later: Authorization, earlier: Authorization) -> bool:
    """Say whether one authorization speaks of all services of another, of the same payer and member."""
    if not _same_plan(later, earlier):
        return False
    if _same_drug(later, earlier):
        return True
    return bool(earlier.items) and all(_whole(item, later.items) for item in earlier.items)


def is_later(one: Authorization, other: Authorization) -> bool:
    """Say whether an approval lasts longer than another; of two that end alike the one made later does.

    An approval whose end is not known is later than none: it is not known to go on.
    """
    if one.id == other.id or other.ends is None:
        return False
    return one.no_end or (one.ends is not None and (one.ends, one.id.int) > (other.ends, other.id.int))


def goes_on(row: Authorization, rows: Iterable[Authorization]) -> bool:
    """Say whether a later approval of all its services goes on where an approval ends."""
    return any(is_later(one, row) and is_granted(one) and covers(one, row) for one in rows)


def is_asked(row: Authorization, rows: Iterable[Authorization]) -> bool:
    """Say whether a request for the same service is with the payer that was sent once the approval had begun."""
    return any(is_undecided(one) and same_service(one, row) and _after_its_begin(one, row) for one in rows)


def _after_its_begin(request: Authorization, approval: Authorization) -> bool:
    sent, begins = request.requested_on, approval.begins
    return sent is None or begins is None or sent >= begins


def _same_plan(one: Authorization, other: Authorization) -> bool:
    if one.payer != other.payer:
        return False
    return one.member is None or other.member is None or one.member.same_as(other.member)


def _same_drug(one: Authorization, other: Authorization) -> bool:
    if one.drug is not None and one.drug == other.drug:
        return True
    return one.ndc is not None and other.ndc is not None and one.ndc[:9] == other.ndc[:9]


def _shares(item: Item, items: tuple[Item, ...]) -> bool:
    return any(other.names(code) for code in _ends(item) for other in items)


def _whole(item: Item, items: tuple[Item, ...]) -> bool:
    return all(any(other.names(code) for other in items) for code in _ends(item))


def _ends(item: Item) -> tuple[str, ...]:
    return item.codes if item.last is None else (*item.codes, item.last)
