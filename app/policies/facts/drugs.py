"""`drugs.yaml`: what people are treated with, by every name it goes by, so that one drug is never counted as two."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from app.policies.facts.strict import Key, Strict, Text


class Drug(Strict):
    """A drug that is asked for: names by which people call it, classes whose rules name it, NDC stems (9 digits).

    `parts`: its ingredients, where its key is not the name of its only one. `groups`: classes of which trials and lists
    of medications speak. `several`: the key stands for a whole class, so that its names are no single drug.
    """

    names: tuple[Text, ...] = Field(min_length=1)
    classes: tuple[Key, ...] = ()
    ndc: tuple[Annotated[str, StringConstraints(pattern=r"^[0-9]{9}$")], ...] = ()
    parts: tuple[Key, ...] = ()
    groups: tuple[Key, ...] = ()
    several: bool = False


class Therapy(Strict):
    """What was tried or is taken beside what is asked for: no service of ours, known by its names and ingredients."""

    names: tuple[Text, ...] = ()
    parts: tuple[Key, ...] = ()
    groups: tuple[Key, ...] = ()


class DrugClass(Strict):
    """A class of drugs of which criteria speak. `also`: other keys for the same drugs, or for some of them."""

    also: tuple[Key, ...] = ()
    topical_steroid: bool = False


class DrugsFile(Strict):
    """`drugs.yaml`."""

    schema_: Literal["drugs/1"] = Field(alias="schema")
    drugs: dict[Key, Drug]
    therapies: dict[Key, Therapy] = Field(default_factory=dict)
    classes: dict[Key, DrugClass] = Field(default_factory=dict)
