"""The key file: random keys made once on this machine, kept outside the database, readable by their owner only."""

import base64
import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from app.platform.sealed import Keyring

KEY_BYTES = 32


class KeyFileError(Exception):
    """The key file is missing, unsafe or not as the program wrote it."""


@dataclass(frozen=True)
class Keys:
    """The keys of an installation: sealing and blind indexes, the audit chain, and the cookies' signatures."""

    keyring: Keyring
    audit: bytes = field(repr=False)
    cookie: bytes = field(repr=False)


def make_keys(path: Path) -> bool:
    """Write a new key file, unless there is one. Returns whether it was made. Two makers never mix their keys."""
    if path.exists():
        return False
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    content = {
        "sealing": {"1": _random()},
        "current": 1,
        "index": _random(),
        "audit": _random(),
        "cookie": _random(),
    }
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(content, indent=1), encoding="ascii")
    try:
        os.link(draft, path)  # fails when another process was first: its keys stand
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True


def read_keys(path: Path) -> Keys:
    """Read the key file. Raises KeyFileError with what to do; its text holds no key."""
    try:
        mode = path.stat().st_mode
        content = json.loads(path.read_text(encoding="ascii"))
    except FileNotFoundError:
        raise KeyFileError(f"the key file {path} is missing; put it back from your backup") from None
    except (OSError, ValueError):
        raise KeyFileError(f"the key file {path} cannot be read; put it back from your backup") from None
    if mode & 0o077:
        raise KeyFileError(f"others on this machine may read the key file {path}; run: chmod 600 {path}")
    try:
        sealing = {int(key_id): _key(text) for key_id, text in content["sealing"].items()}
        current = int(content["current"])
        keyring = Keyring(sealing, current, _key(content["index"]))
        keys = Keys(keyring, _key(content["audit"]), _key(content["cookie"]))
    except (KeyError, TypeError, ValueError, AttributeError):
        raise KeyFileError(f"the key file {path} holds a missing or short key; put it back from your backup") from None
    if current not in sealing or not all(0 < key_id < 256 for key_id in sealing):
        raise KeyFileError(f"the key file {path} names a sealing key that it does not hold")
    return keys


def _random() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def _key(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != KEY_BYTES or len(set(key)) < 8:  # 32 random bytes have fewer than 8 values once in 10^50 or so
        raise ValueError("short key")
    return key
