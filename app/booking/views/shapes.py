"""What the page of the gate shows: plain texts, ready for a template."""

from dataclasses import dataclass
from uuid import UUID

from app.policies.facts.answers import Cite


@dataclass(frozen=True, slots=True)
class SourceWords:
    """Where a class was read."""

    text: str
    mark: str | None


@dataclass(frozen=True, slots=True)
class AskWords:
    """What may be recorded for one code: diagnoses and findings to choose from, and how many of them are needed."""

    code: str
    diagnoses: tuple[tuple[str, str], ...]
    findings: tuple[tuple[str, str], ...]
    rule: str


@dataclass(frozen=True, slots=True)
class PaperWords:
    """One paper in a line: what it is, how far it has come."""

    id: UUID
    kind: str
    state: str
    words: str
    version: int


@dataclass(frozen=True, slots=True)
class NoticeWords:
    """What is said of Medicare's notice; `copy` the modifiers for the claim, apart by a space."""

    title: str
    why: str
    now: str | None
    signed: str | None
    copy: str
    cites: tuple[Cite, ...]
    prepares: bool


@dataclass(frozen=True, slots=True)
class LineWords:
    """One planned service at the gate."""

    title: str
    label: str | None
    klass: str
    step: str
    badge: str | None
    why: str
    do: str
    sources: tuple[SourceWords, ...]
    ask: AskWords | None
    paper: PaperWords | None
    abn: PaperWords | None
    notice: NoticeWords | None
    again: PaperWords | None


@dataclass(frozen=True, slots=True)
class PartWords:
    """A part of a visit: what insurance is asked for, or what the patient pays."""

    title: str
    sentence: str
    badge: str | None
    lines: tuple[LineWords, ...]


@dataclass(frozen=True, slots=True)
class GatePage:
    """What the page of the gate shows."""

    visit_id: UUID
    patient_id: UUID
    patient: str
    mrn: str
    when: str
    place: str
    badge: str
    sentence: str
    mixed: str | None
    parts: tuple[PartWords, ...]
    papers: tuple[PaperWords, ...]
    documents: tuple[tuple[str, str], ...]
    consent: bool
    notice: bool
