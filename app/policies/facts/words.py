"""`words.yaml`: how people speak of services, drugs and diagnoses. A help for finding; no answer rests on it."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from app.policies.facts.language import Code, DiagnosisPattern
from app.policies.facts.strict import Strict

Phrase = Annotated[str, StringConstraints(min_length=2, max_length=60)]
Meant = Annotated[str, StringConstraints(pattern=r"^(drug:|drug_class:|grid:)?[a-z0-9_]+$")]


class EverydayWords(Strict):
    """Phrases, and all that they may mean: service keys, ids of the grid behind `grid:`, codes, diagnoses."""

    say: tuple[Phrase, ...] = Field(min_length=1)
    means: tuple[Meant, ...] = ()
    codes: tuple[Code, ...] = ()
    diagnoses: tuple[DiagnosisPattern, ...] = ()

    @model_validator(mode="after")
    def means_something(self) -> Self:
        """Refuse phrases that mean nothing."""
        if not (self.means or self.codes or self.diagnoses):
            raise ValueError("the phrases mean nothing; add means, codes or diagnoses")
        return self


class WordsFile(Strict):
    """`words.yaml`."""

    schema_: Literal["words/1"] = Field(alias="schema")
    words: tuple[EverydayWords, ...]
