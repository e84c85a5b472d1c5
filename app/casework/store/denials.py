"""Denials of cases: the only queries over them."""

import json
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.casework.facts.denials import Denial
from app.casework.models.denials import DenialRow
from app.platform.db import keyring_of
from app.platform.sealed import Sealed

_D = DenialRow


def add(session: Session, practice_id: UUID, denial: Denial) -> None:
    """Add a denial, the payer's words sealed."""
    unmet = json.dumps(list(denial.unmet)) if denial.unmet else None
    session.add(
        _D(
            practice_id=practice_id,
            id=denial.id,
            authorization_id=denial.case_id,
            level=denial.level,
            denied_on=denial.denied_on,
            code=_sealed(session, practice_id, denial.id, "code", denial.code),
            words=_sealed(session, practice_id, denial.id, "words", denial.words),
            unmet=_sealed(session, practice_id, denial.id, "unmet", unmet),
            appeal_by=denial.appeal_by,
            document_id=denial.document_id,
            corrects=denial.corrects,
            recorded_at=denial.recorded_at,
            recorded_by=denial.recorded_by,
        )
    )
    session.flush()


def of_case(session: Session, practice_id: UUID, case_id: UUID, patient_id: UUID) -> tuple[Denial, ...]:
    """Read the denials of one case of a patient, newest first."""
    rows = session.scalars(
        select(_D)
        .where(_D.practice_id == practice_id, _D.authorization_id == case_id)
        .order_by(_D.recorded_at.desc(), _D.id.desc())
    )
    return tuple(_denial(session, row, patient_id) for row in rows)


def is_on_file(session: Session, practice_id: UUID, denial_id: UUID) -> bool:
    """Say whether a denial of this id was recorded."""
    return session.scalar(select(_D.id).where(_D.practice_id == practice_id, _D.id == denial_id)) is not None


def _sealed(session: Session, practice_id: UUID, row_id: UUID, name: str, text: str | None) -> Sealed | None:
    return None if text is None else keyring_of(session).seal(f"denial.{name}", practice_id, row_id, text)


def _opened(session: Session, row: DenialRow, name: str) -> str | None:
    sealed = getattr(row, name)
    return None if sealed is None else keyring_of(session).unseal(f"denial.{name}", row.practice_id, row.id, sealed)


def _denial(session: Session, row: DenialRow, patient_id: UUID) -> Denial:
    return Denial(
        id=row.id,
        case_id=row.authorization_id,
        patient_id=patient_id,
        denied_on=row.denied_on,
        words=_opened(session, row, "words") or "",
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
        level=row.level,
        code=_opened(session, row, "code"),
        unmet=tuple(json.loads(_opened(session, row, "unmet") or "[]")),
        appeal_by=row.appeal_by,
        document_id=row.document_id,
        corrects=row.corrects,
    )
