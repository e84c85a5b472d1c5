"""How a person of the practice comes to a password: invitations, codes to renew it, and what one is told of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Happening(StrEnum):
    """What a person is told by e-mail of their own sign-in."""

    INVITED = "invited"
    RESET_ASKED = "reset_asked"
    RESET_OFFERED = "reset_offered"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  what happened, no password
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    ROLES_CHANGED = "roles_changed"
    ADDRESS_CHANGED = "address_changed"
    RIGHTS_RAISED = "rights_raised"
    SECOND_FACTOR_OFF = "second_factor_off"


class CodeKind(StrEnum):
    """What a one-time code lets a person do: choose the first password, or another one."""

    INVITATION = "invitation"
    RESET = "reset"


class CodeWay(StrEnum):
    """How a one-time code reaches its person: in the link of an e-mail, or printed and handed over."""

    EMAIL = "email"
    PRINTED = "printed"


@dataclass(frozen=True, slots=True)
class OneTimeCode:
    """A code that lets one person choose a password, once. The code itself is kept nowhere.

    `made_by` None: asked for at the door, or made on the command line. `ended_at`: revoked, or replaced by another.
    """

    id: UUID
    practice_id: UUID
    staff_id: UUID
    kind: CodeKind
    way: CodeWay
    made_at: datetime
    expires_at: datetime
    made_by: UUID | None = None
    used_at: datetime | None = None
    ended_at: datetime | None = None

    def stands(self, now: datetime) -> bool:
        """Say whether the code still opens the door."""
        return self.used_at is None and self.ended_at is None and now < self.expires_at
