"""Documents, letters and packets of a case: all that they are made of, and what a person chose for a packet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from app.authorizations.facts import AuthorizationRecord, RequestedLine
from app.casework.facts.criteria import CriteriaSheet
from app.casework.facts.denials import Denial
from app.coverage.facts import CoverageRecord
from app.documents.facts import Cover, Document, LetterKind, LetterVersion, Packet
from app.patients.facts import PatientDetails
from app.policies.facts.answers import Submit
from app.policies.facts.forms import PayerForm
from app.practice.facts.practice import Practice, Provider, Site
from app.values.fact import choices


@choices
class SheetWish(StrEnum):
    """Which criteria stand in a packet: all, those that are proven, or none."""

    ALL = "all"
    MET = "met"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class FormOnFile:
    """A form of the payer whose fields are mapped. `blank`: the document that holds the blank file; None: not added."""

    form: PayerForm
    blank: Document | None


@dataclass(frozen=True, slots=True)
class Papers:
    """All that letters and packets of a case are made of.

    `asked` are the lines of the request, as sent or as they stand; `coverage` is the one that it is for. `documents`
    are the patient's, the newest first; `letters` the newest version of each kind; `packets` the newest first.
    `ways`: how the payer takes requests; `covers`: what was on the last packet to this payer, and on the last at all.
    """

    record: AuthorizationRecord
    patient: PatientDetails
    practice: Practice
    asked: tuple[RequestedLine, ...]
    sheet: CriteriaSheet
    coverage: CoverageRecord | None
    site: Site | None
    provider: Provider | None
    denials: tuple[Denial, ...]
    documents: tuple[Document, ...]
    letters: Mapping[LetterKind, LetterVersion]
    packets: tuple[Packet, ...]
    ways: tuple[Submit, ...]
    forms: tuple[FormOnFile, ...]
    covers: tuple[Cover | None, Cover | None]
    labels: Mapping[str, str]
    staff: Mapping[UUID, str]
    today: date
    now: datetime
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class PacketWish:
    """What a person chose for a packet: the cover, the documents in their order, and what else goes in.

    `blank`: the bytes of the form's blank file, where it was added with the wish.
    """

    cover: Cover
    parts: tuple[UUID, ...] = ()
    sheet: SheetWish = SheetWish.ALL
    letter: LetterKind | None = None
    form: str | None = None
    blank: bytes | None = None
