"""What a program asks of payers' rules."""

from typing import Annotated, Self

from pydantic import Field, StrictInt, model_validator

from app.api.rules.written import Day, Sent, Text
from app.policies.forms.finder import Asked
from app.values.insurance import Channel, Line

Short = Annotated[Text, Field(max_length=60)]


class Find(Sent):
    """One question about a payer, for no patient. What is left out is missing, not a default; `on` alone is today.

    Name one of `code`, `drug` and `service`. `with`: other codes of the same visit.
    """

    payer: Text
    code: Short | None = None
    companions: list[Short] = Field(default=[], alias="with", max_length=20)
    drug: Text | None = None
    service: Text | None = None
    plan: Text | None = None
    line: Line | None = None
    state: Annotated[str, Field(pattern="^[A-Z]{2}$")] | None = None
    dx: list[Short] = Field(default=[], max_length=20)
    on: Day | None = None
    pos: Annotated[str, Field(pattern="^[0-9]{2}$")] | None = None
    age: Annotated[StrictInt, Field(ge=0, le=130)] | None = None
    channel: Channel | None = None
    provider: Annotated[str, Field(pattern="^[12][0-9]{9}$")] | None = None
    facts: dict[Short, Short] = Field(default={}, max_length=40)

    @model_validator(mode="after")
    def names_one_thing(self) -> Self:
        """Refuse a question about nothing, or about two things."""
        if sum(one is not None for one in (self.code, self.drug, self.service)) != 1:
            raise ValueError("Send one of code, drug and service.")
        return self

    @property
    def asked(self) -> Asked:
        """The question as the finder's own form takes it."""
        return Asked(
            code=self.code or "",
            companions=tuple(self.companions),
            drug=self.drug or "",
            service=self.service or "",
            plan=self.plan or "",
            line=self.line.value if self.line else "",
            state=self.state or "",
            diagnoses=tuple(self.dx),
            place=self.pos or "",
            age="" if self.age is None else str(self.age),
            channel=self.channel.value if self.channel else "",
            provider=self.provider or "",
            facts=tuple(f"{name}={value}" for name, value in self.facts.items()),
        )
