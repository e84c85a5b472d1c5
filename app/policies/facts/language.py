"""The rule language: what `payer_policies/<payer>/*.yaml` may say. Written for authors in payer_policies/README.md."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints, WithJsonSchema, model_validator

from app.policies.facts.criteria import Bounds, Node
from app.policies.facts.forms import PayerForm
from app.policies.facts.strict import Change, Key, Length, LooseDay, Number, Place, State, Strict, Text
from app.values.codes import read_procedure
from app.values.insurance import LINE_NAMES, Line, read_line


def _read_code(value: object) -> object:
    if isinstance(value, str) and read_procedure(value) != value:
        raise ValueError(
            f"'{value}' is not a CPT or HCPCS code; write five characters in capitals, such as '96910' or 'J0585'"
        )
    return value


def _read_range(value: object) -> object:
    if isinstance(value, str):
        first, dash, last = value.partition("-")
        if not dash or read_procedure(first) != first or read_procedure(last) != last or first > last:
            raise ValueError(f"'{value}' is not a range of codes; write '15271-15278'")
        if first[0] != last[0] and (first[0].isalpha() or last[0].isalpha()):
            raise ValueError(f"'{value}' goes over more than one letter; write one range for each letter")
    return value


def _read_line(value: object) -> object:
    if value == "mixed" or not isinstance(value, str):
        return value
    found = read_line(value)
    if found is None:
        raise ValueError(f"'{value}' is no line of business; write one of mixed, {', '.join(Line)}")
    return found[0].value


Code = Annotated[str, BeforeValidator(_read_code), WithJsonSchema({"type": "string", "pattern": "^[0-9A-Z]{5}$"})]
CodeRange = Annotated[str, BeforeValidator(_read_range)]
DiagnosisPattern = Annotated[
    str, StringConstraints(pattern=r"^[A-Z][0-9][0-9AB](\.[0-9A-Z]{0,4})?\*?$|^[A-Z][0-9][0-9AB]\.\*$")
]
LineName = Annotated[str, BeforeValidator(_read_line), WithJsonSchema({"enum": ["mixed", *Line, *LINE_NAMES]})]
Setting = Literal["hospital_outpatient", "asc", "office", "inpatient", "outpatient"]
Confidence = Literal["seen", "memory"]
Benefit = Literal["medical", "pharmacy"]
Notes = dict[Key, Text]


class Source(Strict):
    """Where something was read. `read_on` is the file's when not said."""

    title: Text
    url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]
    kind: Literal["primary", "aggregator", "secondary"]
    published: LooseDay | None = None
    read_on: date | None = None


class Product(Strict):
    """A product of a payer: the line and benefit that its rules answer for."""

    name: Text
    line: LineName
    benefit: Benefit
    states: tuple[State, ...] = ()
    places: tuple[Place, ...] = ()
    jurisdiction: Literal["national", "local"] = "national"
    notes: Notes = Field(default_factory=dict)


class ChannelWay(Strict):
    """A way to send a request."""

    kind: Literal["portal", "phone", "fax", "x12", "ehr_x12", "chat", "form", "department", "mail", "other"]
    name: Text | None = None
    value: Text | None = None


class ClockTimes(Strict):
    """How long the payer may take, and by whose rule."""

    standard: Length | None = None
    expedited: Length | None = None
    resubmission: Length | None = None
    basis: Literal["federal", "state", "payer", "none"] = "payer"


class Process(Strict):
    """How a payer takes and decides requests; `products` empty: of all its products."""

    id: Key
    products: tuple[Key, ...] = ()
    channels: tuple[ChannelWay, ...] = ()
    clock: ClockTimes | None = None
    decision_valid: Length | None = None
    from_: date | None = Field(default=None, alias="from")
    confidence: Confidence
    source: Key | None = None
    notes: Notes = Field(default_factory=dict)


