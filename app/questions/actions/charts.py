"""What the chart documents, and who bills under which group: recorded, and judged at once."""

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from app.audit.actions import record
from app.clearance.actions.judging import PIECE, rejudge
from app.clearance.actions.world import World, world_of
from app.clearance.facts.history import By, Cause
from app.clearance.facts.questions import OpenQuestion
from app.clearance.store import questions as question_store
from app.platform.caller import Caller
from app.platform.changes import Changed, announce, announced
from app.platform.db import writing
from app.platform.ids import new_id
from app.practice.actions.practice import save_provider
from app.practice.facts.practice import Provider
from app.practice.rules.roles import version_of
from app.practice.store import practice as practice_store
from app.schedule import store as schedule_store
from app.schedule.facts import VisitRecord


def say_documented(caller: Caller, question: OpenQuestion, triggers: Collection[str]) -> None:
    """Note what the chart of a patient documents, on the lines of a code of the visits that wait for it.

    What the rows of visit types say is noted too, so that another meaning of the type does not lose it.
    """
    code = question.key.parts[1]
    with announced(caller) as session:
        ids = list(session.scalars(question_store.visits_asking(session, caller.practice_id, question.id)))
        visits = schedule_store.visits_by_ids(session, caller.practice_id, ids)
        references = [visit.reference for visit in visits.values()]
        before = schedule_store.records(session, caller.practice_id, references)
        changed = [_documented(one, code, frozenset(triggers)) for one in before.values()]
        schedule_store.change_visits(session, caller.practice_id, changed)
        record(caller, "schedule.documented", [one.visit.id for one in changed], visits=len(changed))
        announce(session, Changed(frozenset(one.visit.patient_id for one in changed)))


def _documented(visit: VisitRecord, code: str, triggers: frozenset[str]) -> VisitRecord:
    lines, sources = [], []
    for line, source in zip(visit.visit.lines, visit.sources, strict=True):
        facts = source.row_facts
        if code in (line.code, line.drug):
            line = replace(line, documented=line.documented | triggers)
            if facts is not None:
                said = frozenset(facts.get("documented", ())) | triggers
                source = replace(source, row_facts={**facts, "documented": said})
        lines.append(line)
        sources.append(source)
    return VisitRecord(replace(visit.visit, lines=tuple(lines)), tuple(sources))


def say_group(caller: Caller, question: OpenQuestion, group_npi: str) -> None:
    """Note under which group a provider bills, and judge at once who waits for it; a job judges all the others.

    Raises    StaleRecordError when somebody changed the provider meanwhile.
    """
    session, practice_id = caller.session, caller.practice_id
    patients = question_store.patients_asking(session, practice_id, question.id)
    npi = question.key.parts[0]
    known = next((one for one in practice_store.providers(session, practice_id) if one.npi == npi), None)
    if known is None:
        save_provider(caller, Provider(new_id(), npi, None, group_npi), None)
    else:
        save_provider(caller, replace(known, group_npi=group_npi), version_of(known))
    world = world_of(session, practice_id, caller.clock)
    for start in range(0, len(patients), PIECE):
        _judge(caller, world, patients[start : start + PIECE])


def _judge(caller: Caller, world: World, patients: Collection[UUID]) -> None:
    with writing(caller.session) as session:
        rejudge(session, caller.practice_id, world, patients, By(Cause.FACTS, caller.user_id))
        record(caller, "clearance.judged", patients=len(patients))
