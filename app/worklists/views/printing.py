"""A day's list on paper, in words: sheets of one site and at most 25 visits. Plain values, so that they can be kept."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from math import ceil
from operator import itemgetter
from typing import Any, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from app.clearance.facts.opened import OpenedVisit
from app.clearance.views.latest import latest_words_of_visit
from app.clearance.views.panel import (
    instant_words,
    patient_name,
    provider_name,
    service_words,
    units_words,
)
from app.clearance.views.sentences import shown_words
from app.values.wording import clock_time, counted, long_day, near_day
from app.worklists.facts import DayList, PrintChoice
from app.worklists.views.rows import payer_words
from app.worklists.views.schedule import stale_words

ON_A_SHEET = 25
Words: TypeAlias = dict[str, Any]


def list_words(shown: DayList, by: str, initials: bool) -> Words:
    """Put a day's list into words.

    Returns   title, count, warning, who prints when, and sheets: of each its site, place among the site's sheets and
              rows.
    """
    zone = ZoneInfo(shown.zone)
    return {
        "title": long_day(shown.day),
        "count": counted(len(shown.visits), "visit"),
        "printed": f"Printed {instant_words(shown.now, zone)} by {by}",
        "source": f"Schedule import {instant_words(shown.imported_at, zone)}" if shown.imported_at else None,
        "warning": stale_words(shown.imported_at, shown.stopped_at, shown.now),
        "initials": initials,
        "sheets": list(_sheets(shown, initials)),
    }


@dataclass(frozen=True, slots=True)
class PrintPage:
    """What the page shows before a list is printed: by site its visits and sheets, and the lists printed before."""

    title: str
    count: str
    sites: tuple[tuple[str, str], ...]
    choices: tuple[tuple[str, str], ...]
    site: str
    day: str
    typed_day: str
    warning: str | None
    before: tuple[tuple[UUID, str], ...]


def print_page(found: PrintChoice) -> PrintPage:
    """Put into words what would be printed."""
    zone = ZoneInfo(found.zone)
    counts = {one: found.visits.get(one.id, 0) for one in found.sites if found.site in (None, one.id)}
    return PrintPage(
        title=long_day(found.day),
        count=counted(sum(counts.values()), "visit"),
        sites=tuple(
            (site.name, f"{counted(visits, 'visit')}, {counted(ceil(visits / ON_A_SHEET), 'sheet')}")
            for site, visits in counts.items()
            if visits
        ),
        choices=tuple((str(one.id), one.name) for one in found.sites),
        site=str(found.site or ""),
        day=found.day.isoformat(),
        typed_day=f"{found.day:%m/%d/%Y}",
        warning=stale_words(found.imported_at, found.stopped_at, found.now),
        before=tuple(
            (list_id, f"{instant_words(at, zone)} by {_name(by, found)}, {counted(visits, 'visit')}")
            for list_id, at, by, visits in found.before
        ),
    )


def _name(person: UUID | None, found: PrintChoice) -> str:
    return found.names.get(person, "a person who left") if person is not None else "the program"


def _sheets(shown: DayList, initials: bool) -> Iterator[Words]:
    ordered = sorted(((_site(one), _row(one, initials)) for one in shown.visits), key=_order)
    for site, found in groupby(ordered, key=itemgetter(0)):
        rows = [row for _site, row in found]
        sheets = [rows[start : start + ON_A_SHEET] for start in range(0, len(rows), ON_A_SHEET)]
        for number, sheet in enumerate(sheets, 1):
            yield {"site": site, "number": number, "of": len(sheets), "visits": len(rows), "rows": sheet}


def _order(entry: tuple[str, Words]) -> tuple[str, str, str]:
    site, row = entry
    return site, row["at"], row["patient"]


def _site(opened: OpenedVisit) -> str:
    site = opened.answer.sites.get(opened.answer.lines[0].visit.site_id)
    return site.name if site is not None else "Site not known"


def _row(opened: OpenedVisit, initials: bool) -> Words:
    answer = opened.answer
    visit = answer.lines[0].visit
    badge, _sentence, short = shown_words(answer)
    latest = latest_words_of_visit(answer.lines, answer.basis.as_of)
    starts: datetime = visit.starts_at.astimezone(answer.zone)
    services = [service_words(opened, one) for one in answer.lines]
    return {
        "at": starts.isoformat(),
        "time": clock_time(starts),
        "patient": initials_of(opened.patient.first_name, opened.patient.last_name)
        if initials
        else patient_name(opened),
        "mrn": opened.patient.mrn,
        "provider": provider_name(opened, answer.lines[0]),
        "services": [one.code if one.units == 1 else f"{one.code} × {one.units}" for one in services],
        "payer": payer_words(opened),
        "badge": badge.value,
        "reason": short,
        "units": next((words for one in answer.lines if (words := units_words(one))), ""),
        "latest": "" if latest is None else ("was " if latest.past else "") + near_day(latest.day, answer.basis.as_of),
    }


def initials_of(first: str, last: str) -> str:
    """Write a person's initials: first name, then each part of the last name."""
    parts: Sequence[str] = [*first.split()[:1], *last.replace("-", " ").split()]
    return " ".join(f"{part[0].upper()}." for part in parts if part)
