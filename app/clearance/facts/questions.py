"""What is not known, as a question whose one answer settles it for every visit that it holds."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from app.values.fact import choices, fact

PART = "|"


@choices
class QuestionKind(StrEnum):
    """What is asked. The parts of a question's key follow its kind:

    need: payer, code or drug. unmet: patient, payer, code or drug. class: patient, code. coverage: patient.
    participation: payer, plan (folded, empty: not known), NPI. group: NPI. type: the visit type's key (empty: neither
    code nor type is known). approval: authorization. referral: patient. row: nothing.
    """

    NEED = "need"
    UNMET = "unmet"
    CLASS = "class"
    COVERAGE = "coverage"
    PARTICIPATION = "participation"
    GROUP = "group"
    TYPE = "type"
    APPROVAL = "approval"
    REFERRAL = "referral"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class QuestionKey:
    """A question by its kind and parts: ids, codes and payers, never a name."""

    kind: QuestionKind
    parts: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The key as it is stored."""
        return PART.join((self.kind.value, *self.parts))

    @classmethod
    def read(cls, text: str) -> "QuestionKey":
        """Read a key as it is stored."""
        kind, *parts = text.split(PART)
        return cls(QuestionKind(kind), tuple(parts))


@fact
class OpenQuestion:
    """One open question: its key, how many booked visits in sight wait for it (`more`: at least so many), and their
    first day. `rank`: by what it stands in the list, where that is not `visits`."""

    id: UUID
    key: QuestionKey
    visits: int
    first_day: date
    more: bool = False
    rank: int | None = None
