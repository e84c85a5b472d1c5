"""By which law a clock runs, as an answer names it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Law:
    """The rule of a legal clock: federal or state, its name, and whether nobody read its source (`memory`)."""

    basis: str
    name: str
    memory: bool = False
