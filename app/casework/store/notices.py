"""Payers' notices of exemption: the only queries over them."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.casework.facts.gold_cards import Notice
from app.casework.models.denials import ExemptionNoticeRow
from app.platform.db import keyring_of

_N = ExemptionNoticeRow
_SHOWN = (
    _N.id,
    _N.rule_id,
    _N.payer,
    _N.npis,
    _N.letter_on,
    _N.name,
    _N.media,
    _N.size,
    _N.sha256,
    _N.added_at,
    _N.added_by,
)


def add(session: Session, practice_id: UUID, notice: Notice, content: bytes) -> None:
    """Add a notice, its name and bytes sealed."""
    keyring = keyring_of(session)
    session.add(
        _N(
            practice_id=practice_id,
            id=notice.id,
            rule_id=notice.rule_id,
            payer=notice.payer,
            npis=list(notice.npis),
            letter_on=notice.letter_on,
            name=keyring.seal("exemption_notice.name", practice_id, notice.id, notice.name),
            media=notice.media,
            size=notice.size,
            sha256=notice.sha256,
            content=keyring.seal_bytes("exemption_notice.content", practice_id, notice.id, content),
            added_at=notice.added_at,
            added_by=notice.added_by,
        )
    )
    session.flush()


def listed(session: Session, practice_id: UUID) -> tuple[Notice, ...]:
    """List the notices on file, newest first, without their bytes."""
    keyring = keyring_of(session)
    rows = session.execute(select(*_SHOWN).where(_N.practice_id == practice_id).order_by(_N.id.desc()))
    return tuple(
        Notice(
            row.id,
            row.rule_id,
            row.payer,
            tuple(row.npis),
            row.letter_on,
            keyring.unseal("exemption_notice.name", practice_id, row.id, row.name),
            row.media,
            row.size,
            row.sha256,
            row.added_at,
            row.added_by,
        )
        for row in rows
    )


def content_of(session: Session, practice_id: UUID, notice_id: UUID) -> bytes | None:
    """Open the bytes of a notice; None: there is none of this id."""
    sealed = session.scalar(select(_N.content).where(_N.practice_id == practice_id, _N.id == notice_id))
    if sealed is None:
        return None
    return keyring_of(session).unseal_bytes("exemption_notice.content", practice_id, notice_id, sealed)
