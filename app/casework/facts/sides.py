"""What is on file of the request that a payer's answer is held against."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class OnFile:
    """The payer's key, the id under which it was addressed, the member ids of the request, and its patient."""

    payer: str
    payer_id: str | None
    members: tuple[str, ...]
    birth_date: date | None
    last_name: str
