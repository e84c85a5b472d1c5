"""Which cases are links of one chain."""

from collections.abc import Iterable
from uuid import UUID


def linked(links: Iterable[tuple[UUID, UUID | None]], start: UUID) -> frozenset[UUID]:
    """Name all cases that hang together with one: those it follows, and those that follow any of them.

    Takes     a patient's cases, each with the one that it follows; a link to a case that is not among them is none.
    Returns   at least the case itself, where it is among them.
    """
    pairs = tuple(links)
    known = {one for one, _up in pairs}
    beside: dict[UUID, set[UUID]] = {}
    for one, up in pairs:
        if up in known and up is not None:
            beside.setdefault(one, set()).add(up)
            beside.setdefault(up, set()).add(one)
    found: set[UUID] = set()
    waiting = [start] if start in known else []
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting.extend(beside.get(one, ()))
    return frozenset(found)
