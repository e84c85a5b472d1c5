"""An authorization made anew of what happened to it: the current state is what its history says, and nothing else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any
from uuid import UUID

from app.authorizations.facts import AuthorizationEvent, AuthorizationRecord, Status
from app.authorizations.rules.changes import FIELDS, corrects, is_first, kept, values_after, values_before
from app.authorizations.rules.items import key_of


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a history says. `untold`: fields of which the history keeps no value; the record holds their default.

    Histories that begin before version 0025 leave fields untold, as does one without a first event (`untold` then
    names all that no later event tells).
    """

    record: AuthorizationRecord
    untold: frozenset[str] = frozenset()


def chronological(events: Iterable[AuthorizationEvent]) -> tuple[AuthorizationEvent, ...]:
    """Put events in the order in which they happened: by instant, then by step; an id may be older than its event."""
    return tuple(sorted(events, key=lambda one: (one.at, one.step, one.id.int)))


NOBODY = UUID(int=0)


def rebuilt(events: Sequence[AuthorizationEvent]) -> Rebuilt | None:
    """Make an authorization of its events, oldest first. None: nothing ever happened to it."""
    if not events:
        return None
    values: dict[str, Any] = {}
    untold = set() if is_first(events[0].changes) else set(FIELDS)
    if "patient_id" not in events[0].changes:
        untold.add("patient_id")
    for event in events:
        told = values_after(event.changes)
        lost = {name for name, pair in event.changes.items() if name in FIELDS and not kept(pair)}
        values |= told
        untold = (untold | lost) - told.keys()
    blank = AuthorizationRecord(events[0].authorization_id, NOBODY, "", "", "", Status.DRAFT, "")
    record = replace(blank, **values)
    return Rebuilt(replace(record, natural_key=key_of(record)), frozenset(untold))


def divergences(events: Sequence[AuthorizationEvent], record: AuthorizationRecord) -> tuple[str, ...]:
    """Name the fields in which what is on file is not what its history says; fields that it left untold say nothing."""
    told = rebuilt(events)
    if told is None:
        return ("events",)
    return tuple(
        field.name
        for field in fields(AuthorizationRecord)
        if field.name not in (*told.untold, "natural_key")
        and getattr(told.record, field.name) != getattr(record, field.name)
    )


STEERING = frozenset({"owner", "next_action", "next_action_on"})
"""Fields that say whose a case is and what comes next: a later word on these does not stand in the way of an undo."""


def undone_by(events: Sequence[AuthorizationEvent], event_id: UUID) -> dict[str, Any] | None:
    """Say which values take one event back, oldest events first; what was said later of what comes next stays.

    Returns   the values by field; one that was just logged is voided. None: no such event, another change followed, or
              its old values are not kept.
    """
    place = next((number for number, one in enumerate(events) if one.id == event_id), None)
    if place is None:
        return None
    later = {name for one in events[place + 1 :] for name in one.changes if name in FIELDS}
    if later - STEERING or any(corrects(one.changes) == event_id for one in events[place + 1 :]):
        return None
    if is_first(events[place].changes):
        return {"status": Status.VOIDED}
    before = values_before(events[place].changes)
    return None if before is None else {name: value for name, value in before.items() if name not in later} or None


def struck(events: Sequence[AuthorizationEvent]) -> frozenset[UUID]:
    """Name the events that a later one corrects or takes back, and that no correction has brought back since."""
    found: set[UUID] = set()
    for event in reversed(events):  # newest first: a correction that is itself corrected strikes nothing
        wrong = corrects(event.changes)
        if wrong is not None and event.id not in found:
            found.add(wrong)
    return frozenset(found)
