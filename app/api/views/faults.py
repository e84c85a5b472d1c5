"""What is wrong with values that were sent, in sentences that say how to write them. No sentence quotes a value."""

from typing import Any

from pydantic import ValidationError

_SENTENCES = {
    "missing": "Send a value.",
    "extra_forbidden": "There is no such field. Leave it out.",
    "string_type": "Send a text.",
    "int_type": "Send a whole number.",
    "int_parsing": "Send a whole number.",
    "int_from_float": "Send a whole number.",
    "bool_type": "Send true or false.",
    "list_type": "Send a list.",
    "tuple_type": "Send a list.",
    "dict_type": "Send an object.",
    "model_type": "Send an object.",
    "model_attributes_type": "Send an object.",
    "enum": "Send one of: {expected}.",
    "literal_error": "Send one of: {expected}.",
    "string_too_short": "Send at least {min_length} characters.",
    "string_too_long": "Send at most {max_length} characters.",
    "too_short": "Send at least {min_length}.",
    "too_long": "Send at most {max_length}.",
    "greater_than_equal": "Send a number of at least {ge}.",
    "less_than_equal": "Send a number of at most {le}.",
    "string_pattern_mismatch": "Write it as the description of the API says.",
}


def sentences_of(error: ValidationError) -> dict[str, str]:
    """Give a sentence for each value that cannot be taken, by its place; `body` is the content as a whole."""
    faults = error.errors(include_url=False, include_input=False)
    return {".".join(str(part) for part in one["loc"]) or "body": _sentence(one) for one in faults}


def _sentence(fault: Any) -> str:
    given = fault.get("ctx", {})
    if fault["type"] == "value_error":
        return str(given["error"])  # one of our own checks: its text is a sentence
    words = _SENTENCES.get(fault["type"], "Write it as the description of the API says.")
    return words.format(**given)
