"""Direct identifiers at rest: sealed with AES-GCM-SIV, found again by a blind index.

A sealed value is bound to its table, column, practice and row (the AAD), so that a value copied to another row does not
open. Layout: key id (1 byte), nonce (12), ciphertext with tag. Keys come from the key file, never from the database.
"""

import hmac
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from app.values.members import MemberKey, member_forms


class Sealed(bytes):
    """A sealed value as it is stored. Plain text cannot be bound to a sealed column by mistake."""

    def __repr__(self) -> str:
        return "Sealed(...)"


class UnsealError(Exception):
    """A sealed value does not open here: another key, another row, or a changed byte."""


@dataclass(frozen=True)
class Keyring:
    """The keys: `sealing` by key id (1 to 255), the id that seals now, and the key of the blind indexes.

    `written` reads the sealing keys anew where they are kept: asked when a value names a key id that came since.
    """

    sealing: Mapping[int, bytes] = field(repr=False)
    current: int
    index_key: bytes = field(repr=False)
    written: Callable[[], Mapping[int, bytes]] | None = field(default=None, repr=False, compare=False)

    def __reduce__(self) -> tuple[type["Keyring"], tuple[Any, ...]]:
        """Hand the keys, not the ciphers made of them, to a process of our own."""
        return Keyring, (dict(self.sealing), self.current, self.index_key, self.written)

    @cached_property
    def ciphers(self) -> dict[int, AESGCMSIV]:
        """One cipher for each key id."""
        return {key_id: AESGCMSIV(key) for key_id, key in self.sealing.items()}

    def seal(self, column: str, practice_id: UUID, row_id: UUID, text: str) -> Sealed:
        """Seal a text for one column (`patient.last_name`) of one row."""
        return self.seal_bytes(column, practice_id, row_id, text.encode())

    def seal_bytes(self, column: str, practice_id: UUID, row_id: UUID, content: bytes) -> Sealed:
        """Seal bytes for one column (`import_draft.content`) of one row."""
        nonce = os.urandom(12)
        aad = column.encode() + practice_id.bytes + row_id.bytes
        return Sealed(bytes([self.current]) + nonce + self.ciphers[self.current].encrypt(nonce, content, aad))

    def unseal(self, column: str, practice_id: UUID, row_id: UUID, sealed: bytes) -> str:
        """Open a sealed text. Raises UnsealError, which never holds the value."""
        return self.unseal_bytes(column, practice_id, row_id, sealed).decode()

    def unseal_bytes(self, column: str, practice_id: UUID, row_id: UUID, sealed: bytes) -> bytes:
        """Open sealed bytes. Raises UnsealError, which never holds the value."""
        aad = column.encode() + practice_id.bytes + row_id.bytes
        try:
            cipher = self.ciphers.get(sealed[0]) or self._cipher_that_came(sealed[0])
            return cipher.decrypt(sealed[1:13], sealed[13:], aad)
        except (InvalidTag, KeyError, IndexError, ValueError):
            raise UnsealError(f"a value of {column} does not open with the keys of this installation") from None

    def _cipher_that_came(self, key_id: int) -> AESGCMSIV:
        """Make the cipher of a key that was added since this keyring was read. Raises KeyError when there is none."""
        came = self.written() if self.written is not None else {}
        self.ciphers[key_id] = AESGCMSIV(came[key_id])
        return self.ciphers[key_id]

    def blind(self, purpose: str, practice_id: UUID, text: str) -> bytes:
        """Index a text for exact match: the same text of one purpose and practice gives the same 16 bytes."""
        message = purpose.encode() + b"\0" + practice_id.bytes + text.encode()
        return hmac.digest(self.index_key, message, "sha256")[:16]

    def member_key(self, practice_id: UUID, member_id: str) -> MemberKey:
        """Make the blind indexes by which member ids are compared."""
        forms = member_forms(member_id)
        whole = self.blind("member", practice_id, forms.whole)
        base = whole if forms.base == forms.whole else self.blind("member", practice_id, forms.base)
        cut = whole if forms.cut == forms.whole else self.blind("member", practice_id, forms.cut)
        return MemberKey(whole, base, cut)
