"""Two people on one case: what is on file now beside what was entered."""

from collections.abc import Mapping
from datetime import date

from app.casework.facts.cases import CaseFile
from app.casework.views.approval_form import FIELDS
from app.values.days import read_typed_day
from app.values.wording import short_day

_DAYS = ("begins", "ends", "decided_on")
_ASKED = ("number", "reference", "begins", "ends", "codes", "site", "provider", "decided_on", "status")


def differing(entered: Mapping[str, str], now: Mapping[str, str], case: CaseFile) -> list[tuple[str, str, str]]:
    """List where an entry differs from what is on file now: field, on file, entered. The status stands first."""
    found = [("Status", now["status"].replace("_", " ").capitalize(), "Your answer below")]
    for name in _ASKED:
        ours, theirs = entered.get(name, ""), now.get(name, "")
        if name == "status" or _same(name, ours, theirs, case.chart.today):
            continue
        found.append((FIELDS[name], _shown(name, theirs, case), _shown(name, ours, case)))
    return found


def _same(name: str, ours: str, theirs: str, today: date) -> bool:
    if name in _DAYS and ours.strip():
        day = read_typed_day(ours, today)
        return day is not None and short_day(day) == theirs
    return ours.strip() == theirs.strip()


def _shown(name: str, value: str, case: CaseFile) -> str:
    if name == "site":
        return next((one.name for one in case.chart.sites.values() if str(one.id) == value), "Any place")
    return value or "None"
