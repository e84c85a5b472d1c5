"""Estimates with their consents, and notices under Medicare: what a patient is given to sign before a service."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from app.values.fact import choices

MOST_LINES = 20
"""Services on one paper at most."""
MOST_CENTS = 100_000_000
"""What one service may cost at most: a million dollars. More is a slip of the keyboard."""


@choices
class PaperKind(StrEnum):
    """What is given to the patient."""

    CONSENT = "consent"  # the estimate of a service that the patient pays, with the consent to pay it
    NOTICE = "notice"  # the sheet beside Medicare's own notice (ABN), and that the notice was signed


@choices
class PaperState(StrEnum):
    """How far a paper has come."""

    OPEN = "open"
    GIVEN = "given"
    SIGNED = "signed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@choices
class Language(StrEnum):
    """The languages in which we have words of our own."""

    ENGLISH = "en"
    SPANISH = "es"


STANDING = frozenset({PaperState.OPEN, PaperState.GIVEN, PaperState.SIGNED})
"""A service has at most one standing paper of a kind."""


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One service on a paper: its code (or drug, or visit type), the practice's own words for it, and its price.

    `cents`: what the patient is asked to pay for all units, in cents; None: nobody has said the price yet.
    """

    service: str
    words: str
    cents: int | None


@dataclass(frozen=True, slots=True)
class Paper:
    """One estimate with its consent, or one notice.

    `valid_until`: the last day for which the prices hold. `made_on`, `given_on`, `signed_on`: days at the site.
    `signed_by`: who signed, in words. `document_id`: the signed paper on file; None: it is kept on paper.
    `paid_before`: what the visit's lines said of who pays before a signature changed it (schedule/rules/paying.py);
    None: nothing was changed. `version` counts the edits.
    """

    id: UUID
    visit_id: UUID
    patient_id: UUID
    kind: PaperKind
    language: Language
    lines: tuple[PaperLine, ...]
    valid_until: date
    made_on: date
    made_by: UUID | None
    state: PaperState = PaperState.OPEN
    given_on: date | None = None
    signed_on: date | None = None
    signed_by: str | None = None
    document_id: UUID | None = None
    paid_before: Mapping[str, list[str | None]] | None = None
    changed_at: datetime | None = None
    version: int = 1

    @property
    def total(self) -> int | None:
        """What all services cost together, in cents; None while a price lacks."""
        prices = [line.cents for line in self.lines if line.cents is not None]
        return sum(prices) if len(prices) == len(self.lines) else None

    @property
    def priced(self) -> bool:
        """Say whether every service has its price."""
        return self.total is not None

    @property
    def services(self) -> frozenset[str]:
        """The services that it speaks of."""
        return frozenset(line.service for line in self.lines)

    @property
    def standing(self) -> bool:
        """Say whether it still counts: neither declined nor withdrawn."""
        return self.state in STANDING
