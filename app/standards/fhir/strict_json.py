"""JSON read strictly: what two readers could understand differently is refused, with its place."""

import json
import re
from collections.abc import Iterator
from typing import Any

from app.standards.errors import Fault, ReadingError

MAX_DEPTH = 60
"""FHIR nests about twenty deep. Deeper is hostile, and would exhaust whoever walks it."""

MAX_FIGURE = 40
"""Signs of a number, as it is written."""

_TEXT_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_NOT_TEXT = re.compile("[\x00\ud800-\udfff]")


class Figure(str):
    """A number exactly as it was written, since `1.50` and `1.5` are not the same to whoever counts units."""

    __slots__ = ()


class _Twice(dict[str, Any]):
    """An object that names a key twice; `key` is the first such key."""

    key = ""


class _Constant:
    """NaN or Infinity, which JSON does not have."""


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    seen: set[str] = set()
    twice = _Twice(made)
    for key, _ in pairs:
        if key in seen:
            twice.key = key
            break
        seen.add(key)
    return twice


_DECODER = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_int=Figure, parse_float=Figure, parse_constant=lambda _: _Constant()
)


def documents(content: bytes) -> list[Any]:
    """Read one JSON document, or one a line (NDJSON); numbers become Figure.

    Raises    ReadingError: empty, not_text, bad_json (line, or pointer for keys named twice, NaN and depth) or
              bad_value (pointer: a number of more than 40 signs, text with half a character or a zero).
    """
    text = decoded(content)
    if not text.strip():
        raise ReadingError(Fault.EMPTY, "The document is empty.")
    found = [_parsed(text)] if not _by_lines(text) else list(_lines(text))
    for value in found:
        _walked(value)
    return found


def decoded(content: bytes) -> str:
    """Give the text of a document: UTF-8, or UTF-16 where it says so. Raises ReadingError not_text."""
    encoding = next((name for mark, name in _TEXT_MARKS if content.startswith(mark)), "utf-8")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise ReadingError(Fault.NOT_TEXT, "The document is not text in UTF-8.") from error


def pointed(pointer: str, key: str | int) -> str:
    """Add a step to a JSON pointer (RFC 6901)."""
    return f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}"


def _by_lines(text: str) -> bool:
    """Say whether every document stands on a line of its own: the first line is a whole object and others follow."""
    first, _, rest = text.strip().partition("\n")
    return bool(rest.strip()) and first.rstrip().endswith("}") and _whole(first)


def _whole(line: str) -> bool:
    try:
        return isinstance(_DECODER.decode(line), dict)
    except (ValueError, RecursionError):
        return False


def _lines(text: str) -> Iterator[Any]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield _parsed(line, number)


def _parsed(text: str, first_line: int = 1) -> Any:
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        line = first_line + error.lineno - 1
        raise ReadingError(Fault.BAD_JSON, _why(error), "line", line, "json") from None
    except RecursionError:
        raise ReadingError(
            Fault.BAD_JSON, "The document nests deeper than any document of the trade.", "line", first_line, "json"
        ) from None


def _why(error: json.JSONDecodeError) -> str:
    if error.msg == "Extra data":
        return "More text follows after the end of the JSON document."
    if error.pos >= len(error.doc.rstrip()):
        return "The JSON document ends before it is complete."
    return "The text is not JSON from here on."


def _walked(value: Any) -> None:
    """Refuse what the grammar lets pass: iterative, since the depth is what is checked."""
    waiting: list[tuple[Any, str, int]] = [(value, "", 1)]
    while waiting:
        here, pointer, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise _bad(Fault.BAD_JSON, "The document nests deeper than any document of the trade.", pointer)
        if isinstance(here, dict):
            _check_keys(here, pointer)
            waiting.extend((below, pointed(pointer, key), depth + 1) for key, below in here.items())
        elif isinstance(here, list):
            waiting.extend((below, pointed(pointer, at), depth + 1) for at, below in enumerate(here))
        else:
            _check_leaf(here, pointer)


def _check_keys(here: dict[str, Any], pointer: str) -> None:
    if isinstance(here, _Twice):
        raise _bad(Fault.BAD_JSON, "The same key stands twice in one object.", pointed(pointer, here.key))
    if any(_NOT_TEXT.search(key) for key in here):
        raise _bad(Fault.BAD_VALUE, "A key holds what is no text.", pointer)


def _check_leaf(here: Any, pointer: str) -> None:
    if isinstance(here, _Constant):
        raise _bad(Fault.BAD_JSON, "NaN and Infinity are no JSON.", pointer)
    if isinstance(here, Figure):
        if len(here) > MAX_FIGURE:
            raise _bad(Fault.BAD_VALUE, f"The number has more than {MAX_FIGURE} signs.", pointer)
    elif isinstance(here, str) and _NOT_TEXT.search(here):
        raise _bad(Fault.BAD_VALUE, "The text holds half a character or a zero sign.", pointer)


def _bad(fault: Fault, sentence: str, pointer: str) -> ReadingError:
    return ReadingError(fault, sentence, "pointer", printable(pointer), "json")


def printable(pointer: str) -> str:
    """Give a pointer that can be written out: half characters of keys become question marks, long ones are cut."""
    return _NOT_TEXT.sub("?", pointer)[:500]
