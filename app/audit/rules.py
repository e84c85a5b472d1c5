"""What an audit line may hold, and the chain that shows a changed, removed or moved line."""

import enum
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from uuid import UUID

from app.audit.facts import AuditEntry, AuditError

ZERO_MAC = bytes(32)
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:#/+-]{0,79}")

Detail = int | UUID | str | None


def clean_details(details: Mapping[str, Detail]) -> dict[str, int | str]:
    """Check the details of a line: numbers, ids, choices of our lists and single words of the program.

    Takes     details by name; None is left out. Never give what a person typed: a line holds no PHI.
    Returns   them as they are stored.
    Raises    AuditError for anything else; its text names the detail, never the value.
    """
    clean: dict[str, int | str] = {}
    for name, value in details.items():
        if value is None:
            continue
        stored = value.value if isinstance(value, enum.Enum) else value
        if isinstance(stored, UUID):
            stored = stored.hex
        if not isinstance(stored, int) and not _WORD.fullmatch(stored):
            raise AuditError(f"audit detail '{name}' must be a number, an id or one word of the program")
        clean[name] = stored
    return clean


def mac_of(key: bytes, practice_id: UUID, before: bytes, entry: AuditEntry) -> bytes:
    """Compute the chained MAC (HMAC-SHA-256) of a line.

    Takes     the audit key; the practice; the MAC of the line before (32 zero bytes for the first); the line.
    Returns   32 bytes that change when any field, the order or a line before it changes.
    """
    content = [
        practice_id.hex,
        entry.id.hex,
        entry.sequence,
        entry.at.isoformat(),
        None if entry.user_id is None else entry.user_id.hex,
        entry.via,
        entry.action,
        [subject.hex for subject in entry.subjects],
        dict(entry.details),
    ]
    message = json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
    return hmac.new(key, before + message, hashlib.sha256).digest()