class Payer(Strict):
    """A payer: names and ids by which files call it."""

    id: Key
    name: Text
    kind: Text
    aliases: tuple[Text, ...] = ()
    electronic_ids: tuple[Text, ...] = ()


class Where(Strict):
    """Where, for whom and under what plan. Places, settings and types of bill are alternatives of one another."""

    plans: tuple[Text, ...] = ()
    states: tuple[State, ...] = ()
    places: tuple[Place, ...] = ()
    settings: tuple[Setting, ...] = ()
    type_of_bill: tuple[Annotated[str, StringConstraints(pattern=r"^[0-9]{2}x$")], ...] = ()
    places_not: tuple[Place, ...] = ()
    lines_not: tuple[LineName, ...] = ()
    codes_not: tuple[CodeRange, ...] = ()
    age: Bounds | None = None
    age_unit: Literal["month", "year"] = "year"
    supply: tuple[Literal["buy_and_bill", "specialty_pharmacy", "patient", "sample"], ...] = ()
    providers: tuple[Annotated[str, StringConstraints(pattern=r"^[0-9]{10}$")], ...] = ()
    groups: tuple[Annotated[str, StringConstraints(pattern=r"^[0-9]{10}$")], ...] = ()


class When(Where):
    """The condition of `approval: required_when`. `after_free_days` in `per` is shown, never counted: unknown."""

    after_free_days: int | None = Field(default=None, ge=1)
    per: Length | None = None
    companions: tuple[Code, ...] = ()
    diagnoses: tuple[DiagnosisPattern, ...] = ()


class Pairing(Strict):
    """The rule holds only when a code of one list stands beside a code of the other on the same visit."""

    any_of: tuple[Code, ...] = Field(min_length=1)
    with_any_of: tuple[Code, ...] = Field(min_length=1)


class Lasting(Strict):
    """How long an approval lasts, first and renewed."""

    initial: Length | None = None
    renewal: Length | None = None


class ApprovalLength(Lasting):
    """The same, and otherwise by state or diagnosis."""

    by_state: dict[State, Lasting] = Field(default_factory=dict)
    by_diagnosis: dict[DiagnosisPattern, Lasting] = Field(default_factory=dict)


class Counted(Strict):
    """How a limit is counted from visits: at most `most` of `counts` in `every` periods."""

    counts: Literal["units", "visits", "days"]
    period: Literal["visit", "day", "week", "month", "year"]
    every: int = Field(default=1, ge=1)
    codes: tuple[Code, ...] = ()
    firm: bool = False


class LimitRule(Strict):
    """A limit: `most` of `what`, or a rule in words; counted from visits only with `counted`, else shown as text."""

    what: Literal[
        "units", "sessions", "courses", "treatments", "applications", "fractions", "tests", "quantity", "visits", "rule"
    ]  # fmt: skip
    most: Number | None = None
    text: Text | None = None
    per: Text | None = None
    of: Text | None = None
    unit: Text | None = None
    excludes: tuple[Code, ...] = ()
    counted: Counted | None = None
    free_period: Text | None = None
    override: Text | None = None

    @model_validator(mode="after")
    def _said(self) -> "LimitRule":
        if (self.most is None) == (self.text is None):
            raise ValueError("a limit says either 'most' or, with 'what: rule', 'text'")
        return self


