"""A list of cases as a file."""

from dataclasses import dataclass
from enum import StrEnum


class Format(StrEnum):
    """What kind of file."""

    CSV = "csv"
    XLSX = "xlsx"


MOST_ROWS = 5000
"""Cases in one file at most."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of words: its header and rows. `cut`: there are more cases than fit into one file."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    cut: bool
