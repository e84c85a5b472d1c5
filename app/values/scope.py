"""Whose data a caller may see within the practice: all of it, some sites, or what is one provider's own."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Scope:
    """What of a practice is in sight. Nothing given: everything.

    `sites`        only visits at these sites, and patients who have one there; None: every site.
    `provider_npi` only visits that this provider renders, and patients who have one; None: every provider.
    `opened`       patients in sight besides, by a break-glass that has not ended.
    `unbooked`     patients in sight besides: those of whom no visit is on file at all.

    Both limits hold together. What is out of sight does not exist for the caller.
    """

    sites: frozenset[UUID] | None = None
    provider_npi: str | None = None
    opened: frozenset[UUID] = frozenset()
    unbooked: bool = False

    @property
    def limited(self) -> bool:
        """Say whether anything is out of sight."""
        return self.sites is not None or self.provider_npi is not None


EVERYTHING = Scope()
