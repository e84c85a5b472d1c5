"""The bytes of a document from outside, kept sealed in pieces, so that a large one never lies in memory twice."""

import hashlib
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.platform.db import keyring_of
from app.platform.ids import new_id

PIECE = 2**20


class DamagedContentError(Exception):
    """The bytes on file are not those that came: they no longer have their SHA-256."""


def keep_pieces(session: Session, table: type[Any], practice_id: UUID, document_id: UUID, content: bytes) -> None:
    """Write the bytes of a document, sealed piece by piece.

    Takes     `table`: a model of pieces, with practice_id, id, document_id, place and the sealed `content`.
    """
    keyring = keyring_of(session)
    for place, start in enumerate(range(0, len(content), PIECE)):
        piece_id, piece = new_id(), content[start : start + PIECE]
        sealed = keyring.seal_bytes(f"{table.__tablename__}.content", practice_id, piece_id, piece)
        row = table(practice_id=practice_id, id=piece_id, document_id=document_id, place=place, content=sealed)
        session.add(row)
        session.flush()
        session.expunge(row)


def read_pieces(session: Session, table: type[Any], practice_id: UUID, document_id: UUID, sha256: str) -> bytes:
    """Open the bytes of a document. Raises DamagedContentError when they are not those that came."""
    keyring, name = keyring_of(session), f"{table.__tablename__}.content"
    rows = session.execute(
        select(table.id, table.content)
        .where(table.practice_id == practice_id, table.document_id == document_id)
        .order_by(table.place)
    )
    content = b"".join(keyring.unseal_bytes(name, practice_id, row.id, row.content) for row in rows)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise DamagedContentError
    return content
