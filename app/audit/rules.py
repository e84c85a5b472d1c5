"""What an audit line may hold, and the chain that shows a changed, removed or moved line."""

import enum
import hmac
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from uuid import UUID

from app.audit.facts import OLD_FORM, AuditEntry, AuditError, Head

ZERO_MAC = bytes(32)
BETWEEN, NOTHING = "\x1f", "\x1e"
"""What stands between the parts of a line's text, and for a part that is empty. No part may hold either."""

LONGEST_REASON = 500
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:#/+-]{0,79}")
_SOURCE = re.compile(r"[0-9A-Za-z.:%_-]{1,64}")
_OLD = f"{OLD_FORM}{BETWEEN}".encode()

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


def clean_source(source: str | None) -> str | None:
    """Check a network address: at most 64 letters, digits, dots and colons. Raises AuditError without repeating it."""
    if source is not None and not _SOURCE.fullmatch(source):
        raise AuditError("the network address of an audit line is not one")
    return source


def name_of_browser(key: bytes, browser: UUID | None) -> UUID | None:
    """Name a signed-in browser or a token so that its lines are told apart, and the name opens nothing."""
    if browser is None:
        return None
    return UUID(bytes=hmac.digest(key, b"browser" + browser.bytes, "sha256")[:16])


def mac_of_reason(key: bytes, practice_id: UUID, entry_id: UUID, reason: str) -> bytes:
    """Bind a reason to its line by what it says, so that it may be sealed anew under another key. 32 bytes."""
    return hmac.digest(key, b"reason" + practice_id.bytes + entry_id.bytes + reason.encode(), "sha256")


def text_of(practice_id: UUID, entry: AuditEntry) -> str:
    """Write a line as the text that its MAC is over: what the database renders of the row (models.LINE_TEXT)."""
    parts = (
        str(entry.form),
        str(entry.key_id),
        practice_id.hex,
        entry.id.hex,
        str(entry.sequence),
        f"{entry.at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}",
        None if entry.user_id is None else entry.user_id.hex,
        entry.via,
        entry.action,
        json.dumps([subject.hex for subject in entry.subjects], separators=(",", ":")),
        json.dumps(dict(entry.details), sort_keys=True, separators=(",", ":"), ensure_ascii=False),
        entry.source,
        None if entry.under is None else entry.under.hex,
        None if entry.reason_mac is None else entry.reason_mac.hex(),
    )
    return BETWEEN.join(NOTHING if part is None else part for part in parts)


def mac_of(key: bytes, practice_id: UUID, before: bytes, entry: AuditEntry) -> bytes:
    """Compute the chained MAC (HMAC-SHA-256) of a line.

    Takes     the audit key; the practice; the MAC of the line before (32 zero bytes for the first); the line.
    Returns   32 bytes that change when any field, the order or a line before it changes.
    """
    return mac_of_text(key, before, text_of(practice_id, entry).encode())


def mac_of_text(key: bytes, before: bytes, text: bytes) -> bytes:
    """Compute the chained MAC of a line from its text. Never raises: a text of no form gets a MAC that nobody wrote."""
    message = _old_message(text.decode(errors="replace")) if text[:2] == _OLD else text
    return hmac.digest(key, before + message, "sha256")


def _old_message(text: str) -> bytes:
    """Make of a line's text what the MAC of the first form was over: JSON, without what lines did not have then."""
    parts = text.split(BETWEEN)
    try:
        _form, _key_id, practice, line, sequence, at, user, via, action, subjects, details, *later = parts
        if later != [NOTHING] * 3:
            return b""
        instant = datetime.fromisoformat(at).replace(tzinfo=UTC).isoformat()
        who = None if user == NOTHING else user
        content = [practice, line, int(sequence), instant, who, via, action, json.loads(subjects), json.loads(details)]
    except ValueError:
        return b""
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()


def head_line(key: bytes, before: str, head: Head) -> str:
    """Write the end of a chain as a line of the file outside: practice, day, sequence, MAC, and a seal over all before.

    Takes     the audit key; the file's last line (empty for the first); the head.
    """
    told = f"{head.practice_id.hex} {head.day.isoformat()} {head.sequence} {head.mac.hex()}"
    return f"{told} {hmac.digest(key, f'head {before} {told}'.encode(), 'sha256').hex()}"


def read_heads(key: bytes, lines: list[str]) -> Iterator[Head | None]:
    """Read the lines of the file outside, in order. None for a line that this program did not write so."""
    before = ""
    for line in lines:
        yield _head(key, before, line)
        before = line


def _head(key: bytes, before: str, line: str) -> Head | None:
    try:
        practice, day, sequence, mac, _seal = line.split(" ")
        head = Head(UUID(hex=practice), date.fromisoformat(day), int(sequence), bytes.fromhex(mac))
    except ValueError:
        return None
    return head if hmac.compare_digest(head_line(key, before, head), line) else None
