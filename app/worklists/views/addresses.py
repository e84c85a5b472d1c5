"""Where the links of the schedule lead: all of its state, and nothing that names a person."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC
from typing import Any
from uuid import UUID

from app.worklists.facts import NOBODY, Place, ScheduleQuery, Span

Address = Callable[..., str]
"""Makes the page's address of the parts of a query, and of `_anchor`."""


def write_query(query: ScheduleQuery, **changes: Any) -> dict[str, str]:
    """Write a query, with some parts replaced, as the parts of an address. Nothing in it names a person."""
    new = replace(query, **changes)
    written = {
        "span": new.span.value if new.span is not Span.DAY else "",
        "day": new.day.isoformat() if new.day is not None else "",
        "site": str(new.site) if new.site is not None else "",
        "badge": new.badge.value if new.badge is not None else "",
        "provider": new.provider or "",
        "owner": ("nobody" if new.owner == NOBODY else str(new.owner)) if new.owner is not None else "",
        "patient": str(new.patient) if new.patient is not None else "",
        "before": write_place(new.before) if new.before is not None else "",
        "after": write_place(new.after) if new.after is not None else "",
        "visit": str(new.visit) if new.visit is not None else "",
    }
    return {name: value for name, value in written.items() if value}


def write_place(place: Place) -> str:
    """Write a place in the schedule as one word."""
    return f"{place.day:%Y%m%d}-{place.starts_at.astimezone(UTC):%Y%m%dT%H%M%S}-{place.visit_id.hex}"


@dataclass(frozen=True, slots=True)
class Goes:
    """Makes the address of a query with some parts replaced."""

    address: Address

    def __call__(self, query: ScheduleQuery, anchor: str | None = None, **changes: object) -> str:
        return self.address(_anchor=anchor, **write_query(query, **changes))


NOBODYS = UUID(int=0)
"""Stands for the id of a row in an address that is made once for all rows."""


@dataclass(frozen=True, slots=True)
class RowAddresses:
    """Where each row of a list leads, made of addresses that were made once: routing them one by one is slow."""

    why: str
    ask: str
    chart: str | None

    def why_of(self, visit_id: UUID) -> str:
        """The list with a visit open in the panel."""
        return f"{self.why}{'&' if '?' in self.why else '?'}visit={visit_id}#panel"

    def ask_of(self, visit_id: UUID) -> str:
        """The page that asks about a visit and leads back to the list."""
        return self.ask.replace(str(NOBODYS), str(visit_id))

    def chart_of(self, patient_id: UUID) -> str | None:
        """The patient's page; None where it is not open to the person."""
        return None if self.chart is None else self.chart.replace(str(NOBODYS), str(patient_id))