class Rule(Strict):
    """One rule. `approval` and `coverage` are its two axes."""

    id: Key
    fact: Key | None = None
    product: Key
    service: Annotated[str, StringConstraints(pattern=r"^(drug:|drug_class:)?[a-z0-9_]+$")]
    summary: Text
    approval: Literal[
        "required", "required_when", "not_required", "notification", "step_edit",
        "voluntary_else_prepayment_review", "not_applicable", "unknown", "rule",
    ]  # fmt: skip
    coverage: Literal["covered", "criteria", "cosmetic_unless", "excluded_or_investigational", "rule"]
    confidence: Confidence
    source: Key | None = None
    from_: Literal["unknown"] | date = Field(alias="from")
    until: date | None = None
    inactive: bool = False
    replaced_by: Key | None = None

    codes: tuple[Code, ...] = ()
    codes_from: Literal["source", "ours"] | None = None
    ranges: tuple[CodeRange, ...] = ()
    drugs: tuple[Key, ...] = ()  # of a drug class: the rule is for these of its drugs alone
    diagnoses: tuple[DiagnosisPattern, ...] = ()
    usual_diagnoses: tuple[DiagnosisPattern, ...] = ()
    diagnoses_from: Literal["source", "ours"] | None = None
    pairing: Pairing | None = None
    program: Key | None = None
    applies: Where = Where()
    when: When | None = None
    closed_list: bool = False
    jurisdiction: Literal["national", "local"] | None = None
    policy_number: Key | None = None

    criteria: Node | None = None
    renewal_criteria: Node | None = None
    defers_to: tuple[Text, ...] = ()
    documents: tuple[Text, ...] = ()
    approval_lasts: ApprovalLength | None = None
    renew_before: Length | None = None
    retro_within: Length | None = None
    channels: tuple[ChannelWay, ...] = ()
    clock: ClockTimes | None = None
    routing: dict[Key, Text] = Field(default_factory=dict)
    layers: tuple[Key, ...] = ()
    tiers: dict[Key, tuple[Text, ...]] = Field(default_factory=dict)
    tier_needs: dict[Key, dict[Key, int]] = Field(default_factory=dict)
    step_lists: dict[Key, tuple[Text, ...]] = Field(default_factory=dict)
    preferred: tuple[Text, ...] = ()
    limits: tuple[LimitRule, ...] = ()
    min_interval: Length | None = None
    combination_bans: tuple[Text, ...] = ()
    binds_person: bool = False
    family: tuple[Code, ...] = ()
    alternative: Literal["prepayment_review"] | None = None
    modifiers_if_cosmetic: tuple[Literal["GA", "GX", "GY", "GZ"], ...] = ()
    accepts_requests_from: date | None = None
    history: tuple[Change, ...] = ()
    partial: bool = False
    source_truncated: bool = False
    verify: Text | None = None
    notes: Notes = Field(default_factory=dict)

    @model_validator(mode="after")
    def _consistent(self) -> "Rule":
        if self.confidence == "seen" and self.source is None:
            raise ValueError("a seen rule names its source; add 'source', or write 'confidence: memory'")
        if self.confidence == "memory" and self.source is not None:
            raise ValueError("a rule from memory has no source; remove 'source', or write 'confidence: seen'")
        if (self.when is not None) != (self.approval == "required_when"):
            raise ValueError("'when' is the condition of 'approval: required_when'; say both or neither")
        if isinstance(self.from_, date) and self.until is not None and self.until < self.from_:
            raise ValueError("'until' lies before 'from'")
        if (self.approval == "rule") != (self.coverage == "rule"):
            raise ValueError("a rule of procedure says 'rule' on both axes")
        return self


class PayerFile(Strict):
    """`payer.yaml`: who the payer is, its products and how it takes requests."""

    schema_: Literal["payer/1"] = Field(alias="schema")
    payer: Payer
    products: dict[Key, Product] = Field(min_length=1)
    read_on: date
    processes: tuple[Process, ...] = ()
    forms: tuple[PayerForm, ...] = ()
    sources: dict[Key, Source] = Field(default_factory=dict)
    notes: Notes = Field(default_factory=dict)


class TopicFile(Strict):
    """`<topic>.yaml`: rules of one topic with their sources."""

    schema_: Literal["rules/1"] = Field(alias="schema")
    payer: Key
    read_on: date
    sources: dict[Key, Source] = Field(default_factory=dict)
    rules: tuple[Rule, ...] = Field(min_length=1)
    notes: Notes = Field(default_factory=dict)
