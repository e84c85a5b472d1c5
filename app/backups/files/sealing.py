"""A sealed file: chunks of AES-256-GCM under a key of this file alone, so that no byte of it can change unseen.

Layout: a line that names the format, a line of JSON (key id, salt, proof of the key), then chunks of 1 MiB, each with
its tag. The key comes by HKDF-SHA-256 from the sealing key and the salt. A chunk's nonce is its number and whether it
is the last (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015), its AAD the digest of both lines:
so chunks that were changed, moved, left out or added do not open, and a file that was cut has no last chunk.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from typing import BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.backups.facts.shape import BackupError, DamagedError
from app.platform.sealed import Keyring

MAGIC = b"CLEARED BACKUP 1\n"
CHUNK = 1024 * 1024
TAG = 16
_LONGEST_LINE = 1024


class Writable(Protocol):
    """What a sealed file is written to."""

    def write(self, content: bytes, /) -> int:
        """Write."""


class SealedWriter:
    """Seals what is written to it, chunk by chunk, into a file. Without `close` the file has no end and never opens."""

    def __init__(self, file: Writable, keyring: Keyring) -> None:
        """Begin: write the two lines."""
        salt = os.urandom(32)
        key, proof = _key_of(keyring, keyring.current, salt)
        line = json.dumps({"key": keyring.current, "salt": salt.hex(), "proof": proof}).encode() + b"\n"
        self._file, self._cipher = file, AESGCM(key)
        self._aad = hashlib.sha256(MAGIC + line).digest()
        self._waiting, self._number = bytearray(), 0
        file.write(MAGIC + line)

    def write(self, content: bytes) -> None:
        """Seal more. The last chunk waits, since only `close` knows that it is the last."""
        self._waiting += content
        while len(self._waiting) > CHUNK:
            self._seal(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]

    def close(self) -> None:
        """Seal the last chunk; the file itself stays open."""
        self._seal(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _seal(self, content: bytes, last: bool) -> None:
        self._file.write(self._cipher.encrypt(nonce_of(self._number, last), content, self._aad))
        self._number += 1


def nonce_of(number: int, last: bool) -> bytes:
    """The nonce of a chunk: its number, and whether it is the last."""
    return number.to_bytes(11, "big") + bytes([last])


def opened_chunks(file: BinaryIO, keyring: Keyring) -> Iterator[bytes]:
    """Open a sealed file chunk by chunk. What was given out is as it was written, even if a later chunk is not.

    Raises    BackupError for another file or another key; DamagedError as soon as a chunk does not open.
    """
    magic, line = file.readline(_LONGEST_LINE), file.readline(_LONGEST_LINE)
    if magic != MAGIC:
        raise BackupError("This file is no backup of Cleared, or its first bytes were changed.")
    cipher, aad = AESGCM(_key_for(line, keyring)), hashlib.sha256(magic + line).digest()
    number, chunk = 0, file.read(CHUNK + TAG)
    while True:
        following = file.read(CHUNK + TAG)
        try:
            yield cipher.decrypt(nonce_of(number, last=not following), chunk, aad)
        except (InvalidTag, ValueError):
            where = "its end is missing or was changed" if not following else f"part {number + 1} of it was changed"
            raise DamagedError(f"This backup is damaged: {where}. Use another one.") from None
        if not following:
            return
        number, chunk = number + 1, following


def _key_for(line: bytes, keyring: Keyring) -> bytes:
    try:
        content = json.loads(line)
        key_id, salt, proof = int(content["key"]), bytes.fromhex(content["salt"]), content["proof"]
        key, mine = _key_of(keyring, key_id, salt)
    except (ValueError, TypeError):
        raise DamagedError("This backup is damaged: its second line was changed. Use another one.") from None
    except KeyError:
        key, mine, proof = b"", "", None
    if proof != mine:
        raise BackupError(
            "This backup does not open with the keys of this installation. Put the key file of its time in place, "
            "then try again."
        )
    return key


def _key_of(keyring: Keyring, key_id: int, salt: bytes) -> tuple[bytes, str]:
    """The key of one file, and what proves it without telling it."""
    derived = HKDF(algorithm=SHA256(), length=40, salt=salt, info=b"cleared backup 1").derive(keyring.sealing[key_id])
    return derived[:32], derived[32:].hex()
