"""The rows of the schedule: visits grouped by day and site, in each by provider, in each by time."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from app.clearance.facts.opened import OpenedVisit
from app.clearance.facts.reasons import Badge
from app.clearance.facts.verdicts import LineVerdict
from app.clearance.views.latest import latest_words
from app.clearance.views.panel import (
    ServiceWords,
    instant_words,
    patient_name,
    provider_name,
    service_words,
    units_words,
)
from app.clearance.views.sentences import BADGE_WORDS, shown_words
from app.schedule.facts import BillTo
from app.values.wording import clock_time, counted, listed, long_day, near_day
from app.worklists.facts import Schedule, Span
from app.worklists.rules import NOT_TAKEN
from app.worklists.views.addresses import RowAddresses

_ADDED = re.compile(r"\s*\([^()]*\)$")
_CALM = (Badge.CLEARED, Badge.SELF_PAY)
"""Badges after which nothing is to be done: their reasons stand back, so that open work stands out."""


@dataclass(frozen=True, slots=True)
class Service:
    """One planned service of a row: how it is called, and the latest day to which it could move, with the sentence."""

    words: ServiceWords
    latest: str
    latest_sentence: str
    past: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One visit of the list. `unsigned`: that the patient pays and has not signed for it yet."""

    visit_id: UUID
    patient_id: UUID
    time: str
    patient: str
    mrn: str
    services: tuple[Service, ...]
    payer: str
    owner: str
    version: int
    badge: str
    badge_words: str
    reason: str
    units: str
    why: str
    ask: str
    chart: str | None
    open: bool
    calm: bool
    unsigned: str


@dataclass(frozen=True, slots=True)
class ProviderGroup:
    """The visits of one provider, in order of time."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class SiteGroup:
    """The visits of one site on one day."""

    title: str
    caption: str
    providers: tuple[ProviderGroup, ...]


def groups_of(schedule: Schedule, go: RowAddresses) -> tuple[SiteGroup, ...]:
    """Group the page by day and site, in each by provider, in each by time."""
    names = {one.id: one.name for one in schedule.staff}
    return tuple(_groups(schedule, go, names))


def _groups(schedule: Schedule, go: RowAddresses, names: Mapping[UUID, str]) -> Iterator[SiteGroup]:
    ordered = sorted(schedule.visits, key=_order)
    for (day, site), found in groupby(ordered, _day_and_site):
        visits = tuple(found)
        title = site if schedule.query.span is Span.DAY else f"{long_day(day)}, {site}"
        providers = tuple(
            ProviderGroup(name, tuple(_row(one, schedule, go, names) for one in rows))
            for name, rows in groupby(visits, _provider)
        )
        yield SiteGroup(title, _caption(schedule, len(visits)), providers)


def _day_and_site(opened: OpenedVisit) -> tuple[date, str]:
    visit = opened.answer.lines[0].visit
    site = opened.answer.sites.get(visit.site_id)
    return visit.day, site.name if site is not None else "Site not known"


def _provider(opened: OpenedVisit) -> str:
    return provider_name(opened, opened.answer.lines[0])


def _order(opened: OpenedVisit) -> tuple[date, str, str, datetime, str]:
    visit = opened.answer.lines[0].visit
    return *_day_and_site(opened), _provider(opened), visit.starts_at, visit.reference


def _row(opened: OpenedVisit, schedule: Schedule, go: RowAddresses, names: Mapping[UUID, str]) -> Row:
    answer = opened.answer
    visit = answer.lines[0].visit
    badge, _sentence, short = shown_words(answer)
    work = schedule.works.get(visit.id, NOT_TAKEN)
    unsigned = schedule.unsigned.get(visit.id, ())
    units = next((words for one in answer.lines if (words := units_words(one))), "")
    return Row(
        visit_id=visit.id,
        patient_id=visit.patient_id,
        time=clock_time(visit.starts_at.astimezone(answer.zone)),
        patient=patient_name(opened),
        mrn=opened.patient.mrn,
        services=tuple(_service(opened, one) for one in answer.lines),
        payer=payer_words(opened),
        owner=names.get(work.owner_id, "") if work.owner_id is not None else "",
        version=work.version,
        badge=badge.value,
        badge_words=BADGE_WORDS[badge],
        reason=short,
        units=units,
        why=go.why_of(visit.id),
        ask=go.ask_of(visit.id),
        chart=go.chart_of(visit.patient_id),
        open=visit.id == schedule.query.visit,
        calm=badge in _CALM and not unsigned,
        unsigned=f"Consent to pay not signed: {listed(list(unsigned))}" if unsigned else "",
    )


def _service(opened: OpenedVisit, line: LineVerdict) -> Service:
    latest = latest_words(line, opened.answer.basis.as_of)
    words = service_words(opened, line)
    if latest is None:
        return Service(words, "", "", False)
    return Service(words, near_day(latest.day, opened.answer.basis.as_of), latest.sentence, latest.past)


def payer_words(opened: OpenedVisit) -> str:
    """The payers of a visit by name; what there is instead where no coverage is known.

    What a name adds in brackets at its end is left to the panel: a list has no room for it.
    """
    names = [_ADDED.sub("", one.coverage.payer_name) for one in opened.answer.lines if one.coverage is not None]
    if names:
        return " and ".join(dict.fromkeys(names))
    insured = any(one.line.bill_to is BillTo.INSURANCE for one in opened.answer.lines)
    return "No coverage on file" if insured and not opened.patient.no_coverage else "Self-pay"


def _caption(schedule: Schedule, visits: int) -> str:
    zone = ZoneInfo(schedule.zone)
    source = f"schedule import {instant_words(schedule.imported_at, zone)}" if schedule.imported_at else "no import yet"
    return f"{counted(visits, 'visit')}. Source: {source}; judged {instant_words(schedule.now, zone)}."
