"""States' laws that exempt a provider from approval after a record of approvals: `_grid/gold_card.yaml`."""

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from app.policies.facts.language import Confidence, LineName, Notes
from app.policies.facts.strict import Key, Length, State, Strict, Text


class GoldCardLaw(Strict):
    """One state's law.

    `share`: percent of a service's requests that must be approved; `looks_at`: the time back that is counted; `least`:
    how many requests it must hold, None: the law names no number, or it was not read.
    """

    id: Key
    state: State
    title: Text
    lines: tuple[LineName, ...] = Field(min_length=1)
    share: int = Field(ge=1, le=100)
    looks_at: Length
    least: int | None = Field(default=None, ge=1)
    from_: date | None = Field(default=None, alias="from")
    until: date | None = None
    confidence: Confidence
    sources: tuple[Text, ...] = ()
    verify: Text | None = None
    notes: Notes = Field(default_factory=dict)

    @model_validator(mode="after")
    def _consistent(self) -> "GoldCardLaw":
        if self.confidence == "seen" and not self.sources:
            raise ValueError("a seen law names its sources; add 'sources', or write 'confidence: memory'")
        if self.looks_at.unit != "month":
            raise ValueError("the time that is looked at is written in months; write it like '12 months'")
        if self.from_ is not None and self.until is not None and self.until < self.from_:
            raise ValueError("'until' lies before 'from'")
        return self

    def holds_on(self, day: date) -> bool:
        """Say whether the law is in force on a day."""
        return (self.from_ is None or self.from_ <= day) and (self.until is None or day <= self.until)


class GoldCardFile(Strict):
    """`gold_card.yaml`. `read_on`: the day on which its sources were read."""

    schema_: Literal["gold_card/1"] = Field(alias="schema")
    read_on: date
    laws: tuple[GoldCardLaw, ...]

    @model_validator(mode="after")
    def _once(self) -> "GoldCardFile":
        states = [one.state for one in self.laws]
        twice = sorted({state for state in states if states.count(state) > 1})
        if twice:
            raise ValueError(f"{', '.join(twice)} stands twice; keep one law for each state")
        return self
