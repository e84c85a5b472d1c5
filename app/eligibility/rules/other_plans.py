"""Whether an answer names another plan that pays first (X12 EB01 R), and which."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from app.eligibility.rules.answers import is_original_medicare
from app.eligibility.rules.plans import Row, of_another_kind, row_span, rows_of
from app.values.insurance import Line

OTHER_PAYER = "R"
PAYS_FIRST = "PRP"
PAYS_LATER = frozenset(("SEP", "TTP"))
BEHIND_MEDICARE = frozenset(("MC", "QM", "SP", "MH", "MI"))
"""Insurance types of plans that pay behind Medicare: Medicaid, QMB, supplemental and Medigap."""
QMB = "QM"
_NAMES = frozenset(("PR", PAYS_FIRST, "IN", "36", "P5"))


class OtherPlan(NamedTuple):
    """Whether another plan pays first, and the name of the plan that the answer gives; None: it gives none."""

    primary: bool
    name: str | None


NONE = OtherPlan(False, None)


def other_plan(response: Mapping[str, Any], line: Line | None, day: date | None) -> OtherPlan:
    """Find the plan that pays before the one that answered.

    Takes     the response; the coverage's line of business, where known; the day asked about.
    Returns   for original Medicare any other health plan that holds that day but those behind it: a Medicare Advantage
              plan, or one that pays before Medicare; for Medicaid, which pays last, any other health plan; for others
              only one that the answer calls the primary payer.
    """
    own = _folded((response.get("payer") or {}).get("name"))
    for row in rows_of(response):
        if not _names_other(row, day):
            continue
        name = _name(row)
        if _folded(name) == own and own:
            continue  # it names itself
        if PAYS_FIRST in _roles(row) or _first_by_line(row, response, line):
            return OtherPlan(True, name)
    return NONE


def _names_other(row: Row, day: date | None) -> bool:
    """Say whether a row names another health plan, in force on the day, that does not pay later."""
    roles = _roles(row)
    if row.get("info") != OTHER_PAYER and PAYS_FIRST not in roles:
        return False
    later = bool(roles & PAYS_LATER) and PAYS_FIRST not in roles
    return not (later or of_another_kind(row) or _over(row, day))


def _folded(name: object) -> str:
    return "".join(sign for sign in str(name or "").casefold() if sign.isalnum())


def _over(row: Row, day: date | None) -> bool:
    """A plan that has ended, or has not begun on the day asked about, is not the plan of that day."""
    begins, ends = row_span(row)
    if day is None:
        return False
    return (ends is not None and ends < day) or (begins is not None and begins > day)


def _roles(row: Row) -> set[str]:
    return {str(one.get("role")) for one in row.get("entities") or ()}


def _first_by_line(row: Row, response: Mapping[str, Any], line: Line | None) -> bool:
    kind = row.get("insurance_type")
    if is_original_medicare(response, line):
        return kind not in BEHIND_MEDICARE
    return line is Line.MEDICAID and kind != QMB


def _name(row: Row) -> str | None:
    entities: Sequence[Mapping[str, Any]] = row.get("entities") or ()
    named = [one for one in entities if one.get("role") in _NAMES] or list(entities)
    names = [str(one["name"]).strip() for one in named if one.get("name")]
    plan = row.get("plan")
    return names[0] if names else (str(plan).strip() or None if plan else None)
