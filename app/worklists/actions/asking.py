"""Questions about visits between the people of the practice."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from app.audit.actions import record
from app.clearance.actions.opening import saw
from app.patients import store as patient_store
from app.patients.facts import Patient
from app.platform.caller import Caller
from app.platform.db import writing
from app.platform.ids import new_id
from app.practice.facts.practice import Site
from app.practice.facts.staff import Permission
from app.practice.store import practice as practice_store
from app.practice.store import staff as staffing
from app.schedule import store as schedule_store
from app.schedule.facts import Visit
from app.worklists import store
from app.worklists.actions.work import Done
from app.worklists.facts import Ask, Step, StepKind, VisitWork
from app.worklists.rules import may_answer

MOST_ASKED = 50


class AskNotFoundError(Exception):
    """No question has this id, or the person may not answer it."""


class AnsweredError(Exception):
    """Somebody else has answered the question already."""


@dataclass(frozen=True, slots=True)
class AskedVisit:
    """One visit with whose it is, who works on it, and what was asked about it, oldest first."""

    visit: Visit
    patient: Patient
    site: Site | None
    work: VisitWork | None
    asks: tuple[Ask, ...]


@dataclass(frozen=True, slots=True)
class AskPage:
    """The visits that are to be asked about, and the names of the practice's people by id."""

    visits: tuple[AskedVisit, ...]
    names: dict[UUID, str]
    zone: str


def read_visits(caller: Caller, visit_ids: Collection[UUID]) -> AskPage:
    """Open visits for a page that asks about them, in order of time, and note whom it showed.

    A visit that is not on file, or out of sight, is left out.
    """
    session, practice_id = caller.session, caller.practice_id
    visits = schedule_store.visits_by_ids(session, practice_id, list(visit_ids), caller.scope)
    patients = patient_store.opened(session, practice_id, [one.patient_id for one in visits.values()])
    sites = {one.id: one for one in practice_store.sites(session, practice_id)}
    works, asks = store.works(session, practice_id, visits), store.asks_of_visits(session, practice_id, visits)
    names = {one.id: one.name for one in staffing.staff_of(session, practice_id)}
    zone = practice_store.practice_of(session, practice_id).zone
    shown = tuple(
        AskedVisit(one, patients[one.patient_id], sites.get(one.site_id), works.get(one.id), asks.get(one.id, ()))
        for one in sorted(visits.values(), key=lambda one: (one.starts_at, one.reference))
    )
    saw(caller, "worklists.visits_seen", [*(one.patient.id for one in shown), *(one.visit.id for one in shown)])
    return AskPage(shown, names, zone)


def ask(caller: Caller, step_id: UUID, visit_ids: Collection[UUID], note: str | None, of_owner: bool) -> Done:
    """Ask about visits: each visit's owner (`of_owner`, where it has one), else all coordinators.

    Takes     an id made with the form, so that the same form sent twice asks once.
    """
    with writing(caller.session) as session:
        practice_id, now = caller.practice_id, caller.clock.now()
        if (step := store.step_of(session, practice_id, step_id)) is not None:
            return Done(step_id, len(step.before)) if step.kind is StepKind.ASKED else Done(None, 0)
        visits = schedule_store.visits_by_ids(session, practice_id, list(visit_ids), caller.scope)
        works = store.works(session, practice_id, visits) if of_owner else {}
        if not visits:
            return Done(None, 0)
        asks = [
            Ask(
                new_id(), one, step_id, caller.user_id, works[one].owner_id if one in works else None, now, note or None
            )
            for one in visits
        ]
        before = {one.visit_id.hex: None for one in asks}
        store.add_step(session, practice_id, Step(step_id, StepKind.ASKED, now, caller.user_id, before))
        store.add_asks(session, practice_id, asks)
        record(caller, "worklists.asked", list(visits), visits=len(visits))
    return Done(step_id, len(visits))


def answer(caller: Caller, ask_id: UUID, text: str, permissions: Iterable[Permission]) -> UUID:
    """Answer a question. The same answer sent twice is taken once.

    Returns   the visit's id. Raises AskNotFoundError; AnsweredError when somebody else answered first.
    """
    with writing(caller.session) as session:
        found = store.ask_of(session, caller.practice_id, ask_id)
        if found is None or not may_answer(found, caller.user_id, permissions):
            raise AskNotFoundError
        if found.answer is not None:
            if (found.answer, found.answered_by) == (text, caller.user_id):
                return found.visit_id
            raise AnsweredError
        store.save_answer(session, caller.practice_id, ask_id, text, caller.user_id, caller.clock.now())
        record(caller, "worklists.answered", (found.visit_id, ask_id))
    return found.visit_id


def visit_of_ask(caller: Caller, ask_id: UUID) -> UUID | None:
    """Find the visit that a question is about."""
    found = store.ask_of(caller.session, caller.practice_id, ask_id)
    return None if found is None else found.visit_id
