"""What a program asks about visits."""

from typing import Self

from pydantic import Field, model_validator

from app.api.rules.paging import LONGEST_CURSOR, MOST, USUAL
from app.api.rules.written import Day, Id, Number, Sent
from app.clearance.facts.reasons import Badge

MOST_DAYS = 62


class Paged(Sent):
    """Which page of a list. The cursor is `next` of the page before, with the same filters."""

    limit: Number = Field(default=USUAL, ge=1, le=MOST, description=f"Rows of a page, at most {MOST}.")
    cursor: str | None = Field(
        default=None,
        min_length=1,
        max_length=LONGEST_CURSOR,
        pattern=r"^[A-Za-z0-9_-]+$",
        description="`next` of the page before, with the same filters.",
    )


class VisitFilters(Paged):
    """Which visits."""

    first: Day = Field(alias="from", description="The first day of service, at the site.")
    last: Day = Field(alias="to", description=f"The last day, included; at most {MOST_DAYS} days in all.")
    site: Id | None = Field(default=None, description="Visits at one site.")
    badge: Badge | None = Field(default=None, description="Visits with one badge.")
    patient: Id | None = Field(default=None, description="Visits of one patient.")

    @model_validator(mode="after")
    def in_order(self) -> Self:
        """Refuse days that run backwards, or too many."""
        if not 0 <= (self.last - self.first).days < MOST_DAYS:
            raise ValueError(f"Send `from` and a `to` on or after it, at most {MOST_DAYS} days in all.")
        return self

    @property
    def asked(self) -> str:
        """What was asked, as one text, for the cursor."""
        return f"visits {self.first} {self.last} {self.site} {self.badge} {self.patient}"


class AsOf(Sent):
    """On which day a visit is judged."""

    as_of: Day | None = Field(default=None, description="Judge as of this day; today at the site when left out.")
