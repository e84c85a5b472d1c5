"""What may be asked of the payer rules, and what they answer. Reasons are data; words are in `policies/views`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from app.policies.facts.law import Law
from app.values.fact import choices, fact
from app.values.insurance import Channel, Line
from app.values.spans import DateSpan, Duration


@choices
class Need(StrEnum):
    """Is approval needed? The order is from strictest to mildest: of several answers of one rank the first wins."""

    NOT_COVERED = "not_covered"
    COSMETIC = "cosmetic"
    REQUIRED = "required"
    REQUIRED_WHEN_UNMET = "required_when_unmet"
    NOTIFICATION = "notification"
    VOLUNTARY = "voluntary"
    UNKNOWN = "unknown"
    NOT_REQUIRED = "not_required"


@choices
class Confidence(StrEnum):
    """Who says so: the payer for this patient, a practice rule, a source that was read, memory, or nobody."""

    PAYER = "payer"
    PRACTICE = "practice"
    SEEN = "seen"
    MEMORY = "memory"
    NONE = "none"


class Covered(StrEnum):
    """Does the payer cover it?"""

    COVERED = "covered"
    CRITERIA = "criteria"
    COSMETIC_UNLESS = "cosmetic_unless"
    EXCLUDED = "excluded"
    UNKNOWN = "unknown"


@choices
class Truth(StrEnum):
    """Three-valued: unknown is neither."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


@choices
class ServiceClass(StrEnum):
    """Medical, cosmetic, or medical only with a reason on file."""

    MEDICAL = "medical"
    CONDITIONAL = "conditional"
    COSMETIC = "cosmetic"
    UNKNOWN = "unknown"


@choices
class Grounds(StrEnum):
    """Why an answer is what it is. `policies/views/requirements.py` has a sentence for each."""

    NO_RULE = "no_rule"  # the payer, code or drug has no rule that applies
    RULE = "rule"  # the rule says so outright
    CONDITION_TRUE = "condition_true"
    CONDITION_FALSE = "condition_false"
    CONDITION_UNKNOWN = "condition_unknown"
    STEPS_SHOWN = "steps_shown"
    STEPS_NOT_SHOWN = "steps_not_shown"
    SILENT = "silent"  # a coverage policy that says nothing about approval
    MEMORY_NOT_ENOUGH = "memory_not_enough"  # a milder answer from memory is never believed
    CONTRADICTED = "contradicted"  # a fact on file contradicts a coverage criterion
    CLOSED_LIST = "closed_list"
    JURISDICTION_UNKNOWN = "jurisdiction_unknown"  # only local policies whose states are not known name it
    PRACTICE_RULE = "practice_rule"
    CORRECTION = "correction"  # a marked practice correction of a library rule
    PATIENT_ANSWER = "patient_answer"


class BasisKind(StrEnum):
    """On what a practice rule rests: the payer's list or its look-up tool, a call, a letter, claims that were paid."""

    LIST = "list"
    TOOL = "tool"
    CALL = "call"
    LETTER = "letter"
    CLAIMS = "claims"


@fact
class Question:
    """One service for one coverage on one day. None or empty: not given, which is not a default.

    `code` is CPT/HCPCS; `drug` a service key (`drug:dupixent`) or an 11-digit NDC; `companions` the other codes of the
    same visit; `diagnoses` ICD-10-CM with the dot; `place` two digits; `state` the state that rules bind to (the
    site's, for medicaid the coverage's); `age_months` whole months on the day; `documented` keys of the grid's
    triggers and other facts on file; `facts` named values as text (`Hurley: "2"`, `bsa_percent: "12"`); `service` a
    key of `services.yaml` where neither code nor drug is known.
    """

    payer: str
    day: date
    code: str | None = None
    drug: str | None = None
    line: Line | None = None
    plan: str | None = None
    channel: Channel | None = None
    companions: frozenset[str] = frozenset()
    diagnoses: tuple[str, ...] = ()
    place: str | None = None
    state: str | None = None
    age_months: int | None = None
    provider: str | None = None
    group: str | None = None
    supply: str | None = None
    documented: frozenset[str] = frozenset()
    facts: Mapping[str, str] = field(default_factory=dict, hash=False)
    service: str | None = None


