"""Lists of claims, one claim whole, and what hangs on a visit or a case: the only queries that read them for pages."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, select, true, tuple_
from sqlalchemy.orm import Session

from app.platform import sight
from app.platform.db import keyring_of
from app.remittances.facts.claims import (
    Category,
    ClaimLine,
    ClaimQuery,
    ClaimState,
    KeptClaim,
    KeptLine,
    Show,
    Tie,
    Why,
)
from app.remittances.intake.claims import read_claim, read_payment
from app.remittances.models import RemittanceClaimRow, RemittanceDenialRow, RemittanceLineRow, RemittanceRow
from app.remittances.rows import said_in
from app.remittances.store.claims import links_of
from app.values.scope import EVERYTHING, Scope

MOST_COUNTED, MOST_BESIDE = 500, 100
_C, _R, _D, _L = RemittanceClaimRow, RemittanceRow, RemittanceDenialRow, RemittanceLineRow
_ORDER = (_C.denied, _C.paid_on, _C.id)


def page(
    session: Session, practice_id: UUID, query: ClaimQuery, limit: int, scope: Scope = EVERYTHING
) -> tuple[ClaimLine, ...]:
    """Read one page of claims in sight: denials first, then by the day paid, newest first."""
    statement = _listed(practice_id).where(*_which(practice_id, query, scope))
    if query.category is not None:
        found = and_(_D.practice_id == _C.practice_id, _D.claim_id == _C.id)
        statement = statement.join(_D, found).where(_D.practice_id == practice_id, _D.category == query.category)
        order: tuple[Any, ...] = (_D.paid_on, _D.claim_id)
        after: Any = (query.after.paid_on, query.after.claim_id) if query.after is not None else None
    else:
        order = _ORDER
        place = query.after
        after = (place.denied, place.paid_on, place.claim_id) if place is not None else None
    if after is not None:
        statement = statement.where(tuple_(*order) < after)
    rows = session.execute(statement.order_by(*(one.desc() for one in order)).limit(limit))
    return tuple(_line(row) for row in rows)


def counted(session: Session, practice_id: UUID, query: ClaimQuery, scope: Scope = EVERYTHING) -> int:
    """Count the claims of a query, no further than one more than 500."""
    some = select(_C.id).where(*_which(practice_id, query, scope))
    if query.category is not None:
        found = select(_D.claim_id).where(_D.practice_id == practice_id, _D.category == query.category)
        some = some.where(_C.id.in_(found))
    limited = some.limit(MOST_COUNTED + 1).subquery()
    return session.scalar(select(func.count()).select_from(limited)) or 0


def of_visit(session: Session, practice_id: UUID, visit_id: UUID, limit: int) -> tuple[ClaimLine, ...]:
    """The claims of a visit, the newest first."""
    lines = select(_L.claim_id).where(_L.practice_id == practice_id, _L.visit_id == visit_id)
    claims = select(_C.id).where(_C.practice_id == practice_id, _C.visit_id == visit_id)
    return _of(session, practice_id, lines.union(claims), limit)


def of_case(session: Session, practice_id: UUID, case_id: UUID, limit: int) -> tuple[ClaimLine, ...]:
    """The claims of which a line rested on an approval, the newest first."""
    lines = select(_L.claim_id).where(_L.practice_id == practice_id, _L.authorization_id == case_id)
    return _of(session, practice_id, lines, limit)


def of_patient(session: Session, practice_id: UUID, patient_id: UUID, limit: int) -> tuple[ClaimLine, ...]:
    """The claims of a patient that came last, the newest first."""
    claims = select(_C.id).where(_C.practice_id == practice_id, _C.patient_id == patient_id).order_by(_C.id.desc())
    return _of(session, practice_id, claims, limit)


def kept(session: Session, practice_id: UUID, claim_id: UUID) -> KeptClaim | None:
    """Open a claim with its lines, and with the others under its control number."""
    row = session.scalar(select(_C).where(_C.practice_id == practice_id, _C.id == claim_id))
    if row is None:
        return None
    payment, raw = json.loads(
        keyring_of(session).unseal("remittance_claim.content", practice_id, claim_id, row.content)
    )
    claim = read_claim(raw)
    links = links_of(session, practice_id, claim_id)
    others = session.execute(
        select(_C.id, _C.state, _C.paid_on)
        .where(_C.practice_id == practice_id, _C.chain == row.chain, _C.id != claim_id)
        .order_by(_C.paid_on, _C.id)
        .limit(20)
    )
    return KeptClaim(
        id=row.id,
        payment=read_payment(payment),
        claim=claim,
        state=row.state,
        to=Tie(
            row.patient_id,
            row.visit_id,
            said_in(row.said_badge, row.said_check, row.said_since),
            None if row.why is None else Why(row.why),
        ),
        lines=tuple(KeptLine(line, link) for line, link in zip(claim.lines, links, strict=True)),
        paid_on=row.paid_on,
        document_id=row.document_id,
        number=row.number,
        taken_at=row.taken_at,
        others=tuple((one[0], ClaimState(one[1]), one[2]) for one in others),
    )


def _of(session: Session, practice_id: UUID, which: Any, limit: int) -> tuple[ClaimLine, ...]:
    """Find the ids first: asked in one, SQLite would pass through all claims of the practice."""
    ids = session.scalars(which.limit(MOST_BESIDE)).all()
    statement = _listed(practice_id).where(_C.id.in_(ids)).order_by(_C.paid_on.desc(), _C.id.desc()).limit(limit)
    return tuple(_line(row) for row in session.execute(statement)) if ids else ()


def _listed(practice_id: UUID) -> Select[RemittanceClaimRow, str | None]:
    payment = and_(_R.practice_id == _C.practice_id, _R.id == _C.remittance_id)
    return select(_C, _R.payer).join(_R, payment).where(_C.practice_id == practice_id)


def _which(practice_id: UUID, query: ClaimQuery, scope: Scope) -> Sequence[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = [_C.practice_id == practice_id]
    if query.show is Show.DENIED or query.category is not None:
        where.append(_C.denied == true())
    elif query.show is Show.WAITING:
        where.append(_C.why.is_not(None))
    if query.first is not None:
        where.append(_C.paid_on >= query.first)
    if query.last is not None:
        where.append(_C.paid_on <= query.last)
    if scope.limited:
        where += sight.of_patients(practice_id, scope, _C.patient_id) or (false(),)
    return where


def _line(row: Any) -> ClaimLine:
    claim: RemittanceClaimRow = row[0]
    paid_on: date = claim.paid_on
    return ClaimLine(
        id=claim.id,
        patient_id=claim.patient_id,
        visit_id=claim.visit_id,
        paid_on=paid_on,
        begins=claim.begins,
        payer=row[1],
        charge=claim.charge,
        paid=claim.paid,
        status=claim.status,
        state=claim.state,
        categories=tuple(Category(name) for name in claim.categories),
        badge=claim.said_badge,
        check=claim.said_check,
        why=None if claim.why is None else Why(claim.why),
        denied=claim.denied,
    )
