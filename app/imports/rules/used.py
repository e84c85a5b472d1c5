"""Units used, put on the items that they were taken from."""

from app.authorizations.facts import ANY_CODE, Item


def with_used(items: tuple[Item, ...], used: tuple[tuple[str, int], ...]) -> tuple[Item, ...] | None:
    """Put units used on the items that name their codes; of a shared count, either of its codes.

    Returns   the items; None when a code is not among them, or a number alone meets several items.
    """
    totals: dict[int, int] = {}
    for code, units in used:
        places = [place for place, item in enumerate(items) if code == ANY_CODE or item.names(code)]
        exact = [place for place in places if code in items[place].codes]
        places = exact or places
        if len(places) != 1:
            return None
        totals[places[0]] = totals.get(places[0], 0) + units
    return tuple(
        Item(item.codes, item.last, item.counting, item.count, totals.get(place, item.used))
        for place, item in enumerate(items)
    )
