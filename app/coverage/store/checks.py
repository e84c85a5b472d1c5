"""Eligibility checks: the only queries over them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, tuple_, update
from sqlalchemy.orm import Session, aliased

from app.coverage.facts import Answered, EligibilityCheck, NetworkAnswer, PlanBenefit, PlanFacts, Rejection
from app.coverage.models import EligibilityCheckRow
from app.coverage.rules import order_of
from app.platform.db import keyring_of
from app.platform.rows import chunks
from app.platform.sealed import Keyring
from app.values.insurance import Known
from app.values.records import RecordRef

_R = EligibilityCheckRow
_SAID, _REFERENCE = "eligibility_check.said", "eligibility_check.reference"


def add_check(session: Session, practice_id: UUID, check: EligibilityCheck) -> None:
    """Add a check. The same answer about one coverage is added once (the database refuses it)."""
    keyring = keyring_of(session)
    reference = check.reference
    session.add(
        _R(
            practice_id=practice_id,
            id=check.id,
            patient_id=check.patient_id,
            coverage_id=check.coverage_id,
            method=check.method,
            result=check.result,
            answered_on=check.answered_on,
            at=check.at,
            service_day=check.service_day,
            user_id=check.user_id,
            document_id=check.record.document_id if check.record is not None else None,
            record_number=check.record.number if check.record is not None else None,
            reference=keyring.seal(_REFERENCE, practice_id, check.id, reference) if reference else None,
            said=keyring.seal(_SAID, practice_id, check.id, _packed(check)),
            digest=check.digest,
            taken_back_at=check.taken_back_at,
        )
    )
    session.flush()


def taken_already(session: Session, practice_id: UUID, coverage_id: UUID, digest: bytes, record: RecordRef) -> bool:
    """Say whether this answer about the coverage, or this record of a document, is on file."""
    known = (_R.digest == digest) & (_R.coverage_id == coverage_id)
    again = (_R.document_id == record.document_id) & (_R.record_number == record.number)
    found = select(_R.id).where(_R.practice_id == practice_id, known | again).limit(1)
    return session.scalar(found) is not None


def of_coverage(
    session: Session,
    practice_id: UUID,
    coverage_id: UUID,
    limit: int | None = None,
    before: EligibilityCheck | None = None,
) -> tuple[EligibilityCheck, ...]:
    """Read the checks of a coverage, the latest `limit` or all, those before one where it is given; oldest first."""
    statement = select(_R).where(_R.practice_id == practice_id, _R.coverage_id == coverage_id)
    if before is not None:
        place = tuple_(_R.answered_on, _R.at, _R.id)
        statement = statement.where(place < (before.answered_on, before.at, before.id))
    statement = statement.order_by(_R.answered_on.desc(), _R.at.desc(), _R.id.desc()).limit(limit)
    keyring = keyring_of(session)
    return tuple(sorted((_check(keyring, row) for row in session.scalars(statement)), key=order_of))


def latest_of(
    session: Session, practice_id: UUID, coverage_ids: Sequence[UUID], each: int
) -> Mapping[UUID, tuple[EligibilityCheck, ...]]:
    """Read the latest checks of some coverages that were not taken back, at most `each` of one, oldest first."""
    keyring, found = keyring_of(session), dict[UUID, list[EligibilityCheck]]()
    for chunk in chunks(list(dict.fromkeys(coverage_ids))):
        place = func.row_number().over(
            partition_by=_R.coverage_id, order_by=(_R.answered_on.desc(), _R.at.desc(), _R.id.desc())
        )
        ranked = (
            select(_R, place.label("place"))
            .where(_R.practice_id == practice_id, _R.coverage_id.in_(chunk), _R.taken_back_at.is_(None))
            .subquery()
        )
        row = aliased(_R, ranked)
        for one in session.scalars(select(row).where(ranked.c.place <= each)):
            found.setdefault(one.coverage_id, []).append(_check(keyring, one))
    return {coverage_id: tuple(sorted(checks, key=order_of)) for coverage_id, checks in found.items()}


def check_by_id(session: Session, practice_id: UUID, check_id: UUID) -> EligibilityCheck | None:
    """Read one check."""
    row = session.get(_R, (practice_id, check_id))
    return _check(keyring_of(session), row) if row is not None else None


def take_back(session: Session, practice_id: UUID, check_id: UUID, at: datetime) -> None:
    """Mark a check as taken back; nothing where there is none of this id."""
    session.execute(update(_R).where(_R.practice_id == practice_id, _R.id == check_id).values(taken_back_at=at))


def _packed(check: EligibilityCheck) -> str:
    """All that a check holds beside its columns, as one text; what is not told is left out."""
    benefits = [
        _told(asdict(one) | {"authorization": one.authorization.value, "network": one.network})
        for one in check.benefits
    ]
    content = {
        "why": [_told(asdict(one)) for one in check.why],
        "because": check.because,
        "plan": _plan_packed(check.plan),
        "on_file": _plan_packed(check.on_file),
        "benefits": benefits,
        "said": check.said,
        "who": check.who,
    }
    return json.dumps(_told(content), separators=(",", ":"), ensure_ascii=False)


def _told(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, (), [], {}, False)}


def _plan_packed(plan: PlanFacts) -> dict[str, Any]:
    values = asdict(plan)
    return _told({name: one.isoformat() if isinstance(one, date) else one for name, one in values.items()})


def _plan(values: Mapping[str, Any]) -> PlanFacts:
    days = {name: date.fromisoformat(values[name]) for name in ("begins", "ends") if name in values}
    result = {"result": Answered(values["result"])} if "result" in values else {}
    return PlanFacts(**{**values, **days, **result})


def _benefit(values: Mapping[str, Any]) -> PlanBenefit:
    content = dict(values)
    for name in ("service_types", "modifiers", "messages"):
        content[name] = tuple(content.get(name, ()))
    for name in ("dates", "entities", "references"):
        content[name] = tuple((first, second) for first, second in content.get(name, ()))
    content["authorization"] = Known(content["authorization"])
    content["network"] = NetworkAnswer(content["network"]) if "network" in content else None
    return PlanBenefit(**content)


def _check(keyring: Keyring, row: EligibilityCheckRow) -> EligibilityCheck:
    content = json.loads(keyring.unseal(_SAID, row.practice_id, row.id, row.said))
    sealed = row.reference
    record = None
    if row.document_id is not None and row.record_number is not None:
        record = RecordRef(row.document_id, row.record_number)
    return EligibilityCheck(
        id=row.id,
        patient_id=row.patient_id,
        coverage_id=row.coverage_id,
        method=row.method,
        result=row.result,
        answered_on=row.answered_on,
        at=row.at,
        service_day=row.service_day,
        user_id=row.user_id,
        record=record,
        reference=keyring.unseal(_REFERENCE, row.practice_id, row.id, sealed) if sealed is not None else None,
        why=tuple(Rejection(**one) for one in content.get("why", ())),
        because=content.get("because"),
        plan=_plan(content.get("plan", {})),
        on_file=_plan(content.get("on_file", {})),
        benefits=tuple(_benefit(one) for one in content.get("benefits", ())),
        said=content.get("said"),
        who=content.get("who"),
        digest=row.digest,
        taken_back_at=row.taken_back_at,
    )
