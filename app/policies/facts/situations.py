"""A situation: a question about a payer in a file that a person can read, and what the rules must answer to it."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field

from app.policies.facts.answers import Confidence, Covered, Need, Truth
from app.policies.facts.language import Code, DiagnosisPattern, LineName
from app.policies.facts.strict import Place, State, Strict, Text
from app.values.insurance import Channel


def _read_ref(value: object) -> object:
    if isinstance(value, str) and not (value.partition("#")[0] and value.partition("#")[2]):
        raise ValueError(f"'{value}' names no rule; write the file and the rule, such as 'biologics#xolair.csu'")
    return value


RuleRef = Annotated[Text, BeforeValidator(_read_ref)]
"""A rule without its payer: `biologics#xolair.csu`."""


class Expected(Strict):
    """What must be answered.

    need      the answer
    rule      the rule that decides
    named     rules that answer, or stand beside the answer
    not_named rules that do not
    open      rules that the question leaves open: the answer is no plain one, or says what it still lacks
    criteria  results of criteria by their first words
    unmet     facts that the answer says would decide
    """

    need: Need
    rule: RuleRef | None = None
    named: tuple[RuleRef, ...] = ()
    not_named: tuple[RuleRef, ...] = ()
    open: tuple[RuleRef, ...] = ()
    criteria: dict[Text, Truth] = Field(default_factory=dict)
    unmet: tuple[Text, ...] = ()
    coverage: Covered | None = None
    confidence: Confidence | None = None


class Asked(Strict):
    """One question, as the finder takes it, and what is expected; `age` in years, `why` for the reader."""

    on: date
    code: Code | None = None
    with_: tuple[Code, ...] = Field(default=(), alias="with")
    drug: Text | None = None
    service: Text | None = None
    dx: tuple[DiagnosisPattern, ...] = ()
    pos: Place | None = None
    state: State | None = None
    line: LineName | None = None
    plan: Text | None = None
    channel: Channel | None = None
    age: int | None = Field(default=None, ge=0, le=130)
    documented: tuple[Text, ...] = ()
    facts: dict[Text, Text] = Field(default_factory=dict)
    why: Text | None = None
    expect: Expected


@dataclass(frozen=True, slots=True)
class Situation:
    """A situation with the payer that it asks, and where it stands (`aetna/biologics.yaml:12`)."""

    payer: str
    where: str
    asked: Asked
