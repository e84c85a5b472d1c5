"""From text to typed rules: the schema's refusals in an author's words, with the line."""

from functools import cache
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from app.policies.facts.clocks import ClocksFile
from app.policies.facts.drugs import DrugsFile
from app.policies.facts.families import FamiliesFile
from app.policies.facts.faults import Fault
from app.policies.facts.gold_card import GoldCardFile
from app.policies.facts.grid import (
    CodesFile,
    GridFile,
    ModifiersFile,
    RoutineFile,
    ScoresFile,
    ServicesFile,
)
from app.policies.facts.language import PayerFile, TopicFile
from app.policies.facts.words import WordsFile
from app.policies.files.yaml_text import Reading

SCHEMAS: dict[str, type[BaseModel]] = {
    "payer/1": PayerFile,
    "rules/1": TopicFile,
    "grid/1": GridFile,
    "services/1": ServicesFile,
    "drugs/1": DrugsFile,
    "scores/1": ScoresFile,
    "routine/1": RoutineFile,
    "clocks/1": ClocksFile,
    "families/1": FamiliesFile,
    "gold_card/1": GoldCardFile,
    "modifiers/1": ModifiersFile,
    "codes/1": CodesFile,
    "words/1": WordsFile,
}
_REMEDIES = {
    "missing": ("is missing", "Add it"),
    "date_from_datetime_parsing": ("is no date", "Write it as 2026-03-01"),
    "date_parsing": ("is no date", "Write it as 2026-03-01"),
    "int_parsing": ("is no whole number", "Write digits only"),
    "decimal_parsing": ("is no number", "Write digits, with a point for decimals"),
    "bool_parsing": ("is neither yes nor no", "Write yes or no"),
    "model_type": ("should hold keys and values", "Indent its keys under it"),
    "model_attributes_type": ("should hold keys and values", "Indent its keys under it"),
    "dict_type": ("should hold keys and values", "Indent its keys under it"),
    "tuple_type": ("should be a list", "Begin each entry with '- ' on a line of its own"),
    "string_type": ("should be a text", "Write one value, not a list or keys"),
    "too_short": ("is empty", "Give at least one entry, or remove the key"),
    "string_too_short": ("is empty", "Write a text, or remove the key"),
    "string_too_long": ("is too long", "Shorten it"),
    "string_pattern_mismatch": ("is not written as it should be", "See the form in payer_policies/README.md"),
}


def typed(reading: Reading) -> BaseModel | None:
    """Give a reading its types by its `schema`. Faults are added to the reading; None when there are any."""
    schema = reading.value.get("schema") if isinstance(reading.value, dict) else None
    model = SCHEMAS.get(schema) if isinstance(schema, str) else None
    if model is None:
        if not reading.faults:
            found = f"the schema is {schema!r}" if schema else "there is no key 'schema'"
            remedy = f"Write on the first line 'schema:' and one of {', '.join(SCHEMAS)}"
            reading.faults.append(Fault(reading.file, 1, "schema", found, remedy))
        return None
    try:
        result = model.model_validate(reading.value)
    except ValidationError as error:
        reading.faults += faults_in(reading, model, error)
        return None
    return None if reading.faults else result


def faults_in(
    reading: Reading, model: type[BaseModel], error: ValidationError, within: tuple[str | int, ...] = ()
) -> list[Fault]:
    """What the schema refused, in an author's words; `within`: where in the file the model's values stand."""
    details = error.errors(include_url=False)
    return [_fault(reading, model, detail, within) for detail in details if not _follows(detail, details)]


def _fault(reading: Reading, model: type[BaseModel], detail: ErrorDetails, within: tuple[str | int, ...]) -> Fault:
    path = tuple(step for step in detail["loc"] if not _is_union_label(step))
    key = next((str(step) for step in reversed(path) if isinstance(step, str)), "")
    found, remedy = _words(model, path, detail)
    place = (*within, *path)
    return Fault(reading.file, reading.line_of(place), key, _rule_named(reading, place) + found, remedy)


def _follows(detail: ErrorDetails, details: list[ErrorDetails]) -> bool:
    """A list that is empty only because its entries were refused."""
    place = detail["loc"]
    inside = (other["loc"] for other in details if len(other["loc"]) > len(place))
    return detail["type"] == "too_short" and any(other[: len(place)] == place for other in inside)


def _rule_named(reading: Reading, path: tuple[str | int, ...]) -> str:
    """The rule in which a fault lies, by its id or its place."""
    if len(path) < 2 or path[0] != "rules" or not isinstance(path[1], int):
        return ""
    said = reading.value["rules"][path[1]]
    name = said.get("id") if isinstance(said, dict) else None
    return f"rule {name if isinstance(name, str) else path[1] + 1}: "


def _words(model: type[BaseModel], path: tuple[str | int, ...], detail: ErrorDetails) -> tuple[str, str]:
    kind = detail["type"]
    if kind == "extra_forbidden":
        keys = ", ".join(_keys_at(model, path[:-1])) or "described in payer_policies/README.md"
        return f"unknown key '{path[-1]}'", f"The keys here are {keys}"
    if kind == "value_error":
        return _two_parts(detail["msg"].removeprefix("Value error, "))
    if kind in ("literal_error", "enum"):
        expected = detail.get("ctx", {}).get("expected", "a word of the list")
        return f"'{detail['input']}' is not one of its words", f"Write {expected}"
    found, remedy = _REMEDIES.get(kind, (detail["msg"], "Correct it"))
    shown = f"'{detail['input']}' " if isinstance(detail["input"], str) and kind != "missing" else ""
    return f"{shown}{found}", remedy


def _two_parts(message: str) -> tuple[str, str]:
    found, _, remedy = message.partition("; ")
    remedy = remedy or "Correct it"
    return found, remedy[0].upper() + remedy[1:]


def _is_union_label(step: str | int) -> bool:
    return isinstance(step, str) and (step.startswith(("literal", "date", "function-", "nullable", "lax-")))


@cache
def _names(model: type[BaseModel]) -> tuple[str, ...]:
    return tuple(sorted(field.alias or name for name, field in model.model_fields.items()))


def _keys_at(model: type[BaseModel], path: tuple[Any, ...]) -> tuple[str, ...]:
    """The keys that a mapping at a path may have."""
    here: Any = model
    for step in path:
        here = _inner(here, step)
        if here is None:
            return ()
    return _names(here) if isinstance(here, type) and issubclass(here, BaseModel) else ()


def _inner(here: Any, step: str | int) -> Any:
    """The model one step further in; lists and mappings of models are stepped through."""
    if not (isinstance(here, type) and issubclass(here, BaseModel)):
        return None
    if isinstance(step, int):
        return here
    for name, field in here.model_fields.items():
        if (field.alias or name) == step:
            return _model_in(field.annotation, here)
    return here


def _model_in(annotation: Any, owner: type[BaseModel]) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in getattr(annotation, "__args__", ()):
        found = _model_in(part, owner)
        if found is not None:
            return found
    return owner if type(annotation).__name__ == "ForwardRef" else None
