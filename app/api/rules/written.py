"""How values are written in requests and answers: strict, so that nothing is read two ways."""

import re
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StrictBool,
    StrictInt,
    StringConstraints,
    WithJsonSchema,
)

_DAY = re.compile(r"(19|20)\d\d-\d\d-\d\d|2100-\d\d-\d\d")
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
DAY_PATTERN = r"^(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}$|^2100-[0-9]{2}-[0-9]{2}$"
ID_PATTERN = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
TEXT_PATTERN = r"^[^\x00-\x1f\x7f-\x9f]*[^\x00-\x20\x7f-\xa0][^\x00-\x1f\x7f-\x9f]*$"
WORDS_PATTERN = r"^[^\x00-\x08\x0b-\x1f\x7f]*$"


def read_iso_day(value: Any) -> Any:
    """Read a day: `2026-12-01`, from 1900 to 2100, and no other way of writing it."""
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("Write the day as 2026-12-01, from 1900-01-01 to 2100-12-31.")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError("There is no such day. Write it as 2026-12-01.") from None


def read_id(value: Any) -> Any:
    """Read an id as the API writes it: 32 lower-case digits in five groups."""
    if isinstance(value, UUID):
        return value
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise ValueError("Write the id as the API gave it, in lower case with dashes.")
    return UUID(value)


def read_number(value: Any) -> Any:
    """Read a whole number of a query: digits only."""
    if isinstance(value, str):
        if not re.fullmatch(r"[0-9]{1,6}", value):
            raise ValueError("Send a whole number.")
        return int(value)
    return value


def read_text(text: str) -> str:
    """Read a text of one line: single spaces, none around it."""
    found = " ".join(text.split())
    if not found:
        raise ValueError("Send a text, or leave it out.")
    return found


Day = Annotated[
    date,
    BeforeValidator(read_iso_day),
    WithJsonSchema({"type": "string", "format": "date", "pattern": DAY_PATTERN}),
]
"""A day, `2026-12-01`."""
Id = Annotated[
    UUID, BeforeValidator(read_id), WithJsonSchema({"type": "string", "format": "uuid", "pattern": ID_PATTERN})
]
"""An id of ours. It says nothing."""
Number = Annotated[int, BeforeValidator(read_number)]
"""A whole number in a query."""
Text = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=TEXT_PATTERN), AfterValidator(read_text)]
"""A text of one line, at most 100 characters; spaces around it are dropped."""
Words = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=WORDS_PATTERN)]
"""A text of several lines."""
Whole = StrictInt
Yes = StrictBool
Instant = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
"""An instant with its offset from UTC."""


class Sent(BaseModel):
    """What a request holds. A field that is not named is refused, not passed over."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=False)


class Given(BaseModel):
    """What an answer holds. Programs must let pass what they do not know: fields may be added."""

    model_config = ConfigDict(populate_by_name=True)
