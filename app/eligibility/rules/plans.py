"""The rows of an eligibility answer (X12 EB) that speak of the health plan itself, and the days on which they hold."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

Row = Mapping[str, Any]
ACTIVE = frozenset("12345")
INACTIVE = frozenset("678")
HEALTH_PLAN = "30"
OF_OTHER_PLANS = frozenset(
    {
        *("23", "24", "25", "26", "27", "28", "35", "36", "37", "38", "39", "40", "41"),  # dental
        *("88", "89", "90", "91", "92"),  # pharmacy
        *("AL", "AM", "AN", "AO"),  # vision
    }
)
"""Service types for which patients have plans of their own beside the health plan."""

BEGINS = ("346", "348", "356", "193")
ENDS = ("347", "349", "357", "194")
SPANS = ("290", "291", "292", "307", *BEGINS)


def of_health_plan(row: Row) -> bool:
    """Say whether a row speaks of the whole plan: service type 30, or none. A single service is not the plan."""
    types: Sequence[str] = row.get("service_types") or ()
    return not types or HEALTH_PLAN in types


def of_another_kind(row: Row) -> bool:
    """Say whether a row is of a dental, pharmacy or vision plan only."""
    types: Sequence[str] = row.get("service_types") or ()
    return bool(types) and OF_OTHER_PLANS.issuperset(types)


def rows_of(response: Mapping[str, Any]) -> list[Row]:
    """Give the rows of an answer."""
    return list(response.get("benefits") or ())


def stating(rows: Iterable[Row], infos: frozenset[str]) -> list[Row]:
    """Keep to the rows of the health plan that state something, such as that it is active."""
    return [row for row in rows if row.get("info") in infos and of_health_plan(row)]


def in_force(row: Row, day: date | None) -> bool:
    """Say whether a row's own dates leave room for a day; those that it does not give do."""
    begins, ends = row_span(row)
    if day is None:
        return True
    return (begins is None or begins <= day) and (ends is None or day <= ends)


def holds_plan(response: Mapping[str, Any], day: date | None) -> bool:
    """Say whether the plan's dates leave room for a day."""
    begins, ends = plan_span(response)
    return day is None or ((begins is None or begins <= day) and (ends is None or day <= ends))


def plan_span(response: Mapping[str, Any]) -> tuple[date | None, date | None]:
    """Read the first and the last day of the plan, each of the patient, else of all active rows of the plan.

    A single day is the one that was asked about, not the plan's. Where one of the active rows names no end, or no
    begin, none is known of them.
    """
    plan = response.get("plan") or {}
    begins, ends = as_day(plan.get("begins")), as_day(plan.get("ends"))
    if begins == ends or (begins is not None and ends is not None and ends < begins):
        begins = ends = None
    spans = [row_span(row) for row in stating(rows_of(response), ACTIVE)]
    firsts, lasts = [first for first, _last in spans], [last for _first, last in spans]
    if begins is None and None not in firsts:
        begins = min(filter(None, firsts), default=None)
    if ends is None and None not in lasts:
        ends = max(filter(None, lasts), default=None)
    return begins, ends


def row_span(row: Row) -> tuple[date | None, date | None]:
    """Read the first and the last day of a row; None where it gives none. A lone day of code 291 is no end."""
    dates: Mapping[str, str] = row.get("dates") or {}
    spans = [dates[key].split("/", 1) for key in SPANS if dates.get(key) and "/" in dates[key]]
    begins = [dates[key].split("/")[0] for key in BEGINS if dates.get(key)] + [span[0] for span in spans]
    ends = [dates[key].split("/")[-1] for key in ENDS if dates.get(key)] + [span[1] for span in spans]
    first = [found for text in begins if (found := as_day(text))]
    last = [found for text in ends if (found := as_day(text))]
    return max(first, default=None), min(last, default=None)


def as_day(text: object) -> date | None:
    """Read an ISO day; None for anything else."""
    try:
        return date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
