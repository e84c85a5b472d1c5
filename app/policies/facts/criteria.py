"""Criteria of a rule as trees: `all`, `any`, `not`, `at_least n of`, over typed leaves. A node has exactly one kind."""

from typing import Literal

from pydantic import Field, model_validator

from app.policies.facts.strict import Key, Length, Number, Place, Strict, Text

Outcome = Literal["tried", "inadequate_response", "intolerance", "contraindication", "not_a_candidate"]


class Bounds(Strict):
    """A number's bounds; at least one of `gte`, `gt`, `lte`, `lt`."""

    gte: Number | None = None
    gt: Number | None = None
    lte: Number | None = None
    lt: Number | None = None

    @model_validator(mode="after")
    def _bounded(self) -> "Bounds":
        if self.gte is self.gt is self.lte is self.lt is None:
            raise ValueError("say at least one of gte, gt, lte, lt")
        return self


class Age(Bounds):
    """The patient's age on the day of service."""

    unit: Literal["month", "year"]


class Span(Bounds):
    """A length of time: of the disease, on therapy, off therapy."""

    unit: Literal["day", "week", "month", "year"]


class Count(Bounds):
    """A counted finding (`actinic_keratoses`)."""

    name: Key


class Score(Strict):
    """A named score; a bound is a number, or a grade of an ordinal score named in `_grid/scores.yaml` (`T1b`)."""

    name: Key
    gte: Text | None = None
    gt: Text | None = None
    lte: Text | None = None
    lt: Text | None = None

    @model_validator(mode="after")
    def _bounded(self) -> "Score":
        if self.gte is self.gt is self.lte is self.lt is None:
            raise ValueError("say at least one of gte, gt, lte, lt")
        return self


class AnyOf(Strict):
    """One of several values."""

    any_of: tuple[Key, ...] = Field(min_length=1)


class Places(Strict):
    """One of several places of service."""

    any_of: tuple[Place, ...] = Field(min_length=1)


class Diagnoses(Strict):
    """One of several diagnoses, `*` for all below a stem."""

    any_of: tuple[Text, ...] = Field(min_length=1)


class Trial(Strict):
    """`count` of the drugs or classes in `of` tried, with an outcome that the payer accepts.

    Several trials are of several drugs: of other ingredients, unless `each_product` says that products count each.
    `potency_at_least` is asked of topical corticosteroids alone.
    """

    of: tuple[Key, ...] = Field(min_length=1)
    count: int = Field(ge=1)
    accept: tuple[Outcome, ...] = Field(min_length=1)
    contraindication_scope: Literal["any", "all"] | None = None
    potency_at_least: Literal["low", "medium", "high", "super_high"] | None = None
    min_duration: Length | None = None
    consecutive_days: bool = False
    within: Length | None = None
    evidence: Literal["claims", "chart"] | None = None
    each_product: bool = False
    note: Text | None = None


class PriorUse(Strict):
    """One of these drugs or classes was used before."""

    of: tuple[Key, ...] = Field(min_length=1)
    within: Length | None = None


class Continuation(Strict):
    """The patient is already on the drug."""

    samples_or_copay_program_count: bool | None = None
    min_supply: Length | None = None
    claims_lookback: Length | None = None
    note: Text | None = None


class Lab(Strict):
    """A laboratory result."""

    name: Key
    result: Key
    within: Length | None = None


class Prescriber(Strict):
    """Who prescribes, or whom the prescriber has consulted."""

    specialty_any_of: tuple[Key, ...] = Field(min_length=1)
    consultation_counts: bool


class HistoryWithin(Strict):
    """An event in the patient's history within a time."""

    event: Key
    within: Length


class Quantity(Strict):
    """An amount for a period."""

    lte: Number
    unit: Text
    per: Text


class Response(Strict):
    """`at_least` of the measures improved."""

    measures: tuple[Key, ...] = Field(min_length=1)
    at_least: int = Field(ge=1)


class Node(Strict):
    """One node of a tree: exactly one of the kinds below."""

    all: tuple["Node", ...] | None = Field(default=None, min_length=1)
    any: tuple["Node", ...] | None = Field(default=None, min_length=1)
    not_: "Node | None" = Field(default=None, alias="not")
    at_least: int | None = Field(default=None, ge=1)
    of: tuple["Node", ...] | None = Field(default=None, min_length=1)

    age: Age | None = None
    weight_kg: Bounds | None = None
    bsa_percent: Bounds | None = None
    cumulative_dose_mg_per_kg: Bounds | None = None
    score: Score | None = None
    count: Count | None = None
    severity: Key | None = None
    body_site: AnyOf | None = None
    diagnosis: Diagnoses | None = None
    disease_duration: Span | None = None
    time_on_therapy: Span | None = None
    time_off_therapy: Span | None = None
    trial: Trial | None = None
    prior_use: PriorUse | None = None
    continuation: Continuation | None = None
    contraindication_to: tuple[Key, ...] | None = Field(default=None, min_length=1)
    not_combined_with: tuple[Key, ...] | None = Field(default=None, min_length=1)
    lab: Lab | None = None
    prescriber: Prescriber | None = None
    documented: Text | None = None
    attested: Text | None = None
    evidence_not_accepted: tuple[Text, ...] | None = Field(default=None, min_length=1)
    meets_policy: Text | None = None
    history_within: HistoryWithin | None = None
    quantity: Quantity | None = None
    place_of_service: Places | None = None
    response: Response | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> "Node":
        said = sorted(self.model_fields_set)
        if said == ["at_least", "of"]:
            if self.at_least is not None and self.of is not None and self.at_least > len(self.of):
                raise ValueError(f"at_least {self.at_least} of only {len(self.of)}")
        elif len(said) != 1 or said[0] in ("at_least", "of"):
            raise ValueError("a node of a tree is exactly one of all, any, not, 'at_least' with 'of', or one leaf")
        return self
