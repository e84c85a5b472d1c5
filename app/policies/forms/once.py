"""What every form of a rule carries: the id under which it counts once, and the version of the rule that it showed."""

from uuid import UUID


def read_once(text: str) -> UUID | None:
    """Read the id that a form carries."""
    try:
        return UUID(text)
    except ValueError:
        return None


def read_version(text: str) -> int:
    """Read the version that a form carries; one that is cut off is no rule's."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1
