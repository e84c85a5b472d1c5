"""What the page of a case's drug shows."""

from dataclasses import dataclass

from app.casework.facts.cases import CaseFile
from app.pharmacy.facts import Supply


@dataclass(frozen=True, slots=True)
class SupplyFile:
    """One case and how its drug comes; `supply` None: nobody said."""

    case: CaseFile
    supply: Supply | None

    @property
    def version(self) -> int:
        """The version of the plan, 0: none is on file."""
        return self.supply.version if self.supply is not None else 0
