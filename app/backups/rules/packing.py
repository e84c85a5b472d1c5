"""Head and manifest of a backup as JSON, and back. What was read is checked: it comes out of a file."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.backups.facts.shape import FORMAT, BackupError, Counted, DamagedError, Head, Kind, Manifest, Table

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")


def pack_head(head: Head) -> bytes:
    """Write the head."""
    content = {
        "format": FORMAT,
        "revision": head.revision,
        "made_at": head.made_at.isoformat(),
        "database": head.database,
        "tables": [[one.name, [[name, kind.value] for name, kind in one.columns], one.key] for one in head.tables],
    }
    return json.dumps(content, separators=(",", ":")).encode()


def read_head(text: bytes) -> Head:
    """Read the head. Raises BackupError for a newer format, DamagedError for what no version has written."""
    try:
        content = json.loads(text)
        if content["format"] > FORMAT:
            raise BackupError("This backup was made by a newer version of Cleared; restore it with that version.")
        tables = tuple(_table(*one) for one in content["tables"])
        made_at = datetime.fromisoformat(content["made_at"])
        return Head(str(content["revision"]), made_at, str(content["database"]), tables)
    except (KeyError, TypeError, ValueError):
        raise DamagedError("The head of this file is none that Cleared has written.") from None


def _table(name: str, columns: list[list[str]], key: list[str]) -> Table:
    table = Table(name, tuple((column, Kind(kind)) for column, kind in columns), tuple(key))
    known = {column for column, _ in table.columns}
    if not all(_NAME.fullmatch(one) for one in (name, *known)) or not table.key or not set(key) <= known:
        raise ValueError("a name that is none")
    return table


def pack_manifest(manifest: Manifest) -> bytes:
    """Write the manifest."""
    content = {
        "tables": {name: [one.rows, one.digest] for name, one in manifest.tables.items()},
        "practices": manifest.practices,
        "audit": manifest.audit,
    }
    return json.dumps(content, separators=(",", ":")).encode()


def read_manifest(text: bytes) -> Manifest:
    """Read the manifest. Raises DamagedError."""
    try:
        content: Mapping[str, Any] = json.loads(text)
        tables = {str(name): Counted(int(rows), str(digest)) for name, (rows, digest) in content["tables"].items()}
        audit = {str(practice): (int(last), str(mac)) for practice, (last, mac) in content["audit"].items()}
        return Manifest(tables, tuple(map(str, content["practices"])), audit)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise DamagedError("The manifest of this file is none that Cleared has written.") from None
