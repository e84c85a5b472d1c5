"""Documents, letters and packets: the only queries over them. What they say is sealed here, and opened here."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import Select, column, func, select, table, update
from sqlalchemy.orm import Session

from app.documents.facts import Cover, Document, LetterKind, LetterVersion, Packet
from app.documents.models import DocumentPieceRow, DocumentRow, LetterVersionRow, PacketRow
from app.platform.db import Uuid16, keyring_of
from app.platform.pieces import keep_pieces, read_pieces
from app.platform.rows import chunks
from app.platform.sealed import Keyring

MOST = 500
"""Documents of a patient that are listed at once."""

_CASE = table("authorization", column("practice_id", Uuid16()), column("id", Uuid16()), column("patient_id", Uuid16()))


def add_document(session: Session, practice_id: UUID, document: Document, content: bytes) -> None:
    """Keep a document and its bytes, sealed piece by piece."""
    keyring = keyring_of(session)
    session.add(
        DocumentRow(
            practice_id=practice_id,
            id=document.id,
            patient_id=document.patient_id,
            case_id=document.case_id,
            kind=document.kind,
            media=document.media,
            name=keyring.seal("document.name", practice_id, document.id, document.name),
            size=document.size,
            sha256=document.sha256,
            pages=document.pages,
            dated=document.dated,
            added_at=document.added_at,
            added_by=document.added_by,
            removed_at=document.removed_at,
            version=document.version,
        )
    )
    session.flush()
    keep_pieces(session, DocumentPieceRow, practice_id, document.id, content)


def document_of(session: Session, practice_id: UUID, document_id: UUID) -> Document | None:
    """Read one document, without its bytes; also one that was taken away."""
    return next(iter(_documents(session, practice_id, _mine(practice_id).where(DocumentRow.id == document_id))), None)


def documents_by_id(session: Session, practice_id: UUID, ids: Sequence[UUID]) -> dict[UUID, Document]:
    """Read some documents by their ids; also those that were taken away."""
    return {
        one.id: one
        for chunk in chunks(ids)
        for one in _documents(session, practice_id, _mine(practice_id).where(DocumentRow.id.in_(chunk)))
    }


def of_patient(
    session: Session, practice_id: UUID, patient_id: UUID, with_removed: bool = False
) -> tuple[Document, ...]:
    """List the documents of a patient, the newest first; those taken away only if asked for."""
    wanted = _mine(practice_id).where(DocumentRow.patient_id == patient_id)
    if not with_removed:
        wanted = wanted.where(DocumentRow.removed_at.is_(None))
    wanted = wanted.order_by(DocumentRow.added_at.desc(), DocumentRow.id.desc()).limit(MOST)
    return _documents(session, practice_id, wanted)


def content_of(session: Session, practice_id: UUID, document: Document) -> bytes:
    """Open the bytes of a document. Raises DamagedContentError when they are not those that came."""
    return read_pieces(session, DocumentPieceRow, practice_id, document.id, document.sha256)


def change_document(session: Session, practice_id: UUID, old: Document, new: Document) -> bool:
    """Write what may change of a document: kind, name, day, case, and whether it was taken away.

    Returns   False, and nothing is written, when somebody changed it since it was read.
    """
    name = keyring_of(session).seal("document.name", practice_id, new.id, new.name)
    changed = session.execute(
        update(DocumentRow)
        .where(DocumentRow.practice_id == practice_id, DocumentRow.id == old.id, DocumentRow.version == old.version)
        .values(
            kind=new.kind,
            name=name,
            dated=new.dated,
            case_id=new.case_id,
            removed_at=new.removed_at,
            version=old.version + 1,
        )
        .returning(DocumentRow.id)
    )
    return changed.one_or_none() is not None


def patient_of_case(session: Session, practice_id: UUID, case_id: UUID) -> UUID | None:
    """Tell whose case it is. The room of cases lies above this one, so that its table is named as text."""
    return session.scalar(select(_CASE.c.patient_id).where(_CASE.c.practice_id == practice_id, _CASE.c.id == case_id))


def add_letter(session: Session, practice_id: UUID, letter: LetterVersion) -> None:
    """Add a version of a letter. The database refuses a number that is there already."""
    words = keyring_of(session).seal("letter_version.words", practice_id, letter.id, letter.words)
    session.add(
        LetterVersionRow(
            practice_id=practice_id,
            id=letter.id,
            patient_id=letter.patient_id,
            case_id=letter.case_id,
            kind=letter.kind,
            number=letter.number,
            at=letter.at,
            by_id=letter.by_id,
            words=words,
        )
    )
    session.flush()


def letters_of(
    session: Session, practice_id: UUID, case_id: UUID, kind: LetterKind | None = None
) -> tuple[LetterVersion, ...]:
    """Read the versions of a case's letters, or of one of them, the newest of each kind first."""
    row = LetterVersionRow
    wanted = select(row).where(row.practice_id == practice_id, row.case_id == case_id)
    if kind is not None:
        wanted = wanted.where(row.kind == kind)
    keyring = keyring_of(session)
    return tuple(
        _letter(keyring, one) for one in session.scalars(wanted.order_by(row.kind, row.number.desc()).limit(MOST))
    )


