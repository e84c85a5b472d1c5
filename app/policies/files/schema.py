"""The JSON Schema of rule files, for editors: names keys and values as a person types them.

An editor reads YAML by its own rules: `11` is a number there, `yes` may be a text or a truth. The loader reads every
scalar as text and decides by its models; the schema therefore lets each be written either way.
"""

from typing import Any

from app.policies.files.typed import SCHEMAS


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of every kind of rule file; its `schema` key decides which one holds."""
    kinds = {schema: schema.partition("/")[0] for schema in SCHEMAS}
    parts = {
        kinds[schema]: model.model_json_schema(ref_template=f"#/$defs/{kinds[schema]}/$defs/{{model}}")
        for schema, model in SCHEMAS.items()
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Payer rule files",
        "type": "object",
        "required": ["schema"],
        "properties": {"schema": {"enum": list(SCHEMAS)}},
        "allOf": [
            {"if": {"properties": {"schema": {"const": schema}}}, "then": {"$ref": f"#/$defs/{kind}"}}
            for schema, kind in kinds.items()
        ],
        "$defs": {name: _as_typed(part) for name, part in parts.items()},
    }


def _as_typed(part: Any) -> Any:
    """A part of a schema for what a person types: texts of digits without quotes, truths as yes and no."""
    if isinstance(part, list):
        return [_as_typed(one) for one in part]
    if not isinstance(part, dict):
        return part
    changed = {key: _as_typed(value) for key, value in part.items()}
    kind = part.get("type")
    if kind == "boolean":
        return {key: value for key, value in changed.items() if key not in ("type", "default")} | {
            "enum": ["yes", "no", True, False]
        }
    if kind == "string" and "enum" not in part and "const" not in part:
        changed["type"] = ["string", "number"]
    if kind == "integer":
        changed["type"] = ["integer", "string"]
    return changed
