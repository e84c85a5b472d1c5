"""Sets and records of documents: the only queries over them. What a record says is sealed here, and opened here."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, insert, or_, select, update
from sqlalchemy.orm import Session

from app.mailroom.facts import WAITING, Envelope, Part, Record, RecordState, Sort
from app.mailroom.models import MailRecordRow, MailSetRow
from app.mailroom.rules.controls import control_text, said
from app.platform.db import keyring_of
from app.platform.ids import new_id
from app.platform.sealed import Keyring
from app.platform.sight import of_patients
from app.values.records import Filed
from app.values.scope import Scope

_R, _S = MailRecordRow, MailSetRow
AT_ONCE = 200


def add_set(
    session: Session,
    practice_id: UUID,
    document_id: UUID,
    place: int,
    read: Mapping[str, Any],
    envelope: Envelope | None,
) -> tuple[UUID, RecordState]:
    """Keep a set of a document.

    Returns   its id, and where its records stand: to be filed; ALREADY, where a set that says the same came under its
              control numbers; CONTRADICTING, where one that says something else did.
    """
    keyring, set_id = keyring_of(session), new_id()
    digest = keyring.blind("mail_set.digest", practice_id, said(read))
    text = None if envelope is None else control_text(envelope)
    key = None if text is None else keyring.blind("mail_set.control_key", practice_id, text)
    first = None
    if key is not None:
        under = (_S.practice_id == practice_id, _S.control_key == key)
        first = session.execute(select(_S.digest).where(*under)).one_or_none()
    row = _S(
        practice_id=practice_id,
        id=set_id,
        document_id=document_id,
        place=place,
        kind=str(read["kind"]),
        control_key=key if first is None else None,
        digest=digest,
    )
    session.add(row)
    session.flush()
    if first is None:
        return set_id, RecordState.TO_FILE
    return set_id, RecordState.ALREADY if bytes(first.digest) == digest else RecordState.CONTRADICTING


def add_records(
    session: Session,
    practice_id: UUID,
    document_id: UUID,
    set_id: UUID,
    first: int,
    parts: Sequence[Part],
    state: RecordState,
    why: str | None,
) -> None:
    """Keep the records of a set, counted on from `first`, all in one state."""
    keyring = keyring_of(session)
    for start in range(0, len(parts), AT_ONCE):
        rows = []
        for number, part in enumerate(parts[start : start + AT_ONCE], start=first + start):
            record_id = new_id()
            text = json.dumps(asdict(part), ensure_ascii=False, separators=(",", ":"))
            rows.append(
                {
                    "practice_id": practice_id,
                    "id": record_id,
                    "document_id": document_id,
                    "set_id": set_id,
                    "number": number,
                    "sort": part.sort,
                    "kind": part.kind,
                    "state": state,
                    "part": keyring.seal("mail_record.part", practice_id, record_id, text),
                    "why": why,
                    "version": 1,
                }
            )
        session.connection().execute(insert(_R), rows)


def to_file(session: Session, practice_id: UUID, document_id: UUID) -> tuple[UUID, ...]:
    """Name the records of a document that are still to be filed, in their order."""
    mine = (_R.practice_id == practice_id, _R.document_id == document_id, _R.state == RecordState.TO_FILE)
    return tuple(session.scalars(select(_R.id).where(*mine).order_by(_R.number)))


def record_of(session: Session, practice_id: UUID, record_id: UUID, hold: bool = False) -> Record | None:
    """Read one record with what it says; `hold` keeps others from filing it meanwhile."""
    wanted = select(_R).where(_R.practice_id == practice_id, _R.id == record_id)
    if hold:
        wanted = wanted.with_for_update()
    return next(iter(_records(session, practice_id, wanted)), None)


def settle(
    session: Session, practice_id: UUID, record_id: UUID, state: RecordState, filed: Filed, at: datetime
) -> None:
    """Write down what came of a record."""
    values = {"state": state, "patient_id": filed.patient_id, "subject_id": filed.subject_id, "why": filed.why}
    _set(session, practice_id, record_id, **values, filed_at=at)


def decide(
    session: Session,
    practice_id: UUID,
    record: Record,
    state: RecordState,
    by: UUID | None,
    at: datetime | None,
    reason: str | None,
) -> None:
    """Write down what a person did with a record; `by` and `at` None: it was taken back."""
    sealed = None if reason is None else keyring_of(session).seal("mail_record.reason", practice_id, record.id, reason)
    _set(session, practice_id, record.id, state=state, decided_by=by, decided_at=at, reason=sealed)


def counts(
    session: Session,
    practice_id: UUID,
    document_ids: Sequence[UUID],
    states: Sequence[RecordState] = tuple(RecordState),
) -> dict[UUID, dict[RecordState, int]]:
    """Count the records of some documents, at most a page of them, by state; of some states only, if wished."""
    mine = (_R.practice_id == practice_id, _R.document_id.in_(document_ids), _R.state.in_(states))
    grouped = select(_R.document_id, _R.state, func.count()).where(*mine).group_by(_R.document_id, _R.state)
    found: dict[UUID, dict[RecordState, int]] = {}
    for document_id, state, number in session.execute(grouped):
        found.setdefault(document_id, {})[state] = number
    return found


def of_document(
    session: Session, practice_id: UUID, scope: Scope, document_id: UUID, after: int, limit: int
) -> tuple[Record, ...]:
    """Read records of a document that are in sight, in their order, from behind a number."""
    wanted = select(_R).where(_R.practice_id == practice_id, _R.document_id == document_id, _R.number > after)
    seen = wanted.where(*_in_sight(practice_id, scope)).order_by(_R.number).limit(limit)
    return _records(session, practice_id, seen)


def any_in_sight(session: Session, practice_id: UUID, scope: Scope, document_id: UUID) -> bool:
    """Say whether any record of a document is in sight."""
    mine = (_R.practice_id == practice_id, _R.document_id == document_id, *_in_sight(practice_id, scope))
    return session.scalar(select(_R.id).where(*mine).limit(1)) is not None


def in_sight(session: Session, practice_id: UUID, scope: Scope, record_id: UUID) -> bool:
    """Say whether a record is on file and in sight."""
    mine = (_R.practice_id == practice_id, _R.id == record_id, *_in_sight(practice_id, scope))
    return session.scalar(select(_R.id).where(*mine)) is not None


def has_out_of_sight(session: Session, practice_id: UUID, scope: Scope, document_id: UUID) -> bool:
    """Say whether a document tells of anybody who is not in sight, or not known."""
    if not scope.limited:
        return False
    mine = (_R.practice_id == practice_id, _R.document_id == document_id)
    hidden = or_(_R.patient_id.is_(None), *(~one for one in of_patients(practice_id, scope, _R.patient_id)))
    return session.scalar(select(_R.id).where(*mine, hidden).limit(1)) is not None


def waiting(
    session: Session,
    practice_id: UUID,
    scope: Scope,
    states: Sequence[RecordState],
    before: UUID | None,
    limit: int,
) -> tuple[Record, ...]:
    """Read records in some states that are in sight, those that came last first, from behind one id."""
    wanted = select(_R).where(_R.practice_id == practice_id, _R.state.in_(states), *_in_sight(practice_id, scope))
    if before is not None:
        wanted = wanted.where(_R.id < before)
    return _records(session, practice_id, wanted.order_by(_R.id.desc()).limit(limit))


def count_waiting(session: Session, practice_id: UUID, scope: Scope, most: int) -> int:
    """Count the records in sight that wait for a person, up to `most`."""
    wanted = select(_R.id).where(_R.practice_id == practice_id, _R.state.in_(WAITING), *_in_sight(practice_id, scope))
    return session.scalar(select(func.count()).select_from(wanted.limit(most).subquery())) or 0


def _in_sight(practice_id: UUID, scope: Scope) -> tuple[ColumnElement[bool], ...]:
    """A record of nobody known is for those who see the whole practice."""
    if not scope.limited:
        return ()
    return (_R.patient_id.is_not(None), *of_patients(practice_id, scope, _R.patient_id))


def _set(session: Session, practice_id: UUID, record_id: UUID, **values: Any) -> None:
    mine = (_R.practice_id == practice_id, _R.id == record_id)
    session.execute(update(_R).where(*mine).values(**values, version=_R.version + 1))


def _records(session: Session, practice_id: UUID, wanted: Select[Any]) -> tuple[Record, ...]:
    keyring = keyring_of(session)
    rows = session.scalars(wanted.execution_options(populate_existing=True))
    return tuple(_record(keyring, practice_id, row) for row in rows)


def _record(keyring: Keyring, practice_id: UUID, row: MailRecordRow) -> Record:
    reason = None
    if row.reason is not None:
        reason = keyring.unseal("mail_record.reason", practice_id, row.id, row.reason)
    told = json.loads(keyring.unseal("mail_record.part", practice_id, row.id, row.part))
    return Record(
        id=row.id,
        document_id=row.document_id,
        number=row.number,
        sort=row.sort,
        kind=row.kind,
        state=row.state,
        part=Part(Sort(told["sort"]), told["kind"], told["content"], told["about"]),
        patient_id=row.patient_id,
        subject_id=row.subject_id,
        why=row.why,
        filed_at=row.filed_at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        reason=reason,
        version=row.version,
    )
