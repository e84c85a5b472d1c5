"""Practices, their sites, providers and participation in payers' networks."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.values.spans import DateSpan


@dataclass(frozen=True, slots=True)
class Practice:
    """The practice: name, IANA zone, two-letter state or None, billing group NPI or None.

    `sample`: fictional data, never beside real data. `set_up` False: made by the program, its page not yet filled in.
    `second_factor`: whoever signs in needs a second factor (default; fictional data needs none). `restored_at`: it came
    from a backup then, and sends nothing until a person releases it.
    """

    id: UUID
    name: str
    zone: str
    state: str | None
    group_npi: str | None
    sample: bool = False
    set_up: bool = True
    second_factor: bool = True
    restored_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """A place of work. `fresh_days`: coverage must be checked at most so many days before a visit (default 7).

    `unreviewed`: made by an import, to be checked by a person.
    """

    id: UUID
    name: str
    code: str | None
    zone: str
    state: str | None
    fresh_days: int = 7
    unreviewed: bool = False


@dataclass(frozen=True, slots=True)
class Provider:
    """A person who renders or bills services. `group_npi` None: the group is not known."""

    id: UUID
    npi: str
    name: str | None
    group_npi: str | None
    unreviewed: bool = False


class Network(StrEnum):
    """In or out of a payer's network."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Participation:
    """The practice's word on one provider in one payer's network; `plan` None holds for all its plans.

    Of several that hold a day, the one recorded last counts.
    """

    payer: str
    plan: str | None
    provider_npi: str
    network: Network
    span: DateSpan