@dataclass(frozen=True, slots=True)
class Cite:
    """Where an answer was read."""

    title: str
    url: str | None
    read_on: date | None


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion in our words, and whether the facts on file meet it."""

    text: str
    result: Truth


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit of a rule: at most `most` of `counts` (units, visits, days) in `every` periods.

    `period` is visit, day, week, month or year; a limit that cannot be counted from visits has `counts` None and is
    shown only. `codes` are the codes that count together (empty: the line's own code). Firm limits fail, others warn.
    """

    text: str
    counts: str | None = None
    most: int = 0
    period: str = ""
    every: int = 1
    codes: frozenset[str] = frozenset()
    firm: bool = False


@dataclass(frozen=True, slots=True)
class Submit:
    """A way to send a request: kind (portal, phone, fax, x12, department, other), its name, and number or address."""

    kind: str
    name: str
    value: str | None = None


@dataclass(frozen=True, slots=True)
class DecisionClock:
    """How long the payer may take, and by whose rule (federal, state, payer, none).

    `law` names the rule of a legal clock; `when_urgent` is whose an urgent request's time is, where another's.
    """

    standard: Duration | None
    expedited: Duration | None
    basis: str
    law: Law | None = None
    when_urgent: Law | None = None


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another rule of the same rank that also applied."""

    rule: str
    need: Need
    cite: Cite | None


@dataclass(frozen=True, slots=True)
class Requirement:
    """The answer: is approval needed, is it covered, by which rule, and what that rule asks.

    `rule` is `payer/topic#id`, `practice#id` or `answer#id`; `family` the codes that the rule states as one family;
    `binds_person` that an approval under it binds the person who renders; `basis` says, for a practice rule or an
    answer, on what it rests; `until` is the last day of the rule or answer, None: no end is known.
    """

    need: Need
    confidence: Confidence
    grounds: Grounds
    rule: str | None = None
    coverage: Covered = Covered.UNKNOWN
    criteria: tuple[Criterion, ...] = ()
    unmet: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    submit: tuple[Submit, ...] = ()
    clock: DecisionClock | None = None
    approval_lasts: Duration | None = None
    renew_before: Duration | None = None
    cite: Cite | None = None
    alternatives: tuple[Alternative, ...] = ()
    family: frozenset[str] = frozenset()
    binds_person: bool = False
    limits: tuple[Limit, ...] = ()
    summary: str = ""
    basis: str = ""
    until: date | None = None
    routine: bool = False
    plans: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PatientAnswer:
    """What the payer said for one patient: a call or portal with reference, a log row `not required`, a 271's EB11.

    `ref` is `answer#id`. It answers for dates of service inside `span`, both ends included. `names` are codes
    (`96910`), ranges (`96920-96922`) or drug keys (`drug:dupixent`); `said_on` is the day the payer said it (it does
    not count before that day).
    """

    ref: str
    payer: str
    names: frozenset[str]
    need: Need
    span: DateSpan
    said_on: date | None
    reference: str
    channel: Channel | None = None


@dataclass(frozen=True, slots=True)
class PracticeRule:
    """What the practice confirmed of a payer: need for codes, plans, places and providers, with basis and dates.

    `ref` is `practice#id`. Empty sets bind nothing. `corrects` marks that it corrects a library rule that was seen
    (`required` into `not_required`), with its reference in `basis`. `recorded_on`: it does not count before that day.
    `basis_kind` None: `basis` says all of it. `source_day`: the day of the list, call, letter or claims.
    """

    ref: str
    payer: str
    codes: frozenset[str]
    need: Need
    span: DateSpan
    basis: str
    recorded_on: date
    lines: frozenset[Line] = frozenset()
    plans: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    providers: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    routine: bool = False
    corrects: bool = False
    source_day: date | None = None
    basis_kind: BasisKind | None = None


@dataclass(frozen=True, slots=True)
class ClassFinding:
    """The class of a line. `weak` : every diagnosis is cosmetic or weak for the code; `listed`: the grid lists one."""

    klass: ServiceClass
    weak: bool = False
    listed: bool = False
    triggers: frozenset[str] = frozenset()
    family: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PayerMatch:
    """A payer named in a file: `key` is the library id, or `local:` and a slug for a payer without rules.

    `self_pay` when the words mean that there is no coverage (self pay, cash, none, uninsured); then `key` is empty.
    """

    key: str
    name: str
    in_library: bool = False
    self_pay: bool = False
