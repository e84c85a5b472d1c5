"""Visits to be asked about, with what was asked before, in words."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from app.clearance.views.panel import instant_words
from app.practice.facts.staff import Permission
from app.values.wording import clock_time, counted, long_day
from app.worklists.actions.asking import AskedVisit, AskPage
from app.worklists.facts import Ask
from app.worklists.rules import may_answer

ALL_COORDINATORS = "all coordinators"


@dataclass(frozen=True, slots=True)
class AskWords:
    """One question. `answer` None: open; `may_answer`: by the person who reads it."""

    ask_id: UUID
    by: str
    of: str
    at: str
    note: str
    answer: str | None
    answered: str | None
    may_answer: bool


@dataclass(frozen=True, slots=True)
class VisitWords:
    """One visit: when, where and whose; who works on it; the questions about it."""

    visit_id: UUID
    day: date
    when: str
    site: str
    patient: str
    mrn: str
    owner: str | None
    asks: tuple[AskWords, ...]


@dataclass(frozen=True, slots=True)
class AskPageWords:
    """All that the page shows. `typed` and `errors`: an answer that came back, by question."""

    visits: tuple[VisitWords, ...]
    count: str
    owned: bool
    typed: Mapping[UUID, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


def ask_page(page: AskPage, person_id: UUID | None, permissions: Collection[Permission]) -> AskPageWords:
    """Put visits and their questions into words for a person."""
    visits = tuple(_visit(one, page, person_id, permissions) for one in page.visits)
    return AskPageWords(visits, counted(len(visits), "visit"), any(one.owner for one in visits))


def _visit(one: AskedVisit, page: AskPage, person_id: UUID | None, permissions: Collection[Permission]) -> VisitWords:
    zone = ZoneInfo(one.site.zone if one.site is not None else page.zone)
    owner = one.work.owner_id if one.work is not None else None
    return VisitWords(
        visit_id=one.visit.id,
        day=one.visit.day,
        when=f"{long_day(one.visit.day)} {clock_time(one.visit.starts_at.astimezone(zone))}",
        site=one.site.name if one.site is not None else "Site not known",
        patient=f"{one.patient.last_name}, {one.patient.first_name}",
        mrn=one.patient.mrn,
        owner=page.names.get(owner) if owner is not None else None,
        asks=tuple(
            ask_words(asked, page.names, zone, may_answer(asked, person_id, permissions))
            for asked in reversed(one.asks)
        ),
    )


def ask_words(ask: Ask, names: Mapping[UUID, str], zone: ZoneInfo, answerable: bool) -> AskWords:
    """Put one question into words."""
    answered = None
    if ask.answered_at is not None:
        answered = f"{_name(ask.answered_by, names)}, {instant_words(ask.answered_at, zone)}"
    return AskWords(
        ask_id=ask.id,
        by=_name(ask.asked_by, names),
        of=ALL_COORDINATORS if ask.asked_of is None else _name(ask.asked_of, names),
        at=instant_words(ask.asked_at, zone),
        note=ask.note or "No note. Look at this visit.",
        answer=ask.answer,
        answered=answered,
        may_answer=answerable and ask.answer is None,
    )


def _name(person: UUID | None, names: Mapping[UUID, str]) -> str:
    return names.get(person, "A person who left") if person is not None else "The program"
