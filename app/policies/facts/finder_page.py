"""What a person asked on the finder's page, and what of it has to be chosen first."""

from dataclasses import dataclass, field

from app.policies.facts.answers import Question
from app.policies.facts.searching import Hit


@dataclass
class FinderForm:
    """The finder's page as typed, what it asks, and a sentence for each field that could not be read.

    `asks`: the fields of the address that ask the same again; `found`: the service that was asked for; `meant`: what
    the words of `what` may mean; `diagnoses`: for each part of `dx` that is no code, what it may mean; `read`: words
    that had one meaning, with it.
    """

    typed: dict[str, str]
    payer: str = ""
    asks: dict[str, str] = field(default_factory=dict)
    question: Question | None = None
    found: Hit | None = None
    meant: tuple[Hit, ...] = ()
    diagnoses: dict[str, tuple[Hit, ...]] = field(default_factory=dict)
    read: dict[str, Hit] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def chooses(self) -> bool:
        """Whether a person has to choose before there can be an answer."""
        return bool(self.meant or self.diagnoses)
