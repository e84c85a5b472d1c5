"""A row of an authorization log -> what it says of patient and authorization."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from app.authorizations.facts import Kind, Status
from app.imports.facts import AuthorizationRowFacts, Code
from app.imports.intake import words
from app.imports.intake.cells import Cells, fold_word, real_id
from app.imports.intake.coverage import NO_MEMBER
from app.imports.intake.items import read_items, read_used
from app.imports.intake.people import read_person
from app.imports.rules.used import with_used
from app.values.codes import read_ndc, read_place
from app.values.insurance import Channel

DrugKey = Callable[[str], str | None]
"""Finds the service key (`drug:dupixent`) of a drug's name or key; None for a drug that no list of ours has."""

_STATUS_FIX = (
    "The row must say which answer the payer gave: approved, partly approved, submitted, more info asked, denied, "
    "in appeal, not required, notified, withdrawn, dismissed, voided, or draft when nothing was sent."
)


def read_row(row: int, cells: Cells, drug_key: DrugKey) -> AuthorizationRowFacts:
    """Read one row. Raises RowRefusedError for the first cell that cannot be taken."""
    person = read_person(cells, names_needed=False)
    payer = cells.need("payer", "the payer")
    status, raw_status = _status(cells)
    items = read_items(cells)
    drug, ndc = _drug(cells, drug_key)
    if items is None and drug is None and ndc is None:
        cells.refuse("codes", Code.MISSING, "Write the codes that the authorization names, or the drug.")
    used = read_used(cells)
    if used and with_used(items or (), used) is None:
        cells.refuse("used", Code.BAD_CODE, "A code here is not among the codes of the row; write 96910:22.")
    member = cells.identifier("member_id")
    values = _values(cells) | {
        "status": status,
        "raw_status": raw_status,
        "items": items,
        "drug": drug,
        "ndc": ndc,
        "number": real_id(cells.identifier("number")),
        "reference": real_id(cells.identifier("reference")),
        "member_id": None if member is None or fold_word(member) in NO_MEMBER else member,
    }
    _check_dates(cells, values)
    given = {name: value for name, value in values.items() if value is not None}
    return AuthorizationRowFacts(row, person, payer, cells.text("site"), used, given)


def _status(cells: Cells) -> tuple[Status, str]:
    found = cells.text("status")
    if found is None:
        cells.refuse("status", Code.MISSING, _STATUS_FIX)
    status = words.STATUS.get(fold_word(found))
    if status is None:
        cells.refuse("status", Code.BAD_CHOICE, _status_fix(found))
    return status, found


def _status_fix(found: str) -> str:
    """Say how to write a status; of one with more behind it, what belongs here and what elsewhere."""
    first = found.split()[0] if re.match(r"[A-Za-z]+\b[\s,;:-]+\S", found) else ""
    status = words.STATUS.get(fold_word(first))
    if status is None:
        return _STATUS_FIX
    return (
        f"Where the payer's answer is {words.shown_one(status)}, write that word alone. Dates, counts, numbers and "
        "names have columns of their own (ends, units, number, representative, note)."
    )


_ENDLESS = frozenset(
    {"ongoing", "none", "lifetime", "noend", "noenddate", "open", "indefinite", "never", "noexpiration"}
)


def _ends(cells: Cells) -> date | None:
    found = cells.text("ends")
    if found is not None and fold_word(found) in _ENDLESS:
        cells.refuse(
            "ends", Code.BAD_DATE, "Where the approval has no end, leave this cell empty and write yes in no_end."
        )
    return cells.last_day("ends")


def _drug(cells: Cells, drug_key: DrugKey) -> tuple[str | None, str | None]:
    name, ndc = cells.text("drug"), cells.ndc("ndc")
    if name is None:
        return None, ndc
    as_ndc = read_ndc(name)
    if as_ndc is not None:
        if ndc is not None and ndc != as_ndc:
            cells.refuse("ndc", Code.CONFLICT, "The drug column names another NDC; write one of the two.")
        return None, as_ndc
    return drug_key(name) or name.lower(), ndc


def _values(cells: Cells) -> dict[str, Any]:
    return {
        "plan": cells.text("plan"),
        "begins": cells.day("begins"),
        "ends": _ends(cells),
        "diagnoses": cells.diagnoses("diagnoses"),
        "provider_npi": cells.npi("provider_npi"),
        "provider_group": cells.npi("provider_group_npi"),
        "provider_binds": cells.flag("provider_binds"),
        "places": cells.several("place_of_service", read_place, "two digits each, such as 11"),
        "channel": cells.choice("channel", words.CHANNEL, words.shown(Channel)),
        "kind": cells.choice("kind", words.KIND, words.shown(Kind)),
        "urgent": cells.choice("urgent", words.URGENT, "yes, no"),
        "requested_on": cells.day("requested_on"),
        "decided_on": cells.day("decided_on"),
        "denial_reason": cells.long_text("denial_reason"),
        "used_on": cells.day("used_on"),
        "no_end": cells.flag("no_end"),
        "owner": cells.text("owner"),
        "next_action": cells.text("next_action"),
        "next_action_on": cells.day("next_action_on"),
        "submitted_by_channel": cells.text("submitted_by_channel"),
        "representative": cells.text("representative"),
        "call_reference": cells.identifier("call_reference"),
        "note": cells.long_text("note"),
    }


def _check_dates(cells: Cells, values: dict[str, Any]) -> None:
    begins, ends = values["begins"], values["ends"]
    if begins and ends and ends < begins:
        cells.refuse("ends", Code.BAD_DATE, "The authorization ends before it begins; correct one of the two dates.")
    if ends and values["no_end"]:
        cells.refuse(
            "no_end", Code.CONFLICT, "The row has an end date and says that there is none; keep one of the two."
        )
    if fold_word(values["raw_status"]) == words.EXPIRED and ends is None:
        cells.refuse("ends", Code.MISSING, "An expired authorization needs its last day.")
