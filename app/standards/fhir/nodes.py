"""A place in a JSON document: its value with its pointer, read by type."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.standards.errors import Fault, ReadingError
from app.standards.fhir.strict_json import Figure, pointed, printable

_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(T.*)?")
_WHOLE = re.compile(r"[1-9]\d{0,8}")


@dataclass(frozen=True, slots=True)
class Node:
    """A value, its JSON pointer, and the kind of document that it is in (for what a refusal says)."""

    value: Any
    pointer: str
    kind: str

    def at(self, key: str) -> "Node":
        """Give what stands under a key; a Node of None where it is not there. Refused where this is no object."""
        if self.value is None:
            return Node(None, pointed(self.pointer, key), self.kind)
        if not isinstance(self.value, dict):
            raise self.refused("An object is expected here.")
        return Node(self.value.get(key), pointed(self.pointer, key), self.kind)

    def path(self, *keys: str) -> "Node":
        """Give what stands under several keys, one below the other."""
        here = self
        for key in keys:
            here = here.at(key)
        return here

    def each(self, key: str) -> Iterator["Node"]:
        """Give the members of a list under a key, none where it is not there. Refused where it is no list."""
        below = self.at(key)
        if below.value is None:
            return
        if not isinstance(below.value, list):
            raise below.refused("A list is expected here.")
        for at, value in enumerate(below.value):
            yield Node(value, pointed(below.pointer, at), self.kind)

    def text(self, key: str) -> str | None:
        """Give a text under a key as sent; None where it is not there or blank."""
        below = self.at(key)
        if below.value is None:
            return None
        if not isinstance(below.value, str) or isinstance(below.value, Figure):
            raise below.refused("Text is expected here.")
        return below.value if below.value.strip() else None

    def code(self, key: str, known: Iterable[str], what: str) -> str | None:
        """Give a code of a closed list under a key; None where it is not there."""
        found = self.text(key)
        if found is not None and found not in known:
            raise self.at(key).refused(f"This is no code for {what}.")
        return found

    def flag(self, key: str) -> bool | None:
        """Give a yes or no under a key; None where it is not there."""
        below = self.at(key)
        if below.value is not None and not isinstance(below.value, bool):
            raise below.refused("True or false is expected here.")
        return below.value if isinstance(below.value, bool) else None

    def figure(self, key: str) -> str | None:
        """Give a number under a key as it was written; None where it is not there."""
        below = self.at(key)
        if below.value is None:
            return None
        if not isinstance(below.value, Figure):
            raise below.refused("A number is expected here.")
        return str(below.value)

    def sequence(self, key: str) -> int | None:
        """Give a whole number from 1 under a key; None where it is not there."""
        found = self.figure(key)
        if found is None:
            return None
        if not _WHOLE.fullmatch(found):
            raise self.at(key).refused("A whole number from 1 is expected here.")
        return int(found)

    def day(self, key: str) -> str | None:
        """Give a whole day (ISO) under a key, of a date or date-time. A month or year alone is no day: refused."""
        found = self.text(key)
        if found is None:
            return None
        shaped = _DAY.fullmatch(found)
        if shaped is None or not _is_day(shaped[1]):
            raise self.at(key).refused("A whole date is expected here.")
        return shaped[1]

    def span(self) -> dict[str, str | None]:
        """Give a FHIR Period as days; refused where it ends before it begins."""
        begins, ends = self.day("start"), self.day("end")
        if begins is not None and ends is not None and ends < begins:
            raise self.refused("The period ends before it begins.")
        return {"begins": begins, "ends": ends}

    def refused(self, sentence: str) -> ReadingError:
        """Say that the value here is not what it must be. The sentence never holds the value."""
        return ReadingError(Fault.BAD_VALUE, sentence, "pointer", printable(self.pointer), self.kind)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def extensions(node: Node, *names: str) -> Iterator[Node]:
    """Give the extensions of a node whose address ends in one of the names."""
    for extension in node.each("extension"):
        if address_name(extension.text("url")) in names:
            yield extension


def extension(node: Node, *names: str) -> Node:
    """Give the first such extension, or a Node of None."""
    return next(extensions(node, *names), Node(None, node.pointer, node.kind))


def address_name(url: str | None) -> str:
    """Give the last part of an extension's address, since versions and drafts differ in what is before it."""
    return (url or "").rstrip("/").rsplit("/", 1)[-1].removesuffix(".html")


def concept_codes(concept: Node) -> list[str]:
    """Give the code of a CodeableConcept: of its first coding that has one, else its text; one at most."""
    for coding in concept.each("coding"):
        code = coding.text("code")
        if code is not None:
            return [code]
    text = concept.text("text")
    return [text] if text is not None else []


def coded_value(node: Node) -> Node:
    """Give the node with the code in it of an extension's value: CodeableConcept, Coding, code or string."""
    concept = node.at("valueCodeableConcept")
    if concept.value is not None:
        return next(iter(concept.each("coding")), concept)
    coding = node.at("valueCoding")
    return coding if coding.value is not None else node


def coded_text(node: Node, known: Iterable[str], what: str) -> str | None:
    """Give the code of an extension's value, of a closed list; None where it has none."""
    found = coded_value(node)
    for key in ("code", "valueCode", "valueString"):
        code = found.code(key, known, what)
        if code is not None:
            return code
    return None
