"""What a payer requires, as the API describes it: the finder's own object."""

from typing import Any

from pydantic import Field

from app.api.rules.written import Given
from app.api.views.verdicts import Cite
from app.policies.facts.answers import Confidence, Need, ServiceClass


class Length(Given):
    """A length of time."""

    value: int | None
    unit: str


class Criterion(Given):
    """What the payer wants to be so. `result`: met, not_met or unknown."""

    text: str
    result: str


class Way(Given):
    """Where a request is sent."""

    kind: str
    name: str | None
    value: str | None


class Submit(Given):
    """Where requests are sent."""

    channels: list[Way]


class Clock(Given):
    """The payer's time to decide."""

    standard: Length | None
    expedited: Length | None
    basis: str


class Alternative(Given):
    """Another rule that applies."""

    rule: str
    need: Need
    cite: Cite | None


class Found(Given):
    """Whether a payer asks approval, and what for. The object is that which `policies find --json` prints."""

    need: Need
    confidence: Confidence
    klass: ServiceClass = Field(alias="class")
    coverage: str
    rule: str | None
    why: list[str]
    criteria: list[Criterion]
    unmet: list[str]
    documents: list[Any]
    submit: Submit
    clock: Clock
    approval_lasts: Length | None
    renew_before: Length | None
    cite: Cite | None
    alternatives: list[Alternative]
