"""Edits as people make them: through the transaction that announces them, with the listeners that judge anew."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.authorizations import store as authorization_store
from app.authorizations.facts import AuthorizationEvent, Counting
from app.coverage.facts import CheckResult
from app.coverage.store import coverages as coverage_store
from app.platform.caller import Caller
from app.platform.changes import Changed, announce, announced
from app.platform.ids import new_id
from app.schedule import store as schedule_store
from app.schedule.models import VisitRow
from tests.bench.measure import short

EDITS = 50

Edit = Callable[[Caller, Session, UUID, str], None]


def timed_edits(caller: Caller, seed: int) -> dict[str, Any]:
    """Make edits of each kind to random patients. Returns the medians of each in milliseconds, judging included."""
    rows = sorted(
        (row.patient_id, row.reference)
        for row in caller.session.execute(
            select(VisitRow.patient_id, VisitRow.reference).where(VisitRow.practice_id == caller.practice_id)
        )
    )
    chance = random.Random(seed)
    caller.session.rollback()
    found = {}
    for name, edit in (("visit", _visit), ("coverage", _coverage), ("approval", _approval)):
        chosen = chance.sample(rows, min(EDITS + 1, len(rows)))
        _edited(caller, edit, *chosen[0])  # it reads the rules
        found[name] = short(partial(_edited, caller, edit, *one) for one in chosen[1:]).milliseconds()
    return found


def _edited(caller: Caller, edit: Edit, patient_id: UUID, reference: str) -> None:
    with announced(caller) as session:
        edit(caller, session, patient_id, reference)
        announce(session, Changed(patients=frozenset({patient_id})))


def _visit(caller: Caller, session: Session, _patient_id: UUID, reference: str) -> None:
    """Move a visit by a week."""
    record = schedule_store.records(session, caller.practice_id, [reference])[reference]
    visit, week = record.visit, timedelta(days=7)
    moved = replace(visit, starts_at=visit.starts_at + week, day=visit.day + week)
    schedule_store.change_visits(session, caller.practice_id, [replace(record, visit=moved)])


def _coverage(caller: Caller, session: Session, patient_id: UUID, _reference: str) -> None:
    """Turn the answer of each coverage around."""
    records = coverage_store.records_of(session, caller.practice_id, [patient_id]).get(patient_id, [])
    turned = CheckResult.INACTIVE, CheckResult.ACTIVE
    changed = [replace(one, result=turned[one.result is CheckResult.INACTIVE]) for one in records if one.checked_on]
    coverage_store.change_coverages(session, caller.practice_id, changed)


def _approval(caller: Caller, session: Session, patient_id: UUID, _reference: str) -> None:
    """Take a unit off every counted item."""
    records = authorization_store.records_of(session, caller.practice_id, [patient_id]).get(patient_id, [])
    changed, events = [], []
    for one in records:
        items = tuple(
            replace(item, count=(item.count or 0) - 1) if item.counting is Counting.UNITS and item.count else item
            for item in one.items
        )
        changed.append(replace(one, items=items))
        said: dict[str, list[str | None]] = {"items": ["before", "after"]}
        events.append(AuthorizationEvent(new_id(), one.id, caller.clock.now(), "bench", None, said))
    authorization_store.change_authorizations(session, caller.practice_id, changed, events)
