"""The table of doors: who may open which address by which method (doors.yaml), read strictly."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from app.policies.facts.faults import Fault
from app.policies.files.yaml_text import Reading, read_yaml
from app.practice.facts.staff import Role
from app.practice.rules.fields import Field

TABLE = Path(__file__).with_name("doors.yaml")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
EVERYBODY, STRANGERS, TOKENS, NOBODY = "everybody", "strangers", "tokens", "nobody"
GROUPS = (EVERYBODY, STRANGERS, TOKENS, NOBODY)
WORD, NONE = "word", "none"
_KEYS = frozenset({"view", "open", "object", "fresh", "sight", "form"})
_FLAGS = {"fresh": "true", "sight": "whole", "form": "signed"}
_NAMES = re.compile(r"<(?:([a-z]+)(?:\([^)]*\))?:)?([a-z_]+)>")


class DoorsError(Exception):
    """The table of doors cannot be read; the program does not start. Its text names every fault with its line."""


@dataclass(frozen=True, slots=True)
class Door:
    """One address and method: the endpoint that answers, and who may open it.

    `roles` or `group` (one of GROUPS) say who; `objects` holds the kind of each id in the address, by its name there.
    `fresh`: asks for a fresh proof. `whole`: only for whoever sees the whole practice. `signed`: its forms come from no
    page of ours.
    """

    method: str
    address: str
    view: str
    roles: frozenset[Role]
    group: str | None
    objects: tuple[tuple[str, str], ...]
    fresh: bool = False
    whole: bool = False
    signed: bool = False

    def __str__(self) -> str:
        return f"{self.method} {self.address}"


@dataclass(frozen=True)
class Doors:
    """The table: rows by method and address, and which roles read which field of a patient."""

    rows: Mapping[tuple[str, str], Door]
    fields: Mapping[Field, frozenset[Role]] = field(default_factory=dict)

    def at(self, method: str, address: str | None) -> Door | None:
        """The row of a request; HEAD is a GET without its body. None: nothing is written down, so nothing opens."""
        return self.rows.get(("GET" if method == "HEAD" else method, address or ""))

    def without_form_token(self) -> frozenset[str]:
        """The endpoints whose forms come from no page of ours, and so without a token of ours."""
        return frozenset(door.view for door in self.rows.values() if door.signed or door.group == TOKENS)


@cache
def doors() -> Doors:
    """The program's table. Raises DoorsError."""
    return read_doors(TABLE.name, TABLE.read_bytes())


def read_doors(file: str, content: bytes) -> Doors:
    """Read a table of doors.

    Takes     a name for messages; the file's bytes.
    Raises    DoorsError, which names every fault with its line and remedy.
    """
    reading = read_yaml(file, content)
    whole = reading.value if isinstance(reading.value, dict) else {}
    if set(whole) != {"doors", "fields"} or not all(isinstance(part, dict) for part in whole.values()):
        _refuse(reading, (), "the table does not hold `doors` and `fields`", "Write both, each with its rows")
        raise _error(reading)
    found = [_door(reading, key, row) for key, row in whole["doors"].items()]
    rows = {(door.method, door.address): door for door in found if door is not None}
    fields = {Field(key): _who(reading, ("fields", key), who)[0] for key, who in whole["fields"].items() if _is(key)}
    if set(whole["fields"]) != set(Field):
        _refuse(reading, ("fields",), "these are not all fields, or others", f"Write {', '.join(Field)}")
    if reading.faults:
        raise _error(reading)
    return Doors(MappingProxyType(rows), MappingProxyType(fields))


def _is(key: str) -> bool:
    return key in set(Field)


def _error(reading: Reading) -> DoorsError:
    return DoorsError("\n".join(str(fault) for fault in reading.faults))


def _refuse(reading: Reading, path: tuple[str | int, ...], found: str, remedy: str) -> None:
    reading.faults.append(Fault(reading.file, reading.line_of(path), str(path[-1]) if path else "", found, remedy))


def _door(reading: Reading, key: str, row: Any) -> Door | None:
    path = ("doors", key)
    method, _, address = key.partition(" ")
    if method not in METHODS or not address.startswith("/"):
        _refuse(reading, path, "this is no method and address", "Write it as: GET /visits/<uuid:visit_id>")
        return None
    if not isinstance(row, dict) or not {"view", "open", "object"} <= set(row) <= _KEYS:
        _refuse(reading, path, "the row lacks a key or has another", "Write view, open, object; fresh, sight, form")
        return None
    for flag, word in _FLAGS.items():
        if row.get(flag, word) != word:
            _refuse(reading, (*path, flag), "this word is not known", f"Write {flag}: {word}, or leave it out")
    roles, group = _who(reading, (*path, "open"), row["open"])
    objects = _objects(reading, path, address, row["object"])
    marks = (row.get("fresh") == "true", row.get("sight") == "whole", row.get("form") == "signed")
    return Door(method, address, str(row["view"]), roles, group, objects, *marks)


def _who(reading: Reading, path: tuple[str | int, ...], who: Any) -> tuple[frozenset[Role], str | None]:
    if isinstance(who, str) and who in GROUPS:
        return frozenset(), who
    known = set(Role)
    if not isinstance(who, list) or not who or not all(one in known for one in who) or len(set(who)) < len(who):
        _refuse(reading, path, "these are no roles", f"List roles ({', '.join(Role)}), or write {', '.join(GROUPS)}")
        return frozenset(), NOBODY
    return frozenset(map(Role, who)), None


def _objects(reading: Reading, path: tuple[str | int, ...], address: str, said: Any) -> tuple[tuple[str, str], ...]:
    names = names_in(address)
    kinds = [] if said == NONE else said if isinstance(said, list) else [said]
    if len(kinds) != len(names) or not all(isinstance(kind, str) for kind in kinds):
        _refuse(
            reading, (*path, "object"), f"the address holds {len(names)} ids", "Name the kind of each, in their order"
        )
        return ()
    return tuple(zip(names, kinds, strict=True))


def names_in(address: str) -> tuple[str, ...]:
    """The names of the ids in an address, in their order; a choice among fixed words is none."""
    return tuple(name for converter, name in _NAMES.findall(address) if converter != "any")


def kinds_in(rows: Iterable[Door]) -> frozenset[str]:
    """The kinds of object that rows name, but for plain words."""
    return frozenset(kind for door in rows for _name, kind in door.objects) - {WORD}
