"""What a program sends about patients and coverages."""

from enum import StrEnum
from typing import Any, Self

from pydantic import Field, field_validator, model_validator

from app.api.rules.written import TEXT_PATTERN, Day, Sent, Text, Yes
from app.casework.forms.finding import LONGEST, search_fault
from app.coverage.facts import CheckResult, NetworkAnswer
from app.practice.forms.practice import STATES
from app.values.insurance import Benefit, Known, Line, PlanKind, Rank
from app.values.members import member_forms


class PatientSearch(Sent):
    """Words to find patients by: a name, record number, member id, authorization number, phone or birth date."""

    words: str = Field(min_length=2, max_length=LONGEST, pattern=TEXT_PATTERN)

    @field_validator("words")
    @classmethod
    def can_be_looked_up(cls, words: str) -> str:
        """Refuse words under which nobody can be found."""
        fault = search_fault(words)
        if fault is not None:
            raise ValueError(f"{fault}.")
        return words


class NewCoverage(Sent):
    """A coverage to add. `payer`: the id or the name of a payer; `new_payer` true adds one that nobody knows."""

    rank: Rank
    payer: Text
    new_payer: Yes = False
    member_id: str = Field(min_length=1, max_length=40)
    begins: Day | None = None
    ends: Day | None = None
    line: Line | None = None
    plan: Text | None = None
    plan_id: Text | None = None
    plan_kind: PlanKind | None = None
    state: str | None = Field(default=None, pattern="^[A-Z]{2}$")
    benefit: Benefit = Benefit.BOTH
    group_number: Text | None = None
    referral_required: Known | None = None

    @field_validator("member_id")
    @classmethod
    def is_member(cls, member: str) -> str:
        """Refuse a member id without a letter or digit."""
        if not member_forms(member).whole:
            raise ValueError("Send the member id as it stands on the card.")
        return member.strip(" .,;:#").upper()

    @field_validator("state")
    @classmethod
    def is_state(cls, state: str | None) -> str | None:
        """Refuse what is no state."""
        if state is not None and state not in STATES:
            raise ValueError("Send the two letters of a state, like TX.")
        return state

    @model_validator(mode="after")
    def in_order(self) -> Self:
        """Refuse a coverage that ends before it begins."""
        if self.begins is not None and self.ends is not None and self.ends < self.begins:
            raise ValueError("The end must be the same as or after the begin.")
        return self

    @property
    def values(self) -> dict[str, Any]:
        """The values by the field names of CoverageRecord, without the payer."""
        return {name: getattr(self, name) for name in type(self).model_fields if name not in ("payer", "new_payer")}


class CheckSource(StrEnum):
    """How the plan was asked."""

    PORTAL = "portal"
    PHONE = "phone"
    ANSWER_271 = "271"
    CARD = "card"


class NewCheck(Sent):
    """What a plan said of a coverage. A card shows no active coverage: `card` is taken with another result only."""

    checked_on: Day
    result: CheckResult
    source: CheckSource
    reference: Text | None = None
    network: NetworkAnswer | None = None
    other_primary: Yes = False

    @model_validator(mode="after")
    def is_no_card(self) -> Self:
        """Refuse a card as proof that a plan is active."""
        if self.source is CheckSource.CARD and self.result is CheckResult.ACTIVE:
            raise ValueError("A card does not show whether the plan is active; ask the portal or call.")
        return self

    @property
    def values(self) -> dict[str, Any]:
        """The values by the field names of CoverageRecord."""
        return {name: getattr(self, name) for name in type(self).model_fields} | {"source": self.source.value}
