"""The address of the page of a plan year, read; what is wrong is named and left out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.eligibility.facts.listing import Place
from app.eligibility.facts.plan_year import YearQuery, YearState
from app.eligibility.forms.query import LONGEST_KEY, read_place

YEARS = range(2020, 2100)


@dataclass(frozen=True, slots=True)
class YearForm:
    """The query as far as it could be read, and a sentence for each part that could not."""

    query: YearQuery
    errors: Mapping[str, str] = field(default_factory=dict)


def read_year_query(args: Mapping[str, str]) -> YearForm:
    """Read the address."""
    errors: dict[str, str] = {}
    state, year = args.get("state", ""), args.get("year", "").strip()
    if state and state not in [one.value for one in YearState]:
        errors["state"] = "The state in the address is not one of the list. All are shown."
        state = ""
    read_year = int(year) if year.isascii() and year.isdecimal() and len(year) == 4 else 0
    if year and read_year not in YEARS:
        errors["year"] = f"Year must be a year, like 2027; found {year[:40]}. The plan year that is due is shown."
        read_year = 0
    query = YearQuery(
        read_year or None,
        YearState(state) if state else None,
        args.get("payer", "").strip()[:LONGEST_KEY] or None,
        _place(args, "begins", errors),
        _place(args, "after", errors),
        args.get("whole", "") == "1",
    )
    return YearForm(query, errors)


def _place(args: Mapping[str, str], name: str, errors: dict[str, str]) -> Place | None:
    return read_place(args.get(name, ""), errors)
