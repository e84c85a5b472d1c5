"""The people of a practice who sign in: roles, permissions, how they want the pages, sessions, kept forms."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What a person of the practice does here; one person may have several roles."""

    COORDINATOR = "coordinator"
    SCHEDULER = "scheduler"
    MANAGER = "manager"
    PROVIDER = "provider"
    BILLER = "biller"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """What a page or an action asks of the person who opens it."""

    SEE_SCHEDULE = "see_schedule"
    SEE_CASES = "see_cases"
    EDIT_CASES = "edit_cases"
    WORK = "work"
    SEE_RULES = "see_rules"
    EDIT_RULES = "edit_rules"
    IMPORT = "import"
    ACCEPT_RISK = "accept_risk"
    SEE_REPORTS = "see_reports"
    SETTINGS = "settings"
    SEE_AUDIT = "see_audit"
    EXPORT = "export"
    BREAK_GLASS = "break_glass"
    REVIEW_ACCESS = "review_access"
    ANSWER_ASKS = "answer_asks"
    ADD_DENIALS = "add_denials"


class Factor(StrEnum):
    """What a person shows beside the password."""

    TOTP = "totp"
    PASSKEY = "passkey"
    RECOVERY = "recovery"


class Theme(StrEnum):
    """How bright a person wants the pages; `auto` follows the machine."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


class Density(StrEnum):
    """How much room a person wants between lines."""

    COMFORTABLE = "comfortable"
    COMPACT = "compact"


@dataclass(frozen=True, slots=True)
class Look:
    """How a person wants the pages. `single_keys` False: only keys together with Ctrl, and Escape, do something."""

    theme: Theme = Theme.AUTO
    density: Density = Density.COMFORTABLE
    single_keys: bool = True


@dataclass(frozen=True, slots=True)
class Staff:
    """A person of the practice who may sign in.

    `sites`: the only sites in this person's sight; None: all of them. `provider_npi`: which provider this person is;
    whoever has no other clinical role than provider sees what is that provider's own, and without it nothing.
    `active`: may sign in; False also for one who was invited and has not accepted. `must_change`: another person knows
    the password, so that nothing opens before it is changed. `signed_in_at`: the last time; None: never.
    """

    id: UUID
    practice_id: UUID
    email: str
    name: str
    roles: frozenset[Role]
    active: bool = True
    look: Look = Look()
    sites: frozenset[UUID] | None = None
    provider_npi: str | None = None
    must_change: bool = False
    signed_in_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SignInState:
    """What sign-in needs of a person: the password's hash, and how often it failed since it last did not."""

    staff: Staff
    password_hash: str
    failures: int


@dataclass(frozen=True, slots=True)
class StaffSession:
    """One signed-in browser.

    `factor`    what was shown beside the password; None: nothing.
    `fresh_at`  when the person last proved who they are: what is dangerous asks again after a while.
    `agent`     the browser and system as its owner would name them; `source`: the network address at sign-in.
    """

    id: UUID
    practice_id: UUID
    staff_id: UUID
    began_at: datetime
    seen_at: datetime
    fresh_at: datetime
    factor: Factor | None = None
    agent: str = ""
    source: str | None = None


@dataclass(frozen=True, slots=True)
class KeptForm:
    """A form that came when its person was signed out: where it was going, and what was typed, by field in order.

    `files` counts chosen files, which are not kept.
    """

    id: UUID
    staff_id: UUID
    path: str
    values: tuple[tuple[str, str], ...]
    files: int
    saved_at: datetime
