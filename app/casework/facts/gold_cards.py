"""How often payers approve what each provider asks for, beside the laws that exempt for it, and the notices on file."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.documents.facts import MediaType
from app.policies.facts.gold_card import GoldCardLaw

LARGEST_NOTICE = 5 * 2**20
"""Bytes of a notice at most: a letter of a few pages."""


@dataclass(frozen=True, slots=True)
class Count:
    """Decisions on one service of one provider. `partly`: granted in part, which counts as not approved."""

    npi: str | None
    service: str
    approved: int
    partly: int
    refused: int

    @property
    def total(self) -> int:
        """All decisions."""
        return self.approved + self.partly + self.refused


@dataclass(frozen=True, slots=True)
class LawCounts:
    """One law of a state where the practice has a site, and what was counted by it since a day."""

    law: GoldCardLaw
    since: date
    counts: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """A payer's letter that exempts providers or groups, without its bytes, and the practice rule made of it."""

    id: UUID
    rule_id: UUID
    payer: str
    npis: tuple[str, ...]
    letter_on: date
    name: str
    media: MediaType
    size: int
    sha256: str
    added_at: datetime
    added_by: UUID | None


@dataclass(frozen=True, slots=True)
class Exemption:
    """A notice with the codes, the days and whether it still holds."""

    notice: Notice
    codes: tuple[str, ...]
    begins: date | None
    ends: date | None


@dataclass(frozen=True, slots=True)
class GoldCards:
    """All that the page shows. `payer` None: none was chosen. `names`: providers by NPI."""

    today: date
    payers: tuple[tuple[str, str], ...]
    payer: str | None
    laws: tuple[LawCounts, ...]
    exemptions: tuple[Exemption, ...]
    names: dict[str, str]
