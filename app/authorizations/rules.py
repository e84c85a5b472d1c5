"""What an authorization's items are as one text, what `not required` answers, and how two are known as the same."""

from datetime import date, timedelta
from functools import lru_cache

from app.authorizations.facts import Authorization, Counting, Item, Status
from app.policies.facts.answers import Need, PatientAnswer
from app.values.spans import DateSpan

ANSWER_LASTS = timedelta(days=90)
_SIGNS = {Counting.UNITS: "u", Counting.VISITS: "v", Counting.NOT_COUNTED: "*", Counting.UNKNOWN: "?"}
_COUNTINGS = {sign: counting for counting, sign in _SIGNS.items()}


def pack_items(items: tuple[Item, ...]) -> str:
    """Write items as one compact text: `96910/96912:u36~22;96920-96922:v12;J2357:*`; `~` and units used at the end."""
    return ";".join(_packed(item) for item in items)


def _packed(item: Item) -> str:
    codes = "/".join(item.codes) if item.last is None else f"{item.codes[0]}-{item.last}"
    count = "" if item.count is None else str(item.count)
    used = "" if item.used is None else f"~{item.used}"
    return f"{codes}:{_SIGNS[item.counting]}{count}{used}"


@lru_cache(maxsize=200_000)
def unpack_items(text: str) -> tuple[Item, ...]:
    """Read what `pack_items` wrote. Few texts are distinct in a large book, so each is read once."""
    return tuple(_unpacked(part) for part in text.split(";")) if text else ()


def _unpacked(text: str) -> Item:
    codes, _, count = text.partition(":")
    first, _, last = codes.partition("-")
    number, _, used = count[1:].partition("~")
    return Item(
        tuple(first.split("/")),
        last or None,
        _COUNTINGS[count[0]],
        int(number) if number else None,
        int(used) if used else None,
    )


def item_names(items: tuple[Item, ...]) -> tuple[str, ...]:
    """List codes and ranges (`96920-96922`) that items name."""
    return tuple(
        name for item in items for name in (item.codes if item.last is None else (f"{item.codes[0]}-{item.last}",))
    )


def answer_of(authorization: Authorization) -> PatientAnswer | None:
    """Read a `not required` row as the payer's answer for its patient, payer and codes.

    Takes     an authorization of any status.
    Returns   the answer: from the day of the decision to its end; without an end for 90 days; never past 31 December
              of the year in which it was given. None for any other status, and where the day of the decision, or what
              it was about, is not known: an answer without them answers nothing.
    """
    said_on = authorization.decided_on
    if authorization.status is not Status.NOT_REQUIRED or said_on is None:
        return None
    names = set(item_names(authorization.items))
    names |= {authorization.drug} if authorization.drug else set()
    names |= {authorization.ndc} if authorization.ndc else set()
    ends = min(authorization.ends or said_on + ANSWER_LASTS, date(said_on.year, 12, 31))
    if not names or ends < said_on:
        return None
    return PatientAnswer(
        f"answer#{authorization.id}",
        authorization.payer,
        frozenset(names),
        Need.NOT_REQUIRED,
        DateSpan(said_on, ends),
        said_on,
        authorization.number or authorization.reference or "",
        authorization.channel,
    )
