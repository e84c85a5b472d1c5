"""How long payers may take by law or program, and how long one may appeal: `payer_policies/_grid/clocks.yaml`."""

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from app.policies.facts.language import ClockTimes, CodeRange, Confidence, LineName, Notes
from app.policies.facts.strict import Key, Length, Place, State, Strict, Text
from app.values.insurance import Line

STATE_LINES = frozenset({Line.COMMERCIAL, Line.MARKETPLACE, Line.MEDICAID, Line.MEDICAID_MANAGED, Line.CHIP})
"""Lines that a state's clock may bind: a plan that its employer funds and Medicare Advantage answer to federal law."""


class ClockPause(Strict):
    """What it does to a clock when the payer asks for information.

    `stop`: it stands still until the answer and then runs on; `restart`: it begins anew with the answer, with the time
    of `anew` where that is said. `answer_within`: the least time that the payer must leave for the answer.
    """

    does: Literal["stop", "restart"]
    anew: ClockTimes | None = None
    answer_within: ClockTimes | None = None


class ClockRule(Strict):
    """A law's or program's clock: how long the payer may take where it applies, and the windows of appeal.

    It applies to requests that the payer received from `from` to `until`, of one of the `lines`, for drugs or not
    (`drugs`), at one of the `places` (empty: anywhere), in one of the `states` (empty: all). With `program` it applies
    only to what that product of the payer's rules names. `codes_not`: by state, codes that it leaves out there;
    `states_late`: states that were allowed to begin later; `grandfathered_not`: lines whose grandfathered plans it
    leaves out; `employers_not`: employers whose plans it leaves out.
    `extended`: the time in all when the payer gives notice that it needs longer. `deemed`: a request that is not
    answered in time counts as approved by that law. `level` numbers the appeal that `window` and `appeal` are about;
    `external`: an independent reviewer decides it, not the plan.
    """

    id: Key
    title: Text | None = None
    lines: tuple[LineName, ...] = ()
    drugs: Literal["yes", "no", "both"] = "both"
    states: tuple[State, ...] = ()
    program: Key | None = None
    places: tuple[Place, ...] = ()
    codes_not: dict[State, tuple[CodeRange, ...]] = Field(default_factory=dict)
    states_late: tuple[State, ...] = ()
    grandfathered_not: tuple[LineName, ...] = ()
    employers_not: tuple[Literal["government"], ...] = ()
    clock: ClockTimes | None = None
    extended: ClockTimes | None = None
    pause: ClockPause | None = None
    deemed: bool = False
    valid: Length | None = None
    window: Length | None = None
    appeal: ClockTimes | None = None
    level: int = Field(default=1, ge=1)
    external: bool = False
    from_: date | None = Field(default=None, alias="from")
    until: date | None = None
    proposed: bool = False
    confidence: Confidence
    sources: tuple[Text, ...] = ()
    read_on: date | None = None
    verify: Text | None = None
    notes: Notes = Field(default_factory=dict)

    @model_validator(mode="after")
    def _consistent(self) -> "ClockRule":
        if self.confidence == "seen" and not self.sources:
            raise ValueError("a seen clock names its sources; add 'sources', or write 'confidence: memory'")
        if self.from_ is not None and self.until is not None and self.until < self.from_:
            raise ValueError("'until' lies before 'from'")
        if self.clock is None and (self.extended is not None or self.pause is not None):
            raise ValueError("'extended' and 'pause' belong to a clock; add 'clock'")
        return self

    @model_validator(mode="after")
    def _states(self) -> "ClockRule":
        if self.clock is not None and self.clock.basis == "state":
            if not self.states:
                raise ValueError("a state's clock names its states; add 'states'")
            if exempt := sorted(set(self.lines) - STATE_LINES):
                raise ValueError(f"no state's clock binds {', '.join(exempt)}; leave them out of 'lines'")
        if unknown := sorted(set(self.codes_not) - set(self.states)):
            raise ValueError(f"'codes_not' speaks of {', '.join(unknown)}, which 'states' does not name")
        return self


class ClocksFile(Strict):
    """`clocks.yaml`. `read_on`: the day on which sources were read that do not say their own."""

    schema_: Literal["clocks/1"] = Field(alias="schema")
    read_on: date
    rules: tuple[ClockRule, ...]
