"""The file of families: codes that one day may end with, to be asked for together. An offer, never a rule."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from app.policies.facts.language import Code, Source
from app.policies.facts.strict import Key, Strict, Text

Label = Annotated[str, StringConstraints(min_length=1, max_length=80)]
"""Our own short words for a code; never the description of a code set."""


class FamilyPart(Strict):
    """Codes of one kind in a family, each with our label, and why the day may end with another of them.

    `leads`: a request that names one of them is offered the family; `no` where they come with many services.
    `usual`: what is ticked when one of the part's own codes is asked for: all of them, the ones next to it in the list,
    or none. `usual_with`: codes of other parts that tick all of this one. `needed_with`: codes of other parts that
    cannot be billed without one of this one; none is ticked, since which one is known to people only.
    """

    label: Label
    leads: bool = True
    codes: dict[Code, Label] = Field(min_length=1)
    usual: Literal["all", "next", "none"] = "none"
    usual_with: tuple[Code, ...] = ()
    needed_with: tuple[Code, ...] = ()
    why: Text


class Family(Strict):
    """One family; it rests on a source, or is marked as ours."""

    id: Key
    label: Label
    ours: bool = False
    source: Key | None = None
    parts: tuple[FamilyPart, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _rests_on_something(self) -> "Family":
        if self.ours == (self.source is not None):
            raise ValueError(f"family {self.id} must rest on one thing; write 'source: KEY' or 'ours: yes'")
        return self


class FamiliesFile(Strict):
    """`families.yaml`."""

    schema_: Literal["families/1"] = Field(alias="schema")
    read_on: date
    sources: dict[Key, Source] = Field(default_factory=dict)
    families: tuple[Family, ...]