def letter_of(session: Session, practice_id: UUID, letter_id: UUID) -> LetterVersion | None:
    """Read one version of a letter by its id."""
    row = LetterVersionRow
    found = session.scalar(select(row).where(row.practice_id == practice_id, row.id == letter_id))
    return None if found is None else _letter(keyring_of(session), found)


def latest_number(session: Session, practice_id: UUID, case_id: UUID, kind: LetterKind) -> int:
    """Tell the number of the newest version of a letter; 0 when there is none."""
    row = LetterVersionRow
    mine = (row.practice_id == practice_id, row.case_id == case_id, row.kind == kind)
    return session.scalar(select(func.max(row.number)).where(*mine)) or 0


def add_packet(session: Session, practice_id: UUID, packet: Packet) -> None:
    """Note what a packet was made of; its document is on file already."""
    session.add(
        PacketRow(
            practice_id=practice_id,
            id=packet.id,
            case_id=packet.case_id,
            letter_id=packet.letter_id,
            form=packet.form,
            payer=packet.payer,
            cover=keyring_of(session).seal("packet.cover", practice_id, packet.id, json.dumps(asdict(packet.cover))),
            parts=[str(one) for one in packet.parts],
            made_at=packet.made_at,
            made_by=packet.made_by,
        )
    )
    session.flush()


def packets_of(session: Session, practice_id: UUID, case_id: UUID) -> tuple[Packet, ...]:
    """Read the packets of a case, the newest first."""
    mine = (PacketRow.practice_id == practice_id, PacketRow.case_id == case_id)
    rows = session.scalars(select(PacketRow).where(*mine).order_by(PacketRow.id.desc()).limit(MOST))
    keyring = keyring_of(session)
    return tuple(_packet(keyring, row) for row in rows)


def last_covers(session: Session, practice_id: UUID, payer: str) -> tuple[Cover | None, Cover | None]:
    """Read the cover of the newest packet to a payer, and of the newest packet at all."""
    newest = select(PacketRow).where(PacketRow.practice_id == practice_id).order_by(PacketRow.id.desc()).limit(1)
    keyring = keyring_of(session)
    rows = [session.scalar(newest.where(PacketRow.payer == payer)), session.scalar(newest)]
    to_payer, to_any = (None if row is None else _packet(keyring, row).cover for row in rows)
    return to_payer, to_any


def document_of_bytes(session: Session, practice_id: UUID, sha256: str) -> Document | None:
    """Find a document of the practice by the SHA-256 of its bytes: for blank forms, which are nobody's."""
    wanted = _mine(practice_id).where(DocumentRow.sha256 == sha256, DocumentRow.removed_at.is_(None)).limit(1)
    return next(iter(_documents(session, practice_id, wanted)), None)


def _mine(practice_id: UUID) -> Select[Any]:
    return select(DocumentRow).where(DocumentRow.practice_id == practice_id)


def _documents(session: Session, practice_id: UUID, wanted: Select[Any]) -> tuple[Document, ...]:
    keyring = keyring_of(session)
    rows = session.scalars(wanted.execution_options(populate_existing=True))
    return tuple(
        Document(
            row.id,
            row.patient_id,
            row.kind,
            row.media,
            keyring.unseal("document.name", practice_id, row.id, row.name),
            row.size,
            row.sha256,
            row.pages,
            row.added_at,
            row.added_by,
            row.dated,
            row.case_id,
            row.removed_at,
            row.version,
        )
        for row in rows
    )


def _packet(keyring: Keyring, row: PacketRow) -> Packet:
    cover = Cover(**json.loads(keyring.unseal("packet.cover", row.practice_id, row.id, row.cover)))
    return Packet(
        row.id,
        row.case_id,
        row.payer,
        cover,
        row.made_at,
        row.made_by,
        tuple(map(UUID, row.parts)),
        row.letter_id,
        row.form,
    )


def _letter(keyring: Keyring, row: LetterVersionRow) -> LetterVersion:
    words = keyring.unseal("letter_version.words", row.practice_id, row.id, row.words)
    return LetterVersion(row.id, row.case_id, row.patient_id, row.kind, row.number, row.at, row.by_id, words)
