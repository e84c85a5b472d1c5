"""Answers as they are written: JSON, days and instants as text, ids in lower case."""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from app.api.rules.paging import Page, write_cursor


def plain(value: Any) -> Any:
    """Write a value as JSON has it."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in value]
    return value


def json_of(body: Mapping[str, Any]) -> bytes:
    """Write a body."""
    return json.dumps(plain(body), ensure_ascii=False, separators=(",", ":")).encode()


def page_of(asked: str, page: Page[Any], items: list[dict[str, Any]]) -> dict[str, Any]:
    """Write one page of a list. `next` null: this is the last."""
    return {"items": items, "next": None if page.after is None else write_cursor(asked, page.after)}


def digest_tag(content: bytes) -> str:
    """Name a content by an ETag."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def version_tag(version: int) -> str:
    """Name the version of a record by an ETag."""
    return f'"{version}"'


def version_in(tag: str) -> int | None:
    """Read the version that an ETag names; None when it is none of ours. A weak one names nothing for a change."""
    found = re.fullmatch(r'"(\d{1,9})"', tag.strip())
    return None if found is None else int(found[1])
