"""What a payer denied, and why: adjustments classed by a table kept as data (denials.yaml).

A claim's categories stand in the order in which the document gives them, each once: first the claim's own adjustments,
then those of its lines. What counts as a denial:

- an adjustment above zero whose reason is not among those that deny nothing (contract, patient's share, earlier payer);
- a reason that only says that something is missing (16) is classed by the remarks beside it, else it is `other`;
- a reason that the table does not know is `other`;
- a claim of status 4 (denied) of which no adjustment says why is `other`: unknown is never shown as good;
- a reversal (status 22) takes an earlier answer back and denies nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

AUTHORIZATION, OTHER = "authorization", "other"
CATEGORIES: Final = (
    AUTHORIZATION,
    "eligibility",
    "medical_necessity",
    "benefit",
    "documentation",
    "bundling",
    "timely_filing",
    "coding",
    OTHER,
)
DENIED, REVERSAL = "4", "22"
Counts = Callable[[str | None], bool]


@dataclass(frozen=True, slots=True)
class Table:
    """The classes of reasons and remarks, and the reasons and remarks that by themselves say nothing of a denial."""

    reasons: Mapping[str, str]
    no_denial: frozenset[str]
    by_remark: frozenset[str]
    authorization_also_for: frozenset[str]
    remarks: Mapping[str, str]
    alerts: frozenset[str]
    beginnings: Mapping[str, str]


def read_table(text: str) -> Table:
    """Read denials.yaml; raises ValueError naming a class or source that is not known, or a code that stands twice."""
    file = yaml.safe_load(text)
    sources = frozenset(file["sources"])
    return Table(
        reasons=_classed(file["reasons"], sources),
        no_denial=frozenset(_codes(file["no_denial"], sources)),
        by_remark=frozenset(_codes(file["by_remark"], sources)),
        authorization_also_for=frozenset(_codes(file["authorization_remarks_also_for"], sources)),
        remarks=_classed(file["remarks"], sources),
        alerts=frozenset(_codes(file["alerts"], sources)),
        beginnings=_classed(file["remark_beginnings"], sources),
    )


def _classed(classes: Mapping[str, Any], sources: frozenset[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, lists in classes.items():
        if name not in CATEGORIES:
            raise ValueError(f"{name} is not a class of denials")
        for code in _codes(lists, sources):
            if found.setdefault(code, name) != name:
                raise ValueError(f"{code} stands in two classes")
    return found


def _codes(lists: Iterable[Mapping[str, Any]], sources: frozenset[str]) -> Iterable[str]:
    for each in lists:
        if each["from"] not in sources:
            raise ValueError(f"{each['from']} is not a source of this file")
        yield from each["codes"]


TABLE: Final = read_table((Path(__file__).parent / "denials.yaml").read_text(encoding="utf-8"))


def class_of(reason: str | None, remarks: Iterable[str]) -> str | None:
    """Give the class of one adjustment, by its reason and the remarks beside it; None when it denies nothing."""
    if reason in TABLE.no_denial:
        return None
    reason = reason or ""
    told = [_class_of_remark(remark) for remark in remarks]
    if reason in TABLE.authorization_also_for and AUTHORIZATION in told:
        return AUTHORIZATION
    if reason in TABLE.by_remark:
        known = [each for each in told if each is not None]
        if AUTHORIZATION in known:
            return AUTHORIZATION
        if known and reason not in TABLE.reasons:
            return "documentation" if "documentation" in known else known[0]
    return TABLE.reasons.get(reason, OTHER)


def _class_of_remark(remark: str) -> str | None:
    if (named := TABLE.remarks.get(remark)) is not None:
        return named
    if remark in TABLE.alerts:
        return None
    return next((name for start, name in TABLE.beginnings.items() if remark.startswith(start)), None)


def categories_of(claim: Mapping[str, Any]) -> list[str]:
    """Give the classes of what a claim's payer denied.

    Takes     a claim as reading gives it.
    Returns   classes in the document's order, each once; empty when nothing was denied.
    """
    status = claim["status"]
    if status == REVERSAL:
        return []
    found = dict.fromkeys(_denials(claim, _is_taken)) if _any(claim) else {}
    if not found and status == DENIED:
        # Nothing above zero is denied: what stands there with zero may still say why.
        return list(dict.fromkeys(_denials(claim, _is_naught))) or [OTHER]
    return list(found)


def _any(claim: Mapping[str, Any]) -> bool:
    """Say whether any reason may be a denial: of most claims none is."""
    harmless = TABLE.no_denial
    for part in (claim, *claim["lines"]):
        for each in part["adjustments"]:
            if each["reason"] not in harmless:
                return True
    return False


def line_categories(line: Mapping[str, Any], claim_remarks: Iterable[str]) -> list[str]:
    """Give the classes of one line alone, with the remarks of its claim beside its own."""
    remarks = (*line["remarks"], *claim_remarks)
    return list(dict.fromkeys(_classes(line["adjustments"], remarks, _is_taken)))


def _denials(claim: Mapping[str, Any], counts: Counts) -> Iterable[str]:
    remarks = claim["remarks"]
    yield from _classes(claim["adjustments"], remarks, counts)
    for line in claim["lines"]:
        if adjustments := line["adjustments"]:
            yield from _classes(adjustments, (*line["remarks"], *remarks), counts)


def _classes(adjustments: Iterable[Mapping[str, Any]], remarks: Iterable[str], counts: Counts) -> Iterable[str]:
    for each in adjustments:
        if each["reason"] not in TABLE.no_denial and counts(each["amount"]):
            named = class_of(each["reason"], remarks)
            if named is not None:
                yield named


def _is_taken(amount: str | None) -> bool:
    return amount is None or not (amount.startswith("-") or amount == "0.00")


def _is_naught(amount: str | None) -> bool:
    return amount == "0.00"
