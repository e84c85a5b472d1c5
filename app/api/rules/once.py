"""How a request under a key is known again, without keeping the key or what was asked."""

import hashlib
import hmac
import json
import re

from app.api.facts.once import Answered, Once

_KEY = re.compile(r"[A-Za-z0-9_.:~-]{16,128}")


def is_key(text: str) -> bool:
    """Say whether a text may be a key: 16 to 128 letters, digits and `_.:~-`."""
    return _KEY.fullmatch(text) is not None


def once_of(secret: str, key: str, method: str, address: str, content: bytes, condition: str) -> Once:
    """Name a request.

    Takes     the token's secret; the key; what is asked: method, address, content, and If-Match.
    Returns   blind indexes made with the secret, which only the program has: the database alone tells nothing of what
              was asked, and no rotation of our keys makes a request unknown.
    """
    made_of = json.dumps([method, address, hashlib.sha256(content).hexdigest(), condition]).encode()
    return Once(_blind(secret, b"key:" + key.encode()), _blind(secret, b"request:" + made_of))


def _blind(secret: str, message: bytes) -> bytes:
    return hmac.digest(secret.encode(), message, "sha256")[:16]


def pack(answer: Answered) -> str:
    """Write an answer as one text, to be sealed."""
    return json.dumps([answer.body, dict(answer.headers)], separators=(",", ":"))


def unpack(status: int, text: str) -> Answered:
    """Read what `pack` wrote."""
    body, headers = json.loads(text)
    return Answered(status, body, headers)
