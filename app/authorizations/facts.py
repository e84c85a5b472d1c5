"""Authorizations: what was asked of a payer and what it answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from app.values.codes import in_range
from app.values.fact import choices, fact
from app.values.insurance import Channel
from app.values.members import MemberKey


@choices
class Status(StrEnum):
    """Where an authorization stands. `pending` in a file is stored as submitted."""

    DRAFT = "draft"
    NEEDS_DOCUMENTS = "needs_documents"
    READY = "ready"
    APPROVED = "approved"
    PARTLY_APPROVED = "partly_approved"
    SUBMITTED = "submitted"
    MORE_INFO = "more_info"
    DENIED = "denied"
    IN_APPEAL = "in_appeal"
    NOT_REQUIRED = "not_required"
    NOTIFIED = "notified"
    WITHDRAWN = "withdrawn"
    DISMISSED = "dismissed"
    VOIDED = "voided"
    CLOSED = "closed"


UNSENT = frozenset({Status.DRAFT, Status.NEEDS_DOCUMENTS, Status.READY})
"""States of a request that the payer has not got: it never stands for a visit."""


@choices
class Kind(StrEnum):
    """What kind of request it was."""

    INITIAL = "initial"
    RENEWAL = "renewal"
    RETRO = "retro"
    EXTENSION = "extension"
    APPEAL = "appeal"
    REFERRAL = "referral"
    CONTINUITY = "continuity"
    NETWORK_EXCEPTION = "network_exception"
    FORMULARY_EXCEPTION = "formulary_exception"
    STEP_EXCEPTION = "step_exception"


@choices
class Tag(StrEnum):
    """What is said of a case beside its status: derived of its state and dates, never typed."""

    OVERDUE = "overdue"
    URGENT = "urgent"
    VERBAL = "verbal"
    TOO_EARLY = "too_early"
    ENDED = "ended"
    EXPIRING = "expiring"
    USED_UP = "used_up"
    UNITS_LOW = "units_low"
    RETRO = "retro"
    RENEWAL = "renewal"


@choices
class Counting(StrEnum):
    """How an item is counted: units, visits, not at all by the payer's word (`*`), or not known."""

    UNITS = "units"
    VISITS = "visits"
    NOT_COUNTED = "not_counted"
    UNKNOWN = "unknown"


ANY_CODE = "*"


@fact
class Item:
    """One approved item: codes that share one count, a range (`first`-`last`), or any code (`*`).

    `count` is whole units or visits, None unless counting is units or visits; `used` whole units used up to the
    authorization's `used_on`, None when the file does not say.
    """

    codes: tuple[str, ...]
    last: str | None = None
    counting: Counting = Counting.UNKNOWN
    count: int | None = None
    used: int | None = None

    def names(self, code: str) -> bool:
        """Say whether the item names a code: itself, inside its range, or any code."""
        if code in self.codes or ANY_CODE in self.codes:
            return True
        return self.last is not None and in_range(code, self.codes[0], self.last)


@fact
class RequestedLine:
    """One line of a request as it was sent, kept beside what the payer granted.

    `count` is whole units or visits; None with counting `unknown`: no count was asked for. A field that is None or
    empty was not part of the request. `modifiers` are two characters each, in their order; `ndc` has 11 digits.
    """

    code: str | None = None
    last: str | None = None
    drug: str | None = None
    ndc: str | None = None
    modifiers: tuple[str, ...] = ()
    counting: Counting = Counting.UNKNOWN
    count: int | None = None
    begins: date | None = None
    ends: date | None = None
    diagnoses: tuple[str, ...] = ()
    provider_npi: str | None = None
    provider_group: str | None = None
    site_id: UUID | None = None
    place: str | None = None
    channel: Channel | None = None


@fact
class Authorization:
    """One authorization as it stands. Spans include both ends; None begins or ends: not known.

    `number` is None unless it is a real one (`TBD`, zeros and the like are none). `drug` is a service key
    (`drug:dupixent`), a name in lower case, or None; `ndc` 11 digits. `provider_npi` and `site_id` None: any.
    `used_on` is the day up to which `used` of the items counts; `version` counts its edits. `verbal`: the payer said
    yes and has given no number, so that it clears nothing. `parent_id`: the link before it in its chain.
    """

    id: UUID
    patient_id: UUID
    payer: str
    payer_name: str
    status: Status
    kind: Kind = Kind.INITIAL
    items: tuple[Item, ...] = ()
    drug: str | None = None
    ndc: str | None = None
    member: MemberKey | None = None
    plan: str | None = None
    plan_id: str | None = None
    group_number: str | None = None
    number: str | None = None
    reference: str | None = None
    begins: date | None = None
    ends: date | None = None
    no_end: bool = False
    diagnoses: tuple[str, ...] = ()
    provider_npi: str | None = None
    provider_group: str | None = None
    provider_binds: bool = False
    site_id: UUID | None = None
    places: tuple[str, ...] = ()
    channel: Channel | None = None
    decided_on: date | None = None
    requested_on: date | None = None
    used_on: date | None = None
    version: int = 1
    verbal: bool = False
    parent_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class AuthorizationRecord:
    """All that is on file of an authorization, sealed texts opened: for writing and for comparing with a file.

    `raw_status` is the word that the practice's log used; `natural_key` is how an import knows it again. `requested`
    is what was asked, line by line, where it was asked through the program. `parent_id`: the link before it in its
    chain (what it renews, extends or appeals). `verbal`: said by the payer, without a number. `too_early_until`: the
    first day on which the payer takes the request.
    """

    id: UUID
    patient_id: UUID
    natural_key: str
    payer: str
    payer_name: str
    status: Status
    raw_status: str
    kind: Kind = Kind.INITIAL
    items: tuple[Item, ...] = ()
    drug: str | None = None
    ndc: str | None = None
    member_id: str | None = None
    plan: str | None = None
    plan_id: str | None = None
    group_number: str | None = None
    number: str | None = None
    reference: str | None = None
    begins: date | None = None
    ends: date | None = None
    no_end: bool = False
    diagnoses: tuple[str, ...] = ()
    provider_npi: str | None = None
    provider_group: str | None = None
    provider_binds: bool = False
    site_id: UUID | None = None
    places: tuple[str, ...] = ()
    channel: Channel | None = None
    urgent: bool = False
    requested_on: date | None = None
    decided_on: date | None = None
    denial_reason: str | None = None
    used_on: date | None = None
    owner: str | None = None
    next_action: str | None = None
    next_action_on: date | None = None
    submitted_by_channel: str | None = None
    representative: str | None = None
    call_reference: str | None = None
    note: str | None = None
    requested: tuple[RequestedLine, ...] = ()
    parent_id: UUID | None = None
    verbal: bool = False
    too_early_until: date | None = None


@dataclass(frozen=True, slots=True)
class AuthorizationEvent:
    """What changed on an authorization, when, and from where.

    `changes` gives, by field, the old and the new value as text (rules/changes.py). Ids may be older than their event,
    since forms bring them: events stand in the order of their instants, and within one of `step`, which counts the
    changes of an authorization where it is known.
    """

    id: UUID
    authorization_id: UUID
    at: datetime
    via: str
    user_id: UUID | None
    changes: Mapping[str, list[str | None]]
    step: int = 0


@dataclass(frozen=True, slots=True)
class Decisions:
    """How many decisions of a payer were alike: of one provider (None: not named), services, drug, site and status."""

    provider_npi: str | None
    items: tuple[Item, ...]
    drug: str | None
    site_id: UUID | None
    status: Status
    count: int
