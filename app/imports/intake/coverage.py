"""A row of a coverage table -> what it says of patient and coverage."""

from typing import Any

from app.coverage.facts import CheckResult, NetworkAnswer
from app.imports.facts import Code, CoverageRowFacts
from app.imports.intake import words
from app.imports.intake.cells import Cells, fold_word
from app.imports.intake.people import read_person
from app.values.insurance import Benefit, Known, Line, PlanKind, Rank, read_line

NO_MEMBER = frozenset({"tbd", "na", "none", "pending", "unknown"})


def read_row(row: int, cells: Cells) -> CoverageRowFacts:
    """Read one row. The member id is asked for by the caller, who knows which payers mean no coverage.

    Raises    RowRefusedError for the first cell that cannot be taken.
    """
    person = read_person(cells, names_needed=False)
    payer = cells.need("payer", "the payer, or self pay")
    member = cells.identifier("member_id")
    values = _values(cells)
    begins, ends = values["begins"], values["ends"]
    if begins and ends and ends < begins:
        cells.refuse("ends", Code.BAD_DATE, "The coverage ends before it begins; correct one of the two dates.")
    return CoverageRowFacts(
        row,
        person,
        payer,
        None if member is None or fold_word(member) in NO_MEMBER else member,
        {name: value for name, value in values.items() if value is not None},
    )


def _values(cells: Cells) -> dict[str, Any]:
    line, implied = _line(cells)
    return {
        "rank": cells.choice("rank", words.RANK, words.shown(Rank)),
        "plan": cells.text("plan"),
        "plan_id": cells.identifier("plan_id"),
        "plan_kind": cells.choice("plan_kind", words.PLAN_KIND, words.shown(PlanKind)),
        "line": line,
        "state": _state(cells),
        "benefit": cells.choice("benefit", words.BENEFIT, words.shown(Benefit)) or implied,
        "group_number": cells.identifier("group_number"),
        "subscriber_relationship": cells.text("subscriber_relationship"),
        "begins": cells.day("begins"),
        "ends": cells.last_day("ends"),
        "checked_on": cells.day("checked_on"),
        "result": cells.choice("result", words.RESULT, words.shown(CheckResult)),
        "network": cells.choice("network", words.NETWORK, words.shown(NetworkAnswer)),
        "source": cells.choice("source", words.SOURCE, "271, portal, phone, card, fhir"),
        "reference": cells.identifier("reference"),
        "referral_required": cells.choice("referral_required", words.KNOWN, words.shown(Known)),
        "rx_bin": cells.identifier("rx_bin"),
        "rx_pcn": cells.identifier("rx_pcn"),
        "rx_group": cells.identifier("rx_group"),
    }


def _line(cells: Cells) -> tuple[Line | None, Benefit | None]:
    found = cells.text("line")
    if found is None:
        return None, None
    line = read_line(found)
    if line is None:
        cells.refuse("line", Code.BAD_CHOICE, f"Write one of: {', '.join(member.value for member in Line)}.")
    return line


def _state(cells: Cells) -> str | None:
    found = cells.text("state")
    if found is not None and found.upper() not in words.STATES:
        cells.refuse("state", Code.BAD_CHOICE, "Write the two letters of the state, such as TX.")
    return None if found is None else found.upper()
