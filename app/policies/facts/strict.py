"""The base of all that is read from rule files: no unknown keys, nothing changed once read, scalars typed from text."""

import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, WithJsonSchema

from app.values.spans import Duration

_UNITS = ("hour", "calendar_day", "business_day", "day", "week", "month", "year")
_LENGTH = re.compile(r"(\d{1,4}) +([a-z]+(?:[ _][a-z]+)?)")


class Strict(BaseModel):
    """A mapping of a rule file: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def read_length(value: Any) -> Any:
    """Read a length: `6 months`, `7 calendar days`, `no expiry`. Raises ValueError with the way to write it."""
    if not isinstance(value, str):
        return value
    text = value.strip().lower()
    if text in ("no expiry", "no_expiry"):
        return Duration(None, "no_expiry")
    match = _LENGTH.fullmatch(text)
    unit = match.group(2).replace(" ", "_").removesuffix("s") if match else ""
    if match is None or unit not in _UNITS or int(match.group(1)) == 0:
        raise ValueError("write a length as '6 months', '7 calendar days', '72 hours' or 'no expiry'")
    return Duration(int(match.group(1)), unit)


Text = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]*$", max_length=120)]
State = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Place = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}$")]
LooseDay = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$")]
"""A day as far as it is known: 2024, 2024-06 or 2024-06-28."""
Length = Annotated[
    Duration,
    BeforeValidator(read_length),
    WithJsonSchema({"type": "string", "examples": ["6 months", "7 calendar days", "72 hours", "no expiry"]}),
]
Number = Annotated[Decimal, WithJsonSchema({"type": ["number", "string"]})]


class Change(Strict):
    """What an earlier version said."""

    change: Text
    url: Text | None = None
