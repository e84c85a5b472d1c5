"""Decisions about the work on visits."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from app.practice.facts.staff import Permission, Staff
from app.practice.rules.roles import permissions_of
from app.worklists.facts import Ask, Step, VisitWork

UNDO_FOR = timedelta(hours=24)
NOT_TAKEN = VisitWork(None, 0)


def may_own(person: Staff) -> bool:
    """Say whether a visit may be assigned to a person: who signs in and works on visits."""
    return person.active and Permission.WORK in permissions_of(person.roles)


def taken_since(seen: Mapping[UUID, int], works: Mapping[UUID, VisitWork], owner_id: UUID | None) -> tuple[UUID, ...]:
    """Find the visits that somebody else gave another owner after a page was loaded.

    Takes     the version of each visit's work as the page showed it (0: none); the work now; the owner wanted.
    Returns   those that changed hands since, unless they have the wanted owner now.
    """
    return tuple(
        visit_id
        for visit_id, version in seen.items()
        if (now := works.get(visit_id, NOT_TAKEN)).version != version and now.owner_id != owner_id
    )


def to_change(works: Mapping[UUID, VisitWork], visits: Iterable[UUID], owner_id: UUID | None) -> tuple[UUID, ...]:
    """Find the visits that have another owner than the one wanted."""
    return tuple(one for one in visits if works.get(one, NOT_TAKEN).owner_id != owner_id)


def can_undo(step: Step | None, now: datetime) -> bool:
    """Say whether an action can be taken back: once, within 24 hours."""
    return step is not None and step.undone_at is None and now - step.at < UNDO_FOR


def may_answer(ask: Ask, person_id: UUID | None, permissions: Iterable[Permission]) -> bool:
    """Say whether a person may answer a question: who was asked, and every coordinator."""
    return (ask.asked_of is not None and ask.asked_of == person_id) or Permission.EDIT_CASES in permissions
