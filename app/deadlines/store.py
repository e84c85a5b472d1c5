"""What people recorded of cases: the only queries over receipts, requests, calls, appeals and owners."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from app.deadlines.facts import AppealLevel, AppealOutcome, Case, Information, PeerToPeer, Receipt, TalkOutcome
from app.deadlines.models import AppealLevelRow, CaseOwnerRow, CaseReceiptRow, InformationRequestRow, PeerToPeerRow
from app.platform.db import keyring_of
from app.platform.rows import chunks
from app.platform.sealed import Sealed

By = tuple[datetime, UUID | None]
"""When something was recorded, and by whom."""
_Listed = TypeVar("_Listed", InformationRequestRow, PeerToPeerRow, AppealLevelRow)


def cases(session: Session, practice_id: UUID, authorization_ids: Sequence[UUID]) -> Mapping[UUID, Case]:
    """Read what was recorded of the authorizations named, by id; one of which nothing was recorded is left out."""
    found: dict[UUID, Case] = {}
    for ids in chunks(authorization_ids):
        found |= cases_among(session, practice_id, ids)
    return found


def cases_among(session: Session, practice_id: UUID, ids: Select[UUID] | Sequence[UUID]) -> dict[UUID, Case]:
    """Read what was recorded of the authorizations whose ids another room selects."""
    receipts = {row.id: _receipt(row) for row in session.scalars(_of(CaseReceiptRow, practice_id, ids))}
    owners = {row.id: row.owner_id for row in session.scalars(_of(CaseOwnerRow, practice_id, ids))}
    asked = _grouped(session.scalars(_listed(InformationRequestRow, practice_id, ids)))
    calls = _grouped(session.scalars(_listed(PeerToPeerRow, practice_id, ids)))
    levels = _grouped(session.scalars(_listed(AppealLevelRow, practice_id, ids)))
    return {
        one: Case(
            one,
            receipts.get(one),
            tuple(map(_information, asked.get(one, ()))),
            tuple(map(_call, calls.get(one, ()))),
            tuple(map(_level, levels.get(one, ()))),
            owners.get(one),
        )
        for one in {*receipts, *owners, *asked, *calls, *levels}
    }


def case_opened(session: Session, practice_id: UUID, authorization_id: UUID) -> Case:
    """Read what was recorded of one authorization, sealed texts of its calls and appeals opened."""
    found = cases(session, practice_id, [authorization_id]).get(authorization_id, Case(authorization_id))
    calls = {row.id: row for row in session.scalars(_listed(PeerToPeerRow, practice_id, [authorization_id]))}
    levels = {row.id: row for row in session.scalars(_listed(AppealLevelRow, practice_id, [authorization_id]))}
    return replace(
        found,
        peers=tuple(_call_opened(session, one, calls[one.id]) for one in found.peers),
        appeals=tuple(replace(one, reference=_open(session, levels[one.id], "reference")) for one in found.appeals),
    )


_OF_CALLS = ("payer_line", "payer_person", "reference")


def _call_opened(session: Session, call: PeerToPeer, row: PeerToPeerRow) -> PeerToPeer:
    opened: dict[str, Any] = {name: _open(session, row, name) for name in _OF_CALLS}
    return replace(call, **opened)


def _open(session: Session, row: PeerToPeerRow | AppealLevelRow, name: str) -> str | None:
    sealed = getattr(row, name)
    if sealed is None:
        return None
    return keyring_of(session).unseal(f"{row.__tablename__}.{name}", row.practice_id, row.id, sealed)


def _seal(session: Session, practice_id: UUID, table: str, row_id: UUID, name: str, text: str | None) -> Sealed | None:
    return None if text is None else keyring_of(session).seal(f"{table}.{name}", practice_id, row_id, text)


def save_receipt(session: Session, practice_id: UUID, authorization_id: UUID, receipt: Receipt, by: By) -> None:
    """Write when the payer received a request, in place of what was recorded before."""
    row = session.get(CaseReceiptRow, (practice_id, authorization_id))
    if row is None:
        row = CaseReceiptRow(practice_id=practice_id, id=authorization_id)
        session.add(row)
    row.received_on, row.received_at = receipt.received_on, receipt.received_at
    row.urgent, row.extension_on = receipt.urgent, receipt.extension_on
    row.recorded_at, row.recorded_by = by
    session.flush()


def add_information(session: Session, practice_id: UUID, authorization_id: UUID, new: Information, by: By) -> None:
    """Add what the payer asked for."""
    session.add(
        InformationRequestRow(
            practice_id=practice_id,
            id=new.id,
            authorization_id=authorization_id,
            asked_at=new.asked_at,
            due_on=new.due_on,
            due_at=new.due_at,
            answered_at=new.answered_at,
            recorded_at=by[0],
            recorded_by=by[1],
        )
    )
    session.flush()


def add_call(session: Session, practice_id: UUID, authorization_id: UUID, new: PeerToPeer, by: By) -> None:
    """Add a call that the payer offered."""
    session.add(
        PeerToPeerRow(
            practice_id=practice_id,
            id=new.id,
            authorization_id=authorization_id,
            offered_at=new.offered_at,
            closes_at=new.closes_at,
            held_at=new.held_at,
            booked_for=new.booked_for,
            provider_id=new.provider_id,
            **_sealed_of_call(session, practice_id, new),
            outcome=new.outcome,
            recorded_at=by[0],
            recorded_by=by[1],
        )
    )
    session.flush()


def _sealed_of_call(session: Session, practice_id: UUID, call: PeerToPeer) -> dict[str, Sealed | None]:
    return {name: _seal(session, practice_id, "peer_to_peer", call.id, name, getattr(call, name)) for name in _OF_CALLS}


def book_call(session: Session, practice_id: UUID, call: PeerToPeer) -> UUID | None:
    """Write when an open call is to be held, by whom, and how the payer is reached, in place of what was agreed before.

    Returns its authorization; None: there is no open one of this id.
    """
    row = PeerToPeerRow
    return session.scalar(
        update(row)
        .where(row.practice_id == practice_id, row.id == call.id, row.held_at.is_(None))
        .values(
            booked_for=call.booked_for,
            provider_id=call.provider_id,
            **_sealed_of_call(session, practice_id, call),
        )
        .returning(row.authorization_id)
    )


def add_level(session: Session, practice_id: UUID, authorization_id: UUID, new: AppealLevel, by: By) -> None:
    """Add a level of appeal. One of the same number and day of denial is refused by the database."""
    session.add(
        AppealLevelRow(
            practice_id=practice_id,
            id=new.id,
            authorization_id=authorization_id,
            level=new.level,
            denied_on=new.denied_on,
            window_ends=new.window_ends,
            filed_on=new.filed_on,
            decided_on=new.decided_on,
            external=new.external,
            outcome=new.outcome,
            reference=_seal(session, practice_id, "appeal_level", new.id, "reference", new.reference),
            recorded_at=by[0],
            recorded_by=by[1],
        )
    )
    session.flush()


def answer_information(session: Session, practice_id: UUID, request_id: UUID, at: datetime) -> UUID | None:
    """Say when an open request was answered. Returns its authorization; None: there is no open one of this id."""
    row = InformationRequestRow
    return session.scalar(
        update(row)
        .where(row.practice_id == practice_id, row.id == request_id, row.answered_at.is_(None))
        .values(answered_at=at)
        .returning(row.authorization_id)
    )


def reopen_information(session: Session, practice_id: UUID, request_id: UUID) -> UUID | None:
    """Take back that the payer has what it asked for. Returns the authorization's id, or None when it was not noted."""
    row = InformationRequestRow
    closed = (row.practice_id == practice_id, row.id == request_id, row.answered_at.is_not(None))
    return session.scalar(update(row).where(*closed).values(answered_at=None).returning(row.authorization_id))


