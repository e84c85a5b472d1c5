"""What a document that was read says, in one sentence without anybody's data: for the command line."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from app.values.wording import counted

PARTS = {
    "responses": "answer",
    "requests": "request",
    "reviews": "review",
    "claims": "claim",
    "appointments": "appointment",
    "coverages": "coverage",
}
"""The list of a document that counts, and what one of it is called."""
TOLD = {"responses": "status", "reviews": "decision", "appointments": "action"}
PLACES = ("line", "segment", "pointer")


def in_words(document: Mapping[str, Any]) -> str:
    """Say what a document is and how much it holds, or why it was refused.

    Takes     an object of the reading contract, or of a refusal.
    """
    if "error" in document:
        return _refused(document["kind"], document["error"])
    named = str(document["kind"])
    number = document.get("transaction")
    listed = next((key for key in PARTS if isinstance(document.get(key), list)), None)
    said = f"{named}{f', set {number}' if number else ''}"
    return f"{said}." if listed is None else f"{said}: {_counted(listed, document[listed])}."


def _counted(key: str, items: list[Mapping[str, Any]]) -> str:
    whole = counted(len(items), PARTS[key])
    if key not in TOLD or not items:
        return whole
    numbers = Counter(str(item.get(TOLD[key]) or f"no {TOLD[key]}").replace("_", " ") for item in items)
    return f"{whole} ({', '.join(f'{number} {name}' for name, number in numbers.items())})"


def _refused(kind: str, error: Mapping[str, Any]) -> str:
    place = next((f", {name} {error[name]}" for name in PLACES if name in error), "")
    return f"refused as {error['code']}{place}{'' if kind == 'unknown' else f' ({kind})'}. {error['message']}"
