"""What is due and overdue, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.alerts.actions.due import Due
from app.alerts.views.inbox import AlertRow, alert_row
from app.values.wording import counted


@dataclass(frozen=True, slots=True)
class DueBlock:
    """The block of the page: its rows, the sentence of the link to all, and what that address holds."""

    rows: Sequence[AlertRow]
    late: int
    all: str
    values: Mapping[str, str]


def due_block(found: Due, mine: bool, site: str) -> DueBlock:
    """Put what is due into words; no rows where nothing is."""
    rows = [alert_row(one, found.around, (), found.shown_to.get(one.id, frozenset())) for one in found.alerts]
    values = ({} if mine else {"whose": "all"}) | ({"site": site} if site else {})
    return DueBlock(rows, sum(row.late for row in rows), f"All {counted(found.count, 'alert')}", values)