def hold_call(
    session: Session, practice_id: UUID, call_id: UUID, at: datetime, outcome: TalkOutcome | None = None
) -> UUID | None:
    """Say when an open call was held, and how it ended. Returns its authorization; None: no open one has this id."""
    row = PeerToPeerRow
    return session.scalar(
        update(row)
        .where(row.practice_id == practice_id, row.id == call_id, row.held_at.is_(None))
        .values(held_at=at, outcome=outcome)
        .returning(row.authorization_id)
    )


def file_level(
    session: Session, practice_id: UUID, level_id: UUID, on: date, reference: str | None = None
) -> UUID | None:
    """Say when an appeal was filed. Returns its authorization; None: there is no unfiled level of this id."""
    row = AppealLevelRow
    sealed = _seal(session, practice_id, "appeal_level", level_id, "reference", reference)
    return session.scalar(
        update(row)
        .where(row.practice_id == practice_id, row.id == level_id, row.filed_on.is_(None))
        .values(filed_on=on, reference=sealed)
        .returning(row.authorization_id)
    )


def decide_level(
    session: Session, practice_id: UUID, level_id: UUID, on: date, outcome: AppealOutcome | None = None
) -> UUID | None:
    """Say when a filed appeal was decided, and how. Returns its authorization; None: there is no such level."""
    row = AppealLevelRow
    open_one = (row.practice_id == practice_id, row.id == level_id, row.filed_on.is_not(None), row.decided_on.is_(None))
    return session.scalar(
        update(row).where(*open_one).values(decided_on=on, outcome=outcome).returning(row.authorization_id)
    )


def save_owner(session: Session, practice_id: UUID, authorization_id: UUID, owner_id: UUID | None, by: By) -> None:
    """Write whose a case is; None: nobody's. Counts the hand."""
    row = session.get(CaseOwnerRow, (practice_id, authorization_id))
    if row is None:
        row = CaseOwnerRow(practice_id=practice_id, id=authorization_id)
        session.add(row)
    row.owner_id = owner_id
    row.at, row.by_id = by
    session.flush()


_Kept = TypeVar("_Kept", CaseReceiptRow, CaseOwnerRow)


def _of(row: type[_Kept], practice_id: UUID, ids: Select[UUID] | Sequence[UUID]) -> Select[Any]:
    return select(row).where(row.practice_id == practice_id, row.id.in_(ids))


def _listed(row: type[_Listed], practice_id: UUID, ids: Select[UUID] | Sequence[UUID]) -> Select[Any]:
    return select(row).where(row.practice_id == practice_id, row.authorization_id.in_(ids))


def _grouped(rows: Iterable[_Listed]) -> dict[UUID, list[_Listed]]:
    found: dict[UUID, list[_Listed]] = {}
    for row in sorted(rows, key=lambda one: one.id.int):
        found.setdefault(row.authorization_id, []).append(row)
    return found


def _receipt(row: CaseReceiptRow) -> Receipt:
    return Receipt(row.received_on, row.received_at, row.urgent, row.extension_on)


def _information(row: InformationRequestRow) -> Information:
    return Information(row.id, row.asked_at, row.due_on, row.due_at, row.answered_at)


def _call(row: PeerToPeerRow) -> PeerToPeer:
    return PeerToPeer(
        row.id, row.offered_at, row.closes_at, row.held_at, row.booked_for, row.provider_id, outcome=row.outcome
    )


def _level(row: AppealLevelRow) -> AppealLevel:
    return AppealLevel(
        row.id,
        row.level,
        row.denied_on,
        row.window_ends,
        row.filed_on,
        row.decided_on,
        row.external,
        outcome=row.outcome,
    )
