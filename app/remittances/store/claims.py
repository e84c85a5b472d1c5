"""Claims of remittances at rest: kept once, tied, and followed by later ones. The only queries that write them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.platform.db import keyring_of
from app.platform.ids import new_id
from app.remittances.facts.claims import Adjustment, Category, ClaimState, Link, NewClaim, Payment, Said, Standing
from app.remittances.models import RemittanceClaimRow, RemittanceDenialRow, RemittanceLineRow, RemittanceRow
from app.remittances.rows import Raw, canonical, chain_of, claim_digest, payment_digest, said_in
from app.remittances.rules.scoring import scored_lines
from app.remittances.store import scores

_C = RemittanceClaimRow
_CONTENT, _CONTROL = "remittance_claim.content", "remittance_claim.payer_control"
_TRACE = "remittance.trace"


def keep_payment(session: Session, practice_id: UUID, payment: Payment, raw: Raw, at: datetime) -> UUID:
    """Keep a payment unless the same is on file. Returns its id."""
    keyring = keyring_of(session)
    digest = payment_digest(keyring, practice_id, raw)
    row = RemittanceRow
    known = session.scalar(select(row.id).where(row.practice_id == practice_id, row.digest == digest))
    if known is not None:
        return known
    key = new_id()
    trace = None if payment.trace is None else keyring.seal(_TRACE, practice_id, key, payment.trace)
    session.add(
        RemittanceRow(
            practice_id=practice_id,
            id=key,
            digest=digest,
            amount=payment.amount,
            method=payment.method,
            paid_on=payment.paid_on,
            trace=trace,
            payer=payment.payer,
            payee_npi=payment.payee_npi,
            taken_at=at,
        )
    )
    session.flush()
    return key


def digest_of(session: Session, practice_id: UUID, payment: Raw, claim: Raw) -> bytes:
    """Make the blind index of all that a claim and its payment say: equal when the same claim comes again."""
    return claim_digest(keyring_of(session), practice_id, payment, claim)


def known(
    session: Session, practice_id: UUID, digest: bytes
) -> tuple[UUID, UUID | None, UUID | None, str | None] | None:
    """Find a claim that came before: its id, patient, visit, and why it waits; held until the transaction ends."""
    statement = select(_C.id, _C.patient_id, _C.visit_id, _C.why).where(
        _C.practice_id == practice_id, _C.digest == digest
    )
    row = session.execute(statement.with_for_update()).one_or_none()
    return None if row is None else (row[0], row[1], row[2], row[3])


def raw_of(session: Session, practice_id: UUID, claim_id: UUID) -> tuple[Raw, Raw, UUID, int] | None:
    """Open the payment and the claim as read, with the document and record that they came in."""
    row = session.scalar(select(_C).where(_C.practice_id == practice_id, _C.id == claim_id).with_for_update())
    if row is None:
        return None
    payment, claim = json.loads(keyring_of(session).unseal(_CONTENT, practice_id, claim_id, row.content))
    return payment, claim, row.document_id, row.number


def keep(session: Session, practice_id: UUID, new: NewClaim, digest: bytes, payment: Raw) -> None:
    """Keep a claim, or what one on file (by its id) is tied to now; its state is set by `follow`."""
    keyring, claim = keyring_of(session), new.claim
    control = claim.payer_control
    session.merge(
        RemittanceClaimRow(
            practice_id=practice_id,
            id=new.id,
            remittance_id=new.remittance_id,
            digest=digest,
            chain=chain_of(keyring, practice_id, payment, new.raw, new.id),
            content=keyring.seal(_CONTENT, practice_id, new.id, canonical([payment, new.raw])),
            payer_control=None if control is None else keyring.seal(_CONTROL, practice_id, new.id, control),
            status=claim.status,
            state=ClaimState.STANDS,
            charge=claim.charge,
            paid=claim.paid,
            paid_on=new.paid_on,
            begins=claim.begins,
            ends=claim.ends,
            categories=[one.value for one in claim.categories],
            denied=False,
            patient_id=new.to.patient_id,
            visit_id=new.to.visit_id,
            why=None if new.to.why is None else new.to.why.value,
            **_said(new.to.said),
            document_id=new.document_id,
            number=new.number,
            taken_at=new.taken_at,
        )
    )
    session.flush()
    _keep_lines(session, practice_id, new)
    scores.keep(session, practice_id, new.id, scored_lines(claim, new.lines))


def _keep_lines(session: Session, practice_id: UUID, new: NewClaim) -> None:
    row = RemittanceLineRow
    session.execute(delete(row).where(row.practice_id == practice_id, row.claim_id == new.id))
    for position, (line, link) in enumerate(zip(new.claim.lines, new.lines, strict=True)):
        session.add(
            RemittanceLineRow(
                practice_id=practice_id,
                claim_id=new.id,
                position=position,
                code=line.code,
                charge=line.charge,
                paid=line.paid,
                begins=line.begins,
                adjustments=_adjustments(line.adjustments),
                remarks=list(line.remarks),
                categories=[one.value for one in line.categories],
                visit_id=link.visit_id,
                authorization_id=link.authorization_id,
                **_said(link.said),
                ended=[str(one) for one in link.ended],
            )
        )
    session.flush()


def links_of(session: Session, practice_id: UUID, claim_id: UUID) -> tuple[Link, ...]:
    """What the lines of a claim are tied to, in order."""
    row = RemittanceLineRow
    rows = session.scalars(
        select(row).where(row.practice_id == practice_id, row.claim_id == claim_id).order_by(row.position)
    )
    return tuple(
        Link(
            one.visit_id,
            said_in(one.said_badge, one.said_check, one.said_since),
            one.authorization_id,
            tuple(UUID(each) for each in one.ended),
        )
        for one in rows
    )


def chained(session: Session, practice_id: UUID, claim_id: UUID) -> tuple[Standing, ...]:
    """Read all claims under the control number of one, held until the transaction ends."""
    chain = select(_C.chain).where(_C.practice_id == practice_id, _C.id == claim_id).scalar_subquery()
    rows = session.scalars(
        select(_C)
        .where(_C.practice_id == practice_id, _C.chain == chain)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    keyring = keyring_of(session)
    return tuple(
        Standing(
            id=row.id,
            status=row.status,
            charge=row.charge,
            paid=row.paid,
            paid_on=row.paid_on,
            begins=row.begins,
            payer_control=None
            if row.payer_control is None
            else keyring.unseal(_CONTROL, practice_id, row.id, row.payer_control),
            denied=bool(row.categories),
        )
        for row in rows
    )


def follow(session: Session, practice_id: UUID, claims: Sequence[Standing], states: Mapping[UUID, ClaimState]) -> None:
    """Write where claims stand, and under which reasons those that stand are found as denied."""
    for one in claims:
        state = states[one.id]
        denied = state is ClaimState.STANDS and one.denied
        session.execute(
            update(_C).where(_C.practice_id == practice_id, _C.id == one.id).values(state=state, denied=denied)
        )
        _find_by_reason(session, practice_id, one.id, denied)
        scores.count(session, practice_id, one.id, stands=state is ClaimState.STANDS)
    session.flush()


def _find_by_reason(session: Session, practice_id: UUID, claim_id: UUID, denied: bool) -> None:
    row = RemittanceDenialRow
    session.execute(delete(row).where(row.practice_id == practice_id, row.claim_id == claim_id))
    if not denied:
        return
    found = session.execute(
        select(_C.categories, _C.paid_on).where(_C.practice_id == practice_id, _C.id == claim_id)
    ).one()
    paid_on: date = found[1]
    for name in found[0]:
        session.add(
            RemittanceDenialRow(practice_id=practice_id, claim_id=claim_id, category=Category(name), paid_on=paid_on)
        )


def _said(said: Said | None) -> dict[str, Any]:
    return {
        "said_badge": None if said is None else said.badge,
        "said_check": None if said is None else said.check,
        "said_since": None if said is None else said.since,
    }


def _adjustments(adjustments: Iterable[Adjustment]) -> list[dict[str, Any]]:
    return [
        {"group": one.group, "reason": one.reason, "cents": one.cents, "quantity": one.quantity} for one in adjustments
    ]
