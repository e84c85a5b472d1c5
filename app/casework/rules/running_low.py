"""Whether the units of an approval run low: the same few as its alert tells of (deadlines/rules/units.py)."""

from app.clearance.facts.usage import ApprovalUse, ItemUse
from app.deadlines.rules.units import FEW


def units_low(use: ApprovalUse, goes_on: bool) -> bool:
    """Say whether more is booked than is left of an item, or few are left of one that began with more.

    Takes     what visits took from an approval; whether a later approval goes on where it ends.
    """
    counted = [one for one in use.items if one.item.count is not None]
    return any(_short(one) or (_few(one) and not goes_on) for one in counted)


def _left(one: ItemUse) -> int:
    return max(0, (one.item.count or 0) - one.used)


def _short(one: ItemUse) -> bool:
    return one.booked + one.short > _left(one)


def _few(one: ItemUse) -> bool:
    left = _left(one)
    return (one.item.count or 0) > FEW >= left and (left > 0 or one.booked + one.short > 0)
