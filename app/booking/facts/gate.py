"""What the gate at booking says of each planned service, and what it asks for."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from app.booking.facts.papers import Paper
from app.clearance.facts.opened import OpenedVisit
from app.clearance.facts.verdicts import LineVerdict
from app.documents.facts import Document
from app.policies.facts.answers import Cite
from app.values.fact import choices
from app.values.insurance import Line


@choices
class Step(StrEnum):
    """What a planned service asks of whoever books it."""

    NOTHING = "nothing"  # medical: insurance is asked as usual
    FACT = "fact"  # conditional: one fact is missing
    CONSENT = "consent"  # cosmetic: estimate and consent
    PAYS = "pays"  # the patient pays
    OUTSIDE = "outside"  # somebody else bills it
    UNSORTED = "unsorted"  # no service of the grid names it, or it is not known what is planned


INSURED = frozenset({Step.NOTHING, Step.FACT, Step.UNSORTED})
"""Steps of lines that are asked of insurance."""
PAID = frozenset({Step.CONSENT, Step.PAYS})
"""Steps of lines that the patient pays, or is asked to."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where the class of a service was read: the service of the grid in our words, and what it rests on.

    `memory`: nobody read it; it stands from memory and is to be verified.
    """

    service: str
    label: str
    klass: str
    sources: tuple[str, ...]
    read_on: date
    memory: bool
    cosmetic_if: str | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """What would make a conditional service medical: one of the diagnoses, or findings in the note.

    `one_of`: each alone is enough. `together`: groups of which all are needed. `documented`: findings on file already.
    """

    diagnoses: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    together: tuple[tuple[str, ...], ...] = ()

    @property
    def findings(self) -> tuple[str, ...]:
        """Every finding that may be ticked, each once."""
        return tuple(dict.fromkeys((*self.one_of, *(one for group in self.together for one in group))))


@choices
class NoticeNeed(StrEnum):
    """Whether Medicare's own notice (ABN) is needed before the service."""

    NONE = "none"
    VOLUNTARY = "voluntary"
    REQUIRED = "required"
    OTHER_WAY = "other_way"  # not Original Medicare: the notice is not used there


@dataclass(frozen=True, slots=True)
class Notice:
    """What is to be done about the notice, and the modifiers that a biller is shown; never a decision.

    `modifiers` by what is on file now; `if_signed` once a notice is signed; empty where the facts name none.
    """

    need: NoticeNeed
    modifiers: tuple[str, ...] = ()
    if_signed: tuple[str, ...] = ()
    why: str = ""
    cites: tuple[Cite, ...] = ()


@dataclass(frozen=True, slots=True)
class GateLine:
    """One planned service at the gate. `service`: code, drug or visit type; `paper` its consent, `abn` its notice.

    `cosmetic`: so by its class, whoever pays. `unsigned`: the patient pays, has to sign for it, and has not yet.
    """

    verdict: LineVerdict
    service: str
    step: Step
    sources: tuple[Source, ...]
    missing: Missing | None
    business: Line | None
    notice: Notice | None
    paper: Paper | None
    abn: Paper | None
    cosmetic: bool = False
    unsigned: bool = False


@dataclass(frozen=True, slots=True)
class BesideLine:
    """One planned service with its visit, for pages that show visits: what is unsigned, and which modifier follows."""

    visit_id: UUID
    day: date
    line: GateLine


@dataclass(frozen=True, slots=True)
class Gate:
    """A visit at the gate: its lines, its papers (newest first), and what facts can be shown by.

    `today` at the site. `hints`: what the note says where a finding is documented, by finding; `abn_rules`: what to
    keep in mind with Medicare's notice, from memory.
    """

    opened: OpenedVisit
    lines: tuple[GateLine, ...]
    papers: tuple[Paper, ...]
    documents: tuple[Document, ...]
    today: date
    hints: dict[str, str]
    abn_rules: tuple[str, ...] = ()

    @property
    def mixed(self) -> bool:
        """Say whether insurance is asked for a part of the visit and the patient pays for another."""
        steps = {line.step for line in self.lines}
        return bool(steps & INSURED) and bool(steps & PAID)
