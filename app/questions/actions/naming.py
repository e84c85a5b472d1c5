"""What open questions speak of, by name: a fixed number of queries for a page of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from app.authorizations import store as authorization_store
from app.authorizations.facts import Authorization
from app.clearance.actions.opening import service_labels
from app.clearance.facts.questions import OpenQuestion, QuestionKind
from app.clearance.store import questions as question_store
from app.coverage.store import coverages as coverage_store
from app.patients import store as patient_store
from app.patients.facts import Patient
from app.platform.caller import Caller
from app.policies.actions.library import current_book
from app.policies.rules.routine import offered_codes
from app.policies.store.payers import payers
from app.practice.store import practice as practice_store
from app.questions.facts.pages import Asked
from app.schedule import store as schedule_store
from app.schedule.facts import Visit
from app.schedule.rules.types import type_key

_OF_PATIENT = frozenset({QuestionKind.UNMET, QuestionKind.CLASS, QuestionKind.COVERAGE, QuestionKind.REFERRAL})
_BY_VISIT = frozenset({QuestionKind.TYPE, QuestionKind.APPROVAL, QuestionKind.PARTICIPATION})
"""Kinds whose subject is found through one of their visits."""
ABOUT_PATIENTS = _OF_PATIENT | {QuestionKind.APPROVAL}
"""Kinds that are about one patient, or about an approval of one."""


@dataclass(frozen=True)
class _Names:
    payers: Mapping[str, str]
    labels: Mapping[str, str]
    offered: frozenset[str]
    providers: Mapping[str, str]
    visits: Mapping[UUID, Visit]
    people: Mapping[UUID, Patient]
    approvals: Mapping[UUID, Authorization]
    plans: Mapping[str, str]


def named(caller: Caller, questions: Sequence[OpenQuestion]) -> tuple[Asked, ...]:
    """Name what questions speak of, in their order."""
    names = _names(caller, questions)
    return tuple(_asked(one, names) for one in questions)


def _names(caller: Caller, questions: Sequence[OpenQuestion]) -> _Names:
    session, practice_id = caller.session, caller.practice_id
    book = current_book(session, practice_id)
    wanted = [one.id for one in questions if one.key.kind in _BY_VISIT]
    first = question_store.first_visits(session, practice_id, wanted, caller.scope)
    by_id = schedule_store.visits_by_ids(session, practice_id, list(first.values()))
    visits = {question: by_id[visit] for question, visit in first.items() if visit in by_id}
    approved = {visits[one.id].patient_id for one in questions if _is_approval(one) and one.id in visits}
    people = {UUID(one.key.parts[0]) for one in questions if one.key.kind in _OF_PATIENT} | approved
    approvals = authorization_store.of_patients(session, practice_id, list(approved))
    in_network = [visits[one.id].patient_id for one in questions if _is_network(one) and one.id in visits]
    coverages = coverage_store.of_patients(session, practice_id, in_network)
    plans = {row.plan for rows in coverages.values() for row in rows if row.plan}
    return _Names(
        payers={**payers(session, practice_id), **{key: entry.name for key, entry in book.payers.items()}},
        labels=service_labels(book.services, book.routine),
        offered=frozenset(offered_codes(book)),
        providers={one.npi: one.name for one in practice_store.providers(session, practice_id) if one.name},
        visits=visits,
        people=patient_store.opened(session, practice_id, list(people)),
        approvals={row.id: row for rows in approvals.values() for row in rows},
        plans={"".join(plan.split()).casefold(): plan for plan in sorted(plans)},
    )


def _is_approval(question: OpenQuestion) -> bool:
    return question.key.kind is QuestionKind.APPROVAL


def _is_network(question: OpenQuestion) -> bool:
    return question.key.kind is QuestionKind.PARTICIPATION


def _asked(question: OpenQuestion, names: _Names) -> Asked:
    kind, parts = question.key.kind, question.key.parts
    asked = Asked(question)
    if kind in _OF_PATIENT:
        asked = replace(asked, patient=names.people.get(UUID(parts[0])))
    if kind is QuestionKind.NEED:
        return _service(
            replace(asked, payer=_payer(parts[0], names), offered=parts[1] in names.offered), parts[1], names
        )
    if kind is QuestionKind.UNMET:
        return _service(replace(asked, payer=_payer(parts[1], names)), parts[2], names)
    if kind is QuestionKind.CLASS:
        return _service(asked, parts[1], names)
    if kind is QuestionKind.PARTICIPATION:
        who = _provider(parts[2], names)
        return replace(
            asked, payer=_payer(parts[0], names), plan=names.plans.get(parts[1], parts[1]) or None, provider=who
        )
    if kind is QuestionKind.GROUP:
        return replace(asked, provider=_provider(parts[0], names))
    return _found_by_visit(asked, names)


def _found_by_visit(asked: Asked, names: _Names) -> Asked:
    question = asked.question
    visit = names.visits.get(question.id)
    if visit is None or question.key.kind not in _BY_VISIT:
        return asked
    if question.key.kind is QuestionKind.APPROVAL:
        approval = names.approvals.get(UUID(question.key.parts[0]))
        return replace(asked, approval=approval, patient=names.people.get(visit.patient_id))
    wanted = question.key.parts[0]
    named = (line.visit_type for line in visit.lines if line.visit_type and type_key(line.visit_type) == wanted)
    return replace(asked, what=next(named, None))


def _service(asked: Asked, service: str, names: _Names) -> Asked:
    drug = service.removeprefix("drug:").replace("_", " ").capitalize() if service.startswith("drug:") else None
    return replace(asked, what=drug or service, label=names.labels.get(service))


def _payer(key: str, names: _Names) -> str:
    return names.payers.get(key) or key.removeprefix("local:")


def _provider(npi: str, names: _Names) -> str:
    return names.providers.get(npi) or (f"NPI {npi}" if npi else "a provider who is not named")
