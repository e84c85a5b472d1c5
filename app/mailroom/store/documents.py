"""Documents of the trade: the only queries over them. What they hold and are called is sealed here, and opened here."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from app.mailroom.facts import Fault, Mail, MailState
from app.mailroom.models import MailDocumentRow, MailPieceRow
from app.platform.db import keyring_of
from app.platform.pieces import keep_pieces, read_pieces

_D = MailDocumentRow


def add_document(session: Session, practice_id: UUID, mail: Mail, content: bytes) -> None:
    """Keep a document and its bytes, sealed piece by piece. The database refuses bytes that are on file."""
    keyring = keyring_of(session)
    session.add(
        _D(
            practice_id=practice_id,
            id=mail.id,
            sha256=mail.sha256,
            size=mail.size,
            name=keyring.seal("mail_document.name", practice_id, mail.id, mail.name),
            via=mail.via,
            state=mail.state,
            received_at=mail.received_at,
            received_by=mail.received_by,
            touched_at=mail.received_at,
            records=0,
        )
    )
    session.flush()
    keep_pieces(session, MailPieceRow, practice_id, mail.id, content)


def document_of(session: Session, practice_id: UUID, document_id: UUID) -> Mail | None:
    """Read one document, without its bytes."""
    return next(iter(_mails(session, practice_id, _mine(practice_id).where(_D.id == document_id))), None)


def document_of_bytes(session: Session, practice_id: UUID, sha256: str) -> Mail | None:
    """Find a document by the SHA-256 of its bytes."""
    return next(iter(_mails(session, practice_id, _mine(practice_id).where(_D.sha256 == sha256))), None)


def documents(session: Session, practice_id: UUID, before: UUID | None, limit: int) -> tuple[Mail, ...]:
    """List documents, those that came last first, from behind one id."""
    wanted = _mine(practice_id) if before is None else _mine(practice_id).where(_D.id < before)
    return _mails(session, practice_id, wanted.order_by(_D.id.desc()).limit(limit))


def documents_by_id(session: Session, practice_id: UUID, ids: Sequence[UUID]) -> dict[UUID, Mail]:
    """Read some documents, at most a page of them, by their ids."""
    return {one.id: one for one in _mails(session, practice_id, _mine(practice_id).where(_D.id.in_(ids)))}


def unfinished(session: Session, practice_id: UUID, before: datetime, limit: int) -> tuple[UUID, ...]:
    """Name documents that nobody has gone on with since an instant, the oldest first."""
    open_states = (MailState.RECEIVED, MailState.FILING)
    left = (_D.practice_id == practice_id, _D.state.in_(open_states), _D.touched_at < before)
    return tuple(session.scalars(select(_D.id).where(*left).order_by(_D.id).limit(limit)))


def content_of(session: Session, practice_id: UUID, mail: Mail) -> bytes:
    """Open a document's bytes. Raises DamagedContentError when they are not those that came."""
    return read_pieces(session, MailPieceRow, practice_id, mail.id, mail.sha256)


def hold(session: Session, practice_id: UUID, document_id: UUID) -> MailState:
    """Keep others from reading a document in at once, and tell how far it has come."""
    mine = select(_D.state).where(_D.practice_id == practice_id, _D.id == document_id)
    return session.execute(mine.with_for_update()).scalar_one()


def note_read(
    session: Session, practice_id: UUID, document_id: UUID, kind: str | None, sender: str | None, records: int
) -> None:
    """Note what a document was found to be, and that its records are being filed."""
    sealed = (
        None if sender is None else keyring_of(session).seal("mail_document.sender", practice_id, document_id, sender)
    )
    cleared = {"fault": None, "sentence": None, "place": None, "place_at": None}
    _set(
        session, practice_id, document_id, state=MailState.FILING, kind=kind, sender=sealed, records=records, **cleared
    )


def note_refused(session: Session, practice_id: UUID, document_id: UUID, kind: str, fault: Fault) -> None:
    """Note why a document cannot be read."""
    keyring = keyring_of(session)
    sentence = keyring.seal("mail_document.sentence", practice_id, document_id, fault.sentence)
    where = None
    if fault.where is not None:
        where = keyring.seal("mail_document.place_at", practice_id, document_id, fault.where)
    values = {"fault": fault.code, "sentence": sentence, "place": fault.place, "place_at": where}
    _set(session, practice_id, document_id, state=MailState.REFUSED, kind=kind, records=0, **values)


def note_done(session: Session, practice_id: UUID, document_id: UUID) -> None:
    """Note that every record of a document has its outcome."""
    _set(session, practice_id, document_id, state=MailState.DONE)


def touch(session: Session, practice_id: UUID, document_id: UUID, now: datetime) -> None:
    """Note that somebody goes on with a document."""
    _set(session, practice_id, document_id, touched_at=now)


def count(session: Session, practice_id: UUID) -> int:
    """Count the documents."""
    return session.scalar(select(func.count()).select_from(_D).where(_D.practice_id == practice_id)) or 0


def _set(session: Session, practice_id: UUID, document_id: UUID, **values: Any) -> None:
    session.execute(update(_D).where(_D.practice_id == practice_id, _D.id == document_id).values(**values))


def _mine(practice_id: UUID) -> Select[Any]:
    return select(_D).where(_D.practice_id == practice_id)


def _mails(session: Session, practice_id: UUID, wanted: Select[Any]) -> tuple[Mail, ...]:
    keyring = keyring_of(session)

    def opened(row: Any, column: str) -> str | None:
        sealed = getattr(row, column)
        return None if sealed is None else keyring.unseal(f"mail_document.{column}", practice_id, row.id, sealed)

    return tuple(
        Mail(
            id=row.id,
            sha256=row.sha256,
            size=row.size,
            name=opened(row, "name") or "",
            via=row.via,
            state=row.state,
            received_at=row.received_at,
            received_by=row.received_by,
            kind=row.kind,
            sender=opened(row, "sender"),
            records=row.records,
            fault=_fault(row, opened(row, "sentence"), opened(row, "place_at")),
        )
        for row in session.scalars(wanted.execution_options(populate_existing=True))
    )


def _fault(row: Any, sentence: str | None, where: str | None) -> Fault | None:
    return None if row.fault is None else Fault(row.fault, sentence or "", row.place, where)
