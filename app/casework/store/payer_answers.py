"""Requests sent to payers by a document, and the answers that did their work: the only queries over them."""

from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.casework.facts.payer_answers import KeptAnswer, PayerRequest
from app.casework.models.payer_answers import PayerAnswerRow, PayerRequestRow
from app.platform.db import keyring_of
from app.platform.sealed import Keyring, Sealed

_Q, _A = PayerRequestRow, PayerAnswerRow
MOST = 100
"""Cases that were sent under one reference, at most."""


def note_trace(session: Session, practice_id: UUID, request: PayerRequest) -> bool:
    """Note that a case went to its payer under a trace; in the transaction that moves the case to submitted.

    Returns   False, and nothing is written, where the trace is on file already (a request sent twice).
    """
    if case_by_trace(session, practice_id, request.trace) is not None:
        return False
    keyring = keyring_of(session)

    def sealed(column: str, text: str | None) -> Sealed | None:
        return None if text is None else keyring.seal(f"payer_request.{column}", practice_id, request.id, text)

    reference = request.reference
    session.add(
        _Q(
            practice_id=practice_id,
            id=request.id,
            case_id=request.case_id,
            channel=request.channel,
            trace=sealed("trace", request.trace),
            trace_key=_key(keyring, practice_id, "trace", request.trace),
            reference=sealed("reference", reference),
            reference_key=None if reference is None else _key(keyring, practice_id, "reference", reference),
            payer_id=sealed("payer_id", request.payer_id),
            sent_at=request.sent_at,
        )
    )
    session.flush()
    return True


def case_by_trace(session: Session, practice_id: UUID, trace: str) -> PayerRequest | None:
    """Find what was sent to a payer under a trace."""
    key = _key(keyring_of(session), practice_id, "trace", trace)
    return next(iter(_requests(session, practice_id, _mine(practice_id).where(_Q.trace_key == key))), None)


def cases_by_reference(session: Session, practice_id: UUID, reference: str) -> tuple[PayerRequest, ...]:
    """Find what was sent to payers under the reference of an exchange."""
    key = _key(keyring_of(session), practice_id, "reference", reference)
    return _requests(session, practice_id, _mine(practice_id).where(_Q.reference_key == key).limit(MOST))


def requests_of(session: Session, practice_id: UUID, case_id: UUID) -> tuple[PayerRequest, ...]:
    """Read under which traces a case went to its payer, the latest first."""
    mine = _mine(practice_id).where(_Q.case_id == case_id)
    return _requests(session, practice_id, mine.order_by(_Q.sent_at.desc(), _Q.id.desc()).limit(MOST))


def digest_of(session: Session, practice_id: UUID, text: str) -> bytes:
    """Make the blind index by which an answer is known again."""
    return keyring_of(session).blind("payer_answer.digest", practice_id, text)


def kept(session: Session, practice_id: UUID, case_id: UUID, digest: bytes) -> bool:
    """Say whether an answer that says the same did its work on a case."""
    mine = (_A.practice_id == practice_id, _A.case_id == case_id, _A.digest == digest)
    return session.scalar(select(_A.id).where(*mine)) is not None


def keep(session: Session, practice_id: UUID, answer: KeptAnswer, digest: bytes) -> None:
    """Keep that an answer did its work on a case."""
    session.add(
        _A(
            practice_id=practice_id,
            id=answer.id,
            case_id=answer.case_id,
            digest=digest,
            document_id=answer.document_id,
            number=answer.number,
            answer=answer.answer,
            at=answer.at,
            event_id=answer.event_id,
        )
    )
    session.flush()


def answers_of(session: Session, practice_id: UUID, case_id: UUID) -> tuple[KeptAnswer, ...]:
    """Read which documents answered a case, the latest first."""
    mine = select(_A).where(_A.practice_id == practice_id, _A.case_id == case_id)
    rows = session.scalars(mine.order_by(_A.at.desc(), _A.id.desc()).limit(MOST))
    return tuple(
        KeptAnswer(row.id, row.case_id, row.document_id, row.number, row.answer, row.at, row.event_id) for row in rows
    )


def _key(keyring: Keyring, practice_id: UUID, what: str, text: str) -> bytes:
    return keyring.blind(f"payer_request.{what}", practice_id, text.strip().upper())


def _mine(practice_id: UUID) -> Select[PayerRequestRow]:
    return select(_Q).where(_Q.practice_id == practice_id)


def _requests(session: Session, practice_id: UUID, wanted: Select[PayerRequestRow]) -> tuple[PayerRequest, ...]:
    keyring = keyring_of(session)

    def opened(row: PayerRequestRow, column: str) -> str | None:
        sealed = getattr(row, column)
        return None if sealed is None else keyring.unseal(f"payer_request.{column}", practice_id, row.id, sealed)

    return tuple(
        PayerRequest(
            row.id,
            row.case_id,
            row.channel,
            opened(row, "trace") or "",
            row.sent_at,
            opened(row, "reference"),
            opened(row, "payer_id"),
        )
        for row in session.scalars(wanted)
    )
