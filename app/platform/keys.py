"""The keys of an installation: from a file of their own, or from the environment; never from the database.

A file's keys may change while the program runs: `LiveKeys` reads it again when it was written anew, and a keyring that
meets a value under a key id that it does not know asks the file once more.
"""

import base64
import binascii
import itertools
import json
import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from app.platform.sealed import Keyring

KEY_BYTES = 32
FEWEST_VALUES = 16  # of 256: 32 random bytes have fewer distinct ones about once in 10^13
ENVIRONMENT = "CLEARED_KEYS"
FROM_BACKUP = "put it back from your backup"


class KeyFileError(Exception):
    """The keys are missing, unsafe, not as the program wrote them, or not those of the database. Holds no key."""


@dataclass(frozen=True)
class Keys:
    """The keys of an installation: sealing and blind indexes, the audit chain, and the cookies' signatures.

    `audit` is the key that signs now, of the id `audit_id`; `older_audits` those that signed earlier segments, by id.
    `next_index` is there only while the blind indexes are made anew (`scripts/manage keys rotate --index`).
    """

    keyring: Keyring
    audit: bytes = field(repr=False)
    cookie: bytes = field(repr=False)
    audit_id: int = 1
    older_audits: Mapping[int, bytes] = field(default_factory=dict, repr=False)
    next_index: bytes | None = field(default=None, repr=False)

    @property
    def audits(self) -> dict[int, bytes]:
        """Every audit key by its id."""
        return {**self.older_audits, self.audit_id: self.audit}


@dataclass(frozen=True)
class KeyPlace:
    """Where the keys are: a file, or (`text` given) the value of CLEARED_KEYS, as JSON or base64 of it."""

    path: Path
    text: str | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """What to call it in a sentence."""
        return f"the key file {self.path}" if self.text is None else f"the setting {ENVIRONMENT}"

    def read(self) -> Keys:
        """Read and check the keys. Raises KeyFileError with what to do; its text holds no key."""
        return self.keys_of(self.content())

    def content(self) -> dict[str, Any]:
        """Read what is written there. Raises KeyFileError for a place that is missing, unsafe or damaged."""
        try:
            read = json.loads(self._written() if self.text is None else _plain(self.text))
        except FileNotFoundError:
            raise KeyFileError(f"{self.name} is missing; {FROM_BACKUP}") from None
        except (OSError, ValueError):
            raise KeyFileError(f"{self.name} cannot be read; {FROM_BACKUP}") from None
        if not isinstance(read, dict):
            raise KeyFileError(f"{self.name} cannot be read; {FROM_BACKUP}")
        return read

    def keys_of(self, content: Mapping[str, Any]) -> Keys:
        """Make keys of what is written. Raises KeyFileError for a missing, short, guessable or repeated key."""
        try:
            sealing = {int(key_id): _key(text) for key_id, text in content["sealing"].items()}
            older = {int(key_id): _key(text) for key_id, text in content.get("older_audits", {}).items()}
            current, audit_id = int(content["current"]), int(content.get("audit_id", 1))
            index, audit, cookie = (_key(content[name]) for name in ("index", "audit", "cookie"))
            coming = _key(content["next_index"]) if "next_index" in content else None
        except (KeyError, TypeError, ValueError, AttributeError):
            raise KeyFileError(
                f"{self.name} holds a missing or short key, or one that is not random; {FROM_BACKUP}"
            ) from None
        if current not in sealing or not all(0 < key_id < 256 for key_id in sealing):
            raise KeyFileError(f"{self.name} names a sealing key that it does not hold")
        every = [*sealing.values(), *older.values(), index, audit, cookie, *([coming] if coming else [])]
        if len(set(every)) != len(every) or audit_id in older:
            raise KeyFileError(f"{self.name} holds one key twice; each needs a key of its own")
        return Keys(Keyring(sealing, current, index, self.sealing), audit, cookie, audit_id, older, coming)

    def sealing(self) -> Mapping[int, bytes]:
        """The sealing keys by id as they are written now; none where they cannot be read."""
        try:
            return self.read().keyring.sealing
        except KeyFileError:
            return {}

    def _written(self) -> str:
        mode = self.path.stat().st_mode
        if mode & 0o077:
            raise KeyFileError(f"others on this machine may read the key file {self.path}; run: chmod 600 {self.path}")
        if not stat.S_ISREG(mode):
            raise KeyFileError(f"{self.name} is not a file; {FROM_BACKUP}")
        return self.path.read_text(encoding="ascii")


class LiveKeys:
    """The keys of a place as they are now. A file that was written anew is read again; a broken one changes nothing."""

    def __init__(self, place: KeyPlace) -> None:
        """Read the place. Raises KeyFileError."""
        self.place = place
        self._lock = Lock()
        self._mark = self._marked()
        self._keys = place.read()

    def now(self) -> Keys:
        """The keys now. What a file says of a key id that is known already is believed only if it is the same key."""
        mark = self._marked()
        if mark is not None and mark != self._mark:
            with self._lock:
                self._read_again(mark)
        return self._keys

    def _marked(self) -> tuple[int, int, int] | None:
        if self.place.text is not None:
            return None
        try:
            found = os.stat(self.place.path)
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino, found.st_size

    def _read_again(self, mark: tuple[int, int, int]) -> None:
        try:
            fresh = self.place.read()
        except KeyFileError:
            return
        old, new = self._keys.keyring.sealing, fresh.keyring.sealing
        if all(new[key_id] == key for key_id, key in old.items() if key_id in new):
            self._keys, self._mark = fresh, mark


def make_keys(path: Path) -> bool:
    """Write a new key file, unless there is one. Returns whether it was made. Two makers never mix their keys."""
    if path.exists():
        return False
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = _drafted(path, new_content())
    try:
        os.link(draft, path)  # fails when another process was first: its keys stand
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True


def write_keys(path: Path, content: Mapping[str, Any]) -> None:
    """Replace a key file in one step, so that a reader sees the old one or the new one, and a crash leaves either."""
    draft = _drafted(path, content)
    os.replace(draft, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def new_content() -> dict[str, Any]:
    """Make the content of a new key file."""
    return {
        "sealing": {"1": random_key()},
        "current": 1,
        "index": random_key(),
        "audit": random_key(),
        "audit_id": 1,
        "cookie": random_key(),
    }


def read_keys(path: Path, text: str | None = None) -> Keys:
    """Read the key file, or the text of CLEARED_KEYS. Raises KeyFileError with what to do; its text holds no key."""
    return KeyPlace(path, text).read()


def random_key() -> str:
    """Make a key, as it is written."""
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def _drafted(path: Path, content: Mapping[str, Any]) -> Path:
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        json.dump(content, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    return draft


def _plain(text: str) -> str:
    """The JSON of a setting: as it is, or out of base64."""
    if text.lstrip().startswith("{"):
        return text
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode("ascii")
    except (binascii.Error, UnicodeDecodeError):
        raise ValueError("neither JSON nor base64") from None


def _key(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    steps = {(after - before) % 256 for before, after in itertools.pairwise(key)}
    typed = all(32 <= byte < 127 for byte in key)  # 32 random bytes are all printable once in 10^13
    if len(key) != KEY_BYTES or len(set(key)) < FEWEST_VALUES or len(steps) < FEWEST_VALUES or typed:
        raise ValueError("short, repeating, counted up or typed")
    return key
