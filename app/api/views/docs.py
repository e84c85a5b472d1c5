"""The description of the API as a page shows it: made of the description itself, so that the two never differ."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.api.facts.problems import STATUS, Kind

_SHAPES = "#/components/schemas/"
_ORDER = ("Token", "Visits", "Patients", "Coverages", "Authorizations", "Rules", "Imports", "Alerts")


@dataclass(frozen=True, slots=True)
class Row:
    """One parameter or field: name, type in words, whether it must be sent, and what it is."""

    name: str
    type: str
    needed: bool
    words: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: status, what it means, and the name of its shape."""

    status: str
    words: str
    shape: str | None


@dataclass(frozen=True, slots=True)
class Call:
    """One operation."""

    key: str
    method: str
    address: str
    title: str
    words: str
    scope: str
    parameters: list[Row]
    body: str | None
    answers: list[Answer]


@dataclass(frozen=True, slots=True)
class Shape:
    """One object: its name, what it is, its fields; of a closed list its values."""

    name: str
    words: str
    fields: list[Row]
    values: list[str]


@dataclass(frozen=True, slots=True)
class Docs:
    """The page."""

    about: str
    groups: list[tuple[str, list[Call]]]
    shapes: list[Shape]
    problems: list[tuple[str, int, str]]


def docs_page(spec: Mapping[str, Any]) -> Docs:
    """Put the description into what the page shows."""
    groups: dict[str, list[Call]] = {}
    for address, item in spec["paths"].items():
        for method, described in item.items():
            groups.setdefault(described["tags"][0], []).append(_call(address, method, described))
    ordered = sorted(groups.items(), key=lambda one: _ORDER.index(one[0]))
    shapes = [_shape(name, schema) for name, schema in sorted(spec["components"]["schemas"].items())]
    problems = [(kind.value, *STATUS[kind]) for kind in Kind]
    return Docs(spec["info"]["description"], ordered, shapes, problems)


def _call(address: str, method: str, described: Mapping[str, Any]) -> Call:
    scopes = described["security"][0]["token"]
    content = described.get("requestBody", {}).get("content", {})
    json_body = content.get("application/json")
    body = _type(json_body["schema"]) if json_body else ", ".join(content) or None
    return Call(
        described["operationId"],
        method.upper(),
        address,
        described["summary"],
        described.get("description", ""),
        scopes[0] if scopes else "any token",
        [_parameter(one) for one in described["parameters"]],
        body,
        list(_answers(described["responses"])),
    )


def _parameter(one: Mapping[str, Any]) -> Row:
    words = one.get("description") or one["schema"].get("description", "")
    return Row(one["name"], f"{_type(one['schema'])}, {one['in']}", bool(one.get("required")), words)


def _answers(responses: Mapping[str, Any]) -> Iterator[Answer]:
    for status, response in sorted(responses.items()):
        schemas = [content.get("schema", {}) for content in response.get("content", {}).values()]
        yield Answer(status, response["description"], _type(schemas[0]) if schemas else None)


def _shape(name: str, schema: Mapping[str, Any]) -> Shape:
    needed = schema.get("required", ())
    fields = [
        Row(field, _type(one), field in needed, one.get("description", ""))
        for field, one in schema.get("properties", {}).items()
    ]
    return Shape(short(name), schema.get("description", ""), fields, [str(one) for one in schema.get("enum", ())])


def short(name: str) -> str:
    """Name a shape without those that it was found in."""
    return name.rsplit(".", 1)[-1]


def _type(schema: Mapping[str, Any]) -> str:
    """Say a type in words: `text`, `list of Item`, `day or null`."""
    if "$ref" in schema:
        return short(schema["$ref"].removeprefix(_SHAPES))
    if "anyOf" in schema:
        return " or ".join(_type(one) for one in schema["anyOf"])
    if "enum" in schema or "const" in schema:
        return "one of " + ", ".join(map(str, schema.get("enum", [schema.get("const")])))
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    words = {"date": "day", "date-time": "instant", "uuid": "id", "binary": "file"}
    plain = {"string": "text", "integer": "whole number", "boolean": "true or false", "object": "object"}
    return words.get(schema.get("format", "")) or plain.get(schema.get("type", ""), schema.get("type", "any value"))
