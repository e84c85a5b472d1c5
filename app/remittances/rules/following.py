"""How claims under one control number follow each other: the same for every order in which they came."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from app.remittances.facts.claims import REVERSES, ClaimState, Standing


def states_of(claims: Sequence[Standing]) -> Mapping[UUID, ClaimState]:
    """Say where each claim stands.

    Takes     all claims that one payer answered under one control number, in any order.
    Returns   each reversal takes back one claim of the opposite amounts (under the same number of the payer where
              there is one, the earliest first); of claims that stand for the same charge and day, those paid later
              take the place of earlier ones. Claims paid on one day stand side by side.
    """
    states = {one.id: ClaimState.REVERSAL if one.status == REVERSES else ClaimState.STANDS for one in claims}
    reversals = sorted((one for one in claims if one.status == REVERSES), key=_order)
    taken = set[UUID]()
    for reversal in reversals:
        found = _taken_back(reversal, [one for one in claims if states[one.id] is ClaimState.STANDS])
        if found is not None:
            taken.add(found)
            states[found] = ClaimState.REVERSED
    standing = [one for one in claims if states[one.id] is ClaimState.STANDS]
    for one in standing:
        if any(_follows(later, one) for later in standing):
            states[one.id] = ClaimState.FOLLOWED
    return states


def _order(one: Standing) -> tuple[object, ...]:
    """The same order however they came: ids are not part of it but for claims that are alike in all else."""
    return (one.paid_on, one.payer_control or "", one.charge or 0, one.paid or 0, one.id)


def _taken_back(reversal: Standing, standing: Sequence[Standing]) -> UUID | None:
    if reversal.charge is None:
        return None
    same = [
        one
        for one in sorted(standing, key=_order)
        if one.charge is not None and one.charge == -reversal.charge and _opposite(one.paid, reversal.paid)
    ]
    named = [one for one in same if one.payer_control is not None and one.payer_control == reversal.payer_control]
    return next((one.id for one in (*named, *same)), None)


def _opposite(paid: int | None, back: int | None) -> bool:
    return (paid or 0) == -(back or 0)


def _follows(later: Standing, one: Standing) -> bool:
    return later.paid_on > one.paid_on and later.charge == one.charge and later.begins == one.begins
