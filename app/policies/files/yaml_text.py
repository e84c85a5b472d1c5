"""YAML read by its parser's events: every scalar is text; what could surprise an author or a reader is refused.

Plain YAML turns 012 into 10, `no` into false and 12:30:00 into 45000. Here the schema alone decides types.
"""

from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from app.policies.facts.faults import Fault

MOST_BYTES = 512 * 1024
MOST_DEPTH = 24
MOST_SCALAR = 4000
_VALUES = (ScalarEvent, MappingStartEvent, SequenceStartEvent, AliasEvent)
_LOADER = getattr(yaml, "CLoader", yaml.Loader)

Path = tuple[str | int, ...]


@dataclass
class Reading:
    """A file as text values, the line of each path in it, and what was refused on the way."""

    file: str
    value: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def line_of(self, path: Path) -> int:
        """The line of a path, or of the nearest thing above it that has one."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def refuse(self, event: Event | None, key: str, found: str, remedy: str) -> None:
        """Note a fault at an event."""
        self.faults.append(Fault(self.file, line_at(event) if event is not None else 0, key, found, remedy))


def line_at(event: Event) -> int:
    """The line on which an event begins, counted from 1."""
    mark = event.start_mark
    return mark.line + 1 if mark is not None else 0


@dataclass
class _Open:
    """A mapping or sequence being read; `key` is the mapping's key that waits for its value."""

    value: dict[str, Any] | list[Any]
    path: Path
    key: str | None = None
    repeated: bool = False


def read_yaml(file: str, content: bytes) -> Reading:
    """Read a rule file into text, lists and mappings.

    Takes     the file's name for messages, and its bytes.
    Returns   a reading; `value` is None when nothing could be read. Aliases, tags, repeated keys, several documents,
              too deep, too large: all refused by name and line.
    """
    reading = Reading(file)
    if len(content) > MOST_BYTES:
        reading.refuse(None, "", f"the file has {len(content)} bytes", f"Split it: at most {MOST_BYTES} are read")
        return reading
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        reading.refuse(None, "", f"byte {error.start + 1} is not UTF-8", "Save the file as UTF-8")
        return reading
    try:
        _follow(reading, text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "it is not YAML"
        line = mark.line + 1 if mark is not None else 0
        reading.faults.append(
            Fault(file, line, "", f"cannot be read here: {problem}", "Correct the indentation or quotes")
        )
    return reading


def _follow(reading: Reading, text: str) -> None:
    stack: list[_Open] = []
    documents = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, DocumentStartEvent):
            documents += 1
            if documents > 1:
                reading.refuse(event, "", "a second document begins", "Put it into a file of its own")
                return
        elif isinstance(event, (MappingEndEvent, SequenceEndEvent)):
            stack.pop()
        elif isinstance(event, _VALUES) and not _take(reading, stack, event):
            return


def _take(reading: Reading, stack: list[_Open], event: Event) -> bool:
    """Put one value where it belongs. Returns False when reading cannot go on."""
    top = stack[-1] if stack else None
    if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
        reading.refuse(event, _key(top), "an anchor or alias (& or *)", "Write the value out")
        return False
    tag = getattr(event, "tag", None)
    if tag is not None and tag != "!":
        reading.refuse(event, _key(top), f"a tag ({tag})", "Remove it; the schema decides what a value is")
        return False
    if len(stack) >= MOST_DEPTH:
        reading.refuse(event, _key(top), f"more than {MOST_DEPTH} levels", "Flatten it")
        return False
    if isinstance(event, ScalarEvent):
        return _take_scalar(reading, top, event)
    return _open(reading, stack, top, event)


def _take_scalar(reading: Reading, top: _Open | None, event: ScalarEvent) -> bool:
    if len(event.value) > MOST_SCALAR:
        reading.refuse(event, _key(top), f"a text of {len(event.value)} characters", f"Shorten it to {MOST_SCALAR}")
        return False
    if top is not None and isinstance(top.value, dict) and top.key is None:
        top.key = event.value
        top.repeated = event.value in top.value
        if top.repeated:
            first = reading.lines[(*top.path, event.value)]
            reading.refuse(
                event, event.value, f"the key stands here again (first on line {first})", "Remove one of them"
            )
        else:
            reading.lines[(*top.path, event.value)] = line_at(event)
        return True
    _place(reading, top, event.value, event)
    return True


def _open(reading: Reading, stack: list[_Open], top: _Open | None, event: Event) -> bool:
    if top is not None and isinstance(top.value, dict) and top.key is None:
        reading.refuse(event, "", "a key that is not plain text", "Write the key as one word")
        return False
    value: dict[str, Any] | list[Any] = {} if isinstance(event, MappingStartEvent) else []
    path = _place(reading, top, value, event)
    stack.append(_Open(value, path))
    return True


def _place(reading: Reading, top: _Open | None, value: Any, event: Event) -> Path:
    line = line_at(event)
    if top is None:
        reading.value = value
        reading.lines[()] = line
        return ()
    if isinstance(top.value, list):
        top.value.append(value)
        path: Path = (*top.path, len(top.value) - 1)
        reading.lines[path] = line
        return path
    key, top.key = top.key or "", None
    path = (*top.path, key)
    if not top.repeated:
        top.value[key] = value
    return path


def _key(top: _Open | None) -> str:
    return "" if top is None or not isinstance(top.value, dict) else top.key or ""
