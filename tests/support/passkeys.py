"""An authenticator for tests that shares no code with the program, and lies where it is told to."""

import base64
import hashlib
import json
import struct
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def text_of(content: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _cbor(value: Any) -> bytes:
    if isinstance(value, int):
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, bytes):
        return _head(2, len(value)) + value
    if isinstance(value, str):
        return _head(3, len(value)) + value.encode()
    return _head(5, len(value)) + b"".join(_cbor(key) + _cbor(one) for key, one in value.items())


def _head(kind: int, number: int) -> bytes:
    if number < 24:
        return bytes([kind << 5 | number])
    return bytes([kind << 5 | 24, number]) if number < 256 else bytes([kind << 5 | 25]) + struct.pack(">H", number)


@dataclass
class Authenticator:
    """One passkey at one place. Change `origin`, `host` or `flags` to let it lie."""

    origin: str = "http://localhost"
    host: str = "localhost"
    flags: int = PRESENT | VERIFIED
    count: int = 0
    id: bytes = b"passkey-of-a-test"
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def make(self, challenge: str) -> str:
        """Answer that a passkey was made, as JSON."""
        point = self.key.public_key().public_numbers()
        cose = _cbor({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")})
        told = self._told(ATTESTED) + bytes(16) + struct.pack(">H", len(self.id)) + self.id + cose
        made = _cbor({"fmt": "none", "attStmt": {}, "authData": told})
        return self._answer("webauthn.create", challenge, {"attestationObject": text_of(made)})

    def show(self, challenge: str) -> str:
        """Answer that the passkey is shown, as JSON."""
        self.count += 1
        told, client = self._told(0), self._client("webauthn.get", challenge)
        signature = self.key.sign(told + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        shown = {"authenticatorData": text_of(told), "signature": text_of(signature)}
        return self._answer("webauthn.get", challenge, shown)

    def _told(self, more: int) -> bytes:
        return hashlib.sha256(self.host.encode()).digest() + struct.pack(">BI", self.flags | more, self.count)

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _answer(self, kind: str, challenge: str, response: dict[str, str]) -> str:
        client = {"clientDataJSON": text_of(self._client(kind, challenge))}
        told = {"id": text_of(self.id), "rawId": text_of(self.id), "type": "public-key", "response": client | response}
        return json.dumps(told)
