"""Lengths, numbers and keys in words; and criteria by the names that situations of rules call them by, in keys."""

from decimal import Decimal

from app.policies.facts.criteria import Bounds, Node, Score, Trial
from app.values.spans import Duration


def say_length(length: Duration) -> str:
    """`6 months`, `1 year`, `no end`."""
    if length.value is None:
        return "no end"
    return f"{length.value} {length.unit.replace('_', ' ')}{'' if length.value == 1 else 's'}"


def say_key(key: str) -> str:
    """A key as words: `moderate_to_severe` is `moderate to severe`."""
    return key.replace("_", " ")


def name_list(keys: tuple[str, ...], last: str = "or") -> str:
    """`a, b or c`."""
    words = [say_key(key) for key in keys]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def say_number(value: Decimal | str) -> str:
    """A number without needless zeros; a grade as it is."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def say_bounds(bounds: Bounds | Score, unit: str = "") -> str:
    """`at least 10 and at most 20`; the unit follows each number."""
    words = (("gte", "at least"), ("gt", "more than"), ("lte", "at most"), ("lt", "under"))
    numbers = [(word, getattr(bounds, name)) for name, word in words]
    said = [f"{word} {say_number(number)}{unit}" for word, number in numbers if number is not None]
    return " and ".join(said)


def name_tree(node: Node) -> str:
    """A whole node in words."""
    if node.all is not None:
        return "; and ".join(name_tree(part) for part in node.all)
    if node.any is not None:
        return "any of: " + "; or ".join(name_tree(part) for part in node.any)
    if node.not_ is not None:
        return "not: " + name_tree(node.not_)
    if node.of is not None:
        return f"at least {node.at_least} of: " + "; ".join(name_tree(part) for part in node.of)
    return _say_leaf(node)


def _say_leaf(node: Node) -> str:
    (kind,) = node.model_fields_set
    value = getattr(node, kind)
    if isinstance(value, str):
        return {"severity": "severity ", "meets_policy": "meets another policy: "}.get(kind, "") + say_key(value)
    if isinstance(value, Trial):
        return _say_trial(value)
    if isinstance(value, tuple):
        return f"{_TUPLES[kind]} {name_list(value)}"
    if isinstance(value, (Bounds, Score)):
        name = say_key(getattr(value, "name", kind))
        unit = getattr(value, "unit", None)
        return f"{name} {say_bounds(value)}" + (f" {unit}s" if unit else "")
    return _say_other(kind, value)


_TUPLES = {
    "contraindication_to": "contraindication to",
    "not_combined_with": "not together with",
    "evidence_not_accepted": "not accepted as evidence:",
}


def _say_other(kind: str, value: object) -> str:
    words = say_key(kind)
    details: list[str] = []
    for name in type(value).model_fields:  # type: ignore[attr-defined]
        part = getattr(value, name)
        if part is None:
            continue
        if name == "consultation_counts":
            details.append("a consultation counts too" if part else "a consultation does not count")
            continue
        said = _say_value(part)
        details.append(said if name in _BARE else f"{say_key(name)} {said}")
    return f"{words}: {', '.join(details)}" if details else words


_BARE = ("any_of", "of", "name", "specialty_any_of", "event", "measures", "note")


def _say_value(part: object) -> str:
    if isinstance(part, bool):
        return "yes" if part else "no"
    if isinstance(part, tuple):
        return name_list(part)
    if isinstance(part, Duration):
        return say_length(part)
    return say_number(part) if isinstance(part, Decimal) else say_key(str(part))


def _say_trial(trial: Trial) -> str:
    what = name_list(trial.of)
    number = "" if trial.count == 1 else f"{trial.count} of "
    said = [f"{number}{what}: {name_list(trial.accept)}"]
    if trial.potency_at_least:
        said.append(f"{say_key(trial.potency_at_least)} potency or stronger")
    if trial.min_duration:
        said.append(f"for {say_length(trial.min_duration)}" + (" in a row" if trial.consecutive_days else ""))
    if trial.within:
        said.append(f"in the last {say_length(trial.within)}")
    if trial.contraindication_scope:
        said.append(f"contraindication to {trial.contraindication_scope}")
    if trial.evidence:
        said.append(f"shown by {trial.evidence}")
    if trial.note:
        said.append(trial.note)
    return "trial of " + ", ".join(said)
