"""What a program asks about alerts."""

from typing import Literal

from pydantic import Field

from app.alerts.store.inbox import PAGE
from app.api.forms.visits import Paged
from app.api.rules.written import Id, Number
from app.deadlines.facts import Reason


class AlertFilters(Paged):
    """Which alerts."""

    limit: Number = Field(default=PAGE, ge=1, le=PAGE, description=f"Rows of a page, at most {PAGE}.")
    state: Literal["open", "closed"] = Field(default="open", description="Open alerts, or those that are over.")
    reason: Reason | None = Field(default=None, description="Those with one reason.")
    site: Id | None = Field(default=None, description="Those of one site, and those of no site.")

    @property
    def asked(self) -> str:
        """What was asked, as one text, for the cursor."""
        return f"alerts {self.state} {self.reason} {self.site}"
