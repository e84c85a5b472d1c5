"""The files of `payer_policies/_grid`, which hold for every payer: services, their class, drugs, routine offers."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from app.policies.facts.clocks import ClocksFile
from app.policies.facts.drugs import DrugsFile
from app.policies.facts.families import FamiliesFile
from app.policies.facts.gold_card import GoldCardFile
from app.policies.facts.language import (
    Code,
    CodeRange,
    Confidence,
    DiagnosisPattern,
    Notes,
    PayerFile,
    Source,
    TopicFile,
)
from app.policies.facts.strict import Key, Number, Strict, Text
from app.policies.facts.words import WordsFile

ServiceKey = Annotated[str, StringConstraints(pattern=r"^(drug:|drug_class:)?[a-z0-9_]+$")]


class Trigger(Strict):
    """A finding in the note that makes a conditional service medical: words to look for, what to write beside it."""

    find: tuple[Text, ...] = Field(min_length=1)
    also_record: tuple[Text, ...] = ()


class TriggerTree(Strict):
    """Which triggers make a service medical. The named lists at the end are advice for the note, never needed."""

    all: tuple[Key, ...] = ()
    any: tuple[Key, ...] = ()
    advice: dict[Key, tuple[Key, ...]] = Field(default_factory=dict)


class MedicareNote(Strict):
    """Modifiers under Original Medicare."""

    cosmetic: tuple[Text, ...] = ()
    may_deny_medical_necessity: Text | None = None


class GridService(Strict):
    """One service of the grid."""

    id: Key
    label: Text
    class_: Literal["medical", "conditional", "cosmetic"] = Field(alias="class")
    codes: tuple[Code, ...] = ()
    medical: tuple[DiagnosisPattern, ...] = ()
    weak: tuple[DiagnosisPattern, ...] = ()
    medical_if_documented: TriggerTree | None = None
    cosmetic_if: Text | None = None
    authorization: Text | None = None
    medicare: MedicareNote | None = None
    sources: tuple[Text, ...] = ()
    confidence: Confidence
    note: Text | None = None


class GridFile(Strict):
    """`service_grid.yaml`."""

    schema_: Literal["grid/1"] = Field(alias="schema")
    read_on: date
    classes: Notes
    rule: Text
    triggers: dict[Key, Trigger]
    services: tuple[GridService, ...]


class ServiceEntry(Strict):
    """A service key: our own label and its codes."""

    label: Text
    codes: tuple[Code, ...] = ()


class ServicesFile(Strict):
    """`services.yaml`."""

    schema_: Literal["services/1"] = Field(alias="schema")
    services: dict[ServiceKey, ServiceEntry]


class ScoresFile(Strict):
    """`scores.yaml`: ordinal scores, lowest grade first; of scores that are numbers the lowest and the highest."""

    schema_: Literal["scores/1"] = Field(alias="schema")
    scores: dict[Key, tuple[Text, ...]]
    ranges: dict[Key, tuple[Number, Number]] = Field(default_factory=dict)


class RoutineGroup(Strict):
    """A group of codes that the program offers as routine."""

    id: Key
    label: Text
    codes: tuple[Code, ...] = Field(min_length=1)


class RoutineFile(Strict):
    """`routine.yaml`: what is offered, and what is never offered."""

    schema_: Literal["routine/1"] = Field(alias="schema")
    groups: tuple[RoutineGroup, ...]
    never: tuple[CodeRange, ...]
    never_letters: tuple[Annotated[str, StringConstraints(pattern=r"^[A-Z]$")], ...]


class Modifier(Strict):
    """A Medicare liability modifier."""

    meaning: Text
    abn: Text
    liability: Text
    use: Text


class Combination(Strict):
    """Whether two modifiers may stand together."""

    pair: tuple[Key, Key]
    allowed: bool


class ModifiersFile(Strict):
    """`medicare_modifiers.yaml`: shown, never decided on."""

    schema_: Literal["modifiers/1"] = Field(alias="schema")
    read_on: date
    applies_to: Text
    modifiers: dict[Key, Modifier]
    combine: tuple[Combination, ...]
    abn_rules_from_memory: tuple[Text, ...]
    dermatology_hooks: tuple[Text, ...]
    sources: dict[Key, Source]


class CodesFile(Strict):
    """`code_lists.yaml`: codes and drugs to offer first."""

    schema_: Literal["codes/1"] = Field(alias="schema")
    icd10: dict[Key, tuple[DiagnosisPattern, ...]]
    cpt_hcpcs: dict[Key, tuple[Code, ...]]
    drugs: dict[Key, tuple[Text, ...]] = Field(default_factory=dict)
    notes: Notes = Field(default_factory=dict)


class PayerRules(Strict):
    """One payer's files: `payer.yaml`, and its topics by file name without `.yaml`."""

    file: PayerFile
    topics: dict[str, TopicFile] = Field(default_factory=dict)


class PolicySet(Strict):
    """All files of a directory, read and typed: what is stored under the hash of its content."""

    payers: dict[str, PayerRules]
    grid: GridFile | None = None
    services: ServicesFile | None = None
    drugs: DrugsFile | None = None
    scores: ScoresFile | None = None
    routine: RoutineFile | None = None
    clocks: ClocksFile | None = None
    families: FamiliesFile | None = None
    gold_card: GoldCardFile | None = None
    modifiers: ModifiersFile | None = None
    codes: CodesFile | None = None
    words: WordsFile | None = None
