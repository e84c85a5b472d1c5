"""What sealing costs a page: the same requests with the cipher, and with the cipher replaced by a copy, turn by turn.

The copy gives back what the cipher gave for the same bytes before, so that all but the deciphering is the same.
"""

from statistics import median
from time import perf_counter
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from flask import Flask
from flask.testing import FlaskClient

TURNS = 60
MOST_SLOWER = 15.0  # percent


class CopyCipher:
    """Deciphers, and on demand only copies what it deciphered before. Counts how often it was asked."""

    def __init__(self, real: AESGCMSIV) -> None:
        self.real, self.copying, self.asked = real, False, 0
        self.known: dict[bytes, bytes] = {}

    def decrypt(self, nonce: bytes, data: bytes, aad: bytes | None) -> bytes:
        """Give the plain bytes."""
        self.asked += 1
        if self.copying and data in self.known:
            return bytes(memoryview(self.known[data]))
        plain = self.known[data] = self.real.decrypt(nonce, data, aad)
        return plain

    def encrypt(self, nonce: bytes, data: bytes, aad: bytes | None) -> bytes:
        """Seal: pages that only show hardly do."""
        return self.real.encrypt(nonce, data, aad)


def cost_of_sealing(app: Flask, client: FlaskClient, address: str, turns: int = TURNS) -> dict[str, Any]:
    """Open a page with and without the cipher, turn by turn. Gives both medians, and how much slower the cipher is."""
    ciphers: dict[int, Any] = app.extensions["cleared_keys"].now().keyring.ciphers
    real = dict(ciphers)
    copies = {key_id: CopyCipher(cipher) for key_id, cipher in real.items()}
    ciphers.update(copies)
    took: dict[bool, list[float]] = {False: [], True: []}
    try:
        client.get(address)  # what it opens is known from now on
        opened = sum(one.asked for one in copies.values())
        for turn in range(2 * turns):
            copying = turn % 2 == 1
            for one in copies.values():
                one.copying = copying
            began = perf_counter()
            client.get(address)
            took[copying].append(perf_counter() - began)
    finally:
        ciphers.update(real)
    with_cipher, with_copy = (1000 * median(took[copying]) for copying in (False, True))
    slower = 100 * (with_cipher / with_copy - 1)
    return {
        "cipher_ms": round(with_cipher, 2),
        "copy_ms": round(with_copy, 2),
        "slower_percent": round(slower, 1),
        "opened": opened,
        "within": slower <= MOST_SLOWER,
    }
