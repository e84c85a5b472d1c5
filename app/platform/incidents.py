"""What broke, without any value in it: exception texts may quote data, so only types and places are written down."""

import secrets
import traceback


def new_incident() -> str:
    """Make the number that a person reads out and that the log holds."""
    return secrets.token_hex(4)


def describe(error: BaseException) -> str:
    """Say what broke and where: the kinds of the errors and the lines of code, never their texts."""
    parts: list[str] = []
    current: BaseException | None = error
    while current is not None:
        places = [
            f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(current.__traceback__)
        ]
        parts.append(f"{type(current).__module__}.{type(current).__name__} at " + " > ".join(places[-8:]))
        current = current.__cause__ or current.__context__
    return " | caused by ".join(parts)
