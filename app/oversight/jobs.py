"""What oversight does by itself."""

from app.oversight.actions import watching
from app.platform.caller import Caller


def flag_unusual_reading(caller: Caller) -> int:
    """Look through new audit lines for reading that stands out, for a person to review. Returns how many are new."""
    return watching.flag_unusual_reading(caller)
