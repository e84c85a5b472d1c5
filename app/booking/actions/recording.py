"""Record the one fact that is missing: a diagnosis on the planned line, or findings with where they stand."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from app.audit.actions import record
from app.clearance.actions.answering import VisitNotFoundError
from app.clinical.actions.charting import record_facts
from app.clinical.facts import ClinicalFact, FactKind, Source
from app.platform.caller import Caller
from app.platform.changes import Changed, announce, announced
from app.schedule import store as schedule_store
from app.schedule.facts import VisitRecord


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody recorded for one planned service.

    `diagnosis`: an ICD-10-CM code with its dot. `findings`: keys of the grid, each with the id of the fact that the
    form carries. `source` None: the findings stand in the practice's own chart, and are noted on the line as the
    schedule notes them; else they are kept as clinical facts of the day `dated`.
    """

    code: str
    diagnosis: str | None
    findings: dict[str, UUID]
    source: Source | None = None
    dated: date | None = None


def record_missing(caller: Caller, visit_id: UUID, said: Said) -> None:
    """Record a fact for a code of a visit; the visit is judged again in the same transaction.

    Sent twice it counts once.

    Raises    VisitNotFoundError; SourceRefusedError (clinical/actions/charting.py).
    """
    with announced(caller) as session:
        visit = schedule_store.visits_by_ids(session, caller.practice_id, [visit_id], caller.scope).get(visit_id)
        if visit is None:
            raise VisitNotFoundError
        if said.source is not None and said.findings:
            record_facts(caller, visit.patient_id, _facts(caller, visit.patient_id, said, said.source))
        in_chart = frozenset(said.findings) if said.source is None else frozenset[str]()
        if said.diagnosis is None and not in_chart:
            return
        (before,) = schedule_store.records(session, caller.practice_id, [visit.reference]).values()
        after = _with(before, said.code, said.diagnosis, in_chart)
        if after == before:
            return
        schedule_store.change_visits(session, caller.practice_id, [after])
        record(caller, "schedule.documented", [visit.patient_id, visit.id], visits=1)
        announce(session, Changed(frozenset({visit.patient_id})))


def _facts(caller: Caller, patient_id: UUID, said: Said, source: Source) -> list[ClinicalFact]:
    return [
        ClinicalFact(
            id=fact_id,
            patient_id=patient_id,
            kind=FactKind.FINDING,
            name=name,
            source=source,
            recorded_at=caller.clock.now(),
            recorded_by=caller.user_id,
            dated=said.dated,
            values={"value": "yes"},
        )
        for name, fact_id in said.findings.items()
    ]


def _with(record_: VisitRecord, code: str, diagnosis: str | None, findings: Collection[str]) -> VisitRecord:
    """Write a diagnosis and findings on the lines of a code, and on what the row of a visit type said of them."""
    lines, sources = [], []
    for line, source in zip(record_.visit.lines, record_.sources, strict=True):
        if line.code == code:
            diagnoses = line.diagnoses
            if diagnosis is not None and diagnosis not in diagnoses:
                diagnoses = (diagnosis, *diagnoses)
            line = replace(line, diagnoses=diagnoses, documented=line.documented | frozenset(findings))
            if source.row_facts is not None:
                told = {"diagnoses": line.diagnoses, "documented": line.documented}
                source = replace(source, row_facts={**source.row_facts, **told})
        lines.append(line)
        sources.append(source)
    return VisitRecord(replace(record_.visit, lines=tuple(lines)), tuple(sources))
