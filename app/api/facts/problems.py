"""What the API answers when it does not do what was asked (RFC 9457)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """The kinds of problem: a program decides by them, not by sentences."""

    UNREADABLE = "unreadable"
    UNKNOWN_CALLER = "unknown-caller"
    MISSING_SCOPE = "missing-scope"
    NOT_FOUND = "not-found"
    WRONG_METHOD = "wrong-method"
    CONFLICT = "conflict"
    IN_FLIGHT = "in-flight"
    CHANGED_SINCE = "changed-since"
    TOO_LARGE = "too-large"
    WRONG_TYPE = "wrong-type"
    NOT_VALID = "not-valid"
    KEY_USED = "key-used"
    VERSION_NEEDED = "version-needed"
    TOO_MANY = "too-many"
    BROKEN = "broken"
    BUSY = "busy"


STATUS: Mapping[Kind, tuple[int, str]] = {
    Kind.UNREADABLE: (400, "The request could not be read"),
    Kind.UNKNOWN_CALLER: (401, "A token is needed"),
    Kind.MISSING_SCOPE: (403, "The token does not have the scope"),
    Kind.NOT_FOUND: (404, "There is nothing at this address"),
    Kind.WRONG_METHOD: (405, "This address does not take that method"),
    Kind.CONFLICT: (409, "What is on file does not allow it"),
    Kind.IN_FLIGHT: (409, "The first request with this key is still at work"),
    Kind.CHANGED_SINCE: (412, "It was changed since it was read"),
    Kind.TOO_LARGE: (413, "The request is too large"),
    Kind.WRONG_TYPE: (415, "The content is of another type"),
    Kind.NOT_VALID: (422, "Some values cannot be taken"),
    Kind.KEY_USED: (422, "The key was used for another request"),
    Kind.VERSION_NEEDED: (428, "If-Match is needed"),
    Kind.TOO_MANY: (429, "Too many requests"),
    Kind.BROKEN: (500, "Something broke"),
    Kind.BUSY: (503, "The database is busy"),
}
"""The status and the title of each kind."""


@dataclass
class ProblemError(Exception):
    """A request is refused.

    `detail` says what was found and what to do, and never quotes a value. `errors` holds a sentence by the place of
    each value that cannot be taken: `items.0.count`.
    """

    kind: Kind
    detail: str
    errors: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    incident: str | None = None

    @property
    def status(self) -> int:
        """The HTTP status."""
        return STATUS[self.kind][0]


def not_found() -> ProblemError:
    """What is missing, of another practice or out of sight: the same answer for all of them."""
    return ProblemError(Kind.NOT_FOUND, "Nothing with this id is in sight of the token. Take ids from the lists.")


def changed_since() -> ProblemError:
    """Somebody was quicker: nothing was saved."""
    return ProblemError(
        Kind.CHANGED_SINCE, "Nothing was saved. Read it again, decide on what is there now, and send its new ETag."
    )


def conflict(detail: str) -> ProblemError:
    """What is on file does not allow it."""
    return ProblemError(Kind.CONFLICT, detail)


def not_valid(errors: Mapping[str, str]) -> ProblemError:
    """Some values cannot be taken."""
    return ProblemError(Kind.NOT_VALID, "Nothing was done. Correct the values that `errors` names.", errors)
